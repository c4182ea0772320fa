// The panel on a chart: everything within it and apart from each other at every size and resolution; only what changed is touched; all is gone at the end.
#include <CSMultiConnector/Panel.mqh>

#include "FaceFixture.h"

namespace {

struct Box {
  std::string name, text;
  ENUM_OBJECT type;
  long x, y, width, height;

  bool Meets(const Box &other) const { return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height; }
};

class Panel : public face::Terminal {
protected:
  CPanelModel model;
  CPanel panel;

  void Status(int number, const char *state, const char *text = "") {
    model.SetConnector(("connector-with-a-name-" + std::to_string(number)).c_str(), "binance-usdm", state, text, "0.1.0", "MIT");
  }

  void Show() {
    panel.OnChartChange();
    panel.Update(model);
  }

  /// Objects as they look. A label has no size of its own: its text is as wide as Consolas draws it (advance 1126 of 2048 units of its em).
  std::vector<Box> Boxes() {
    std::vector<Box> boxes;
    for (const auto &each : machine.chart.objects) {
      Box box{each.name.Utf8(), each.Text(OBJPROP_TEXT).Utf8(), each.type, each.Integer(OBJPROP_XDISTANCE), each.Integer(OBJPROP_YDISTANCE),
              each.Integer(OBJPROP_XSIZE), each.Integer(OBJPROP_YSIZE)};
      if (each.type == OBJ_LABEL) {
        const double em = static_cast<double>(each.Integer(OBJPROP_FONTSIZE) * machine.dpi) / 72.0;
        box.width = static_cast<long>(em * 1126 / 2048 * StringLen(each.Text(OBJPROP_TEXT)) + 0.999);
        box.height = static_cast<long>(em * 1.17 + 0.999);
      }
      boxes.push_back(box);
    }
    return boxes;
  }

  static bool IsBackground(const Box &box) { return box.type == OBJ_RECTANGLE_LABEL; }

  void ExpectWhole() {
    const auto boxes = Boxes();
    for (std::size_t i = 0; i < boxes.size(); i++) {
      const Box &box = boxes[i];
      EXPECT_TRUE(box.x >= 0 && box.y >= 0 && box.x + box.width <= machine.chart.width && box.y + box.height <= machine.chart.height)
        << box.name << " \"" << box.text << "\" leaves the chart " << machine.chart.width << "x" << machine.chart.height << " at " << machine.dpi;
      EXPECT_LE(box.name.size(), 63u);
      const auto &object = machine.chart.objects[i];
      EXPECT_LE(StringLen(object.Text(OBJPROP_TEXT)), 63);
      if (IsBackground(box)) {
        EXPECT_EQ(0u, i) << "the background is made first, so that it lies below";
        continue;
      }
      const Box &background = boxes.front();
      EXPECT_TRUE(IsBackground(background) && box.x >= background.x && box.y >= background.y && box.x + box.width <= background.x + background.width &&
                  box.y + box.height <= background.y + background.height)
        << box.name << " lies outside of the background at " << machine.chart.width << "x" << machine.chart.height << ", " << machine.dpi;
      for (std::size_t k = i + 1; k < boxes.size(); k++)
        EXPECT_FALSE(box.Meets(boxes[k])) << box.name << " and " << boxes[k].name << " at " << machine.chart.width << "x" << machine.chart.height << ", " << machine.dpi;
    }
  }

  std::string Object(const std::string &part) {
    for (const auto &each : machine.chart.objects)
      if (each.name.Utf8().find(part) != std::string::npos) return each.name.Utf8();
    return "";
  }
  mt::ChartObject &Found(const std::string &part) {
    mt::ChartObject *found = machine.chart.Find(Object(part).c_str());
    if (found == nullptr) throw std::runtime_error("no object " + part);
    return *found;
  }
  std::string Text(const std::string &part) { return Found(part).Text(OBJPROP_TEXT).Utf8(); }
  std::size_t Buttons() const {
    return static_cast<std::size_t>(std::count_if(machine.chart.objects.begin(), machine.chart.objects.end(), [](const auto &each) { return each.type == OBJ_BUTTON; }));
  }
};

} // namespace

TEST_F(Panel, ShowsNameVersionLicenceLineRowsAndError) {
  model.SetLine("Connected to 127.0.0.1:5555", true);
  Status(1, "running");
  Status(2, "faulted", "bad key");
  model.SetError("venue says no");
  panel.Begin("CSMultiConnector 1.0.0");
  Show();
  EXPECT_EQ("CSMultiConnector 1.0.0", Text("title"));
  EXPECT_EQ("Host 0.1.0   License MIT", Text("licence"));
  EXPECT_EQ("Connected to 127.0.0.1:5555", Text("_line"));
  EXPECT_EQ("Running", Text("state1"));
  EXPECT_EQ("Faulted: bad key", Text("state2"));
  EXPECT_EQ("Pause", Text("button1"));
  EXPECT_EQ("Resume", Text("button2"));
  EXPECT_NE(Found("button1").Integer(OBJPROP_BGCOLOR), Found("button2").Integer(OBJPROP_BGCOLOR));
  EXPECT_NE(std::string::npos, Text("error0").find("venue says no"));
  ExpectWhole();
}

TEST_F(Panel, NothingOverlapsAndNothingLeavesTheChartAtAnySizeAndResolution) {
  model.SetLine("Not connected; next attempt in 32 s, and some more text that is longer than any line of the panel could ever be", false);
  const std::string problem = "no connection to 127.0.0.1:5555 (error 4014): is the host running there, and is 127.0.0.1 in the list under Tools, Options, Expert "
                              "Advisors, \"Allow WebRequest for listed URL\"?";
  for (int connectors : {0, 1, 7, 80})
    for (bool error : {false, true})
      for (int dpi : {96, 120, 144, 192, 288})
        for (long width : {0L, 40L, 90L, 150L, 260L, 480L, 900L, 3840L})
          for (long height : {0L, 50L, 75L, 110L, 160L, 300L, 800L, 2160L}) {
            model.ClearConnectors();
            for (int i = 0; i < connectors; i++) Status(i, i % 2 == 0 ? "running" : "paused", i % 3 == 0 ? problem.c_str() : "");
            if (connectors > 2) model.BeginRequest("connector-with-a-name-2", true);
            model.SetError(error ? problem.c_str() : "");
            machine.chart.width = width;
            machine.chart.height = height;
            machine.dpi = dpi;
            panel.Begin("CSMultiConnector 1.0.0");
            Show();
            ExpectWhole();
            if (testing::Test::HasFailure()) return;
          }
}

TEST_F(Panel, WideCharactersHaveRoom) {
  model.SetLine("接続済み ホスト 接続済み ホスト 接続済み ホスト 接続済み ホスト 接続済み ホスト 接続済み ホスト", true);
  panel.Begin("CSMultiConnector");
  Show();
  const string shown = Found("_line").Text(OBJPROP_TEXT);
  const double em = 9.0 * 96 / 72;
  double width = 0;
  for (int i = 0; i < StringLen(shown); i++) width += StringGetCharacter(shown, i) < 0x1100 ? em * 0.55 : em;
  EXPECT_LE(width, 560);
  EXPECT_NE(std::string::npos, Found("_line").Text(OBJPROP_TOOLTIP).Utf8().find("接続済み"));
}

TEST_F(Panel, WhatIsCutHasItsWholeTextAsTooltip) {
  const std::string text = std::string(40, 'a') + " " + std::string(60, 'b');
  Status(1, "faulted", text.c_str());
  Status(2, "running");
  panel.Begin("t");
  Show();
  EXPECT_EQ("…", Text("state1").substr(Text("state1").size() - 3));
  EXPECT_EQ("Faulted: " + text, Found("state1").Text(OBJPROP_TOOLTIP).Utf8());
  EXPECT_EQ("\n", Found("state2").Text(OBJPROP_TOOLTIP).Utf8()) << "none";
}

TEST_F(Panel, AnErrorIsBrokenAtBlanksIntoThreeLinesAtMost) {
  const std::string error = "no connection to 127.0.0.1:5555 (error 4014): is the host running there, and is 127.0.0.1 in the list under Tools, Options, Expert Advisors?";
  model.SetError(error.c_str());
  panel.Begin("t");
  Show();
  EXPECT_EQ(TimeToString(TimeLocal(), TIME_MINUTES).Utf8() + " no connection to", Text("error0").substr(0, 22)) << "an error stays: it says when it came";
  std::string joined = Text("error0") + " " + Text("error1") + " " + Text("error2");
  EXPECT_NE(std::string::npos, joined.find(error)) << joined;
  model.SetError(std::string(500, 'e').c_str());
  Show();
  EXPECT_EQ("", Object("error3"));
  EXPECT_EQ("…", Text("error2").substr(Text("error2").size() - 3));
}

TEST_F(Panel, RowsComeBeforeTheRestOfALongError) {
  for (int i = 0; i < 3; i++) Status(i, "running");
  model.SetError(std::string(150, 'e').c_str());
  machine.chart.height = 22 + 8 + 16 + 20 * 6;
  panel.Begin("t");
  Show();
  EXPECT_EQ(3u, Buttons());
  EXPECT_EQ("…", Text("error0").substr(Text("error0").size() - 3)) << "one line is left for it";
  EXPECT_EQ("", Object("error1"));
  EXPECT_EQ("", Object("licence"));
  machine.chart.height += 20 * 3;
  Show();
  EXPECT_NE("", Object("error2"));
  EXPECT_NE("", Object("licence"));
}

TEST_F(Panel, RowsThatDoNotFitAreCountedAndButtonsStayOnNarrowCharts) {
  for (int i = 0; i < 20; i++) Status(i, "running");
  machine.chart.height = 22 + 8 + 16 + 20 * 6; // six lines
  panel.Begin("t");
  Show();
  EXPECT_EQ(3u, Buttons());
  EXPECT_EQ("+ 17 more", Text("more"));

  machine.chart.width = 130;
  Show();
  EXPECT_EQ(3u, Buttons());
  EXPECT_EQ("", Object("state1"));
  for (int i = 20; i < 70; i++) Status(i, "running");
  machine.chart.width = 1200;
  machine.chart.height = 3000;
  Show();
  EXPECT_EQ(64u, Buttons());
  EXPECT_EQ("+ 0 more, and others that the panel cannot hold", Text("more"));
}

TEST_F(Panel, IsDrawnOnlyWhenSomethingChanged) {
  Status(1, "running");
  panel.Begin("t");
  Show();
  const long drawn = machine.chart.redraws;
  for (int i = 0; i < 1000; i++) {
    Status(1, "running");
    panel.Update(model);
    clock.Advance(50);
  }
  EXPECT_EQ(drawn, machine.chart.redraws);
  Status(1, "paused");
  panel.Update(model);
  EXPECT_EQ(drawn + 1, machine.chart.redraws);
  machine.chart.width = 400;
  clock.Advance(2000);
  panel.Update(model);
  EXPECT_EQ(drawn + 2, machine.chart.redraws) << "a size that changed is seen without an event";
}

TEST_F(Panel, OtherObjectsAreLeftAloneAndItsOwnAreGoneAtTheEnd) {
  machine.chart.Create("CSMC", OBJ_LABEL);
  machine.chart.Create("trend line", OBJ_LABEL);
  for (int reason : {REASON_REMOVE, REASON_CHARTCHANGE, REASON_PARAMETERS, REASON_ACCOUNT, REASON_TEMPLATE, REASON_CLOSE, REASON_RECOMPILE}) {
    Status(1, "running");
    panel.Begin("t");
    Show();
    EXPECT_LT(2u, machine.chart.objects.size());
    const long drawn = machine.chart.redraws;
    panel.End(reason);
    EXPECT_EQ(2u, machine.chart.objects.size()) << reason;
    EXPECT_EQ(reason == REASON_CHARTCHANGE || reason == REASON_PARAMETERS ? drawn : drawn + 1, machine.chart.redraws) << reason;
    panel.Update(model);
    panel.End(reason);
    EXPECT_EQ(2u, machine.chart.objects.size()) << "after the end nothing comes back";
  }
}

TEST_F(Panel, WhatACrashedRunLeftBehindIsRemoved) {
  Status(1, "running");
  Status(2, "running");
  {
    CPanel crashed;
    crashed.Begin("old");
    crashed.Update(model);
  }
  model.ClearConnectors();
  panel.Begin("t");
  Show();
  EXPECT_EQ("", Object("button"));
  EXPECT_EQ("t", Text("title"));
}

TEST_F(Panel, ObjectsThatSomebodyRemovedComeBackWithTheBackgroundBelow) {
  Status(1, "running");
  panel.Begin("t");
  Show();
  const std::size_t whole = machine.chart.objects.size();
  machine.chart.Delete(Object("background").c_str());
  clock.Advance(2000);
  panel.Update(model);
  EXPECT_EQ(whole, machine.chart.objects.size());
  EXPECT_EQ(OBJ_RECTANGLE_LABEL, machine.chart.objects.front().type);
  machine.chart.objects.clear();
  clock.Advance(2000);
  panel.Update(model);
  EXPECT_EQ(whole, machine.chart.objects.size());
}

TEST_F(Panel, AClickAsksForWhatTheButtonShowedAndTheButtonSpringsBack) {
  Status(1, "running");
  Status(2, "paused");
  panel.Begin("t");
  Show();
  string connector = "";
  bool resume = true;
  mt::ChartObject &button = Found("button1");
  button.integers[OBJPROP_STATE] = 1;
  EXPECT_TRUE(panel.OnClick(button.name, model, connector, resume));
  EXPECT_EQ("connector-with-a-name-1", connector.Utf8());
  EXPECT_FALSE(resume);
  EXPECT_EQ(0, Found("button1").Integer(OBJPROP_STATE));
  EXPECT_EQ("Pause", Text("button1")) << "the host has not confirmed anything";

  Status(1, "paused"); // the host said so, but it is not drawn yet: the click meant Pause
  EXPECT_TRUE(panel.OnClick(button.name, model, connector, resume));
  EXPECT_FALSE(resume);

  model.BeginRequest(connector, false);
  panel.Update(model);
  EXPECT_EQ("Pausing", Text("button1"));
  EXPECT_FALSE(panel.OnClick(Found("button1").name, model, connector, resume)) << "one request at a time";

  EXPECT_TRUE(panel.OnClick(Found("button2").name, model, connector, resume));
  EXPECT_TRUE(resume);
}

TEST_F(Panel, AClickOnAnotherThingOrALostRowIsNothing) {
  Status(1, "running");
  panel.Begin("t");
  Show();
  string connector = "untouched";
  bool resume = false;
  const std::string button = Object("button1");
  for (const std::string &name : {Object("state1"), Object("title"), std::string("button1"), std::string(""), std::string("CSMC1_button1"), button + "0"})
    EXPECT_FALSE(panel.OnClick(name.c_str(), model, connector, resume)) << name;
  model.ClearConnectors();
  Status(2, "running");
  EXPECT_FALSE(panel.OnClick(button.c_str(), model, connector, resume)) << "the row of that button is gone";
  EXPECT_EQ("untouched", connector.Utf8());
  panel.End(REASON_REMOVE);
  EXPECT_FALSE(panel.OnClick(button.c_str(), model, connector, resume));
}

TEST_F(Panel, TwoPanelsOnTwoChartsDoNotMeet) {
  mt::Machine other{clock, network};
  other.chart.id = machine.chart.id + 1;
  Status(1, "running");
  panel.Begin("one");
  Show();
  CPanel second;
  CPanelModel secondModel;
  {
    mt::Machine::Scope there(other);
    secondModel.SetConnector("x", "paper", "paused", "", "", "");
    second.Begin("two");
    second.Update(secondModel);
  }
  for (const auto &each : other.chart.objects) EXPECT_EQ(nullptr, machine.chart.Find(each.name)) << "names differ from chart to chart";
  string connector = "";
  bool resume = false;
  EXPECT_FALSE(panel.OnClick(other.chart.objects.back().name, model, connector, resume));
  const std::size_t before = other.chart.objects.size();
  panel.End(REASON_REMOVE);
  EXPECT_EQ(before, other.chart.objects.size());
  mt::Machine::Scope there(other);
  second.End(REASON_REMOVE);
  EXPECT_TRUE(other.chart.objects.empty());
}
