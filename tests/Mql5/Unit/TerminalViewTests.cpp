// The terminal's lagging copy of an account.
#include "../Shim/Terminal/TerminalView.h"

#include <gtest/gtest.h>

using namespace sim;

namespace {

constexpr std::int64_t Start = 1'763'650'000'000;

struct TerminalViewTests : ::testing::Test {
    TradeServer server{"Broker-Demo", Chance(7)};
    Account& account = server.Open(1, MarginMode::Hedging);
    Account& other = server.Open(2, MarginMode::Netting);
    TerminalView view{Chance(11)};
    std::vector<Transaction> told;
    const Request ea{1001, Reason::Expert, ""};

    void SetUp() override
    {
        server.SetTime(Start);
        SymbolFacts facts;
        facts.name = "EURUSD";
        server.Describe(facts);
        view.onTransaction = [this](const Transaction& t) { told.push_back(t); };
        view.Use(server, account);
        view.Advance(Start);
    }

    void At(std::int64_t msc)
    {
        server.SetTime(Start + msc);
        view.Advance(Start + msc);
    }

    std::size_t Deals() { return view.DealsBetween(0, INT64_MAX).size(); }
};

} // namespace

TEST_F(TerminalViewTests, After_the_connect_the_copy_fills_in_bursts)
{
    for (int i = 0; i < 20; ++i) account.Trade("EURUSD", Side::Buy, OneLot, ea);
    view.faults.bursts = 4;
    view.faults.burstGapMsc = 1000;
    view.faults.authoriseMsc = 500;
    At(0);
    EXPECT_EQ(view.Login(), 0) << "before authorisation";
    EXPECT_EQ(view.ServerName(), "");
    view.Connect();
    bool empty = view.PositionIds().empty();
    EXPECT_TRUE(view.IsConnected());
    bool partial = false;
    for (int msc = 0; msc < 5000; msc += 50) {
        At(msc);
        if (!view.IsSynchronised() && !view.PositionIds().empty()) partial = true;
    }
    EXPECT_TRUE(empty) << "connected is not synchronised";
    EXPECT_TRUE(partial);
    EXPECT_TRUE(view.IsSynchronised());
    EXPECT_EQ(view.Login(), 1);
    EXPECT_EQ(view.PositionIds().size(), 20U);
    EXPECT_EQ(Deals(), 20U);
}

TEST_F(TerminalViewTests, What_happens_while_disconnected_is_not_seen_and_not_told)
{
    view.Connect();
    At(10);
    account.Trade("EURUSD", Side::Buy, OneLot, ea);
    At(20);
    EXPECT_EQ(view.PositionIds().size(), 1U);
    told.clear();
    view.Disconnect();
    account.Trade("EURUSD", Side::Buy, OneLot, ea);
    At(3000);
    EXPECT_EQ(view.PositionIds().size(), 1U) << "stale, not gone";
    view.Connect();
    At(3010);
    EXPECT_EQ(view.PositionIds().size(), 2U);
    EXPECT_TRUE(told.empty());
}

TEST_F(TerminalViewTests, A_disconnect_can_empty_the_positions)
{
    view.Connect();
    account.Trade("EURUSD", Side::Buy, OneLot, ea);
    At(10);
    view.faults.emptyOnDisconnect = 1000;
    view.Disconnect();
    EXPECT_TRUE(view.PositionIds().empty());
}

TEST_F(TerminalViewTests, A_deal_is_told_before_it_can_be_selected)
{
    view.Connect();
    view.faults.dealLagMsc = 400;
    bool toldBefore = false;
    for (int i = 1; i <= 20; ++i) {
        At(i * 1000);
        told.clear();
        account.Trade("EURUSD", Side::Buy, OneLot, ea);
        At(i * 1000 + 1);
        for (const Transaction& t : told)
            if (t.type == TransactionType::DealAdd && view.FindDeal(t.deal) == nullptr) toldBefore = true;
    }
    At(30'000);
    EXPECT_TRUE(toldBefore);
    EXPECT_EQ(Deals(), 20U);
}

TEST_F(TerminalViewTests, Lower_tickets_can_come_later)
{
    view.Connect();
    view.faults.lateDealPerMille = 300;
    view.faults.lateDealMsc = 20'000;
    for (int i = 1; i <= 30; ++i) {
        account.Trade("EURUSD", Side::Buy, OneLot, ea);
        At(i * 100);
    }
    At(60'000);
    const std::vector<std::uint64_t> seen = view.DealsBetween(0, INT64_MAX);
    EXPECT_EQ(seen.size(), 30U);
    EXPECT_FALSE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(TerminalViewTests, Transactions_are_lost_repeated_and_swapped)
{
    view.Connect();
    view.faults.loseTransaction = 200;
    view.faults.repeatTransaction = 200;
    view.faults.swapTransactions = 200;
    for (int i = 1; i <= 100; ++i) {
        account.Trade("EURUSD", Side::Buy, OneLot, ea);
        At(i * 100);
    }
    std::vector<std::uint64_t> deals;
    std::set<std::uint64_t> dealtOrders;
    bool swapped = false;
    for (const Transaction& t : told) {
        if (t.type == TransactionType::DealAdd) deals.push_back(t.deal), dealtOrders.insert(t.order);
        if (t.type == TransactionType::OrderAdd && dealtOrders.contains(t.order)) swapped = true;
    }
    EXPECT_TRUE(swapped);
    const std::set<std::uint64_t> distinct(deals.begin(), deals.end());
    EXPECT_LT(distinct.size(), 100U);
    EXPECT_LT(distinct.size(), deals.size());
    EXPECT_EQ(Deals(), 100U) << "the history has them all";
}

TEST_F(TerminalViewTests, A_cancelled_deal_that_was_late_is_seen_as_cancelled)
{
    view.Connect();
    view.faults.lateDealPerMille = 1000;
    view.faults.lateDealMsc = 10'000;
    const std::uint64_t ticket = account.Trade("EURUSD", Side::Buy, OneLot, ea).deals[0];
    account.CancelDeal(ticket);
    At(60'000);
    EXPECT_TRUE(view.FindDeal(ticket)->IsCanceled());
    EXPECT_TRUE(view.PositionIds().empty());
}

TEST_F(TerminalViewTests, Another_account_shows_nothing_of_the_first)
{
    int reloads = 0;
    view.onAccount = [&] { ++reloads; };
    view.Connect();
    account.Trade("EURUSD", Side::Buy, OneLot, ea);
    At(10);
    reloads = 0;
    view.Use(server, other);
    At(20);
    EXPECT_EQ(reloads, 1);
    EXPECT_EQ(view.Login(), 2);
    EXPECT_TRUE(view.PositionIds().empty());
    EXPECT_EQ(Deals(), 0U);
}

TEST_F(TerminalViewTests, The_last_quotes_time_stands_still_without_quotes)
{
    view.Connect();
    view.Tick("EURUSD");
    const std::int64_t first = view.TimeCurrent();
    At(3'600'000);
    EXPECT_EQ(view.TimeCurrent(), first);
    EXPECT_EQ(view.TimeTradeServer(), first + 3600);
}

TEST_F(TerminalViewTests, A_seed_replays_exactly)
{
    const auto run = [](std::uint64_t seed) {
        TradeServer server("B", Chance(1));
        server.SetTime(Start);
        SymbolFacts facts;
        facts.name = "EURUSD";
        server.Describe(facts);
        Account& account = server.Open(1, MarginMode::Hedging);
        TerminalView view{Chance(seed)};
        view.faults = TerminalFaults{.lagMsc = 100, .dealLagMsc = 100, .lateDealPerMille = 100, .lateDealMsc = 1000, .loseTransaction = 100, .shuffles = true};
        std::string trace;
        view.onTransaction = [&](const Transaction& t) { trace += std::to_string(t.deal) + ","; };
        view.Use(server, account);
        view.Connect();
        for (int i = 1; i < 100; ++i) {
            server.SetTime(Start + i * 50);
            account.Trade("EURUSD", Side::Buy, OneLot, Request{});
            view.Advance(Start + i * 50);
            for (const std::int64_t id : view.PositionIds()) trace += std::to_string(id) + ";";
        }
        return trace;
    };
    EXPECT_EQ(run(5), run(5));
    EXPECT_NE(run(5), run(6));
}
