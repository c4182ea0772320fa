namespace CSMultiConnector.Feeds.Tests;

/// <summary>A clock that moves only when a test says so; timers run on the thread that moves it, in the order of their times.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Made)> _awaited = [];
    private long _ticks = new DateTime(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock) return _ticks;
    }

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
        {
            foreach (var awaited in _awaited.Where(a => a.Due == dueTime)) awaited.Made.TrySetResult();
            _awaited.RemoveAll(a => a.Due == dueTime);
        }

        return timer;
    }

    /// <summary>Completed when somebody makes a timer that is due in exactly this time, from now on.</summary>
    public Task WhenTimerAsync(TimeSpan due)
    {
        var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock) _awaited.Add((due, made));
        return made.Task;
    }

    public void Advance(TimeSpan by)
    {
        var until = GetTimestamp() + by.Ticks;
        while (Next(until) is { } timer) timer.Fire();
        lock (_lock) _ticks = until;
    }

    private ManualTimer? Next(long until)
    {
        lock (_lock)
        {
            var next = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
            if (next is not null) _ticks = Math.Max(_ticks, next.Due);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._ticks + dueTime.Ticks;
                time._timers.Add(this);
                return true;
            }
        }

        public void Fire()
        {
            lock (time._lock)
            {
                if (!time._timers.Contains(this)) return;
                if (_period > TimeSpan.Zero) Due += _period.Ticks;
                else time._timers.Remove(this);
            }

            callback();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
