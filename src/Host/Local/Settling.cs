using CSMultiConnector.Actors.Control;

namespace CSMultiConnector.Host.Local;

/// <summary>Waits until a host has nothing left to do.</summary>
internal static class Settling
{
    /// <summary>How often to look when a person waits.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromMilliseconds(50);

    /// <summary>How often to look between two deals of a replay.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Returns the status at the end: converged with all deals recorded, or as it was when the time was over. Convergence must be seen
    /// twice: between two looks a level may still be on its way to its leg.
    /// </summary>
    public static async Task<HostStatus> WaitAsync(
        IControlPlane control, long deals, TimeSpan patience, TimeSpan pause, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var seen = 0;
        while (true)
        {
            var status = await control.GetStatusAsync(cancellation);
            var done = status.Converged
                && status.Terminals.Length > 0
                && status.Terminals.All(t => t.Synchronised)
                && status.Terminals.Sum(t => t.Deals) >= deals;
            seen = done ? seen + 1 : 0;
            if (seen == 2 || time.GetElapsedTime(start) >= patience) return status;
            await Task.Delay(pause, time, cancellation);
        }
    }

    /// <summary>What to tell a person whose connectors did not start.</summary>
    public static async Task<string> WhyNotStartedAsync(Composition.ConnectorHost host, CancellationToken cancellation)
    {
        var problems = Problems.Of(await host.Control.GetStatusAsync(cancellation));
        return string.Join('\n', ["The connectors did not start:", .. problems.Select(p => $"  {p}"), $"The log in {host.Stores.Folder.LogsPath} says more."]);
    }

    /// <summary>Waits until no connector is starting any more; false when one waits for a person instead, or the time is over first.</summary>
    public static async Task<bool> StartedAsync(IControlPlane control, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var status = await control.GetStatusAsync(cancellation);
            if (status.Complete && status.Connectors.All(c => c.State is ConnectorState.Running or ConnectorState.Stopped)) return true;
            if (status.Connectors.Any(c => c.State == ConnectorState.Faulted) || time.GetElapsedTime(start) >= patience) return false;
            await Task.Delay(Patient, time, cancellation);
        }
    }
}
