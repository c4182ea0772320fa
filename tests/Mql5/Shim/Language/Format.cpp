#include "Format.h"

#include <cstdio>
#include <cstring>

namespace mt {

string Value::Text(int digits) const {
  char text[40];
  switch (m_kind) {
  case Kind::Text: return m_text;
  case Kind::Bool: return string(m_integer != 0);
  case Kind::Time: return string(datetime(m_integer));
  case Kind::Colour: return string(color(static_cast<int>(m_integer)));
  case Kind::Real: std::snprintf(text, sizeof text, "%.*g", digits, m_real); return string(text);
  case Kind::Integer: return m_signed ? string(m_integer) : string(static_cast<ulong>(m_integer));
  case Kind::Enum: return string(m_integer);
  }
  return string();
}

string Concatenate(const std::vector<Value> &values, int digits) {
  string text("");
  for (const Value &value : values) text += value.Text(digits);
  return text;
}

string Format(const string &format, const std::vector<Value> &values) {
  const std::string verbs = format.Utf8();
  std::string out;
  std::size_t used = 0;
  for (std::size_t i = 0; i < verbs.size(); i++) {
    if (verbs[i] != '%') {
      out += verbs[i];
      continue;
    }
    if (i + 1 < verbs.size() && verbs[i + 1] == '%') {
      out += verbs[++i];
      continue;
    }
    std::string spec = "%";
    std::vector<int> stars;
    for (i++; i < verbs.size() && std::strchr("-+ #0123456789.*", verbs[i]); i++) {
      if (verbs[i] == '*') {
        if (used >= values.size() || values[used].GetKind() != Value::Kind::Integer) Critical("StringFormat: '*' without an int");
        spec += std::to_string(values[used++].Integer());
      } else spec += verbs[i];
    }
    bool wide = false;
    if (verbs.compare(i, 3, "I64") == 0) wide = true, i += 3;
    else if (verbs.compare(i, 2, "ll") == 0) wide = true, i += 2;
    else if (verbs.compare(i, 3, "I32") == 0) i += 3;
    else if (i < verbs.size() && (verbs[i] == 'h' || verbs[i] == 'l')) i++;
    if (i >= verbs.size()) Critical("StringFormat: a verb without its letter");
    if (used >= values.size()) Critical("StringFormat: more verbs than values");
    const Value &value = values[used++];
    const char verb = verbs[i];
    char text[512];
    switch (verb) {
    case 's': {
      if (value.GetKind() != Value::Kind::Text) Critical("StringFormat: %s of something that is no string");
      const std::string bytes = value.String().Utf8();
      if (spec == "%") out += bytes;
      else {
        const int size = std::snprintf(nullptr, 0, (spec + "s").c_str(), bytes.c_str());
        std::string padded(static_cast<std::size_t>(size) + 1, '\0');
        std::snprintf(padded.data(), padded.size(), (spec + "s").c_str(), bytes.c_str());
        out.append(padded, 0, static_cast<std::size_t>(size));
      }
      break;
    }
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': case 'c': {
      if (value.GetKind() == Value::Kind::Text || value.GetKind() == Value::Kind::Real) Critical("StringFormat: an integer verb for something that is none");
      const bool isWide = value.GetKind() == Value::Kind::Time || (value.GetKind() == Value::Kind::Integer && value.Bits() == 64);
      if (isWide != wide) Critical(wide ? "StringFormat: a 64-bit verb for a smaller value" : "StringFormat: a 32-bit verb for a 64-bit value (use %I64d, %I64u)");
      if (verb == 'c') {
        std::snprintf(text, sizeof text, "%s", ToUtf8(std::u16string(1, static_cast<char16_t>(value.Integer()))).c_str());
      } else if (wide) std::snprintf(text, sizeof text, (spec + "l" + verb).c_str(), value.Integer());
      else std::snprintf(text, sizeof text, (spec + verb).c_str(), static_cast<int>(value.Integer()));
      out += text;
      break;
    }
    case 'f': case 'e': case 'E': case 'g': case 'G': case 'a': case 'A':
      if (value.GetKind() != Value::Kind::Real) Critical("StringFormat: a real verb for something that is none");
      std::snprintf(text, sizeof text, (spec + verb).c_str(), value.Real());
      out += text;
      break;
    default: Critical("StringFormat: an unknown verb");
    }
  }
  if (used != values.size()) Critical("StringFormat: more values than verbs");
  return string::FromUtf8(out);
}

} // namespace mt
