namespace CSMultiConnector.Feeds.Terminal;

/// <summary>
/// Which lines of a session are covered by <c>ack</c>: every line up to the first one that the hub still owes an acknowledgement for.
/// Lines that the hub never sees (refused ones, pings) are covered as soon as all before them are.
/// </summary>
internal sealed class Acknowledgements(int limit)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long First, long Last)> _owed = [];
    private long _lastRead;
    private long _held = long.MaxValue;
    private long _owedLines;
    private TaskCompletionSource? _below;

    /// <summary>Everything up to this line is stored; 0 = nothing yet.</summary>
    public long Covered
    {
        get
        {
            lock (_lock)
            {
                var firstOpen = Math.Min(_owed.TryPeek(out var owed) ? owed.First : long.MaxValue, _held);
                return Math.Min(_lastRead, firstOpen - 1);
            }
        }
    }

    /// <summary>The line was read, and what is owed for it was noted before.</summary>
    public void Read(long seq)
    {
        lock (_lock) _lastRead = seq;
    }

    /// <summary>Nothing from this line on is covered until <see cref="Release"/>: a snapshot is being put together.</summary>
    public void Hold(long seq)
    {
        lock (_lock) _held = seq;
    }

    /// <summary>Ends <see cref="Hold"/>.</summary>
    public void Release()
    {
        lock (_lock) _held = long.MaxValue;
    }

    /// <summary>The lines were read and go to the hub, which owes an acknowledgement for them.</summary>
    public void Owe(long first, long last)
    {
        lock (_lock)
        {
            _owed.Enqueue((first, last));
            _lastRead = last;
            _owedLines += last - first + 1;
        }
    }

    /// <summary>The hub has stored everything up to this line. True when that settled something.</summary>
    public bool Acknowledge(long seq)
    {
        TaskCompletionSource? below = null;
        lock (_lock)
        {
            var before = _owed.Count;
            while (_owed.TryPeek(out var owed) && owed.Last <= seq)
            {
                _owed.Dequeue();
                _owedLines -= owed.Last - owed.First + 1;
            }

            if (_owed.Count == before) return false;
            if (_owedLines < limit) (below, _below) = (_below, null);
        }

        below?.TrySetResult();
        return true;
    }

    /// <summary>Completed while fewer lines than the limit are owed.</summary>
    public Task WhenBelowLimit()
    {
        lock (_lock)
        {
            if (_owedLines < limit) return Task.CompletedTask;
            _below ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _below.Task;
        }
    }
}
