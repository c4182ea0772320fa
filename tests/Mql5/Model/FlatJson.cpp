#include "FlatJson.h"

#include <array>
#include <cstdio>

namespace model {

namespace {

class Reader {
public:
    Reader(std::string_view text, std::string& why) : m_text(text), m_why(why) {}

    bool Object(std::vector<Field>& fields)
    {
        Space();
        if (!Take('{')) return Bad("a line is one JSON object");
        Space();
        if (!Take('}')) {
            do {
                Field field;
                Space();
                if (!String(field.key)) return Bad("a key is a string");
                Space();
                if (!Take(':')) return Bad("a colon is missing");
                Space();
                if (!Value(field)) return false;
                for (const Field& known : fields)
                    if (known.key == field.key) return Bad("a key stands twice: " + field.key);
                fields.push_back(field);
                if (fields.size() > 64) return Bad("more than 64 keys");
                Space();
            } while (Take(','));
            if (!Take('}')) return Bad("the object does not end");
        }
        Space();
        return m_at == m_text.size() || Bad("something follows the object");
    }

private:
    bool Bad(std::string why)
    {
        if (m_why.empty()) m_why = std::move(why);
        return false;
    }

    char Here() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool Take(char c) { return Here() == c && m_at < m_text.size() ? (++m_at, true) : false; }
    void Space()
    {
        while (m_at < m_text.size() && (Here() == ' ' || Here() == '\t' || Here() == '\r' || Here() == '\n')) ++m_at;
    }

    bool Value(Field& field)
    {
        const char c = Here();
        if (c == '"') {
            field.kind = Field::Kind::Text;
            return String(field.text);
        }
        if (c == '{' || c == '[') return Bad("an object or array as a value");
        if (Word("true")) return field.kind = Field::Kind::True, true;
        if (Word("false")) return field.kind = Field::Kind::False, true;
        if (Word("null")) return field.kind = Field::Kind::Null, true;
        field.kind = Field::Kind::Number;
        return Number(field.text);
    }

    bool Word(std::string_view word)
    {
        if (m_text.substr(m_at, word.size()) != word) return false;
        m_at += word.size();
        return true;
    }

    bool Digits()
    {
        const std::size_t from = m_at;
        while (Here() >= '0' && Here() <= '9') ++m_at;
        return m_at > from;
    }

    bool Number(std::string& out)
    {
        const std::size_t from = m_at;
        Take('-');
        if (Take('0')) {
            if (Here() >= '0' && Here() <= '9') return Bad("a number begins with 0");
        } else if (!Digits()) {
            return Bad("not a value");
        }
        if (Take('.') && !Digits()) return Bad("no digit after the point");
        if (Take('e') || Take('E')) {
            if (!Take('+')) Take('-');
            if (!Digits()) return Bad("no digit in the exponent");
        }
        out = m_text.substr(from, m_at - from);
        return true;
    }

    bool String(std::string& out)
    {
        if (!Take('"')) return false;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c == '"') return true;
            if (static_cast<unsigned char>(c) < 0x20) return Bad("a control character in a string");
            if (c != '\\') {
                out += c;
                continue;
            }
            if (!Escape(out)) return Bad("a wrong escape");
        }
        return Bad("a string does not end");
    }

    bool Hex(unsigned& value)
    {
        value = 0;
        for (int i = 0; i < 4; ++i, ++m_at) {
            const char c = Here();
            if (c >= '0' && c <= '9') value = value * 16 + static_cast<unsigned>(c - '0');
            else if (c >= 'a' && c <= 'f') value = value * 16 + static_cast<unsigned>(c - 'a' + 10);
            else if (c >= 'A' && c <= 'F') value = value * 16 + static_cast<unsigned>(c - 'A' + 10);
            else return false;
        }
        return true;
    }

    bool Escape(std::string& out)
    {
        if (m_at >= m_text.size()) return false;
        const char c = m_text[m_at++];
        switch (c) {
        case '"': case '\\': case '/': out += c; return true;
        case 'b': out += '\b'; return true;
        case 'f': out += '\f'; return true;
        case 'n': out += '\n'; return true;
        case 'r': out += '\r'; return true;
        case 't': out += '\t'; return true;
        case 'u': break;
        default: return false;
        }
        unsigned code = 0;
        if (!Hex(code)) return false;
        if (code >= 0xDC00 && code <= 0xDFFF) return false;
        if (code >= 0xD800 && code <= 0xDBFF) {
            unsigned low = 0;
            if (!Take('\\') || !Take('u') || !Hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        Append(out, code);
        return true;
    }

    static void Append(std::string& out, unsigned code)
    {
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xC0 | (code >> 6));
            out += static_cast<char>(0x80 | (code & 0x3F));
        } else if (code < 0x10000) {
            out += static_cast<char>(0xE0 | (code >> 12));
            out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
            out += static_cast<char>(0x80 | (code & 0x3F));
        } else {
            out += static_cast<char>(0xF0 | (code >> 18));
            out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
            out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
            out += static_cast<char>(0x80 | (code & 0x3F));
        }
    }

    std::string_view m_text;
    std::string& m_why;
    std::size_t m_at = 0;
};

} // namespace

bool IsUtf8(std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size();) {
        const auto first = static_cast<unsigned char>(bytes[i]);
        std::size_t more = 0;
        unsigned code = first;
        unsigned least = 0;
        if (first < 0x80) more = 0;
        else if (first >= 0xC2 && first < 0xE0) more = 1, code = first & 0x1F, least = 0x80;
        else if (first >= 0xE0 && first < 0xF0) more = 2, code = first & 0x0F, least = 0x800;
        else if (first >= 0xF0 && first < 0xF5) more = 3, code = first & 0x07, least = 0x10000;
        else return false;
        if (i + more >= bytes.size() && more > 0) return false;
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(bytes[i + k]);
            if ((next & 0xC0) != 0x80) return false;
            code = (code << 6) | (next & 0x3F);
        }
        if (more > 0 && (code < least || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)) return false;
        i += more + 1;
    }
    return true;
}

std::optional<FlatJson> FlatJson::Parse(std::string_view line, std::string& why)
{
    why.clear();
    FlatJson json;
    if (line.size() > 65536) why = "longer than 65536 bytes";
    else if (!IsUtf8(line)) why = "not UTF-8";
    else if (line.starts_with("\xEF\xBB\xBF")) why = "a byte order mark";
    if (!why.empty() || !Reader(line, why).Object(json.m_fields)) return std::nullopt;
    return json;
}

const Field* FlatJson::Find(std::string_view key) const
{
    for (const Field& field : m_fields)
        if (field.key == key && field.kind != Field::Kind::Null) return &field;
    return nullptr;
}

std::string FlatJson::Type() const
{
    const Field* t = Find("t");
    return t != nullptr && t->kind == Field::Kind::Text ? t->text : "";
}

std::optional<std::int64_t> ToInteger(const std::string& text, std::int64_t low, std::int64_t high)
{
    const bool negative = text.starts_with("-");
    std::uint64_t value = 0;
    if (text.size() == (negative ? 1U : 0U)) return std::nullopt;
    for (std::size_t i = negative ? 1 : 0; i < text.size(); ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        if (value > (UINT64_MAX - 9) / 10) return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(text[i] - '0');
    }
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    const std::int64_t number = negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
    return number >= low && number <= high ? std::optional(number) : std::nullopt;
}

std::optional<Decimal> ToDecimal(const std::string& text)
{
    if (text.empty() || text.size() > 40 || text.find_first_of("eE") != std::string::npos) return std::nullopt;
    const std::size_t point = text.find('.');
    const bool negative = text[0] == '-';
    Decimal decimal;
    const auto whole = ToInteger(text.substr(negative ? 1 : 0, point == std::string::npos ? std::string::npos : point - (negative ? 1 : 0)), 0, 1'000'000'000'000'000);
    if (!whole) return std::nullopt;
    __int128 units = static_cast<__int128>(*whole) * 100'000'000;
    if (point != std::string::npos) {
        std::int64_t scale = 10'000'000;
        for (std::size_t i = point + 1; i < text.size(); ++i) {
            if (text[i] < '0' || text[i] > '9') return std::nullopt;
            if (scale == 0 && text[i] != '0') decimal.exact = false;
            units += static_cast<__int128>(text[i] - '0') * scale;
            scale /= 10;
        }
    }
    // Money can be larger than units of 1e-8 hold; nobody looks at those.
    if (units > INT64_MAX) units = INT64_MAX;
    decimal.units = static_cast<std::int64_t>(negative ? -units : units);
    return decimal;
}

std::string Quote(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> code{};
            std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(c));
            out += code.data();
        } else {
            out += c;
        }
    }
    return out + '"';
}

} // namespace model
