using System.Globalization;

namespace CSMultiConnector.Storage.Sql;

/// <summary>
/// Brings the tables of one store to the newest version, all in one transaction. The SQL of a released version is never edited: a change
/// is the next numbered file, for both dialects.
/// </summary>
internal static class Migrator
{
    private const string Prefix = "Migrations";

    /// <summary>Brings the store to the newest version. Problem: the tables were made by a newer version, or the database does not work.</summary>
    public static async Task<StoreProblem?> MigrateAsync(SqlDatabase database, string store, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await database.RunAsync(session => MigrateAsync(session, database, store, time), cancellation);
        }
        catch (Exception e) when (SqlProblems.Describe(e, database.Display) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>The versions that there is SQL for, in order.</summary>
    internal static IReadOnlyList<(long Version, string Resource)> Steps(string store, Dialect dialect)
    {
        var suffix = $".{dialect.Name}.sql";
        return typeof(Migrator).Assembly.GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith($"{Prefix}/{store}/", StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal))
            .Select(name => (long.Parse(Path.GetFileName(name)[..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture), name))
            .OrderBy(step => step.Item1)
            .ToList();
    }

    private static async Task<StoreProblem?> MigrateAsync(SqlSession session, SqlDatabase database, string store, TimeProvider time)
    {
        await session.ExecuteAsync(database.Dialect.LockForMigration);
        await session.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS schema_version (store text NOT NULL, version bigint NOT NULL, applied_ticks bigint NOT NULL, PRIMARY KEY (store, version))");
        var current = await session.FirstOrDefaultAsync<long?>("SELECT max(version) FROM schema_version WHERE store = @store", new { store }) ?? 0;
        var steps = Steps(store, database.Dialect);
        if (current > steps[^1].Version)
        {
            return new StoreProblem(
                StoreProblemKind.Unusable,
                $"{database.Display} was written by a newer version of the program ({store} tables {current}, this version knows {steps[^1].Version}): run that version, or restore a backup.");
        }

        foreach (var (version, resource) in steps.Where(step => step.Version > current))
        {
            await session.ExecuteAsync(Read(resource));
            await session.ExecuteAsync(
                "INSERT INTO schema_version (store, version, applied_ticks) VALUES (@store, @version, @ticks)",
                new { store, version, ticks = time.GetUtcNow().UtcTicks });
        }

        return null;
    }

    private static string Read(string resource)
    {
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The migration {resource} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
