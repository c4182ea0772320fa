// Accounts as MT5's trade server keeps them: the truth that terminals copy. It has no clock and no chance of its own besides the gaps
// between tickets; refusals are texts, never exceptions.
#pragma once
#include "Chance.h"
#include "Trade.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sim {

/// Which magic POSITION_MAGIC tells: sources contradict each other (README, guess 1).
enum class PositionMagic { Opener, LastDeal };

/// Which magic the deal of a stop loss, take profit or stop-out carries: sources are mixed (README, guess 2).
enum class ForcedMagic { Zero, OfPosition, Given };

/// What changed at the server, in order; a terminal copies it from here.
struct ServerEvent {
    enum class Kind { OrderAdd, OrderUpdate, OrderDelete, HistoryAdd, DealAdd, DealUpdate, PositionChange, PositionGone, Figures };
    Kind kind = Kind::Figures;
    Order order;
    Deal deal;
    Position position;
    bool byDeal = true;     // PositionChange: a deal says it as well
    std::int64_t utcMsc = 0;
};

/// What came of a request.
struct Outcome {
    std::string problem; // empty = done
    std::uint64_t order = 0;
    std::vector<std::uint64_t> deals;

    bool Ok() const { return problem.empty(); }
    static Outcome Refused(std::string why) { return Outcome{std::move(why), 0, {}}; }
};

struct Request {
    std::int64_t magic = 0;
    Reason reason = Reason::Expert;
    std::string comment;
};

class TradeServer;

class Account {
public:
    Account(TradeServer& server, std::int64_t login, MarginMode margin) : m_server(server), m_login(login), m_margin(margin) {}

    std::int64_t Login() const { return m_login; }
    MarginMode Margin() const { return m_margin; }
    bool IsHedging() const { return m_margin == MarginMode::Hedging; }

    std::string currency = "USD";
    int tradeMode = 0; // 0 demo, 1 contest, 2 real
    PositionMagic positionMagic = PositionMagic::Opener;

    // A market order, filled in so many deals.
    Outcome Trade(const std::string& symbol, Side side, Volume volume, const Request& request, int fills = 1);
    // Closes a position, or a part (volume 0 = all of it), by an order of the other side.
    Outcome Close(std::int64_t positionId, Volume volume, const Request& request, int fills = 1);
    Outcome CloseBy(std::int64_t positionId, std::int64_t byPositionId, const Request& request);
    // An order that waits for its fills; Fill makes one deal of it, Withdraw cancels the rest.
    Outcome Place(const std::string& symbol, Side side, Volume volume, const Request& request);
    Outcome Fill(std::uint64_t order, Volume volume);
    Outcome Withdraw(std::uint64_t order);
    // SL, TP or stop-out; volume 0 = the whole position. `given` counts with ForcedMagic::Given.
    Outcome Force(std::int64_t positionId, Reason reason, Volume volume, ForcedMagic magic, std::int64_t given = 0);
    // The server closes the position and opens it again, with the same id or a new one; both deals carry `magic`.
    Outcome Rollover(std::int64_t positionId, bool sameId, std::int64_t magic);
    Outcome SetStops(std::int64_t positionId, double stopLoss, double takeProfit);
    // The deal becomes BUY_CANCELED or SELL_CANCELED in its place and its volume is taken out of the position.
    Outcome CancelDeal(std::uint64_t ticket);
    // A split: another volume without a deal.
    Outcome SetVolume(std::int64_t positionId, Volume volume);
    // The position is gone without a deal: an administrator deleted it, or its history was cut.
    Outcome Vanish(std::int64_t positionId);
    Outcome Money(DealType type, double amount, const std::string& comment);

    const std::map<std::int64_t, Position>& Positions() const { return m_positions; }
    const std::map<std::uint64_t, Deal>& Deals() const { return m_deals; }
    const std::map<std::uint64_t, Order>& Orders() const { return m_orders; }
    const std::map<std::uint64_t, Order>& OldOrders() const { return m_oldOrders; }
    /// Tickets in the order in which they were dealt.
    const std::vector<std::uint64_t>& Dealt() const { return m_dealt; }
    const std::vector<ServerEvent>& Events() const { return m_events; }
    Figures FiguresNow() const { return m_figures; }
    const Position* OfSymbol(const std::string& symbol) const;
    const Position* ByTicket(std::uint64_t ticket) const;
    Volume NetOf(const std::string& symbol) const;

private:
    Outcome FillOrder(std::uint64_t ticket, Volume volume);
    void FillNetting(Order& order, Deal& deal);
    bool FillHedging(Order& order, Deal& deal);
    Deal& AddDeal(Deal deal);
    void Finish(Order& order, OrderState state);
    void Put(const Position& position, bool byDeal);
    void Remove(std::int64_t id);
    void Say(ServerEvent event);
    Order& Begin(const std::string& symbol, OrderType type, Volume volume, const Request& request);

    TradeServer& m_server;
    std::int64_t m_login;
    MarginMode m_margin;
    std::map<std::int64_t, Position> m_positions; // by id
    std::map<std::uint64_t, Deal> m_deals;
    std::map<std::uint64_t, Order> m_orders;
    std::map<std::uint64_t, Order> m_oldOrders;
    std::map<std::int64_t, std::int64_t> m_openers; // hedging: the last opener of each id
    std::vector<std::uint64_t> m_dealt;
    std::vector<ServerEvent> m_events;
    Figures m_figures;
};

class TradeServer {
public:
    TradeServer(std::string name, Chance chance) : m_name(std::move(name)), m_chance(chance) {}

    const std::string& Name() const { return m_name; }
    Account& Open(std::int64_t login, MarginMode margin);
    Account* Find(std::int64_t login);

    void SetTime(std::int64_t utcMsc) { if (utcMsc > m_utcMsc) m_utcMsc = utcMsc; }
    std::int64_t UtcMsc() const { return m_utcMsc; }
    std::int64_t ServerMsc() const { return m_utcMsc + zoneMinutes * 60'000LL; }

    /// Minutes before UTC; most brokers stand two or three hours ahead of it.
    std::int64_t zoneMinutes = 180;

    /// Describes a symbol, or describes it anew.
    void Describe(const SymbolFacts& facts) { m_symbols[facts.name] = facts; }
    void Forget(const std::string& symbol) { m_symbols.erase(symbol); }
    const std::map<std::string, SymbolFacts>& Symbols() const { return m_symbols; }

    // Tickets are numbered across all accounts of a server: they grow, with gaps.
    std::uint64_t NextOrder() { return m_order += static_cast<std::uint64_t>(m_chance.Between(1, 4)); }
    std::uint64_t NextDeal() { return m_deal += static_cast<std::uint64_t>(m_chance.Between(1, 4)); }
    double PriceOf(const std::string& symbol, Side side);

private:
    std::string m_name;
    Chance m_chance;
    std::int64_t m_utcMsc = 0;
    std::uint64_t m_order = 700'000'000;
    std::uint64_t m_deal = 300'000'000;
    std::map<std::string, SymbolFacts> m_symbols;
    std::map<std::int64_t, std::unique_ptr<Account>> m_accounts;
};

} // namespace sim
