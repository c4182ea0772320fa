using Akka.Actor;
using Akka.Persistence.Storage;

namespace Akka.Persistence.Journal;

/// <summary>Events in a database's <c>journal</c> table. Serializes on the caller's thread, so that the database thread only writes.</summary>
internal sealed class SqlJournal(SqlWorker worker, Func<Akka.Serialization.Serialization> serialization, TimeProvider time) : IJournal
{
    public void Write(JournalWrite write)
    {
        var rows = new List<EventRow>(write.Items.Count);
        var rejections = Serialize(write, rows);
        if (rows.Count == 0)
        {
            // Nothing to store (deferred handlers only take their turn): a database that is away has no part in it.
            JournalReplies.Stored(write, rejections);
            return;
        }

        worker.Submit(new SqlRequest<bool>(
            isWrite: true,
            session =>
            {
                foreach (var row in rows) session.InsertEvent(row);
                return true;
            },
            _ => JournalReplies.Stored(write, rejections),
            cause => JournalReplies.Failed(write, cause)));
    }

    public void Replay(ReplayRequest request) => worker.Submit(new SqlRequest<EventPage>(
        isWrite: false,
        session => session.ReadEvents(request.PersistenceId, request.From, request.To, request.Max),
        page => Tell(request.Actor, new ReplayedPage(
            page.Events.Select(row => new SerializedEvent(row, serialization())).ToArray(), page.HighestSequenceNr, request.ActorInstanceId)),
        cause => Tell(request.Actor, new ReplayFailure(cause, request.ActorInstanceId))));

    public void Delete(string persistenceId, long toSequenceNr, IActorRef actor) => worker.Submit(new SqlRequest<bool>(
        isWrite: true,
        session =>
        {
            session.DeleteEvents(persistenceId, toSequenceNr);
            return true;
        },
        _ => Tell(actor, new DeleteMessagesSuccess(toSequenceNr)),
        cause => Tell(actor, new DeleteMessagesFailure(cause, toSequenceNr))));

    private static void Tell(IActorRef actor, object message) => actor.Tell(message, ActorRefs.NoSender);

    /// <summary>An item whose events do not all serialize is refused as a whole, the others are stored.</summary>
    private Exception?[]? Serialize(JournalWrite write, List<EventRow> rows)
    {
        Exception?[]? rejections = null;
        for (var i = 0; i < write.Items.Count; i++)
        {
            if (write.Items[i] is not AtomicWrite atomic) continue;
            var first = rows.Count;
            try
            {
                foreach (var e in atomic.Events) rows.Add(Row(write, e));
            }
            catch (Exception cause)
            {
                rows.RemoveRange(first, rows.Count - first);
                (rejections ??= new Exception?[write.Items.Count])[i] = cause;
            }
        }

        return rejections;
    }

    private EventRow Row(JournalWrite write, PendingEvent e)
    {
        var serializer = serialization().FindSerializerFor(e.Payload);
        return new EventRow(time.GetUtcNow().Ticks, write.PersistenceId, e.SequenceNr, serializer.ToBinary(e.Payload),
            Akka.Serialization.Serialization.ManifestFor(serializer, e.Payload), serializer.Identifier, write.WriterUuid);
    }

    private sealed class SerializedEvent(EventRow row, Akka.Serialization.Serialization serialization) : StoredEvent(row.SequenceNr)
    {
        public override object ReadPayload() => StoredPayload.Read(serialization, row.Message, row.SerializerId, row.Manifest);
    }
}
