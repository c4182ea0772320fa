using CSMultiConnector.Simulation.Hosting;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Venue;

/// <summary>How a call may be treated on its way.</summary>
/// <param name="LongestTransit">The request arrives within this time or never.</param>
/// <param name="MayDuplicate">A middleman may deliver the request twice.</param>
internal sealed record CallTraits(TimeSpan LongestTransit, bool MayDuplicate);

/// <summary>Requests and their answers between host and venue: delayed, dropped, doubled, split, reset.</summary>
internal sealed class Network(World world)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly FaultDice _dice = world.Dice;
    private readonly Prng _chance = world.Chance.Fork();

    /// <summary>
    /// Sends a request. Exactly one of <paramref name="answered"/> and <paramref name="failed"/> is called unless the caller has died.
    /// <paramref name="left"/> hears that it is on its way, <paramref name="gone"/> that it arrived.
    /// </summary>
    public void Call<T>(
        CallTraits traits, Func<bool> callerLives, Action<Action<Served<T>>> serve, Action<T> answered, Action<string> failed, Action? left = null, Action? gone = null)
    {
        var done = false;
        void Once(Action action)
        {
            if (done || !callerLives()) return;
            done = true;
            action();
        }

        world.Timeline.After(s_timeout, () => Once(() => failed("timeout")));
        if (_dice.Strikes(Fault.RequestDropped)) return;
        if (_dice.Strikes(Fault.RequestSplit))
        {
            world.Timeline.After(_chance.Milliseconds(1, 3000), () => Once(() => failed("the connection broke in the middle of the request")));
            return;
        }

        if (_dice.Strikes(Fault.ConnectionReset)) world.Timeline.After(_chance.Milliseconds(1, 100), () => Once(() => failed("connection reset")));
        left?.Invoke();
        var arrived = false;
        Copy();
        if (traits.MayDuplicate && _dice.Strikes(Fault.RequestDuplicated)) Copy();

        void Copy()
        {
            var delay = _chance.Milliseconds(1, 40);
            if (_dice.Strikes(Fault.RequestDelayed)) delay = TimeSpan.FromMilliseconds(_chance.Between(40, (int)traits.LongestTransit.TotalMilliseconds));
            world.Timeline.After(delay, () =>
            {
                // The first copy decides: what it was refused, the second is not granted (and the second knows nothing of its own).
                if (!arrived) gone?.Invoke();
                arrived = true;
                if (world.Venue.Up) serve(Respond);
                else world.Timeline.After(TimeSpan.FromMilliseconds(5), () => Once(() => failed("connection refused")));
            });
        }

        void Respond(Served<T> served)
        {
            if (_dice.Strikes(Fault.ResponseDropped)) return;
            var delay = _chance.Milliseconds(1, 40);
            if (_dice.Strikes(Fault.ResponseDelayed)) delay = _chance.Milliseconds(40, 20_000);
            var split = _dice.Strikes(Fault.ResponseSplit);
            world.Timeline.After(delay, () => Once(() =>
            {
                if (split) failed("the answer broke off");
                else if (served.Value is { } value) answered(value);
                else failed(served.Error);
            }));
        }
    }
}
