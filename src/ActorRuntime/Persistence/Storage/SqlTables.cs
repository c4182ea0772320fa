namespace Akka.Persistence.Storage;

/// <summary>The tables' names as they stand in statements, with their schema when one was asked for.</summary>
internal sealed record SqlTables(string Journal, string Tags, string Snapshot)
{
    /// <summary>Akka.Persistence.Sql's default names.</summary>
    /// <param name="schema">A schema of the database, or null for its default.</param>
    public static SqlTables In(string? schema)
    {
        var prefix = string.IsNullOrEmpty(schema) ? "" : $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".";
        return new SqlTables($"{prefix}journal", $"{prefix}tags", $"{prefix}snapshot");
    }
}
