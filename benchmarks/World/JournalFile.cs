using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Benchmarks.World;

/// <summary>The journal of a host that does not run.</summary>
internal static class JournalFile
{
    public static SqliteConnection Open(string data)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={Path.Combine(data, "journal.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>How many events of a manifest it has.</summary>
    public static long Count(string data, string manifest)
    {
        using var connection = Open(data);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal WHERE manifest = $manifest";
        command.Parameters.AddWithValue("$manifest", manifest);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
