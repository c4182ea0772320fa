// The language of MQL5 as the shim has it.
#include "Mql5.h"

#include <gtest/gtest.h>

using mt::S;

static std::string Text(const string &s) { return s.IsNull() ? "NULL" : s.Utf8(); }

TEST(Language, NoStringAndTheEmptyStringAreTwoThings) {
  string none, empty = S(u"");
  EXPECT_TRUE(none == string(mt::Null));
  EXPECT_FALSE(empty == string(mt::Null));
  EXPECT_FALSE(none == empty);
  EXPECT_EQ(0, StringLen(none));
  EXPECT_EQ("a", Text(none + S(u"a")));
}

TEST(Language, TextIsUtf16) {
  const string text = S(u"Grüße 😀");
  EXPECT_EQ(8, StringLen(text));
  EXPECT_EQ(0x00FC, text[2]);
  EXPECT_EQ("Grüße 😀", text.Utf8());
}

TEST(Language, ACharArrayHoldsTheFinalZeroAndIsNeverShrunk) {
  Arr<uchar> bytes;
  EXPECT_EQ(4, StringToCharArray(S(u"ü1"), bytes, 0, WHOLE_ARRAY, CP_UTF8));
  EXPECT_EQ(4, ArraySize(bytes));
  EXPECT_EQ(0, bytes[3]);
  EXPECT_EQ(2, StringToCharArray(S(u"x"), bytes, 0, WHOLE_ARRAY, CP_UTF8));
  EXPECT_EQ(4, ArraySize(bytes));
  EXPECT_EQ(2, StringToCharArray(S(u"abc"), bytes, 1, 2, CP_UTF8)); // a count: no final 0
  EXPECT_EQ('b', bytes[2]);
}

TEST(Language, WithoutTheCodePageTextIsOfTheMachinesPage) {
  Arr<uchar> bytes;
  EXPECT_EQ(2, StringToCharArray(S(u"ü"), bytes));
  EXPECT_EQ(0xFC, bytes[0]);
  EXPECT_EQ(2, StringToCharArray(S(u"€"), bytes));
  EXPECT_EQ('?', bytes[0]);
}

TEST(Language, BytesToTextStopAtZeroAndBadUtf8IsReplaced) {
  Arr<uchar> bytes;
  for (uchar b : {'a', 'b', '\0', 'c'}) ArrayResize(bytes, ArraySize(bytes) + 1), bytes[ArraySize(bytes) - 1] = b;
  EXPECT_EQ("ab", Text(CharArrayToString(bytes, 0, WHOLE_ARRAY, CP_UTF8)));
  EXPECT_EQ("a", Text(CharArrayToString(bytes, 0, 1, CP_UTF8)));
  bytes[1] = 0xC3;
  EXPECT_EQ("a\uFFFD", Text(CharArrayToString(bytes, 0, WHOLE_ARRAY, CP_UTF8)));
}

TEST(Language, NewElementsOfAnArrayAreGarbageAndStringsAreNone) {
  Arr<uchar> bytes;
  ArrayResize(bytes, 3);
  EXPECT_EQ(0xCD, bytes[2]);
  bytes[2] = 7;
  ArrayResize(bytes, 2);
  ArrayResize(bytes, 3);
  EXPECT_EQ(0xCD, bytes[2]);
  Arr<string> texts;
  ArrayResize(texts, 1);
  EXPECT_TRUE(texts[0].IsNull());
  FixArr<int, 2> fixed;
  EXPECT_EQ(static_cast<int>(0xCDCDCDCD), fixed[0]);
}

TEST(LanguageDeath, AnIndexOutsideEndsTheProgram) {
  Arr<int> numbers;
  ArrayResize(numbers, 2);
  EXPECT_DEATH(numbers[2] = 1, "array out of range");
  EXPECT_DEATH(numbers[-1] = 1, "array out of range");
  FixArr<int, 2> fixed;
  EXPECT_DEATH(ArrayResize(fixed, 3), "static array");
  const string text = S(u"ab");
  EXPECT_DEATH(std::printf("%d", text[2]), "string index");
}

TEST(LanguageDeath, DivisionByZeroEndsTheProgram) {
  volatile int zero = 0;
  EXPECT_DEATH(std::printf("%d", 1 / zero), "division by zero");
}

TEST(Language, ArrayCopyGrowsADynamicArrayAndMovesWithinOne) {
  Arr<int> a = {1, 2, 3, 4, 5}, to;
  EXPECT_EQ(2, ArrayCopy(to, a, 1, 3));
  EXPECT_EQ(3, ArraySize(to));
  EXPECT_EQ(5, to[2]);
  Arr<uchar> bytes;
  ArrayResize(bytes, 6);
  for (int i = 0; i < 6; i++) bytes[i] = static_cast<uchar>(i);
  EXPECT_EQ(4, ArrayCopy(bytes, bytes, 0, 2));
  EXPECT_EQ(2, bytes[0]);
  EXPECT_EQ(5, bytes[3]);
  EXPECT_EQ(5, ArrayCopy(bytes, bytes, 1, 0, 5));
  EXPECT_EQ(2, bytes[1]);
  EXPECT_EQ(5, bytes[4]);
  FixArr<int, 2> fixed;
  EXPECT_EQ(2, ArrayCopy(fixed, a));
}

TEST(Language, ArrayRemoveAndInsert) {
  Arr<int> a;
  ArrayResize(a, 4);
  for (int i = 0; i < 4; i++) a[i] = i;
  EXPECT_TRUE(ArrayRemove(a, 1, 2));
  EXPECT_EQ(2, ArraySize(a));
  EXPECT_EQ(3, a[1]);
  Arr<int> more = {8, 9};
  EXPECT_TRUE(ArrayInsert(a, more, 1));
  EXPECT_EQ(4, ArraySize(a));
  EXPECT_EQ(8, a[1]);
  EXPECT_EQ(3, a[3]);
  EXPECT_FALSE(ArrayRemove(a, 4, 1));
}

TEST(Language, Searching) {
  EXPECT_EQ(2, StringFind(S(u"abcb"), S(u"c")));
  EXPECT_EQ(3, StringFind(S(u"abcb"), S(u"b"), 2));
  EXPECT_EQ(-1, StringFind(S(u"abcb"), S(u"x")));
  EXPECT_EQ("cb", Text(StringSubstr(S(u"abcb"), 2)));
  EXPECT_EQ("bc", Text(StringSubstr(S(u"abcb"), 1, 2)));
  string text = S(u"aXbXc");
  EXPECT_EQ(2, StringReplace(text, S(u"X"), S(u"--")));
  EXPECT_EQ("a--b--c", Text(text));
}

TEST(Language, Splitting) {
  Arr<string> parts;
  EXPECT_EQ(3, StringSplit(S(u"1,,3"), mt::Character(u','), parts));
  EXPECT_EQ("", Text(parts[1]));
  EXPECT_EQ(1, StringSplit(S(u"1"), mt::Character(u','), parts));
  EXPECT_EQ(0, StringSplit(S(u""), mt::Character(u','), parts));
}

TEST(Language, TrimmingAndCaseChangeInPlace) {
  string text = S(u" \tAb \r\n");
  EXPECT_EQ(2, StringTrimLeft(text));
  EXPECT_EQ(3, StringTrimRight(text));
  EXPECT_TRUE(StringToUpper(text));
  EXPECT_EQ("AB", Text(text));
  EXPECT_TRUE(StringToLower(text));
  EXPECT_EQ("ab", Text(text));
  EXPECT_EQ(0, StringCompare(S(u"ab"), S(u"AB"), false));
  EXPECT_EQ(1, StringCompare(S(u"b"), S(u"a")));
}

TEST(Language, Numbers) {
  EXPECT_EQ("007", Text(IntegerToString(7, 3, mt::Character(u'0'))));
  EXPECT_EQ("-1", Text(IntegerToString(static_cast<long>(ULONG_MAX))));
  EXPECT_EQ("0.10", Text(DoubleToString(0.1, 2)));
  EXPECT_EQ(12, StringToInteger(S(u"12x")));
  EXPECT_EQ(0, StringToInteger(S(u"x")));
  EXPECT_EQ(0.5, StringToDouble(S(u"0.5")));
  EXPECT_EQ("18446744073709551615", Text(StringFormat(S(u"%I64u"), ULONG_MAX)));
  EXPECT_EQ(1.24, NormalizeDouble(1.2351, 2));
}

TEST(Language, Times) {
  const datetime time = StringToTime(S(u"2024.01.31 12:30:27"));
  EXPECT_EQ(1706704227, static_cast<long>(time));
  EXPECT_EQ("2024.01.31 12:30", Text(TimeToString(time)));
  EXPECT_EQ("2024.01.31 12:30:27", Text(TimeToString(time, TIME_DATE | TIME_SECONDS)));
  EXPECT_EQ("12:30", Text(TimeToString(time, TIME_MINUTES)));
  EXPECT_EQ("2024.01.31 12:30:27", Text(string(time)));
}

TEST(Language, Formats) {
  EXPECT_EQ("a=1 b=-2 c=3.50 d=FF %", Text(StringFormat(S(u"a=%s b=%d c=%.2f d=%X %%"), S(u"1"), -2, 3.5, 255)));
  EXPECT_EQ("9223372036854775807", Text(StringFormat(S(u"%I64d"), LONG_MAX)));
  EXPECT_EQ("0012", Text(StringFormat(S(u"%04d"), 12)));
}

TEST(LanguageDeath, AFormatThatDoesNotFitIsSeen) {
  EXPECT_DEATH(StringFormat(S(u"%d"), 1L), "64-bit");
  EXPECT_DEATH(StringFormat(S(u"%s"), 1), "no string");
  EXPECT_DEATH(StringFormat(S(u"%s")), "more verbs");
  EXPECT_DEATH(StringFormat(S(u"x"), 1), "more values");
}

TEST(Language, PrintWritesEachTypeAsMql5Does) {
  const datetime time = 1706704227;
  EXPECT_EQ("true 0.1 2024.01.31 12:30:27 5 -3", Text(mt::Concatenate({true, " ", 0.1, " ", time, " ", TRADE_TRANSACTION_HISTORY_DELETE, " ", -3})));
}

TEST(Language, EnumerationsKnowTheirNames) {
  EXPECT_EQ("DEAL_ENTRY_OUT_BY", Text(EnumToString(DEAL_ENTRY_OUT_BY)));
  EXPECT_EQ("SYMBOL_CALC_MODE_SERV_COLLATERAL", Text(EnumToString(SYMBOL_CALC_MODE_SERV_COLLATERAL)));
  EXPECT_EQ("ENUM_DEAL_ENTRY::9", Text(EnumToString(static_cast<ENUM_DEAL_ENTRY>(9))));
}

TEST(Language, ZeroMemoryMakesStringsNone) {
  MqlTradeTransaction transaction;
  transaction.symbol = S(u"x");
  transaction.deal = 5;
  ZeroMemory(transaction);
  EXPECT_TRUE(transaction.symbol.IsNull());
  EXPECT_EQ(0u, transaction.deal);
}
