namespace CSMultiConnector.Storage.Tests.Lease;

/// <summary>A wall clock and a monotonic one that move apart as a test says; timers follow the monotonic one.</summary>
internal sealed class VirtualClocks : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _wall = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private long _monotonic = 1_000;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return _monotonic;
    }

    /// <summary>Time passes on both clocks, timer by timer; how many fired.</summary>
    public int Pass(TimeSpan time)
    {
        var fired = 0;
        var end = GetTimestamp() + time.Ticks;
        while (true)
        {
            Alarm? next;
            lock (_lock)
            {
                next = _alarms.Where(a => a.Due <= end).MinBy(a => a.Due);
                var to = next is null ? end : Math.Max(next.Due, _monotonic);
                _wall += TimeSpan.FromTicks(to - _monotonic);
                _monotonic = to;
                if (next is null) return fired;
                _alarms.Remove(next);
            }

            fired++;
            next.Fire();
        }
    }

    /// <summary>The clocks move and no timer fires: a set clock, a stopped machine.</summary>
    public void Jump(TimeSpan wall, TimeSpan monotonic)
    {
        lock (_lock) (_wall, _monotonic) = (_wall + wall, _monotonic + monotonic.Ticks);
    }

    /// <summary>How many timers were made so far.</summary>
    public int Made
    {
        get
        {
            lock (_lock) return field;
        }

        private set;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    private sealed class Alarm(VirtualClocks clocks, Action fire) : ITimer
    {
        public long Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clocks._lock)
            {
                clocks._alarms.Remove(this);
                if (dueTime < TimeSpan.Zero) return true;
                clocks.Made++;
                Due = clocks._monotonic + dueTime.Ticks;
                clocks._alarms.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clocks._lock) clocks._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
