using Akka.Actor.Setup;

namespace Akka.Persistence.Storage;

/// <summary>The databases that actors of a system may use.</summary>
internal sealed class SqlPersistenceSetup(IReadOnlyList<SqlPlugin> plugins) : Setup
{
    public IReadOnlyList<SqlPlugin> Plugins => plugins;

    public SqlPersistenceSetup With(SqlPlugin plugin) => new([.. plugins, plugin]);
}

/// <summary>A database, and under which plugin ids it serves.</summary>
/// <param name="Provider">Which kind of database.</param>
/// <param name="ConnectionString">May hold a password: it appears in no message.</param>
/// <param name="Schema">The database's schema; null: its default.</param>
/// <param name="MakeTables">Whether missing tables are made.</param>
/// <param name="JournalId">The journal's plugin id; null: it is no journal.</param>
/// <param name="SnapshotStoreId">The snapshot store's plugin id; null: it is none.</param>
internal sealed record SqlPlugin(
    SqlProvider Provider, string ConnectionString, string? Schema, bool MakeTables, string? JournalId, string? SnapshotStoreId)
{
    // A record prints its members, and these may hold a password.
    public override string ToString() => $"SqlPlugin {{ {Provider}, {JournalId}, {SnapshotStoreId} }}";
}

/// <summary>The kinds of database.</summary>
internal enum SqlProvider
{
    Sqlite,
    Postgres,
}
