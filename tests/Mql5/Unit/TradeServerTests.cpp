// The matching rules of the simulated trade server (mql5.md, section 9).
#include "../Shim/Terminal/TradeServer.h"

#include <gtest/gtest.h>

using namespace sim;

namespace {

struct TradeServerTests : ::testing::Test {
    TradeServer server{"Broker-Demo", Chance(7)};
    Account& netting = server.Open(1, MarginMode::Netting);
    Account& hedging = server.Open(2, MarginMode::Hedging);
    const Request ea{1001, Reason::Expert, ""};
    const Request byHand{0, Reason::Client, ""};

    void SetUp() override
    {
        server.SetTime(1'763'650'000'000);
        SymbolFacts facts;
        facts.name = "EURUSD";
        server.Describe(facts);
    }

    static Volume Lots(double lots) { return static_cast<Volume>(lots * 1e8 + 0.5); }
    const Deal& DealOf(const Account& account, const Outcome& outcome, std::size_t at = 0) { return account.Deals().at(outcome.deals.at(at)); }
};

} // namespace

TEST_F(TradeServerTests, The_vendors_example_of_a_netting_account_keeps_one_id)
{
    const Outcome one = netting.Trade("EURUSD", Side::Buy, Lots(0.01), ea);
    const Outcome two = netting.Trade("EURUSD", Side::Buy, Lots(0.01), ea);
    const std::uint64_t ticket = netting.Positions().begin()->second.ticket;
    const Outcome three = netting.Trade("EURUSD", Side::Sell, Lots(0.03), ea);
    const Position reversed = netting.Positions().begin()->second;
    const Outcome four = netting.Trade("EURUSD", Side::Buy, Lots(0.01), ea);

    EXPECT_EQ(DealOf(netting, one).entry, Entry::In);
    EXPECT_EQ(DealOf(netting, two).entry, Entry::In);
    EXPECT_EQ(DealOf(netting, three).entry, Entry::InOut);
    EXPECT_EQ(DealOf(netting, three).volume, Lots(0.03));
    EXPECT_EQ(DealOf(netting, four).entry, Entry::Out);
    for (const Outcome& outcome : {one, two, three, four}) EXPECT_EQ(DealOf(netting, outcome).positionId, static_cast<std::int64_t>(one.order));
    EXPECT_EQ(ticket, one.order);
    EXPECT_EQ(reversed.side, Side::Sell);
    EXPECT_EQ(reversed.volume, Lots(0.01));
    EXPECT_EQ(reversed.id, static_cast<std::int64_t>(one.order));
    EXPECT_EQ(reversed.ticket, three.order) << "the ticket changes with the reversal";
    EXPECT_TRUE(netting.Positions().empty());
}

TEST_F(TradeServerTests, A_netting_position_after_flat_has_a_new_id)
{
    const Outcome first = netting.Trade("EURUSD", Side::Buy, Lots(0.1), ea);
    netting.Trade("EURUSD", Side::Sell, Lots(0.1), ea);
    const Outcome second = netting.Trade("EURUSD", Side::Buy, Lots(0.1), ea);
    EXPECT_NE(DealOf(netting, first).positionId, DealOf(netting, second).positionId);
}

TEST_F(TradeServerTests, A_hedging_account_opens_a_position_for_each_entry_and_closes_by_id)
{
    const Outcome buy = hedging.Trade("EURUSD", Side::Buy, Lots(0.3), ea);
    const Outcome sell = hedging.Trade("EURUSD", Side::Sell, Lots(0.1), ea);
    EXPECT_EQ(hedging.Positions().size(), 2U);
    const Outcome part = hedging.Close(static_cast<std::int64_t>(buy.order), Lots(0.1), byHand);
    EXPECT_EQ(DealOf(hedging, part).entry, Entry::Out);
    EXPECT_EQ(DealOf(hedging, part).magic, 0);
    EXPECT_EQ(hedging.Positions().at(static_cast<std::int64_t>(buy.order)).volume, Lots(0.2));
    EXPECT_EQ(hedging.Positions().at(static_cast<std::int64_t>(buy.order)).openedBy, 1001);
    EXPECT_TRUE(hedging.Positions().contains(static_cast<std::int64_t>(sell.order)));
}

TEST_F(TradeServerTests, Close_by_makes_two_deals_and_the_larger_position_lives_on)
{
    const auto buy = static_cast<std::int64_t>(hedging.Trade("EURUSD", Side::Buy, Lots(0.3), ea).order);
    const auto sell = static_cast<std::int64_t>(hedging.Trade("EURUSD", Side::Sell, Lots(0.1), Request{1002, Reason::Expert, ""}).order);
    const Outcome by = hedging.CloseBy(sell, buy, byHand);
    ASSERT_EQ(by.deals.size(), 2U);
    EXPECT_EQ(DealOf(hedging, by, 0).positionId, sell);
    EXPECT_EQ(DealOf(hedging, by, 1).positionId, buy);
    for (std::size_t i : {0U, 1U}) {
        EXPECT_EQ(DealOf(hedging, by, i).entry, Entry::OutBy);
        EXPECT_EQ(DealOf(hedging, by, i).volume, Lots(0.1));
        EXPECT_EQ(DealOf(hedging, by, i).magic, 0) << "the request's magic, not the position's";
    }
    EXPECT_FALSE(hedging.Positions().contains(sell));
    EXPECT_EQ(hedging.Positions().at(buy).volume, Lots(0.2));
}

TEST_F(TradeServerTests, One_order_can_give_several_deals)
{
    const Outcome outcome = netting.Trade("EURUSD", Side::Buy, Lots(0.3), ea, 3);
    ASSERT_EQ(outcome.deals.size(), 3U);
    Volume sum = 0;
    for (const std::uint64_t ticket : outcome.deals) {
        EXPECT_EQ(netting.Deals().at(ticket).order, outcome.order);
        sum += netting.Deals().at(ticket).volume;
    }
    EXPECT_EQ(sum, Lots(0.3));
    EXPECT_EQ(netting.NetOf("EURUSD"), Lots(0.3));
}

TEST_F(TradeServerTests, A_position_that_was_closed_before_its_order_was_filled_appears_again_with_its_id)
{
    const std::uint64_t order = hedging.Place("EURUSD", Side::Buy, Lots(0.3), ea).order;
    hedging.Fill(order, Lots(0.1));
    hedging.Close(static_cast<std::int64_t>(order), 0, byHand);
    EXPECT_TRUE(hedging.Positions().empty());
    const Outcome again = hedging.Fill(order, Lots(0.2));
    EXPECT_EQ(DealOf(hedging, again).entry, Entry::In);
    EXPECT_EQ(DealOf(hedging, again).positionId, static_cast<std::int64_t>(order));
    EXPECT_EQ(hedging.Positions().at(static_cast<std::int64_t>(order)).volume, Lots(0.2));
}

TEST_F(TradeServerTests, A_stop_loss_carries_the_magic_that_was_chosen)
{
    for (const auto& [magic, expected] : {std::pair{ForcedMagic::Zero, 0}, std::pair{ForcedMagic::OfPosition, 1001}, std::pair{ForcedMagic::Given, 77}}) {
        const auto id = static_cast<std::int64_t>(hedging.Trade("EURUSD", Side::Buy, Lots(0.1), ea).order);
        const Outcome stop = hedging.Force(id, Reason::StopLoss, 0, magic, 77);
        EXPECT_EQ(DealOf(hedging, stop).reason, Reason::StopLoss);
        EXPECT_EQ(DealOf(hedging, stop).magic, expected);
        EXPECT_FALSE(hedging.Positions().contains(id));
    }
}

TEST_F(TradeServerTests, A_cancelled_deal_changes_its_type_in_place_and_is_taken_out)
{
    netting.Trade("EURUSD", Side::Buy, Lots(0.1), ea);
    const Outcome outcome = netting.Trade("EURUSD", Side::Sell, Lots(0.1), ea);
    EXPECT_TRUE(netting.Positions().empty());
    const std::size_t deals = netting.Deals().size();
    ASSERT_TRUE(netting.CancelDeal(outcome.deals[0]).Ok());
    EXPECT_EQ(netting.Deals().size(), deals);
    EXPECT_EQ(DealOf(netting, outcome).type, DealType::SellCanceled);
    EXPECT_EQ(netting.NetOf("EURUSD"), Lots(0.1));
    EXPECT_FALSE(netting.CancelDeal(outcome.deals[0]).Ok()) << "once";
}

TEST_F(TradeServerTests, A_rollover_closes_and_opens_again)
{
    const auto id = static_cast<std::int64_t>(hedging.Trade("EURUSD", Side::Buy, Lots(0.1), ea).order);
    const Outcome same = hedging.Rollover(id, true, 1001);
    ASSERT_EQ(same.deals.size(), 2U);
    EXPECT_EQ(DealOf(hedging, same, 0).entry, Entry::Out);
    EXPECT_EQ(DealOf(hedging, same, 1).entry, Entry::In);
    EXPECT_EQ(DealOf(hedging, same, 1).reason, Reason::Rollover);
    EXPECT_NE(hedging.Positions().at(id).ticket, static_cast<std::uint64_t>(id)) << "the ticket is that of the order that opened it again";
    const Outcome another = hedging.Rollover(id, false, 0);
    EXPECT_FALSE(hedging.Positions().contains(id));
    EXPECT_EQ(hedging.Positions().begin()->second.openedBy, 0);
    EXPECT_TRUE(another.Ok());
}

TEST_F(TradeServerTests, Balance_and_split_make_no_trade)
{
    netting.Money(DealType::Balance, 10000, "deposit");
    EXPECT_EQ(netting.FiguresNow().balance, 10000);
    const auto id = static_cast<std::int64_t>(netting.Trade("EURUSD", Side::Buy, Lots(0.1), ea).order);
    const std::size_t deals = netting.Deals().size();
    ASSERT_TRUE(netting.SetVolume(id, Lots(0.2)).Ok());
    EXPECT_EQ(netting.Deals().size(), deals);
    EXPECT_EQ(netting.NetOf("EURUSD"), Lots(0.2));
}

TEST_F(TradeServerTests, Tickets_grow_over_all_accounts_and_times_are_the_servers)
{
    const Outcome one = netting.Trade("EURUSD", Side::Buy, Lots(0.1), ea);
    const Outcome two = hedging.Trade("EURUSD", Side::Buy, Lots(0.1), ea);
    EXPECT_LT(one.deals[0], two.deals[0]);
    EXPECT_EQ(DealOf(netting, one).timeMsc, 1'763'650'000'000 + 180 * 60'000);
}
