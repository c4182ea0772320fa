using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Tests.Sql;

/// <summary>Works on a file that no store has open.</summary>
internal static class RawSqlite
{
    public static void Execute(string path, string sql)
    {
        using var connection = SqliteEngine.Open(path);
        SqliteEngine.Execute(connection, sql);
    }

    public static IReadOnlyList<string> Strings(string path, string sql)
    {
        using var connection = SqliteEngine.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }
}
