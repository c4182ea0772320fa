#include "String.h"

#include "Convert.h"

#include <cstdio>

namespace mt {

std::string ToUtf8(std::u16string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i++) {
    char32_t c = text[i];
    if (c >= 0xD800 && c <= 0xDBFF && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] <= 0xDFFF)
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00u);
    else if (c >= 0xD800 && c <= 0xDFFF)
      c = u'?'; // a lone surrogate: MT5's result is not specified
    if (c < 0x80)
      out += static_cast<char>(c);
    else if (c < 0x800) {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | (c >> 18));
      out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

std::u16string FromUtf8(std::string_view text) {
  std::u16string out;
  std::size_t i = 0;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  while (i < text.size()) {
    const unsigned char first = byte(i);
    const int more = first < 0x80 ? 0 : first >= 0xC2 && first <= 0xDF ? 1 : (first & 0xF0) == 0xE0 ? 2 : first >= 0xF0 && first <= 0xF4 ? 3 : -1;
    char32_t c = more == 0 ? first : more == 1 ? first & 0x1Fu : more == 2 ? first & 0x0Fu : first & 0x07u;
    std::size_t used = 1;
    bool good = more >= 0;
    for (int k = 0; good && k < more; k++, used++) {
      good = i + used < text.size() && (byte(i + used) & 0xC0) == 0x80;
      if (!good) break;
      c = (c << 6) | (byte(i + used) & 0x3Fu);
    }
    good = good && !(more == 2 && c < 0x800) && !(more == 3 && (c < 0x10000 || c > 0x10FFFF)) && !(c >= 0xD800 && c <= 0xDFFF);
    if (!good) {
      out += u'\uFFFD';
      i += used;
      continue;
    }
    i += used;
    if (c < 0x10000)
      out += static_cast<char16_t>(c);
    else {
      out += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out;
}

string FunctionName(const char *pretty) {
  std::string text(pretty);
  text = text.substr(0, text.find('('));
  return string(text.substr(text.rfind(' ') + 1).c_str());
}

} // namespace mt

string::string(const char *utf8) : m_text(mt::FromUtf8(utf8)), m_null(false) {}
string string::FromUtf8(std::string_view utf8) { return string(mt::FromUtf8(utf8)); }
string::string(bool value) : string(value ? "true" : "false") {}
string::string(datetime value) : string(TimeToString(value, TIME_DATE | TIME_MINUTES | TIME_SECONDS)) {}

string::string(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.16g", value);
  *this = string(text);
}

string::string(color value) {
  char text[40];
  std::snprintf(text, sizeof text, "%d,%d,%d", value & 255, (value >> 8) & 255, (value >> 16) & 255);
  *this = string(text);
}

string string::FromLong(long value) { return string(std::to_string(value).c_str()); }
string string::FromULong(ulong value) { return string(std::to_string(value).c_str()); }
string::operator long() const { return StringToInteger(*this); }
string::operator double() const { return StringToDouble(*this); }
std::string string::Utf8() const { return mt::ToUtf8(m_text); }
