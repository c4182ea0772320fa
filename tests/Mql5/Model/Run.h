// One history of the property test: a trading account, its terminal, the EA in it, lines and the model host, under virtual time and from one
// seed. First everything goes wrong that a draw can make go wrong; then the faults stop, and what the host holds has to become what the account holds.
#pragma once
#include "../Shim/Terminal/TradeBinding.h"
#include "ModelHost.h"
#include "Oracle.h"

#include <list>
#include <optional>

namespace model {

/// What a history may contain. Drawn from its seed; a test may fix a part.
struct Plan {
    sim::MarginMode margin = sim::MarginMode::Hedging;
    std::string listed;                    // as the input says it
    bool exact = false;                    // netting: nothing happens that makes the true ledger unknowable to the EA
    bool accountSwitches = false;
    bool eaRestarts = true;
    bool hostRestarts = true;
    bool lineFaults = true;
    bool terminalFaults = true;
    bool badHosts = false;
    bool symbolFaults = false;
    bool listsChange = false;              // other magics in the input
    bool longOutages = false;              // EA, host, terminal or the whole machine are away for days
    bool deafConnects = false;             // connects that are not answered, and lines that nobody serves
    std::int64_t faultyMsc = 45'000;
    std::int64_t tradesPerMinute = 40;
};

struct Verdict {
    std::string failure; // empty = all held
    std::int64_t convergedMsc = 0;
    std::int64_t sessions = 0;
    std::int64_t deals = 0;
    // What was met of the rarer things.
    std::int64_t lists = 0;
    std::int64_t outages = 0;
    std::int64_t unanswered = 0; // connects
};

class Run {
public:
    Run(std::uint64_t seed, bool trace);
    ~Run();

    Plan plan;
    /// The number of a bug that is switched on; only the build with planted bugs knows any.
    int planted = 0;
    Verdict Go();
    const std::string& Trace() const { return m_trace; }

private:
    struct Wire {
        std::shared_ptr<mt::MemoryLine> line;
        int host = 0;
        bool dead = false;       // cut: nothing passes any more
        bool deaf = false;       // taken, and then nobody reads and nobody speaks
        std::string toHost;      // on its way
        std::int64_t stallUntil = 0;
    };

    void Prepare();
    void Step(std::int64_t msc);
    void CatchUp();
    void PumpWires();
    void Act();
    void Trade();
    void TradeHedging(sim::Account& account, const std::string& symbol, const sim::Request& request);
    void TradeNetting(sim::Account& account, const std::string& symbol, const sim::Request& request);
    void Rarities(sim::Account& account);
    void TroubleEa();
    void TroubleLine();
    void TroubleTerminal();
    void TroubleConnects();
    void RestartHost(std::int64_t msc);
    void List(const std::string& magics);
    bool MayList();
    void ChangeList();
    void Away();
    void TellWhatIsGone();
    void EndEa(int reason);
    void BeginEa();
    void Calm();

    void SeeSnapshot(const std::string& terminal, const SnapshotLines& snapshot);
    void SeeDeal(const std::string& terminal, const DealLine& deal);
    std::string TerminalName() const;
    Levels Expected(bool& exact) const;
    std::string Doubt(const std::string& terminal, const SnapshotLines& snapshot) const;
    std::optional<std::string> Difference();
    std::string Records();
    std::string Leaks() const;
    void Fail(const std::string& what);
    void Note(const std::string& text);
    std::int64_t Now() const { return m_utcMsc; }

    std::uint64_t m_seed;
    bool m_tracing;
    std::string m_trace;
    sim::Chance m_dice;
    sim::Chance m_lineDice;
    std::int64_t m_utcMsc = 0;
    mt::VirtualClock m_clock;
    mt::MemoryNetwork m_network;
    mt::Machine m_machine;
    mt::Program m_program;
    sim::TradeWorld m_world;
    sim::TradeBinding m_binding;
    ModelHost m_host;
    std::set<std::int64_t> m_listed;
    std::set<std::int64_t> m_everListed;
    std::map<std::size_t, std::set<std::int64_t>> m_lists; // netting: what was listed from which deal of the first account on
    bool m_wantsList = false;
    std::vector<std::int64_t> m_magics;  // who trades
    std::vector<std::string> m_symbols;
    std::list<Wire> m_wires;
    std::vector<std::uint64_t> m_openOrders;
    std::int64_t m_eaBackAt = -1;        // no EA on the chart until then
    std::int64_t m_terminalBackAt = -1;
    std::int64_t m_refuseUntil = 0;      // nobody listens
    std::int64_t m_homeAt = -1;          // back to the first account
    std::int64_t m_swallowedUntil = 0;   // connects are not answered
    std::int64_t m_deafUntil = 0;        // connects are taken, and that is all
    std::int64_t m_awayMsc = 0;          // spent in long outages
    bool m_calm = false;
    Verdict m_verdict;
    std::string m_failure;
};

} // namespace model
