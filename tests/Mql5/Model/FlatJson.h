// A line as docs/feed-protocol.md, section 1, allows it: one flat JSON object. A reading of its own: no code of the EA or of the host.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

struct Field {
    enum class Kind { Text, Number, True, False, Null };
    std::string key;
    Kind kind = Kind::Null;
    std::string text; // of a number as it is written
};

class FlatJson {
public:
    /// Nothing when the line is not allowed; the reason stands in `why`.
    static std::optional<FlatJson> Parse(std::string_view line, std::string& why);

    /// The field; nullptr when it is missing or null.
    const Field* Find(std::string_view key) const;
    const std::vector<Field>& Fields() const { return m_fields; }
    std::string Type() const;

private:
    std::vector<Field> m_fields;
};

/// A whole number in the range, written as one; nothing otherwise.
std::optional<std::int64_t> ToInteger(const std::string& text, std::int64_t low = 0, std::int64_t high = INT64_MAX);

/// An amount without exponent: its value in units of 1e-8 and whether it had more decimals than that.
struct Decimal {
    std::int64_t units = 0;
    bool exact = true;
};
std::optional<Decimal> ToDecimal(const std::string& text);

bool IsUtf8(std::string_view bytes);
std::string Quote(std::string_view text);

} // namespace model
