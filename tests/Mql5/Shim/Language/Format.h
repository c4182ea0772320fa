// What Print, Alert, StringFormat and FileWrite make of their arguments.
#pragma once
#include "Convert.h"

#include <vector>

namespace mt {

/// One argument with the type that it had.
class Value {
public:
  enum class Kind { Bool, Integer, Real, Text, Time, Colour, Enum };

  Value(const string &text) : m_kind(Kind::Text), m_text(text) {}
  Value(const char *text) : m_kind(Kind::Text), m_text(text) {}
  Value(bool value) : m_kind(Kind::Bool), m_integer(value) {}
  Value(double value) : m_kind(Kind::Real), m_real(value) {}
  Value(float value) : m_kind(Kind::Real), m_real(static_cast<double>(value)) {}
  Value(datetime value) : m_kind(Kind::Time), m_integer(value) {}
  Value(color value) : m_kind(Kind::Colour), m_integer(value) {}
  template <typename T>
    requires(std::integral<T> && !std::same_as<T, bool>)
  Value(T value) : m_kind(Kind::Integer), m_integer(static_cast<long>(value)), m_bits(sizeof(T) * 8), m_signed(std::is_signed_v<T>) {}
  template <typename T>
    requires std::is_enum_v<T>
  Value(T value) : m_kind(Kind::Enum), m_integer(static_cast<long>(value)) {}

  /// As Print writes it.
  string Text(int digits = 16) const;
  Kind GetKind() const { return m_kind; }
  long Integer() const { return m_integer; }
  double Real() const { return m_real; }
  const string &String() const { return m_text; }
  std::size_t Bits() const { return m_bits; }

private:
  Kind m_kind;
  long m_integer = 0;
  double m_real = 0;
  string m_text;
  std::size_t m_bits = 32;
  bool m_signed = true;
};

/// A verb that does not fit its argument is garbage in MT5 and a critical error here.
string Format(const string &format, const std::vector<Value> &values);
string Concatenate(const std::vector<Value> &values, int digits = 16);

} // namespace mt

template <typename... A> string StringFormat(const string &format, const A &...values) {
  static_assert(sizeof...(A) <= 63, "MQL5 takes at most 64 arguments");
  return mt::Format(format, {mt::Value(values)...});
}
template <typename... A> int StringConcatenate(string &out, const A &...values) {
  static_assert(sizeof...(A) >= 2 && sizeof...(A) <= 63, "MQL5 takes 2 to 63 values");
  out = mt::Concatenate({mt::Value(values)...});
  return StringLen(out);
}
