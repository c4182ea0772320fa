using CSMultiConnector.Actors.Control;

namespace CSMultiConnector.Host.Demo;

/// <summary>Shows what goes on while the demo runs.</summary>
internal interface IDemoScreen
{
    /// <summary>The host at this moment.</summary>
    void Show(HostStatus status);
}

/// <summary>One line a second: for output that is no terminal.</summary>
internal sealed class LineScreen(TextWriter writer, TimeProvider time) : IDemoScreen
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private long? _last;

    public void Show(HostStatus status)
    {
        if (_last is { } last && time.GetElapsedTime(last) < Period) return;
        _last = time.GetTimestamp();
        var legs = status.Connectors.SelectMany(c => c.Legs).ToArray();
        writer.WriteLine(
            $"{status.Terminals.Sum(t => t.Deals)} deals, {status.Connectors.Sum(c => c.Orders)} orders, {legs.Count(l => l.Converged)} of {legs.Length} legs where they should be");
    }
}
