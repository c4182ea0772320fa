// Volumes and amounts as text, JSON lines both ways, the queues of bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <CSMultiConnector/Backoff.mqh>
#include <CSMultiConnector/ByteQueue.mqh>
#include <CSMultiConnector/JsonLine.mqh>
#include <CSMultiConnector/JsonWriter.mqh>
#include <CSMultiConnector/KeyOrder.mqh>
#include <CSMultiConnector/LineBuffer.mqh>
#include <CSMultiConnector/Lots.mqh>
#include <CSMultiConnector/Requests.mqh>

namespace {

Arr<uchar> Bytes(const std::string &text) {
  Arr<uchar> bytes;
  bytes.Resize(static_cast<int>(text.size()));
  for (std::size_t i = 0; i < text.size(); i++) bytes[i] = static_cast<uchar>(text[i]);
  return bytes;
}

std::string TextOf(const Arr<uchar> &bytes, int count) {
  std::string text;
  for (int i = 0; i < count; i++) text += static_cast<char>(bytes[i]);
  return text;
}

bool Parse(CJsonLine &line, const std::string &text) { return line.Parse(Bytes(text), static_cast<int>(text.size())); }

std::string Reject(const std::string &text) {
  CJsonLine line;
  return Parse(line, text) ? "taken: " + text : "";
}

} // namespace

TEST(Lots, AreExactUnitsOfAHundredMillionth) {
  EXPECT_EQ(CLots::Of(0.1), 10000000);
  EXPECT_EQ(CLots::Of(0.1) + CLots::Of(0.2), CLots::Of(0.3));
  EXPECT_EQ(CLots::Of(0.29), 29000000);
  EXPECT_EQ(CLots::Of(1e-8), 1);
  EXPECT_EQ(CLots::Of(-1.0), 0);
  EXPECT_EQ(CLots::Of(std::nan("")), 0);
  EXPECT_EQ(CLots::Of(std::numeric_limits<double>::infinity()), 0);
}

TEST(Lots, AreWrittenWithTheDigitsThatTheyNeed) {
  EXPECT_EQ(CLots::Text(0).Utf8(), "0");
  EXPECT_EQ(CLots::Text(1).Utf8(), "0.00000001");
  EXPECT_EQ(CLots::Text(30000000).Utf8(), "0.3");
  EXPECT_EQ(CLots::Text(100000000).Utf8(), "1");
  EXPECT_EQ(CLots::Text(1000000000).Utf8(), "10");
  EXPECT_EQ(CLots::Text(12345678901).Utf8(), "123.45678901");
  EXPECT_EQ(CLots::Text(-150000000).Utf8(), "-1.5");
}

TEST(Amount, HasNoExponentAndOnlyTheDigitsThatItNeeds) {
  EXPECT_EQ(CLots::Amount(1.1).Utf8(), "1.1");
  EXPECT_EQ(CLots::Amount(1.08765).Utf8(), "1.08765");
  EXPECT_EQ(CLots::Amount(100000).Utf8(), "100000");
  EXPECT_EQ(CLots::Amount(0.00000001).Utf8(), "0.00000001");
  EXPECT_EQ(CLots::Amount(-0.07).Utf8(), "-0.07");
  EXPECT_EQ(CLots::Amount(-0.0).Utf8(), "0");
  EXPECT_EQ(CLots::Amount(-1e-14).Utf8(), "0");
  EXPECT_EQ(CLots::Amount(0.1 + 0.2).Utf8(), "0.3");
  EXPECT_EQ(CLots::Amount(1e300).Utf8(), "0");
  EXPECT_EQ(CLots::Amount(std::nan("")).Utf8(), "0");
}

TEST(JsonWriter, EscapesWhatJsonNeedsAndCutsWhatIsTooLong) {
  CJsonWriter writer;
  writer.Begin("deal");
  writer.Number("seq", 9007199254740993L);
  writer.Text("comment", "a\"b\\c\td", 256);
  writer.Text("cut", "abcdef", 3);
  writer.Flag("yes", true);
  writer.Volume("long", 30000000);
  EXPECT_EQ(writer.Line().Utf8(), R"({"t":"deal","seq":9007199254740993,"comment":"a\"b\\c d","cut":"abc","yes":true,"long":0.3})");
}

TEST(JsonWriter, LeavesNoHalfOfAPairInAText) {
  CJsonWriter writer;
  writer.Begin("x");
  const std::u16string lone = {u'a', 0xD83D, u'b', 0xDE00, u'c'};
  writer.Text("lone", string(lone), 10);
  writer.Text("pair", string(std::u16string(u"ab😀")), 3);
  writer.Text("whole", string(std::u16string(u"ab😀")), 4);
  EXPECT_EQ(writer.Line().Utf8(), "{\"t\":\"x\",\"lone\":\"a\uFFFDb\uFFFDc\",\"pair\":\"ab\",\"whole\":\"ab😀\"}");
}

TEST(JsonLine, ReadsEveryKindOfValue) {
  CJsonLine line;
  ASSERT_TRUE(Parse(line, R"( {"t" : "status","a":-12,"big":9223372036854775807,"lots":0.30000000001,"yes":true,"no":false,"nil":null,"s":"\u00e4\ud83d\ude00\n\/ \"ö\""} )" "\r"));
  long number = 0;
  long lots = 0;
  bool flag = false;
  string text;
  EXPECT_EQ(line.Type().Utf8(), "status");
  EXPECT_TRUE(line.Integer("big", 0, number));
  EXPECT_EQ(number, 9223372036854775807L);
  EXPECT_TRUE(line.Integer("a", -20, number));
  EXPECT_EQ(number, -12);
  EXPECT_FALSE(line.Integer("a", 0, number));
  EXPECT_FALSE(line.Integer("lots", 0, number));
  EXPECT_TRUE(line.Volume("lots", lots));
  EXPECT_EQ(lots, 30000000);
  EXPECT_TRUE(line.Flag("yes", flag));
  EXPECT_TRUE(flag);
  EXPECT_TRUE(line.Text("s", text));
  EXPECT_EQ(text.Utf8(), "ä😀\n/ \"ö\"");
  EXPECT_FALSE(line.Text("nil", text));
  EXPECT_EQ(line.LastKey().Utf8(), "s");
}

TEST(JsonLine, RefusesWhatIsNotOneFlatObject) {
  for (const char *bad : {"", "{", "[]", "{\"a\":{}}", "{\"a\":[]}", "{\"a\":1,\"a\":2}", "{\"a\":1}x", "{\"a\":01}", "{\"a\":+1}", "{\"a\":1.}", "{\"a\":nul}", "{a:1}",
                          "{\"a\":\"\x01\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":\"open", "{\"a\":\"\xC0\x80\"}", "{\"a\":\"\xED\xA0\x80\"}",
                          "{\"a\":\"\xE2\x82\"}", "{\"a\":\"\xF5\x80\x80\x80\"}", "\xEF\xBB\xBF{\"a\":1}", "{\"a\":-}", "{\"a\":1e}"})
    EXPECT_EQ(Reject(bad), "");
  std::string many = "{";
  for (int i = 0; i < 65; i++) many += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  EXPECT_EQ(Reject(many + "}"), "");
}

TEST(JsonLine, SurvivesAnyBytes) {
  std::mt19937 chance(7);
  const std::string good = R"({"t":"deal","magic":1001,"long":0.3,"text":"\u00e4 x"})";
  CJsonLine line;
  for (int i = 0; i < 20000; i++) {
    std::string text = good;
    for (int k = static_cast<int>(chance() % 4); k >= 0; k--) text[chance() % text.size()] = static_cast<char>(chance());
    text.resize(chance() % (text.size() + 1));
    Parse(line, text);
    line.Type();
  }
}

TEST(JsonLine, TakesNoNumberThatDoesNotFit) {
  CJsonLine line;
  long number = 5;
  ASSERT_TRUE(Parse(line, R"({"a":9223372036854775808,"b":99999999999999999999.5,"c":-1,"d":1e5})"));
  EXPECT_FALSE(line.Integer("a", 0, number));
  EXPECT_FALSE(line.Volume("b", number));
  EXPECT_FALSE(line.Volume("c", number));
  EXPECT_FALSE(line.Volume("d", number));
  EXPECT_EQ(number, 5);
}

TEST(ByteQueue, GivesBytesBackInOrderAndTakesNoMoreThanItsLimit) {
  CByteQueue queue;
  queue.Begin(200000);
  std::string sent;
  std::string got;
  std::mt19937 chance(11);
  while (got.size() < 2000000) {
    const std::string piece(chance() % 30000 + 1, static_cast<char>('a' + chance() % 26));
    const int before = queue.Count();
    if (queue.Append(Bytes(piece), static_cast<int>(piece.size()))) sent += piece;
    else {
      EXPECT_EQ(queue.Count(), before);
      EXPECT_GT(before + static_cast<int>(piece.size()), 200000);
    }
    ASSERT_LE(queue.Count(), 200000);
    Arr<uchar> first;
    const int count = queue.Peek(first, static_cast<int>(chance() % 20000 + 1));
    const int done = count == 0 ? 0 : static_cast<int>(chance() % static_cast<unsigned>(count)) + 1;
    got += TextOf(first, done);
    queue.Remove(done);
  }
  EXPECT_EQ(got, sent.substr(0, got.size()));
}

TEST(LineBuffer, CutsLinesWhateverThePieces) {
  std::mt19937 chance(3);
  std::string all;
  std::vector<std::string> lines;
  for (int i = 0; i < 300; i++) {
    lines.push_back(std::string(chance() % 900, static_cast<char>('a' + i % 26)));
    all += lines.back() + "\n";
  }
  CLineBuffer buffer;
  Arr<uchar> line;
  int length = 0;
  std::size_t next = 0;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t piece = std::min<std::size_t>(chance() % 2000 + 1, all.size() - at);
    buffer.Append(Bytes(all.substr(at, piece)), static_cast<int>(piece));
    at += piece;
    while (buffer.Next(line, length)) {
      ASSERT_LT(next, lines.size());
      EXPECT_EQ(TextOf(line, length), lines[next++]);
    }
  }
  EXPECT_EQ(next, lines.size());
  EXPECT_FALSE(buffer.IsBroken());
}

TEST(LineBuffer, TakesALineOf65536BytesAndBreaksAtALongerOne) {
  CLineBuffer buffer;
  Arr<uchar> line;
  int length = 0;
  buffer.Append(Bytes(std::string(65536, 'x') + "\n"), 65537);
  ASSERT_TRUE(buffer.Next(line, length));
  EXPECT_EQ(length, 65536);
  buffer.Append(Bytes(std::string(65537, 'x')), 65537);
  EXPECT_FALSE(buffer.Next(line, length));
  EXPECT_TRUE(buffer.IsBroken());
}

TEST(KeyOrder, SortsByBothKeys) {
  std::mt19937 chance(5);
  for (int count : {0, 1, 2, 3, 10, 1000}) {
    Arr<long> first;
    Arr<long> second;
    Arr<int> order;
    first.Resize(count);
    second.Resize(count);
    for (int i = 0; i < count; i++) {
      first[i] = static_cast<long>(chance() % 20);
      second[i] = static_cast<long>(chance() % 1000);
    }
    ASSERT_TRUE(CKeyOrder::Sort(first, second, count, order));
    std::vector<bool> seen(static_cast<std::size_t>(count));
    for (int i = 0; i < count; i++) {
      seen[static_cast<std::size_t>(order[i])] = true;
      if (i == 0) continue;
      EXPECT_LE(std::make_pair(first[order[i - 1]], second[order[i - 1]]), std::make_pair(first[order[i]], second[order[i]]));
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), true), count);
  }
}

TEST(Requests, HaveIdsThatAreNeverUsedTwice) {
  CRequests requests;
  string connector;
  const string first = requests.Add("aa", "paper");
  EXPECT_TRUE(requests.Take(first, connector));
  EXPECT_EQ(connector.Utf8(), "paper");
  EXPECT_FALSE(requests.Take(first, connector));
  const string second = requests.Add("aa", "");
  EXPECT_NE(first.Utf8(), second.Utf8());
  requests.Begin();
  EXPECT_FALSE(requests.Take(second, connector)) << "an answer of an earlier session";
  for (int i = 0; i < REQUESTS_MAX; i++) EXPECT_GT(requests.Add("aa", "").Length(), 0);
  EXPECT_EQ(requests.Add("aa", "").Length(), 0);
}
