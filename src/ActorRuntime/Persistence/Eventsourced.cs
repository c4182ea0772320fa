using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;

namespace Akka.Persistence;

/// <summary>
/// What all persistent actors are: an actor whose state is made of stored events. It recovers (snapshot, then events) before
/// its first command, and while an event of <see cref="Persist{TEvent}"/> is under way it takes no further command.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IWithUnboundedStash
{
    /// <summary>Items of one journal request; what PersistAsync adds meanwhile waits for the next.</summary>
    internal const int MaxItemsPerWrite = 200;

    private readonly Queue<PendingHandler> _pendingHandlers = new();
    private readonly List<WriteItem> _collected = [];
    private readonly Queue<WriteItem> _waiting = new();
    private readonly string _writerUuid = Guid.NewGuid().ToString("N");
    private readonly int _instanceId;
    private readonly WaitingCommands _waitingCommands;

    private IJournal _journal = null!;
    private ISnapshots _snapshots = null!;
    private ILoggingAdapter? _log;
    private string? _persistenceId;
    private long _sequenceNr;
    private int _pendingStashingHandlers;
    private bool _writing;
    private Phase _phase = Phase.LoadingSnapshot;

    /// <summary>Finds the persistence extension of the actor's system.</summary>
    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        _instanceId = Extension.NextInstanceId();
        _waitingCommands = new WaitingCommands(Cell);
    }

    private enum Phase
    {
        LoadingSnapshot,
        Replaying,
        ProcessingCommands,
        PersistingEvents,
    }

    /// <summary>The persistence extension.</summary>
    protected PersistenceExtension Extension { get; }

    /// <summary>The id under which events are stored. It never changes, and one actor at a time uses it.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>How to recover; newest snapshot and all events unless overridden.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>The actor's own stash, apart from the one in which commands wait for events to be stored.</summary>
    public IStash Stash { get; set => field = new PersistentStash(value, _waitingCommands); } = null!;

    /// <summary>Which journal; empty: the system's default. Set in the constructor.</summary>
    public string JournalPluginId { get; protected set; } = "";

    /// <summary>Which snapshot store; empty: the system's default. Set in the constructor.</summary>
    public string SnapshotPluginId { get; protected set; } = "";

    /// <summary>The id under which snapshots are stored.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>Whether snapshot and events are still being replayed; false from RecoveryCompleted on.</summary>
    public bool IsRecovering => _phase is Phase.LoadingSnapshot or Phase.Replaying;

    /// <summary>Whether recovery has ended.</summary>
    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>The highest sequence number that was stored or replayed; 0 before the first.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>The sequence number that a snapshot taken now would have.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>The actor's log.</summary>
    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <summary>Handles a snapshot offer, a replayed event or the end of recovery. No effect but the actor's own state.</summary>
    /// <param name="message">A <see cref="SnapshotOffer"/>, an event, or <see cref="RecoveryCompleted"/>.</param>
    /// <returns>Whether it was handled.</returns>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles a command.</summary>
    /// <param name="message">The command.</param>
    /// <returns>Whether it was handled.</returns>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Stores an event, then calls the handler. No command is taken in between.</summary>
    /// <param name="event">The event.</param>
    /// <param name="handler">Called when it is durable, with the command's sender.</param>
    /// <typeparam name="TEvent">The event's type.</typeparam>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => Collect([@event], handler, stashing: true);

    /// <summary>Stores events in one transaction, then calls the handler for each. No command is taken in between.</summary>
    /// <param name="events">The events, in order.</param>
    /// <param name="handler">Called for each when all are durable.</param>
    /// <typeparam name="TEvent">The events' type.</typeparam>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Collect(events, handler, stashing: true);

    /// <summary>Stores an event, then calls the handler; commands are taken meanwhile.</summary>
    /// <param name="event">The event.</param>
    /// <param name="handler">Called when it is durable, with the command's sender.</param>
    /// <typeparam name="TEvent">The event's type.</typeparam>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Collect([@event], handler, stashing: false);

    /// <summary>Stores events in one transaction, then calls the handler for each; commands are taken meanwhile.</summary>
    /// <param name="events">The events, in order.</param>
    /// <param name="handler">Called for each when all are durable.</param>
    /// <typeparam name="TEvent">The events' type.</typeparam>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Collect(events, handler, stashing: false);

    /// <summary>Calls the handler after those of all events that are under way, at once when there are none. Nothing is stored.</summary>
    /// <param name="evt">What the handler is given.</param>
    /// <param name="handler">The handler.</param>
    /// <typeparam name="TEvent">Its type.</typeparam>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        if (_pendingHandlers.Count == 0)
        {
            handler(evt);
            return;
        }

        _pendingHandlers.Enqueue(new PendingHandler(o => handler((TEvent)o), Stashing: false));
        _collected.Add(new DeferredItem(evt!, Sender));
    }

    /// <summary>Deletes events; answered by <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>.</summary>
    /// <param name="toSequenceNr">The last event to go; at most <see cref="LastSequenceNr"/>, or <see cref="long.MaxValue"/> for all.</param>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue || toSequenceNr <= LastSequenceNr)
        {
            _journal.Delete(Id, toSequenceNr, Self);
            return;
        }

        Self.Tell(new DeleteMessagesFailure(new InvalidOperationException(
            $"Events of '{Id}' cannot be deleted up to {toSequenceNr}: the last one is {LastSequenceNr}."), toSequenceNr), Self);
    }

    /// <summary>Looks for a snapshot; answered by <see cref="LoadSnapshotResult"/> or <see cref="LoadSnapshotFailed"/>.</summary>
    /// <param name="persistenceId">Whose snapshot.</param>
    /// <param name="criteria">Which.</param>
    /// <param name="toSequenceNr">The highest sequence number, inclusive.</param>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr)
    {
        var self = Self;
        _snapshots.Load(persistenceId, criteria.Limit(toSequenceNr), toSequenceNr, reply => self.Tell(reply, ActorRefs.NoSender));
    }

    /// <summary>Stores a snapshot; answered by <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/>. Commands are taken meanwhile.</summary>
    /// <param name="snapshot">The state, which must not change any more.</param>
    public void SaveSnapshot(object snapshot) =>
        _snapshots.Save(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Extension.Time.GetUtcNow().UtcDateTime), snapshot, Self);

    /// <summary>Deletes a snapshot; answered by <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/>.</summary>
    /// <param name="sequenceNr">Its sequence number.</param>
    public void DeleteSnapshot(long sequenceNr) => _snapshots.Delete(new SnapshotMetadata(SnapshotterId, sequenceNr), Self);

    /// <summary>Deletes snapshots; answered by <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/>.</summary>
    /// <param name="criteria">Which.</param>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) => _snapshots.Delete(SnapshotterId, criteria, Self);

    /// <summary>Called when an event could not be stored, or nobody knows whether it was; the actor is stopped afterwards.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="event">The event.</param>
    /// <param name="sequenceNr">Its sequence number.</param>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].", @event.GetType(), sequenceNr, Id);

    /// <summary>Called when an event was refused before anything was stored, as when it cannot be serialized; the actor goes on.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="event">The event.</param>
    /// <param name="sequenceNr">Its sequence number.</param>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].", @event.GetType(), sequenceNr, Id);

    /// <summary>Called when recovery failed; the actor is stopped afterwards.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">What was being handled, if the handler failed.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
            Log.Error(reason, "Persistence failure when replaying events for persistenceId [{0}]. Last known sequence number [{1}]", Id, LastSequenceNr);
        else
            Log.Error(reason, "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for persistenceId [{2}]",
                message.GetType(), LastSequenceNr, Id);
    }

    /// <summary>Called after the last event was replayed, before <see cref="RecoveryCompleted"/>.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <inheritdoc/>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                return;
            case SaveSnapshotFailure failure:
                Log.Warning("Failed to SaveSnapshot given metadata [{0}] due to: [{1}]", failure.Metadata, failure.Cause);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning("Failed to DeleteSnapshot given metadata [{0}] due to: [{1}]", failure.Metadata, failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Failed to DeleteSnapshots given criteria [{0}] due to: [{1}]", failure.Criteria, failure.Cause);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning("Failed to DeleteMessages ToSequenceNr [{0}] for persistenceId [{1}] due to: [{2}]", failure.ToSequenceNr, Id, failure.Cause);
                break;
        }

        base.Unhandled(message);
    }

    /// <summary>The recovery handler's answer to whether it knows a message.</summary>
    internal virtual bool TryRecover(object message) => ReceiveRecover(message);

    /// <summary>Called when the constructors have run, before anything else.</summary>
    internal virtual void EndConstruction()
    {
    }

    // Read once: the property belongs to the derived class and may be costly or, wrongly, change.
    private string Id => _persistenceId ??= PersistenceId;

    private void Collect<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, bool stashing)
    {
        RefuseWhileRecovering();
        var sender = Sender;
        var pending = new List<PendingEvent>();
        foreach (var e in events)
        {
            ArgumentNullException.ThrowIfNull(e, nameof(events));
            _pendingHandlers.Enqueue(new PendingHandler(o => handler((TEvent)o), stashing));
            if (stashing) _pendingStashingHandlers++;
            pending.Add(new PendingEvent(e, ++_sequenceNr, sender));
        }

        if (pending.Count > 0) _collected.Add(new AtomicWrite(pending));
    }

    private void RefuseWhileRecovering()
    {
        if (IsRecovering)
            throw new InvalidOperationException("Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
    }

    /// <summary>A handler that waits for its event; commands wait too when it is a stashing one.</summary>
    private sealed record PendingHandler(Action<object> Handler, bool Stashing);
}
