using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>One event on its way into the journal; its handler will run with <c>Sender</c>.</summary>
internal sealed record PendingEvent(object Payload, long SequenceNr, IActorRef Sender);

/// <summary>Part of a write: either events that are stored together or not at all, or something that only takes its turn.</summary>
internal abstract record WriteItem;

/// <summary>Events of one Persist, PersistAll, PersistAsync or PersistAllAsync call.</summary>
internal sealed record AtomicWrite(IReadOnlyList<PendingEvent> Events) : WriteItem;

/// <summary>A deferred handler's turn; nothing is stored.</summary>
internal sealed record DeferredItem(object Payload, IActorRef Sender) : WriteItem;

/// <summary>What an actor asks the journal to store, in one transaction. The actor asks for the next one only after the answer.</summary>
internal sealed record JournalWrite(string PersistenceId, string WriterUuid, int ActorInstanceId, IActorRef Actor, IReadOnlyList<WriteItem> Items);

/// <summary>Asks for a page of events.</summary>
internal sealed record ReplayRequest(string PersistenceId, long From, long To, long Max, int ActorInstanceId, IActorRef Actor);

/// <summary>A stored event whose payload is made when it is asked for, on the actor's thread.</summary>
internal abstract class StoredEvent(long sequenceNr)
{
    public long SequenceNr => sequenceNr;

    /// <summary>The event. Throws when the serializer that wrote it is missing or refuses its bytes.</summary>
    public abstract object ReadPayload();
}

/// <summary>What the journal tells an actor. Answers of an earlier incarnation are recognised by the instance id.</summary>
internal abstract record JournalResponse(int ActorInstanceId);

/// <summary>The write ended well; its events' messages follow.</summary>
internal sealed record WriteMessagesSuccessful(int ActorInstanceId) : JournalResponse(ActorInstanceId);

/// <summary>The write ended badly; its events' messages follow.</summary>
internal sealed record WriteMessagesFailed(int ActorInstanceId) : JournalResponse(ActorInstanceId);

/// <summary>An event is durable.</summary>
internal sealed record WriteMessageSuccess(object Payload, long SequenceNr, int ActorInstanceId) : JournalResponse(ActorInstanceId);

/// <summary>An event was refused before anything was stored (its serializer failed).</summary>
internal sealed record WriteMessageRejected(object Payload, long SequenceNr, Exception Cause, int ActorInstanceId) : JournalResponse(ActorInstanceId);

/// <summary>An event may or may not have been stored.</summary>
internal sealed record WriteMessageFailure(object Payload, long SequenceNr, Exception Cause, int ActorInstanceId) : JournalResponse(ActorInstanceId);

/// <summary>A deferred handler's turn has come.</summary>
internal sealed record LoopMessageSuccess(object Payload, int ActorInstanceId) : JournalResponse(ActorInstanceId);

/// <summary>A page of events; no further page exists when it is shorter than asked for.</summary>
internal sealed record ReplayedPage(IReadOnlyList<StoredEvent> Events, long HighestSequenceNr, int ActorInstanceId) : JournalResponse(ActorInstanceId);

/// <summary>Events could not be read.</summary>
internal sealed record ReplayFailure(Exception Cause, int ActorInstanceId) : JournalResponse(ActorInstanceId);
