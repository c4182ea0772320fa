using Akka.Actor;
using Akka.Persistence.Storage;

namespace Akka.Persistence.Snapshot;

/// <summary>Snapshots in a database's <c>snapshot</c> table.</summary>
internal sealed class SqlSnapshots(SqlWorker worker, Func<Akka.Serialization.Serialization> serialization) : ISnapshots
{
    public void Load(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr, Action<object> reply) =>
        worker.Submit(new SqlRequest<SnapshotRow?>(
            isWrite: false,
            session => session.LoadSnapshot(persistenceId, Bounds(criteria)),
            row =>
            {
                // A snapshot that cannot be read is a failure like a database that cannot be read: the actor must not start from nothing.
                object answer;
                try
                {
                    answer = new LoadSnapshotResult(row is null ? null : Selected(row), toSequenceNr);
                }
                catch (Exception cause)
                {
                    answer = new LoadSnapshotFailed(cause);
                }

                reply(answer);
            },
            cause => reply(new LoadSnapshotFailed(cause))));

    public void Save(SnapshotMetadata metadata, object snapshot, IActorRef actor)
    {
        SnapshotRow row;
        try
        {
            var serializer = serialization().FindSerializerFor(snapshot);
            row = new SnapshotRow(metadata.PersistenceId, metadata.SequenceNr, metadata.Timestamp.Ticks, serializer.ToBinary(snapshot),
                Akka.Serialization.Serialization.ManifestFor(serializer, snapshot), serializer.Identifier);
        }
        catch (Exception cause)
        {
            Tell(actor, new SaveSnapshotFailure(metadata, cause));
            return;
        }

        Write(session => session.SaveSnapshot(row), actor, () => new SaveSnapshotSuccess(metadata), cause => new SaveSnapshotFailure(metadata, cause));
    }

    public void Delete(SnapshotMetadata metadata, IActorRef actor) => Write(
        session => session.DeleteSnapshots(metadata.PersistenceId, new SnapshotBounds(metadata.SequenceNr, metadata.SequenceNr, 0, long.MaxValue)),
        actor, () => new DeleteSnapshotSuccess(metadata), cause => new DeleteSnapshotFailure(metadata, cause));

    public void Delete(string persistenceId, SnapshotSelectionCriteria criteria, IActorRef actor) => Write(
        session => session.DeleteSnapshots(persistenceId, Bounds(criteria)),
        actor, () => new DeleteSnapshotsSuccess(criteria), cause => new DeleteSnapshotsFailure(criteria, cause));

    private static SnapshotBounds Bounds(SnapshotSelectionCriteria criteria) => new(
        criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0, criteria.MaxTimeStamp.Ticks);

    private static void Tell(IActorRef actor, object message) => actor.Tell(message, ActorRefs.NoSender);

    private void Write(Action<SqlSession> work, IActorRef actor, Func<object> done, Func<Exception, object> failed) =>
        worker.Submit(new SqlRequest<bool>(
            isWrite: true,
            session =>
            {
                work(session);
                return true;
            },
            _ => Tell(actor, done()),
            cause => Tell(actor, failed(cause))));

    private SelectedSnapshot Selected(SnapshotRow row) => new(
        new SnapshotMetadata(row.PersistenceId, row.SequenceNr, new DateTime(row.Created, DateTimeKind.Utc)),
        StoredPayload.Read(serialization(), row.Snapshot, row.SerializerId, row.Manifest));
}
