namespace CSMultiConnector.Venues.Conformance;

/// <summary>A clock that stands until it is moved. Timers that fall due fire in order, on the thread that moves it.</summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private readonly List<TaskCompletionSource> _watchers = [];
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Completes when at least that many timers wait.</summary>
    public Task TimersAsync(int count) => UntilAsync(() => _alarms.Count >= count);

    /// <summary>Completes when a timer waits that falls due exactly that far from now: who is to be woken by moving the clock on waits already.</summary>
    public Task TimerAsync(TimeSpan due) => UntilAsync(() => _alarms.Exists(a => a.Due - _now == due));

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            Alarm? next;
            lock (_lock)
            {
                next = _alarms.Where(a => a.Due <= end).MinBy(a => a.Due);
                _now = next is null ? end : next.Due > _now ? next.Due : _now;
                if (next is null) return;
                if (next.Period > TimeSpan.Zero) next.Due = _now + next.Period;
                else _alarms.Remove(next);
            }

            next.Fire();
        }
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                if (condition()) return;
                _watchers.Add(changed);
            }

            await changed.Task.InTime();
        }
    }

    private sealed class Alarm(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        internal DateTimeOffset Due { get; set; }

        internal TimeSpan Period { get; private set; }

        internal void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            TaskCompletionSource[] watchers;
            lock (clock._lock)
            {
                clock._alarms.Remove(this);
                Period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock._now + dueTime;
                    clock._alarms.Add(this);
                }

                watchers = [.. clock._watchers];
                clock._watchers.Clear();
            }

            foreach (var watcher in watchers) watcher.TrySetResult();
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock) clock._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
