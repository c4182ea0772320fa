using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Storage;

/// <summary>
/// SQLite, one connection for everything: a second one on the same file makes writers wait for seconds, so the file is
/// locked for this connection as long as it is open.
/// </summary>
internal sealed class SqliteSession : SqlSession
{
    /// <summary>How long a statement waits for another process to let the file go.</summary>
    private const int LockTimeoutSeconds = 3;

    private const int SqliteBusy = 5;

    private SqliteSession(SqliteConnection connection, SqlTables tables) : base(connection, tables)
    {
    }

    protected override string True => "1";

    protected override string False => "0";

    /// <summary>Opens the file, takes its lock and makes missing tables.</summary>
    public static SqliteSession Open(string connectionString, SqlTables tables, bool makeTables)
    {
        SQLitePCL.Batteries_V2.Init();
        var settings = new SqliteConnectionStringBuilder(connectionString) { Pooling = false, DefaultTimeout = LockTimeoutSeconds };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
            Execute(connection, makeTables ? $"BEGIN IMMEDIATE; {Tables(tables)} COMMIT;" : "BEGIN IMMEDIATE; COMMIT;");
            return new SqliteSession(connection, tables);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SqliteBusy)
        {
            connection.Dispose();
            throw new IOException(
                $"The journal file '{settings.DataSource}' is in use by another process or connection. End the other one, or name another file.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Not the driver's transaction: a commit that fails for want of room may end the transaction inside SQLite. The driver does not see that, fails to roll
    // back, fails in the same way to close the connection, and the file stays locked.
    public override void Begin() => Run("BEGIN IMMEDIATE");

    public override void Commit() => Run("COMMIT");

    public override void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(((SqliteConnection)Connection).Handle) == 0) Run("ROLLBACK");
    }

    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Tables(SqlTables t) => $"""
        CREATE TABLE IF NOT EXISTS {t.Journal} (
            ordering INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, created BIGINT NOT NULL, deleted BIT NOT NULL,
            persistence_id NVARCHAR(255) NOT NULL, sequence_number BIGINT NOT NULL, message VARBINARY NOT NULL,
            manifest NVARCHAR(500) NULL, identifier INTEGER NULL, writer_uuid NVARCHAR(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS {IndexName(t.Journal, "uq")} ON journal (persistence_id, sequence_number);
        CREATE INDEX IF NOT EXISTS {IndexName(t.Journal, "created_idx")} ON journal (created);
        CREATE INDEX IF NOT EXISTS {IndexName(t.Journal, "sequence_number_idx")} ON journal (sequence_number);
        CREATE TABLE IF NOT EXISTS {t.Tags} (
            ordering_id INTEGER NOT NULL, tag NVARCHAR(64) NOT NULL, sequence_nr INTEGER NOT NULL, persistence_id NVARCHAR(255) NOT NULL,
            PRIMARY KEY (ordering_id, tag));
        CREATE INDEX IF NOT EXISTS {IndexName(t.Tags, "persistence_id_sequence_nr_idx")} ON tags (persistence_id, sequence_nr);
        CREATE INDEX IF NOT EXISTS {IndexName(t.Tags, "tag_idx")} ON tags (tag);
        CREATE TABLE IF NOT EXISTS {t.Snapshot} (
            persistence_id NVARCHAR(255) NOT NULL, sequence_number BIGINT NOT NULL, created BIGINT NOT NULL, snapshot VARBINARY NOT NULL,
            manifest NVARCHAR(500) NULL, serializer_id INTEGER NULL, PRIMARY KEY (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS {IndexName(t.Snapshot, "sequence_number_idx")} ON snapshot (sequence_number);
        CREATE INDEX IF NOT EXISTS {IndexName(t.Snapshot, "created_idx")} ON snapshot (created);
        """;

    // SQLite puts an index into a schema by the index's own name, never by the table's.
    private static string IndexName(string table, string suffix) => $"{table}_{suffix}";
}
