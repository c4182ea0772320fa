using System.Threading.Channels;

namespace Akka.Persistence.Storage;

/// <summary>
/// The one thread that talks to a database: requests arrive through a bounded queue, and writes that wait at the same time
/// share one transaction, hence one sync of the disk.
/// </summary>
internal sealed class SqlWorker : IDisposable
{
    /// <summary>Requests that may wait; further senders wait outside the queue, in order (an actor has one write under way at most).</summary>
    internal const int QueueLimit = 4_096;

    /// <summary>Requests taken from the queue at a time, and so the largest number that shares a transaction.</summary>
    internal const int GroupLimit = 512;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    private readonly Func<SqlSession> _open;
    private readonly Action<Exception, string> _report;
    private readonly Channel<SqlRequest> _queue = Channel.CreateBounded<SqlRequest>(
        new BoundedChannelOptions(QueueLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly List<SqlRequest> _group = new(GroupLimit);
    private readonly Thread _thread;
    private SqlSession? _session;

    /// <summary>Starts the thread; the database is opened by the first request.</summary>
    /// <param name="name">Names the thread.</param>
    /// <param name="open">Opens the database and makes its tables.</param>
    /// <param name="report">Is told what no requester can be told.</param>
    public SqlWorker(string name, Func<SqlSession> open, Action<Exception, string> report)
    {
        _open = open;
        _report = report;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Queues a request; never blocks, and keeps the order of calls of one sender.</summary>
    public void Submit(SqlRequest request)
    {
        if (!_queue.Writer.TryWrite(request)) _ = SubmitWhenThereIsRoomAsync(request);
    }

    /// <summary>Lets waiting requests end and closes the database; waits for both, up to a limit.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        if (Thread.CurrentThread != _thread && !_thread.Join(CloseTimeout))
            _report(new TimeoutException(), $"The database thread '{_thread.Name}' did not end within {CloseTimeout}");
    }

    private async Task SubmitWhenThereIsRoomAsync(SqlRequest request)
    {
        try
        {
            await _queue.Writer.WriteAsync(request).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            Safely(() => request.Fail(new ObjectDisposedException(nameof(SqlWorker), "The database was closed because the actor system ends.")));
        }
    }

    private void Run()
    {
        while (WaitForRequests())
        {
            while (_group.Count < GroupLimit && _queue.Reader.TryRead(out var request)) _group.Add(request);
            Process();
            _group.Clear();
        }

        CloseSession();
    }

    private bool WaitForRequests()
    {
        var wait = _queue.Reader.WaitToReadAsync();
        return wait.IsCompletedSuccessfully ? wait.GetAwaiter().GetResult() : wait.AsTask().GetAwaiter().GetResult();
    }

    private void Process()
    {
        for (var start = 0; start < _group.Count;)
        {
            if (!TryOpen(out var session, out var cause))
            {
                // Everyone who waits gets the same answer: trying again for each would hold the queue up by one timeout a request.
                for (; start < _group.Count; start++) Fail(_group[start], cause);
                return;
            }

            if (!_group[start].IsWrite)
            {
                Read(session, _group[start]);
                start++;
                continue;
            }

            var end = start + 1;
            while (end < _group.Count && _group[end].IsWrite) end++;
            Write(session, start, end);
            start = end;
        }
    }

    private void Read(SqlSession session, SqlRequest request)
    {
        try
        {
            request.Execute(session);
        }
        catch (Exception cause)
        {
            GiveUpSessionIfBroken();
            Fail(request, cause);
            return;
        }

        Complete(request);
    }

    private void Write(SqlSession session, int start, int end)
    {
        try
        {
            session.Begin();
            for (var i = start; i < end; i++) _group[i].Execute(session);
            session.Flush();
        }
        catch (Exception cause)
        {
            RollBack(session);
            if (end - start == 1) Fail(_group[start], cause);
            else WriteSingly(start, end);
            return;
        }

        try
        {
            session.Commit();
        }
        catch (Exception cause)
        {
            // Nobody knows what a failed commit did, so nothing is tried again: the actors recover what is there.
            RollBack(session);
            for (var i = start; i < end; i++) Fail(_group[i], cause);
            return;
        }

        for (var i = start; i < end; i++) Complete(_group[i]);
    }

    /// <summary>One request broke the shared transaction; each gets its own, so that only the culprit fails.</summary>
    private void WriteSingly(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (!TryOpen(out var session, out var cause))
            {
                for (; i < end; i++) Fail(_group[i], cause);
                return;
            }

            Write(session, i, i + 1);
        }
    }

    private bool TryOpen(out SqlSession session, out Exception cause)
    {
        cause = null!;
        session = _session!;
        if (_session is not null) return true;
        try
        {
            session = _session = _open();
            return true;
        }
        catch (Exception e)
        {
            cause = e;
            return false;
        }
    }

    private void RollBack(SqlSession session)
    {
        try
        {
            session.RollBack();
        }
        catch (Exception)
        {
            // The statement's own failure is what is reported; a session that cannot even roll back is replaced.
            CloseSession();
            return;
        }

        GiveUpSessionIfBroken();
    }

    private void GiveUpSessionIfBroken()
    {
        if (_session is { IsUsable: false }) CloseSession();
    }

    private void CloseSession()
    {
        var session = _session;
        _session = null;
        if (session is not null) Safely(session.Dispose);
    }

    private void Complete(SqlRequest request) => Safely(request.Complete);

    private void Fail(SqlRequest request, Exception cause) => Safely(() => request.Fail(cause));

    private void Safely(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            // A requester that throws must not take the thread, and with it everyone's journal, down.
            _report(e, "A database request could not be answered");
        }
    }
}
