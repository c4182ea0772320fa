// Simple types of MQL5: fixed widths, datetime, color, NULL.
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <sys/types.h> // uint, ushort, ulong

using uchar = unsigned char;
static_assert(sizeof(char) == 1 && sizeof(short) == 2 && sizeof(int) == 4 && sizeof(long) == 8 && sizeof(float) == 4 && sizeof(double) == 8);
static_assert(std::is_signed_v<char> && sizeof(ushort) == 2 && sizeof(uint) == 4 && sizeof(ulong) == 8);

constexpr char CHAR_MIN_ = -128;

/// Seconds since 1970-01-01. Converts from and to integers; Print and overloads tell it from a number.
class datetime {
public:
  datetime() = default;
  template <std::integral I> constexpr datetime(I seconds) : m_value(static_cast<long>(seconds)) {}
  explicit constexpr datetime(double seconds) : m_value(static_cast<long>(seconds)) {}
  constexpr operator long() const { return m_value; }
  constexpr datetime &operator+=(long seconds) { m_value += seconds; return *this; }
  constexpr datetime &operator-=(long seconds) { m_value -= seconds; return *this; }

private:
  long m_value;
};

/// 0x00BBGGRR.
class color {
public:
  color() = default;
  template <std::integral I> constexpr color(I value) : m_value(static_cast<int>(value)) {}
  constexpr operator int() const { return m_value; }

private:
  int m_value;
};

namespace mt {

/// NULL: zero of any simple type, and a string that is none.
struct NullType {
  template <typename T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  constexpr operator T() const {
    return static_cast<T>(0);
  }
};
inline constexpr NullType Null{};

/// A character literal: a ushort.
constexpr ushort Character(char16_t c) { return static_cast<ushort>(c); }

} // namespace mt
