// The commands that the runner forwards.
#include "../Shim/Terminal/TradeWorld.h"

#include <gtest/gtest.h>

using sim::TradeWorld;

namespace {

struct TradeWorldTests : ::testing::Test {
    TradeWorld world{3};

    void SetUp() override
    {
        world.Advance(1'763'650'000'000);
        EXPECT_EQ(world.Run("account login=7 server=\"Broker Demo\" margin=netting zone=120"), "{\"ok\":true}");
        EXPECT_EQ(world.Run("symbol name=EURUSD contract=100000 step=0.01"), "{\"ok\":true}");
        EXPECT_EQ(world.Run("connect"), "{\"ok\":true}");
    }

    bool Ok(const std::string& line) { return world.Run(line).starts_with("{\"ok\":true"); }
};

} // namespace

TEST_F(TradeWorldTests, Trades_by_text)
{
    EXPECT_TRUE(Ok("open symbol=EURUSD side=buy lots=0.3 magic=1001"));
    EXPECT_EQ(world.view.PositionIds().size(), 1U);
    EXPECT_TRUE(Ok("reverse symbol=EURUSD magic=1002 lots=0.1"));
    EXPECT_NE(world.Run("dump").find("\"side\":\"sell\",\"lots\":0.1,"), std::string::npos);
    EXPECT_TRUE(Ok("sl symbol=EURUSD magic=zero"));
    EXPECT_TRUE(world.view.PositionIds().empty());
    EXPECT_NE(world.Run("dump").find("\"entry\":\"out\",\"reason\":4,\"magic\":0,"), std::string::npos);
}

TEST_F(TradeWorldTests, Says_what_is_wrong_with_a_command)
{
    for (const char* line : {"open symbol=EURUSD lots=1", "open symbol=NONE side=buy lots=1", "open symbol=EURUSD side=buy lots=x", "close symbol=EURUSD", "fly", "open EURUSD",
                             "faults none=1", "switch login=9"})
        EXPECT_TRUE(world.Run(line).starts_with("{\"ok\":false,\"text\":\"")) << line;
    EXPECT_TRUE(TradeWorld::Knows("open symbol=EURUSD"));
    EXPECT_FALSE(TradeWorld::Knows("attach"));
}
