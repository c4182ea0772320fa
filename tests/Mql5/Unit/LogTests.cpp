// The log: one line each, no secret, rotation, and nothing that can stop the Expert Advisor.
#include <CSMultiConnector/Log.mqh>

#include "FaceFixture.h"

namespace {

class Log : public face::Terminal {
protected:
  CSettings settings;
  CLog log;
  const std::string file = "CSMultiConnector/5012345@MetaQuotes-Demo.log";

  void SetUp() override {
    face::Terminal::SetUp();
    settings.Secret = "tR4-secret";
    settings.MaxLogMegabytes = 1;
  }

  std::vector<std::string> Lines(const std::string &name) const {
    std::vector<std::string> lines;
    const std::string text = Content(name);
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t end = text.find("\r\n", from);
      if (end == std::string::npos) {
        ADD_FAILURE() << "the last line has no end";
        break;
      }
      lines.push_back(text.substr(from, end - from));
      from = end + 2;
    }
    return lines;
  }

  /// Information lines of 4,000 characters.
  void Write(int lines) {
    for (int i = 0; i < lines; i++) log.Information(std::string(4000, 'x').c_str());
  }
};

} // namespace

TEST_F(Log, ALineHasLocalTimeLevelAndText) {
  ASSERT_TRUE(log.Open(settings));
  log.Information("Grüße");
  clock.Advance(1234);
  log.FromHost("error", "no funds");
  log.FromHost("info", "i");
  log.FromHost("fatal", "new level");
  log.Close();
  const auto lines = Lines(file);
  ASSERT_EQ(4u, lines.size());
  const std::string day = TimeToString(TimeLocal(), TIME_DATE).Utf8();
  EXPECT_EQ(day, lines[0].substr(0, 10));
  EXPECT_EQ(" INFO Grüße", lines[0].substr(23));
  EXPECT_EQ(" ERROR host: no funds", lines[1].substr(23));
  EXPECT_EQ(" INFO host: i", lines[2].substr(23));
  EXPECT_EQ(" WARNING host: new level", lines[3].substr(23));
  EXPECT_LT(lines[0].substr(0, 23), lines[1].substr(0, 23));
}

TEST_F(Log, TheTimeNeverLeavesTheSecondThatTheTerminalTells) {
  ASSERT_TRUE(log.Open(settings));
  std::vector<std::string> seconds;
  for (int i = 0; i < 200; i++) {
    if (i == 100) clock.SetUtc(clock.UtcMicroseconds() - 3'600'000'000); // set back by an hour
    clock.Advance(137);
    seconds.push_back(TimeToString(TimeLocal(), TIME_DATE | TIME_SECONDS).Utf8());
    log.Information("x");
  }
  log.Close();
  const auto lines = Lines(file);
  ASSERT_EQ(200u, lines.size());
  for (std::size_t i = 0; i < lines.size(); i++) {
    EXPECT_EQ(seconds[i], lines[i].substr(0, 19)) << i;
    if (i != 100 && i > 0) {
      EXPECT_LE(lines[i - 1].substr(0, 23), lines[i].substr(0, 23));
    }
  }
}

TEST_F(Log, NoTextForgesALineOrShowsTheSecret) {
  ASSERT_TRUE(log.Open(settings));
  log.Error("a\r\n2026.01.01 00:00:00.000 INFO forged\x7f with tR4-secret and tR4-secret");
  log.FromHost("warning", "b\u2028c\u0085d tR4-secret");
  log.Warning(std::string(10000, 'y').c_str());
  log.Close();
  const auto lines = Lines(file);
  ASSERT_EQ(3u, lines.size());
  EXPECT_EQ(" ERROR a  2026.01.01 00:00:00.000 INFO forged  with *** and ***", lines[0].substr(23));
  EXPECT_EQ(" WARNING host: b c d ***", lines[1].substr(23));
  EXPECT_LT(lines[2].size(), 4200u);
  for (const auto &each : machine.output.printed) EXPECT_EQ(std::string::npos, each.find("tR4-secret"));
  for (const auto &each : machine.output.alerts) EXPECT_EQ(std::string::npos, each.find("tR4-secret"));
  EXPECT_EQ(1u, machine.output.alerts.size());
}

TEST_F(Log, TheExpertsLogGetsWhatTheInputsSay) {
  for (const auto &[duplicate, information, expected] : std::vector<std::tuple<bool, bool, std::size_t>>{{true, true, 3}, {true, false, 2}, {false, true, 0}, {false, false, 0}}) {
    machine.output.printed.clear();
    settings.DuplicateToExperts = duplicate;
    settings.PrintInformation = information;
    ASSERT_TRUE(log.Open(settings));
    log.Information("i");
    log.Warning("w");
    log.FromHost("error", "e");
    EXPECT_EQ(expected, machine.output.printed.size()) << duplicate << information;
  }
  log.Close();
  EXPECT_EQ(12u, Lines(file).size()) << "the file gets everything";
}

TEST_F(Log, AlertsAreForErrorsAndNotRepeatedWithinAMinute) {
  ASSERT_TRUE(log.Open(settings));
  log.Warning("w");
  log.Information("i");
  for (int i = 0; i < 10; i++) {
    log.Error("same");
    clock.Advance(5000);
  }
  ASSERT_EQ(1u, machine.output.alerts.size());
  EXPECT_EQ("CSMultiConnector: same", machine.output.alerts[0]);
  clock.Advance(10'000);
  log.Error("same");
  EXPECT_EQ(2u, machine.output.alerts.size());

  settings.ShowAlert = false;
  ASSERT_TRUE(log.Open(settings));
  log.Error("other");
  EXPECT_EQ(2u, machine.output.alerts.size());
}

TEST_F(Log, AStormOfErrorsIsSixAlertsAMinuteAndANumber) {
  ASSERT_TRUE(log.Open(settings));
  for (int i = 0; i < 100; i++) log.Error(("error " + std::to_string(i)).c_str());
  EXPECT_EQ(6u, machine.output.alerts.size());
  clock.Advance(60'000);
  log.Error("later");
  ASSERT_EQ(7u, machine.output.alerts.size());
  EXPECT_EQ("CSMultiConnector: later (94 more errors are in the log.)", machine.output.alerts[6]);
  log.Close();
  EXPECT_EQ(101u, Lines(file).size());
}

TEST_F(Log, ANewFileBeginsBeyondTheSizeAndFourOldOnesAreKept) {
  ASSERT_TRUE(log.Open(settings));
  Write(300 * 7);
  log.Close();
  const std::vector<std::string> expected = {"5012345@MetaQuotes-Demo.1.log", "5012345@MetaQuotes-Demo.2.log", "5012345@MetaQuotes-Demo.3.log",
    "5012345@MetaQuotes-Demo.4.log", "5012345@MetaQuotes-Demo.log"};
  EXPECT_EQ(expected, FileNames("CSMultiConnector"));
  for (const auto &name : expected) EXPECT_LE(Content("CSMultiConnector/" + name).size(), 1024u * 1024 + 4200) << name;
  EXPECT_GE(Content("CSMultiConnector/5012345@MetaQuotes-Demo.1.log").size(), 1024u * 1024);
}

TEST_F(Log, AStartGoesOnWhereTheLastOneEnded) {
  ASSERT_TRUE(log.Open(settings));
  log.Information("first");
  log.Close();
  ASSERT_TRUE(log.Open(settings));
  log.Information("second");
  log.Close();
  EXPECT_EQ(2u, Lines(file).size());
  EXPECT_EQ(0u, machine.files.OpenCount());
}

TEST_F(Log, ASecondInstanceWritesAFileOfItsOwn) {
  CLog other;
  ASSERT_TRUE(log.Open(settings));
  ASSERT_TRUE(other.Open(settings));
  log.Information("one");
  other.Information("two");
  EXPECT_EQ(1u, Lines(file).size());
  EXPECT_EQ(1u, Lines("CSMultiConnector/5012345@MetaQuotes-Demo-2.log").size());
  EXPECT_EQ("CSMultiConnector\\5012345@MetaQuotes-Demo-2.log", other.Path().Utf8());
}

TEST_F(Log, AFullDiskIsSaidOnceAndTheGapIsSaidAfterwards) {
  ASSERT_TRUE(log.Open(settings));
  log.Information("before");
  machine.files.full = true;
  machine.output.printed.clear();
  for (int i = 0; i < 200; i++) {
    log.Warning("lost");
    clock.Advance(1000);
  }
  EXPECT_EQ(1, std::count_if(machine.output.printed.begin(), machine.output.printed.end(),
                             [](const std::string &each) { return each.find("Is the disk full") != std::string::npos; }));
  machine.files.full = false;
  clock.Advance(60'000);
  log.Information("after");
  log.Close();
  const auto lines = Lines(file);
  ASSERT_GE(lines.size(), 3u);
  EXPECT_EQ(" INFO after", lines.back().substr(23));
  EXPECT_NE(std::string::npos, lines[lines.size() - 2].find("WARNING 200 lines are missing here"));
  EXPECT_EQ(" INFO before", lines.front().substr(23));
}

TEST_F(Log, WithoutAFolderItWorksAllTheSame) {
  machine.files.folder = "/proc/nowhere";
  EXPECT_FALSE(log.Open(settings));
  EXPECT_EQ("", log.Path().Utf8());
  log.Error("e");
  EXPECT_EQ(1u, machine.output.alerts.size());
  EXPECT_EQ(2u, machine.output.printed.size()) << "the complaint and the error";
  machine.files.folder = "";
}

TEST_F(Log, WhatCannotBeRenamedDoesNotGrowOn) {
  ASSERT_TRUE(log.Open(settings));
  Write(200);
  machine.files.locked.insert("CSMultiConnector/5012345@MetaQuotes-Demo.1.log");
  Put("CSMultiConnector/5012345@MetaQuotes-Demo.1.log", "open elsewhere");
  Write(300);
  EXPECT_LE(Content(file).size(), 1024u * 1024 + 4200);
  EXPECT_EQ("open elsewhere", Content("CSMultiConnector/5012345@MetaQuotes-Demo.1.log"));
  machine.files.locked.clear();
  clock.Advance(60'000);
  log.Information("after");
  log.Close();
  EXPECT_EQ("open elsewhere", Content("CSMultiConnector/5012345@MetaQuotes-Demo.2.log"));
  EXPECT_EQ(" INFO after", Lines(file).back().substr(23));
}

TEST_F(Log, EveryAccountHasAFileName) {
  EXPECT_EQ("1@Broker-Live 2", CLog::FileNameOf(1, "Broker-Live 2").Utf8());
  EXPECT_EQ("1@a_b_c_d_e_f_g_h_i_", CLog::FileNameOf(1, "a\\b/c:d*e?f\"g<h>i|").Utf8());
  EXPECT_EQ("1@Grüße_", CLog::FileNameOf(1, "Grüße.").Utf8());
  EXPECT_EQ("no-account", CLog::FileNameOf(0, "x").Utf8());
  EXPECT_EQ("no-account", CLog::FileNameOf(1, "").Utf8());
  EXPECT_LE(StringLen(CLog::FileNameOf(1, std::string(500, 's').c_str())), 100);
  EXPECT_EQ("1@.._.._x", CLog::FileNameOf(1, "..\\..\\x").Utf8());
}
