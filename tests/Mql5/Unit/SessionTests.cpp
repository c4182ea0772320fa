// One session against a host that the test plays line by line: what is proved, what ends it, what it never sends.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <CSMultiConnector/Session.mqh>

#include "MachineFixture.h"

namespace {

const std::string Secret = "Grüße-secret";

std::string Proof(const std::string &purpose, const std::string &nonce, const std::string &before, const std::string &secret = Secret) {
  Arr<uchar> key;
  Arr<uchar> message;
  Arr<uchar> digest;
  CUtf8::Bytes(secret.c_str(), key);
  CUtf8::Bytes((purpose + nonce + "|" + before).c_str(), message);
  EXPECT_TRUE(CSha256::Hmac(key, message, digest));
  return CSha256::Hex(digest, SHA256_BYTES).Utf8();
}

std::string Field(const std::string &line, const std::string &key) {
  const auto at = line.find("\"" + key + "\":");
  if (at == std::string::npos) return "";
  auto from = at + key.size() + 3;
  if (line[from] == '"') return line.substr(from + 1, line.find('"', from + 1) - from - 1);
  return line.substr(from, line.find_first_of(",}", from) - from);
}

class Sessions : public unit::WithAccount {
protected:
  CContext c;
  CSession session;
  CAccountFacts account;
  std::shared_ptr<mt::MemoryLine> line;
  std::string received;
  const std::string nonce = "0123456789abcdef0123456789ABCDEF";

  void SetUp() override {
    network.onConnect = [this](const std::shared_ptr<mt::MemoryLine> &made) {
      line = made;
      return true;
    };
    c.settings.Host = "127.0.0.1";
    c.settings.Port = 5555;
    c.settings.ClientId = "desk-1";
    c.settings.Secret = Secret.c_str();
    c.settings.Magics = "1001,1002";
    c.settings.Licence = "default";
    account.login = 5012345;
    account.server = "Server \"ä\"";
    account.currency = "USD";
    account.margin = "netting";
    account.mode = "demo";
    account.build = 4755;
  }

  void Tick(long milliseconds = 50) {
    clock.Advance(milliseconds);
    session.Receive(c, account, GetTickCount64());
    session.KeepAlive(GetTickCount64());
    session.Flush(GetTickCount64());
    received += line->Take();
  }
  void Say(const std::string &text) {
    line->Give(text + "\n");
    Tick();
  }
  std::vector<std::string> Lines() {
    std::vector<std::string> lines;
    for (std::size_t end; (end = received.find('\n')) != std::string::npos; received.erase(0, end + 1)) lines.push_back(received.substr(0, end));
    return lines;
  }
  std::string Hello() {
    EXPECT_TRUE(session.Connect(c));
    Tick();
    EXPECT_EQ("", received) << "nothing before the challenge";
    Say(R"({"t":"challenge","protocol":1,"nonce":")" + nonce + R"(","host":"h","version":"1.0.0"})");
    const auto lines = Lines();
    EXPECT_EQ(1U, lines.size());
    return lines.empty() ? "" : lines[0];
  }
  std::string Welcome(const std::string &hello, const std::string &secret = Secret) {
    const std::string before = R"({"t":"welcome","session":"s","heartbeat":5)";
    return before + ",\"proof\":\"" + Proof("csmc-host-1|", Field(hello, "nonce"), before, secret) + "\"}";
  }
  void LogIn() {
    Say(Welcome(Hello()));
    Say(R"({"t":"resume","magic":1001,"deal":7,"timeMsc":1763650000123})");
    Say(R"({"t":"resume-position","magic":-1,"symbol":"EURUSD","long":0.3,"short":0})");
    Say(R"({"t":"ready","ledgerDeal":9})");
    ASSERT_TRUE(session.IsOpen());
  }
};

} // namespace

class Sha256 : public unit::OnMachine {};

TEST_F(Sha256, GivesTheKnownAnswers) {
  Arr<uchar> key;
  Arr<uchar> data;
  Arr<uchar> digest;
  CUtf8::Bytes("abc", data);
  ASSERT_TRUE(CSha256::Hash(data, digest));
  EXPECT_EQ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", CSha256::Hex(digest, 32).Utf8());
  CUtf8::Bytes("Grüße-secret", key);
  ASSERT_TRUE(CSha256::Hmac(key, data, digest));
  EXPECT_EQ("4fdae6e750866e0ea5d70af0402cd7f2faf13ab55b0512d7b3f940b4603fdd75", CSha256::Hex(digest, 32).Utf8());
  CUtf8::Bytes("Jefe", key);
  CUtf8::Bytes("what do ya want for nothing?", data);
  ASSERT_TRUE(CSha256::Hmac(key, data, digest));
  EXPECT_TRUE(CSha256::IsSame(digest, "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"));
  EXPECT_FALSE(CSha256::IsSame(digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3842"));
  EXPECT_FALSE(CSha256::IsSame(digest, ""));
  ArrayResize(key, 131);
  ArrayInitialize(key, static_cast<uchar>(0xaa));
  CUtf8::Bytes("Test Using Larger Than Block-Size Key - Hash Key First", data);
  ASSERT_TRUE(CSha256::Hmac(key, data, digest));
  EXPECT_EQ("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", CSha256::Hex(digest, 32).Utf8());
}

TEST_F(Sessions, TheProofCoversTheBytesOfHello) {
  const std::string hello = Hello();
  const auto at = hello.find(",\"proof\"");
  ASSERT_NE(std::string::npos, at);
  EXPECT_EQ(Proof("csmc-feed-1|", nonce, hello.substr(0, at)), Field(hello, "proof"));
  EXPECT_NE(std::string::npos, hello.find(R"("server":"Server \"ä\"","margin":"netting","mode":"demo","currency":"USD")"));
  EXPECT_EQ(32U, Field(hello, "nonce").size());
  EXPECT_EQ(std::string::npos, hello.find("secret"));
}

TEST_F(Sessions, EveryLoginHasAnotherNonce) {
  std::set<std::string> seen;
  for (int i = 0; i < 20; i++) EXPECT_TRUE(seen.insert(Field(Hello(), "nonce")).second);
}

TEST_F(Sessions, LearnsWhereToGoOn) {
  LogIn();
  SResumePoint point;
  SStreamLevel row;
  ASSERT_TRUE(session.ResumeAt(0, point));
  EXPECT_EQ(7, point.deal);
  ASSERT_TRUE(session.LedgerAt(0, row));
  EXPECT_EQ(-1, row.magic);
  EXPECT_EQ(30000000, row.long_lots);
  EXPECT_EQ(9, session.LedgerDeal());
}

TEST_F(Sessions, AHostThatDoesNotKnowTheSecretGetsNothing) {
  Say(Welcome(Hello(), "another secret"));
  Say(R"({"t":"ready","ledgerDeal":0})");
  EXPECT_EQ(SESSION_CLOSED, session.Phase());
  EXPECT_EQ(SESSION_END_LOST, session.EndKind());
  EXPECT_TRUE(line->ClosedByEa());
  EXPECT_TRUE(Lines().empty());
}

TEST_F(Sessions, AWelcomeWhoseProofIsNotItsLastKeyIsNone) {
  std::string welcome = Welcome(Hello());
  welcome.insert(welcome.size() - 1, ",\"heartbeats\":7");
  Say(welcome);
  EXPECT_EQ(SESSION_CLOSED, session.Phase());
}

TEST_F(Sessions, NoLoginIsSkipped) {
  Hello();
  Say(R"({"t":"ready","ledgerDeal":0})");
  EXPECT_EQ(SESSION_CLOSED, session.Phase());
}

TEST_F(Sessions, SaysWhatToDoAboutARefusalAndWhetherItIsFinal) {
  const std::vector<std::pair<std::string, ENUM_SESSION_END>> codes = {{"unauthorised", SESSION_END_REFUSED},
                                                                         {"busy", SESSION_END_REFUSED},
                                                                         {"bad-field", SESSION_END_FINAL},
                                                                         {"unsupported-protocol", SESSION_END_FINAL},
                                                                         {"replaced", SESSION_END_REPLACED}};
  for (const auto &[code, end] : codes) {
    Hello();
    Say(R"({"t":"error","code":")" + code + R"(","text":"reason","seq":0})");
    EXPECT_EQ(end, session.EndKind()) << code;
    EXPECT_FALSE(session.EndText().Utf8().empty());
  }
  session.Connect(c);
  Say(R"({"t":"challenge","protocol":2,"nonce":")" + nonce + R"("})");
  EXPECT_EQ(SESSION_END_FINAL, session.EndKind());
  EXPECT_TRUE(Lines().empty()) << "no hello for another protocol";
}

TEST_F(Sessions, RubbishAndLinesWithoutEndCloseIt) {
  LogIn();
  Say("{not json");
  EXPECT_EQ(SESSION_END_LOST, session.EndKind());
  LogIn();
  line->Give(std::string(70'000, 'x'));
  Tick();
  EXPECT_EQ(SESSION_END_LOST, session.EndKind());
  LogIn();
  Say(R"({"t":"of a later version","x":1})");
  EXPECT_TRUE(session.IsOpen()) << "an unknown type is ignored";
}

TEST_F(Sessions, NumbersItsLinesAndStopsAtTheWindowUntilTheHostAcknowledges) {
  LogIn();
  CJsonWriter writer;
  int sent = 0;
  while (session.HasRoom() && sent < 5000) {
    session.BeginLine(writer, "account");
    EXPECT_TRUE(session.EndLine(writer, true));
    sent++;
  }
  EXPECT_EQ(OUTBOX_WINDOW, sent);
  Tick();
  const auto lines = Lines();
  ASSERT_EQ(static_cast<std::size_t>(sent), lines.size());
  for (int i = 0; i < sent; i++) EXPECT_EQ(std::to_string(i + 1), Field(lines[static_cast<std::size_t>(i)], "seq"));
  Say(R"({"t":"ack","seq":100})");
  EXPECT_TRUE(session.HasRoom());
  Say(R"({"t":"ack","seq":99999})");
  EXPECT_TRUE(session.IsOpen());
}

TEST_F(Sessions, GivesSignsOfLifeAndEndsAfterThreeSilentHeartbeats) {
  LogIn();
  Say(R"({"t":"ping"})");
  auto lines = Lines();
  ASSERT_EQ(1U, lines.size());
  EXPECT_EQ(R"({"t":"pong","seq":1})", lines[0]);
  Tick(5000);
  Tick();
  lines = Lines();
  ASSERT_EQ(1U, lines.size());
  EXPECT_EQ(R"({"t":"ping","seq":2})", lines[0]);
  line->Give("bytes without an end");
  Tick(9000);
  EXPECT_TRUE(session.IsOpen());
  Tick(1000);
  EXPECT_EQ(SESSION_END_LOST, session.EndKind());
}

TEST_F(Sessions, AHostThatNeverAnswersIsGivenUp) {
  Hello();
  Tick(SESSION_LOGIN_MS - 1000);
  EXPECT_EQ(SESSION_WELCOME, session.Phase());
  Tick(1000);
  EXPECT_EQ(SESSION_END_LOST, session.EndKind());
}

TEST_F(Sessions, EndsAsTheHostSays) {
  const std::vector<std::pair<std::string, ENUM_SESSION_END>> ends = {{R"({"t":"bye","reason":"replaced"})", SESSION_END_REPLACED},
                                                                        {R"({"t":"bye","reason":"stopping"})", SESSION_END_LOST},
                                                                        {R"({"t":"stop","reason":"a critical error"})", SESSION_END_STOPPED},
                                                                        {R"({"t":"error","code":"out-of-order","text":"","seq":3})", SESSION_END_LOST},
                                                                        {R"({"t":"error","code":"replaced","text":"","seq":3})", SESSION_END_REPLACED}};
  for (const auto &[text, end] : ends) {
    LogIn();
    Say(text);
    EXPECT_EQ(end, session.EndKind()) << text;
  }
  LogIn();
  Say(R"({"t":"error","code":"bad-field","text":"lots","seq":3})");
  EXPECT_TRUE(session.IsOpen()) << "one refused line";
}

TEST_F(Sessions, AButtonWithoutASessionDoesNothingAndIsNotRepeated) {
  EXPECT_FALSE(session.Request("paper", false));
  LogIn();
  Tick();
  EXPECT_TRUE(Lines().empty());
  EXPECT_TRUE(session.Request("paper", false));
  EXPECT_TRUE(session.Request("", true));
  Tick();
  const auto lines = Lines();
  ASSERT_EQ(2U, lines.size());
  EXPECT_EQ("pause", Field(lines[0], "t"));
  EXPECT_EQ("paper", Field(lines[0], "connector"));
  EXPECT_EQ("resume-trading", Field(lines[1], "t"));
  EXPECT_EQ("", Field(lines[1], "connector"));
  EXPECT_NE(Field(lines[0], "id"), Field(lines[1], "id"));
}

TEST_F(Sessions, LeavesWithAGoodBye) {
  LogIn();
  session.Leave("account-changed", 400);
  const std::string said = line->Take();
  EXPECT_NE(std::string::npos, said.find(R"("t":"bye","seq":1,"reason":"account-changed")"));
  EXPECT_TRUE(line->ClosedByEa());
}

// The handler stands still while a send waits, and with it the panel and every event of the terminal.
TEST_F(Sessions, AHostThatTakesItsTimeForEveryPieceHoldsUpNoHandlerForLong) {
  LogIn();
  received.clear();
  const int count = 100;
  for (int i = 0; i < count; i++) {
    CJsonWriter writer;
    session.BeginLine(writer, "account");
    writer.Text("filler", std::string(2000, 'x').c_str(), 2000);
    ASSERT_TRUE(session.EndLine(writer, true));
  }
  line->sendTakes = 400;
  for (int tick = 0; tick < 100 && std::count(received.begin(), received.end(), '\n') < count; tick++) {
    const long before = clock.Milliseconds();
    session.Flush(GetTickCount64());
    EXPECT_LE(clock.Milliseconds() - before, 1000);
    received += line->Take();
  }
  EXPECT_EQ(count, std::count(received.begin(), received.end(), '\n'));
}
