// A small reader of whole JSON documents, for the vectors that all implementations share.
#pragma once
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace model {

class Json {
public:
    enum class Kind { Null, Bool, Number, Text, Array, Object };

    static Json Parse(std::string_view text)
    {
        std::size_t at = 0;
        Json json = Value(text, at);
        Space(text, at);
        if (at != text.size()) throw std::runtime_error("JSON: something follows the value");
        return json;
    }

    Kind kind = Kind::Null;
    std::string text; // of a number as it is written
    std::vector<Json> items;
    std::map<std::string, Json> members;

    bool Has(const std::string& key) const { return members.contains(key); }
    const Json& operator[](const std::string& key) const { return members.at(key); }
    const Json& operator[](std::size_t index) const { return items.at(index); }
    long Integer() const { return std::stol(text); }

private:
    static void Space(std::string_view s, std::size_t& at)
    {
        while (at < s.size() && (s[at] == ' ' || s[at] == '\n' || s[at] == '\r' || s[at] == '\t')) ++at;
    }

    static char Next(std::string_view s, std::size_t& at)
    {
        Space(s, at);
        if (at >= s.size()) throw std::runtime_error("JSON: it ends too early");
        return s[at];
    }

    static void Expect(std::string_view s, std::size_t& at, char c)
    {
        if (Next(s, at) != c) throw std::runtime_error(std::string("JSON: expected ") + c + " at " + std::to_string(at));
        ++at;
    }

    static std::string String(std::string_view s, std::size_t& at)
    {
        Expect(s, at, '"');
        std::string out;
        while (at < s.size() && s[at] != '"') {
            if (s[at] == '\\') throw std::runtime_error("JSON: escapes are not needed in vectors and not read");
            out += s[at++];
        }
        Expect(s, at, '"');
        return out;
    }

    static Json Value(std::string_view s, std::size_t& at)
    {
        Json json;
        const char c = Next(s, at);
        if (c == '{') {
            json.kind = Kind::Object;
            ++at;
            if (Next(s, at) == '}') return ++at, json;
            for (;; ++at) {
                Space(s, at);
                const std::string key = String(s, at);
                Expect(s, at, ':');
                json.members.emplace(key, Value(s, at));
                if (Next(s, at) != ',') break;
            }
            Expect(s, at, '}');
        } else if (c == '[') {
            json.kind = Kind::Array;
            ++at;
            if (Next(s, at) == ']') return ++at, json;
            for (;; ++at) {
                json.items.push_back(Value(s, at));
                if (Next(s, at) != ',') break;
            }
            Expect(s, at, ']');
        } else if (c == '"') {
            json.kind = Kind::Text;
            json.text = String(s, at);
        } else {
            while (at < s.size() && std::string_view(",]} \n\r\t").find(s[at]) == std::string_view::npos) json.text += s[at++];
            json.kind = json.text == "null" ? Kind::Null : json.text == "true" || json.text == "false" ? Kind::Bool : Kind::Number;
        }
        return json;
    }
};

} // namespace model
