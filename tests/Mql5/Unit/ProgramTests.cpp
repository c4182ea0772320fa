// What MT5 does around an EA: its events, their losses, its ends.
#include "Mql5.h"
#include "Program/Program.h"

#include <gtest/gtest.h>

namespace {

std::vector<std::string> heard;
std::function<void()> inTimer, inDeinit;
int initAnswer = INIT_SUCCEEDED;

mt::Handlers Made() {
  mt::Handlers ea;
  ea.OnInit = [] {
    heard.push_back("init");
    EventSetMillisecondTimer(50);
    return initAnswer;
  };
  ea.OnDeinit = [](const int reason) {
    heard.push_back("deinit " + std::to_string(reason));
    if (inDeinit) inDeinit();
  };
  ea.OnTimer = [] {
    heard.push_back("timer");
    if (inTimer) inTimer();
  };
  ea.OnTradeTransaction = [](const MqlTradeTransaction &transaction, const MqlTradeRequest &, const MqlTradeResult &) {
    heard.push_back("deal " + std::to_string(transaction.deal));
  };
  ea.OnChartEvent = [](const int id, const long &, const double &, const string &name) { heard.push_back("chart " + std::to_string(id) + " " + name.Utf8()); };
  return ea;
}

class Programs : public testing::Test {
protected:
  mt::VirtualClock clock;
  mt::MemoryNetwork network{clock};
  mt::Machine machine{clock, network};
  mt::Program program{machine, Made()};

  void SetUp() override {
    heard.clear();
    inTimer = inDeinit = nullptr;
    initAnswer = INIT_SUCCEEDED;
  }
  static MqlTradeTransaction Deal(ulong ticket) {
    MqlTradeTransaction transaction{};
    transaction.deal = ticket;
    return transaction;
  }
  static long Count(const std::string &what) { return std::count(heard.begin(), heard.end(), what); }
};

} // namespace

TEST_F(Programs, TheTimerComesWithItsPeriodAndIsNotQueuedTwice) {
  ASSERT_TRUE(program.Load());
  program.RunFor(clock, 200);
  EXPECT_EQ(4, Count("timer"));
  clock.Advance(500); // nobody looked for ten periods
  program.Pump();
  EXPECT_EQ(5, Count("timer"));
}

TEST_F(Programs, ATimerThatComesWhileTheHandlerRunsIsDropped) {
  inTimer = [this] { clock.Advance(175); };
  ASSERT_TRUE(program.Load());
  program.RunFor(clock, 400);
  EXPECT_EQ(2, Count("timer"));
}

TEST_F(Programs, WhatComesBeforeOnInitHasEndedIsLost) {
  program.PostTransaction(Deal(1));
  ASSERT_TRUE(program.Load());
  program.PostTransaction(Deal(2));
  program.Pump();
  EXPECT_EQ(0, Count("deal 1"));
  EXPECT_EQ(1, Count("deal 2"));
}

TEST_F(Programs, OfTooManyTransactionsTheOldestAreLost) {
  ASSERT_TRUE(program.Load());
  for (ulong i = 1; i <= 1030; i++) program.PostTransaction(Deal(i));
  program.Pump();
  EXPECT_EQ(6u, program.LostTransactions());
  EXPECT_EQ(0, Count("deal 6"));
  EXPECT_EQ(1, Count("deal 7"));
  EXPECT_EQ(1, Count("deal 1030"));
}

TEST_F(Programs, ARefusedInitUnloads) {
  initAnswer = INIT_PARAMETERS_INCORRECT;
  EXPECT_FALSE(program.Load());
  EXPECT_FALSE(program.IsLoaded());
  EXPECT_EQ((std::vector<std::string>{"init", "deinit 8"}), heard);
}

TEST_F(Programs, ExpertRemoveEndsAfterTheHandler) {
  inTimer = [] {
    ExpertRemove();
    EXPECT_TRUE(IsStopped());
    heard.push_back("after");
  };
  ASSERT_TRUE(program.Load());
  program.RunFor(clock, 100);
  EXPECT_EQ((std::vector<std::string>{"init", "timer", "after", "deinit 0"}), heard);
  EXPECT_EQ(REASON_PROGRAM, program.EndedBy());
}

TEST_F(Programs, ALongOnDeinitIsAFault) {
  inDeinit = [this] { clock.Advance(2600); };
  ASSERT_TRUE(program.Load());
  program.Unload(REASON_REMOVE);
  ASSERT_EQ(1u, machine.output.faults.size());
  EXPECT_NE(std::string::npos, machine.output.faults[0].find("OnDeinit"));
}

TEST_F(Programs, AnotherSymbolKeepsTheProgram) {
  ASSERT_TRUE(program.Load());
  EXPECT_TRUE(program.Restart(REASON_CHARTCHANGE));
  EXPECT_EQ((std::vector<std::string>{"init", "deinit 3", "init"}), heard);
}

TEST_F(Programs, AClickTurnsTheButtonAndIsNotQueuedTwice) {
  ASSERT_TRUE(program.Load());
  machine.chart.Create("button", OBJ_BUTTON);
  EXPECT_TRUE(program.Click("button"));
  EXPECT_TRUE(program.Click("button"));
  EXPECT_FALSE(program.Click("none"));
  program.Pump();
  EXPECT_EQ(1, Count("chart 1 button"));
  EXPECT_EQ(0, machine.chart.Find("button")->Integer(OBJPROP_STATE));
}

TEST_F(Programs, ASocketThatStaysOpenIsAFault) {
  inDeinit = [] { SocketCreate(); };
  ASSERT_TRUE(program.Load());
  program.Unload(REASON_REMOVE);
  ASSERT_EQ(1u, machine.output.faults.size());
}
