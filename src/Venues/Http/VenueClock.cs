namespace CSMultiConnector.Venues.Http;

/// <summary>
/// The venue's clock as we know it: what the venue told last, moved on by our monotonic clock, so that a wall clock that is set does not move it.
/// Safe for concurrent use.
/// </summary>
internal sealed class VenueClock(TimeProvider time)
{
    private static readonly TimeSpan s_measureAge = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private Measure? _last;

    /// <summary>The venue's time; our own until it was measured.</summary>
    internal DateTimeOffset Now
    {
        get
        {
            Measure? last;
            lock (_lock) last = _last;
            return last is { } m ? m.Venue + time.GetElapsedTime(m.At) : time.GetUtcNow();
        }
    }

    /// <summary>Milliseconds since 1970 by the venue's clock.</summary>
    internal long Milliseconds => Now.ToUnixTimeMilliseconds();

    /// <summary>How far the venue's clock is ahead of ours.</summary>
    internal TimeSpan Offset => Now - time.GetUtcNow();

    internal bool IsMeasured
    {
        get
        {
            lock (_lock) return _last is not null;
        }
    }

    /// <summary>Begins a measurement.</summary>
    internal long Begin() => time.GetTimestamp();

    /// <summary>How long ago it began.</summary>
    internal TimeSpan Since(long begun) => time.GetElapsedTime(begun);

    /// <summary>
    /// Takes what the venue said. It may have said it at any moment of the round trip: a much slower one than the last does not replace it, unless that is old
    /// or known to be wrong.
    /// </summary>
    /// <param name="venue">What the venue's clock said.</param>
    /// <param name="begun">What <see cref="Begin"/> gave before the request left.</param>
    /// <param name="lastIsWrong">The venue refused a time of ours.</param>
    internal void Take(DateTimeOffset venue, long begun, bool lastIsWrong = false)
    {
        var now = time.GetTimestamp();
        var trip = time.GetElapsedTime(begun, now);
        lock (_lock)
        {
            if (!lastIsWrong && _last is { } last && trip > last.Trip * 2 && time.GetElapsedTime(last.At, now) < s_measureAge) return;
            _last = new Measure(venue + (trip / 2), now, trip);
        }
    }

    private readonly record struct Measure(DateTimeOffset Venue, long At, TimeSpan Trip);
}
