// The inputs: what is taken, and that every refusal names the input, the value and what is allowed.
#include <CSMultiConnector/Settings.mqh>

#include "FaceFixture.h"

namespace {

class Settings : public face::Terminal {
protected:
  CSettings settings;
  string magics = "", host = "127.0.0.1", client = "desk-1", secret = "tR4-secret", removed = "", licence = "default";
  int port = 5555, megabytes = 20;

  std::string Check() { return settings.Check(magics, false, host, port, false, client, secret, removed, true, true, true, megabytes, licence).Utf8(); }

  void Refuses(const std::string &label, const std::string &value, const std::string &allowed) {
    const std::string problem = Check();
    EXPECT_NE(std::string::npos, problem.find("Input \"" + label + "\"")) << problem;
    EXPECT_NE(std::string::npos, problem.find(value)) << problem;
    EXPECT_NE(std::string::npos, problem.find(allowed)) << problem;
    EXPECT_EQ(std::string::npos, problem.find("tR4-secret")) << problem;
  }
};

constexpr const char *Magics = "Source Expert Advisor magic IDs (comma separated)";

} // namespace

TEST_F(Settings, DefaultsAreTakenOnceClientAndSecretAreThere) {
  EXPECT_EQ("", Check());
  EXPECT_EQ("", settings.Magics.Utf8());
  EXPECT_EQ(1, settings.MagicsTotal());
  EXPECT_EQ(0, settings.MagicAt(0));
  EXPECT_TRUE(settings.HasMagic(0));
  EXPECT_FALSE(settings.HasMagic(1));
  EXPECT_EQ(5555u, settings.Port);
}

TEST_F(Settings, MagicsBecomeOneCanonicalText) {
  magics = " 1002,0 , 0001001,9223372036854775807 ";
  EXPECT_EQ("", Check());
  EXPECT_EQ("1002,0,1001,9223372036854775807", settings.Magics.Utf8());
  EXPECT_EQ(4, settings.MagicsTotal());
  EXPECT_EQ(std::numeric_limits<long>::max(), settings.MagicAt(3));
  EXPECT_TRUE(settings.HasMagic(0));
  EXPECT_TRUE(settings.HasMagic(1001));
  EXPECT_FALSE(settings.HasMagic(1003));
  EXPECT_EQ(0, settings.MagicAt(4));
  EXPECT_EQ(0, settings.MagicAt(-1));
}

TEST_F(Settings, AMagicIsAWholeNumberThatFits) {
  for (const char *bad : {"-1", "+1", "1.5", "abc", "0x10", "10 01", "1001;1002", "1001,,1002", "9223372036854775808", "99999999999999999999", ","}) {
    magics = bad;
    Refuses(Magics, "is not allowed", "whole numbers from 0 to 9223372036854775807");
  }
  magics = "7,1001,x1\n2";
  Refuses(Magics, "\"x1 2\"", "at most 256");
}

TEST_F(Settings, AMagicStandsOnce) {
  magics = "1001,5,01001";
  Refuses(Magics, "1001 stands there twice", "each magic once");
}

TEST_F(Settings, AListThatTheTerminalMayHaveCutIsRefused) {
  std::string list = "1000000001";
  while (list.size() + 11 < 242) list += "," + std::to_string(1000000001 + list.size());
  magics = list.c_str();
  EXPECT_EQ("", Check()) << "shorter than the limit";
  list.resize(242, '1');
  magics = list.c_str();
  Refuses(Magics, "242 characters", "file:NAME");
}

TEST_F(Settings, ALongListComesFromAFile) {
  std::string list;
  for (int i = 0; i < 256; i++) list += (i == 0 ? "" : ", ") + std::to_string(1000000000000000000 + i);
  Put("magics.txt", "\xEF\xBB\xBF" + list + "\r\nanything else\n");
  magics = "file:magics.txt";
  EXPECT_EQ("", Check());
  EXPECT_EQ(256, settings.MagicsTotal());
  EXPECT_EQ(1000000000000000255, settings.MagicAt(255));
  EXPECT_EQ(0u, machine.files.OpenCount());

  Put("magics.txt", list + ",7");
  Refuses(Magics, "257 magics", "at most 256");
}

TEST_F(Settings, WhatTheBrokerRemovedIsNamedByItsNumbers) {
  EXPECT_EQ("", Check());
  EXPECT_FALSE(settings.IsRemoved(0));
  removed = "700000012, 300000007";
  EXPECT_EQ("", Check());
  EXPECT_TRUE(settings.IsRemoved(700000012));
  EXPECT_TRUE(settings.IsRemoved(300000007));
  EXPECT_FALSE(settings.IsRemoved(700000011));
  EXPECT_EQ("", settings.Magics.Utf8());
  Put("gone.txt", "700000013\n");
  removed = "file:gone.txt";
  EXPECT_EQ("", Check());
  EXPECT_TRUE(settings.IsRemoved(700000013));
  EXPECT_FALSE(settings.IsRemoved(700000012)) << "the list of before is forgotten";

  const std::string label = "Positions and deals that the broker removed (comma separated)";
  removed = "all";
  Refuses(label, "\"all\"", "the numbers that the Expert Advisor named");
  removed = "5,6,5";
  Refuses(label, "5 stands there twice", "each number once");
  removed = std::string(240, '1').c_str();
  Refuses(label, "240 characters", "file:NAME");
}

TEST_F(Settings, TheHostIsANameOrAnAddressAlone) {
  for (const char *good : {"127.0.0.1", "localhost", "trade-host.example", "::1", "fe80::1"}) {
    host = good;
    EXPECT_EQ("", Check()) << good;
  }
  for (const char *bad : {"", " ", "http://127.0.0.1", "127.0.0.1:5555", "my host", "host ", "a/b", "host\t"}) {
    host = bad;
    Refuses("Host address", "is not allowed", "no http://, no port, no blanks");
  }
  host = std::string(254, 'a').c_str();
  Refuses("Host address", "is not allowed", "such as 127.0.0.1");
}

TEST_F(Settings, ThePortIsOne) {
  for (int good : {1, 5555, 65535}) {
    port = good;
    EXPECT_EQ("", Check());
    EXPECT_EQ(static_cast<uint>(good), settings.Port);
  }
  for (int bad : {0, -1, 65536, std::numeric_limits<int>::max()}) {
    port = bad;
    Refuses("Port", "\"" + std::to_string(bad) + "\"", "1 to 65535");
  }
}

TEST_F(Settings, TheClientHasTheLettersOfTheProtocol) {
  client = std::string(64, 'Z').c_str();
  EXPECT_EQ("", Check());
  for (const std::string &bad : {std::string(), std::string(65, 'a'), std::string("my client"), std::string("Grüße"), std::string("a.b")}) {
    client = bad.c_str();
    Refuses("Client id", "is not allowed", "csmulticonnector client add");
  }
}

TEST_F(Settings, TheSecretIsNeverInAnAnswer) {
  secret = "";
  Refuses("Client secret", "is empty", "client add");
  secret = "tR4-secret\x01";
  Refuses("Client secret", "control character", "in one line");
  secret = "tR4-secret ";
  Refuses("Client secret", "begins or ends with a blank", "the secret alone");
  secret = "Grüße und ein Leerzeichen";
  EXPECT_EQ("", Check());
  EXPECT_EQ("Grüße und ein Leerzeichen", settings.Secret.Utf8());
}

TEST_F(Settings, TheSecretCanStandInAFile) {
  secret = "file:csmc.txt";
  Refuses("Client secret", "\"csmc.txt\" in MQL5\\Files cannot be opened", "error 5019");
  Put("csmc.txt", "\xEF\xBB\xBFtR4-secret\r\nsecond line\r\n");
  EXPECT_EQ("", Check());
  EXPECT_EQ("tR4-secret", settings.Secret.Utf8());
  Put("csmc.txt", "tR4-secret");
  EXPECT_EQ("", Check());
  EXPECT_EQ("tR4-secret", settings.Secret.Utf8());
  for (const char *none : {"", "\n", "\r\ntR4-secret", "  \n"}) {
    Put("csmc.txt", none);
    Refuses("Client secret", "csmc.txt", "empty first line");
  }
  Put("csmc.txt", std::string("\xFF\xFEt\0R\0", 6));
  Refuses("Client secret", "csmc.txt", "Save it as UTF-8");
  Put("csmc.txt", std::string(70000, 's'));
  Refuses("Client secret", "csmc.txt", "larger than 65536 bytes");
  secret = "file: ";
  Refuses("Client secret", "without a name", "file:NAME");
  EXPECT_EQ(0u, machine.files.OpenCount());
}

TEST_F(Settings, LogSizeAndLicenceAreBounded) {
  for (int good : {1, 1000}) {
    megabytes = good;
    EXPECT_EQ("", Check());
  }
  for (int bad : {0, -20, 1001}) {
    megabytes = bad;
    Refuses("Max. log file size (Mbytes)", "\"" + std::to_string(bad) + "\"", "1 to 1000");
  }
  megabytes = 20;
  licence = std::string(256, 'k').c_str();
  EXPECT_EQ("", Check());
  licence = std::string(257, 'k').c_str();
  Refuses("License key", "is not allowed", "up to 256 characters");
  licence = "a\nb";
  Refuses("License key", "\"a b\"", "in one line");
}

TEST_F(Settings, ASecondCheckForgetsTheFirst) {
  magics = "1,2,3";
  EXPECT_EQ("", Check());
  magics = "9";
  EXPECT_EQ("", Check());
  EXPECT_EQ("9", settings.Magics.Utf8());
  EXPECT_EQ(1, settings.MagicsTotal());
  EXPECT_FALSE(settings.HasMagic(1));
}
