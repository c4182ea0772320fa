namespace Akka.Persistence;

/// <summary>A snapshot with what identifies it.</summary>
public sealed class SelectedSnapshot : IEquatable<SelectedSnapshot>
{
    /// <summary>A snapshot with what identifies it.</summary>
    /// <param name="metadata">What identifies it.</param>
    /// <param name="snapshot">The saved state.</param>
    public SelectedSnapshot(SnapshotMetadata metadata, object snapshot)
    {
        Metadata = metadata;
        Snapshot = snapshot;
    }

    /// <summary>What identifies it.</summary>
    public SnapshotMetadata Metadata { get; }

    /// <summary>The saved state.</summary>
    public object Snapshot { get; }

    /// <inheritdoc/>
    public bool Equals(SelectedSnapshot? other) => other is not null && Equals(Metadata, other.Metadata) && Equals(Snapshot, other.Snapshot);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SelectedSnapshot);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);
}

/// <summary>Offers the recovery handler a snapshot, before the events that followed it. Not handling it means a replay from the beginning.</summary>
public sealed class SnapshotOffer : IEquatable<SnapshotOffer>
{
    /// <summary>Offers a snapshot.</summary>
    /// <param name="metadata">What identifies it.</param>
    /// <param name="snapshot">The saved state.</param>
    public SnapshotOffer(SnapshotMetadata metadata, object snapshot)
    {
        Metadata = metadata;
        Snapshot = snapshot;
    }

    /// <summary>What identifies it.</summary>
    public SnapshotMetadata Metadata { get; }

    /// <summary>The saved state.</summary>
    public object Snapshot { get; }

    /// <inheritdoc/>
    public bool Equals(SnapshotOffer? other) => other is not null && Equals(Metadata, other.Metadata) && Equals(Snapshot, other.Snapshot);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SnapshotOffer);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);
}

/// <summary>The answer to <see cref="Eventsourced.LoadSnapshot"/>.</summary>
public sealed class LoadSnapshotResult : IEquatable<LoadSnapshotResult>
{
    /// <summary>The answer to a load.</summary>
    /// <param name="snapshot">What was found; null: nothing.</param>
    /// <param name="toSequenceNr">The number that the load named.</param>
    public LoadSnapshotResult(SelectedSnapshot? snapshot, long toSequenceNr)
    {
        Snapshot = snapshot;
        ToSequenceNr = toSequenceNr;
    }

    /// <summary>What was found; null: nothing.</summary>
    public SelectedSnapshot? Snapshot { get; }

    /// <summary>The number that the load named.</summary>
    public long ToSequenceNr { get; }

    /// <inheritdoc/>
    public bool Equals(LoadSnapshotResult? other) => other is not null && Equals(Snapshot, other.Snapshot) && ToSequenceNr == other.ToSequenceNr;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LoadSnapshotResult);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Snapshot, ToSequenceNr);
}

/// <summary>The answer to <see cref="Eventsourced.LoadSnapshot"/> when the store could not be read.</summary>
public sealed class LoadSnapshotFailed
{
    /// <summary>A failed load.</summary>
    /// <param name="cause">Why.</param>
    public LoadSnapshotFailed(Exception cause) => Cause = cause;

    /// <summary>Why.</summary>
    public Exception Cause { get; }
}

/// <summary>A snapshot is stored.</summary>
public sealed class SaveSnapshotSuccess : IEquatable<SaveSnapshotSuccess>
{
    /// <summary>A snapshot is stored.</summary>
    /// <param name="metadata">What identifies it.</param>
    public SaveSnapshotSuccess(SnapshotMetadata metadata) => Metadata = metadata;

    /// <summary>What identifies it.</summary>
    public SnapshotMetadata Metadata { get; }

    /// <inheritdoc/>
    public bool Equals(SaveSnapshotSuccess? other) => other is not null && Equals(Metadata, other.Metadata);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SaveSnapshotSuccess);

    /// <inheritdoc/>
    public override int GetHashCode() => Metadata.GetHashCode();
}

/// <summary>A snapshot could not be stored; the actor goes on.</summary>
public sealed class SaveSnapshotFailure : IEquatable<SaveSnapshotFailure>
{
    /// <summary>A snapshot could not be stored.</summary>
    /// <param name="metadata">What identifies it.</param>
    /// <param name="cause">Why.</param>
    public SaveSnapshotFailure(SnapshotMetadata metadata, Exception cause)
    {
        Metadata = metadata;
        Cause = cause;
    }

    /// <summary>What identifies it.</summary>
    public SnapshotMetadata Metadata { get; }

    /// <summary>Why.</summary>
    public Exception Cause { get; }

    /// <inheritdoc/>
    public bool Equals(SaveSnapshotFailure? other) => other is not null && Equals(Metadata, other.Metadata) && Equals(Cause, other.Cause);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SaveSnapshotFailure);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata, Cause);
}
