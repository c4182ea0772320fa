#include "TerminalView.h"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t MaxMoments = 4096;

} // namespace

void TerminalView::Use(TradeServer& server, Account& account)
{
    const bool another = m_account != nullptr && m_account != &account;
    const bool wasConnected = m_connected;
    m_server = &server;
    m_account = &account;
    if (!another) return;
    // Another account: nothing of the old one is shown any more, and the new one is loaded from nothing.
    Forget();
    m_watched.clear();
    m_login = 0;
    m_serverName.clear();
    m_connected = false;
    m_synchronised = false;
    m_pending.clear();
    m_bursts.clear();
    Note();
    if (wasConnected) Connect();
}

void TerminalView::Connect()
{
    if (m_connected || m_account == nullptr) return;
    m_connected = true;
    m_synchronised = false;
    m_pending.clear();
    m_bursts.clear();
    m_authoriseAt = m_utcMsc + (m_login == 0 ? m_chance.Between(0, faults.authoriseMsc) : 0);
    std::int64_t at = std::max(m_utcMsc, m_authoriseAt);
    const std::int64_t bursts = m_chance.Between(1, faults.bursts);
    for (std::int64_t i = 0; i < bursts; ++i) {
        at += m_chance.Between(0, faults.burstGapMsc);
        m_bursts.push_back(at);
    }
    m_symbolsAt = at + m_chance.Between(0, faults.symbolLagMsc);
    Note();
    Advance(m_utcMsc);
}

void TerminalView::Disconnect()
{
    if (!m_connected) return;
    m_connected = false;
    m_synchronised = false;
    m_pending.clear();
    m_bursts.clear();
    if (m_chance.PerMille(faults.emptyOnDisconnect)) {
        m_positions.clear();
        m_positionOrder.clear();
        m_versions.clear();
        m_orders.clear();
    }
    Note();
}

void TerminalView::Forget()
{
    m_deals.clear();
    m_dealOrder.clear();
    m_orders.clear();
    m_oldOrders.clear();
    m_positions.clear();
    m_positionOrder.clear();
    m_versions.clear();
    m_symbols.clear();
    m_figures = Figures{};
}

void TerminalView::Tick(const std::string& symbol)
{
    if (m_connected && m_server != nullptr && m_server->Symbols().contains(symbol)) m_lastQuoteMsc = m_server->ServerMsc();
}

void TerminalView::Advance(std::int64_t utcMsc)
{
    m_utcMsc = std::max(m_utcMsc, utcMsc);
    if (!m_connected) return;
    if (m_login == 0 && m_utcMsc >= m_authoriseAt) {
        m_login = m_account->Login();
        m_serverName = m_server->Name();
        m_symbols = m_server->Symbols();
        m_figures = m_account->FiguresNow();
        Note();
        if (onAccount) onAccount();
    }
    while (!m_bursts.empty() && m_bursts.front() <= m_utcMsc) {
        m_bursts.pop_front();
        Burst(m_bursts.empty());
    }
    if (!m_synchronised) return;
    m_symbols = m_server->Symbols();
    PullEvents();
    RunDue();
}

void TerminalView::Breathe()
{
    if (onReading) onReading();
    if (m_connected && m_chance.PerMille(faults.changeInCall)) {
        // Something that was still on its way is here already.
        if (!m_pending.empty() && m_synchronised) {
            const Pending first = m_pending.begin()->second;
            m_pending.erase(m_pending.begin());
            Apply(first);
        }
    }
}

// One more part of what the terminal lacks; the last one brings everything up to date.
void TerminalView::Burst(bool last)
{
    std::vector<std::uint64_t> late;
    for (const auto& [ticket, deal] : m_account->Deals()) {
        if (deal.timeMsc < historyFromMsc) continue;
        const auto known = m_deals.find(ticket);
        const bool isNew = known == m_deals.end();
        if (!isNew && known->second.type == deal.type) continue;
        if (!last && !m_chance.OneIn(2)) continue;
        if (last && isNew && m_chance.PerMille(faults.lateDealPerMille)) {
            late.push_back(ticket);
            continue;
        }
        m_deals[ticket] = deal;
        if (isNew) m_dealOrder.push_back(ticket);
    }
    if (last) {
        m_positions.clear();
        m_positionOrder.clear();
        m_versions.clear();
        for (const auto& [id, position] : m_account->Positions()) PutPosition(position);
        m_orders = m_account->Orders();
        m_oldOrders = m_account->OldOrders();
        m_figures = m_account->FiguresNow();
        m_nextEvent = m_account->Events().size();
        m_synchronised = true;
        for (const std::uint64_t ticket : late) {
            ServerEvent event;
            event.kind = ServerEvent::Kind::DealAdd;
            event.deal = m_account->Deals().at(ticket);
            const std::int64_t due = m_utcMsc + m_chance.Between(1, faults.lateDealMsc);
            m_pending.emplace(due, Pending{due, m_nextEvent, false, event});
        }
    } else {
        for (const auto& [id, position] : m_account->Positions())
            if (m_chance.OneIn(3)) PutPosition(position);
    }
    Note();
}

void TerminalView::PullEvents()
{
    const auto& events = m_account->Events();
    for (; m_nextEvent < events.size(); ++m_nextEvent) Schedule(events[m_nextEvent], m_nextEvent + 1);
}

void TerminalView::Schedule(const ServerEvent& event, std::uint64_t number)
{
    std::int64_t due = event.utcMsc + m_chance.Between(0, faults.lagMsc);
    if (faults.inOrder) due = m_latestDue = std::max(due, m_latestDue);
    std::int64_t seen = due;
    if (!faults.inOrder && event.kind == ServerEvent::Kind::DealAdd) {
        seen += m_chance.Between(0, faults.dealLagMsc);
        if (m_chance.PerMille(faults.lateDealPerMille)) seen += m_chance.Between(1, faults.lateDealMsc);
    }
    m_pending.emplace(due, Pending{due, number, true, event});
    m_pending.emplace(seen, Pending{seen, number, false, event});
}

void TerminalView::RunDue()
{
    while (!m_pending.empty() && m_pending.begin()->first <= m_utcMsc) {
        const Pending first = m_pending.begin()->second;
        m_pending.erase(m_pending.begin());
        Apply(first);
    }
}

void TerminalView::Apply(const Pending& pending)
{
    const ServerEvent& event = pending.event;
    if (pending.transaction) {
        Tell(event);
        return;
    }
    switch (event.kind) {
    case ServerEvent::Kind::OrderAdd:
    case ServerEvent::Kind::OrderUpdate:
        if (!m_oldOrders.contains(event.order.ticket)) m_orders[event.order.ticket] = event.order;
        break;
    case ServerEvent::Kind::OrderDelete:
        // From here to its HistoryAdd the order is in no list.
        m_orders.erase(event.order.ticket);
        break;
    case ServerEvent::Kind::HistoryAdd:
        m_orders.erase(event.order.ticket);
        m_oldOrders[event.order.ticket] = event.order;
        break;
    case ServerEvent::Kind::DealAdd:
        // A deal that was cancelled on its way keeps the later form.
        if (m_deals.emplace(event.deal.ticket, event.deal).second) m_dealOrder.push_back(event.deal.ticket);
        m_figures = m_account->FiguresNow();
        if (event.deal.Trades()) m_lastQuoteMsc = std::max(m_lastQuoteMsc, event.deal.timeMsc);
        break;
    case ServerEvent::Kind::DealUpdate:
        if (m_deals.insert_or_assign(event.deal.ticket, event.deal).second) m_dealOrder.push_back(event.deal.ticket);
        break;
    case ServerEvent::Kind::PositionChange:
    case ServerEvent::Kind::PositionGone: {
        // The newest word about a position counts, in whatever order words come.
        std::uint64_t& version = m_versions[event.position.id];
        if (pending.number <= version) return;
        version = pending.number;
        if (event.kind == ServerEvent::Kind::PositionChange) PutPosition(event.position);
        else DropPosition(event.position.id);
        Note();
        break;
    }
    case ServerEvent::Kind::Figures:
        m_figures = m_account->FiguresNow();
        break;
    }
}

void TerminalView::Tell(const ServerEvent& event)
{
    Transaction told;
    switch (event.kind) {
    case ServerEvent::Kind::OrderAdd: told.type = TransactionType::OrderAdd; break;
    case ServerEvent::Kind::OrderUpdate: told.type = TransactionType::OrderUpdate; break;
    case ServerEvent::Kind::OrderDelete: told.type = TransactionType::OrderDelete; break;
    case ServerEvent::Kind::HistoryAdd: told.type = TransactionType::HistoryAdd; break;
    case ServerEvent::Kind::DealAdd: told.type = TransactionType::DealAdd; break;
    case ServerEvent::Kind::DealUpdate: told.type = TransactionType::DealUpdate; break;
    case ServerEvent::Kind::PositionChange:
        if (event.byDeal) return;
        told.type = TransactionType::Position;
        break;
    case ServerEvent::Kind::PositionGone:
    case ServerEvent::Kind::Figures:
        return;
    }
    if (event.kind == ServerEvent::Kind::DealAdd || event.kind == ServerEvent::Kind::DealUpdate) {
        told.deal = event.deal.ticket;
        told.order = event.deal.order;
        told.symbol = event.deal.symbol;
        told.dealType = static_cast<int>(event.deal.type);
        told.price = event.deal.price;
        told.volume = event.deal.volume;
        const auto held = m_account->Positions().find(event.deal.positionId);
        told.position = held == m_account->Positions().end() ? static_cast<std::uint64_t>(event.deal.positionId) : held->second.ticket;
    } else if (told.type == TransactionType::Position) {
        told.position = event.position.ticket;
        told.symbol = event.position.symbol;
        told.dealType = static_cast<int>(event.position.side);
        told.price = event.position.price;
        told.stopLoss = event.position.stopLoss;
        told.takeProfit = event.position.takeProfit;
        told.volume = event.position.volume;
    } else {
        told.order = event.order.ticket;
        told.symbol = event.order.symbol;
        told.orderType = static_cast<int>(event.order.type);
        told.orderState = static_cast<int>(event.order.state);
        told.price = event.order.price;
        told.volume = event.order.volumeCurrent;
        told.position = told.type == TransactionType::OrderAdd ? 0 : static_cast<std::uint64_t>(event.order.positionId);
        told.positionBy = static_cast<std::uint64_t>(event.order.positionById);
    }
    if (!onTransaction || m_chance.PerMille(faults.loseTransaction)) return;
    if (!m_held && m_chance.PerMille(faults.swapTransactions)) {
        m_held = told;
        return;
    }
    onTransaction(told);
    if (m_chance.PerMille(faults.repeatTransaction)) onTransaction(told);
    if (m_held) {
        const Transaction before = *m_held;
        m_held.reset();
        onTransaction(before);
    }
}

void TerminalView::PutPosition(const Position& position)
{
    if (!m_positions.contains(position.id)) m_positionOrder.push_back(position.id);
    m_positions[position.id] = position;
    if (heldSymbolsAreWatched) m_watched.insert(position.symbol);
    if (faults.shuffles) m_chance.Shuffle(m_positionOrder);
}

void TerminalView::DropPosition(std::int64_t id)
{
    m_positions.erase(id);
    std::erase(m_positionOrder, id);
    if (faults.shuffles) m_chance.Shuffle(m_positionOrder);
}

void TerminalView::Note()
{
    m_moments.push_back(Moment{m_utcMsc, m_synchronised, m_login, m_positions});
    if (m_moments.size() > MaxMoments) m_moments.pop_front();
}

const Position* TerminalView::ById(std::int64_t id) const
{
    const auto found = m_positions.find(id);
    return found == m_positions.end() ? nullptr : &found->second;
}

const Position* TerminalView::ByTicket(std::uint64_t ticket) const
{
    for (const auto& [id, position] : m_positions)
        if (position.ticket == ticket) return &position;
    return nullptr;
}

std::vector<std::uint64_t> TerminalView::DealsBetween(std::int64_t fromMsc, std::int64_t toMsc) const
{
    std::vector<std::uint64_t> found;
    for (const std::uint64_t ticket : m_dealOrder) {
        const std::int64_t time = m_deals.at(ticket).timeMsc;
        if (time >= fromMsc && time <= toMsc) found.push_back(ticket);
    }
    return found;
}

std::vector<std::uint64_t> TerminalView::DealsOfPosition(std::int64_t id) const
{
    std::vector<std::uint64_t> found;
    for (const std::uint64_t ticket : m_dealOrder)
        if (id != 0 && m_deals.at(ticket).positionId == id) found.push_back(ticket);
    return found;
}

std::vector<std::uint64_t> TerminalView::OldOrdersBetween(std::int64_t fromMsc, std::int64_t toMsc) const
{
    std::vector<std::uint64_t> found;
    for (const auto& [ticket, order] : m_oldOrders)
        if (order.doneMsc >= fromMsc && order.doneMsc <= toMsc) found.push_back(ticket);
    return found;
}

std::vector<std::uint64_t> TerminalView::OldOrdersOfPosition(std::int64_t id) const
{
    std::vector<std::uint64_t> found;
    for (const auto& [ticket, order] : m_oldOrders)
        if (order.positionId == id) found.push_back(ticket);
    return found;
}

const Deal* TerminalView::FindDeal(std::uint64_t ticket) const
{
    const auto found = m_deals.find(ticket);
    return found == m_deals.end() ? nullptr : &found->second;
}

const Order* TerminalView::FindOldOrder(std::uint64_t ticket) const
{
    const auto found = m_oldOrders.find(ticket);
    return found == m_oldOrders.end() ? nullptr : &found->second;
}

const SymbolFacts* TerminalView::FactsOf(const std::string& name) const
{
    const auto found = m_symbols.find(name);
    return found == m_symbols.end() || m_utcMsc < m_symbolsAt ? nullptr : &found->second;
}

bool TerminalView::Watch(const std::string& name, bool on)
{
    if (!m_symbols.contains(name)) return false;
    if (on) return m_watched.insert(name), true;
    // What is held stays in Market Watch.
    for (const auto& [id, position] : m_positions)
        if (position.symbol == name) return false;
    m_watched.erase(name);
    return true;
}

bool TerminalView::IsWatched(const std::string& name) const { return m_watched.contains(name); }

std::vector<std::string> TerminalView::SymbolNames(bool watched) const
{
    std::vector<std::string> names;
    for (const auto& [name, facts] : m_symbols)
        if (!watched || m_watched.contains(name)) names.push_back(name);
    return names;
}

} // namespace sim
