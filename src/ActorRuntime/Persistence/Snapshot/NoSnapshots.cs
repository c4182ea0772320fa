using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>The plugin <c>akka.persistence.no-snapshot-store</c>: nothing to load, and saving fails.</summary>
internal sealed class NoSnapshots : ISnapshots
{
    public void Load(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr, Action<object> reply) =>
        reply(new LoadSnapshotResult(null, toSequenceNr));

    public void Save(SnapshotMetadata metadata, object snapshot, IActorRef actor) =>
        actor.Tell(new SaveSnapshotFailure(metadata, None()), ActorRefs.NoSender);

    public void Delete(SnapshotMetadata metadata, IActorRef actor) =>
        actor.Tell(new DeleteSnapshotFailure(metadata, None()), ActorRefs.NoSender);

    public void Delete(string persistenceId, SnapshotSelectionCriteria criteria, IActorRef actor) =>
        actor.Tell(new DeleteSnapshotsFailure(criteria, None()), ActorRefs.NoSender);

    private static InvalidOperationException None() => new("No snapshot store is configured. Configure one, or do not save snapshots.");
}
