using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>Snapshots in memory, as objects, for as long as the actor system lives.</summary>
internal sealed class InMemorySnapshots : ISnapshots
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<long, SelectedSnapshot>> _snapshots = new(StringComparer.Ordinal);

    public void Load(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr, Action<object> reply)
    {
        SelectedSnapshot? newest;
        lock (_gate) newest = Of(persistenceId).Values.LastOrDefault(s => Fits(s.Metadata, criteria));
        reply(new LoadSnapshotResult(newest, toSequenceNr));
    }

    public void Save(SnapshotMetadata metadata, object snapshot, IActorRef actor)
    {
        lock (_gate) Of(metadata.PersistenceId)[metadata.SequenceNr] = new SelectedSnapshot(metadata, snapshot);
        Tell(actor, new SaveSnapshotSuccess(metadata));
    }

    public void Delete(SnapshotMetadata metadata, IActorRef actor)
    {
        lock (_gate) Of(metadata.PersistenceId).Remove(metadata.SequenceNr);
        Tell(actor, new DeleteSnapshotSuccess(metadata));
    }

    public void Delete(string persistenceId, SnapshotSelectionCriteria criteria, IActorRef actor)
    {
        lock (_gate)
        {
            var kept = Of(persistenceId);
            foreach (var old in kept.Values.Where(s => Fits(s.Metadata, criteria)).ToList()) kept.Remove(old.Metadata.SequenceNr);
        }

        Tell(actor, new DeleteSnapshotsSuccess(criteria));
    }

    private static bool Fits(SnapshotMetadata m, SnapshotSelectionCriteria c) =>
        m.SequenceNr >= c.MinSequenceNr && m.SequenceNr <= c.MaxSequenceNr
        && m.Timestamp >= (c.MinTimestamp ?? DateTime.MinValue) && m.Timestamp <= c.MaxTimeStamp;

    private static void Tell(IActorRef actor, object message) => actor.Tell(message, ActorRefs.NoSender);

    private SortedDictionary<long, SelectedSnapshot> Of(string persistenceId)
    {
        if (!_snapshots.TryGetValue(persistenceId, out var kept)) _snapshots.Add(persistenceId, kept = []);
        return kept;
    }
}
