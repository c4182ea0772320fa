using System.Collections.Immutable;

namespace CSMultiConnector.Venues.Http;

/// <summary>What a limit counts.</summary>
internal enum RateKind
{
    /// <summary>Requests by their weight.</summary>
    Weight,

    /// <summary>Orders.</summary>
    Orders,
}

/// <summary>One limit of a venue: so much in each interval of its clock.</summary>
/// <param name="Kind">What it counts.</param>
/// <param name="Interval">The interval; windows begin at its multiples.</param>
/// <param name="Capacity">How much.</param>
/// <param name="Header">The header by which the venue tells what is used; empty = none.</param>
internal sealed record RateLimit(RateKind Kind, TimeSpan Interval, int Capacity, string Header = "");

/// <summary>What a request uses of the limits.</summary>
/// <param name="Weight">Its weight.</param>
/// <param name="Orders">How many orders it is.</param>
/// <param name="Urgent">Orders and cancels: readings leave a part of each limit to them.</param>
internal readonly record struct RateCost(int Weight, int Orders = 0, bool Urgent = false)
{
    internal int Of(RateKind kind) => kind == RateKind.Weight ? Weight : Orders;
}

/// <summary>
/// Keeps below a venue's limits: a request that would go beyond one is refused here, with the time after which it may go. What the venue tells of its own
/// count replaces ours, and a ban stops everything. Safe for concurrent use.
/// </summary>
internal sealed class RateLimiter(VenueClock clock, params ImmutableArray<RateLimit> limits)
{
    private const decimal ReadingsShare = 0.8m;

    private readonly Lock _lock = new();
    private List<Window> _windows = [.. limits.Select(l => new Window(l))];

    // By the monotonic clock: our idea of the venue's time may be corrected meanwhile.
    private long _closedAt;
    private TimeSpan _closedFor;

    /// <summary>The limits that hold until the venue has told its own.</summary>
    internal void ConfigureOnce(IEnumerable<RateLimit> assumed)
    {
        lock (_lock)
        {
            if (_windows.Count == 0) _windows = [.. assumed.Select(l => new Window(l))];
        }
    }

    /// <summary>The limits that hold from now on; what is used of those that stay is kept.</summary>
    internal void Configure(IEnumerable<RateLimit> now)
    {
        lock (_lock)
        {
            _windows = [.. now.Select(limit => _windows.Find(w => w.Limit.Kind == limit.Kind && w.Limit.Interval == limit.Interval) is { } kept
                ? kept.With(limit)
                : new Window(limit))];
        }
    }

    /// <summary>Takes what the request needs, or says how long to wait; null = it may go. Every taking is settled by <see cref="Settle"/>.</summary>
    internal TimeSpan? Take(RateCost cost)
    {
        lock (_lock)
        {
            var now = clock.Now;
            if (StillClosed is { } wait) return wait;
            foreach (var window in _windows)
            {
                window.MoveTo(now);
                var need = cost.Of(window.Limit.Kind);
                var capacity = cost.Urgent ? window.Limit.Capacity : (int)(window.Limit.Capacity * ReadingsShare);
                if (need > 0 && window.Seen + window.UnderWay + need > capacity) return window.EndsAt - now;
            }

            foreach (var window in _windows) window.UnderWay += cost.Of(window.Limit.Kind);
            return null;
        }
    }

    /// <summary>Gives back what was taken for a request that was not made.</summary>
    internal void GiveBack(RateCost cost)
    {
        lock (_lock)
        {
            foreach (var window in _windows) window.UnderWay = Math.Max(0, window.UnderWay - cost.Of(window.Limit.Kind));
        }
    }

    /// <summary>A request that took has ended.</summary>
    /// <param name="cost">What it took.</param>
    /// <param name="takenAt">When, by the venue's clock.</param>
    /// <param name="used">What the venue says is used of a limit; null = it did not say.</param>
    internal void Settle(RateCost cost, DateTimeOffset takenAt, Func<RateLimit, int?> used)
    {
        lock (_lock)
        {
            var now = clock.Now;
            foreach (var window in _windows)
            {
                window.MoveTo(now);
                var took = cost.Of(window.Limit.Kind);
                window.UnderWay = Math.Max(0, window.UnderWay - took);

                // Weights only grow within a window and answers may overtake each other; orders are given back by some venues.
                // Over the end of a window the count may be that of the last one, which would use up this one.
                if (window.Holds(takenAt) && used(window.Limit) is { } count) window.Seen = window.Limit.Kind == RateKind.Orders ? count : Math.Max(window.Seen, count);
                else window.Seen += took;
            }
        }
    }

    /// <summary>The venue asked for silence: nothing goes until then.</summary>
    internal void Close(TimeSpan pause)
    {
        lock (_lock)
        {
            if (pause <= (StillClosed ?? TimeSpan.Zero)) return;
            (_closedAt, _closedFor) = (clock.Begin(), pause);
        }
    }

    /// <summary>How long until the longest window that is used up begins anew; for a refusal that names no time.</summary>
    internal TimeSpan UntilNextMinute()
    {
        var now = clock.Now;
        return TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (now.UtcTicks % TimeSpan.TicksPerMinute));
    }

    private TimeSpan? StillClosed => _closedFor - clock.Since(_closedAt) is var left && left > TimeSpan.Zero ? left : null;

    private sealed class Window(RateLimit limit)
    {
        private long _number = long.MinValue;

        internal RateLimit Limit { get; } = limit;

        internal int Seen { get; set; }

        internal int UnderWay { get; set; }

        internal DateTimeOffset EndsAt => new((_number + 1) * Limit.Interval.Ticks, TimeSpan.Zero);

        internal void MoveTo(DateTimeOffset now)
        {
            if (Holds(now)) return;
            (_number, Seen) = (NumberOf(now), 0);
        }

        internal bool Holds(DateTimeOffset moment) => NumberOf(moment) == _number;

        internal Window With(RateLimit now) => new(now) { _number = _number, Seen = Seen, UnderWay = UnderWay };

        private long NumberOf(DateTimeOffset moment) => moment.UtcTicks / Limit.Interval.Ticks;
    }
}

/// <summary>What all gateways of one process share of one place: its clock, and the limits that count by address.</summary>
internal sealed class VenuePlace
{
    internal VenuePlace(TimeProvider time)
    {
        Clock = new VenueClock(time);
        Limits = new RateLimiter(Clock);
    }

    internal VenueClock Clock { get; }

    internal RateLimiter Limits { get; }
}
