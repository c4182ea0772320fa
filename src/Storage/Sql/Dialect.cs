namespace CSMultiConnector.Storage.Sql;

/// <summary>
/// The little that differs between the databases besides the types of columns in the migrations. Statements are written in what both
/// understand: named parameters, upserts, times as UTC ticks in bigint, no booleans, no RETURNING (on SQLite it holds checkpoints back).
/// </summary>
/// <param name="Name">Names the migration files of the dialect.</param>
/// <param name="LockForMigration">Run first in a migrating transaction, so that two processes do not migrate at once.</param>
/// <param name="FindTable">Gives a row when the table @table exists.</param>
internal sealed record Dialect(string Name, string LockForMigration, string FindTable)
{
    /// <summary>The embedded database. A transaction begins with the write lock: nothing else is needed.</summary>
    public static Dialect Sqlite { get; } = new("sqlite", "SELECT 1", "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = @table");

    /// <summary>PostgreSQL 15 or newer.</summary>
    public static Dialect PostgreSql { get; } = new(
        "postgresql", "SELECT 1 FROM pg_advisory_xact_lock(7266130971)", "SELECT 1 WHERE to_regclass(@table) IS NOT NULL");
}
