using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>The journal of a host that has ended, read as its tables are documented.</summary>
internal static class JournalFile
{
    /// <summary>The payloads of one manifest, oldest first.</summary>
    public static IReadOnlyList<JsonElement> Read(string data, string manifest)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE manifest = $manifest ORDER BY ordering";
        command.Parameters.AddWithValue("$manifest", manifest);
        using var reader = command.ExecuteReader();
        var found = new List<JsonElement>();
        while (reader.Read()) found.Add(JsonDocument.Parse((byte[])reader.GetValue(0)).RootElement);
        return found;
    }

    /// <summary>Everything, oldest first.</summary>
    public static IReadOnlyList<JournalRow> ReadAll(string data)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, manifest, message FROM journal ORDER BY ordering";
        using var reader = command.ExecuteReader();
        var found = new List<JournalRow>();
        while (reader.Read()) found.Add(new JournalRow(reader.GetString(0), reader.GetString(1), JsonDocument.Parse((byte[])reader.GetValue(2)).RootElement));
        return found;
    }

    /// <summary>Client order ids of all intents.</summary>
    public static IReadOnlyList<string> IntentIds(string data) =>
        [.. Read(data, "leg.intent-decided.1").Select(e => e.GetProperty("intent").GetProperty("order").GetProperty("clientOrderId").GetString()!)];

    /// <summary>Tickets of all recorded deals.</summary>
    public static IReadOnlyList<long> DealTickets(string data) =>
        [.. Read(data, "terminal.deal-recorded.1").Select(e => e.GetProperty("deal").GetProperty("ticket").GetInt64())];
}

/// <summary>One event of the journal.</summary>
internal sealed record JournalRow(string Source, string Manifest, JsonElement Event);
