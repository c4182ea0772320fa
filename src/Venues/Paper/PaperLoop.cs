using System.Threading.Channels;
using CSMultiConnector.Venues.Paper.Matching;
using CSMultiConnector.Venues.Paper.Storage;
using CSMultiConnector.Venues.Paper.Streams;

namespace CSMultiConnector.Venues.Paper;

/// <summary>
/// Takes requests from a bounded queue, one after the other, and stores all that a batch changed in one transaction before it answers
/// any request of the batch. When that fails, what is stored is read back and nobody is told that it worked.
/// </summary>
internal sealed class PaperLoop : IAsyncDisposable
{
    private const string Closed = "The paper venue is closed.";

    // After a failed write: what is due by itself must not wait for the next request.
    private static readonly TimeSpan s_tryAgain = TimeSpan.FromSeconds(1);

    private readonly PaperExchangeOptions _options;
    private readonly IPaperStore _store;
    private readonly PaperStreams _streams;
    private readonly Channel<Work> _queue;
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _timer;
    private readonly Task _running;
    private PaperBook? _book;
    private int _disposed;

    internal PaperLoop(PaperExchangeOptions options, IPaperStore store, PaperStreams streams)
    {
        (_options, _store, _streams) = (options, store, streams);
        _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        Closing = _closing.Token;
        _book = Load();
        _timer = options.Time.CreateTimer(_ => _queue.Writer.TryWrite(new Work<object>((_, _) => this)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetTimer();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Cancelled when the venue closes.</summary>
    internal CancellationToken Closing { get; }

    /// <summary>The answer of one piece of work.</summary>
    /// <param name="Value">Null when there is none.</param>
    /// <param name="Taken">True when the work may have been done.</param>
    /// <param name="Why">Why there is no answer.</param>
    internal readonly record struct Answer<T>(T? Value, bool Taken, string Why)
        where T : class;

    internal async Task<Answer<T>> RunAsync<T>(Func<PaperBook, DateTimeOffset, T> work, CancellationToken cancellation)
        where T : class
    {
        var item = new Work<T>(work);
        try
        {
            await _queue.Writer.WriteAsync(item, cancellation);
        }
        catch (ChannelClosedException)
        {
            return new Answer<T>(null, false, Closed);
        }

        return await item.Done.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _queue.Writer.TryComplete();
        await _closing.CancelAsync();
        await _running;
        await _timer.DisposeAsync();
        _store.Dispose();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Work>(_options.BatchSize);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < _options.BatchSize && _queue.Reader.TryRead(out var work)) batch.Add(work);
            Run(batch);
            batch.Clear();
        }
    }

    private void Run(List<Work> batch)
    {
        try
        {
            _book ??= Load();
            var now = _options.Time.GetUtcNow();
            _book.FillDue(now);
            foreach (var work in batch) work.Execute(_book, now);
            if (_book.State.TakeChanges() is { Count: > 0 } changes) _store.Commit(changes);
        }
        catch (Exception e)
        {
            // The state in memory may be ahead of what is stored: it is read back before the next batch.
            _book = null;
            _timer.Change(s_tryAgain, Timeout.InfiniteTimeSpan);
            foreach (var work in batch) work.Fail($"The paper venue could not store what it was told: {e.Message} Check the disk; it goes on from what is stored.");
            return;
        }

        foreach (var (account, what) in _book.TakeEvents()) _streams.Publish(account, what);
        foreach (var work in batch) work.Complete();
        SetTimer();
    }

    private PaperBook Load()
    {
        var state = new PaperState();
        foreach (var change in _store.Load()) state.Apply(change);
        return new PaperBook(state, _options, _store.ExchangeId);
    }

    private void SetTimer()
    {
        if (_book?.State.NextDue is not { } due) return;
        var wait = due.At - _options.Time.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private abstract class Work
    {
        internal abstract void Execute(PaperBook book, DateTimeOffset now);

        internal abstract void Complete();

        internal abstract void Fail(string why);
    }

    private sealed class Work<T>(Func<PaperBook, DateTimeOffset, T> work) : Work
        where T : class
    {
        private readonly TaskCompletionSource<Answer<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;

        internal Task<Answer<T>> Done => _done.Task;

        internal override void Execute(PaperBook book, DateTimeOffset now) => _value = work(book, now);

        internal override void Complete() => _done.TrySetResult(new Answer<T>(_value, true, string.Empty));

        internal override void Fail(string why) => _done.TrySetResult(new Answer<T>(null, true, why));
    }
}
