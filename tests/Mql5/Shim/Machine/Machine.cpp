#include "Machine.h"

namespace mt {

static thread_local Machine *current = nullptr;

Machine &Machine::Current() {
  if (current == nullptr) Critical("a function of the terminal is called outside of a machine (mt::Machine::Scope)");
  return *current;
}

bool Machine::HasCurrent() { return current != nullptr; }

Machine::Scope::Scope(Machine &machine) : m_before(current) { current = &machine; }
Machine::Scope::~Scope() { current = m_before; }

Machine::~Machine() = default;

void Machine::Reclaim() {
  if (!sockets.empty()) output.faults.push_back("sockets left open: " + std::to_string(sockets.size()));
  if (files.OpenCount() > 0) output.faults.push_back("files left open: " + std::to_string(files.OpenCount()));
  sockets.clear();
  files.CloseAll();
}

} // namespace mt
