#include "Oracle.h"

#include <algorithm>
#include <cstdlib>

namespace model {

namespace {

constexpr std::int64_t Nobody = -1;

Level OfNet(std::int64_t net) { return net >= 0 ? Level{net, 0} : Level{0, -net}; }

} // namespace

std::int64_t NettingOracle::Book::Total() const
{
    std::int64_t sum = 0;
    for (const auto& [magic, lots] : held) sum += lots;
    return sum;
}

std::int64_t NettingOracle::Book::Of(std::int64_t magic) const
{
    const auto found = held.find(magic);
    return found == held.end() ? 0 : found->second;
}

void NettingOracle::Book::Add(std::int64_t magic, std::int64_t lots)
{
    if ((held[magic] += lots) == 0) held.erase(magic);
}

std::vector<std::int64_t> NettingOracle::Apply(const sim::Deal& deal)
{
    Book& book = m_books[deal.symbol];
    const std::map<std::int64_t, std::int64_t> before = book.held;
    const std::int64_t totalBefore = book.Total();
    const std::int64_t signedLots = deal.SignedVolume();
    const std::int64_t totalAfter = totalBefore + signedLots;
    const bool exits = deal.entry != sim::Entry::In;
    const bool forced = exits && sim::IsForced(deal.reason);
    std::vector<std::int64_t> order; // who is touched, first come first

    if (totalAfter == 0) { // rule 1
        order.push_back(deal.magic);
        for (const auto& [magic, lots] : book.held) order.push_back(magic);
        book.held.clear();
    } else if (!forced && (m_listed.contains(deal.magic) || book.Of(deal.magic) != 0)) { // rule 2
        order.push_back(deal.magic);
        book.Add(deal.magic, signedLots);
    } else { // rules 3 and 4
        const std::int64_t direction = signedLots > 0 ? 1 : -1;
        std::int64_t rest = std::abs(signedLots);
        std::int64_t opening = 0;
        if (deal.entry == sim::Entry::InOut && totalBefore * direction < 0 && rest > std::abs(totalBefore)) {
            opening = rest - std::abs(totalBefore);
            rest = std::abs(totalBefore);
        }
        while (exits && rest > 0) {
            std::int64_t best = Nobody;
            const auto rank = [&](std::int64_t magic) { return forced && deal.magic != 0 && magic == deal.magic ? 2 : book.owned && magic == book.owner ? 1 : 0; };
            for (const auto& [magic, lots] : book.held) {
                if (magic == Nobody || lots * direction >= 0) continue;
                if (best == Nobody || rank(magic) > rank(best) || (rank(magic) == rank(best) && std::abs(lots) > std::abs(book.Of(best)))) best = magic;
            }
            if (best == Nobody) break;
            const std::int64_t taken = std::min(rest, std::abs(book.Of(best)));
            order.push_back(best);
            book.Add(best, direction * taken);
            rest -= taken;
        }
        if (rest > 0) {
            order.push_back(Nobody);
            book.Add(Nobody, direction * rest);
        }
        if (opening > 0) {
            order.push_back(deal.magic);
            book.Add(deal.magic, direction * opening);
        }
    }

    if (totalAfter == 0) {
        book.owned = false;
    } else if (totalBefore == 0 || (totalBefore > 0) != (totalAfter > 0)) {
        book.owned = true;
        book.owner = deal.magic;
    }

    std::vector<std::int64_t> changed;
    for (const std::int64_t magic : order) {
        const auto was = before.find(magic);
        if ((was == before.end() ? 0 : was->second) != book.Of(magic) && std::find(changed.begin(), changed.end(), magic) == changed.end()) changed.push_back(magic);
    }
    return changed;
}

Levels NettingOracle::Holdings() const
{
    Levels levels;
    for (const auto& [symbol, book] : m_books)
        for (const auto& [magic, lots] : book.held) levels[{magic, symbol}] = OfNet(lots);
    return levels;
}

Levels HedgingHoldings(const std::map<std::int64_t, sim::Position>& positions, const std::set<std::int64_t>& listed)
{
    Levels levels;
    for (const auto& [id, position] : positions) {
        if (!listed.contains(position.openedBy)) continue;
        Level& level = levels[{position.openedBy, position.symbol}];
        (position.side == sim::Side::Buy ? level.longLots : level.shortLots) += position.volume;
    }
    return levels;
}

std::map<std::string, Level> TotalsOf(const std::map<std::int64_t, sim::Position>& positions)
{
    std::map<std::string, Level> totals;
    for (const auto& [id, position] : positions) (position.side == sim::Side::Buy ? totals[position.symbol].longLots : totals[position.symbol].shortLots) += position.volume;
    return totals;
}

std::string Describe(const Levels& levels)
{
    std::string text;
    for (const auto& [key, level] : levels)
        text += (text.empty() ? "" : ", ") + std::to_string(key.first) + " " + key.second + " +" + std::to_string(static_cast<double>(level.longLots) / 1e8) + " -"
                + std::to_string(static_cast<double>(level.shortLots) / 1e8);
    return text.empty() ? "flat" : text;
}

} // namespace model
