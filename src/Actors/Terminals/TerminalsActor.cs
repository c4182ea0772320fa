using System.Collections.Immutable;
using Akka.Actor;
using Akka.Pattern;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Terminals;

/// <summary>
/// Holds one child per terminal, made on first contact (a login, a connector that once was fed by it, a command), and remembers
/// who listens so that a terminal that restarted can be told.
/// </summary>
public sealed class TerminalsActor : ReceiveActor
{
    /// <summary>Most terminals that one host serves.</summary>
    public const int MaxTerminals = 10_000;

    private static readonly TimeSpan s_firstRestart = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestRestart = TimeSpan.FromSeconds(30);
    private const double RandomFactor = 0.2;
    private const int Unlimited = -1;

    private readonly string _version;
    private readonly IActorRef _history;
    private readonly Dictionary<TerminalId, IActorRef> _terminals = [];
    private readonly Dictionary<ConnectorId, SubscribeTerminals> _subscribers = [];

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public TerminalsActor(string version, IActorRef history)
    {
        _version = version;
        _history = history;
        Receive<Admit>(admit =>
        {
            if (_terminals.Count >= MaxTerminals && !_terminals.ContainsKey(admit.Login.Terminal))
                Sender.Tell(new SessionAdmission.Unavailable("This host serves as many terminals as it may."));
            else
                Terminal(admit.Login.Terminal).Forward(admit);
        });
        Receive<AdmissionAbandoned>(gone =>
        {
            if (_terminals.TryGetValue(gone.Terminal, out var terminal)) terminal.Tell(new SessionEnded(gone.Session, "the login was given up"));
        });
        Receive<SubscribeTerminals>(subscribe =>
        {
            _subscribers[subscribe.Connector] = subscribe;
            foreach (var terminal in subscribe.Known) Terminal(terminal);
            foreach (var terminal in _terminals.Values) terminal.Tell(subscribe);
        });
        Receive<UnsubscribeTerminals>(gone =>
        {
            foreach (var (id, _) in _subscribers.Where(s => s.Value.Subscriber.Equals(gone.Subscriber)).ToArray()) _subscribers.Remove(id);
            foreach (var terminal in _terminals.Values) terminal.Tell(gone);
        });
        Receive<TerminalReady>(ready =>
        {
            foreach (var subscriber in _subscribers.Values) Sender.Tell(subscriber);
        });
        Receive<ReleaseStream>(release =>
        {
            if (_terminals.TryGetValue(release.Stream.Terminal, out var terminal)) terminal.Forward(release);
            else Sender.Tell(CommandResult.NotFound($"No terminal {release.Stream.Terminal} is known."));
        });
        Receive<GetTerminals>(_ => Gather<TerminalStatus>.Start(Context, [.. _terminals.Values], new GetTerminalStatus(), Sender));
    }

    /// <summary>How the actor is made.</summary>
    public static Props Props(string version, IActorRef history) => Akka.Actor.Props.Create(() => new TerminalsActor(version, history));

    private IActorRef Terminal(TerminalId id)
    {
        if (_terminals.TryGetValue(id, out var known)) return known;
        var supervised = BackoffSupervisor.Props(
            Backoff.OnStop(TerminalActor.Props(id, _version, _history, Self), "terminal", s_firstRestart, s_longestRestart, RandomFactor, Unlimited)
                .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));
        var terminal = _terminals[id] = Context.ActorOf(supervised, Uri.EscapeDataString(id.ToString()));

        // Who listens is told before the first login: a connector then sees the first snapshot as such.
        foreach (var subscriber in _subscribers.Values) terminal.Tell(subscriber);
        return terminal;
    }
}

/// <summary>Asks for all terminals; answered by <see cref="Gathered{T}"/> of their status.</summary>
public sealed record GetTerminals;
