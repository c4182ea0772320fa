using System.Globalization;
using Akka.Actor;
using CSMultiConnector.Venues;

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

    private void HandleCalls()
    {
        Command<CallAnswered>(answered =>
        {
            // What a call that was given up has to say is of another line, or older than the one that took its place.
            if (answered.GivenUp.IsCancellationRequested) return;
            EndCall(answered.Call);
            answered.Take();
        });
        Command<CallLate>(late =>
        {
            if (IsUnderWay(late.Call))
                LoseLine(string.Create(CultureInfo.InvariantCulture, $"the venue was asked to {late.Call} and did not answer within {s_answerWithin.TotalSeconds} s"));
        });
    }

    /// <summary>Asks the gateway; the answer is taken in this actor's turn, unless the call was given up. One of the same kind that is under way is given up.</summary>
    private void Ask<T>(string call, Func<CancellationToken, Task<VenueAnswer<T>>> ask, Action<VenueAnswer<T>> take)
    {
        GiveUp(call);
        var source = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        _calls[call] = source;
        Timers.StartSingleTimer(TimerOf(call), new CallLate(call), s_answerWithin);
        var givenUp = source.Token;
        ask(givenUp).PipeTo(
            Self,
            success: answer => new CallAnswered(call, givenUp, () => take(answer)),
            failure: e => new CallAnswered(call, givenUp, () => take(VenueAnswer<T>.Failed(FailureKind.Unavailable, e.Message))));
    }

    private bool IsUnderWay(string call) => _calls.ContainsKey(call);

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

    private sealed record CallAnswered(string Call, CancellationToken GivenUp, Action Take);

    private sealed record CallLate(string Call);
}
