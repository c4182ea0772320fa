// A terminal with the EA in it, moved by lines of text. The commands stand in README.md.
#pragma once
#include "../Shim/Program/Program.h"
#include "../Shim/Terminal/TradeWorld.h"
#include "RatedClock.h"

#include <functional>
#include <map>
#include <string>

class TerminalProcess {
public:
  /// `say` takes one line of JSON.
  TerminalProcess(std::uint64_t seed, std::function<void(const std::string &)> say);

  /// One command; the answer is a line of JSON.
  std::string Run(const std::string &line);
  /// What is due in the terminal and in the EA.
  void Step();
  /// How long nothing is due, in milliseconds.
  int Idle();
  /// The user closes the terminal.
  void Close();

private:
  using Arguments = std::map<std::string, std::string>;
  std::string Own(const std::string &verb, const Arguments &arguments);
  std::string State();
  bool Load();
  void Post(const sim::Transaction &told);
  void TellNews();

  std::function<void(const std::string &)> m_say;
  RatedClock m_clock;
  mt::TcpNetwork m_network;
  mt::Machine m_machine;
  sim::TradeWorld m_world;
  mt::Program m_program;
  bool m_anotherAccount = false, m_wasLoaded = false;
  std::size_t m_faultsTold = 0;
};
