#include "Clock.h"

#include <chrono>
#include <thread>

namespace mt {

long RealClock::UtcMicroseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

long RealClock::Microseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void RealClock::Wait(long milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

void VirtualClock::Advance(long milliseconds) {
  m_utc += milliseconds * 1000;
  m_monotonic += milliseconds * 1000;
  if (onMove) onMove();
}

} // namespace mt
