using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Terminals;

/// <summary>
/// One terminal: its one session, its recorded deals, its ledger, and the levels of its streams as far as they are known in this run.
/// A deal's level is forwarded first and journaled then; only the acknowledgement waits for the journal.
/// </summary>
public sealed partial class TerminalActor : ReceivePersistentActor
{
    /// <summary>The reason of a <c>bye</c> by which a terminal says that it switches to another account.</summary>
    public const string AccountChanged = "account-changed";

    private readonly TerminalId _terminal;
    private readonly string _version;
    private readonly IActorRef _history;
    private readonly IActorRef _terminals;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly TerminalLedger _ledger = new();

    // The ledger with everything that is handed to the journal, stored or not yet: new lines are compared with this one.
    private readonly TerminalLedger _ahead = new();
    private readonly TerminalLevels _levels = new();
    private readonly Dictionary<ConnectorId, IActorRef> _subscribers = [];

    private ITerminalSession? _session;
    private TerminalLogin? _login;
    private long _newestSession;
    private int _eventsSinceSnapshot;
    private bool _handoverWanted;

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public TerminalActor(TerminalId terminal, string version, IActorRef history, IActorRef terminals)
    {
        _terminal = terminal;
        _version = version;
        _history = history;
        _terminals = terminals;

        Recover<SnapshotOffer>(offer =>
        {
            if (offer.Snapshot is not TerminalSnapshot snapshot) return;
            _ledger.Restore(snapshot);
            _ahead.Restore(snapshot);
        });
        Recover<RecoveryCompleted>(_ =>
        {
            _levels.Begin(_ledger);
            foreach (var (symbol, price) in _ledger.Prices) _prices[symbol] = price;
        });
        RecoverAny(e =>
        {
            _ledger.Apply(e);
            _ahead.Apply(e);
            _eventsSinceSnapshot++;
        });

        Command<Admit>(AdmitSession);
        Command<SessionLine>(line =>
        {
            if (_session?.SessionId == line.Session) Take(line.Message);
        });
        Command<SessionEnded>(ended =>
        {
            if (_session?.SessionId == ended.Session) EndSession(ended.Reason);
        });
        Command<SubscribeTerminals>(Subscribe);
        Command<UnsubscribeTerminals>(Unsubscribe);
        Command<PanelRow>(ShowRow);
        Command<TerminalNotice>(notice => _session?.Send(new HostMessage.Log(notice.Level, notice.Text)));
        Command<CriticalError>(StopOnCritical);
        Command<ChartButtonDone>(AnswerButton);
        Command<ReleaseStream>(Release);
        Command<GetTerminalStatus>(_ => Sender.Tell(Status()));
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failure => _log.Warning(failure.Cause, "{0}: older snapshots were not deleted; they only take room", PersistenceId));
        Command<SaveSnapshotFailure>(failure => _log.Warning(failure.Cause, "{0}: the snapshot was not saved; recovery replays more events", PersistenceId));
    }

    /// <inheritdoc/>
    public override string PersistenceId => IdOf(_terminal);

    private DateTimeOffset Now => Context.System.Scheduler.Now;

    /// <summary>The persistence id of a terminal.</summary>
    public static string IdOf(TerminalId terminal) => $"terminal/{terminal}";

    /// <summary>How the actor is made.</summary>
    public static Props Props(TerminalId terminal, string version, IActorRef history, IActorRef terminals) =>
        Akka.Actor.Props.Create(() => new TerminalActor(terminal, version, history, terminals));

    /// <inheritdoc/>
    protected override void OnReplaySuccess()
    {
        base.OnReplaySuccess();
        _terminals.Tell(new TerminalReady(_terminal));
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // What cannot be stored must not be acknowledged: end as after a failed write, and begin anew with back-off.
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        // A terminal whose host part failed logs in anew and says everything again.
        _session?.Close("host restarting this terminal");
        base.PostStop();
    }

    private void AdmitSession(Admit admit)
    {
        var login = admit.Login;
        if (admit.Session.SessionId < _newestSession)
        {
            // A login that took longer than a later one: levels are ordered by session, and this one would be older.
            Sender.Tell(new SessionAdmission.Unavailable("A later session of this terminal was begun meanwhile; connect anew."));
            return;
        }

        if (_session is not null && _login is not null && !_login.Magics.SequenceEqual(login.Magics))
        {
            Sender.Tell(new SessionAdmission.Busy(
                $"{_terminal} is served by a session with the magics {string.Join(",", _login.Magics)}; one Expert Advisor carries all magics of a terminal"));
            return;
        }

        if (_ledger.Margin is { } margin && IsHedging(margin) != IsHedging(login.Margin))
            _log.Warning("{0}: the account now is {1}, it was {2}", _terminal, login.Margin, margin);
        if (_ledger.Margin == login.Margin && _ledger.Listed.SequenceEqual(login.Magics))
        {
            BeginSession(admit, Sender);
            return;
        }

        // The magics are in force before the first line of the session: else its snapshot would flatten a stream that it no longer lists.
        var asker = Sender;
        var change = new MagicsListed(Now, login.Margin, [.. login.Magics]);
        _ahead.Apply(change);
        Persist(change, listed =>
        {
            Stored(listed);
            BeginSession(admit, asker);
        });
    }

    private void BeginSession(Admit admit, IActorRef asker)
    {
        var login = admit.Login;
        _session?.Close("replaced");
        (_session, _login, _newestSession) = (admit.Session, login, admit.Session.SessionId);
        _symbols.Clear();
        _buttons.Clear();
        _handoverWanted = false;
        _levels.SessionBegins();
        var resume = login.Magics.Select(_ledger.ResumeOf).ToArray();
        var (entries, newestDeal) = IsHedging(login.Margin) ? ([], 0) : _ledger.Handover;
        asker.Tell(new SessionAdmission.Admitted(
            new Intake(Self, admit.Session.SessionId), resume, [.. entries.Select(e => new ResumePosition(e.Magic, e.Symbol, e.Level))], newestDeal));
        PublishPicture();
        foreach (var row in _rows.Values) admit.Session.Send(row);
    }

    private void EndSession(string reason)
    {
        _log.Info("{0}: session over ({1})", _terminal, reason);
        (_session, _login) = (null, null);
        _buttons.Clear();

        // Another account in the terminal: what this one held is not seen any more, and may change unseen.
        if (reason.Contains(AccountChanged, StringComparison.Ordinal)) _levels.Forget();
        else _levels.SessionEnds();
        PublishPicture();
    }

    private void Take(FeedMessage message)
    {
        switch (message)
        {
            case SymbolReported symbol:
                _symbols[symbol.Facts.Name] = symbol.Facts;
                AcknowledgeAfterJournal(message.Seq);
                break;
            case DealReported deal:
                TakeDeal(deal);
                break;
            case DealVoided voided:
                _log.Warning("{0}: the trade server cancelled deal {1}; the next snapshot corrects the levels", _terminal, voided.Ticket);
                Record(new DealCancelled(Now, voided.Ticket), Stored);
                AcknowledgeAfterJournal(voided.Seq);
                _session?.Send(new HostMessage.SnapshotWanted());
                break;
            case SnapshotReported snapshot:
                TakeSnapshot(snapshot);
                break;
            case PauseRequested pause:
                PressButton(pause);
                AcknowledgeAfterJournal(message.Seq);
                break;
            default:
                AcknowledgeAfterJournal(message.Seq);
                break;
        }
    }

    private void TakeDeal(DealReported line)
    {
        var source = new SourceId(new StreamId(_terminal, line.Stream), line.Deal.Symbol);
        var version = new LevelVersion(_session!.SessionId, line.Seq);
        var known = _levels.Take(line.Stream, line.Deal.Symbol, line.Level, version);
        var price = line.Deal.Price > 0m ? new Price(line.Deal.Price) : (Price?)null;
        if (price is { } dealt) _prices[line.Deal.Symbol] = dealt;
        var moved = new LevelMoved(source, line.Level, known, version, line.Deal.Ticket, price, _symbols[line.Deal.Symbol]);
        foreach (var subscriber in _subscribers.Values) subscriber.Tell(moved);

        if (!_ahead.IsRecorded(line.Deal.Ticket))
        {
            Record(new DealRecorded(Now, line.Stream, line.Deal, line.Level, line.UtcMsc), recorded =>
            {
                Stored(recorded);
                _history.Tell(new TerminalHappened(_terminal, PersistenceId, LastSequenceNr, recorded));
            });
        }

        // Without a snapshot that names its newest deal, an Expert Advisor that is started anew would go on from a guess.
        if (!_handoverWanted && _ahead.Handover.Deal == 0 && !IsHedging(_login!.Margin))
        {
            _handoverWanted = true;
            _session.Send(new HostMessage.SnapshotWanted());
        }

        AcknowledgeAfterJournal(line.Seq);
    }

    private void TakeSnapshot(SnapshotReported snapshot)
    {
        _levels.TakeSnapshot(snapshot.Positions, _login!.Magics, new LevelVersion(_session!.SessionId, snapshot.Seq));

        // Journaled in its place among the deals: a correction that came later would take a newer deal back.
        if (_ahead.CorrectionBy(Now, snapshot.Positions, snapshot.LastDeal) is { } correction) Record(correction, Stored);
        AcknowledgeAfterJournal(snapshot.Seq);
        PublishPicture();
    }

    private void Record<T>(T e, Action<T> stored)
        where T : Journal.IJournalRecord
    {
        _ahead.Apply(e);
        PersistAsync(e, stored);
    }

    // Runs after everything that was handed to the journal before it.
    private void AcknowledgeAfterJournal(long seq)
    {
        var session = _session;
        DeferAsync(seq, s => session?.Acknowledge(s));
    }

    private void Stored(object e)
    {
        _ledger.Apply(e);
        if (e is MagicsListed or StreamReleased) _levels.TakeLists(_ledger);
        if (++_eventsSinceSnapshot < _ledger.EventsPerSnapshot) return;
        _eventsSinceSnapshot = 0;
        SaveSnapshot(_ledger.ToSnapshot());
    }

    private void Release(ReleaseStream release)
    {
        var magic = release.Stream.Magic;
        if (_session is not null && _ledger.Listed.Contains(magic))
        {
            Sender.Tell(CommandResult.Conflict($"{release.Stream} is not waiting to be released: its terminal is connected and its Expert Advisor lists it."));
            return;
        }

        var known = Status().Streams.Select(s => s.Magic).Union(_ledger.Unfed).Order().ToList();
        if (!known.Contains(magic))
        {
            Sender.Tell(CommandResult.NotFound($"{_terminal} has no stream {magic}; it has {string.Join(", ", known)}."));
            return;
        }

        var asker = Sender;
        var change = new StreamReleased(Now, magic);
        _ahead.Apply(change);
        Persist(change, released =>
        {
            Stored(released);
            _levels.Release(magic);
            PublishPicture();
            asker.Tell(CommandResult.Done($"{release.Stream} counts as flat from now on."));
        });
    }

    private static bool IsHedging(MarginMode mode) => mode == MarginMode.Hedging;

    private sealed class Intake(IActorRef terminal, long session) : ITerminalIntake
    {
        public void Receive(FeedMessage message) => terminal.Tell(new SessionLine(session, message));

        public void Closed(string reason) => terminal.Tell(new SessionEnded(session, reason));
    }
}

/// <summary>A terminal has recovered: its parent tells it who listens.</summary>
public sealed record TerminalReady(TerminalId Terminal);
