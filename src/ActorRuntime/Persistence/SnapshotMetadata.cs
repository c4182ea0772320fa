namespace Akka.Persistence;

/// <summary>What identifies a snapshot.</summary>
public sealed class SnapshotMetadata : IEquatable<SnapshotMetadata>
{
    /// <summary>Metadata of a snapshot whose time is not known yet (<see cref="DateTime.MinValue"/>).</summary>
    /// <param name="persistenceId">The actor's persistence id.</param>
    /// <param name="sequenceNr">The number of the last event that the snapshot contains.</param>
    public SnapshotMetadata(string persistenceId, long sequenceNr) : this(persistenceId, sequenceNr, DateTime.MinValue)
    {
    }

    /// <summary>Metadata of a stored snapshot.</summary>
    /// <param name="persistenceId">The actor's persistence id.</param>
    /// <param name="sequenceNr">The number of the last event that the snapshot contains.</param>
    /// <param name="timestamp">When it was saved, UTC.</param>
    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    {
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
        Timestamp = timestamp;
    }

    /// <summary>The actor's persistence id.</summary>
    public string PersistenceId { get; }

    /// <summary>The number of the last event that the snapshot contains.</summary>
    public long SequenceNr { get; }

    /// <summary>When it was saved, UTC.</summary>
    public DateTime Timestamp { get; }

    /// <inheritdoc/>
    public bool Equals(SnapshotMetadata? other) =>
        other is not null && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr && Timestamp == other.Timestamp;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SnapshotMetadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Timestamp);

    /// <inheritdoc/>
    public override string ToString() => $"SnapshotMetadata<pid: {PersistenceId}, seqNr: {SequenceNr}, timestamp: {Timestamp:yyyy/MM/dd}>";
}
