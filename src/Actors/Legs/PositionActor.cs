using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Legs;

/// <summary>What every leg of a connector shares.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="Venue">The venue actor: gives levels, gate and readings, hears of changes.</param>
/// <param name="Gateway">The venue.</param>
/// <param name="Ids">Client order ids.</param>
/// <param name="Versions">Orders readings and order events.</param>
/// <param name="History">Hears what happened.</param>
/// <param name="Time">The monotonic clock.</param>
public sealed record LegSurroundings(
    ConnectorId Connector,
    IActorRef Venue,
    IVenueGateway Gateway,
    OrderIds Ids,
    VersionCounter Versions,
    IActorRef History,
    TimeProvider Time);

/// <summary>
/// One leg: connects the shell around the heart to mailbox, journal, gateway and timer. Takes <see cref="LegInput"/>s; after its
/// recovery it pulls configuration, levels, gate and reading from the venue actor, because nobody relies on a message that
/// reached it while it was restarting.
/// </summary>
public sealed class PositionActor : ReceivePersistentActor, IWithTimers, ILegPorts
{
    private const string WakeTimer = "wake";
    private const int EventsPerSnapshot = 200;

    private readonly LegId _leg;
    private readonly LegSurroundings _around;
    private readonly LegShell _shell;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _eventsSinceSnapshot;

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public PositionActor(LegId leg, LegSurroundings around)
    {
        _leg = leg;
        _around = around;
        _shell = new LegShell(leg, this);

        Recover<JournaledEvent>(e =>
        {
            _shell.Recover(e);

            // What is replayed counts: else a host that starts often would never take a snapshot, and replay more each time.
            _eventsSinceSnapshot++;
        });
        Recover<SnapshotOffer>(offer =>
        {
            if (offer.Snapshot is LegSnapshot snapshot) _shell.Recover(snapshot);
        });
        Recover<RecoveryCompleted>(_ => { });

        Command<Begin>(_ =>
        {
            _shell.Handle(new LegInput.Recovered());
            _around.Venue.Tell(new LegReady(_leg));
        });
        Command<LevelsOffered>(offered =>
        {
            _shell.Handle(new LegInput.LevelsChanged(offered.Contributions, offered.Price));

            // Runs after the persist of the levels' consequences: the venue actor may then offer the next.
            DeferAsync(offered, o => _around.Venue.Tell(new LevelsTaken(_leg, o.Number)));
        });
        Command<LegInput>(_shell.Handle);
        Command<ProposeSync>(ask => Sender.Tell(new SyncProposed(ask.Options.SyncId, SyncProposal.Of(_shell.State, ask.Options, Uptime))));
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failure => _log.Warning(failure.Cause, "{0}: older snapshots were not deleted; they only take room", PersistenceId));
        Command<SaveSnapshotFailure>(failure => _log.Warning(failure.Cause, "{0}: the snapshot of a leg was not saved; recovery replays more events", PersistenceId));
    }

    /// <inheritdoc/>
    public override string PersistenceId => IdOf(_around.Connector, _leg);

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => Context.System.Scheduler.Now;

    private Uptime Uptime => _around.Time.Uptime();

    /// <summary>The persistence id of a leg.</summary>
    public static string IdOf(ConnectorId connector, LegId leg) => $"leg/{connector}/{leg}";

    /// <summary>How the actor is made.</summary>
    public static Props Props(LegId leg, LegSurroundings around) => Akka.Actor.Props.Create(() => new PositionActor(leg, around));

    /// <inheritdoc/>
    protected override void OnReplaySuccess()
    {
        base.OnReplaySuccess();
        Self.Tell(Begin.Instance);
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // An intent that cannot be stored must not be sent: end as after a failed write, and begin anew with back-off.
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        base.PostStop();
    }

    Moment ILegPorts.NextMoment() => new(Now, Uptime, _around.Versions.Next(), _around.Ids.Next());

    void ILegPorts.Persist(IReadOnlyList<JournaledEvent> events, Action stored)
    {
        var left = events.Count;
        PersistAll(events, _ =>
        {
            _eventsSinceSnapshot++;
            if (--left == 0) stored();
        });
    }

    void ILegPorts.Submit(OrderRequest order)
    {
        var id = order.ClientOrderId;
        _around.Gateway.SubmitAsync(order, _stopped.Token).PipeTo(
            Self,
            success: outcome => new LegInput.SubmitAnswered(id, outcome),
            failure: e => new LegInput.SubmitAnswered(id, new SubmitOutcome.Unknown(e.Message)));
    }

    void ILegPorts.LookUp(OrderKey order)
    {
        var (id, startedAt, startedUptime) = (order.ClientOrderId, Now, Uptime);
        _around.Gateway.FindAsync(order, _stopped.Token).PipeTo(
            Self,
            success: outcome => new LegInput.LookupAnswered(id, startedAt, startedUptime, outcome),
            failure: e => new LegInput.LookupAnswered(id, startedAt, startedUptime, new LookupOutcome.Incomplete(e.Message)));
    }

    void ILegPorts.Cancel(OrderKey order)
    {
        var id = order.ClientOrderId;
        _around.Gateway.CancelAsync(order, _stopped.Token).PipeTo(
            Self,
            success: outcome => new LegInput.CancelAnswered(id, outcome),
            failure: e => new LegInput.CancelAnswered(id, new CancelOutcome.Unknown(e.Message)));
    }

    void ILegPorts.RequestReading(string why) => _around.Venue.Tell(new ReadingWanted(_leg, why));

    void ILegPorts.ReportAccountProblem(Rejection rejection) => _around.Venue.Tell(new AccountRefused(_leg, rejection));

    void ILegPorts.ReportFundsShort(Rejection rejection) => _around.Venue.Tell(new FundsShort(_leg, rejection));

    void ILegPorts.WakeAt(Uptime? moment)
    {
        if (moment is not { } at)
        {
            Timers.Cancel(WakeTimer);
            return;
        }

        var delay = at - Uptime;
        Timers.StartSingleTimer(WakeTimer, Tick, delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1));
    }

    void ILegPorts.Changed(LegState state, IReadOnlyList<LegEvent> events)
    {
        _around.Venue.Tell(new LegChanged(LegView.Of(state, Uptime)));
        if (events.Any(e => e is JournaledEvent))
            _around.History.Tell(new LegHappened(_around.Connector, _leg, PersistenceId, LastSequenceNr, [.. events.OfType<JournaledEvent>()]));
        if (_eventsSinceSnapshot < EventsPerSnapshot) return;
        _eventsSinceSnapshot = 0;
        SaveSnapshot(LegSnapshot.Of(state));
    }

    private static LegInput.Tick Tick { get; } = new();

    private sealed class Begin
    {
        public static Begin Instance { get; } = new();
    }
}
