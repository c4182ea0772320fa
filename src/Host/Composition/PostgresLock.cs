using CSMultiConnector.Storage;
using Npgsql;

namespace CSMultiConnector.Host.Composition;

/// <summary>
/// One host a database: an advisory lock held by a connection that stays open. A lost connection lets it go, so against a second host it is
/// best effort; the process tag in each order id is the last line of defence.
/// </summary>
internal sealed class PostgresLock : IAsyncDisposable
{
    // "CSMC" in ASCII.
    private const long Key = 0x43534D43;
    private const int KeepAliveSeconds = 30;

    private readonly NpgsqlConnection _connection;

    private PostgresLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>The lock, or why it cannot be had.</summary>
    public static async Task<(PostgresLock? Lock, StoreProblem? Problem)> TakeAsync(string connectionString, CancellationToken cancellation)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString) { KeepAlive = KeepAliveSeconds, Pooling = false };
        var connection = new NpgsqlConnection(parts.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(@key)", connection);
            command.Parameters.AddWithValue("key", Key);
            if (await command.ExecuteScalarAsync(cancellation) is true) return (new PostgresLock(connection), null);
            await connection.DisposeAsync();
            return (null, new StoreProblem(StoreProblemKind.Conflict, $"The database {parts.Host}/{parts.Database} is in use by another host: stop it, or name another database."));
        }
        catch (NpgsqlException e)
        {
            await connection.DisposeAsync();
            return (null, new StoreProblem(StoreProblemKind.Unusable, $"The database {parts.Host}/{parts.Database} cannot be used: {e.Message}"));
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
