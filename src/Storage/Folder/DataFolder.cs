using CSMultiConnector.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Storage.Folder;

/// <summary>
/// The folder that holds everything a host remembers, kept for this process alone by an exclusive lock on its file <c>lock</c>. The lock
/// is the operating system's: it goes with the process, however that ends, so a file left behind means nothing.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const string JournalName = "journal.db";

    // Held in a field: a stream that is collected lets the lock go.
    private readonly FileStream _lock;
    private readonly CancellationTokenSource _closed = new();

    private DataFolder(string path, FileStream held, IReadOnlyList<string> warnings)
    {
        Root = path;
        Warnings = warnings;
        _lock = held;
    }

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>What a person should mend although the folder was opened: rights that are wider than they need be.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Settings, connectors, clients.</summary>
    public string SettingsPath => Path.Combine(Root, "settings.db");

    /// <summary>The actor engine's journal.</summary>
    public string JournalPath => Path.Combine(Root, JournalName);

    /// <summary>What happened, for people.</summary>
    public string HistoryPath => Path.Combine(Root, "history.db");

    /// <summary>The built-in venue.</summary>
    public string PaperPath => Path.Combine(Root, "paper.db");

    /// <summary>The key ring's folder.</summary>
    public string KeysPath => Path.Combine(Root, "keys");

    /// <summary>The token by which local programs use the API.</summary>
    public string ApiTokenPath => Path.Combine(Root, "api-token");

    /// <summary>The log files' folder.</summary>
    public string LogsPath => Path.Combine(Root, "logs");

    /// <summary>Cancelled when the folder is let go.</summary>
    internal CancellationToken Closed => _closed.Token;

    /// <summary>Opens the folder, making it when it is not there, and keeps it until disposal.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="time">Says since when it is held.</param>
    /// <returns>The folder; or Conflict, naming the process that holds it; or Unusable, saying which right or file is in the way.</returns>
    public static StoreResult<DataFolder> Open(string path, TimeProvider time)
    {
        path = Path.GetFullPath(path);
        FileStream? held = null;
        try
        {
            PrivateFile.EnsureFolder(path);
            if (FolderRights.Refusal(path) is { } refusal) return new StoreProblem(StoreProblemKind.Unusable, refusal);

            var lockPath = Path.Combine(path, "lock");
            try
            {
                held = new FileStream(lockPath, PrivateFile.Options(FileMode.OpenOrCreate));
            }
            catch (IOException) when (File.Exists(lockPath))
            {
                var holder = LockOwner.Read(path)?.Describe() ?? "another process";
                return new StoreProblem(StoreProblemKind.Conflict, $"The data folder {path} is in use by {holder}: stop it, or name another folder.");
            }

            LockOwner.Current(time).Write(path);
            var folder = new DataFolder(path, held, FolderRights.Warnings(path));
            PrivateFile.EnsureFolder(folder.KeysPath);
            PrivateFile.EnsureFolder(folder.LogsPath);
            folder.PrepareJournal();
            held = null;
            return folder;
        }
        catch (Exception e) when (SqlProblems.Describe(e, e is SqliteException ? Path.Combine(path, JournalName) : path) is { } problem)
        {
            return problem;
        }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose()
    {
        if (_closed.IsCancellationRequested) return;
        _closed.Cancel();
        LockOwner.Delete(Root);
        _lock.Dispose();
        _closed.Dispose();
    }

    // The engine offers no hook for pragmas. WAL is written into the file and lasts; synchronous is a connection's own and is FULL
    // unless somebody lowers it, which nobody does for the journal.
    private void PrepareJournal()
    {
        PrivateFile.EnsureExists(JournalPath);
        using var connection = SqliteEngine.Open(JournalPath);
        SqliteEngine.Execute(connection, "PRAGMA journal_mode=WAL");
        SqliteEngine.Execute(connection, "PRAGMA synchronous=FULL");
    }
}
