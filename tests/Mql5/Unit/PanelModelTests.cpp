// What the panel shows: what the host confirmed.
#include <CSMultiConnector/PanelModel.mqh>

#include "FaceFixture.h"

namespace {

class PanelModel : public face::Terminal {
protected:
  CPanelModel model;

  void Status(const char *connector, const char *state, const char *text = "") { model.SetConnector(connector, "paper", state, text, "0.1.0", "MIT"); }
  /// How far the revision moved.
  template <class Action> ulong Moves(Action action) {
    const ulong before = model.Revision();
    action();
    return model.Revision() - before;
  }
};

} // namespace

TEST_F(PanelModel, OnlyAChangeIsARevision) {
  EXPECT_LT(0u, Moves([&] { Status("a", "running"); }));
  EXPECT_EQ(0u, Moves([&] { Status("a", "running"); }));
  EXPECT_LT(0u, Moves([&] { Status("a", "running", "plan 7 waits"); }));
  EXPECT_LT(0u, Moves([&] { model.SetLine("Connected", true); }));
  EXPECT_EQ(0u, Moves([&] { model.SetLine("Connected", true); }));
  EXPECT_LT(0u, Moves([&] { model.SetLine("Connected", false); }));
  EXPECT_LT(0u, Moves([&] { model.SetError("e"); }));
  EXPECT_EQ(0u, Moves([&] { model.SetError("e"); }));
  EXPECT_EQ(0u, Moves([&] { model.SetHostVersion("0.1.0"); }));
  EXPECT_LT(0u, Moves([&] { model.ClearConnectors(); }));
  EXPECT_EQ(0u, Moves([&] { model.ClearConnectors(); }));
}

TEST_F(PanelModel, StatesReadAsPeopleKnowThem) {
  const std::vector<std::tuple<const char *, const char *, const char *, bool>> rows = {
    {"running", "", "Running", false}, {"running", "running", "Running", false}, {"paused", "by hand", "Paused: by hand", true},
    {"reconnecting", "", "Reconnecting", false}, {"faulted", "bad key", "Faulted: bad key", true}, {"starting", "connecting", "Starting: connecting", false},
    {"stopped", "not running", "Stopped: not running", true}, {"dreaming", "", "dreaming", false}, {"", "", "Unknown", false}};
  for (const auto &[state, text, shown, resume] : rows) {
    Status("a", state, text);
    EXPECT_EQ(shown, model.StateText(0).Utf8());
    EXPECT_EQ(resume, model.OffersResume(0)) << state;
  }
  EXPECT_EQ(1, model.Total());
}

TEST_F(PanelModel, AButtonWaitsUntilTheHostConfirmsAnotherState) {
  Status("a", "running");
  Status("b", "running");
  model.BeginRequest("a", false);
  EXPECT_TRUE(model.Requested(0));
  EXPECT_FALSE(model.Resuming(0));
  EXPECT_FALSE(model.Requested(1));
  EXPECT_FALSE(model.OffersResume(0)) << "the state is still the confirmed one";
  Status("a", "running", "other text");
  EXPECT_TRUE(model.Requested(0));
  Status("a", "paused", "by a button");
  EXPECT_FALSE(model.Requested(0));
  EXPECT_TRUE(model.OffersResume(0));

  model.BeginRequest("", true);
  EXPECT_TRUE(model.Requested(0) && model.Requested(1) && model.Resuming(1));
  model.EndRequest("b");
  EXPECT_TRUE(model.Requested(0));
  EXPECT_FALSE(model.Requested(1));
}

TEST_F(PanelModel, ARequestThatIsNeverAnsweredFreesItsButton) {
  Status("a", "running");
  model.BeginRequest("a", false);
  clock.Advance(29'999);
  EXPECT_EQ(0u, Moves([&] { model.ExpireRequests(); }));
  clock.Advance(1);
  EXPECT_LT(0u, Moves([&] { model.ExpireRequests(); }));
  EXPECT_FALSE(model.Requested(0));
}

TEST_F(PanelModel, ANumberIsNeverUsedTwice) {
  Status("a", "running");
  Status("b", "running");
  const ulong ofB = model.Number(1);
  EXPECT_EQ(1, model.RowOfNumber(ofB));
  model.ClearConnectors();
  Status("b", "running");
  Status("a", "running");
  EXPECT_EQ(-1, model.RowOfNumber(ofB)) << "a late click on the old button hits nothing";
  model.Reset();
  Status("b", "running");
  EXPECT_LT(ofB, model.Number(0));
}

TEST_F(PanelModel, RowsAreBounded) {
  for (int i = 0; i < 64; i++) Status(("c" + std::to_string(i)).c_str(), "running");
  EXPECT_FALSE(model.Overflow());
  EXPECT_LT(0u, Moves([&] { Status("c64", "running"); }));
  EXPECT_EQ(0u, Moves([&] { Status("c64", "faulted"); }));
  EXPECT_EQ(64, model.Total());
  EXPECT_TRUE(model.Overflow());
  for (int row : {-1, 64, 1000}) {
    EXPECT_EQ("", model.Connector(row).Utf8());
    EXPECT_EQ("", model.StateText(row).Utf8());
    EXPECT_EQ(0u, model.Number(row));
    EXPECT_FALSE(model.Requested(row));
  }
  model.ClearConnectors();
  EXPECT_FALSE(model.Overflow());
}

TEST_F(PanelModel, TextsAreOneLineAndBounded) {
  Status("a", "faulted", ("x\ny" + std::string(5000, 'z')).c_str());
  EXPECT_LE(StringLen(model.StateText(0)), 600);
  EXPECT_EQ(0u, model.StateText(0).Utf8().find("Faulted: x y"));
  model.SetError("a\tb");
  EXPECT_EQ("a b", model.LastError().Utf8());
}
