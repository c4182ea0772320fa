// Ties a trade world to the machine and the program of an EA.
#pragma once
#include "../Program/Program.h"
#include "TradeWorld.h"

namespace sim {

/// The transaction as OnTradeTransaction gets it.
MqlTradeTransaction MqlOf(const Transaction& transaction);

/// While this lives the program's trading functions work on the world's terminal, and its transactions reach the program.
class TradeBinding {
public:
    TradeBinding(TradeWorld& world, mt::Machine& machine, mt::Program& program);
    ~TradeBinding();
    TradeBinding(const TradeBinding&) = delete;
    TradeBinding& operator=(const TradeBinding&) = delete;

    /// True once after the terminal came to show an account: MT5 then unloads its programs and loads them again (reason 6).
    bool TakeAccountChange();

private:
    TradeWorld& m_world;
    mt::Machine& m_machine;
    TradeDesk* m_before;
    bool m_accountChanged = false;
};

} // namespace sim
