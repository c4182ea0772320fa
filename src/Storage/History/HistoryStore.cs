using System.Collections.Immutable;
using System.Threading.Channels;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.Sql;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Storage.History;

/// <summary>
/// What happened, in order, for people: a projection of the journal to which is only appended. Entries are queued and written by one loop,
/// many a commit; a full queue makes the appender wait. Reading sees what was committed.
/// </summary>
public sealed class HistoryStore : IAsyncDisposable
{
    private const string Store = "History";
    private const int DeleteChunk = 5000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromHours(1);

    private readonly SqlDatabase _database;
    private readonly HistoryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Work> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _retention;
    private readonly Task _writing;
    private int _retentionDays;
    private long _lost;

    private HistoryStore(SqlDatabase database, HistoryOptions options, TimeProvider time, ILogger logger)
    {
        _database = database;
        _options = options;
        _time = time;
        _logger = logger;
        _retentionDays = options.RetentionDays;
        _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        // A queue that is full has better things to do: the next hour comes.
        _retention = time.CreateTimer(_ => _queue.Writer.TryWrite(new Work([], Prune: true, Done: null)), state: null, RetentionPeriod, RetentionPeriod);
    }

    /// <summary>How many entries were given up since the start, because the database refused them or was too slow; the next start brings them back from the journal.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Days that entries are kept; 0 = for ever. A change works at the next hourly run or <see cref="PruneAsync"/>.</summary>
    public int RetentionDays
    {
        get => Volatile.Read(ref _retentionDays);
        set => Volatile.Write(ref _retentionDays, Math.Clamp(value, 0, 36_500));
    }

    /// <summary>Opens the history of a data folder.</summary>
    public static async Task<StoreResult<HistoryStore>> OpenAsync(
        DataFolder folder, HistoryOptions options, TimeProvider time, ILogger<HistoryStore> logger, CancellationToken cancellation)
    {
        // It can be rebuilt from the journal, so a commit need not wait for the disk.
        var database = SqlDatabase.OpenSqlite(folder.HistoryPath, SqliteDurability.Normal);
        return database.Ok ? await OpenAsync(database.Value, options, time, logger, cancellation) : database.Problem;
    }

    /// <summary>Opens the history in a database, which it then owns. Problem: Unusable.</summary>
    public static async Task<StoreResult<HistoryStore>> OpenAsync(
        SqlDatabase database, HistoryOptions options, TimeProvider time, ILogger<HistoryStore> logger, CancellationToken cancellation)
    {
        if (await Migrator.MigrateAsync(database, Store, time, cancellation) is not { } problem) return new HistoryStore(database, options, time, logger);
        await database.DisposeAsync();
        return problem;
    }

    /// <summary>Queues entries, in order; waits only while the queue is full. An entry whose source is stored already changes nothing.</summary>
    /// <exception cref="ChannelClosedException">The store is closed.</exception>
    public ValueTask AppendAsync(IReadOnlyCollection<HistoryEntry> entries, CancellationToken cancellation) =>
        entries.Count == 0 ? ValueTask.CompletedTask : _queue.Writer.WriteAsync(new Work([.. entries], Prune: false, Done: null), cancellation);

    /// <summary>Queues entries, in order, or gives them up when the queue is full: for those who must not wait.</summary>
    /// <returns>False when they were given up; <see cref="Lost"/> counts them.</returns>
    public bool TryAppend(IReadOnlyCollection<HistoryEntry> entries)
    {
        if (entries.Count == 0 || _queue.Writer.TryWrite(new Work([.. entries], Prune: false, Done: null))) return true;
        Interlocked.Add(ref _lost, entries.Count);
        return false;
    }

    /// <summary>Completes when everything appended before is committed.</summary>
    /// <returns>True; false when entries had to be given up since the last flush.</returns>
    public Task<bool> FlushAsync(CancellationToken cancellation) => EnqueueAndWaitAsync(prune: false, cancellation);

    /// <summary>Deletes now what is older than <see cref="RetentionDays"/>.</summary>
    public Task PruneAsync(CancellationToken cancellation) => EnqueueAndWaitAsync(prune: true, cancellation);

    /// <summary>A page of entries.</summary>
    public async Task<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellation)
    {
        var limit = Math.Clamp(query.Limit, 1, HistoryQuery.MaxLimit);
        var rows = await _database.RunAsync(session => HistoryTable.QueryAsync(session, query, limit + 1), cancellation);
        return new HistoryPage([.. rows.Take(limit).Select(row => row.ToEntry())], rows.Count > limit);
    }

    /// <summary>What is held of the events of one persistent actor.</summary>
    public Task<HistoryCoverage> CoverageAsync(string persistenceId, CancellationToken cancellation) =>
        _database.RunAsync(session => HistoryTable.CoverageAsync(session, persistenceId), cancellation);

    /// <summary>Which events of a persistent actor are held, from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public async Task<IReadOnlySet<long>> HeldAsync(string persistenceId, long first, long last, CancellationToken cancellation) =>
        (await _database.RunAsync(session => HistoryTable.HeldAsync(session, persistenceId, first, last), cancellation)).ToHashSet();

    /// <summary>The id of the newest entry; 0 = there is none.</summary>
    public Task<long> LastIdAsync(CancellationToken cancellation) => _database.RunAsync(HistoryTable.LastIdAsync, cancellation);

    /// <summary>Writes what is queued and closes. A database that does not work is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        await _retention.DisposeAsync();
        await _stop.CancelAsync();
        await _writing;
        await _database.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<bool> EnqueueAndWaitAsync(bool prune, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Work([], prune, done), cancellation);
        return await done.Task.WaitAsync(cancellation);
    }

    private async Task WriteAsync()
    {
        var lostAtFlush = 0L;
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var entries = new List<HistoryEntry>();
            var prune = false;
            var waiting = new List<TaskCompletionSource<bool>>();
            while (entries.Count < _options.BatchSize && _queue.Reader.TryRead(out var work))
            {
                entries.AddRange(work.Entries);
                prune |= work.Prune;
                if (work.Done is not null) waiting.Add(work.Done);
            }

            if (entries.Count > 0) await InsertAsync(entries);
            if (prune) await TryRepeatedlyAsync(DeleteOldAsync, _options.MaxTries);
            if (waiting.Count == 0) continue;
            var whole = Lost == lostAtFlush;
            lostAtFlush = Lost;
            foreach (var done in waiting) done.TrySetResult(whole);
        }
    }

    private async Task InsertAsync(List<HistoryEntry> entries)
    {
        if (await TryRepeatedlyAsync(() => InsertOnceAsync(entries), _options.MaxTries)) return;

        // One entry that the database will never take must not take the others with it.
        var lost = 0;
        foreach (var entry in entries)
        {
            if (!await TryRepeatedlyAsync(() => InsertOnceAsync([entry]), maxTries: 1)) lost++;
        }

        if (lost == 0) return;
        Interlocked.Add(ref _lost, lost);
        _logger.LogError(
            "{Count} entries of the history were given up: {Database} does not take them. Trading goes on; the next start brings them back from the journal.", lost, _database.Display);
    }

    private Task InsertOnceAsync(IReadOnlyList<HistoryEntry> entries) =>
        _database.RunAsync(session => HistoryTable.InsertAsync(session, entries), CancellationToken.None);

    private async Task DeleteOldAsync()
    {
        if (RetentionDays == 0) return;
        var limit = _time.GetUtcNow() - TimeSpan.FromDays(RetentionDays);
        // In chunks: between them readers and other writers have their turn.
        while (await _database.RunAsync(session => HistoryTable.DeleteOlderAsync(session, limit, DeleteChunk), CancellationToken.None) == DeleteChunk)
        {
        }
    }

    /// <summary>Tries with growing pauses; false when given up. The history must not stop what it reports on, so nothing is thrown.</summary>
    private async Task<bool> TryRepeatedlyAsync(Func<Task> work, int maxTries)
    {
        var pause = FirstPause;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await work();
                return true;
            }
            catch (Exception e)
            {
                _logger.LogWarning(e, "Writing the history to {Database} failed ({Tries} of {MaxTries} tries).", _database.Display, tries, maxTries);
                if (tries >= maxTries || _stop.IsCancellationRequested) return false;
            }

            await Task.Delay(pause, _time, _stop.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private sealed record Work(ImmutableArray<HistoryEntry> Entries, bool Prune, TaskCompletionSource<bool>? Done);
}
