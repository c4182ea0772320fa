// The trading functions of MQL5 over the terminal's copy of an account.
#include "../Api/Machine.h"
#include "../Api/Trading.h"
#include "TradeDesk.h"

namespace sim {

void TradeDesk::Clear()
{
    deals.clear();
    orders.clear();
    position.reset();
    order.reset();
}

TradeDesk*& CurrentDesk()
{
    static thread_local TradeDesk* desk = nullptr;
    return desk;
}

} // namespace sim

namespace {

using sim::Deal;
using sim::Order;
using sim::Position;

sim::TradeDesk& Desk()
{
    if (sim::CurrentDesk() == nullptr) mt::Critical("a trading function is called outside of a program");
    return *sim::CurrentDesk();
}

// Every call may be one before which something arrived.
sim::TradeDesk& DeskNow()
{
    Desk().view.Breathe();
    return Desk();
}

template <typename T>
bool Fail(int error, T& value)
{
    _LastError = error;
    value = T();
    return false;
}

double Lots(sim::Volume volume) { return static_cast<double>(volume) / 1e8; }
string Text(const std::string& utf8) { return string::FromUtf8(utf8); }

bool Selected(const std::vector<std::uint64_t>& list, ulong ticket) { return std::find(list.begin(), list.end(), ticket) != list.end(); }

const Deal* SelectedDeal(ulong ticket)
{
    sim::TradeDesk& desk = Desk();
    return Selected(desk.deals, ticket) ? desk.view.FindDeal(ticket) : nullptr;
}

const Order* SelectedOldOrder(ulong ticket)
{
    sim::TradeDesk& desk = Desk();
    return Selected(desk.orders, ticket) ? desk.view.FindOldOrder(ticket) : nullptr;
}

// Seconds to milliseconds without overflow: programs pass LONG_MAX as a bound.
std::int64_t Msc(long seconds, std::int64_t add)
{
    if (seconds <= 0) return 0;
    if (seconds > LONG_MAX / 1000 - 1) return LONG_MAX;
    return seconds * 1000 + add;
}

} // namespace

// --- positions

int PositionsTotal() { return static_cast<int>(DeskNow().view.PositionIds().size()); }

ulong PositionGetTicket(int index)
{
    sim::TradeDesk& desk = DeskNow();
    const auto& ids = desk.view.PositionIds();
    if (index < 0 || static_cast<std::size_t>(index) >= ids.size()) {
        _LastError = ERR_TRADE_POSITION_NOT_FOUND;
        return 0;
    }
    desk.position = *desk.view.ById(ids[static_cast<std::size_t>(index)]);
    return desk.position->ticket;
}

string PositionGetSymbol(int index) { return PositionGetTicket(index) == 0 ? string(u"") : Text(Desk().position->symbol); }

bool PositionSelect(string symbol)
{
    sim::TradeDesk& desk = DeskNow();
    const Position* found = nullptr;
    for (const std::int64_t id : desk.view.PositionIds()) {
        const Position* one = desk.view.ById(id);
        if (one->symbol == symbol.Utf8() && (found == nullptr || one->ticket < found->ticket)) found = one;
    }
    if (found == nullptr) {
        _LastError = ERR_TRADE_POSITION_NOT_FOUND;
        return false;
    }
    desk.position = *found;
    return true;
}

bool PositionSelectByTicket(ulong ticket)
{
    sim::TradeDesk& desk = DeskNow();
    const Position* found = desk.view.ByTicket(ticket);
    if (found == nullptr) {
        _LastError = ERR_TRADE_POSITION_NOT_FOUND;
        return false;
    }
    desk.position = *found;
    return true;
}

bool PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property, long& value)
{
    if (!Desk().position) return Fail(ERR_TRADE_POSITION_NOT_FOUND, value);
    const Position& p = *Desk().position;
    switch (property) {
    case POSITION_TIME: value = p.timeMsc / 1000; return true;
    case POSITION_TIME_MSC: value = p.timeMsc; return true;
    case POSITION_TIME_UPDATE: value = p.updateMsc / 1000; return true;
    case POSITION_TIME_UPDATE_MSC: value = p.updateMsc; return true;
    case POSITION_TYPE: value = static_cast<long>(p.side); return true;
    case POSITION_MAGIC: value = p.magic; return true;
    case POSITION_IDENTIFIER: value = p.id; return true;
    case POSITION_TICKET: value = static_cast<long>(p.ticket); return true;
    case POSITION_REASON: value = static_cast<long>(p.reason); return true;
    }
    return Fail(ERR_TRADE_WRONG_PROPERTY, value);
}

bool PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property, double& value)
{
    if (!Desk().position) return Fail(ERR_TRADE_POSITION_NOT_FOUND, value);
    const Position& p = *Desk().position;
    switch (property) {
    case POSITION_VOLUME: value = Lots(p.volume); return true;
    case POSITION_PRICE_OPEN:
    case POSITION_PRICE_CURRENT: value = p.price; return true;
    case POSITION_SL: value = p.stopLoss; return true;
    case POSITION_TP: value = p.takeProfit; return true;
    case POSITION_SWAP:
    case POSITION_PROFIT: value = 0; return true;
    }
    return Fail(ERR_TRADE_WRONG_PROPERTY, value);
}

bool PositionGetString(ENUM_POSITION_PROPERTY_STRING property, string& value)
{
    if (!Desk().position) return Fail(ERR_TRADE_POSITION_NOT_FOUND, value);
    const Position& p = *Desk().position;
    switch (property) {
    case POSITION_SYMBOL: value = Text(p.symbol); return true;
    case POSITION_COMMENT: value = Text(p.comment); return true;
    case POSITION_EXTERNAL_ID: value = string(u""); return true;
    }
    return Fail(ERR_TRADE_WRONG_PROPERTY, value);
}

long PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property)
{
    long value = 0;
    PositionGetInteger(property, value);
    return value;
}

double PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property)
{
    double value = 0;
    PositionGetDouble(property, value);
    return value;
}

string PositionGetString(ENUM_POSITION_PROPERTY_STRING property)
{
    string value(u"");
    PositionGetString(property, value);
    return value;
}

// --- active orders

int OrdersTotal() { return static_cast<int>(DeskNow().view.ActiveOrders().size()); }

ulong OrderGetTicket(int index)
{
    sim::TradeDesk& desk = DeskNow();
    const auto& orders = desk.view.ActiveOrders();
    if (index < 0 || static_cast<std::size_t>(index) >= orders.size()) {
        _LastError = ERR_TRADE_ORDER_NOT_FOUND;
        return 0;
    }
    desk.order = std::next(orders.begin(), index)->second;
    return desk.order->ticket;
}

bool OrderSelect(ulong ticket)
{
    sim::TradeDesk& desk = DeskNow();
    const auto found = desk.view.ActiveOrders().find(ticket);
    if (found == desk.view.ActiveOrders().end()) {
        _LastError = ERR_TRADE_ORDER_NOT_FOUND;
        return false;
    }
    desk.order = found->second;
    return true;
}

namespace {

bool OrderInteger(const Order* order, ENUM_ORDER_PROPERTY_INTEGER property, long& value)
{
    if (order == nullptr) return Fail(ERR_TRADE_ORDER_NOT_FOUND, value);
    switch (property) {
    case ORDER_TIME_SETUP: value = order->setupMsc / 1000; return true;
    case ORDER_TYPE: value = static_cast<long>(order->type); return true;
    case ORDER_STATE: value = static_cast<long>(order->state); return true;
    case ORDER_MAGIC: value = order->magic; return true;
    case ORDER_POSITION_ID: value = order->positionId; return true;
    case ORDER_POSITION_BY_ID: value = order->positionById; return true;
    case ORDER_TICKET: value = static_cast<long>(order->ticket); return true;
    case ORDER_REASON: value = static_cast<long>(order->reason); return true;
    }
    return Fail(ERR_TRADE_WRONG_PROPERTY, value);
}

double OrderDouble(const Order* order, ENUM_ORDER_PROPERTY_DOUBLE property)
{
    if (order == nullptr) {
        _LastError = ERR_TRADE_ORDER_NOT_FOUND;
        return 0;
    }
    return Lots(property == ORDER_VOLUME_INITIAL ? order->volumeInitial : order->volumeCurrent);
}

string OrderText(const Order* order, ENUM_ORDER_PROPERTY_STRING property)
{
    if (order == nullptr) {
        _LastError = ERR_TRADE_ORDER_NOT_FOUND;
        return string(u"");
    }
    return Text(property == ORDER_SYMBOL ? order->symbol : order->comment);
}

const Order* SelectedOrder() { return Desk().order ? &*Desk().order : nullptr; }

} // namespace

long OrderGetInteger(ENUM_ORDER_PROPERTY_INTEGER property)
{
    long value = 0;
    OrderInteger(SelectedOrder(), property, value);
    return value;
}

double OrderGetDouble(ENUM_ORDER_PROPERTY_DOUBLE property) { return OrderDouble(SelectedOrder(), property); }
string OrderGetString(ENUM_ORDER_PROPERTY_STRING property) { return OrderText(SelectedOrder(), property); }

// --- history

namespace {

bool CannotSelect(sim::TradeDesk& desk)
{
    if (!desk.view.FailsToSelect()) return false;
    desk.deals.clear();
    desk.orders.clear();
    _LastError = ERR_HISTORY_NOT_FOUND;
    return true;
}

} // namespace

bool HistorySelect(datetime from, datetime to)
{
    sim::TradeDesk& desk = DeskNow();
    if (CannotSelect(desk)) return false;
    const std::int64_t first = Msc(from, 0);
    const std::int64_t last = Msc(to, 999);
    desk.deals = desk.view.DealsBetween(first, last);
    desk.orders = desk.view.OldOrdersBetween(first, last);
    return true; // also when nothing was found
}

bool HistorySelectByPosition(long position)
{
    sim::TradeDesk& desk = DeskNow();
    if (CannotSelect(desk)) return false;
    desk.deals = desk.view.DealsOfPosition(position);
    desk.orders = desk.view.OldOrdersOfPosition(position);
    return true;
}

bool HistoryDealSelect(ulong ticket)
{
    sim::TradeDesk& desk = DeskNow();
    if (CannotSelect(desk)) return false;
    desk.deals.clear();
    desk.orders.clear();
    if (desk.view.FindDeal(ticket) == nullptr) {
        _LastError = ERR_TRADE_DEAL_NOT_FOUND;
        return false;
    }
    desk.deals.push_back(ticket);
    return true;
}

bool HistoryOrderSelect(ulong ticket)
{
    sim::TradeDesk& desk = DeskNow();
    desk.deals.clear();
    desk.orders.clear();
    if (desk.view.FindOldOrder(ticket) == nullptr) {
        _LastError = ERR_TRADE_ORDER_NOT_FOUND;
        return false;
    }
    desk.orders.push_back(ticket);
    return true;
}

int HistoryDealsTotal() { return static_cast<int>(Desk().deals.size()); }

ulong HistoryDealGetTicket(int index)
{
    const auto& deals = Desk().deals;
    if (index >= 0 && static_cast<std::size_t>(index) < deals.size()) return deals[static_cast<std::size_t>(index)];
    _LastError = ERR_TRADE_DEAL_NOT_FOUND;
    return 0;
}

bool HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property, long& value)
{
    const Deal* deal = SelectedDeal(ticket);
    if (deal == nullptr) return Fail(ERR_TRADE_DEAL_NOT_FOUND, value);
    switch (property) {
    case DEAL_TICKET: value = static_cast<long>(deal->ticket); return true;
    case DEAL_ORDER: value = static_cast<long>(deal->order); return true;
    case DEAL_TIME: value = deal->timeMsc / 1000; return true;
    case DEAL_TIME_MSC: value = deal->timeMsc; return true;
    case DEAL_TYPE: value = static_cast<long>(deal->type); return true;
    case DEAL_ENTRY: value = static_cast<long>(deal->entry); return true;
    case DEAL_MAGIC: value = deal->magic; return true;
    case DEAL_REASON: value = static_cast<long>(deal->reason); return true;
    case DEAL_POSITION_ID: value = deal->positionId; return true;
    }
    return Fail(ERR_TRADE_WRONG_PROPERTY, value);
}

bool HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property, double& value)
{
    const Deal* deal = SelectedDeal(ticket);
    if (deal == nullptr) return Fail(ERR_TRADE_DEAL_NOT_FOUND, value);
    switch (property) {
    case DEAL_VOLUME: value = Lots(deal->volume); return true;
    case DEAL_PRICE: value = deal->price; return true;
    case DEAL_COMMISSION: value = deal->commission; return true;
    case DEAL_SWAP: value = deal->swap; return true;
    case DEAL_PROFIT: value = deal->profit; return true;
    case DEAL_FEE:
    case DEAL_SL:
    case DEAL_TP: value = 0; return true;
    }
    return Fail(ERR_TRADE_WRONG_PROPERTY, value);
}

bool HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property, string& value)
{
    const Deal* deal = SelectedDeal(ticket);
    if (deal == nullptr) return Fail(ERR_TRADE_DEAL_NOT_FOUND, value);
    switch (property) {
    case DEAL_SYMBOL: value = Text(deal->symbol); return true;
    case DEAL_COMMENT: value = Text(deal->comment); return true;
    case DEAL_EXTERNAL_ID: value = string(u""); return true;
    }
    return Fail(ERR_TRADE_WRONG_PROPERTY, value);
}

long HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property)
{
    long value = 0;
    HistoryDealGetInteger(ticket, property, value);
    return value;
}

double HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property)
{
    double value = 0;
    HistoryDealGetDouble(ticket, property, value);
    return value;
}

string HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property)
{
    string value(u"");
    HistoryDealGetString(ticket, property, value);
    return value;
}

int HistoryOrdersTotal() { return static_cast<int>(Desk().orders.size()); }

ulong HistoryOrderGetTicket(int index)
{
    const auto& orders = Desk().orders;
    if (index >= 0 && static_cast<std::size_t>(index) < orders.size()) return orders[static_cast<std::size_t>(index)];
    _LastError = ERR_TRADE_ORDER_NOT_FOUND;
    return 0;
}

bool HistoryOrderGetInteger(ulong ticket, ENUM_ORDER_PROPERTY_INTEGER property, long& value)
{
    return OrderInteger(SelectedOldOrder(ticket), property, value);
}

long HistoryOrderGetInteger(ulong ticket, ENUM_ORDER_PROPERTY_INTEGER property)
{
    long value = 0;
    OrderInteger(SelectedOldOrder(ticket), property, value);
    return value;
}

double HistoryOrderGetDouble(ulong ticket, ENUM_ORDER_PROPERTY_DOUBLE property) { return OrderDouble(SelectedOldOrder(ticket), property); }
string HistoryOrderGetString(ulong ticket, ENUM_ORDER_PROPERTY_STRING property) { return OrderText(SelectedOldOrder(ticket), property); }

// --- account: zero and empty before authorisation (UV)

long AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property)
{
    const sim::TerminalView& view = DeskNow().view;
    const sim::Account* account = view.Shown();
    if (account == nullptr) return 0;
    switch (property) {
    case ACCOUNT_LOGIN: return view.Login();
    case ACCOUNT_TRADE_MODE: return account->tradeMode;
    case ACCOUNT_TRADE_ALLOWED:
    case ACCOUNT_TRADE_EXPERT: return 1;
    case ACCOUNT_LEVERAGE: return 100;
    case ACCOUNT_MARGIN_MODE: return static_cast<long>(account->Margin());
    case ACCOUNT_CURRENCY_DIGITS: return 2;
    case ACCOUNT_HEDGE_ALLOWED: return account->IsHedging() ? 1 : 0;
    case ACCOUNT_MARGIN_SO_MODE:
    case ACCOUNT_LIMIT_ORDERS:
    case ACCOUNT_FIFO_CLOSE: return 0;
    }
    _LastError = ERR_ACCOUNT_WRONG_PROPERTY;
    return 0;
}

double AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property)
{
    const sim::Figures figures = DeskNow().view.FiguresNow();
    switch (property) {
    case ACCOUNT_BALANCE: return figures.balance;
    case ACCOUNT_CREDIT: return figures.credit;
    case ACCOUNT_EQUITY: return figures.equity;
    case ACCOUNT_MARGIN_FREE: return figures.marginFree;
    case ACCOUNT_PROFIT:
    case ACCOUNT_MARGIN:
    case ACCOUNT_MARGIN_LEVEL:
    case ACCOUNT_MARGIN_SO_CALL:
    case ACCOUNT_MARGIN_SO_SO: return 0;
    }
    _LastError = ERR_ACCOUNT_WRONG_PROPERTY;
    return 0;
}

string AccountInfoString(ENUM_ACCOUNT_INFO_STRING property)
{
    const sim::TerminalView& view = DeskNow().view;
    const sim::Account* account = view.Shown();
    if (account == nullptr) return string(u"");
    switch (property) {
    case ACCOUNT_NAME: return string(u"A Trader");
    case ACCOUNT_COMPANY: return string(u"A Broker");
    case ACCOUNT_SERVER: return Text(view.ServerName());
    case ACCOUNT_CURRENCY: return Text(account->currency);
    }
    _LastError = ERR_ACCOUNT_WRONG_PROPERTY;
    return string(u"");
}

// --- symbols: known to the server, then in Market Watch, then readable

namespace {

const sim::SymbolFacts* Facts(const string& name)
{
    const sim::TerminalView& view = DeskNow().view;
    const std::string utf8 = name.Utf8();
    if (!view.KnowsSymbol(utf8)) {
        _LastError = ERR_MARKET_UNKNOWN_SYMBOL;
        return nullptr;
    }
    const sim::SymbolFacts* facts = view.IsWatched(utf8) ? view.FactsOf(utf8) : nullptr;
    if (facts == nullptr) _LastError = ERR_MARKET_NOT_SELECTED;
    return facts;
}

} // namespace

int SymbolsTotal(bool selected) { return static_cast<int>(DeskNow().view.SymbolNames(selected).size()); }

string SymbolName(int index, bool selected)
{
    const std::vector<std::string> names = DeskNow().view.SymbolNames(selected);
    return index >= 0 && static_cast<std::size_t>(index) < names.size() ? Text(names[static_cast<std::size_t>(index)]) : string(u"");
}

bool SymbolExist(string name, bool& custom)
{
    custom = false;
    return DeskNow().view.KnowsSymbol(name.Utf8());
}

bool SymbolSelect(string name, bool select)
{
    if (DeskNow().view.Watch(name.Utf8(), select)) return true;
    _LastError = ERR_MARKET_UNKNOWN_SYMBOL;
    return false;
}

bool SymbolInfoInteger(string name, ENUM_SYMBOL_INFO_INTEGER property, long& value)
{
    if (property == SYMBOL_EXIST || property == SYMBOL_SELECT || property == SYMBOL_VISIBLE) {
        const sim::TerminalView& view = DeskNow().view;
        value = property == SYMBOL_EXIST ? view.KnowsSymbol(name.Utf8()) : view.IsWatched(name.Utf8());
        return true;
    }
    const sim::SymbolFacts* facts = Facts(name);
    if (facts == nullptr) return value = 0, false;
    switch (property) {
    case SYMBOL_DIGITS: value = facts->digits; return true;
    case SYMBOL_TRADE_CALC_MODE: value = facts->calcMode; return true;
    case SYMBOL_TRADE_MODE: value = SYMBOL_TRADE_MODE_FULL; return true;
    case SYMBOL_SPREAD:
    case SYMBOL_CUSTOM: value = 0; return true;
    case SYMBOL_TIME: value = TimeCurrent(); return true;
    case SYMBOL_TIME_MSC: value = TimeCurrent() * 1000; return true;
    default: return Fail(ERR_MARKET_WRONG_PROPERTY, value);
    }
}

bool SymbolInfoDouble(string name, ENUM_SYMBOL_INFO_DOUBLE property, double& value)
{
    const sim::SymbolFacts* facts = Facts(name);
    if (facts == nullptr) return value = 0, false;
    switch (property) {
    case SYMBOL_BID:
    case SYMBOL_LAST: value = facts->bid; return true;
    case SYMBOL_ASK: value = facts->ask; return true;
    case SYMBOL_POINT:
    case SYMBOL_TRADE_TICK_SIZE: value = std::pow(10.0, -facts->digits); return true;
    case SYMBOL_TRADE_TICK_VALUE: value = 1; return true;
    case SYMBOL_TRADE_CONTRACT_SIZE: value = facts->contractSize; return true;
    case SYMBOL_VOLUME_MIN: value = facts->volumeMin; return true;
    case SYMBOL_VOLUME_MAX: value = facts->volumeMax; return true;
    case SYMBOL_VOLUME_STEP: value = facts->volumeStep; return true;
    case SYMBOL_VOLUME_LIMIT: value = 0; return true;
    }
    return Fail(ERR_MARKET_WRONG_PROPERTY, value);
}

bool SymbolInfoString(string name, ENUM_SYMBOL_INFO_STRING property, string& value)
{
    const sim::SymbolFacts* facts = Facts(name);
    if (facts == nullptr) return value = string(u""), false;
    switch (property) {
    case SYMBOL_DESCRIPTION: value = Text(facts->description); return true;
    case SYMBOL_PATH: value = Text(facts->path); return true;
    case SYMBOL_CURRENCY_BASE: value = Text(facts->base); return true;
    case SYMBOL_CURRENCY_PROFIT: value = Text(facts->profit); return true;
    case SYMBOL_CURRENCY_MARGIN: value = Text(facts->margin); return true;
    default: value = string(u""); return true;
    }
}

long SymbolInfoInteger(string name, ENUM_SYMBOL_INFO_INTEGER property)
{
    long value = 0;
    SymbolInfoInteger(name, property, value);
    return value;
}

double SymbolInfoDouble(string name, ENUM_SYMBOL_INFO_DOUBLE property)
{
    double value = 0;
    SymbolInfoDouble(name, property, value);
    return value;
}

string SymbolInfoString(string name, ENUM_SYMBOL_INFO_STRING property)
{
    string value(u"");
    SymbolInfoString(name, property, value);
    return value;
}

bool SymbolInfoTick(string name, MqlTick& tick)
{
    ZeroMemory(tick);
    const sim::SymbolFacts* facts = Facts(name);
    if (facts == nullptr) return false;
    tick.bid = facts->bid;
    tick.ask = facts->ask;
    tick.time = TimeCurrent();
    tick.time_msc = static_cast<long>(tick.time) * 1000;
    return true;
}

datetime TimeCurrent() { return datetime(static_cast<long>(Desk().view.TimeCurrent())); }
datetime TimeTradeServer() { return datetime(static_cast<long>(Desk().view.TimeTradeServer())); }
