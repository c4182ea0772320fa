// The EA as a program: loaded, fed with events one after the other, unloaded. What MT5 does around an EA, and its limits.
#pragma once
#include "../Language/Literals.h"
#include "../Machine/Machine.h"
#include "Handlers.h"

#include <deque>
#include <optional>

namespace mt {

class Program {
public:
  static constexpr std::size_t MostTransactions = 1024;
  static constexpr long DeinitLimit = 2500;

  /// The EA that is linked in, or made-up handlers.
  explicit Program(Machine &machine, const Handlers &handlers = EaHandlers());
  ~Program();
  Program(const Program &) = delete;
  Program &operator=(const Program &) = delete;

  /// Sets an input for the next start; false: no such input, or no value of its type.
  bool SetInput(const std::string &name, const std::string &value);

  /// Globals are made, inputs set, OnInit called. False: OnInit refused, and the program is unloaded again.
  bool Load();
  /// OnDeinit(reason), then everything the program had is gone.
  void Unload(int reason);
  /// Symbol, period (3) or inputs (5) were changed: OnDeinit and OnInit, globals keep their values. False as for Load.
  bool Restart(int reason);
  /// Recompiled (2), template (7), account (6): unloaded and loaded again.
  bool Reload(int reason);
  bool IsLoaded() const { return m_loaded; }
  /// Why the program ended last; none: it never did.
  std::optional<int> EndedBy() const { return m_endedBy; }
  int InitResult() const { return m_initResult; }

  // Events. Those that come before OnInit has ended, or while no program is loaded, are lost; timer, tick and chart events are not queued twice.
  void PostTick();
  void PostTrade();
  void PostTransaction(const MqlTradeTransaction &transaction);
  void PostChartEvent(int id, long lparam, double dparam, const string &sparam);
  /// The user clicks an object: a button changes its state, then the event.
  bool Click(const string &name);

  /// Puts the timer's event into the queue if it is due, then handles all that waits.
  void Pump();
  /// Handles one event; false: none waits.
  bool HandleOne();
  /// When the timer is due, in milliseconds of the clock; none: no timer.
  std::optional<long> TimerDue() const;
  /// Moves a virtual clock on, handling what comes.
  void RunFor(VirtualClock &clock, long milliseconds);

  std::size_t Waiting() const { return m_queue.size(); }
  std::size_t LostTransactions() const { return m_lostTransactions; }

  // For the functions of MQL5.
  bool StartTimer(long milliseconds);
  void StopTimer() { m_timerPeriod = 0; }
  void Remove() { m_removed = true; }
  bool Stopping() const { return m_removed || m_stopping; }

  /// EventSetTimer and EventSetMillisecondTimer fail so often (4108).
  int timerFailures = 0;

private:
  enum class Kind { Timer, Tick, Trade, Transaction, Chart };
  struct Event {
    Kind kind;
    MqlTradeTransaction transaction;
    int id = 0;
    long lparam = 0;
    double dparam = 0;
    string sparam;
  };

  bool Takes() const { return m_loaded && m_initialised; }
  bool Waits(Kind kind) const;
  void Post(Event event);
  bool Init();
  void Deinit(int reason);
  void Discard();

  Machine &m_machine;
  const Handlers m_ea;
  std::map<std::string, std::string> m_inputs;
  std::deque<Event> m_queue;
  std::size_t m_transactions = 0, m_lostTransactions = 0;
  std::optional<Kind> m_running;
  long m_timerPeriod = 0, m_timerDue = 0;
  bool m_loaded = false, m_initialised = false, m_removed = false, m_stopping = false;
  std::optional<int> m_endedBy;
  int m_initResult = 0;
};

} // namespace mt
