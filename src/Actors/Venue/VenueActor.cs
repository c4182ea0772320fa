using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using CSMultiConnector.Actors.Connectors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Actors.Mapping;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Venue;

/// <summary>What a venue actor needs from around it.</summary>
/// <param name="Settings">The connector's settings; other settings make another actor.</param>
/// <param name="Gateway">Makes the gateway; called once an incarnation.</param>
/// <param name="ProcessTag">The random tag of this process.</param>
/// <param name="Versions">Orders readings and order events.</param>
/// <param name="Terminals">Tells what terminals hold.</param>
/// <param name="Connectors">Knows who trades which account.</param>
/// <param name="History">Hears what happened.</param>
/// <param name="Time">The monotonic clock.</param>
/// <param name="Lease">The right to trade.</param>
public sealed record VenueSurroundings(
    ConnectorSettings Settings,
    Func<IVenueGateway> Gateway,
    string ProcessTag,
    VersionCounter Versions,
    IActorRef Terminals,
    IActorRef Connectors,
    IActorRef History,
    TimeProvider Time,
    IAccountLease Lease);

/// <summary>
/// One connector: its line to the venue, which legs exist and what feeds them, its baseline, pauses and syncs.
/// <code>
/// Starting ──connected, checked, account read──► Running ──line lost──► Reconnecting ──► Starting
///    └── a check fails ──► Faulted (tried anew when a terminal or the line changes)
/// Paused is kept beside it: a paused connector stays connected and follows up what is in flight.
/// </code>
/// Split by topic: Connection, Calls, Stream, Orders, Levels, Moves, Legs, Sync, SyncRun.
/// </summary>
public sealed partial class VenueActor : ReceivePersistentActor, IWithTimers
{
    private const int EventsPerSnapshot = 500;

    private readonly VenueSurroundings _around;
    private readonly ConnectorSettings _settings;
    private readonly IVenueGateway _gateway;
    private readonly OrderIds _ids;
    private readonly IActorRef _mapping;
    private readonly IActorRef _legsActor;
    private readonly VenueState _state = new();
    private readonly LevelTable _table = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private ConnectorState _line = ConnectorState.Starting;
    private string _lineText = "connecting";
    private ImmutableArray<string> _warnings = [];
    private int _eventsSinceSnapshot;
    private string? _critical;

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public VenueActor(VenueSurroundings around)
    {
        _around = around;
        _settings = around.Settings;
        _gateway = around.Gateway();
        _ids = new OrderIds(_settings.Tag, around.ProcessTag, around.Versions);
        _mapping = Context.ActorOf(SymbolMapActor.Props(_settings, _gateway), "mapping");
        _legsActor = Context.ActorOf(Akka.Actor.Props.Create(() => new LegsActor()), "legs");
        Context.Watch(_mapping);

        Recover<SnapshotOffer>(offer =>
        {
            if (offer.Snapshot is VenueSnapshot snapshot) _state.Restore(snapshot);
        });
        RecoverAny(e =>
        {
            if (e is not IJournalRecord) return;
            _state.Apply(e);
            _eventsSinceSnapshot++;
        });

        Command<Begin>(_ => BeginWork());
        HandleConnection();
        HandleCalls();
        HandleStream();
        HandleLevels();
        HandleLegs();
        HandleSync();

        Command<Pause>(pause =>
        {
            var asker = Sender;
            PauseNow(pause.Why, text => asker.Tell(CommandResult.Done(text)));
        });
        Command<Resume>(_ => ResumeNow());
        Command<ChartButton>(PressChartButton);
        Command<StopFedBy>(stop =>
        {
            if (RoutesTerminal(stop.Terminal)) PauseNow(stop.Reason, null);
        });
        Command<LeaseChanged>(_ => UpdateGate());
        Command<GetMapping>(ask => _mapping.Forward(ask));
        Command<SetMapping>(set => ForwardAndResolveAnew(set, set.Mapping.Symbol));
        Command<ResetMapping>(reset => ForwardAndResolveAnew(reset, reset.Symbol));
        Command<GetConnectorStatus>(_ => Sender.Tell(Status()));
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failure => _log.Warning(failure.Cause, "{0}: older snapshots were not deleted; they only take room", PersistenceId));
        Command<SaveSnapshotFailure>(failure => _log.Warning(failure.Cause, "{0}: the snapshot was not saved; recovery replays more events", PersistenceId));

        // The mapping stops when its journal fails: begin anew with back-off, together.
        Command<Terminated>(MappingStopped);
    }

    /// <inheritdoc/>
    public override string PersistenceId => $"connector/{_settings.Id}";

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => Context.System.Scheduler.Now;

    private Uptime Uptime => _around.Time.Uptime();

    /// <summary>How the actor is made.</summary>
    public static Props Props(VenueSurroundings around) => Akka.Actor.Props.Create(() => new VenueActor(around));

    /// <inheritdoc/>
    protected override void OnReplaySuccess()
    {
        base.OnReplaySuccess();
        Self.Tell(Begin.Instance);
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // An event that cannot be stored must not be acted upon: end as after a failed write, and begin anew with back-off.
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        CutLine();
        _stopped.Cancel();
        _stopped.Dispose();
        _around.Terminals.Tell(new UnsubscribeTerminals(Self));
        _ = DisposeGatewayAsync(_gateway, _log, _settings.Id);
        base.PostStop();
    }

    // Nobody waits for it: an actor that ends waits for nothing, and it throws nothing that is to be heard.
    private static async Task DisposeGatewayAsync(IVenueGateway gateway, ILoggingAdapter log, ConnectorId connector)
    {
        try
        {
            await gateway.DisposeAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            log.Warning(e, "{0}: the gateway did not close cleanly", connector);
        }
    }

    private void MappingStopped(Terminated gone) => throw new InvalidOperationException($"The symbol mapping of {_settings.Id} ({gone.ActorRef.Path.Name}) stopped.");

    private void BeginWork()
    {
        // A stream that the routes leave out now begins anew when they cover it again: what it trades meanwhile is not ours.
        foreach (var stream in _state.Baselined.Where(s => RouteOf(s) is null).ToArray()) Store(new StreamLeft(Now, stream), _ => { });

        // The tag is journaled before any id with it can leave: at the venue, an unknown tag of ours means another host.
        if (!_state.KnowsProcess(_around.ProcessTag)) Store(new ProcessTagTaken(Now, _around.ProcessTag), _ => { });
        DeferAsync(Begin.Instance, _ => Start());

        void Start()
        {
            var known = _state.Sources.Keys.Select(s => s.Stream.Terminal)
                .Concat(_settings.Routes.Select(r => TerminalId.TryParse(r.Terminal, out var id) ? id : default))
                .Where(t => t != default)
                .Distinct()
                .ToImmutableArray();
            _around.Terminals.Tell(new SubscribeTerminals(_settings.Id, Self, known));

            // What is traded here is claimed before the line is up: another connector of the account may be quicker.
            foreach (var holding in _state.Legs.Keys.Select(l => l.Holding).Distinct().Where(h => (_state.OwnerOf(h) ?? _settings.Id) == _settings.Id)) Claim(holding);
            Connect();
        }
    }

    private void Store<T>(T e, Action<T> then)
        where T : IJournalRecord
    {
        Persist(e, stored =>
        {
            _state.Apply(stored);
            _around.History.Tell(new ConnectorHappened(_settings.Id, PersistenceId, LastSequenceNr, stored));
            then(stored);
            if (++_eventsSinceSnapshot < EventsPerSnapshot) return;
            _eventsSinceSnapshot = 0;
            SaveSnapshot(_state.ToSnapshot());
        });
    }

    private void PauseNow(string why, Action<string>? answer)
    {
        if (_state.PausedWhy is not null)
        {
            answer?.Invoke($"{_settings.Id} was paused already: {_state.PausedWhy}");
            return;
        }

        Store(new ConnectorPaused(Now, why), _ =>
        {
            UpdateGate();
            answer?.Invoke($"{_settings.Id} is paused.");
        });
    }

    private void ResumeNow(Action<string>? answer = null)
    {
        var (asker, asked) = (Sender, _around.Versions.Next());
        if (_line == ConnectorState.Faulted) Connect();
        Store(new ConnectorResumed(Now), _ =>
        {
            _critical = null;
            EndFaults(asked);

            // Before the gate opens: what is to be reduced goes first.
            HoldIncreasesUntilSynced(SyncKind.Resume);
            UpdateGate();
            WantSync(SyncKind.Resume, SyncScope.StreamLegs, asked);
            var text = $"{_settings.Id} trades again; a sync follows.";
            if (answer is null) asker.Tell(CommandResult.Done(text));
            else answer(text);
        });
    }

    private void PressChartButton(ChartButton button)
    {
        var terminal = Sender;
        var concerned = RoutesTerminal(button.Terminal) && (button.Connector is null || string.Equals(button.Connector, _settings.Id.Value, StringComparison.Ordinal));
        if (!concerned)
        {
            terminal.Tell(new ChartButtonDone(button.Id, false, true, ""));
            return;
        }

        void Done(string text) => terminal.Tell(new ChartButtonDone(button.Id, true, true, text));

        if (button.Pause) PauseNow($"paused on the chart of {button.Terminal}", Done);
        else ResumeNow(Done);
    }

    private bool RoutesTerminal(TerminalId terminal) =>
        _settings.Routes.Any(r => r.Terminal == "*" || string.Equals(r.Terminal, terminal.ToString(), StringComparison.Ordinal));

    // A critical error: nothing is traded until a person has looked.
    private void Critical(string text)
    {
        // The same again while nobody has resumed is no news.
        if (_state.PausedWhy is not null && string.Equals(text, _critical, StringComparison.Ordinal)) return;
        _critical = text;
        _log.Error("{0}: {1}", _settings.Id, text);
        TellTerminals(new CriticalError(_settings.Id, text));
        PauseNow(text, null);
    }

    // Those that feed this connector, no others.
    private void TellTerminals(object message)
    {
        foreach (var terminal in _terminals.Values) terminal.Tell(message);
    }

    private ConnectorState ShownState => _line switch
    {
        ConnectorState.Faulted => ConnectorState.Faulted,
        _ when _state.PausedWhy is not null => ConnectorState.Paused,
        _ when _around.Lease.HoldsBack is not null => ConnectorState.Standby,
        _ => _line,
    };

    private string ShownText => _line switch
    {
        ConnectorState.Faulted => _lineText,
        _ when _state.PausedWhy is { } why => why,
        _ when _around.Lease.HoldsBack is { } why => why,
        ConnectorState.Running when _plan is not null => $"plan {_plan.Id} waits for your yes: {_plan.Why}",
        ConnectorState.Running when _wanted is not null => _waitText,
        _ => _lineText,
    };

    private ConnectorStatus Status() => new(
        _settings.Id,
        _settings.Name,
        _settings.Venue,
        _state.AccountId ?? "",
        ShownState,
        ShownText,
        [.. _legs.Values.Where(l => l.View is not null).Select(l => l.View!).OrderBy(v => v.Leg)],
        _plan,
        _unmapped.ToImmutableSortedDictionary(),
        _warnings,
        _legs.Values.Sum(l => l.View?.Orders ?? 0),
        _lastSync ?? _state.LastSync,
        Busy);

    private bool Busy => _resolving.Count > 0 || _waitForLegs.Count > 0 || _run is not null || _wanted is not null || !_queuedSyncs.IsEmpty
        || _legs.Values.Any(l => !l.Asleep && (l.View is null || l.OfferUnderWay || l.OfferWanted));

    // Tells the terminals' panels; cheap when nothing changed.
    private void ShowPanel()
    {
        var row = new PanelRow(_settings.Id, _settings.Venue, PanelState, ShownText);
        if (row == _shownRow) return;
        _shownRow = row;
        TellTerminals(row);
    }

    private string PanelState => ShownState switch
    {
        ConnectorState.Starting => "starting",
        ConnectorState.Running => "running",
        ConnectorState.Paused => "paused",
        // A terminal knows no other word for "not now, it goes on by itself"; the text says why.
        ConnectorState.Reconnecting or ConnectorState.Standby => "reconnecting",
        ConnectorState.Faulted => "faulted",
        _ => "stopped",
    };

    private PanelRow? _shownRow;

    private sealed class Begin
    {
        public static Begin Instance { get; } = new();
    }
}
