using System.Diagnostics;

namespace CSMultiConnector.Benchmarks.Measuring;

/// <summary>
/// Translates this process's monotonic timestamps to the machine's wall clock, in which the other processes stamp what they do. Fixed once, so
/// a step of the wall clock during a run shows as <see cref="Drift"/>.
/// </summary>
internal sealed class WallClock
{
    private readonly long _timestamp;
    private readonly DateTimeOffset _at;

    public WallClock()
    {
        (_timestamp, _at) = Read();
    }

    /// <summary>How far the wall clock has moved against the monotonic one since the start.</summary>
    public TimeSpan Drift
    {
        get
        {
            var (timestamp, at) = Read();
            return at - At(timestamp);
        }
    }

    public DateTimeOffset At(long timestamp) => _at + Stopwatch.GetElapsedTime(_timestamp, timestamp);

    // The pair that was read with the least time between: a thread may be interrupted in the middle.
    private static (long Timestamp, DateTimeOffset At) Read()
    {
        (long Timestamp, DateTimeOffset At, long Width) best = (0, default, long.MaxValue);
        for (var i = 0; i < 100; i++)
        {
            var before = Stopwatch.GetTimestamp();
            var at = TimeProvider.System.GetUtcNow();
            var after = Stopwatch.GetTimestamp();
            if (after - before < best.Width) best = (before + ((after - before) / 2), at, after - before);
        }

        return (best.Timestamp, best.At);
    }
}
