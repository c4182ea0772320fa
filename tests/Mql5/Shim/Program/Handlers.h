// The handlers that the EA has, as the transform found them.
#pragma once
#include "../Api/Structs.h"

namespace mt {

struct Handlers {
  int (*OnInit)() = nullptr;
  void (*OnDeinit)(const int reason) = nullptr;
  void (*OnTick)() = nullptr;
  void (*OnTimer)() = nullptr;
  void (*OnTrade)() = nullptr;
  void (*OnTradeTransaction)(const MqlTradeTransaction &, const MqlTradeRequest &, const MqlTradeResult &) = nullptr;
  void (*OnChartEvent)(const int id, const long &lparam, const double &dparam, const string &sparam) = nullptr;
};

/// Written by the transform for the main .mq5; one EA a program.
const Handlers &EaHandlers();

/// #property lines of the main .mq5: "version=1.00".
const char *EaProperty(const char *name);

} // namespace mt
