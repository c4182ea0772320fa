using System.Globalization;

namespace CSMultiConnector.Actors.Venue;

// The calls of the gateway that are under way. Each has a time: one that is never answered must not keep the connector waiting for ever.
public sealed partial class VenueActor
{
    private const string ConnectCall = "connect";
    private const string InstrumentsCall = "list instruments";
    private const string OpenOrdersCall = "read open orders";
    private const string HoldingsCall = "read the account";

    // Far longer than a gateway's own limits for a request: whoever gets here has lost count.
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, CancellationTokenSource> _calls = [];

    private void HandleCalls() => Command<CallLate>(late =>
    {
        if (_calls.ContainsKey(late.Call))
            LoseLine(string.Create(CultureInfo.InvariantCulture, $"the venue was asked to {late.Call} and did not answer within {s_answerWithin.TotalSeconds} s"));
    });

    /// <summary>A call begins; one of the same kind that is under way is given up.</summary>
    private CancellationToken BeginCall(string call)
    {
        GiveUp(call);
        var source = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        _calls[call] = source;
        Timers.StartSingleTimer(TimerOf(call), new CallLate(call), s_answerWithin);
        return source.Token;
    }

    /// <summary>The call was answered.</summary>
    private void EndCall(string call)
    {
        Timers.Cancel(TimerOf(call));
        if (_calls.Remove(call, out var source)) source.Dispose();
    }

    private void GiveUpCalls()
    {
        foreach (var call in _calls.Keys.ToArray()) GiveUp(call);
    }

    private void GiveUp(string call)
    {
        if (_calls.TryGetValue(call, out var source)) source.Cancel();
        EndCall(call);
    }

    private static string TimerOf(string call) => $"late: {call}";

    private sealed record CallLate(string Call);
}
