#include "TerminalProcess.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace {

constexpr int LongestIdle = 20;

struct Mistake : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string Quoted(const std::string &text) {
  std::string out = "\"";
  for (const char c : text) {
    char code[8];
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out + '"';
}

// verb key=value …; "…" around what has blanks.
std::pair<std::string, std::map<std::string, std::string>> Split(const std::string &line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    else if (!quoted && (c == ' ' || c == '\t' || c == '\r')) words.emplace_back();
    else words.back() += c;
  }
  std::erase(words, std::string());
  if (words.empty()) throw Mistake("no verb");
  std::map<std::string, std::string> arguments;
  for (std::size_t i = 1; i < words.size(); i++) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos) throw Mistake("key=value is expected, not " + words[i]);
    arguments[words[i].substr(0, equals)] = words[i].substr(equals + 1);
  }
  return {words[0], arguments};
}

const std::string &Need(const std::map<std::string, std::string> &arguments, const std::string &key) {
  const auto at = arguments.find(key);
  if (at == arguments.end()) throw Mistake(key + " is missing");
  return at->second;
}

double Number(const std::map<std::string, std::string> &arguments, const std::string &key) {
  char *end = nullptr;
  const std::string &text = Need(arguments, key);
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != 0) throw Mistake(key + " is a number, not " + text);
  return value;
}

int Whole(const std::map<std::string, std::string> &arguments, const std::string &key) { return static_cast<int>(Number(arguments, key)); }

const char *Flag(bool value) { return value ? "true" : "false"; }

} // namespace

TerminalProcess::TerminalProcess(std::uint64_t seed, std::function<void(const std::string &)> say)
    : m_say(std::move(say)), m_machine(m_clock, m_network, seed), m_world(seed), m_program(m_machine) {
  sim::CurrentDesk() = &m_world.desk;
  m_machine.connected = [this] { return m_world.view.IsConnected(); };
  m_machine.output.onPrint = [this](const std::string &text) { m_say("{\"event\":\"print\",\"text\":" + Quoted(text) + "}"); };
  m_machine.output.onAlert = [this](const std::string &text) { m_say("{\"event\":\"alert\",\"text\":" + Quoted(text) + "}"); };
  m_world.view.onTransaction = [this](const sim::Transaction &told) { Post(told); };
  m_world.view.onAccount = [this] { m_anotherAccount = m_program.IsLoaded(); };
  m_world.Advance(m_clock.UtcMicroseconds() / 1000);
}

std::string TerminalProcess::Run(const std::string &line) {
  std::string answer;
  try {
    m_world.Advance(m_clock.UtcMicroseconds() / 1000);
    if (sim::TradeWorld::Knows(line)) {
      answer = m_world.Run(line);
    } else {
      const auto [verb, arguments] = Split(line);
      answer = Own(verb, arguments);
    }
  } catch (const std::runtime_error &mistake) {
    answer = "{\"ok\":false,\"text\":" + Quoted(mistake.what()) + "}";
  }
  TellNews();
  return answer;
}

std::string TerminalProcess::Own(const std::string &verb, const Arguments &arguments) {
  if (verb == "input") {
    if (!m_program.SetInput(Need(arguments, "name"), Need(arguments, "value"))) throw Mistake("no such input, or no value of its type: " + Need(arguments, "name"));
  } else if (verb == "attach") {
    if (m_program.IsLoaded()) throw Mistake("an EA stands on the chart already");
    Load();
    return State();
  } else if (verb == "remove") {
    m_program.Unload(Whole(arguments, "reason"));
  } else if (verb == "restart") {
    m_program.Restart(Whole(arguments, "reason"));
    return State();
  } else if (verb == "reload") {
    m_program.Unload(Whole(arguments, "reason"));
    Load();
    return State();
  } else if (verb == "click") {
    if (!m_program.Click(string::FromUtf8(Need(arguments, "object")))) throw Mistake("no such object: " + Need(arguments, "object"));
  } else if (verb == "chart") {
    m_machine.chart.width = Whole(arguments, "width");
    m_machine.chart.height = Whole(arguments, "height");
    m_machine.dpi = Whole(arguments, "dpi");
    m_program.PostChartEvent(CHARTEVENT_CHART_CHANGE, 0, 0, string(""));
  } else if (verb == "objects") {
    return "{\"ok\":true,\"objects\":" + m_machine.chart.Dump() + "}";
  } else if (verb == "state") {
    return State();
  } else if (verb == "files") {
    m_machine.files.folder = Need(arguments, "folder");
  } else if (verb == "trust") {
    m_network.trustFile = Need(arguments, "file");
  } else if (verb == "allow") {
    m_machine.allowedAddresses.insert(Need(arguments, "host"));
  } else if (verb == "disallow") {
    m_machine.allowedAddresses.erase(Need(arguments, "host"));
  } else if (verb == "clock") {
    if (Number(arguments, "rate") <= 0) throw Mistake("rate is above 0");
    m_clock.SetRate(Number(arguments, "rate"));
  } else {
    throw Mistake("no such verb: " + verb);
  }
  return "{\"ok\":true}";
}

std::string TerminalProcess::State() {
  const std::string ended = m_program.EndedBy() ? std::to_string(*m_program.EndedBy()) : "null";
  return std::string("{\"ok\":true,\"loaded\":") + Flag(m_program.IsLoaded()) + ",\"init\":" + std::to_string(m_program.InitResult()) + ",\"endedBy\":" + ended +
         ",\"timer\":" + Flag(m_program.TimerDue().has_value()) + ",\"lostTransactions\":" + std::to_string(m_program.LostTransactions()) +
         ",\"redraws\":" + std::to_string(m_machine.chart.redraws) + "}";
}

// A program that begins has nothing selected.
bool TerminalProcess::Load() {
  m_world.desk.Clear();
  return m_program.Load();
}

void TerminalProcess::Post(const sim::Transaction &told) {
  MqlTradeTransaction transaction{};
  transaction.deal = told.deal;
  transaction.order = told.order;
  transaction.symbol = string::FromUtf8(told.symbol);
  transaction.type = static_cast<ENUM_TRADE_TRANSACTION_TYPE>(told.type);
  transaction.order_type = static_cast<ENUM_ORDER_TYPE>(told.orderType);
  transaction.order_state = static_cast<ENUM_ORDER_STATE>(told.orderState);
  transaction.deal_type = static_cast<ENUM_DEAL_TYPE>(told.dealType);
  transaction.price = told.price;
  transaction.price_sl = told.stopLoss;
  transaction.price_tp = told.takeProfit;
  transaction.volume = static_cast<double>(told.volume) / 1e8;
  transaction.position = told.position;
  transaction.position_by = told.positionBy;
  m_program.PostTransaction(transaction);
  m_program.PostTrade();
}

void TerminalProcess::Step() {
  m_world.Advance(m_clock.UtcMicroseconds() / 1000);
  if (m_anotherAccount) {
    m_anotherAccount = false;
    if (m_program.IsLoaded()) {
      m_program.Unload(REASON_ACCOUNT);
      Load();
    }
  }
  m_program.Pump();
  TellNews();
}

int TerminalProcess::Idle() {
  const std::optional<long> due = m_program.TimerDue();
  if (!due) return LongestIdle;
  return static_cast<int>(std::clamp(m_clock.RealOf(*due - m_clock.Milliseconds()), 0L, static_cast<long>(LongestIdle)));
}

void TerminalProcess::Close() {
  m_program.Unload(REASON_CLOSE);
  TellNews();
}

void TerminalProcess::TellNews() {
  if (m_wasLoaded && !m_program.IsLoaded()) m_say("{\"event\":\"ended\",\"reason\":" + std::to_string(m_program.EndedBy().value_or(0)) + "}");
  m_wasLoaded = m_program.IsLoaded();
  const auto &faults = m_machine.output.faults;
  for (; m_faultsTold < faults.size(); m_faultsTold++) m_say("{\"event\":\"fault\",\"text\":" + Quoted(faults[m_faultsTold]) + "}");
}
