using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Venues.Paper.Storage;

/// <summary>One table with prepared statements. Values are passed in the order of the columns.</summary>
internal sealed class SqliteTable : IDisposable
{
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;

    /// <param name="connection">An open connection.</param>
    /// <param name="name">The table.</param>
    /// <param name="keys">How many of the first columns are the key.</param>
    /// <param name="columns">All columns.</param>
    internal SqliteTable(SqliteConnection connection, string name, int keys, params string[] columns)
    {
        Name = name;
        Columns = string.Join(", ", columns);
        var values = string.Join(", ", columns.Select((_, i) => Parameter(i)));
        var updates = string.Join(", ", columns.Skip(keys).Select(c => $"{c} = excluded.{c}"));
        var conflict = string.Join(", ", columns.Take(keys));
        _put = Command(connection, $"INSERT INTO {name} ({Columns}) VALUES ({values}) ON CONFLICT ({conflict}) DO UPDATE SET {updates}", columns.Length);
        _delete = Command(connection, $"DELETE FROM {name} WHERE {string.Join(" AND ", columns.Take(keys).Select((c, i) => $"{c} = {Parameter(i)}"))}", keys);
    }

    internal string Name { get; }

    internal string Columns { get; }

    internal void Put(SqliteTransaction transaction, params object?[] values) => Run(_put, transaction, values);

    internal void Delete(SqliteTransaction transaction, params object?[] key) => Run(_delete, transaction, key);

    internal static SqliteCommand Command(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = Parameter(i) });
        return command;
    }

    internal static void Run(SqliteCommand command, SqliteTransaction transaction, params object?[] values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = ToSql(values[i]);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _put.Dispose();
        _delete.Dispose();
    }

    private static string Parameter(int index) => "@p" + index.ToString(CultureInfo.InvariantCulture);

    private static object ToSql(object? value) => value switch
    {
        null => DBNull.Value,
        decimal amount => amount.ToString(CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcTicks,
        Enum name => name.ToString(),
        bool flag => flag ? 1L : 0L,
        _ => value,
    };
}
