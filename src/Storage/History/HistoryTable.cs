using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Sql;
using Dapper;

namespace CSMultiConnector.Storage.History;

/// <summary>The statements over the table <c>history</c>.</summary>
internal static class HistoryTable
{
    public static async Task InsertAsync(SqlSession session, IEnumerable<HistoryEntry> entries)
    {
        foreach (var entry in entries)
        {
            await session.ExecuteAsync(
                """
                INSERT INTO history (utc_ticks, kind, severity, organization, connector, leg, terminal, text, data, source_id, source_sequence, source_part)
                VALUES (@ticks, @Kind, @severity, @organization, @connector, @leg, @terminal, @Text, @Data, @source, @sequence, @part)
                ON CONFLICT (source_id, source_sequence, source_part) DO NOTHING
                """,
                new
                {
                    ticks = entry.Time.UtcTicks,
                    entry.Kind,
                    severity = (long)entry.Severity,
                    organization = entry.Organization.Value,
                    connector = entry.Connector?.Value,
                    leg = entry.Leg?.ToString(),
                    terminal = entry.Terminal?.ToString(),
                    entry.Text,
                    entry.Data,
                    source = entry.Source?.PersistenceId,
                    sequence = entry.Source?.SequenceNumber,
                    part = (long?)entry.Source?.Part,
                });
        }
    }

    public static Task<IReadOnlyList<Row>> QueryAsync(SqlSession session, HistoryQuery query, int limit)
    {
        var where = new List<string> { "organization = @organization" };
        void Narrow(bool wanted, string condition)
        {
            if (wanted) where.Add(condition);
        }

        Narrow(query.Connector is not null, "connector = @connector");
        Narrow(query.Leg is not null, "leg = @leg");
        Narrow(query.Terminal is not null, "terminal = @terminal");
        // Written out: the databases differ in how they take a list.
        var kinds = query.Kinds.IsDefault ? [] : query.Kinds;
        Narrow(kinds.Length > 0, $"kind IN ({string.Join(", ", kinds.Select((_, index) => $"@kind{index}"))})");
        Narrow(query.MinSeverity > HistorySeverity.Info, "severity >= @severity");
        Narrow(query.From is not null, "utc_ticks >= @from");
        Narrow(query.Until is not null, "utc_ticks < @until");
        Narrow(query.AfterId is not null, "id > @after");
        Narrow(query.BeforeId is not null, "id < @before");
        var sql =
            "SELECT id AS Id, utc_ticks AS UtcTicks, kind AS Kind, severity AS Severity, organization AS Organization, connector AS Connector, leg AS Leg, "
            + "terminal AS Terminal, text AS Text, data AS Data, source_id AS SourceId, source_sequence AS SourceSequence, source_part AS SourcePart FROM history "
            + $"WHERE {string.Join(" AND ", where)} ORDER BY id {(query.NewestFirst ? "DESC" : "ASC")} LIMIT @limit";
        var parameters = new DynamicParameters(
            new
            {
                organization = query.Organization.Value,
                connector = query.Connector?.Value,
                leg = query.Leg?.ToString(),
                terminal = query.Terminal?.ToString(),
                severity = (long)query.MinSeverity,
                from = query.From?.UtcTicks,
                until = query.Until?.UtcTicks,
                after = query.AfterId,
                before = query.BeforeId,
                limit = (long)limit,
            });
        foreach (var (index, kind) in kinds.Index()) parameters.Add($"kind{index}", kind);
        return session.QueryAsync<Row>(sql, parameters);
    }

    public static async Task<long> LastIdAsync(SqlSession session) => await session.FirstOrDefaultAsync<long?>("SELECT max(id) FROM history") ?? 0;

    /// <summary>What is held of one persistent actor.</summary>
    public static async Task<HistoryCoverage> CoverageAsync(SqlSession session, string persistenceId) => await session.FirstOrDefaultAsync<HistoryCoverage>(
        """
        SELECT coalesce(min(source_sequence), 0) AS Lowest, coalesce(max(source_sequence), 0) AS Highest, count(*) AS Count
        FROM history WHERE source_id = @persistenceId AND source_part = 0
        """,
        new { persistenceId }) ?? new HistoryCoverage();

    /// <summary>Which events of a persistent actor are held, out of a range.</summary>
    public static Task<IReadOnlyList<long>> HeldAsync(SqlSession session, string persistenceId, long first, long last) => session.QueryAsync<long>(
        "SELECT source_sequence FROM history WHERE source_id = @persistenceId AND source_part = 0 AND source_sequence BETWEEN @first AND @last",
        new { persistenceId, first, last });

    /// <summary>Deletes at most so many of the entries that are older; gives how many there were.</summary>
    public static Task<int> DeleteOlderAsync(SqlSession session, DateTimeOffset limit, int most) => session.ExecuteAsync(
        "DELETE FROM history WHERE id IN (SELECT id FROM history WHERE utc_ticks < @ticks ORDER BY utc_ticks LIMIT @most)", new { ticks = limit.UtcTicks, most });

    internal sealed class Row
    {
        public long Id { get; init; }

        public long UtcTicks { get; init; }

        public string Kind { get; init; } = "";

        public long Severity { get; init; }

        public string Organization { get; init; } = "";

        public string? Connector { get; init; }

        public string? Leg { get; init; }

        public string? Terminal { get; init; }

        public string Text { get; init; } = "";

        public string? Data { get; init; }

        public string? SourceId { get; init; }

        public long? SourceSequence { get; init; }

        public long? SourcePart { get; init; }

        public HistoryEntry ToEntry() => new()
        {
            Id = Id,
            Time = Ticks.ToTime(UtcTicks),
            Kind = Kind,
            Severity = (HistorySeverity)Severity,
            Organization = new OrganizationId(Organization),
            Connector = Connector is null ? null : new ConnectorId(Connector),
            Leg = LegId.TryParse(Leg, out var leg) ? leg : null,
            Terminal = TerminalId.TryParse(Terminal, out var terminal) ? terminal : null,
            Text = Text,
            Data = Data,
            Source = SourceId is null ? null : new HistorySource(SourceId, SourceSequence ?? 0, (int)(SourcePart ?? 0)),
        };
    }
}
