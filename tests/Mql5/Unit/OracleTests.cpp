// The oracle of the property test passes the vectors of the attribution policy too, as far as they speak of deals alone.
#include "../Model/Oracle.h"
#include "../Model/Vectors.h"

#include <gtest/gtest.h>

namespace {

sim::Deal DealOf(const model::Json& d)
{
    static const std::map<std::string, sim::Entry> entries = {{"in", sim::Entry::In}, {"out", sim::Entry::Out}, {"inout", sim::Entry::InOut}, {"out_by", sim::Entry::OutBy}};
    static const std::map<std::string, sim::Reason> reasons = {{"client", sim::Reason::Client}, {"mobile", sim::Reason::Mobile}, {"expert", sim::Reason::Expert},
        {"sl", sim::Reason::StopLoss}, {"tp", sim::Reason::TakeProfit}, {"so", sim::Reason::StopOut}, {"rollover", sim::Reason::Rollover}};
    sim::Deal deal;
    deal.ticket = static_cast<std::uint64_t>(d[0].Integer());
    deal.positionId = d[1].Integer();
    deal.magic = d[2].Integer();
    deal.symbol = d[3].text;
    deal.type = d[4].text == "buy" ? sim::DealType::Buy : sim::DealType::Sell;
    deal.entry = entries.at(d[5].text);
    deal.volume = model::ToDecimal(d[6].text)->units;
    deal.reason = reasons.at(d[7].text);
    return deal;
}

} // namespace

TEST(OracleTests, Passes_the_netting_vectors_that_begin_empty)
{
    int cases = 0;
    const model::Json vectors = model::ReadVectors();
    for (const model::Json& one : vectors["cases"].items) {
        bool dealsOnly = one["mode"].text == "netting" && !one.Has("start");
        for (const model::Json& step : one["steps"].items) dealsOnly = dealsOnly && step.Has("deal");
        if (!dealsOnly) continue;
        ++cases;
        std::set<std::int64_t> listed;
        for (const model::Json& magic : one["listed"].items) listed.insert(magic.Integer());
        model::NettingOracle oracle(listed);
        for (const model::Json& step : one["steps"].items) {
            std::vector<std::int64_t> expected;
            for (const model::Json& magic : step["changed"].items) expected.push_back(magic.Integer());
            EXPECT_EQ(oracle.Apply(DealOf(step["deal"])), expected) << one["name"].text;
            model::Levels levels;
            for (const model::Json& level : step["levels"].items)
                levels[{level[1].Integer(), level[0].text}] = model::Level{model::ToDecimal(level[2].text)->units, model::ToDecimal(level[3].text)->units};
            EXPECT_EQ(oracle.Holdings(), levels) << one["name"].text << ": " << model::Describe(oracle.Holdings());
        }
    }
    EXPECT_GT(cases, 10);
}
