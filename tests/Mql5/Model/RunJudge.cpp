// What has to hold in a history: at every step what is sent, in the end what the host has.
#include "Run.h"
#include "RunFacts.h"

#include <algorithm>
#include <cstdio>

namespace model {

namespace {

// A snapshot tells of one moment; the clocks of terminal and server read whole seconds.
constexpr std::int64_t MomentSlack = 2'500;

} // namespace

std::string LotsText(std::int64_t units)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(units) / 1e8);
    return text;
}

std::string Run::TerminalName() const { return std::to_string(m_world.Shown()->Login()) + "@" + ServerName; }

void Run::SeeSnapshot(const std::string& terminal, const SnapshotLines& snapshot)
{
    if (const std::string doubt = Doubt(terminal, snapshot); !doubt.empty()) {
        std::string totals;
        for (const auto& [symbol, level] : snapshot.totals) totals += " " + symbol + " +" + LotsText(level.longLots) + " -" + LotsText(level.shortLots);
        Fail("a snapshot " + doubt + ": totals" + totals + "; streams " + Describe(snapshot.positions));
    }
}

// A snapshot says what a synchronised terminal held at the moment that it names; empty = so it was.
std::string Run::Doubt(const std::string& terminal, const SnapshotLines& snapshot) const
{
    std::string doubt = "says what the terminal never held";
    const auto& moments = m_world.view.Moments();
    for (std::size_t i = 0; i < moments.size(); ++i) {
        const sim::TerminalView::Moment& moment = moments[i];
        if (std::to_string(moment.login) + "@" + ServerName != terminal) continue;
        if (TotalsOf(moment.positions) != snapshot.totals) continue;
        const std::int64_t until = i + 1 < moments.size() ? moments[i + 1].utcMsc : m_utcMsc;
        if (!moment.synchronised) doubt = "says what only a half-loaded terminal held";
        else if (until < snapshot.utcMsc - MomentSlack || moment.utcMsc > snapshot.utcMsc + MomentSlack) doubt = "says what the terminal held at another time";
        else if (plan.exact && m_world.Shown()->IsHedging() && snapshot.positions != HedgingHoldings(moment.positions, snapshot.listed)) doubt = "gives positions to other streams than opened them";
        else return "";
    }
    return doubt;
}

void Run::SeeDeal(const std::string& terminal, const DealLine& deal)
{
    const std::int64_t login = std::stoll(terminal);
    const sim::Account* account = m_world.Server(ServerName).Find(login);
    if (account == nullptr || !account->Deals().contains(static_cast<std::uint64_t>(deal.ticket))) {
        Fail("deal " + std::to_string(deal.ticket) + " is none of " + terminal);
        return;
    }
    const sim::Deal& truth = account->Deals().at(static_cast<std::uint64_t>(deal.ticket));
    const std::int64_t zone = m_world.Server(ServerName).zoneMinutes * 60'000;
    if (truth.volume != deal.lots || truth.symbol != deal.symbol || truth.magic != deal.magic || truth.timeMsc != deal.timeMsc || truth.positionId != deal.position
        || (truth.TradedSide() == sim::Side::Buy) != (deal.side == "buy"))
        Fail("deal " + std::to_string(deal.ticket) + " is told with other facts");
    if (deal.utcMsc != truth.timeMsc - zone) Fail("deal " + std::to_string(deal.ticket) + " is told with another time in UTC");
}

Levels Run::Expected(bool& exact) const
{
    const sim::Account& account = *m_world.Shown();
    exact = true;
    if (account.IsHedging()) return HedgingHoldings(account.Positions(), m_listed);
    exact = plan.exact;
    NettingOracle oracle({});
    for (std::size_t i = 0; i < account.Dealt().size(); ++i) {
        if (const auto list = m_lists.find(i); list != m_lists.end()) oracle.List(list->second);
        const sim::Deal& deal = account.Deals().at(account.Dealt()[i]);
        if (deal.Trades()) oracle.Apply(deal);
    }
    return oracle.Holdings();
}

std::optional<std::string> Run::Difference()
{
    const std::string name = TerminalName();
    if (!m_world.view.IsSynchronised() || m_world.view.IsWaiting()) return "the terminal is not synchronised";
    if (!m_host.IsLive(name)) return "no session of " + name;
    const Terminal& terminal = m_host.Terminals().at(name);
    if (!terminal.known) return "no snapshot";
    const sim::Account& account = *m_world.Shown();
    bool exact = false;
    const Levels expected = Expected(exact);
    if (exact && terminal.levels != expected) return "the host holds " + Describe(terminal.levels) + " where it should be " + Describe(expected);
    if (!account.IsHedging()) {
        std::map<std::string, std::int64_t> sums;
        for (const auto& [key, level] : terminal.levels) sums[key.second] += level.Net();
        for (const std::string& symbol : m_symbols) {
            if (sums[symbol] != account.NetOf(symbol)) return "the sum in " + symbol + " is " + LotsText(sums[symbol]) + " where the account holds " + LotsText(account.NetOf(symbol));
        }
    }
    if (const std::string records = Records(); !records.empty()) return records;
    return std::nullopt;
}

// Every deal of a listed stream is recorded, for that stream; every cancelled one that was recorded is void.
std::string Run::Records()
{
    const sim::Account& account = *m_world.Shown();
    const Stored& stored = m_host.Terminals().at(TerminalName()).stored;
    const std::int64_t zone = m_world.Server(ServerName).zoneMinutes * 60'000;
    const std::map<std::int64_t, std::int64_t>& from = m_host.Terminals().at(TerminalName()).historyFrom;
    NettingOracle oracle({});
    std::set<std::int64_t> listed;
    std::map<std::string, sim::Volume> net;      // netting
    std::map<std::string, std::size_t> opened;   // since which deal the account is not flat in the symbol
    std::map<std::int64_t, std::pair<std::int64_t, sim::Volume>> open; // by id: owner, volume
    for (std::size_t i = 0; i < account.Dealt().size(); ++i) {
        const std::uint64_t ticket = account.Dealt()[i];
        const sim::Deal& deal = account.Deals().at(ticket);
        if (const auto list = m_lists.find(i); list != m_lists.end()) {
            listed = list->second;
            oracle.List(listed);
        }
        if (deal.Trades()) {
            if (net[deal.symbol] == 0) opened[deal.symbol] = i;
            net[deal.symbol] += deal.SignedVolume();
        }
        const auto recorded = stored.deals.find(static_cast<std::int64_t>(ticket));
        if (deal.IsCanceled()) {
            if (recorded != stored.deals.end() && !stored.voided.contains(recorded->first)) return "deal " + std::to_string(ticket) + " was cancelled, the host does not know";
            continue;
        }
        if (!deal.Trades()) {
            if (recorded != stored.deals.end()) return "deal " + std::to_string(ticket) + " is no trade, but recorded";
            continue;
        }
        std::int64_t stream = -1;
        if (account.IsHedging()) {
            auto& [owner, volume] = open[deal.positionId];
            if (deal.entry == sim::Entry::In && volume <= 0) owner = deal.magic;
            volume += deal.entry == sim::Entry::In ? deal.volume : -deal.volume;
            stream = m_listed.contains(owner) ? owner : -1;
            // Of a stream that was listed once, those of that time are there.
            if (stream < 0 && m_everListed.contains(owner) && recorded != stored.deals.end()) stream = owner;
            // Volumes that changed without a deal, or by cancelled ones, make it unknowable when an id was flat.
            if (!plan.exact && recorded != stored.deals.end()) continue;
            if (!plan.exact && stream >= 0 && account.Positions().contains(deal.positionId) && account.Positions().at(deal.positionId).openedBy != owner) continue;
        } else {
            if (!plan.exact) continue;
            for (const std::int64_t magic : oracle.Apply(deal))
                if (stream < 0 && listed.contains(magic)) stream = magic;
            // What was dealt before anybody watched is told as well as it can be known.
            if (deal.timeMsc - zone < m_host.Terminals().at(TerminalName()).firstSessionMsc) continue;
            // What was dealt before other magics were listed was looked at then. A position from before is attributed by what is listed when a deal is
            // first told, or told again.
            if (i < m_lists.rbegin()->first || opened[deal.symbol] < m_lists.rbegin()->first) continue;
        }
        if (stream >= 0 && recorded == stored.deals.end() && from.contains(stream) && deal.timeMsc - zone < from.at(stream)) continue;
        if (stream < 0) {
            if (recorded != stored.deals.end() && plan.exact) return "deal " + std::to_string(ticket) + " changed no listed stream, but is recorded";
        } else if (recorded == stored.deals.end()) {
            return "deal " + std::to_string(ticket) + " of stream " + std::to_string(stream) + " is not recorded";
        } else if (recorded->second.stream != stream) {
            return "deal " + std::to_string(ticket) + " of stream " + std::to_string(stream) + " is recorded for " + std::to_string(recorded->second.stream);
        }
    }
    return "";
}

std::string Run::Leaks() const
{
    const std::string secret = Secret;
    for (const auto* texts : {&m_machine.output.printed, &m_machine.output.alerts})
        for (const std::string& text : *texts)
            if (text.find(secret) != std::string::npos) return "the secret is printed: " + text;
    return "";
}

} // namespace model
