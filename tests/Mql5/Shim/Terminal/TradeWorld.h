// One broker, one terminal, and the commands that move them: what the runner and the tests drive.
#pragma once
#include "TradeDesk.h"

#include <map>
#include <memory>
#include <string>

namespace sim {

class TradeWorld {
public:
    explicit TradeWorld(std::uint64_t seed = 1) : m_chance(seed), view(m_chance.Branch()) {}

private:
    Chance m_chance;

public:
    TerminalView view;
    TradeDesk desk{view};

    TradeServer& Server(const std::string& name);
    Account* Shown() const { return m_account; }
    /// Brings servers and terminal to this time.
    void Advance(std::int64_t utcMsc);
    /// The terminal shows this account from now on.
    void Use(const std::string& server, std::int64_t login);

    /// One line, a verb and key=value pairs ("…" around a value with spaces), one line of JSON as answer. Verbs: see README.
    std::string Run(const std::string& line);
    /// True when Run knows the line's verb.
    static bool Knows(const std::string& line);

private:
    using Arguments = std::map<std::string, std::string>;
    std::string RunTrade(const std::string& verb, const Arguments& arguments);
    std::string Dump() const;

    std::map<std::string, std::unique_ptr<TradeServer>> m_servers;
    TradeServer* m_server = nullptr;
    Account* m_account = nullptr;
    std::int64_t m_utcMsc = 0;
};

} // namespace sim
