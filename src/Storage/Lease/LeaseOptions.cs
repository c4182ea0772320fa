namespace CSMultiConnector.Storage.Lease;

/// <summary>The times of a lease. All follow from its duration, so that they fit each other.</summary>
public sealed record LeaseOptions
{
    /// <summary>The shortest duration: below it a busy machine would lose the right to trade for nothing.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    /// <summary>The longest duration: as long as nobody trades after a host died.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>How long the database holds the right for a host that says nothing; default 15 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the holder itself relies on a renewal, from before it asked: less, since its clock may run slower than the database's.</summary>
    public TimeSpan Usable => Duration * 0.8;

    /// <summary>After so long without a renewal no new order is begun, although the right is still held.</summary>
    public TimeSpan Doubtful => Duration * 0.6;

    /// <summary>Time from one renewal to the next.</summary>
    public TimeSpan Period => Duration * 0.25;

    /// <summary>How long one request to the database may take.</summary>
    public TimeSpan Patience => Duration * 0.2;

    /// <summary>Pause after a request that failed, and between two looks of a host that stands by.</summary>
    public TimeSpan Pause => Duration * 0.05;
}
