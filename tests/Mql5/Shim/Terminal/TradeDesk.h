// What one program keeps while it reads the trading side of its terminal: the selected history, position and order.
#pragma once
#include "TerminalView.h"

namespace sim {

struct TradeDesk {
    explicit TradeDesk(TerminalView& terminal) : view(terminal) {}

    TerminalView& view;
    std::vector<std::uint64_t> deals;  // one selected list a program, whatever filled it
    std::vector<std::uint64_t> orders;
    std::optional<Position> position;  // the copy taken at selection
    std::optional<Order> order;

    /// The program is unloaded: the next one begins with nothing selected.
    void Clear();
};

/// The desk that the API functions of this thread work on; nullptr = none, which is a mistake of the harness.
TradeDesk*& CurrentDesk();

} // namespace sim
