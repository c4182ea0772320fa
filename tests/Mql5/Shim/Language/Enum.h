// Enumerations of the terminal: declared once, printable by EnumToString.
#pragma once
#include "String.h"

namespace mt {

/// The identifier of a value in a declaration's text "A, B = 3, C"; unknown values as "ENUM::7".
string EnumName(const char *type, const char *declaration, int value);

struct EnumEntry {
  int value;
  const char *name;
};
template <std::size_t N> string EnumName(const char *type, const EnumEntry (&entries)[N], int value) {
  for (const EnumEntry &entry : entries)
    if (entry.value == value) return string(entry.name);
  return EnumName(type, "", value);
}

} // namespace mt

#define MQL_ENUM(type, ...)                                                                                                                \
  enum type : int { __VA_ARGS__ };                                                                                                         \
  inline string EnumToString(type value) { return mt::EnumName(#type, #__VA_ARGS__, static_cast<int>(value)); }
