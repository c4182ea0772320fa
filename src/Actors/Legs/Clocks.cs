using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Legs;

/// <summary>How the heart's clocks are read.</summary>
public static class Clocks
{
    /// <summary>The monotonic clock of this process.</summary>
    public static Uptime Uptime(this TimeProvider time) => new(time.GetElapsedTime(0));
}
