using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>Where snapshots are kept. No call blocks or throws for what the store does.</summary>
internal interface ISnapshots
{
    /// <summary>Finds the newest snapshot that fits; <paramref name="reply"/> gets a <see cref="LoadSnapshotResult"/> or a <see cref="LoadSnapshotFailed"/>.</summary>
    void Load(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr, Action<object> reply);

    /// <summary>Stores or replaces; answers with <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/>.</summary>
    void Save(SnapshotMetadata metadata, object snapshot, IActorRef actor);

    /// <summary>Deletes one; answers with <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/>.</summary>
    void Delete(SnapshotMetadata metadata, IActorRef actor);

    /// <summary>Deletes all that fit; answers with <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/>.</summary>
    void Delete(string persistenceId, SnapshotSelectionCriteria criteria, IActorRef actor);
}
