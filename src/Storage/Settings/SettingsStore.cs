using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Settings;

/// <summary>What is set: organizations, connectors with their credentials, feed clients, general settings.</summary>
public sealed class SettingsStore : IAsyncDisposable
{
    private const string Store = "Settings";

    private readonly SqlDatabase _database;

    private SettingsStore(SqlDatabase database, SecretVault vault, IRandomSource random, TimeProvider time, Func<string, string?> variable)
    {
        _database = database;
        Connectors = new ConnectorStore(database, vault, random, time, variable);
        FeedClients = new FeedClientStore(database, vault, random, time);
        General = new GeneralSettings(database, time);
        ProcessTags = new ProcessTagSource(database, random, time);
    }

    /// <summary>The connectors.</summary>
    public ConnectorStore Connectors { get; }

    /// <summary>The programs that may feed deals.</summary>
    public FeedClientStore FeedClients { get; }

    /// <summary>Settings by name.</summary>
    public GeneralSettings General { get; }

    /// <summary>Tags of the running processes.</summary>
    public ProcessTagSource ProcessTags { get; }

    /// <summary>Opens the settings of a data folder, made when they are not there, with secrets as the operating system's variables and randomness give them.</summary>
    public static async Task<StoreResult<SettingsStore>> OpenAsync(DataFolder folder, SecretVault vault, TimeProvider time, CancellationToken cancellation)
    {
        var database = SqlDatabase.OpenSqlite(folder.SettingsPath, SqliteDurability.Full);
        return database.Ok
            ? await OpenAsync(database.Value, vault, new SystemRandomSource(), time, Environment.GetEnvironmentVariable, cancellation)
            : database.Problem;
    }

    /// <summary>Opens the settings in a database, which it then owns, and brings the tables to the newest version.</summary>
    /// <param name="database">The database.</param>
    /// <param name="vault">Encrypts secrets.</param>
    /// <param name="random">Makes tags and secrets.</param>
    /// <param name="time">Says when something changed.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The store, or Unusable.</returns>
    public static async Task<StoreResult<SettingsStore>> OpenAsync(
        SqlDatabase database, SecretVault vault, IRandomSource random, TimeProvider time, Func<string, string?> variable, CancellationToken cancellation)
    {
        if (await Migrator.MigrateAsync(database, Store, time, cancellation) is not { } problem)
            return new SettingsStore(database, vault, random, time, variable);
        await database.DisposeAsync();
        return problem;
    }

    /// <summary>The organizations, in order of their ids.</summary>
    public async Task<IReadOnlyList<OrganizationId>> ListOrganizationsAsync(CancellationToken cancellation)
    {
        var ids = await _database.RunAsync(session => session.QueryAsync<string>("SELECT id FROM organizations ORDER BY id"), cancellation);
        return ids.Select(id => new OrganizationId(id)).ToList();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
