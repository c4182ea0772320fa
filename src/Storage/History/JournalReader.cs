using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.History;

/// <summary>Where an event stands in the journal, and its manifest.</summary>
public sealed record JournalKey
{
    /// <summary>Its place among all events; growing, with holes.</summary>
    public long Ordering { get; init; }

    /// <summary>Its number within its persistent actor, from 1.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Names type and version; null = the row has none.</summary>
    public string? Manifest { get; init; }
}

/// <summary>An event as the journal keeps it.</summary>
public sealed record JournalRow
{
    /// <summary>Its place among all events; growing, with holes.</summary>
    public long Ordering { get; init; }

    /// <summary>The persistent actor.</summary>
    public string PersistenceId { get; init; } = "";

    /// <summary>Its number within its persistent actor, from 1.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Names type and version; null = the row has none.</summary>
    public string? Manifest { get; init; }

    /// <summary>What the serializer wrote.</summary>
    public byte[] Message { get; init; } = [];
}

/// <summary>
/// Reads the journal's documented table, for what is rebuilt from it. On SQLite the actor system keeps the file for itself: only before it
/// starts, or after it ended, is there something to read. Owns its database; a failure of the database is a <see cref="System.Data.Common.DbException"/>.
/// </summary>
/// <param name="database">Where the journal is.</param>
public sealed class JournalReader(SqlDatabase database) : IAsyncDisposable
{
    /// <summary>How many rows one call gives at most.</summary>
    public const int PageSize = 500;

    /// <summary>Every persistent actor that has events; none when there is no journal yet.</summary>
    public Task<IReadOnlyList<string>> SourcesAsync(CancellationToken cancellation) => database.RunAsync(ListSourcesAsync, cancellation);

    /// <summary>The next events of one persistent actor, in order, without what was written before a time.</summary>
    public Task<IReadOnlyList<JournalKey>> KeysAsync(string persistenceId, long after, DateTimeOffset since, CancellationToken cancellation) => database.RunAsync(
        session => session.QueryAsync<JournalKey>(
            """
            SELECT ordering AS Ordering, sequence_number AS SequenceNumber, manifest AS Manifest FROM journal
            WHERE persistence_id = @persistenceId AND sequence_number > @after AND created >= @since ORDER BY sequence_number LIMIT @most
            """,
            new { persistenceId, after, since = since.UtcTicks, most = PageSize }),
        cancellation);

    /// <summary>The next events of all persistent actors, in the order in which they were written.</summary>
    public Task<IReadOnlyList<JournalRow>> RowsAsync(long after, CancellationToken cancellation) => database.RunAsync(
        session => session.QueryAsync<JournalRow>(
            """
            SELECT ordering AS Ordering, persistence_id AS PersistenceId, sequence_number AS SequenceNumber, manifest AS Manifest, message AS Message
            FROM journal WHERE ordering > @after ORDER BY ordering LIMIT @most
            """,
            new { after, most = PageSize }),
        cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<IReadOnlyList<string>> ListSourcesAsync(SqlSession session)
    {
        var sources = new List<string>();
        if (!await session.ExistsAsync(database.Dialect.FindTable, new { table = "journal" })) return sources;

        // From one to the next by the index: a DISTINCT would walk through every event.
        var last = "";
        while (await session.FirstOrDefaultAsync<string?>("SELECT min(persistence_id) FROM journal WHERE persistence_id > @last", new { last }) is { } next)
        {
            sources.Add(next);
            last = next;
        }

        return sources;
    }
}
