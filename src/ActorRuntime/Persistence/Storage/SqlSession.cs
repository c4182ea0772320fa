using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Akka.Persistence.Storage;

/// <summary>
/// An open database with its statements, used by the database thread alone. Tables, columns and their meaning are those of
/// Akka.Persistence.Sql, so that a database written by one engine is read by the other.
/// </summary>
internal abstract class SqlSession : IDisposable
{
    private const string EventColumns = "created, persistence_id, sequence_number, message, manifest, identifier, writer_uuid";
    private const string SnapshotColumns = "persistence_id, sequence_number, created, snapshot, manifest, serializer_id";
    private const string WithinBounds =
        "persistence_id = @p AND sequence_number >= @minS AND sequence_number <= @maxS AND created >= @minC AND created <= @maxC";

    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);
    private readonly string _insertEvent;
    private readonly string _selectEvents;
    private readonly string _selectHighest;
    private readonly string _markDeleted;
    private readonly string _selectHighestDeleted;
    private readonly string _deleteEvents;
    private readonly string _deleteTags;
    private readonly string _saveSnapshot;
    private readonly string _loadSnapshot;
    private readonly string _deleteSnapshots;
    private DbTransaction? _transaction;

    protected SqlSession(DbConnection connection, SqlTables tables)
    {
        Connection = connection;
        _insertEvent = $"INSERT INTO {tables.Journal} ({EventColumns}, deleted) VALUES (@c, @p, @s, @m, @mf, @i, @w, {False})";
        _selectEvents = $"SELECT {EventColumns} FROM {tables.Journal} WHERE persistence_id = @p AND sequence_number >= @from "
            + $"AND sequence_number <= @to AND deleted = {False} ORDER BY sequence_number LIMIT @max";
        _selectHighest = $"SELECT MAX(sequence_number) FROM {tables.Journal} WHERE persistence_id = @p";
        _markDeleted = $"UPDATE {tables.Journal} SET deleted = {True} WHERE persistence_id = @p AND sequence_number <= @to AND deleted = {False}";
        _selectHighestDeleted = $"SELECT MAX(sequence_number) FROM {tables.Journal} WHERE persistence_id = @p AND deleted = {True}";
        _deleteEvents = $"DELETE FROM {tables.Journal} WHERE persistence_id = @p AND sequence_number <= @to AND sequence_number < @below";
        _deleteTags = $"DELETE FROM {tables.Tags} WHERE persistence_id = @p AND sequence_nr <= @to";
        _saveSnapshot = $"INSERT INTO {tables.Snapshot} ({SnapshotColumns}) VALUES (@p, @s, @c, @d, @mf, @i) ON CONFLICT (persistence_id, sequence_number) "
            + "DO UPDATE SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id";
        _loadSnapshot = $"SELECT {SnapshotColumns} FROM {tables.Snapshot} WHERE {WithinBounds} ORDER BY sequence_number DESC LIMIT 1";
        _deleteSnapshots = $"DELETE FROM {tables.Snapshot} WHERE {WithinBounds}";
    }

    /// <summary>Whether the connection can be used again.</summary>
    public bool IsUsable => Connection.State == ConnectionState.Open;

    protected DbConnection Connection { get; }

    protected DbTransaction? Transaction => _transaction;

    /// <summary>The literal for true in this database.</summary>
    protected abstract string True { get; }

    /// <summary>The literal for false in this database.</summary>
    protected abstract string False { get; }

    public virtual void Begin() => _transaction = Connection.BeginTransaction();

    /// <summary>Sends what <see cref="InsertEvent"/> may have gathered.</summary>
    public virtual void Flush()
    {
    }

    public virtual void Commit()
    {
        _transaction!.Commit();
        EndTransaction();
    }

    public virtual void RollBack()
    {
        var transaction = _transaction;
        _transaction = null;
        using (transaction) transaction?.Rollback();
    }

    public void InsertEvent(EventRow row) =>
        Insert(_insertEvent, ("@c", row.Created), ("@p", row.PersistenceId), ("@s", row.SequenceNr), ("@m", row.Message),
            ("@mf", row.Manifest), ("@i", row.SerializerId), ("@w", row.WriterUuid));

    /// <summary>Reads at most <paramref name="max"/> events that are not deleted.</summary>
    public EventPage ReadEvents(string persistenceId, long from, long to, long max)
    {
        // Before the events, so that a page never holds an event above the number it claims to be the highest.
        var highest = HighestSequenceNr(_selectHighest, persistenceId);
        if (highest < from || to < from || max <= 0) return new EventPage([], highest);

        var events = new List<EventRow>();
        using var reader = Command(_selectEvents, ("@p", persistenceId), ("@from", from), ("@to", to), ("@max", max)).ExecuteReader();
        while (reader.Read())
        {
            events.Add(new EventRow(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), (byte[])reader.GetValue(3),
                TextOrEmpty(reader, 4), NumberOrNull(reader, 5), TextOrEmpty(reader, 6)));
        }

        return new EventPage(events, highest);
    }

    /// <summary>
    /// Deletes events up to a number. The newest of them stays as a row marked deleted: it is what remembers the highest
    /// sequence number when nothing else is left.
    /// </summary>
    public void DeleteEvents(string persistenceId, long to)
    {
        Run(_markDeleted, ("@p", persistenceId), ("@to", to));
        var newest = HighestSequenceNr(_selectHighestDeleted, persistenceId);
        Run(_deleteEvents, ("@p", persistenceId), ("@to", to), ("@below", newest));
        Run(_deleteTags, ("@p", persistenceId), ("@to", to));
    }

    public void SaveSnapshot(SnapshotRow row) =>
        Run(_saveSnapshot, ("@p", row.PersistenceId), ("@s", row.SequenceNr), ("@c", row.Created), ("@d", row.Snapshot),
            ("@mf", row.Manifest), ("@i", row.SerializerId));

    public SnapshotRow? LoadSnapshot(string persistenceId, SnapshotBounds bounds)
    {
        using var reader = Command(_loadSnapshot, Parameters(persistenceId, bounds)).ExecuteReader();
        return reader.Read()
            ? new SnapshotRow(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), (byte[])reader.GetValue(3),
                TextOrEmpty(reader, 4), NumberOrNull(reader, 5))
            : null;
    }

    public void DeleteSnapshots(string persistenceId, SnapshotBounds bounds) => Run(_deleteSnapshots, Parameters(persistenceId, bounds));

    public virtual void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _commands.Clear();
        Connection.Dispose();
    }

    /// <summary>Runs an insert now, or with the next <see cref="Flush"/>.</summary>
    protected virtual void Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Run(sql, values);

    protected void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Command(sql, values).ExecuteNonQuery();

    /// <summary>The one prepared command for a statement, with its parameters set.</summary>
    protected DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        command.Transaction = _transaction;
        return command;
    }

    private static (string Name, object? Value)[] Parameters(string persistenceId, SnapshotBounds bounds) =>
    [
        ("@p", persistenceId), ("@minS", bounds.MinSequenceNr), ("@maxS", bounds.MaxSequenceNr),
        ("@minC", bounds.MinCreated), ("@maxC", bounds.MaxCreated)
    ];

    private static string TextOrEmpty(DbDataReader reader, int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

    private static int? NumberOrNull(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private long HighestSequenceNr(string sql, string persistenceId) =>
        Command(sql, ("@p", persistenceId)).ExecuteScalar() is { } value and not DBNull
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : 0;

    private void EndTransaction()
    {
        _transaction?.Dispose();
        _transaction = null;
    }
}
