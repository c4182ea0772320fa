using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Where events are kept. No call blocks or throws for what the store does: answers come as messages.</summary>
internal interface IJournal
{
    /// <summary>Stores; answers with <see cref="WriteMessagesSuccessful"/> or <see cref="WriteMessagesFailed"/> and one message an item's event.</summary>
    void Write(JournalWrite write);

    /// <summary>Reads one page; answers with <see cref="ReplayedPage"/> or <see cref="ReplayFailure"/>.</summary>
    void Replay(ReplayRequest request);

    /// <summary>Deletes events up to a number; answers with <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>.</summary>
    void Delete(string persistenceId, long toSequenceNr, IActorRef actor);
}
