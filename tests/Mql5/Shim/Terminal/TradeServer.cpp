#include "TradeServer.h"

#include <algorithm>

namespace sim {

namespace {

double Lots(Volume volume) { return static_cast<double>(volume) / static_cast<double>(OneLot); }

// The parts in which an order is filled; the last one takes what is left.
std::vector<Volume> Parts(Volume volume, int fills)
{
    std::vector<Volume> parts;
    const Volume step = fills > 1 ? volume / fills / 1'000'000 * 1'000'000 : 0;
    for (int i = 1; i < fills && step > 0; ++i) parts.push_back(step);
    parts.push_back(volume - step * static_cast<Volume>(parts.size()));
    return parts;
}

} // namespace

const Position* Account::OfSymbol(const std::string& symbol) const
{
    for (const auto& [id, position] : m_positions)
        if (position.symbol == symbol) return &position;
    return nullptr;
}

const Position* Account::ByTicket(std::uint64_t ticket) const
{
    for (const auto& [id, position] : m_positions)
        if (position.ticket == ticket) return &position;
    return nullptr;
}

Volume Account::NetOf(const std::string& symbol) const
{
    Volume net = 0;
    for (const auto& [id, position] : m_positions)
        if (position.symbol == symbol) net += position.SignedVolume();
    return net;
}

Order& Account::Begin(const std::string& symbol, OrderType type, Volume volume, const Request& request)
{
    Order order;
    order.ticket = m_server.NextOrder();
    order.symbol = symbol;
    order.type = type;
    order.volumeInitial = volume;
    order.volumeCurrent = volume;
    order.magic = request.magic;
    order.reason = request.reason;
    order.comment = request.comment;
    order.setupMsc = m_server.ServerMsc();
    Order& kept = m_orders[order.ticket] = order;
    ServerEvent event;
    event.kind = ServerEvent::Kind::OrderAdd;
    event.order = kept;
    Say(event);
    return kept;
}

Outcome Account::Place(const std::string& symbol, Side side, Volume volume, const Request& request)
{
    if (!m_server.Symbols().contains(symbol)) return Outcome::Refused("no such symbol");
    if (volume <= 0) return Outcome::Refused("volume is above zero");
    const Order& order = Begin(symbol, side == Side::Buy ? OrderType::Buy : OrderType::Sell, volume, request);
    return Outcome{"", order.ticket, {}};
}

Outcome Account::Trade(const std::string& symbol, Side side, Volume volume, const Request& request, int fills)
{
    Outcome all = Place(symbol, side, volume, request);
    for (const Volume part : all.Ok() ? Parts(volume, fills) : std::vector<Volume>{}) {
        const Outcome one = FillOrder(all.order, part);
        if (!one.Ok()) return one;
        all.deals.insert(all.deals.end(), one.deals.begin(), one.deals.end());
    }
    return all;
}

Outcome Account::Close(std::int64_t positionId, Volume volume, const Request& request, int fills)
{
    const auto found = m_positions.find(positionId);
    if (found == m_positions.end()) return Outcome::Refused("no such position");
    const Position position = found->second;
    if (volume == 0) volume = position.volume;
    if (volume < 0 || volume > position.volume) return Outcome::Refused("volume is at most the position's");
    Outcome all = Place(position.symbol, Opposite(position.side), volume, request);
    if (!all.Ok()) return all;
    m_orders[all.order].positionId = positionId;
    for (const Volume part : Parts(volume, fills)) {
        const Outcome one = FillOrder(all.order, part);
        if (!one.Ok()) return one;
        all.deals.insert(all.deals.end(), one.deals.begin(), one.deals.end());
    }
    return all;
}

Outcome Account::Fill(std::uint64_t order, Volume volume) { return FillOrder(order, volume); }

Outcome Account::FillOrder(std::uint64_t ticket, Volume volume)
{
    const auto found = m_orders.find(ticket);
    if (found == m_orders.end()) return Outcome::Refused("no such order");
    Order& order = found->second;
    volume = std::min(volume, order.volumeCurrent);
    if (volume <= 0) return Outcome::Refused("volume is above zero");

    Deal deal;
    deal.order = order.ticket;
    deal.symbol = order.symbol;
    deal.type = order.type == OrderType::Sell ? DealType::Sell : DealType::Buy;
    deal.reason = order.reason;
    deal.magic = order.magic;
    deal.volume = volume;
    deal.comment = order.comment;
    deal.price = m_server.PriceOf(order.symbol, deal.TradedSide());
    deal.timeMsc = m_server.ServerMsc();
    if (!IsHedging()) {
        FillNetting(order, deal);
    } else if (!FillHedging(order, deal)) {
        Finish(order, OrderState::Rejected);
        return Outcome::Refused("the position is gone");
    }
    order.volumeCurrent -= deal.volume;
    Outcome outcome{"", ticket, {deal.ticket}};
    if (order.volumeCurrent == 0) {
        Finish(order, OrderState::Filled);
    } else {
        order.state = OrderState::Partial;
        ServerEvent event;
        event.kind = ServerEvent::Kind::OrderUpdate;
        event.order = order;
        Say(event);
    }
    return outcome;
}

void Account::FillNetting(Order& order, Deal& deal)
{
    const Position* held = OfSymbol(order.symbol);
    const Side side = deal.TradedSide();
    Position next;
    if (held == nullptr) {
        next.id = static_cast<std::int64_t>(order.ticket);
        next.ticket = order.ticket;
        next.symbol = order.symbol;
        next.side = side;
        next.volume = deal.volume;
        next.timeMsc = deal.timeMsc;
        next.magic = deal.magic;
        next.openedBy = deal.magic;
        next.reason = deal.reason;
        next.price = deal.price;
        deal.entry = Entry::In;
    } else {
        next = *held;
        if (held->side == side) {
            deal.entry = Entry::In;
            next.price = (held->price * Lots(held->volume) + deal.price * Lots(deal.volume)) / Lots(held->volume + deal.volume);
            next.volume += deal.volume;
        } else if (deal.volume <= held->volume) {
            deal.entry = Entry::Out;
            next.volume -= deal.volume;
        } else {
            // One deal closes and opens: the identifier stays, the ticket becomes that of the reversing order.
            deal.entry = Entry::InOut;
            next.side = side;
            next.volume = deal.volume - held->volume;
            next.ticket = order.ticket;
            next.price = deal.price;
            next.magic = deal.magic;
            next.openedBy = deal.magic;
            next.reason = deal.reason;
        }
        if (positionMagic == PositionMagic::LastDeal) next.magic = deal.magic;
    }
    next.updateMsc = deal.timeMsc;
    deal.positionId = next.id;
    order.positionId = next.id;
    deal = AddDeal(deal);
    if (next.volume == 0) Remove(next.id);
    else Put(next, true);
}

bool Account::FillHedging(Order& order, Deal& deal)
{
    const bool closes = order.positionId != 0 && order.positionId != static_cast<std::int64_t>(order.ticket);
    const std::int64_t id = closes ? order.positionId : static_cast<std::int64_t>(order.ticket);
    const auto held = m_positions.find(id);
    Position next;
    if (closes) {
        if (held == m_positions.end()) return false;
        next = held->second;
        deal.entry = Entry::Out;
        deal.volume = std::min(deal.volume, next.volume);
        next.volume -= deal.volume;
    } else {
        deal.entry = Entry::In;
        if (held != m_positions.end()) {
            next = held->second;
            next.volume += deal.volume;
        } else {
            // Also when this id was closed before the order was filled to its end: it appears again.
            next.id = id;
            next.ticket = order.ticket;
            next.symbol = order.symbol;
            next.side = deal.TradedSide();
            next.volume = deal.volume;
            next.price = deal.price;
            next.magic = deal.magic;
            next.openedBy = deal.magic;
            next.reason = deal.reason;
            next.timeMsc = deal.timeMsc;
            m_openers[id] = deal.magic;
        }
        order.positionId = id;
    }
    next.updateMsc = deal.timeMsc;
    deal.positionId = id;
    deal = AddDeal(deal);
    if (next.volume == 0) Remove(id);
    else Put(next, true);
    return true;
}

Outcome Account::CloseBy(std::int64_t positionId, std::int64_t byPositionId, const Request& request)
{
    if (!IsHedging()) return Outcome::Refused("only on a hedging account");
    const auto one = m_positions.find(positionId);
    const auto two = m_positions.find(byPositionId);
    if (one == m_positions.end() || two == m_positions.end()) return Outcome::Refused("no such position");
    if (one->second.symbol != two->second.symbol || one->second.side == two->second.side) return Outcome::Refused("not opposite positions of one symbol");
    const Volume volume = std::min(one->second.volume, two->second.volume);
    Order& order = Begin(one->second.symbol, OrderType::CloseBy, volume, request);
    order.positionId = positionId;
    order.positionById = byPositionId;
    Outcome outcome{"", order.ticket, {}};
    for (const std::int64_t id : {positionId, byPositionId}) {
        Position position = m_positions.at(id);
        Deal deal;
        deal.order = order.ticket;
        deal.positionId = id;
        deal.symbol = position.symbol;
        deal.type = position.side == Side::Buy ? DealType::Sell : DealType::Buy;
        deal.entry = Entry::OutBy;
        deal.reason = request.reason;
        deal.magic = request.magic;
        deal.volume = volume;
        deal.price = position.price;
        deal.timeMsc = m_server.ServerMsc();
        deal.comment = request.comment;
        outcome.deals.push_back(AddDeal(deal).ticket);
        position.volume -= volume;
        position.updateMsc = m_server.ServerMsc();
        if (position.volume == 0) Remove(id);
        else Put(position, true);
    }
    order.volumeCurrent = 0;
    Finish(order, OrderState::Filled);
    return outcome;
}

Outcome Account::Withdraw(std::uint64_t order)
{
    const auto found = m_orders.find(order);
    if (found == m_orders.end()) return Outcome::Refused("no such order");
    Finish(found->second, OrderState::Canceled);
    return Outcome{"", order, {}};
}

Outcome Account::Force(std::int64_t positionId, Reason reason, Volume volume, ForcedMagic magic, std::int64_t given)
{
    const auto found = m_positions.find(positionId);
    if (found == m_positions.end()) return Outcome::Refused("no such position");
    Request request;
    request.reason = reason;
    request.magic = magic == ForcedMagic::Zero ? 0 : magic == ForcedMagic::OfPosition ? found->second.magic : given;
    request.comment = reason == Reason::StopLoss ? "[sl]" : reason == Reason::TakeProfit ? "[tp]" : "[so]";
    return Close(positionId, volume, request);
}

Outcome Account::Rollover(std::int64_t positionId, bool sameId, std::int64_t magic)
{
    const auto found = m_positions.find(positionId);
    if (found == m_positions.end()) return Outcome::Refused("no such position");
    const Position before = found->second;
    const Request request{magic, Reason::Rollover, "rollover"};
    Outcome outcome = Close(positionId, 0, request);
    if (!outcome.Ok()) return outcome;
    const std::uint64_t ticket = Begin(before.symbol, before.side == Side::Buy ? OrderType::Buy : OrderType::Sell, before.volume, request).ticket;
    Order& order = m_orders.at(ticket);
    Position position = before;
    position.ticket = ticket;
    position.id = sameId ? before.id : static_cast<std::int64_t>(ticket);
    position.magic = magic;
    position.openedBy = magic;
    position.reason = Reason::Rollover;
    position.timeMsc = position.updateMsc = m_server.ServerMsc();
    order.positionId = position.id;
    Deal deal;
    deal.order = ticket;
    deal.positionId = position.id;
    deal.symbol = position.symbol;
    deal.type = position.side == Side::Buy ? DealType::Buy : DealType::Sell;
    deal.reason = Reason::Rollover;
    deal.magic = magic;
    deal.volume = position.volume;
    deal.price = position.price;
    deal.timeMsc = m_server.ServerMsc();
    deal.comment = "rollover";
    m_openers[position.id] = magic;
    outcome.deals.push_back(AddDeal(deal).ticket);
    Put(position, true);
    order.volumeCurrent = 0;
    Finish(order, OrderState::Filled);
    return outcome;
}

Outcome Account::SetStops(std::int64_t positionId, double stopLoss, double takeProfit)
{
    const auto found = m_positions.find(positionId);
    if (found == m_positions.end()) return Outcome::Refused("no such position");
    Position position = found->second;
    position.stopLoss = stopLoss;
    position.takeProfit = takeProfit;
    Put(position, false);
    return {};
}

Outcome Account::SetVolume(std::int64_t positionId, Volume volume)
{
    const auto found = m_positions.find(positionId);
    if (found == m_positions.end()) return Outcome::Refused("no such position");
    if (volume <= 0) return Outcome::Refused("volume is above zero");
    Position position = found->second;
    position.volume = volume;
    position.updateMsc = m_server.ServerMsc();
    Put(position, false);
    return {};
}

Outcome Account::Vanish(std::int64_t positionId)
{
    if (!m_positions.contains(positionId)) return Outcome::Refused("no such position");
    Remove(positionId);
    return {};
}

Outcome Account::CancelDeal(std::uint64_t ticket)
{
    const auto found = m_deals.find(ticket);
    if (found == m_deals.end() || !found->second.Trades()) return Outcome::Refused("no such deal, or it moved nothing");
    Deal& deal = found->second;

    const Position* held = nullptr;
    if (const auto it = m_positions.find(deal.positionId); IsHedging()) held = it == m_positions.end() ? nullptr : &it->second;
    else held = OfSymbol(deal.symbol);
    const Volume net = (held == nullptr ? 0 : held->SignedVolume()) - deal.SignedVolume();
    // A hedging position never turns round: what was closed since cannot be taken out again.
    const Side side = IsHedging() ? (deal.entry == Entry::In ? deal.TradedSide() : Opposite(deal.TradedSide())) : (net >= 0 ? Side::Buy : Side::Sell);
    if (IsHedging() && net != 0 && Signed(side, net) < 0) return Outcome::Refused("the position has been closed since");

    deal.type = deal.type == DealType::Buy ? DealType::BuyCanceled : DealType::SellCanceled;
    deal.profit = 0;
    ServerEvent event;
    event.kind = ServerEvent::Kind::DealUpdate;
    event.deal = deal;
    Say(event);

    if (net == 0) {
        if (held != nullptr) Remove(held->id);
        return Outcome{"", deal.order, {ticket}};
    }
    Position position;
    if (held != nullptr) {
        position = *held;
    } else {
        position.id = deal.positionId;
        position.ticket = deal.order;
        position.symbol = deal.symbol;
        position.price = deal.price;
        position.timeMsc = deal.timeMsc;
        position.openedBy = IsHedging() && m_openers.contains(deal.positionId) ? m_openers.at(deal.positionId) : deal.magic;
        position.magic = position.openedBy;
    }
    position.side = side;
    position.volume = net < 0 ? -net : net;
    position.updateMsc = m_server.ServerMsc();
    Put(position, false);
    return Outcome{"", deal.order, {ticket}};
}

Outcome Account::Money(DealType type, double amount, const std::string& comment)
{
    Deal deal;
    deal.type = type;
    deal.profit = amount;
    deal.comment = comment;
    deal.timeMsc = m_server.ServerMsc();
    (type == DealType::Credit ? m_figures.credit : m_figures.balance) += amount;
    m_figures.equity = m_figures.balance + m_figures.credit;
    m_figures.marginFree = m_figures.equity;
    return Outcome{"", 0, {AddDeal(deal).ticket}};
}

Deal& Account::AddDeal(Deal deal)
{
    deal.ticket = m_server.NextDeal();
    m_dealt.push_back(deal.ticket);
    Deal& kept = m_deals[deal.ticket] = deal;
    ServerEvent event;
    event.kind = ServerEvent::Kind::DealAdd;
    event.deal = kept;
    Say(event);
    return kept;
}

void Account::Finish(Order& order, OrderState state)
{
    order.state = state;
    order.doneMsc = m_server.ServerMsc();
    ServerEvent event;
    event.order = order;
    event.kind = ServerEvent::Kind::OrderDelete;
    Say(event);
    event.kind = ServerEvent::Kind::HistoryAdd;
    Say(event);
    m_oldOrders[order.ticket] = order;
    m_orders.erase(order.ticket);
}

void Account::Put(const Position& position, bool byDeal)
{
    m_positions[position.id] = position;
    ServerEvent event;
    event.kind = ServerEvent::Kind::PositionChange;
    event.position = position;
    event.byDeal = byDeal;
    Say(event);
}

void Account::Remove(std::int64_t id)
{
    const auto found = m_positions.find(id);
    ServerEvent event;
    event.kind = ServerEvent::Kind::PositionGone;
    event.position = found->second;
    event.position.volume = 0;
    m_positions.erase(found);
    Say(event);
}

void Account::Say(ServerEvent event)
{
    event.utcMsc = m_server.UtcMsc();
    m_events.push_back(std::move(event));
}

Account& TradeServer::Open(std::int64_t login, MarginMode margin)
{
    auto& slot = m_accounts[login];
    if (!slot) slot = std::make_unique<Account>(*this, login, margin);
    return *slot;
}

Account* TradeServer::Find(std::int64_t login)
{
    const auto found = m_accounts.find(login);
    return found == m_accounts.end() ? nullptr : found->second.get();
}

double TradeServer::PriceOf(const std::string& symbol, Side side)
{
    SymbolFacts& facts = m_symbols.at(symbol);
    const double step = facts.bid * 0.0001 * static_cast<double>(m_chance.Between(-3, 3));
    facts.bid += step;
    facts.ask += step;
    return side == Side::Buy ? facts.ask : facts.bid;
}

} // namespace sim
