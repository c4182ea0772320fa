using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Settings;

/// <summary>Settings by name that belong to no connector. Values are text; who sets one knows its form. Never a secret.</summary>
public sealed class GeneralSettings
{
    private readonly SqlDatabase _database;
    private readonly TimeProvider _time;

    internal GeneralSettings(SqlDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>All settings of an organization.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(OrganizationId organization, CancellationToken cancellation)
    {
        var rows = await _database.RunAsync(
            session => session.QueryAsync<Row>("SELECT name AS Name, value AS Value FROM general_settings WHERE organization = @organization", new { organization = organization.Value }),
            cancellation);
        return rows.ToDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal);
    }

    /// <summary>One setting; null = not set.</summary>
    public Task<string?> FindAsync(OrganizationId organization, string name, CancellationToken cancellation) =>
        _database.RunAsync(
            session => session.FirstOrDefaultAsync<string>(
                "SELECT value FROM general_settings WHERE organization = @organization AND name = @name", new { organization = organization.Value, name }),
            cancellation);

    /// <summary>Sets one; null = takes it away.</summary>
    public Task SetAsync(OrganizationId organization, string name, string? value, CancellationToken cancellation)
    {
        var sql = value is null
            ? "DELETE FROM general_settings WHERE organization = @organization AND name = @name"
            : """
              INSERT INTO general_settings (organization, name, value, changed_ticks) VALUES (@organization, @name, @value, @now)
              ON CONFLICT (organization, name) DO UPDATE SET value = excluded.value, changed_ticks = excluded.changed_ticks
              """;
        return _database.RunAsync(session => session.ExecuteAsync(sql, new { organization = organization.Value, name, value, now = _time.GetUtcNow().UtcTicks }), cancellation);
    }

    private sealed class Row
    {
        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
