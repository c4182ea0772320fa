#include "TradeBinding.h"

namespace sim {

MqlTradeTransaction MqlOf(const Transaction& transaction)
{
    MqlTradeTransaction mql{};
    mql.deal = transaction.deal;
    mql.order = transaction.order;
    mql.symbol = string::FromUtf8(transaction.symbol);
    mql.type = static_cast<ENUM_TRADE_TRANSACTION_TYPE>(transaction.type);
    mql.order_type = static_cast<ENUM_ORDER_TYPE>(transaction.orderType);
    mql.order_state = static_cast<ENUM_ORDER_STATE>(transaction.orderState);
    mql.deal_type = static_cast<ENUM_DEAL_TYPE>(transaction.dealType);
    mql.price = transaction.price;
    mql.price_sl = transaction.stopLoss;
    mql.price_tp = transaction.takeProfit;
    mql.volume = static_cast<double>(transaction.volume) / 1e8;
    mql.position = transaction.position;
    mql.position_by = transaction.positionBy;
    return mql;
}

TradeBinding::TradeBinding(TradeWorld& world, mt::Machine& machine, mt::Program& program) : m_world(world), m_machine(machine), m_before(CurrentDesk())
{
    CurrentDesk() = &world.desk;
    machine.connected = [&world] { return world.view.IsConnected(); };
    world.view.onTransaction = [&program](const Transaction& transaction) { program.PostTransaction(MqlOf(transaction)); };
    world.view.onAccount = [this] { m_accountChanged = true; };
}

TradeBinding::~TradeBinding()
{
    CurrentDesk() = m_before;
    m_machine.connected = [] { return true; };
    m_world.view.onTransaction = nullptr;
    m_world.view.onAccount = nullptr;
}

bool TradeBinding::TakeAccountChange()
{
    const bool changed = m_accountChanged;
    m_accountChanged = false;
    return changed;
}

} // namespace sim
