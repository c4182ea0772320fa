// Who holds what, by docs/feed-protocol.md, section 7, from the trade server's own records: what the host should have in the end.
// It shares no code with the EA, the C# policy or the model host.
#pragma once
#include "../Shim/Terminal/TradeServer.h"
#include "ModelHost.h"

namespace model {

/// A netting or exchange account: the ledger of all deals in the order in which they were dealt.
class NettingOracle {
public:
    explicit NettingOracle(std::set<std::int64_t> listed) : m_listed(std::move(listed)) {}

    /// Other magics are listed from now on.
    void List(std::set<std::int64_t> listed) { m_listed = std::move(listed); }
    /// The streams that the deal changed, in order of attribution.
    std::vector<std::int64_t> Apply(const sim::Deal& deal);
    Levels Holdings() const;

private:
    struct Book {
        std::map<std::int64_t, std::int64_t> held; // signed; zero is not kept
        bool owned = false;
        std::int64_t owner = 0;
        std::int64_t Total() const;
        std::int64_t Of(std::int64_t magic) const;
        void Add(std::int64_t magic, std::int64_t lots);
    };

    std::set<std::int64_t> m_listed;
    std::map<std::string, Book> m_books;
};

/// A hedging account: what each magic that opened positions holds, by the server's record of who opened what.
Levels HedgingHoldings(const std::map<std::int64_t, sim::Position>& positions, const std::set<std::int64_t>& listed);

/// What the account holds in each symbol.
std::map<std::string, Level> TotalsOf(const std::map<std::int64_t, sim::Position>& positions);

std::string Describe(const Levels& levels);

} // namespace model
