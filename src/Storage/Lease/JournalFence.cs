using System.Globalization;
using CSMultiConnector.Storage.Sql;
using Npgsql;

namespace CSMultiConnector.Storage.Lease;

/// <summary>
/// Shuts earlier holders of the lease out of the journal. Each session says under which epoch it writes; the journal's tables refuse every
/// epoch but the newest, so that a host that was stopped for a while and wakes up can add nothing to a history that is another's by now.
/// </summary>
public static class JournalFence
{
    private const string EpochSetting = "csmc.epoch";
    private const string SessionPrefix = "csmulticonnector epoch ";

    private static readonly string[] Tables = ["journal", "snapshot"];

    /// <summary>The connection string under which the holder of an epoch writes.</summary>
    public static string Under(string connectionString, long epoch)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = SessionName(epoch) };
        settings.Options = string.Create(CultureInfo.InvariantCulture, $"{settings.Options} -c {EpochSetting}={epoch}").TrimStart();
        return settings.ConnectionString;
    }

    /// <summary>
    /// Ends the sessions that earlier epochs still have (one that was stopped in a transaction would keep its locks), then fences the journal's
    /// tables, if the engine has made them by now. Before the first actor of the epoch starts.
    /// </summary>
    /// <returns>Null, or why it could not be done.</returns>
    public static async Task<StoreProblem?> RaiseAsync(string connectionString, long epoch, CancellationToken cancellation)
    {
        await using var database = SqlDatabase.PostgreSql(connectionString);
        try
        {
            await database.RunAsync(session => RaiseAsync(session, epoch), cancellation);
            return null;
        }
        catch (Exception e) when (SqlProblems.Describe(e, database.Display) is { } problem)
        {
            return problem;
        }
    }

    private static async Task RaiseAsync(SqlSession session, long epoch)
    {
        await session.QueryAsync<bool>(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = current_user AND starts_with(application_name, @prefix) AND application_name <> @own
            """,
            new { prefix = SessionPrefix, own = SessionName(epoch) });
        foreach (var table in Tables)
        {
            // Tables that are not there yet are made by this epoch, and fenced by the next.
            var open = "SELECT 1 WHERE to_regclass(@table) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(@table) AND tgname = 'csmc_fence')";
            if (await session.ExistsAsync(open, new { table }))
                await session.ExecuteAsync($"CREATE TRIGGER csmc_fence BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION csmc_fence()");
        }
    }

    private static string SessionName(long epoch) => string.Create(CultureInfo.InvariantCulture, $"{SessionPrefix}{epoch}");
}
