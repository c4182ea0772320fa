// The Expert Advisor as a whole program: how it starts, what it refuses, and that every end is clean.
#include "FaceFixture.h"
#include "Program/Program.h"

namespace {

class Advisor : public face::Terminal {
protected:
  mt::Program program{machine};

  void SetUp() override {
    face::Terminal::SetUp();
    program.SetInput("ClientId", "desk-1");
    program.SetInput("ClientSecret", "tR4-secret");
  }

  bool Said(const std::vector<std::string> &lines, const std::string &text) const {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string &line) { return line.find(text) != std::string::npos; });
  }
  bool Printed(const std::string &text) const { return Said(machine.output.printed, text); }

  void ExpectNothingLeft() {
    EXPECT_TRUE(machine.chart.objects.empty());
    EXPECT_EQ(0u, machine.files.OpenCount());
    EXPECT_TRUE(machine.sockets.empty());
    EXPECT_FALSE(program.TimerDue().has_value());
    for (const auto &fault : machine.output.faults) ADD_FAILURE() << fault;
    EXPECT_FALSE(Printed("tR4-secret"));
  }
};

} // namespace

TEST_F(Advisor, StartsWithAPanelALogAndATimer) {
  ASSERT_TRUE(program.Load());
  EXPECT_FALSE(machine.chart.objects.empty());
  EXPECT_TRUE(program.TimerDue().has_value());
  program.RunFor(clock, 1000);
  EXPECT_NE(std::string::npos, Content("CSMultiConnector/5012345@MetaQuotes-Demo.log").find("started; magics: trades made by hand."));
  program.Unload(REASON_REMOVE);
  ExpectNothingLeft();
}

TEST_F(Advisor, RefusesTheTester) {
  machine.tester = true;
  EXPECT_FALSE(program.Load());
  EXPECT_EQ(INIT_FAILED, program.InitResult());
  EXPECT_TRUE(Printed("does not run in the Strategy Tester"));
  ExpectNothingLeft();
}

TEST_F(Advisor, ABadInputEndsTheStartAndIsNamed) {
  for (const auto &[input, value, label] : std::vector<std::tuple<std::string, std::string, std::string>>{
         {"SourceMagics", "1,x", "Source Expert Advisor magic IDs (comma separated)"}, {"HostAddress", "http://a", "Host address"}, {"HostPort", "0", "Port"},
         {"ClientId", "", "Client id"}, {"ClientSecret", "", "Client secret"},
         {"RemovedTickets", "1;2", "Positions and deals that the broker removed (comma separated)"}, {"MaxLogMbytes", "0", "Max. log file size (Mbytes)"}}) {
    mt::Program other{machine};
    other.SetInput("ClientId", "desk-1");
    other.SetInput("ClientSecret", "tR4-secret");
    ASSERT_TRUE(other.SetInput(input, value)) << input;
    machine.output.printed.clear();
    machine.output.alerts.clear();
    EXPECT_FALSE(other.Load()) << input;
    EXPECT_EQ(INIT_PARAMETERS_INCORRECT, other.InitResult());
    EXPECT_TRUE(Printed("Input \"" + label + "\"")) << input;
    EXPECT_TRUE(Said(machine.output.alerts, label)) << input;
  }
  program.SetInput("HostPort", "0");
  program.SetInput("ShowAlertOnError", "false");
  machine.output.alerts.clear();
  EXPECT_FALSE(program.Load());
  EXPECT_TRUE(machine.output.alerts.empty());
  ExpectNothingLeft();
}

TEST_F(Advisor, EveryEndIsClean) {
  for (int reason : {REASON_REMOVE, REASON_RECOMPILE, REASON_CHARTCLOSE, REASON_ACCOUNT, REASON_TEMPLATE, REASON_CLOSE}) {
    ASSERT_TRUE(program.Load()) << reason;
    program.RunFor(clock, 5000);
    program.Unload(reason);
    ExpectNothingLeft();
  }
}

TEST_F(Advisor, AnotherPeriodKeepsItRunningAndBadNewInputsEndIt) {
  ASSERT_TRUE(program.Load());
  program.RunFor(clock, 3000);
  const std::size_t objects = machine.chart.objects.size();
  ASSERT_TRUE(program.Restart(REASON_CHARTCHANGE));
  program.RunFor(clock, 3000);
  EXPECT_LE(objects, machine.chart.objects.size());
  EXPECT_TRUE(program.TimerDue().has_value());

  program.SetInput("SourceMagics", "1001");
  ASSERT_TRUE(program.Restart(REASON_PARAMETERS));
  EXPECT_TRUE(Printed("magics: 1001."));
  program.SetInput("HostPort", "70000");
  EXPECT_FALSE(program.Restart(REASON_PARAMETERS));
  EXPECT_TRUE(Printed("\"70000\" is not allowed"));
  EXPECT_FALSE(program.IsLoaded());
  ExpectNothingLeft();
}

TEST_F(Advisor, ATimerThatCannotBeSetIsTriedAgainAtTheNextEvent) {
  program.timerFailures = 2;
  ASSERT_TRUE(program.Load());
  EXPECT_FALSE(program.TimerDue().has_value());
  program.PostTick();
  program.Pump();
  EXPECT_FALSE(program.TimerDue().has_value());
  program.PostChartEvent(CHARTEVENT_CHART_CHANGE, 0, 0, "");
  program.Pump();
  EXPECT_TRUE(program.TimerDue().has_value());
  EXPECT_TRUE(Printed("The timer cannot be set (error 4108)"));
  program.Unload(REASON_REMOVE);
  ExpectNothingLeft();
}

TEST_F(Advisor, AButtonWithoutASessionDoesNothingAndSaysSo) {
  ASSERT_TRUE(program.Load());
  program.RunFor(clock, 1000);
  EXPECT_FALSE(program.Click("CSMC_button1")) << "without a connector there is no button";
  program.PostChartEvent(CHARTEVENT_OBJECT_CLICK, 0, 0, "somebody else's button");
  program.Pump();
  program.Unload(REASON_REMOVE);
  ExpectNothingLeft();
}
