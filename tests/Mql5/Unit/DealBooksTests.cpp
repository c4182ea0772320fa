// The books of attribution beyond what the shared vectors say, and the memory of deals.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include <CSMultiConnector/DealMemory.mqh>
#include <CSMultiConnector/HedgingBook.mqh>
#include <CSMultiConnector/NettingLedger.mqh>

namespace {

constexpr long Lot = 100000000;

SDeal DealOf(long ticket, long position, long magic, ENUM_FEED_SIDE side, ENUM_FEED_ENTRY entry, long lots, ENUM_FEED_REASON reason = FEED_REASON_EXPERT) {
  SDeal deal;
  deal.ticket = ticket;
  deal.order = ticket;
  deal.position = position;
  deal.magic = magic;
  deal.symbol = "EURUSD";
  deal.side = side;
  deal.entry = entry;
  deal.lots = lots;
  deal.reason = reason;
  deal.time_msc = ticket * 1000;
  return deal;
}

long NetOf(const CNettingLedger &ledger, long magic) {
  long longs = 0;
  long shorts = 0;
  ledger.LevelOf(magic, "EURUSD", longs, shorts);
  EXPECT_TRUE(longs == 0 || shorts == 0);
  return longs - shorts;
}

} // namespace

TEST(NettingLedger, AddsUpToTheAccountWhateverHappens) {
  std::mt19937 chance(17);
  for (int round = 0; round < 200; round++) {
    CNettingLedger ledger;
    ledger.AddListed(1001);
    ledger.AddListed(1002);
    long net = 0;
    std::map<long, std::pair<SDeal, Arr<SStreamChange>>> applied;
    for (long ticket = 1; ticket <= 60; ticket++) {
      const long magics[] = {0, 1001, 1002, 77};
      const long lots = static_cast<long>(chance() % 5 + 1) * Lot / 10;
      const ENUM_FEED_SIDE side = chance() % 2 ? FEED_BUY : FEED_SELL;
      const long moved = side == FEED_BUY ? lots : -lots;
      ENUM_FEED_ENTRY entry = FEED_ENTRY_IN;
      if (net != 0 && (net > 0) != (moved > 0)) entry = std::abs(moved) > std::abs(net) ? FEED_ENTRY_INOUT : FEED_ENTRY_OUT;
      const ENUM_FEED_REASON reasons[] = {FEED_REASON_EXPERT, FEED_REASON_CLIENT, FEED_REASON_SL, FEED_REASON_SO};
      const SDeal deal = DealOf(ticket, 10, magics[chance() % 4], side, entry, lots, reasons[chance() % 4]);
      Arr<SStreamChange> changes;
      const int count = ledger.Apply(deal, changes);
      EXPECT_EQ(count, ArraySize(changes));
      net += moved;
      ASSERT_EQ(ledger.NetOf("EURUSD"), net);
      EXPECT_TRUE(net != 0 || ledger.Total() == 0) << "rule 1";
      applied[ticket] = {deal, changes};
      if (chance() % 10 == 0) {
        Arr<SStreamChange> undone;
        ledger.Undo(deal, changes, undone);
        net -= moved;
        ASSERT_EQ(ledger.NetOf("EURUSD"), net);
      }
    }
    Arr<SStreamChange> changes;
    ledger.Reconcile("EURUSD", 0, changes);
    EXPECT_EQ(ledger.NetOf("EURUSD"), 0);
  }
}

TEST(NettingLedger, AForcedExitTakesNoStreamPastZero) {
  CNettingLedger ledger;
  ledger.AddListed(1001);
  Arr<SStreamChange> changes;
  ledger.Resume("EURUSD", 1001, Lot, 0);
  ledger.Resume("EURUSD", 1002, 3 * Lot, 0);
  ledger.SetOwner("EURUSD", 1001);
  EXPECT_EQ(ledger.Apply(DealOf(1, 10, 1001, FEED_SELL, FEED_ENTRY_OUT, 2 * Lot, FEED_REASON_SO), changes), 2);
  EXPECT_EQ(changes[0].magic, 1001);
  EXPECT_EQ(NetOf(ledger, 1001), 0);
  EXPECT_EQ(NetOf(ledger, 1002), 2 * Lot);
}

TEST(HedgingBook, RemembersTheOwnerOfAClosedPosition) {
  CHedgingBook book;
  Arr<SStreamChange> changes;
  long owner = 0;
  book.Apply(DealOf(1, 10, 1001, FEED_BUY, FEED_ENTRY_IN, Lot), changes);
  book.Apply(DealOf(2, 10, 0, FEED_SELL, FEED_ENTRY_OUT, Lot, FEED_REASON_CLIENT), changes);
  EXPECT_EQ(changes[0].magic, 1001);
  EXPECT_FALSE(book.IsOpen(10));
  ASSERT_TRUE(book.OwnerOf(10, owner));
  EXPECT_EQ(owner, 1001);
  EXPECT_EQ(book.Total(), 0);
}

TEST(HedgingBook, AnIdThatComesBackBelongsToTheNewEntry) {
  CHedgingBook book;
  Arr<SStreamChange> changes;
  long owner = 0;
  book.Apply(DealOf(1, 10, 1001, FEED_BUY, FEED_ENTRY_IN, Lot), changes);
  book.Apply(DealOf(2, 10, 1001, FEED_SELL, FEED_ENTRY_OUT, Lot), changes);
  book.Apply(DealOf(3, 10, 1002, FEED_BUY, FEED_ENTRY_IN, Lot), changes);
  book.OwnerOf(10, owner);
  EXPECT_EQ(owner, 1002);
}

TEST(HedgingBook, TheOpeningDealCorrectsAnOwnerThatWasGuessed) {
  CHedgingBook book;
  Arr<SStreamChange> changes;
  long owner = 0;
  book.Resume(10, 555, "EURUSD", FEED_BUY, Lot, true);
  book.Apply(DealOf(1, 10, 1001, FEED_BUY, FEED_ENTRY_IN, Lot), changes);
  book.OwnerOf(10, owner);
  EXPECT_EQ(owner, 1001);
  SStreamLevel row;
  ASSERT_EQ(book.Total(), 1);
  book.At(0, row);
  EXPECT_EQ(row.magic, 1001);
  EXPECT_EQ(row.long_lots, Lot);
}

TEST(HedgingBook, ForgetsTheOldestOfVeryManyClosedPositionsAndNoOpenOne) {
  CHedgingBook book;
  Arr<SStreamChange> changes;
  book.Apply(DealOf(1, 1, 1001, FEED_BUY, FEED_ENTRY_IN, Lot), changes);
  for (long id = 2; id < HEDGING_CLOSED_KEPT + 100; id++) {
    book.Apply(DealOf(2 * id, id, 1002, FEED_SELL, FEED_ENTRY_IN, Lot), changes);
    book.Apply(DealOf(2 * id + 1, id, 0, FEED_BUY, FEED_ENTRY_OUT, Lot), changes);
  }
  long owner = 0;
  EXPECT_TRUE(book.IsOpen(1));
  EXPECT_FALSE(book.OwnerOf(2, owner));
  EXPECT_TRUE(book.OwnerOf(HEDGING_CLOSED_KEPT + 99, owner));
  EXPECT_LE(book.Positions(), HEDGING_CLOSED_KEPT + 2);
  EXPECT_EQ(book.Total(), 1);
}

TEST(DealMemory, KeepsWhatWasTakenAndDropsWhatIsOld) {
  CDealMemory memory;
  std::mt19937 chance(23);
  std::map<long, long> truth;
  for (int i = 0; i < 2000; i++) {
    const long ticket = static_cast<long>(chance() % 5000 + 1);
    ASSERT_TRUE(memory.Put(ticket, ticket * 10, ticket % 7, ticket % 2 == 0));
    truth[ticket] = ticket % 7;
  }
  Arr<SStreamChange> changes;
  changes.Resize(2);
  changes[0].magic = 1001;
  changes[1].magic = -1;
  memory.Put(4000, 40000, 1, false);
  truth[4000] = 1;
  memory.PutChanges(4000, changes);
  memory.Put(10, 100, 1, false);
  memory.PutChanges(10, changes);
  memory.DropBefore(20000);
  SKnownDeal known;
  for (long ticket = 1; ticket <= 5000; ticket++) {
    EXPECT_EQ(memory.Find(ticket, known), ticket >= 2000 && truth.count(ticket) > 0) << ticket;
    EXPECT_TRUE(ticket < 2000 || truth.count(ticket) == 0 || known.stream == truth[ticket]) << ticket;
  }
  Arr<SStreamChange> got;
  EXPECT_EQ(memory.ChangesOf(10, got), 0);
  ASSERT_EQ(memory.ChangesOf(4000, got), 2);
  EXPECT_EQ(got[0].magic, 1001);
  EXPECT_EQ(got[1].magic, -1);
}

TEST(LevelTable, IsSortedAndHasNoFlatRow) {
  CLevelTable table;
  table.Put("GBPUSD", 5, Lot, 0);
  table.Put("EURUSD", 7, Lot, Lot);
  table.Put("EURUSD", -1, 0, Lot);
  table.Put("EURUSD", 7, 0, 0);
  table.AddNet("EURUSD", 3, -Lot);
  SStreamLevel row;
  ASSERT_EQ(table.Total(), 3);
  table.At(0, row);
  EXPECT_EQ(row.magic, -1);
  table.At(1, row);
  EXPECT_EQ(row.magic, 3);
  EXPECT_EQ(row.short_lots, Lot);
  table.At(2, row);
  EXPECT_EQ(row.symbol.Utf8(), "GBPUSD");
  EXPECT_EQ(table.NetOf("EURUSD"), -2 * Lot);
}
