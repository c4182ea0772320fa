using Microsoft.Data.Sqlite;
using Npgsql;

namespace CSMultiConnector.Storage.Sql;

/// <summary>Turns the failures that a person can do something about into a text; anything else stays an exception.</summary>
internal static class SqlProblems
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static StoreProblem? Describe(Exception exception, string database) => exception switch
    {
        SqliteException { SqliteErrorCode: Busy } => Unusable(database, "is used by another process; stop that process"),
        SqliteException { SqliteErrorCode: ReadOnly } => Unusable(database, "cannot be written; check its owner and mode"),
        SqliteException { SqliteErrorCode: Corrupt } => Unusable(database, "is damaged; restore it from a backup"),
        SqliteException { SqliteErrorCode: Full } => Unusable(database, "cannot grow: the disk is full"),
        SqliteException { SqliteErrorCode: CannotOpen } => Unusable(database, "cannot be opened; check its folder, owner and mode"),
        SqliteException { SqliteErrorCode: NotADatabase } => Unusable(database, "is not a database of this program; move it away or restore a backup"),
        UnauthorizedAccessException => Unusable(database, "may not be opened by this user; check its owner and mode"),
        IOException => Unusable(database, $"cannot be opened: {exception.Message.TrimEnd('.')}"),
        NpgsqlException => Unusable(database, $"does not answer as it should: {exception.Message}"),
        _ => null,
    };

    private static StoreProblem Unusable(string database, string text) => new(StoreProblemKind.Unusable, $"{database} {text}.");
}
