// Time of the machine: real, or moved by the test.
#pragma once
#include <functional>

namespace mt {

class Clock {
public:
  virtual ~Clock() = default;
  /// Microseconds since 1970, UTC.
  virtual long UtcMicroseconds() = 0;
  /// Microseconds since the machine was started; never set back.
  virtual long Microseconds() = 0;
  /// What a call that blocks does while nothing comes.
  virtual void Wait(long milliseconds) = 0;

  long Milliseconds() { return Microseconds() / 1000; }
};

class RealClock final : public Clock {
public:
  long UtcMicroseconds() override;
  long Microseconds() override;
  void Wait(long milliseconds) override;
};

/// Stands still until it is moved; a blocking call moves it.
class VirtualClock final : public Clock {
public:
  long UtcMicroseconds() override { return m_utc; }
  long Microseconds() override { return m_monotonic; }
  void Wait(long milliseconds) override { Advance(milliseconds); }
  void Advance(long milliseconds);
  /// Moves the wall clock alone.
  void SetUtc(long microseconds) { m_utc = microseconds; }
  /// Called after each move, also of one within a blocking call: the rest of the world catches up.
  std::function<void()> onMove;

private:
  long m_utc = 1'763'650'000'000'000;
  long m_monotonic = 60'000'000;
};

} // namespace mt
