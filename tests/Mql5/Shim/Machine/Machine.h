// The terminal around one EA, without its trading side. The functions of MQL5 work on the machine that is current on their thread.
#pragma once
#include "../Api/Machine.h"
#include "Chart.h"
#include "Clock.h"
#include "Files.h"
#include "Network.h"

#include <random>

namespace mt {

class Program;

/// What the EA put out.
struct Output {
  std::vector<std::string> printed, alerts;
  std::function<void(const std::string &)> onPrint, onAlert;
  /// What MT5 would not have let pass: OnDeinit too long, sockets left open, …
  std::vector<std::string> faults;
};

struct Socket {
  std::unique_ptr<Connection> connection;
  bool tls = false, wasRead = false;
  /// 0 = for ever.
  uint sendTimeout = 0, receiveTimeout = 0;
};

class Machine {
public:
  Machine(Clock &clock, Network &network, unsigned long seed = 1) : clock(clock), network(network), random(seed) {}
  ~Machine();
  Machine(const Machine &) = delete;
  Machine &operator=(const Machine &) = delete;

  Clock &clock;
  Network &network;
  std::mt19937_64 random;
  Files files;
  Chart chart;
  Output output;
  std::map<std::string, std::pair<double, long>> variables;

  // --- sockets
  /// Tools, Options, Expert Advisors: hosts that may be reached.
  std::set<std::string> allowedAddresses = {"127.0.0.1"};
  int unlistedAddressError = ERR_FUNCTION_NOT_ALLOWED; // unverified: 4014 or 5272
  /// The first SocketIsReadable of a socket says 1 although nothing is there.
  bool phantomReadable = true;
  std::map<int, Socket> sockets;
  int nextSocket = 1;

  // --- facts
  int build = 4755, dpi = 96;
  bool tester = false, tradeAllowed = true;
  long localOffsetSeconds = 0;
  std::string programName = "CSMultiConnector", symbol = "EURUSD", language = "English";
  /// Whether the terminal is connected to a trade server.
  std::function<bool()> connected = [] { return true; };

  // --- the program that runs here
  Program *program = nullptr;

  static Machine &Current();
  static bool HasCurrent();
  /// What a program held and did not give back, as faults; then it is given back.
  void Reclaim();

  /// The machine is current while this lives.
  class Scope {
  public:
    explicit Scope(Machine &machine);
    ~Scope();
    Scope(const Scope &) = delete;
    Scope &operator=(const Scope &) = delete;

  private:
    Machine *m_before;
  };
};

} // namespace mt
