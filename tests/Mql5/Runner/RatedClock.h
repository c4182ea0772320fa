// The real time, of which the EA's monotonic part can run faster: what it waits for comes sooner. UTC stays what it is.
#pragma once
#include "../Shim/Machine/Clock.h"

class RatedClock final : public mt::Clock {
public:
  long UtcMicroseconds() override { return m_real.UtcMicroseconds(); }
  long Microseconds() override { return m_base + static_cast<long>(static_cast<double>(m_real.Microseconds() - m_since) * m_rate); }
  void Wait(long milliseconds) override { m_real.Wait(RealOf(milliseconds)); }

  long RealOf(long milliseconds) const { return static_cast<long>(static_cast<double>(milliseconds) / m_rate); }
  void SetRate(double rate) {
    m_base = Microseconds();
    m_since = m_real.Microseconds();
    m_rate = rate;
  }

private:
  mt::RealClock m_real;
  double m_rate = 1;
  long m_base = m_real.Microseconds(), m_since = m_base;
};
