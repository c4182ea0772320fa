using System.Data.Common;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Storage;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.History;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;
using CSMultiConnector.Storage.Sql;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Storage;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Host.Composition;

/// <summary>Everything that a data folder holds, open. Disposal closes it in the right order and lets the folder go last.</summary>
internal sealed class HostStores : IAsyncDisposable
{
    private HostStores(DataFolder folder, IAccountLease lease, SecretVault vault, SettingsStore settings, HistoryStore history, PaperExchange paper, ProcessTag tag)
    {
        Folder = folder;
        Lease = lease;
        Vault = vault;
        Settings = settings;
        History = history;
        Paper = paper;
        ProcessTag = tag;
    }

    public DataFolder Folder { get; }

    /// <summary>The right to trade with what is open here.</summary>
    public IAccountLease Lease { get; }

    public SecretVault Vault { get; }

    public SettingsStore Settings { get; }

    public HistoryStore History { get; }

    public PaperExchange Paper { get; }

    public ProcessTag ProcessTag { get; }

    /// <summary>Opens everything in a folder that is held already, under a lease; on a problem all is closed again, folder and lease too.</summary>
    public static async Task<StoreResult<HostStores>> OpenAsync(
        DataFolder folder, IAccountLease lease, HostSettings settings, SecretGuard guard, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var undo = new Stack<Func<ValueTask>>();
        undo.Push(() => Now(folder));
        if (lease is IAsyncDisposable held) undo.Push(held.DisposeAsync);
        HostStores? stores = null;
        try
        {
            (stores, var problem) = await TryOpenAsync(folder, lease, settings, guard, time, logs, undo, cancellation);
            return stores is not null ? stores : problem!;
        }
        catch (DbException e)
        {
            return new StoreProblem(StoreProblemKind.Unusable, $"The database broke off while it was opened: {e.Message}");
        }
        finally
        {
            if (stores is null) while (undo.TryPop(out var close)) await close();
        }
    }

    /// <summary>Adds to the history what the journal holds beyond it. Before the actors start: from then on the journal is theirs alone.</summary>
    public async Task CatchUpHistoryAsync(HostSettings settings, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var logger = logs.CreateLogger<HistoryCatchUp>();
        var opened = settings.Postgres is { } postgres ? SqlDatabase.PostgreSql(postgres) : SqlDatabase.OpenSqlite(Folder.JournalPath, SqliteDurability.Full);
        if (!opened.Ok)
        {
            logger.LogWarning("The history cannot be compared with the journal: {Problem}", opened.Problem.Text);
            return;
        }

        await using var journal = new JournalReader(opened.Value);
        await HistoryCatchUp.RunAsync(journal, History, time, logger, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Paper.DisposeAsync();
        await History.DisposeAsync();
        await Settings.DisposeAsync();
        if (Lease is IAsyncDisposable held) await held.DisposeAsync();
        Vault.Dispose();
        Folder.Dispose();
    }

    private static async Task<(HostStores? Stores, StoreProblem? Problem)> TryOpenAsync(
        DataFolder folder, IAccountLease lease, HostSettings settings, SecretGuard guard, TimeProvider time, ILoggerFactory logs, Stack<Func<ValueTask>> undo, CancellationToken cancellation)
    {
        var vault = OpenVault(folder, guard);
        if (!vault.Ok) return (null, vault.Problem);
        undo.Push(() => Now(vault.Value));

        var opened = await OpenSettingsAsync(folder, settings, vault.Value, time, cancellation);
        if (!opened.Ok) return (null, opened.Problem);
        undo.Push(opened.Value.DisposeAsync);

        var historyOptions = new HistoryOptions { RetentionDays = settings.HistoryDays };
        var historyLog = logs.CreateLogger<HistoryStore>();
        var history = settings.Postgres is { } database
            ? await HistoryStore.OpenAsync(SqlDatabase.PostgreSql(database), historyOptions, time, historyLog, cancellation)
            : await HistoryStore.OpenAsync(folder, historyOptions, time, historyLog, cancellation);
        if (!history.Ok) return (null, history.Problem);
        undo.Push(history.Value.DisposeAsync);

        try
        {
            var paper = PaperExchange.Open(new PaperExchangeOptions { DataFile = folder.PaperPath, Time = time });
            undo.Push(paper.DisposeAsync);
            var tag = await opened.Value.ProcessTags.NextAsync(cancellation);
            return (new HostStores(folder, lease, vault.Value, opened.Value, history.Value, paper, tag), null);
        }
        catch (PaperStorageException e)
        {
            return (null, new StoreProblem(StoreProblemKind.Unusable, e.Message));
        }
    }

    /// <summary>The vault of a folder, with the master key that the environment or the folder gives.</summary>
    public static StoreResult<SecretVault> OpenVault(DataFolder folder, SecretGuard guard)
    {
        guard.Remember(Environment.GetEnvironmentVariable(MasterKey.KeyVariable));
        var master = MasterKey.Locate(folder, new SystemRandomSource(), Environment.GetEnvironmentVariable);
        return master.Ok ? SecretVault.Open(folder, master.Value) : master.Problem;
    }

    /// <summary>The settings, wherever the host keeps them.</summary>
    public static Task<StoreResult<SettingsStore>> OpenSettingsAsync(
        DataFolder folder, HostSettings settings, SecretVault vault, TimeProvider time, CancellationToken cancellation) => settings.Postgres is { } postgres
        ? SettingsStore.OpenAsync(SqlDatabase.PostgreSql(postgres), vault, new SystemRandomSource(), time, Environment.GetEnvironmentVariable, cancellation)
        : SettingsStore.OpenAsync(folder, vault, time, cancellation);

    private static ValueTask Now(IDisposable disposable)
    {
        disposable.Dispose();
        return ValueTask.CompletedTask;
    }
}
