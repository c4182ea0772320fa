using Akka.Actor;
using Akka.Pattern;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Actors.Legs;

/// <summary>Have a leg's actor running. When it is ready it says so to its connector, and not before is anything sent to it: what went by its supervisor
/// could come after what went to itself.</summary>
public sealed record StartLeg(LegId Leg, LegSurroundings Around);

/// <summary>Stop a leg's actor (it is flat and idle); its journal stays.</summary>
public sealed record StopLeg(LegId Leg);

/// <summary>
/// Holds the legs of one connector, each under a supervisor that restarts it with back-off, whether it threw or its journal failed
/// (a failed persist stops the actor).
/// </summary>
public sealed class LegsActor : ReceiveActor
{
    private static readonly TimeSpan s_firstRestart = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestRestart = TimeSpan.FromSeconds(30);
    private const double RandomFactor = 0.2;
    private const int Unlimited = -1;

    private readonly Dictionary<IActorRef, StartLeg?> _stopping = [];

    /// <summary>Makes the actor.</summary>
    public LegsActor()
    {
        Receive<StartLeg>(Start);
        Receive<StopLeg>(stop =>
        {
            var child = Context.Child(NameOf(stop.Leg));
            if (child.IsNobody() || !_stopping.TryAdd(child, null)) return;
            Context.Watch(child);
            Context.Stop(child);
        });
        Receive<Terminated>(gone =>
        {
            if (_stopping.Remove(gone.ActorRef, out var again) && again is { } wanted) Start(wanted);
        });
    }

    // One actor a leg: a leg that is still stopping starts again when it is gone.
    private void Start(StartLeg start)
    {
        var name = NameOf(start.Leg);
        var child = Context.Child(name);
        if (_stopping.ContainsKey(child))
        {
            _stopping[child] = start;
            return;
        }

        if (child.IsNobody()) Context.ActorOf(Supervised(start), name);
    }

    private static string NameOf(LegId leg) => Uri.EscapeDataString(leg.ToString());

    private static Props Supervised(StartLeg start) => BackoffSupervisor.Props(
        Backoff.OnStop(PositionActor.Props(start.Leg, start.Around), "leg", s_firstRestart, s_longestRestart, RandomFactor, Unlimited)
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));
}
