namespace CSMultiConnector.Simulators.Kit;

/// <summary>A request that reached the simulator, with what became of it. Signatures are left out.</summary>
/// <param name="Sequence">Counts from 1 in the order in which the requests were answered or given up.</param>
/// <param name="AtMs">The venue's clock at arrival, Unix milliseconds.</param>
/// <param name="Request">"POST /api/v3/order", or the method of the WebSocket API.</param>
/// <param name="Parameters">As sent, percent-decoded, without the signature.</param>
/// <param name="Status">HTTP status; 0 = no answer was given.</param>
/// <param name="Code">The venue's error code; 0 = none.</param>
/// <param name="Timestamp">When all of it was there, by <see cref="TimeProvider.GetTimestamp"/>: on one machine the same clock for all processes; 0 = not noted.</param>
public sealed record ReceivedRequest(
    long Sequence, long AtMs, string Request, IReadOnlyList<KeyValuePair<string, string>> Parameters, int Status, int Code, long Timestamp = 0)
{
    /// <summary>A parameter's value, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in Parameters)
                if (key.Equals(name, StringComparison.Ordinal)) return value;
            return null;
        }
    }
}

/// <summary>The newest requests, bounded, and who waits for one.</summary>
internal sealed class ReceivedLog(int capacity)
{
    private readonly Queue<ReceivedRequest> _entries = new();
    private readonly List<(Func<ReceivedRequest, bool> Wanted, TaskCompletionSource<ReceivedRequest> Found)> _waiting = [];
    private long _sequence;

    public ReceivedRequest[] All
    {
        get
        {
            lock (_entries) return [.. _entries];
        }
    }

    public void Clear()
    {
        lock (_entries) _entries.Clear();
    }

    public void Add(long atMs, string request, IReadOnlyList<KeyValuePair<string, string>> parameters, int status, int code, long timestamp = 0)
    {
        lock (_entries)
        {
            var entry = new ReceivedRequest(++_sequence, atMs, request, parameters, status, code, timestamp);
            if (_entries.Count == capacity) _entries.Dequeue();
            _entries.Enqueue(entry);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Wanted(entry)) continue;
                _waiting[i].Found.TrySetResult(entry);
                _waiting.RemoveAt(i);
            }
        }
    }

    /// <summary>The first request, received already or yet to come, that is wanted.</summary>
    public async Task<ReceivedRequest> FindAsync(Func<ReceivedRequest, bool> wanted, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<ReceivedRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_entries)
        {
            foreach (var entry in _entries)
                if (wanted(entry)) return entry;
            _waiting.Add((wanted, found));
        }
        await using (cancellationToken.Register(() => found.TrySetCanceled(cancellationToken)))
        {
            try
            {
                return await found.Task;
            }
            finally
            {
                lock (_entries) _waiting.RemoveAll(w => w.Found == found);
            }
        }
    }
}
