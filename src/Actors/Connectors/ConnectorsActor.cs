using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Connectors;

/// <summary>Run exactly these connectors; answered by a <see cref="CommandResult"/>.</summary>
public sealed record ApplyConnectors(ImmutableArray<ConnectorSettings> Connectors);

/// <summary>Asks for all connectors; answered by a <see cref="Gathered{T}"/> of their status.</summary>
public sealed record GetConnectors;

/// <summary>A connector has found out which account it trades; answered by <see cref="AccountClaims"/>.</summary>
public sealed record ClaimAccount(ConnectorId Connector, string Account, PositionMode Mode);

/// <summary>A connector wants to trade this holding of its account; answered by <see cref="HoldingClaimed"/>.</summary>
/// <param name="Connector">Which.</param>
/// <param name="Account">The account.</param>
/// <param name="Holding">What it holds there.</param>
/// <param name="Owner">Who traded it when this connector was refused; null when it never was. While that one runs, it stays the owner.</param>
public sealed record ClaimHolding(ConnectorId Connector, string Account, string Holding, ConnectorId? Owner = null);

/// <summary>Who trades a holding of the account: the asker or another connector that came before.</summary>
/// <param name="Holding">What is held.</param>
/// <param name="Owner">Who trades it.</param>
/// <param name="Former">Who did until it was stopped; null when nobody else did in this process.</param>
public sealed record HoldingClaimed(string Holding, ConnectorId Owner, ConnectorId? Former = null);

/// <summary>What other connectors trade of the same account. One account is traded by one connector an instrument.</summary>
public sealed record AccountClaims(ImmutableDictionary<string, ConnectorId> ByOthers);

/// <summary>What connectors need from around them.</summary>
/// <param name="Gateways">Makes the gateway of a connector.</param>
/// <param name="ProcessTag">The random tag of this process.</param>
/// <param name="Versions">Orders readings and order events.</param>
/// <param name="Terminals">Tells what terminals hold.</param>
/// <param name="History">Hears what happened.</param>
/// <param name="Time">The monotonic clock.</param>
/// <param name="Lease">The right to trade.</param>
public sealed record ConnectorSurroundings(
    Func<ConnectorSettings, IVenueGateway> Gateways,
    string ProcessTag,
    VersionCounter Versions,
    IActorRef Terminals,
    IActorRef History,
    TimeProvider Time,
    IAccountLease Lease);

/// <summary>
/// Starts, stops and restarts connectors from their settings, each under a supervisor that backs off, so that a failure of one never
/// touches another. Knows who trades which account.
/// </summary>
public sealed class ConnectorsActor : ReceiveActor
{
    private static readonly TimeSpan s_firstRestart = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestRestart = TimeSpan.FromSeconds(60);
    private const double RandomFactor = 0.2;
    private const int Unlimited = -1;

    private readonly ConnectorSurroundings _around;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<ConnectorId, Running> _running = [];
    private readonly Dictionary<ConnectorId, ConnectorSettings> _waiting = [];
    private readonly Dictionary<(string Account, string Holding), ConnectorId> _claims = [];
    private readonly Dictionary<(string Account, string Holding), ConnectorId> _released = [];
    private readonly Dictionary<ConnectorId, (string Account, IActorRef Ref)> _accounts = [];
    private ImmutableArray<ConnectorSettings> _disabled = [];
    private ImmutableArray<ConnectorSettings>? _applied;
    private Action? _leaseChanged;

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public ConnectorsActor(ConnectorSurroundings around)
    {
        _around = around;
        Receive<ApplyConnectors>(apply => Sender.Tell(Apply(apply.Connectors)));
        Receive<ApplyAgain>(again =>
        {
            // Settings that waited in the mailbox while this actor failed are newer.
            if (_applied is null) _log.Warning("connectors are started again after a failure: {0}", Apply(again.Connectors).Text);
        });
        Receive<Terminated>(Stopped);
        Receive<IConnectorCommand>(command =>
        {
            if (_running.TryGetValue(command.Connector, out var running)) running.Ref.Forward(command);
            else Sender.Tell(CommandResult.NotFound($"No connector {command.Connector} is running. Known: {string.Join(", ", _running.Keys.Order())}."));
        });
        // In one look: between two, a connector whose settings change would be in neither.
        Receive<GetConnectors>(_ => Gather<ConnectorStatus>.Start(
            Context, [.. _running.Values.Where(r => !r.Stopping).Select(r => r.Ref)], new GetConnectorStatus(default), Sender,
            [
                .. _disabled.Select(s => Absent(s, ConnectorState.Stopped, "disabled")),
                .. _waiting.Values.Select(s => Absent(s, ConnectorState.Starting, "its settings changed; it starts anew")),
            ]));
        Receive<LeaseChanged>(changed =>
        {
            foreach (var running in _running.Values) running.Ref.Tell(changed);
        });
        Receive<ClaimAccount>(claim =>
        {
            _accounts[claim.Connector] = (claim.Account, Sender);
            ReleaseClaims(claim.Connector, exceptOf: claim.Account);
            Sender.Tell(ClaimsFor(claim.Connector, claim.Account));
        });
        Receive<ClaimHolding>(claim =>
        {
            // After a restart the one that was refused may come first: the holding is still the other's.
            var owner = claim.Owner is { } other && MayTrade(other, claim.Account) ? other : claim.Connector;
            var key = (claim.Account, claim.Holding);
            var taken = _claims.TryAdd(key, owner);
            ConnectorId? former = taken && owner == claim.Connector && _released.Remove(key, out var before) && before != owner ? before : null;
            Sender.Tell(new HoldingClaimed(claim.Holding, _claims[key], former));
            if (taken) TellClaims(claim.Account);
        });
    }

    /// <summary>How the actor is made.</summary>
    public static Props Props(ConnectorSurroundings around) => Akka.Actor.Props.Create(() => new ConnectorsActor(around));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        base.PreStart();
        var self = Self;
        _leaseChanged = () => self.Tell(new LeaseChanged());
        _around.Lease.Changed += _leaseChanged;
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        // The children end with this incarnation; the next one is told what to run.
        if (_applied is { } applied) Self.Tell(new ApplyAgain(applied));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _around.Lease.Changed -= _leaseChanged;
        base.PostStop();
    }

    // One that starts or fails at the moment counts too, as long as nobody knows that it trades elsewhere.
    private bool MayTrade(ConnectorId connector, string account) =>
        (_waiting.ContainsKey(connector) || _running.TryGetValue(connector, out var running) && !running.Stopping)
        && (!_accounts.TryGetValue(connector, out var theirs) || theirs.Account == account);

    private void ReleaseClaims(ConnectorId connector, string? exceptOf = null)
    {
        var claims = _claims.Where(c => c.Value == connector && c.Key.Account != exceptOf).Select(c => c.Key).ToArray();
        foreach (var claim in claims)
        {
            _claims.Remove(claim);
            _released[claim] = connector;
        }

        foreach (var account in claims.Select(c => c.Account).Distinct()) TellClaims(account);
    }

    private AccountClaims ClaimsFor(ConnectorId connector, string account) => new(
        _claims.Where(c => c.Key.Account == account && c.Value != connector).ToImmutableDictionary(c => c.Key.Holding, c => c.Value));

    private void TellClaims(string account)
    {
        foreach (var (connector, (theirs, actor)) in _accounts)
            if (theirs == account) actor.Tell(ClaimsFor(connector, account));
    }

    private CommandResult Apply(ImmutableArray<ConnectorSettings> connectors)
    {
        _disabled = [.. connectors.Where(c => !c.Enabled)];
        var wanted = connectors.Where(c => c.Enabled).ToDictionary(c => c.Id);
        _applied = connectors;
        var (started, stopped, changed) = (0, 0, 0);
        foreach (var (id, running) in _running.ToArray())
        {
            if (wanted.TryGetValue(id, out var settings) && !running.Stopping && SameSettings(settings, running.Settings)) continue;
            if (settings is null) stopped++;
            else changed++;
            if (settings is not null) _waiting[id] = settings;
            else _waiting.Remove(id);
            if (running.Stopping) continue;
            _running[id] = running with { Stopping = true };
            Context.Stop(running.Ref);
        }

        foreach (var settings in wanted.Values.Where(s => !_running.ContainsKey(s.Id)))
        {
            started++;
            Start(settings);
        }

        return CommandResult.Done($"{started} connectors started, {changed} changed, {stopped} stopped, {_disabled.Length} disabled.");
    }

    private static bool SameSettings(ConnectorSettings a, ConnectorSettings b) =>
        string.Equals(Journal.JournalJson.Write(a), Journal.JournalJson.Write(b), StringComparison.Ordinal);

    private void Start(ConnectorSettings settings)
    {
        var around = new VenueSurroundings(
            settings, () => _around.Gateways(settings), _around.ProcessTag, _around.Versions, _around.Terminals, Self, _around.History, _around.Time, _around.Lease);
        var supervised = BackoffSupervisor.Props(
            Backoff.OnStop(VenueActor.Props(around), "venue", s_firstRestart, s_longestRestart, RandomFactor, Unlimited)
                .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));
        var child = Context.ActorOf(supervised, Uri.EscapeDataString(settings.Id.Value));
        Context.Watch(child);
        _running[settings.Id] = new Running(settings, child);
        _log.Info("connector {0} ({1}) started", settings.Id, settings.Venue);
    }

    // A changed connector is started anew only when the old one is gone: one actor an account, one name a connector.
    private void Stopped(Terminated terminated)
    {
        if (_running.FirstOrDefault(r => r.Value.Ref.Equals(terminated.ActorRef)) is not { Value: not null } gone) return;
        _running.Remove(gone.Key);
        _accounts.Remove(gone.Key);

        // What it trades stays its own while it starts anew: nobody takes it over for a change of settings.
        if (_waiting.Remove(gone.Key, out var settings)) Start(settings);
        else ReleaseClaims(gone.Key);
    }

    private static ConnectorStatus Absent(ConnectorSettings s, ConnectorState state, string text) => new(
        s.Id, s.Name, s.Venue, "", state, text, [], null, ImmutableSortedDictionary<SymbolName, string>.Empty, [], 0, null, false);

    private sealed record ApplyAgain(ImmutableArray<ConnectorSettings> Connectors);

    private sealed record Running(ConnectorSettings Settings, IActorRef Ref, bool Stopping = false);
}
