using CSMultiConnector.Actors.Control;
using CSMultiConnector.Portal.Ports;

namespace CSMultiConnector.Portal.Api;

/// <summary>
/// Whether the host does its work: terminals can connect, the store and the actors answer, no connector is faulted. Anyone may ask, so it is found out at
/// most once a second, however many ask.
/// </summary>
internal sealed class Readiness(IControlPlane control, IFeedClientAdministration clients, IHostFacts facts, TimeProvider time)
{
    /// <summary>How long store and actors may take to answer before the host counts as not ready.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<string>? _latest;
    private long _askedAt;

    /// <summary>Why the host is not ready; empty when it is. The task never fails.</summary>
    public Task<string> ProblemAsync()
    {
        lock (_lock)
        {
            if (_latest is { } latest && (!latest.IsCompleted || time.GetElapsedTime(_askedAt) < KeptFor)) return latest;
            _askedAt = time.GetTimestamp();
            return _latest = Task.Run(FindProblemAsync);
        }
    }

    private async Task<string> FindProblemAsync()
    {
        if (facts.Describe().Feed.Length == 0) return "terminals cannot connect yet";
        using var patience = new CancellationTokenSource(Patience, time);
        if (!await AnswersAsync(clients.ListAsync(patience.Token), patience.Token)) return "the store does not answer";
        var asking = control.GetStatusAsync(patience.Token);
        if (!await AnswersAsync(asking, patience.Token)) return "the actors do not answer";
        var status = await asking;
        if (!status.Complete) return "some actors do not answer";
        var faulted = status.Connectors.Count(c => c.State == ConnectorState.Faulted);
        return faulted == 0 ? "" : $"{faulted} of {status.Connectors.Length} connectors are faulted: see the status";
    }

    // Whatever goes wrong in there, it is no answer; the details are in the log of whoever failed.
    private static async Task<bool> AnswersAsync(Task asking, CancellationToken patience)
    {
        await asking.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asking.IsCompletedSuccessfully;
    }
}
