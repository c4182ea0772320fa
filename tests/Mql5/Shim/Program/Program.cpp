#include "Program.h"

#include <algorithm>

namespace mt {

Program::Program(Machine &machine, const Handlers &handlers) : m_machine(machine), m_ea(handlers) { machine.program = this; }

Program::~Program() {
  if (m_loaded) Unload(REASON_CLOSE);
  m_machine.program = nullptr;
}

bool Program::SetInput(const std::string &name, const std::string &value) {
  InputBase *input = InputBase::Find(name);
  if (input == nullptr || !input->Set(string::FromUtf8(value))) return false;
  m_inputs[name] = value;
  return true;
}

bool Program::Load() {
  if (m_loaded) Critical("the program is loaded already");
  Machine::Scope scope(m_machine);
  _LastError = 0;
  _UninitReason = 0;
  m_loaded = true;
  GlobalBase::LoadAll();
  return Init();
}

bool Program::Init() {
  for (InputBase *input : InputBase::All()) {
    input->Reset();
    const auto set = m_inputs.find(input->Name);
    if (set != m_inputs.end()) input->Set(string::FromUtf8(set->second));
  }
  m_removed = m_stopping = m_initialised = false;
  m_initResult = m_ea.OnInit != nullptr ? m_ea.OnInit() : INIT_SUCCEEDED;
  if (m_initResult != INIT_SUCCEEDED) {
    Deinit(REASON_INITFAILED);
    Discard();
    m_endedBy = REASON_INITFAILED;
    return false;
  }
  m_initialised = true;
  return true;
}

void Program::Deinit(int reason) {
  m_stopping = true;
  _UninitReason = reason;
  const long before = m_machine.clock.Milliseconds();
  if (m_ea.OnDeinit != nullptr) m_ea.OnDeinit(reason);
  const long took = m_machine.clock.Milliseconds() - before;
  if (took > DeinitLimit) m_machine.output.faults.push_back("OnDeinit took " + std::to_string(took) + " ms: MT5 cuts it off after " + std::to_string(DeinitLimit));
  m_queue.clear();
  m_transactions = 0;
}

void Program::Discard() {
  m_timerPeriod = 0;
  m_machine.Reclaim();
  GlobalBase::UnloadAll();
  m_loaded = m_initialised = false;
}

void Program::Unload(int reason) {
  if (!m_loaded) return;
  Machine::Scope scope(m_machine);
  Deinit(reason);
  Discard();
  m_endedBy = reason;
}

bool Program::Restart(int reason) {
  if (!m_loaded) return false;
  Machine::Scope scope(m_machine);
  Deinit(reason);
  return Init();
}

bool Program::Reload(int reason) {
  Unload(reason);
  return Load();
}

// --- events

bool Program::Waits(Kind kind) const {
  return m_running == kind || std::any_of(m_queue.begin(), m_queue.end(), [&](const Event &event) { return event.kind == kind; });
}

void Program::Post(Event event) {
  if (Takes()) m_queue.push_back(std::move(event));
}

void Program::PostTick() {
  if (!Waits(Kind::Tick)) Post({Kind::Tick, {}, 0, 0, 0, {}});
}

void Program::PostTrade() {
  if (!Waits(Kind::Trade)) Post({Kind::Trade, {}, 0, 0, 0, {}});
}

void Program::PostTransaction(const MqlTradeTransaction &transaction) {
  if (!Takes()) return;
  if (m_transactions >= MostTransactions) {
    const auto oldest = std::find_if(m_queue.begin(), m_queue.end(), [](const Event &event) { return event.kind == Kind::Transaction; });
    m_queue.erase(oldest);
    m_transactions--;
    m_lostTransactions++;
  }
  m_transactions++;
  Post({Kind::Transaction, transaction, 0, 0, 0, {}});
}

void Program::PostChartEvent(int id, long lparam, double dparam, const string &sparam) {
  if (!Waits(Kind::Chart)) Post({Kind::Chart, {}, id, lparam, dparam, sparam});
}

bool Program::Click(const string &name) {
  ChartObject *object = m_machine.chart.Find(name);
  if (object == nullptr) return false;
  if (object->type == OBJ_BUTTON) object->integers[OBJPROP_STATE] = object->Integer(OBJPROP_STATE) == 0;
  const long x = object->Integer(OBJPROP_XDISTANCE) + 1, y = object->Integer(OBJPROP_YDISTANCE) + 1;
  PostChartEvent(CHARTEVENT_OBJECT_CLICK, x, static_cast<double>(y), name);
  PostChartEvent(CHARTEVENT_CLICK, x, static_cast<double>(y), string(""));
  return true;
}

bool Program::HandleOne() {
  if (!m_loaded || m_queue.empty()) return false;
  Machine::Scope scope(m_machine);
  const Event event = std::move(m_queue.front());
  m_queue.pop_front();
  if (event.kind == Kind::Transaction) m_transactions--;
  m_running = event.kind;
  switch (event.kind) {
  case Kind::Timer:
    if (m_ea.OnTimer) m_ea.OnTimer();
    break;
  case Kind::Tick:
    if (m_ea.OnTick) m_ea.OnTick();
    break;
  case Kind::Trade:
    if (m_ea.OnTrade) m_ea.OnTrade();
    break;
  case Kind::Transaction:
    if (m_ea.OnTradeTransaction) {
      MqlTradeRequest request{};
      MqlTradeResult result{};
      m_ea.OnTradeTransaction(event.transaction, request, result);
    }
    break;
  case Kind::Chart:
    if (m_ea.OnChartEvent) m_ea.OnChartEvent(event.id, event.lparam, event.dparam, event.sparam);
    break;
  }
  m_running.reset();
  if (m_removed) Unload(REASON_PROGRAM);
  return true;
}

void Program::Pump() {
  if (!m_loaded) return;
  const long now = m_machine.clock.Milliseconds();
  if (m_timerPeriod > 0 && now >= m_timerDue) {
    if (!Waits(Kind::Timer)) Post({Kind::Timer, {}, 0, 0, 0, {}});
    m_timerDue += m_timerPeriod * ((now - m_timerDue) / m_timerPeriod + 1);
  }
  // What a handler posts while it runs waits for the next turn, so that one turn ends.
  for (std::size_t waiting = m_queue.size(); waiting > 0 && HandleOne(); waiting--) {}
}

std::optional<long> Program::TimerDue() const { return m_timerPeriod > 0 ? std::optional(m_timerDue) : std::nullopt; }

void Program::RunFor(VirtualClock &clock, long milliseconds) {
  const long end = clock.Milliseconds() + milliseconds;
  Pump();
  while (clock.Milliseconds() < end) {
    const long next = std::min(end, TimerDue().value_or(end));
    clock.Advance(std::max(1L, next - clock.Milliseconds()));
    Pump();
  }
}

bool Program::StartTimer(long milliseconds) {
  if (timerFailures > 0) {
    timerFailures--;
    _LastError = ERR_CHART_CANNOT_CREATE_TIMER;
    return false;
  }
  if (milliseconds <= 0) {
    _LastError = ERR_INVALID_PARAMETER;
    return false;
  }
  m_timerPeriod = milliseconds;
  m_timerDue = m_machine.clock.Milliseconds() + milliseconds;
  return true;
}

} // namespace mt

static mt::Program *Program() { return mt::Machine::Current().program; }

bool IsStopped() { return Program() != nullptr && Program()->Stopping(); }
int UninitializeReason() { return _UninitReason; }
void ExpertRemove() {
  if (Program() != nullptr) Program()->Remove();
}
bool EventSetMillisecondTimer(int milliseconds) { return Program() != nullptr && Program()->StartTimer(milliseconds); }
bool EventSetTimer(int seconds) { return EventSetMillisecondTimer(seconds * 1000); }
void EventKillTimer() {
  if (Program() != nullptr) Program()->StopTimer();
}
bool EventChartCustom(long, ushort id, long lparam, double dparam, string sparam) {
  if (Program() != nullptr) Program()->PostChartEvent(CHARTEVENT_CUSTOM + id, lparam, dparam, sparam);
  return true;
}
