using System.Text;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Storage;

namespace Akka.Persistence.Sql.Hosting;

/// <summary>Which set of table and column names a database has.</summary>
public enum DatabaseMapping
{
    /// <summary>Akka.Persistence.Sql's own: <c>journal</c>, <c>tags</c>, <c>snapshot</c>.</summary>
    Default,

    /// <summary>Names of an older SQLite plugin.</summary>
    Sqlite,

    /// <summary>Names of an older SQL Server plugin.</summary>
    SqlServer,

    /// <summary>Names of an older PostgreSQL plugin.</summary>
    PostgreSql,

    /// <summary>Names of an older MySQL plugin.</summary>
    MySql,
}

/// <summary>Gives an actor system a journal and a snapshot store in a database.</summary>
public static class HostingExtensions
{
    /// <summary>Uses a database.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="connectionString">Where the database is.</param>
    /// <param name="providerName"><c>SQLite.MS</c> or <c>PostgreSQL.15</c>.</param>
    /// <param name="mode">What it is used for.</param>
    /// <param name="schemaName">The database's schema; null: its default.</param>
    /// <param name="journalBuilder">Configures the journal.</param>
    /// <param name="autoInitialize">Whether missing tables are made.</param>
    /// <param name="pluginIdentifier">The last part of the plugin ids.</param>
    /// <param name="isDefaultPlugin">Whether actors that name no plugin use it.</param>
    /// <param name="databaseMapping">Only the default is supported.</param>
    /// <param name="tagStorageMode">Without effect: no tags are written.</param>
    /// <param name="deleteCompatibilityMode">Only false is supported.</param>
    /// <param name="useWriterUuidColumn">Only true is supported.</param>
    /// <exception cref="ArgumentException">The database's kind is not supported.</exception>
    /// <exception cref="NotSupportedException">A layout of tables was asked for that is not supported.</exception>
    public static AkkaConfigurationBuilder WithSqlPersistence(
        this AkkaConfigurationBuilder builder,
        string connectionString,
        string providerName,
        PersistenceMode mode = PersistenceMode.Both,
        string? schemaName = null,
        Action<AkkaPersistenceJournalBuilder>? journalBuilder = null,
        bool autoInitialize = true,
        string pluginIdentifier = "sql",
        bool isDefaultPlugin = true,
        DatabaseMapping? databaseMapping = null,
        TagMode? tagStorageMode = null,
        bool? deleteCompatibilityMode = null,
        bool? useWriterUuidColumn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        ArgumentException.ThrowIfNullOrEmpty(pluginIdentifier);
        if (databaseMapping is not (null or DatabaseMapping.Default) || deleteCompatibilityMode == true || useWriterUuidColumn == false)
            throw new NotSupportedException("Only Akka.Persistence.Sql's default tables are supported: leave databaseMapping, deleteCompatibilityMode and useWriterUuidColumn out.");

        var journalId = mode == PersistenceMode.SnapshotStore ? null : $"akka.persistence.journal.{pluginIdentifier}";
        var snapshotStoreId = mode == PersistenceMode.Journal ? null : $"akka.persistence.snapshot-store.{pluginIdentifier}";
        var plugin = new SqlPlugin(Provider(providerName), connectionString, schemaName, autoInitialize, journalId, snapshotStoreId);
        var before = builder.Setups.OfType<SqlPersistenceSetup>().FirstOrDefault() ?? new SqlPersistenceSetup([]);
        builder.AddSetup(before.With(plugin));

        if (journalId is not null) journalBuilder?.Invoke(new AkkaPersistenceJournalBuilder(journalId, builder));
        return isDefaultPlugin ? builder.AddHocon(Defaults(journalId, snapshotStoreId), HoconAddMode.Prepend) : builder;
    }

    private static Akka.Configuration.Config Defaults(string? journalId, string? snapshotStoreId)
    {
        var hocon = new StringBuilder();
        if (journalId is not null) hocon.Append("akka.persistence.journal.plugin = \"").Append(journalId).Append("\"\n");
        if (snapshotStoreId is not null) hocon.Append("akka.persistence.snapshot-store.plugin = \"").Append(snapshotStoreId).Append("\"\n");
        return ConfigurationFactory.ParseString(hocon.ToString());
    }

    private static SqlProvider Provider(string name) => name switch
    {
        _ when name.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase) => SqlProvider.Sqlite,
        _ when name.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase) => SqlProvider.Postgres,
        _ => throw new ArgumentException($"The database provider '{name}' is not supported. Use 'SQLite.MS' or 'PostgreSQL.15'.", nameof(name)),
    };
}
