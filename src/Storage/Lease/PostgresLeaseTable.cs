using Npgsql;

namespace CSMultiConnector.Storage.Lease;

/// <summary>The row in PostgreSQL, over a connection of its own: no other work can stand in a renewal's way.</summary>
internal sealed class PostgresLeaseTable : ILeaseTable
{
    private readonly NpgsqlConnectionStringBuilder _settings;
    private NpgsqlConnection? _connection;

    /// <param name="connectionString">The database.</param>
    /// <param name="patience">How long a connection or a statement may take.</param>
    public PostgresLeaseTable(string connectionString, TimeSpan patience)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(patience.TotalSeconds));
        _settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, Timeout = seconds, CommandTimeout = seconds, CancellationTimeout = -1, ApplicationName = "csmulticonnector lease",
        };
        Display = $"{_settings.Host}/{_settings.Database}";
    }

    /// <inheritdoc/>
    public string Display { get; }

    /// <inheritdoc/>
    public async Task<(bool Taken, LeaseRow Row)> TakeAsync(string owner, TimeSpan duration, CancellationToken cancellation)
    {
        await using (var take = await CommandAsync(
            """
            INSERT INTO host_lease (name, epoch, owner, taken_at, expires_at) VALUES ('trade', 1, @owner, clock_timestamp(), clock_timestamp() + @duration)
            ON CONFLICT (name) DO UPDATE SET epoch = host_lease.epoch + 1, owner = excluded.owner, taken_at = clock_timestamp(), expires_at = clock_timestamp() + @duration
            WHERE host_lease.expires_at <= clock_timestamp()
            RETURNING epoch
            """,
            cancellation))
        {
            take.Parameters.AddWithValue("owner", owner);
            take.Parameters.AddWithValue("duration", duration);
            if (await take.ExecuteScalarAsync(cancellation) is long epoch) return (true, new LeaseRow(owner, epoch, duration));
        }

        await using var look = await CommandAsync("SELECT owner, epoch, expires_at - clock_timestamp() FROM host_lease WHERE name = 'trade'", cancellation);
        await using var reader = await look.ExecuteReaderAsync(cancellation);
        // Deleted by hand between the two statements: free, the next look takes it.
        if (!await reader.ReadAsync(cancellation)) return (false, new LeaseRow("", 0, TimeSpan.Zero));
        return (false, new LeaseRow(reader.GetString(0), reader.GetInt64(1), reader.GetTimeSpan(2)));
    }

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(long epoch, TimeSpan duration, CancellationToken cancellation)
    {
        // Once over it stays over, even if nobody took it: the holder has told itself the same.
        await using var renew = await CommandAsync(
            "UPDATE host_lease SET expires_at = clock_timestamp() + @duration WHERE name = 'trade' AND epoch = @epoch AND expires_at > clock_timestamp()", cancellation);
        renew.Parameters.AddWithValue("epoch", epoch);
        renew.Parameters.AddWithValue("duration", duration);
        return await renew.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(long epoch, CancellationToken cancellation)
    {
        await using var release = await CommandAsync("UPDATE host_lease SET expires_at = clock_timestamp() WHERE name = 'trade' AND epoch = @epoch", cancellation);
        release.Parameters.AddWithValue("epoch", epoch);
        await release.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    // A connection that broke is replaced by the next call.
    private async Task<NpgsqlCommand> CommandAsync(string sql, CancellationToken cancellation)
    {
        if (_connection is not { State: System.Data.ConnectionState.Open })
        {
            await DisposeAsync();
            var connection = new NpgsqlConnection(_settings.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellation);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }

            _connection = connection;
        }

        return new NpgsqlCommand(sql, _connection);
    }
}
