// What a trade server keeps: deals, orders, positions, symbols. Numbers are those of the terminal's properties.
#pragma once
#include <cstdint>
#include <string>

namespace sim {

/// Lots in units of 1e-8: sums are exact.
using Volume = std::int64_t;
constexpr Volume OneLot = 100'000'000;

enum class MarginMode { Netting = 0, Exchange = 1, Hedging = 2 };
enum class Side { Buy = 0, Sell = 1 };
enum class Entry { In = 0, Out = 1, InOut = 2, OutBy = 3 };
enum class Reason { Client = 0, Mobile = 1, Web = 2, Expert = 3, StopLoss = 4, TakeProfit = 5, StopOut = 6, Rollover = 7, VariationMargin = 8, Split = 9 };
enum class DealType { Buy = 0, Sell = 1, Balance = 2, Credit = 3, BuyCanceled = 13, SellCanceled = 14 };
enum class OrderType { Buy = 0, Sell = 1, CloseBy = 8 };
enum class OrderState { Started = 0, Placed = 1, Canceled = 2, Partial = 3, Filled = 4, Rejected = 5 };

inline Side Opposite(Side side) { return side == Side::Buy ? Side::Sell : Side::Buy; }
inline Volume Signed(Side side, Volume volume) { return side == Side::Buy ? volume : -volume; }
inline bool IsForced(Reason reason)
{
    return reason == Reason::StopLoss || reason == Reason::TakeProfit || reason == Reason::StopOut || reason == Reason::Rollover;
}

struct Deal {
    std::uint64_t ticket = 0;
    std::uint64_t order = 0;
    std::int64_t positionId = 0;
    std::string symbol;
    DealType type = DealType::Buy;
    Entry entry = Entry::In;
    Reason reason = Reason::Client;
    std::int64_t magic = 0;
    Volume volume = 0;
    double price = 0;
    double commission = 0;
    double swap = 0;
    double profit = 0;
    std::int64_t timeMsc = 0; // server's wall clock
    std::string comment;

    bool Trades() const { return type == DealType::Buy || type == DealType::Sell; }
    bool IsCanceled() const { return type == DealType::BuyCanceled || type == DealType::SellCanceled; }
    Side TradedSide() const { return type == DealType::Buy || type == DealType::BuyCanceled ? Side::Buy : Side::Sell; }
    Volume SignedVolume() const { return Signed(TradedSide(), volume); }
};

struct Order {
    std::uint64_t ticket = 0;
    std::int64_t positionId = 0;   // the position that it closes or made; 0 = none yet
    std::int64_t positionById = 0; // close-by
    std::string symbol;
    OrderType type = OrderType::Buy;
    OrderState state = OrderState::Started;
    Volume volumeInitial = 0;
    Volume volumeCurrent = 0; // what is not filled
    std::int64_t magic = 0;
    Reason reason = Reason::Client;
    double price = 0;
    std::int64_t setupMsc = 0;
    std::int64_t doneMsc = 0;
    std::string comment;
};

struct Position {
    std::uint64_t ticket = 0;
    std::int64_t id = 0;
    std::string symbol;
    Side side = Side::Buy;
    Volume volume = 0;
    double price = 0;
    double stopLoss = 0;
    double takeProfit = 0;
    std::int64_t magic = 0; // what POSITION_MAGIC tells
    Reason reason = Reason::Client;
    std::int64_t timeMsc = 0;
    std::int64_t updateMsc = 0;
    std::string comment;
    std::int64_t openedBy = 0; // the server's own record: the magic of the deal that (re)opened this id; no program can read it

    Volume SignedVolume() const { return Signed(side, volume); }
};

struct SymbolFacts {
    std::string name;
    std::string description;
    std::string path;
    std::string base = "EUR";
    std::string profit = "USD";
    std::string margin = "EUR";
    int digits = 5;
    int calcMode = 0;
    double contractSize = 100000;
    double volumeMin = 0.01;
    double volumeMax = 500;
    double volumeStep = 0.01;
    double bid = 1.1;
    double ask = 1.1002;

    bool operator==(const SymbolFacts&) const = default;
};

struct Figures {
    double balance = 0;
    double credit = 0;
    double equity = 0;
    double marginFree = 0;
};

} // namespace sim
