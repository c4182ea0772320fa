namespace Akka.Persistence;

/// <summary>From which snapshot and up to which event an actor recovers.</summary>
public sealed class Recovery
{
    /// <summary>Newest snapshot, all events.</summary>
    public Recovery() : this(SnapshotSelectionCriteria.Latest)
    {
    }

    /// <summary>A chosen snapshot, all events after it.</summary>
    /// <param name="fromSnapshot">Which snapshot.</param>
    public Recovery(SnapshotSelectionCriteria fromSnapshot) : this(fromSnapshot, long.MaxValue)
    {
    }

    /// <summary>A chosen snapshot, events up to a number.</summary>
    /// <param name="fromSnapshot">Which snapshot.</param>
    /// <param name="toSequenceNr">The last event, inclusive.</param>
    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr) : this(fromSnapshot, toSequenceNr, long.MaxValue)
    {
    }

    /// <summary>A chosen snapshot, and bounds for the events after it.</summary>
    /// <param name="fromSnapshot">Which snapshot; null: the newest.</param>
    /// <param name="toSequenceNr">The last event, inclusive.</param>
    /// <param name="replayMax">How many events at most.</param>
    public Recovery(SnapshotSelectionCriteria? fromSnapshot = null, long toSequenceNr = long.MaxValue, long replayMax = long.MaxValue)
    {
        FromSnapshot = fromSnapshot ?? SnapshotSelectionCriteria.Latest;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>Newest snapshot, all events.</summary>
    public static Recovery Default { get; } = new(SnapshotSelectionCriteria.Latest);

    /// <summary>Neither snapshot nor events; only the highest sequence number is looked up.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0);

    /// <summary>Which snapshot is offered.</summary>
    public SnapshotSelectionCriteria FromSnapshot { get; }

    /// <summary>How many events are replayed at most.</summary>
    public long ReplayMax { get; }

    /// <summary>The last event that is replayed.</summary>
    public long ToSequenceNr { get; }
}

/// <summary>Sent to an actor's recovery handler once, after the last replayed event and before the first command.</summary>
public sealed class RecoveryCompleted
{
    /// <summary>The one instance.</summary>
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RecoveryCompleted;

    /// <inheritdoc/>
    public override int GetHashCode() => 1;
}
