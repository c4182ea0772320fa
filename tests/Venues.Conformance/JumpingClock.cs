namespace CSMultiConnector.Venues.Conformance;

/// <summary>The real clock, which a test can move on: timers that fall due by that fire at once. For venues on real sockets, whose answers take real time.</summary>
public sealed class JumpingClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Alarm> _alarms = [];
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _ahead));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Volatile.Read(ref _ahead);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    public void Advance(TimeSpan by)
    {
        Alarm[] waiting;
        lock (_lock)
        {
            _ahead += by.Ticks;
            waiting = [.. _alarms];
        }

        foreach (var alarm in waiting) alarm.Move();
    }

    private sealed class Alarm : ITimer
    {
        private readonly JumpingClock _clock;
        private readonly ITimer _timer;
        private long? _due;
        private TimeSpan _period;

        internal Alarm(JumpingClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = System.CreateTimer(
                _ =>
                {
                    Fired();
                    callback(state);
                },
                null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._lock)
            {
                _period = period;
                _due = dueTime < TimeSpan.Zero ? null : _clock.GetTimestamp() + dueTime.Ticks;
                if (_due is null) _clock._alarms.Remove(this);
                else _clock._alarms.Add(this);
                return _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (_clock._lock) _clock._alarms.Remove(this);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Move()
        {
            lock (_clock._lock)
            {
                if (_due is not { } due || !_clock._alarms.Contains(this)) return;
                _timer.Change(TimeSpan.FromTicks(Math.Max(0, due - _clock.GetTimestamp())), Timeout.InfiniteTimeSpan);
            }
        }

        private void Fired()
        {
            lock (_clock._lock)
            {
                if (_due is null || !_clock._alarms.Contains(this)) return;
                if (_period > TimeSpan.Zero)
                {
                    _due = _clock.GetTimestamp() + _period.Ticks;
                    _timer.Change(_period, Timeout.InfiniteTimeSpan);
                    return;
                }

                _due = null;
                _clock._alarms.Remove(this);
            }
        }
    }
}
