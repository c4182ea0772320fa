// What the feed reads from the terminal: the gate before it believes anything, positions, history, symbols.
#include <CSMultiConnector/PositionReader.mqh>
#include <CSMultiConnector/SymbolBook.mqh>
#include <CSMultiConnector/TerminalGate.mqh>

#include "MachineFixture.h"

namespace {

class TerminalReading : public unit::WithAccount {
protected:
  CContext c;
  CTerminalGate gate;

  void SetUp() override {
    clock.onMove = [this] { world.Advance(clock.UtcMicroseconds() / 1000); };
    world.Advance(clock.UtcMicroseconds() / 1000);
    Do("account login=7 server=Demo margin=hedging zone=120");
    Do("symbol name=EURUSD contract=100000 step=0.01");
  }
  void Do(const std::string &line) {
    const std::string answer = world.Run(line);
    ASSERT_TRUE(answer.starts_with("{\"ok\":true")) << line << ": " << answer;
  }
  sim::Account &Account() { return *world.Shown(); }
  void Run(long milliseconds) {
    for (long at = 0; at < milliseconds; at += 50) {
      clock.Advance(50);
      gate.Poll(c, GetTickCount64());
    }
  }
};

} // namespace

TEST_F(TerminalReading, TheGateIsClosedUntilConnectedAndStableForTwoSeconds) {
  gate.Begin();
  Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
  Run(5000);
  EXPECT_FALSE(gate.IsOpen()) << "not connected";
  Do("connect");
  Run(1900);
  EXPECT_FALSE(gate.IsOpen());
  Run(600);
  EXPECT_TRUE(gate.IsOpen());
  EXPECT_EQ(1U, gate.Openings());
  Do("disconnect");
  Run(50);
  EXPECT_FALSE(gate.IsOpen());
  Do("connect");
  Run(3000);
  EXPECT_EQ(2U, gate.Openings());
}

TEST_F(TerminalReading, AChangeBeginsTheWaitAnew) {
  Do("connect");
  gate.Begin();
  Run(1500);
  Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
  Run(1500);
  EXPECT_FALSE(gate.IsOpen());
  Run(1000);
  EXPECT_TRUE(gate.IsOpen());
}

TEST_F(TerminalReading, AnEmptyListIsNeverBelievedWhileTheHistorySaysOtherwise) {
  Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
  Do("connect");
  // By its deals 0.2 lots are still open.
  const long id = Account().Positions().begin()->first;
  Account().SetVolume(id, 10'000'000);
  Account().Close(id, 0, {0, sim::Reason::Client, ""});
  clock.Advance(100);
  ASSERT_EQ(0, PositionsTotal());
  gate.Begin();
  Run(10 * 60'000);
  EXPECT_FALSE(gate.IsOpen());
  EXPECT_NE(std::string::npos, gate.Reason().Utf8().find("lists no position"));
}

TEST_F(TerminalReading, APersonSaysWhatTheBrokerRemoved) {
  Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
  Do("open symbol=EURUSD side=sell lots=0.1 magic=1002");
  const long one = Account().Positions().begin()->first;
  const long two = Account().Positions().rbegin()->first;
  Do("connect");
  Do("vanish position=" + std::to_string(one));
  Do("vanish position=" + std::to_string(two));
  clock.Advance(100);
  ASSERT_EQ(0, PositionsTotal());
  const auto takes = [&](const std::string &removed) {
    const string problem = c.settings.Check("", false, "127.0.0.1", 5555, false, "desk-1", "secret", removed.c_str(), true, true, true, 20, "default");
    ASSERT_EQ("", problem.Utf8());
    gate.Begin();
    Run(2 * 60'000);
  };
  takes("");
  EXPECT_FALSE(gate.IsOpen());
  const std::string said = machine.output.printed.back();
  EXPECT_NE(std::string::npos, said.find("#" + std::to_string(one) + ", #" + std::to_string(two))) << said;
  EXPECT_NE(std::string::npos, said.find("\"Positions and deals that the broker removed (comma separated)\"")) << said;
  takes(std::to_string(one));
  EXPECT_FALSE(gate.IsOpen()) << "of the other one nobody said anything";
  takes(std::to_string(one) + "," + std::to_string(two));
  EXPECT_TRUE(gate.IsOpen());

  // The word is about these two: what is open besides has to be in the list.
  Do("open symbol=EURUSD side=buy lots=0.2 magic=1001");
  const long third = Account().Positions().begin()->first;
  clock.Advance(100);
  gate.Begin();
  Run(5000);
  EXPECT_TRUE(gate.IsOpen());
  Do("vanish position=" + std::to_string(third));
  gate.Begin();
  Run(2 * 60'000);
  EXPECT_FALSE(gate.IsOpen());
}

TEST_F(TerminalReading, AnAccountWithoutAnythingIsBelievedAfterAWhile) {
  Do("connect");
  gate.Begin();
  Run(4000);
  EXPECT_FALSE(gate.IsOpen());
  Run(4000);
  EXPECT_TRUE(gate.IsOpen());
}

// The account's figures come with the login, its positions and deals only later.
TEST_F(TerminalReading, AnAccountWithMoneyAndWithoutDealsIsNotLoadedYet) {
  long longest = 0;
  for (long login = 100; login < 108; login++) {
    Do("account login=" + std::to_string(login) + " server=Demo margin=hedging");
    Do("faults bursts=1 burst-gap=20000");
    Do("switch login=" + std::to_string(login));
    Do("balance amount=1000");
    Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
    gate.Begin();
    Do("connect");
    long waited = 0;
    for (; !world.view.IsSynchronised(); waited += 50) {
      Run(50);
      ASSERT_TRUE(world.view.IsSynchronised() || !gate.IsOpen()) << waited;
    }
    longest = std::max(longest, waited);
    Run(4000);
    EXPECT_TRUE(gate.IsOpen());
    Do("disconnect");
  }
  EXPECT_GT(longest, 8000) << "everything came too early to prove anything";
}

TEST_F(TerminalReading, PositionsAreReadWhole) {
  Do("connect");
  Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
  Do("open symbol=EURUSD side=sell lots=0.1 magic=1002");
  clock.Advance(100);
  CPositionReader reader;
  ASSERT_TRUE(reader.Read());
  EXPECT_EQ(2, reader.Total());
  EXPECT_EQ(20000000, reader.NetOf("EURUSD"));
  const ulong before = reader.Fingerprint();
  ASSERT_TRUE(reader.Read());
  EXPECT_EQ(before, reader.Fingerprint());
  Do("open symbol=EURUSD side=sell lots=0.1 magic=1002");
  clock.Advance(100);
  ASSERT_TRUE(reader.Read());
  EXPECT_NE(before, reader.Fingerprint());
  for (const auto &[id, position] : Account().Positions()) EXPECT_TRUE(reader.HasId(id));
  EXPECT_FALSE(reader.HasId(1));
}

TEST_F(TerminalReading, HistoryIsReadInOrderWithoutWhatIsKnown) {
  Do("connect");
  for (int i = 0; i < 5; i++) Do("open symbol=EURUSD side=buy lots=0.1 magic=1001");
  clock.Advance(100);
  CDealMemory memory;
  Arr<SDeal> deals;
  const long from = CServerClock::NowMsc() - CLOCK_DAY_MSC;
  ASSERT_TRUE(CHistoryReader::Read(from, memory, false, deals));
  ASSERT_EQ(5, ArraySize(deals));
  for (int i = 1; i < 5; i++) EXPECT_TRUE(deals[i - 1].IsBefore(deals[i]));
  EXPECT_EQ(1001, deals[0].magic);
  EXPECT_EQ(10000000, deals[0].lots);
  EXPECT_EQ("EURUSD", deals[0].symbol.Utf8());
  for (int i = 0; i < 4; i++) memory.Put(deals[i].ticket, deals[i].time_msc, 1001, false);
  Account().CancelDeal(static_cast<std::uint64_t>(deals[1].ticket));
  clock.Advance(100);
  const long known = deals[1].ticket;
  ASSERT_TRUE(CHistoryReader::Read(from, memory, false, deals));
  ASSERT_EQ(2, ArraySize(deals)) << "the cancelled one and the new one";
  EXPECT_EQ(known, deals[0].ticket);
  EXPECT_TRUE(deals[0].canceled);
}

TEST_F(TerminalReading, WhatIsOpenByTheHistory) {
  Do("connect");
  Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
  Do("open symbol=EURUSD side=sell lots=0.1 magic=1002");
  const long first = Account().Positions().begin()->first;
  const long second = Account().Positions().rbegin()->first;
  Account().Close(first, 0, {0, sim::Reason::Client, ""});
  clock.Advance(100);
  Arr<long> open;
  EXPECT_EQ(3, CHistoryReader::OpenPositions(true, open));
  ASSERT_EQ(1, ArraySize(open));
  EXPECT_EQ(second, open[0]);
}

TEST_F(TerminalReading, UtcIsFoundToAQuarterOfAnHour) {
  Do("connect");
  EXPECT_EQ(1763650000123L, CServerClock::Utc(1763650000123L + 2 * 3600 * 1000));
}

TEST_F(TerminalReading, SymbolsAreDescribedOnceAndAgainWhenTheyChange) {
  Do("connect");
  clock.Advance(100);
  CSymbolBook book;
  string fields;
  ASSERT_TRUE(CSymbolBook::Facts("EURUSD", fields));
  EXPECT_NE(std::string::npos, fields.Utf8().find("\"name\":\"EURUSD\",\"contractSize\":100000"));
  EXPECT_TRUE(book.IsNews("EURUSD", fields));
  book.SetSaid("EURUSD", fields);
  EXPECT_FALSE(book.IsNews("EURUSD", fields));
  Do("symbol name=EURUSD contract=1000 step=0.01");
  clock.Advance(100);
  ASSERT_TRUE(CSymbolBook::Facts("EURUSD", fields));
  EXPECT_TRUE(book.IsNews("EURUSD", fields));
  EXPECT_FALSE(CSymbolBook::Facts("NONE", fields));
}
