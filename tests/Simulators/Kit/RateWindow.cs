namespace CSMultiConnector.Simulators.Kit;

/// <summary>Counts in fixed windows of the venue's clock, as exchanges do: the count falls to zero when the window ends.</summary>
internal sealed class RateWindow(TimeSpan length, int limit)
{
    private readonly long _lengthMs = (long)length.TotalMilliseconds;
    private long _window;
    private int _count;

    /// <summary>Above this the venue refuses; int.MaxValue = never.</summary>
    public int Limit { get; set; } = limit;

    public TimeSpan Length => length;

    public int Count(long nowMs)
    {
        Roll(nowMs);
        return _count;
    }

    /// <summary>Adds (or, with a negative number, gives back) and returns the new count, never below zero.</summary>
    public int Add(long nowMs, int n)
    {
        Roll(nowMs);
        return _count = Math.Max(0, _count + n);
    }

    public long EndsMs(long nowMs) => (nowMs / _lengthMs + 1) * _lengthMs;

    private void Roll(long nowMs)
    {
        var window = nowMs / _lengthMs;
        if (window == _window) return;
        (_window, _count) = (window, 0);
    }
}
