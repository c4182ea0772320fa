using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Storage.History;

/// <summary>How much an entry matters.</summary>
public enum HistorySeverity
{
    /// <summary>What happens all the time.</summary>
    Info,

    /// <summary>Something a person may want to look at.</summary>
    Warning,

    /// <summary>Something did not work.</summary>
    Error,

    /// <summary>Trading has stopped somewhere.</summary>
    Critical,
}

/// <summary>Where an entry comes from in the journal; the same origin is stored once, however often it is appended.</summary>
/// <param name="PersistenceId">The persistent actor.</param>
/// <param name="SequenceNumber">Its event.</param>
/// <param name="Part">Which of the entries that one event makes, from 0.</param>
public readonly record struct HistorySource(string PersistenceId, long SequenceNumber, int Part = 0);

/// <summary>What the history holds of the events of one persistent actor.</summary>
public sealed record HistoryCoverage
{
    /// <summary>The lowest sequence number; 0 = it holds none.</summary>
    public long Lowest { get; init; }

    /// <summary>The highest sequence number; 0 = it holds none.</summary>
    public long Highest { get; init; }

    /// <summary>How many events.</summary>
    public long Count { get; init; }

    /// <summary>True when nothing between lowest and highest is missing.</summary>
    public bool HasNoHole => Count == Highest - Lowest + 1;
}

/// <summary>One thing that happened, for people and for <c>explain</c>.</summary>
public sealed record HistoryEntry
{
    /// <summary>Given by the store, growing; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened, for programs: a short name such as <c>intent-journaled</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How much it matters.</summary>
    public HistorySeverity Severity { get; init; }

    /// <summary>Whose it is.</summary>
    public OrganizationId Organization { get; init; } = OrganizationId.Local;

    /// <summary>The connector that it concerns, if any.</summary>
    public ConnectorId? Connector { get; init; }

    /// <summary>The leg that it concerns, if any.</summary>
    public LegId? Leg { get; init; }

    /// <summary>The terminal that it concerns, if any.</summary>
    public TerminalId? Terminal { get; init; }

    /// <summary>What happened, for a person; never a secret.</summary>
    public required string Text { get; init; }

    /// <summary>The facts behind it as JSON; null = none.</summary>
    public string? Data { get; init; }

    /// <summary>Its origin in the journal; null = it has none, and each append stores it again.</summary>
    public HistorySource? Source { get; init; }
}

/// <summary>Which entries are wanted; a member left out does not narrow.</summary>
public sealed record HistoryQuery
{
    /// <summary>Most entries that one query gives.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Whose entries.</summary>
    public OrganizationId Organization { get; init; } = OrganizationId.Local;

    /// <summary>Of this connector.</summary>
    public ConnectorId? Connector { get; init; }

    /// <summary>Of this leg.</summary>
    public LegId? Leg { get; init; }

    /// <summary>Of this terminal.</summary>
    public TerminalId? Terminal { get; init; }

    /// <summary>Of these kinds; empty = all.</summary>
    public ImmutableArray<string> Kinds { get; init; } = [];

    /// <summary>At least this severe.</summary>
    public HistorySeverity MinSeverity { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Stored after this id.</summary>
    public long? AfterId { get; init; }

    /// <summary>Stored before this id.</summary>
    public long? BeforeId { get; init; }

    /// <summary>True = newest first, false = in order.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>How many at most, 1 to <see cref="MaxLimit"/>; others are brought into that range.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>A page of entries.</summary>
/// <param name="Entries">The entries in the order asked for.</param>
/// <param name="More">True when there are more: ask again with AfterId (newest first: BeforeId) = the last entry's id.</param>
public sealed record HistoryPage(ImmutableArray<HistoryEntry> Entries, bool More);

/// <summary>How the history is kept.</summary>
public sealed record HistoryOptions
{
    /// <summary>Entries older than this many days are deleted; 0 = all are kept. 0 to 36,500, default 0.</summary>
    public int RetentionDays { get; init; }

    /// <summary>How many appends may wait for the disk before appending itself waits, or is refused. Default 8,192.</summary>
    public int QueueLength { get; init; } = 8192;

    /// <summary>How many entries one commit takes at most. Default 500.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>How often a commit that failed is tried before its entries are given up. Default 8.</summary>
    public int MaxTries { get; init; } = 8;
}
