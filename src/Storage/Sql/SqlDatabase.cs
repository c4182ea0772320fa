using System.Data.Common;
using CSMultiConnector.Storage.Folder;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CSMultiConnector.Storage.Sql;

/// <summary>How much a commit waits for.</summary>
public enum SqliteDurability
{
    /// <summary>A commit is on the disk before it is reported: for what cannot be made again.</summary>
    Full,

    /// <summary>A power failure may lose the newest commits, never the consistency: for what can be rebuilt.</summary>
    Normal,
}

/// <summary>
/// A database and its one place at the counter: work is done one transaction after the other, off the caller's thread. On SQLite all of
/// it uses one connection that keeps the file for itself, since a second connection makes writers stall for seconds.
/// </summary>
public sealed class SqlDatabase : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SqliteConnection? _connection;
    private readonly NpgsqlDataSource? _source;

    private SqlDatabase(Dialect dialect, string display, SqliteConnection? connection, NpgsqlDataSource? source)
    {
        Dialect = dialect;
        Display = display;
        _connection = connection;
        _source = source;
    }

    /// <summary>What a person calls the database: the file's name or host and database, never a password.</summary>
    public string Display { get; }

    internal Dialect Dialect { get; }

    /// <summary>Opens (and makes, readable by its owner only) a SQLite file. Problem: the file is not a database, in use or not accessible.</summary>
    /// <param name="path">The file.</param>
    /// <param name="durability">What a commit waits for.</param>
    public static StoreResult<SqlDatabase> OpenSqlite(string path, SqliteDurability durability)
    {
        SqliteConnection? connection = null;
        try
        {
            PrivateFile.EnsureExists(path);
            connection = SqliteEngine.Open(path);
            // EXCLUSIVE comes first: then the WAL's index lives in memory and no second connection can come in between.
            SqliteEngine.Execute(connection, "PRAGMA locking_mode=EXCLUSIVE");
            SqliteEngine.Execute(connection, "PRAGMA journal_mode=WAL");
            SqliteEngine.Execute(connection, durability == SqliteDurability.Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
            SqliteEngine.Execute(connection, "PRAGMA foreign_keys=ON");
            return new SqlDatabase(Dialect.Sqlite, Path.GetFileName(path), connection, source: null);
        }
        catch (Exception e) when (SqlProblems.Describe(e, path) is { } problem)
        {
            connection?.Dispose();
            return problem;
        }
    }

    /// <summary>A PostgreSQL database; connections are opened as they are needed.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static SqlDatabase PostgreSql(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return new SqlDatabase(Dialect.PostgreSql, $"{parts.Host}/{parts.Database}", connection: null, NpgsqlDataSource.Create(parts));
    }

    /// <summary>Does the work in one transaction: committed when it returns, undone when it throws.</summary>
    internal async Task<T> RunAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // SQLite's calls block on the disk: they run on the pool, not on the thread of an actor or a request.
            return await Task.Run(() => TransactAsync(work, cancellation), CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    internal Task RunAsync(Func<SqlSession, Task> work, CancellationToken cancellation) =>
        RunAsync(
            async session =>
            {
                await work(session);
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_connection is not null) await _connection.DisposeAsync();
            if (_source is not null) await _source.DisposeAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> TransactAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        if (_connection is not null) return await TransactAsync(_connection, work, cancellation);
        await using var connection = await _source!.OpenConnectionAsync(cancellation);
        return await TransactAsync(connection, work, cancellation);
    }

    private static async Task<T> TransactAsync<T>(DbConnection connection, Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            var result = await work(new SqlSession(connection, transaction, cancellation));
            await transaction.CommitAsync(cancellation);
            return result;
        }
        catch (SqliteException) when (connection is SqliteConnection { Handle: { } handle } && SQLitePCL.raw.sqlite3_get_autocommit(handle) != 0)
        {
            // Without room SQLite itself ends the transaction. The driver does not see that and keeps it for ever, unless it has one to roll back.
            await using var begin = connection.CreateCommand();
            begin.Transaction = transaction;
            begin.CommandText = "BEGIN";
            await begin.ExecuteNonQueryAsync(CancellationToken.None);
            throw;
        }
    }
}
