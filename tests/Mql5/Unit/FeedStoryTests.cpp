// The whole Expert Advisor against the model host, in histories that are told rather than drawn: what goes wrong at one exact moment.
#include "../Model/ModelHost.h"
#include "../Model/Oracle.h"
#include "Shim/Terminal/TradeBinding.h"

#include <gtest/gtest.h>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t Begin = 1'763'650'000'000;
const std::string Home = "7@Demo";

class Story {
public:
  mt::VirtualClock clock;
  mt::MemoryNetwork network{clock};
  mt::Machine machine{clock, network};
  mt::Machine::Scope scope{machine};
  mt::Program program{machine};
  sim::TradeWorld world;
  sim::TradeBinding binding{world, machine, program};
  model::ModelHost host{sim::Chance(3), "desk-1", "story-secret"};
  std::vector<model::SnapshotLines> snapshots;
  std::vector<std::pair<std::string, model::DealLine>> deals;
  std::string heard; // all bytes that came to the host
  int readings = 0;
  // What happens before this reading of the terminal's data by the program, counted from 1; 0 = nothing.
  int moment = 0;
  std::function<void()> happens;

  explicit Story(const std::string &margin, std::uint64_t seed = 5) : world(seed) {
    clock.SetUtc(Begin * 1000);
    clock.onMove = [this] { CatchUp(); };
    network.onConnect = [this](const std::shared_ptr<mt::MemoryLine> &line) {
      wires.push_back({line, host.Accept(), false});
      return true;
    };
    host.onSnapshot = [this](const std::string &terminal, const model::SnapshotLines &snapshot) {
      if (terminal == Home) snapshots.push_back(snapshot);
    };
    host.onDeal = [this](const std::string &terminal, const model::DealLine &deal) { deals.emplace_back(terminal, deal); };
    world.view.onReading = [this] {
      if (!counting || ++readings != moment) return;
      happens();
    };
    CatchUp();
    Do("account login=7 server=Demo margin=" + margin + " zone=180");
    Do("symbol name=EURUSD contract=100000 step=0.01");
    Do("symbol name=GBPUSD contract=100000 step=0.01");
    Do("balance amount=1000");
    program.SetInput("ClientId", "desk-1");
    program.SetInput("ClientSecret", "story-secret");
    program.SetInput("SourceMagics", "1001,1002");
  }
  ~Story() {
    for (const std::string &violation : host.Violations()) ADD_FAILURE() << violation;
    if (program.IsLoaded()) program.Unload(REASON_REMOVE);
    for (const std::string &fault : machine.output.faults) ADD_FAILURE() << fault;
  }
  Story(const Story &) = delete;
  Story &operator=(const Story &) = delete;

  sim::Account &Account() { return *world.Server("Demo").Find(7); }
  std::int64_t OnlyId() { return Account().Positions().begin()->first; }
  void Do(const std::string &line) {
    const std::string answer = world.Run(line);
    ASSERT_TRUE(answer.starts_with("{\"ok\":true")) << line << ": " << answer;
  }
  void Attach() {
    binding.TakeAccountChange();
    ASSERT_TRUE(program.Load());
  }
  void Run(long milliseconds) {
    for (long at = 0; at < milliseconds; at += 50) Step();
  }
  // Until the host has a snapshot of the account from this session on.
  bool RunUntilKnown(long longest = 120'000) {
    const std::size_t before = snapshots.size();
    for (long at = 0; at < longest && snapshots.size() == before; at += 50) Step();
    Run(500);
    return snapshots.size() > before;
  }
  model::Level Held(std::int64_t magic, const std::string &symbol = "EURUSD") const {
    const auto terminal = host.Terminals().find(Home);
    if (terminal == host.Terminals().end()) return {};
    const auto level = terminal->second.levels.find({magic, symbol});
    return level == terminal->second.levels.end() ? model::Level{} : level->second;
  }
  // Attaches the program; once it is about to log in, its readings count.
  void AttachAndCount() {
    Attach();
    Run(2000);
    counting = true;
  }

private:
  struct Wire {
    std::shared_ptr<mt::MemoryLine> line;
    int host = 0;
    bool dead = false;
  };

  void Step() {
    clock.Advance(50);
    program.Pump();
    CatchUp();
    if (binding.TakeAccountChange() && program.IsLoaded()) program.Reload(REASON_ACCOUNT);
  }
  // By the monotonic clock: the wall clock of the machine may be wrong.
  void CatchUp() {
    const std::int64_t now = Begin + clock.Microseconds() / 1000 - start;
    world.Advance(now);
    host.Advance(now);
    for (Wire &wire : wires) {
      if (wire.dead) continue;
      const std::string said = wire.line->Take();
      heard += said;
      if (!said.empty()) host.Receive(wire.host, said);
      const std::string answer = host.Take(wire.host, 1 << 20);
      if (!answer.empty()) wire.line->Give(answer);
      if (wire.line->ClosedByEa()) host.Lost(wire.host);
      else if (host.IsClosed(wire.host)) wire.line->Close();
      else continue;
      wire.dead = true;
    }
  }

  const std::int64_t start = clock.Microseconds() / 1000;
  std::list<Wire> wires;
  bool counting = false;
};

constexpr sim::Volume Lot(double lots) { return static_cast<sim::Volume>(lots * 1e8 + 0.5); }

using Beginning = std::function<std::unique_ptr<Story>()>;

// How many readings the program makes from its first session on until the host knows the account.
int ReadingsUntilKnown(const Beginning &begin) {
  const auto story = begin();
  EXPECT_TRUE(story->RunUntilKnown());
  EXPECT_GT(story->readings, 20);
  return story->readings;
}

// Plays what begins so once for each of these readings (and some more): at that very reading something happens, and what follows is looked at.
void AtEachReading(const Beginning &begin, const std::function<void(Story &)> &happens, const std::function<void(Story &)> &follows, int more = 0) {
  const int readings = ReadingsUntilKnown(begin) + more;
  for (int moment = 1; moment <= readings && !::testing::Test::HasFatalFailure(); moment++) {
    SCOPED_TRACE("reading " + std::to_string(moment) + " of " + std::to_string(readings));
    const auto story = begin();
    story->moment = moment;
    story->happens = [&] { happens(*story); };
    follows(*story);
  }
}

} // namespace

// Crypto is traded around the clock: the trade server's clock is set back while a position is open, and its exit is "before" its entry.
TEST(FeedStory, APositionThatIsClosedAfterTheServersClockWasSetBackIsFlat) {
  for (const bool partly : {false, true}) {
    Story story("hedging");
    story.Do("connect");
    story.Attach();
    ASSERT_TRUE(story.RunUntilKnown());
    story.Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
    story.Run(2000);
    ASSERT_EQ(Lot(0.3), story.Held(1001).longLots);
    story.world.Server("Demo").zoneMinutes -= 60;
    const std::int64_t id = story.OnlyId();
    if (partly) {
      story.Account().Close(id, Lot(0.1), {0, sim::Reason::Client, ""});
      story.Run(2000);
      ASSERT_EQ(Lot(0.2), story.Held(1001).longLots);
    }
    story.Account().Close(id, 0, {0, sim::Reason::Client, ""});
    story.Run(3000);
    EXPECT_TRUE(story.Held(1001).IsFlat()) << partly;
    EXPECT_EQ(partly ? 3U : 2U, story.deals.size());
  }
}

// The trade server has cut off the opening deal; after a reconnect the terminal's list is empty for longer than the gate waits.
TEST(FeedStory, APositionWithoutItsOpeningDealIsNotFlatWhileTheTerminalLoadsAnew) {
  std::int64_t longest = 0;
  Story story("hedging");
  story.Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
  story.Run(1000);
  story.world.view.historyFromMsc = Begin + 3 * 3'600'000 + 500;
  story.Do("balance amount=1");
  story.Do("connect");
  story.Attach();
  ASSERT_TRUE(story.RunUntilKnown());
  ASSERT_EQ(Lot(0.3), story.Held(1001).longLots);
  story.Do("faults empty-on-disconnect=1000 bursts=1 burst-gap=15000");
  for (int i = 0; i < 6; i++) {
    story.Do("disconnect");
    story.Run(3000);
    story.Do("connect");
    std::int64_t waited = 0;
    for (; !story.world.view.IsSynchronised(); waited += 50) story.Run(50);
    longest = std::max(longest, waited);
    ASSERT_TRUE(story.RunUntilKnown());
  }
  EXPECT_GT(longest, 6000) << "the list came too early to prove anything";
  for (const model::SnapshotLines &snapshot : story.snapshots) EXPECT_EQ(1U, snapshot.positions.size());
  // Its exit is in the history, and that is enough.
  story.Account().Close(story.OnlyId(), 0, {0, sim::Reason::Client, ""});
  story.Run(3000);
  EXPECT_TRUE(story.Held(1001).IsFlat());
}

// First contact on a netting account: a deal comes while the ledger is made from the deals of the open positions.
TEST(FeedStory, ADealInTheMiddleOfTheFirstLedgerCountsOnce) {
  const auto begin = [] {
    auto story = std::make_unique<Story>("netting");
    story->Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
    story->Do("connect");
    story->AttachAndCount();
    return story;
  };
  const auto happens = [](Story &story) { story.Do("open symbol=EURUSD side=buy lots=0.2 magic=1001"); };
  const auto follows = [](Story &story) {
    ASSERT_TRUE(story.RunUntilKnown());
    story.Run(5000);
    EXPECT_EQ(Lot(0.5), story.Held(1001).longLots);
    EXPECT_TRUE(story.Held(-1).IsFlat());
  };
  AtEachReading(begin, happens, follows);
}

// The user logs in to another account while a handler runs: nothing of it may be told as the first one's.
TEST(FeedStory, AnAccountThatChangesInTheMiddleOfAHandlerIsNotTakenForTheOldOne) {
  const auto begin = [] {
    auto story = std::make_unique<Story>("hedging");
    story->Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
    sim::Account &other = story->world.Server("Demo").Open(8, sim::MarginMode::Hedging);
    other.Money(sim::DealType::Balance, 500, "");
    other.Trade("GBPUSD", sim::Side::Sell, Lot(0.7), {1001, sim::Reason::Expert, ""});
    story->Do("connect");
    story->AttachAndCount();
    return story;
  };
  const auto happens = [](Story &story) { story.world.Use("Demo", 8); };
  const auto follows = [](Story &story) {
    story.Run(9000);
    for (const model::SnapshotLines &snapshot : story.snapshots) EXPECT_EQ(1U, snapshot.totals.count("EURUSD"));
    for (const auto &[terminal, deal] : story.deals) EXPECT_EQ(terminal == Home ? "EURUSD" : "GBPUSD", deal.symbol);
  };
  AtEachReading(begin, happens, follows, 40);
}

// The program is told to end while it reads: its loops are cut short, and half a reading is no ground for a snapshot.
TEST(FeedStory, AProgramThatIsEndedWhileItReadsTellsNoHalfTruth) {
  const auto begin = [] {
    auto story = std::make_unique<Story>("netting");
    story->Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
    story->Do("connect");
    story->Attach();
    EXPECT_TRUE(story->RunUntilKnown());
    story->program.Unload(REASON_REMOVE);
    // What the account holds stays the same, and with it the sum; who holds it does not.
    story->Do("open symbol=EURUSD side=sell lots=0.1 magic=1001");
    story->Do("open symbol=EURUSD side=buy lots=0.1 magic=1002");
    story->Run(1000);
    story->snapshots.clear();
    story->AttachAndCount();
    return story;
  };
  const auto happens = [](Story &story) { story.program.Remove(); };
  const auto follows = [](Story &story) {
    story.Run(3000);
    for (const model::SnapshotLines &snapshot : story.snapshots) EXPECT_EQ(Lot(0.2), snapshot.positions.at({1001, "EURUSD"}).longLots);
  };
  AtEachReading(begin, happens, follows);
}

// A virtual machine woke up with the clock of next week.
TEST(FeedStory, AComputerWhoseClockIsAheadMissesNoDeal) {
  for (const std::string margin : {"netting", "hedging"}) {
    Story story(margin);
    story.clock.SetUtc((Begin + 7 * 86'400'000LL) * 1000);
    story.world.view.clockErrorMsc = 7 * 86'400'000LL;
    story.Do("connect");
    story.Attach();
    ASSERT_TRUE(story.RunUntilKnown());
    story.Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
    story.Run(3000);
    EXPECT_EQ(Lot(0.3), story.Held(1001).longLots) << margin;
    EXPECT_EQ(1U, story.deals.size()) << margin;
    EXPECT_TRUE(story.Held(-1).IsFlat()) << margin;
  }
}

// The Expert Advisor was off for days, and the terminal cannot find the ledger's newest deal at the first try: all later ones count all the same.
TEST(FeedStory, ALedgerWhoseDealCannotBeFoundAtOnceIsBroughtUpToDate) {
  const auto begin = [] {
    auto story = std::make_unique<Story>("netting");
    story->Do("connect");
    story->Do("open symbol=EURUSD side=buy lots=0.1 magic=77");
    story->Attach();
    EXPECT_TRUE(story->RunUntilKnown());
    story->program.Unload(REASON_REMOVE);
    story->Do("open symbol=EURUSD side=buy lots=0.3 magic=1001");
    for (int hour = 0; hour < 60; hour++) story->clock.Advance(3'600'000);
    story->snapshots.clear();
    story->AttachAndCount();
    return story;
  };
  const auto happens = [](Story &story) { story.world.view.faults.historyFails = 1000; };
  const auto follows = [](Story &story) {
    story.Run(300);
    story.world.view.faults.historyFails = 0;
    story.Run(20'000);
    EXPECT_EQ(Lot(0.3), story.Held(1001).longLots);
    EXPECT_TRUE(story.Held(-1).IsFlat() || story.Held(-1).longLots == Lot(0.1));
  };
  AtEachReading(begin, happens, follows);
}

// IsStopped() is true in OnDeinit: what waits is sent all the same, the good-bye last.
TEST(FeedStory, AProgramThatEndsSaysGoodbye) {
  for (const auto &[reason, words] : {std::pair(REASON_REMOVE, "removed from the chart"), std::pair(REASON_CHARTCLOSE, "the chart was closed"), std::pair(REASON_CLOSE, "the terminal is closing")}) {
    Story story("hedging");
    story.Do("connect");
    story.Attach();
    ASSERT_TRUE(story.RunUntilKnown());
    story.program.Unload(reason);
    story.Run(100);
    const std::size_t bye = story.heard.find("\"t\":\"bye\"");
    ASSERT_NE(std::string::npos, bye) << words;
    EXPECT_NE(std::string::npos, story.heard.find(words, bye)) << story.heard.substr(bye);
  }
}
