// What one terminal knows of an account: a copy of the trade server that lags, is incomplete after a connect and forgets nothing by itself.
// Programs read this copy, never the server. Every delay and order in it is drawn from one source of chance.
#pragma once
#include "TradeServer.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

/// How badly the terminal treats its programs. All zero = everything arrives at once and in order.
struct TerminalFaults {
    std::int64_t lagMsc = 0;              // longest way from the server to the copy
    std::int64_t dealLagMsc = 0;          // a deal can be selected at most so long after its DEAL_ADD
    std::int64_t lateDealPerMille = 0;    // deals that come so much later that higher tickets are seen before
    std::int64_t lateDealMsc = 0;
    std::int64_t loseTransaction = 0;     // per mille
    std::int64_t repeatTransaction = 0;   // per mille
    std::int64_t swapTransactions = 0;    // per mille
    std::int64_t changeInCall = 0;        // per mille: what is due comes between two calls of one handler
    std::int64_t emptyOnDisconnect = 0;   // per mille
    std::int64_t bursts = 1;              // at most so many bursts until synchronised
    std::int64_t burstGapMsc = 0;         // longest time between two of them
    std::int64_t authoriseMsc = 0;        // CONNECTED so long before login and server are known
    std::int64_t symbolLagMsc = 0;        // facts of symbols cannot be read for at most so long after the positions came
    std::int64_t historyFails = 0;        // per mille: a selection of the history says no
    bool inOrder = false;                 // however late, news come in the order in which they were made
    bool shuffles = false;                // the order of positions changes whenever one changes
};

/// TRADE_TRANSACTION_* with the numbers of the terminal.
enum class TransactionType { OrderAdd = 0, OrderUpdate = 1, OrderDelete = 2, HistoryAdd = 3, DealAdd = 6, DealUpdate = 7, Position = 9 };

struct Transaction {
    TransactionType type = TransactionType::DealAdd;
    std::uint64_t deal = 0;
    std::uint64_t order = 0;
    std::string symbol;
    int orderType = 0;
    int orderState = 0;
    int dealType = 0;
    double price = 0;
    double stopLoss = 0;
    double takeProfit = 0;
    Volume volume = 0;
    std::uint64_t position = 0; // ticket
    std::uint64_t positionBy = 0;
};

class TerminalView {
public:
    /// What the copy held from `utcMsc` on: for checkers.
    struct Moment {
        std::int64_t utcMsc = 0;
        bool synchronised = false;
        std::int64_t login = 0;
        std::map<std::int64_t, Position> positions;
    };

    explicit TerminalView(Chance chance) : m_chance(chance) {}

    TerminalFaults faults;
    /// Takes the transactions as they come; the program's event loop stands behind it.
    std::function<void(const Transaction&)> onTransaction;
    /// The account that programs see has become another one: they are unloaded and loaded again.
    std::function<void()> onAccount;
    /// Before each reading of a program: a test does here what comes in the middle of a handler.
    std::function<void()> onReading;
    bool heldSymbolsAreWatched = true; // UV
    /// The computer's clock is wrong by so much: the terminal counts the trade server's time from it.
    std::int64_t clockErrorMsc = 0;
    /// What the trade server has cut off: older deals are not loaded.
    std::int64_t historyFromMsc = 0;

    // By the user and by the network.
    void Use(TradeServer& server, Account& account);
    void Connect();
    void Disconnect();
    void Tick(const std::string& symbol);
    /// Brings the copy to this time.
    void Advance(std::int64_t utcMsc);
    /// Between two calls of a handler: now and then something changes.
    void Breathe();
    /// The history cannot be selected now.
    bool FailsToSelect() { return m_chance.PerMille(faults.historyFails); }
    /// No more chance from now on: what is late comes at its time, nothing new is late.
    void Calm() { faults = TerminalFaults{}; }

    // What programs can read.
    bool IsConnected() const { return m_connected; }
    std::int64_t Login() const { return m_login; }
    const std::string& ServerName() const { return m_serverName; }
    const Account* Shown() const { return m_login == 0 ? nullptr : m_account; }
    Figures FiguresNow() const { return m_figures; }
    std::int64_t TimeCurrent() const { return m_lastQuoteMsc / 1000; }
    std::int64_t TimeTradeServer() const { return m_server == nullptr ? m_utcMsc / 1000 : (m_server->ServerMsc() + clockErrorMsc) / 1000; }
    const std::vector<std::int64_t>& PositionIds() const { return m_positionOrder; }
    const Position* ById(std::int64_t id) const;
    const Position* ByTicket(std::uint64_t ticket) const;
    const std::map<std::uint64_t, Order>& ActiveOrders() const { return m_orders; }
    std::vector<std::uint64_t> DealsBetween(std::int64_t fromMsc, std::int64_t toMsc) const;
    std::vector<std::uint64_t> DealsOfPosition(std::int64_t id) const;
    std::vector<std::uint64_t> OldOrdersBetween(std::int64_t fromMsc, std::int64_t toMsc) const;
    std::vector<std::uint64_t> OldOrdersOfPosition(std::int64_t id) const;
    const Deal* FindDeal(std::uint64_t ticket) const;
    const Order* FindOldOrder(std::uint64_t ticket) const;
    bool KnowsSymbol(const std::string& name) const { return m_symbols.contains(name); }
    const SymbolFacts* FactsOf(const std::string& name) const; // nullptr: unknown, not watched or not loaded
    bool Watch(const std::string& name, bool on);
    bool IsWatched(const std::string& name) const;
    std::vector<std::string> SymbolNames(bool watched) const;

    // For checkers: nothing of this can a program know.
    bool IsSynchronised() const { return m_synchronised; }
    bool IsWaiting() const { return !m_pending.empty() || !m_bursts.empty(); }
    const std::deque<Moment>& Moments() const { return m_moments; }
    std::int64_t UtcMsc() const { return m_utcMsc; }

private:
    struct Pending {
        std::int64_t due = 0;
        std::uint64_t number = 0; // of the server's event
        bool transaction = false; // tell it only
        ServerEvent event;
    };

    void PullEvents();
    void Schedule(const ServerEvent& event, std::uint64_t number);
    void RunDue();
    void Apply(const Pending& pending);
    void Tell(const ServerEvent& event);
    void Burst(bool last);
    void PutPosition(const Position& position);
    void DropPosition(std::int64_t id);
    void Forget();
    void Note();

    Chance m_chance;
    TradeServer* m_server = nullptr;
    Account* m_account = nullptr;
    std::int64_t m_utcMsc = 0;
    std::int64_t m_lastQuoteMsc = 0;
    bool m_connected = false;
    bool m_synchronised = false;
    std::int64_t m_login = 0;
    std::string m_serverName;
    std::int64_t m_authoriseAt = 0;
    std::int64_t m_symbolsAt = 0;
    std::deque<std::int64_t> m_bursts; // when each is due
    std::size_t m_nextEvent = 0;
    std::int64_t m_latestDue = 0;
    std::multimap<std::int64_t, Pending> m_pending;
    std::optional<Transaction> m_held; // changes places with the next one

    std::map<std::uint64_t, Deal> m_deals;
    std::vector<std::uint64_t> m_dealOrder; // as they became visible
    std::map<std::uint64_t, Order> m_orders;
    std::map<std::uint64_t, Order> m_oldOrders;
    std::map<std::int64_t, Position> m_positions;
    std::vector<std::int64_t> m_positionOrder;
    std::map<std::int64_t, std::uint64_t> m_versions; // the event that a position was last changed by
    std::map<std::string, SymbolFacts> m_symbols;
    std::set<std::string> m_watched;
    Figures m_figures;
    std::deque<Moment> m_moments;
};

} // namespace sim
