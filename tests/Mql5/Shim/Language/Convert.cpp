#include "Convert.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

string IntegerToString(long number, int length, ushort fill) {
  std::string digits = std::to_string(number);
  std::u16string text(digits.begin(), digits.end());
  if (static_cast<int>(text.size()) < length) text.insert(0, static_cast<std::size_t>(length) - text.size(), static_cast<char16_t>(fill));
  return string(std::move(text));
}

string DoubleToString(double value, int digits) {
  char text[400];
  if (digits > 16 || digits < -16) digits = 8;
  if (digits < 0) std::snprintf(text, sizeof text, "%.*e", -digits, value);
  else std::snprintf(text, sizeof text, "%.*f", digits, value);
  return string(text);
}

static bool Broken(datetime value, std::tm &parts) {
  const time_t seconds = static_cast<long>(value);
  return gmtime_r(&seconds, &parts) != nullptr;
}

string TimeToString(datetime value, int mode) {
  std::tm parts{};
  if (!Broken(value, parts)) return string();
  std::string text;
  char buffer[40];
  if (mode & TIME_DATE) {
    std::snprintf(buffer, sizeof buffer, "%04d.%02d.%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
    text = buffer;
  }
  if (mode & (TIME_MINUTES | TIME_SECONDS)) {
    std::snprintf(buffer, sizeof buffer, mode & TIME_SECONDS ? "%02d:%02d:%02d" : "%02d:%02d", parts.tm_hour, parts.tm_min, parts.tm_sec);
    text += (text.empty() ? "" : " ") + std::string(buffer);
  }
  return string(text.c_str());
}

string CharToString(uchar code) { return string(std::u16string(1, static_cast<char16_t>(code))); }
string ShortToString(ushort code) { return string(std::u16string(1, static_cast<char16_t>(code))); }
string ColorToString(color value, bool) { return string(value); }

long StringToInteger(string text) {
  const std::string bytes = text.Utf8();
  return std::strtol(bytes.c_str(), nullptr, 10);
}

double StringToDouble(string text) {
  const std::string bytes = text.Utf8();
  return std::strtod(bytes.c_str(), nullptr);
}

datetime StringToTime(string text) {
  std::tm parts{};
  const std::string bytes = text.Utf8();
  if (std::sscanf(bytes.c_str(), "%d.%d.%d %d:%d:%d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec) < 3) return 0;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return timegm(&parts);
}

double NormalizeDouble(double value, int digits) {
  const double scale = std::pow(10.0, std::clamp(digits, 0, 8));
  return std::round(value * scale) / scale;
}

bool TimeToStruct(datetime time, MqlDateTime &out) {
  std::tm parts{};
  if (!Broken(time, parts)) return false;
  out = {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_wday, parts.tm_yday};
  return true;
}

datetime StructToTime(const MqlDateTime &value) {
  std::tm parts{};
  parts.tm_year = value.year - 1900, parts.tm_mon = value.mon - 1, parts.tm_mday = value.day;
  parts.tm_hour = value.hour, parts.tm_min = value.min, parts.tm_sec = value.sec;
  return timegm(&parts);
}

/// The harness's ANSI page is Latin-1: what is outside becomes '?', so that a forgotten CP_UTF8 shows.
static std::string Encode(std::u16string_view text, uint codepage) {
  if (codepage == CP_UTF8) return mt::ToUtf8(text);
  if (codepage != CP_ACP && codepage != CP_OEMCP) mt::Unsupported("this code page");
  std::string out;
  for (char16_t c : text) out += c < 256 ? static_cast<char>(c) : '?';
  return out;
}

int StringToCharArray(string text, Arr<uchar> &out, int start, int count, uint codepage) {
  if (start < 0 || count < WHOLE_ARRAY) return 0;
  std::string bytes = Encode(text.Text(), codepage);
  if (count == WHOLE_ARRAY) bytes += '\0';
  else if (static_cast<std::size_t>(count) < bytes.size()) bytes.resize(static_cast<std::size_t>(count));
  const int size = static_cast<int>(bytes.size());
  if (start + size > out.Size()) {
    if (!out.IsDynamic()) return 0;
    out.Resize(start + size);
  }
  for (int i = 0; i < size; i++) out[start + i] = static_cast<uchar>(bytes[static_cast<std::size_t>(i)]);
  return size;
}

string CharArrayToString(const Arr<uchar> &array, int start, int count, uint codepage) {
  if (start < 0 || start >= array.Size() || count < WHOLE_ARRAY) return string("");
  const int end = count == WHOLE_ARRAY || count > array.Size() - start ? array.Size() : start + count;
  std::string bytes;
  for (int i = start; i < end && array[i] != 0; i++) bytes += static_cast<char>(array[i]);
  if (codepage == CP_UTF8) return string::FromUtf8(bytes);
  if (codepage != CP_ACP && codepage != CP_OEMCP) mt::Unsupported("this code page");
  std::u16string text;
  for (char c : bytes) text += static_cast<char16_t>(static_cast<uchar>(c));
  return string(std::move(text));
}

int StringToShortArray(string text, Arr<ushort> &out, int start, int count) {
  std::u16string units = text.Text();
  if (start < 0) return 0;
  if (count == WHOLE_ARRAY) units += u'\0';
  else units.resize(std::min(units.size(), static_cast<std::size_t>(std::max(count, 0))));
  const int size = static_cast<int>(units.size());
  if (start + size > out.Size()) {
    if (!out.IsDynamic()) return 0;
    out.Resize(start + size);
  }
  for (int i = 0; i < size; i++) out[start + i] = static_cast<ushort>(units[static_cast<std::size_t>(i)]);
  return size;
}

string ShortArrayToString(const Arr<ushort> &array, int start, int count) {
  std::u16string text;
  const int end = count == WHOLE_ARRAY || count > array.Size() - start ? array.Size() : start + count;
  for (int i = start; i >= 0 && i < end && array[i] != 0; i++) text += static_cast<char16_t>(array[i]);
  return string(std::move(text));
}

int StringLen(const string &text) { return text.Length(); }

int StringFind(const string &text, const string &what, int from) {
  const auto at = text.Text().find(what.Text(), static_cast<std::size_t>(std::max(from, 0)));
  return at == std::u16string::npos ? -1 : static_cast<int>(at);
}

string StringSubstr(const string &text, int start, int length) {
  if (start < 0 || start >= text.Length() || length == 0) return string("");
  return string(text.Text().substr(static_cast<std::size_t>(start), length < 0 ? std::u16string::npos : static_cast<std::size_t>(length)));
}

int StringSplit(const string &text, ushort separator, Arr<string> &out) {
  ArrayResize(out, 0);
  if (text.IsNull()) return 0;
  const std::u16string &all = text.Text();
  if (all.empty()) return 0;
  for (std::size_t from = 0;;) {
    const std::size_t to = all.find(static_cast<char16_t>(separator), from);
    ArrayResize(out, out.Size() + 1, 16);
    out[out.Size() - 1] = string(all.substr(from, to == std::u16string::npos ? to : to - from));
    if (to == std::u16string::npos) return out.Size();
    from = to + 1;
  }
}

int StringReplace(string &text, const string &find, const string &replacement) {
  if (find.Length() == 0) return 0;
  std::u16string all = text.Text();
  int count = 0;
  for (std::size_t at = all.find(find.Text()); at != std::u16string::npos; at = all.find(find.Text(), at + replacement.Text().size()), count++)
    all.replace(at, find.Text().size(), replacement.Text());
  if (count > 0) text = string(std::move(all));
  return count;
}

static bool Blank(char16_t c) { return c == u' ' || c == u'\t' || c == u'\r' || c == u'\n'; }

int StringTrimLeft(string &text) {
  std::size_t cut = 0;
  while (cut < text.Text().size() && Blank(text.Text()[cut])) cut++;
  if (cut > 0) text = string(text.Text().substr(cut));
  return static_cast<int>(cut);
}

int StringTrimRight(string &text) {
  std::size_t keep = text.Text().size();
  while (keep > 0 && Blank(text.Text()[keep - 1])) keep--;
  const int cut = text.Length() - static_cast<int>(keep);
  if (cut > 0) text = string(text.Text().substr(0, keep));
  return cut;
}

template <typename F> static bool Map(string &text, F change) {
  if (text.IsNull()) return true;
  std::u16string all = text.Text();
  for (char16_t &c : all) c = change(c);
  text = string(std::move(all));
  return true;
}

static char16_t Lower(char16_t c) { return (c >= u'A' && c <= u'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ? static_cast<char16_t>(c + 32) : c; }
static char16_t Upper(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7) ? static_cast<char16_t>(c - 32) : c; }

bool StringToLower(string &text) { return Map(text, Lower); }
bool StringToUpper(string &text) { return Map(text, Upper); }

ushort StringGetCharacter(const string &text, int at) {
  return at < 0 || at >= text.Length() ? static_cast<ushort>(0) : text[at];
}

bool StringSetCharacter(string &text, int at, ushort value) {
  if (at < 0 || at > text.Length()) return false;
  std::u16string all = text.Text();
  if (value == 0) all.resize(static_cast<std::size_t>(at));
  else if (at == text.Length()) all += static_cast<char16_t>(value);
  else all[static_cast<std::size_t>(at)] = static_cast<char16_t>(value);
  text = string(std::move(all));
  return true;
}

int StringCompare(const string &a, const string &b, bool caseSensitive) {
  string left = a, right = b;
  if (!caseSensitive) StringToLower(left), StringToLower(right);
  const int order = left.Text().compare(right.Text());
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

bool StringAdd(string &text, const string &added) {
  text += added;
  return true;
}

bool StringInit(string &text, int length, ushort character) {
  if (length < 0) return false;
  text = character == 0 ? string("") : string(std::u16string(static_cast<std::size_t>(length), static_cast<char16_t>(character)));
  return true;
}

bool StringFill(string &text, ushort character) {
  return StringInit(text, text.Length(), character);
}

int StringBufferLen(const string &text) { return text.Length(); }
bool StringReserve(string &, uint) { return true; }
