namespace CSMultiConnector.Domain.Legs;

/// <summary>
/// What the monotonic clock of this process says. Durations within one run are judged by it, because nobody can set it; values of two runs
/// have nothing to do with each other, so it is never journaled.
/// </summary>
/// <param name="Value">Time since some moment that is fixed for the run.</param>
public readonly record struct Uptime(TimeSpan Value) : IComparable<Uptime>
{
    /// <summary>Later by this much.</summary>
    public static Uptime operator +(Uptime uptime, TimeSpan time) => new(uptime.Value + time);

    /// <summary>Earlier by this much.</summary>
    public static Uptime operator -(Uptime uptime, TimeSpan time) => new(uptime.Value - time);

    /// <summary>The time between two readings of the clock.</summary>
    public static TimeSpan operator -(Uptime later, Uptime earlier) => later.Value - earlier.Value;

    /// <summary>Earlier than.</summary>
    public static bool operator <(Uptime a, Uptime b) => a.Value < b.Value;

    /// <summary>Later than.</summary>
    public static bool operator >(Uptime a, Uptime b) => a.Value > b.Value;

    /// <summary>Not later than.</summary>
    public static bool operator <=(Uptime a, Uptime b) => a.Value <= b.Value;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(Uptime a, Uptime b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public int CompareTo(Uptime other) => Value.CompareTo(other.Value);
}
