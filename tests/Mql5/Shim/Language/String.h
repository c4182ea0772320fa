// string: UTF-16, a value; no string (NULL) and the empty string are two things.
#pragma once
#include "Critical.h"
#include "Types.h"

#include <string>
#include <string_view>

class string {
public:
  string() = default;
  string(mt::NullType) {}
  /// From the UTF-16 of a literal or of the shim.
  explicit string(std::u16string text) : m_text(std::move(text)), m_null(false) {}
  /// From UTF-8, for tests and the shim.
  string(const char *utf8);
  static string FromUtf8(std::string_view utf8);

  /// The casts (string)x of MQL5.
  explicit string(bool value);
  explicit string(double value);
  explicit string(datetime value);
  explicit string(color value);
  template <typename T>
    requires(std::integral<T> && !std::same_as<T, bool>)
  explicit string(T value) : string(std::is_signed_v<T> ? FromLong(static_cast<long>(value)) : FromULong(static_cast<ulong>(value))) {}
  template <typename T>
    requires std::is_enum_v<T>
  explicit string(T value) : string(FromLong(static_cast<long>(value))) {}

  /// The casts (int)"12", (long)s, (double)s.
  explicit operator long() const;
  explicit operator double() const;
  explicit operator int() const { return static_cast<int>(static_cast<long>(*this)); }

  bool IsNull() const { return m_null; }
  int Length() const { return static_cast<int>(m_text.size()); }
  const std::u16string &Text() const { return m_text; }
  std::string Utf8() const;

  template <std::integral I> ushort operator[](I index) const {
    if (static_cast<long>(index) < 0 || static_cast<ulong>(index) >= m_text.size()) mt::Critical("string index out of range");
    return static_cast<ushort>(m_text[static_cast<std::size_t>(index)]);
  }

  string &operator+=(const string &other) {
    m_text += other.m_text;
    m_null = m_null && other.m_null;
    return *this;
  }
  friend string operator+(string left, const string &right) { return left += right; }
  friend bool operator==(const string &a, const string &b) { return a.m_null == b.m_null && a.m_text == b.m_text; }
  friend bool operator<(const string &a, const string &b) { return a.m_text < b.m_text; }
  friend bool operator>(const string &a, const string &b) { return b < a; }
  friend bool operator<=(const string &a, const string &b) { return !(b < a); }
  friend bool operator>=(const string &a, const string &b) { return !(a < b); }

private:
  static string FromLong(long value);
  static string FromULong(ulong value);

  std::u16string m_text;
  bool m_null = true;
};

namespace mt {

/// What the transform makes of a string literal.
inline string S(const char16_t *text) { return string(std::u16string(text)); }

std::string ToUtf8(std::u16string_view text);
std::u16string FromUtf8(std::string_view text);

/// __FUNCTION__ as MQL5 gives it: Class::Method or Function.
string FunctionName(const char *pretty);

} // namespace mt
