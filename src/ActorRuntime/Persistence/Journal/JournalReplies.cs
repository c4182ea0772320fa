using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Tells an actor how its write ended, one message an event so that each handler takes its own turn in the mailbox.</summary>
internal static class JournalReplies
{
    /// <param name="write">What was asked for.</param>
    /// <param name="rejections">Per item why it was refused, or null where it was stored; null when nothing was refused.</param>
    public static void Stored(JournalWrite write, Exception?[]? rejections)
    {
        write.Actor.Tell(new WriteMessagesSuccessful(write.ActorInstanceId), ActorRefs.NoSender);
        for (var i = 0; i < write.Items.Count; i++)
        {
            var rejection = rejections?[i];
            TellEach(write, write.Items[i], e => rejection is null
                ? new WriteMessageSuccess(e.Payload, e.SequenceNr, write.ActorInstanceId)
                : new WriteMessageRejected(e.Payload, e.SequenceNr, rejection, write.ActorInstanceId));
        }
    }

    public static void Failed(JournalWrite write, Exception cause)
    {
        write.Actor.Tell(new WriteMessagesFailed(write.ActorInstanceId), ActorRefs.NoSender);
        foreach (var item in write.Items)
            TellEach(write, item, e => new WriteMessageFailure(e.Payload, e.SequenceNr, cause, write.ActorInstanceId));
    }

    private static void TellEach(JournalWrite write, WriteItem item, Func<PendingEvent, JournalResponse> reply)
    {
        switch (item)
        {
            case AtomicWrite atomic:
                foreach (var e in atomic.Events) write.Actor.Tell(reply(e), e.Sender);
                break;
            case DeferredItem deferred:
                write.Actor.Tell(new LoopMessageSuccess(deferred.Payload, write.ActorInstanceId), deferred.Sender);
                break;
        }
    }
}
