using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Storage.Sql;

/// <summary>Opens SQLite files with the native library loaded.</summary>
internal static class SqliteEngine
{
    // Seconds for which the library tries again while another process has the file; 0 would mean for ever.
    private const int BusySeconds = 1;

    static SqliteEngine() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens without pooling: closing lets the file go.</summary>
    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
