namespace Akka.Persistence.Storage;

/// <summary>One row of the journal table; <c>Created</c> is UTC in .NET ticks, <c>Message</c> the serializer's bytes as they are.</summary>
internal sealed record EventRow(
    long Created, string PersistenceId, long SequenceNr, byte[] Message, string Manifest, int? SerializerId, string WriterUuid);

/// <summary>One row of the snapshot table; <c>Created</c> is UTC in .NET ticks.</summary>
internal sealed record SnapshotRow(
    string PersistenceId, long SequenceNr, long Created, byte[] Snapshot, string Manifest, int? SerializerId);

/// <summary>Which snapshots are meant: inclusive bounds, times in UTC .NET ticks.</summary>
internal readonly record struct SnapshotBounds(long MinSequenceNr, long MaxSequenceNr, long MinCreated, long MaxCreated);

/// <summary>A page of events in the order of their sequence numbers, and the highest number ever given out, deleted events included.</summary>
internal sealed record EventPage(IReadOnlyList<EventRow> Events, long HighestSequenceNr);
