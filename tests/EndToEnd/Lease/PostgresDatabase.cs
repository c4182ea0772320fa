using System.Text.Json;
using Npgsql;

namespace CSMultiConnector.EndToEnd.Tests.Lease;

/// <summary>A database of its own on the server of the tests, and what a test reads there; it goes with the test.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const string Variable = "CSMC_TEST_POSTGRES";

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly string _server;

    private PostgresDatabase(string server, string name)
    {
        _server = server;
        _settings = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false };
    }

    public static bool IsThere => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    public static async Task<PostgresDatabase> CreateAsync()
    {
        var database = new PostgresDatabase(Environment.GetEnvironmentVariable(Variable)!, $"csmc_e2e_{Guid.NewGuid():N}");
        await ExecuteAsync(database._server, $"CREATE DATABASE {database._settings.Database}");
        return database;
    }

    /// <summary>As a person would write it, with a password (which the tests' server does not ask for).</summary>
    public string ConnectionString(string password) =>
        new NpgsqlConnectionStringBuilder { Host = _settings.Host, Port = _settings.Port, Username = _settings.Username, Database = _settings.Database, Password = password }.ConnectionString;

    /// <summary>Client order ids of all intents.</summary>
    public async Task<IReadOnlyList<string>> IntentIdsAsync() =>
        [.. (await ReadAsync("leg.intent-decided.1")).Select(e => e.GetProperty("intent").GetProperty("order").GetProperty("clientOrderId").GetString()!)];

    /// <summary>Tickets of all recorded deals.</summary>
    public async Task<IReadOnlyList<long>> DealTicketsAsync() =>
        [.. (await ReadAsync("terminal.deal-recorded.1")).Select(e => e.GetProperty("deal").GetProperty("ticket").GetInt64())];

    public async ValueTask DisposeAsync() => await ExecuteAsync(_server, $"DROP DATABASE {_settings.Database} WITH (FORCE)");

    private async Task<IReadOnlyList<JsonElement>> ReadAsync(string manifest)
    {
        await using var connection = new NpgsqlConnection(_settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT message FROM journal WHERE manifest = @manifest ORDER BY ordering", connection);
        command.Parameters.AddWithValue("manifest", manifest);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<JsonElement>();
        while (await reader.ReadAsync()) found.Add(JsonDocument.Parse((byte[])reader.GetValue(0)).RootElement);
        return found;
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
