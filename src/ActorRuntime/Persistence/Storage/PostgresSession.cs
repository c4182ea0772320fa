using System.Data.Common;
using Npgsql;

namespace Akka.Persistence.Storage;

/// <summary>PostgreSQL: the same statements as SQLite; events of a transaction travel together, in one round trip.</summary>
internal sealed class PostgresSession : SqlSession
{
    private const int PreparedStatements = 32;

    private readonly List<DbBatchCommand> _waiting = [];

    private PostgresSession(NpgsqlConnection connection, SqlTables tables) : base(connection, tables)
    {
    }

    protected override string True => "true";

    protected override string False => "false";

    /// <summary>Connects and makes missing tables.</summary>
    public static PostgresSession Open(string connectionString, SqlTables tables, bool makeTables)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, MaxAutoPrepare = PreparedStatements, AutoPrepareMinUsages = 2 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            if (makeTables) MakeTables(connection, tables);
            return new PostgresSession(connection, tables);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        if (_waiting.Count == 0) return;
        using var batch = Connection.CreateBatch();
        batch.Transaction = Transaction;
        foreach (var command in _waiting) batch.BatchCommands.Add(command);
        _waiting.Clear();
        batch.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void RollBack()
    {
        _waiting.Clear();
        base.RollBack();
    }

    protected override void Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in values) command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        _waiting.Add(command);
    }

    private static void MakeTables(NpgsqlConnection connection, SqlTables t)
    {
        // Two hosts that start at once would both see no table; the lock lets the second one see the first one's.
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"""
            SELECT pg_advisory_xact_lock(hashtext('akka.persistence.journal'));
            CREATE TABLE IF NOT EXISTS {t.Journal} (
                ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, created bigint NOT NULL, deleted boolean NOT NULL,
                persistence_id varchar(255) NOT NULL, sequence_number bigint NOT NULL, message bytea NOT NULL,
                manifest varchar(500) NULL, identifier integer NULL, writer_uuid varchar(128) NULL,
                CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
            CREATE INDEX IF NOT EXISTS journal_created_idx ON {t.Journal} (created);
            CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON {t.Journal} (sequence_number);
            CREATE TABLE IF NOT EXISTS {t.Tags} (
                ordering_id bigint NOT NULL, tag varchar(64) NOT NULL, sequence_nr bigint NOT NULL, persistence_id varchar(255) NOT NULL,
                PRIMARY KEY (ordering_id, tag));
            CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON {t.Tags} (persistence_id, sequence_nr);
            CREATE INDEX IF NOT EXISTS tags_tag_idx ON {t.Tags} (tag);
            CREATE TABLE IF NOT EXISTS {t.Snapshot} (
                persistence_id varchar(255) NOT NULL, sequence_number bigint NOT NULL, created bigint NOT NULL, snapshot bytea NOT NULL,
                manifest varchar(500) NULL, serializer_id integer NULL, PRIMARY KEY (persistence_id, sequence_number));
            CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON {t.Snapshot} (sequence_number);
            CREATE INDEX IF NOT EXISTS snapshot_created_idx ON {t.Snapshot} (created);
            """;
        command.ExecuteNonQuery();
        transaction.Commit();
    }
}
