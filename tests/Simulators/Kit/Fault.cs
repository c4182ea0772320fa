namespace CSMultiConnector.Simulators.Kit;

/// <summary>How a scripted request ends.</summary>
public enum FaultEnding
{
    /// <summary>The venue's own answer, possibly late.</summary>
    Answer,

    /// <summary>The scripted status and error instead of the venue's own answer.</summary>
    Error,

    /// <summary>Nothing, until the client gives up or the simulator stops.</summary>
    Silence,

    /// <summary>The connection is reset without an answer.</summary>
    Reset,

    /// <summary>
    /// The server closes its half of the connection without an answer; the client may go on sending into the void. A client that takes this for an idle
    /// connection sends the request again, and trades twice: .NET's HttpClient does so with every request that has no content.
    /// </summary>
    HalfClose,

    /// <summary>Headers and half of the body, then the connection is reset.</summary>
    Truncate,
}

/// <summary>
/// One entry of the fault script: which requests it meets and what becomes of them. Whether the request takes effect and how it is answered are
/// two different things; their combinations are what a client must survive.
/// </summary>
public sealed record Fault
{
    /// <summary>"POST /api/v3/order", "order.place" (WebSocket API) or a beginning followed by '*'. "*" meets everything.</summary>
    public required string Match { get; init; }

    /// <summary>Whether the request takes effect at the venue.</summary>
    public bool Executed { get; init; }

    /// <summary>How it ends for the client.</summary>
    public FaultEnding Ending { get; init; } = FaultEnding.Error;

    /// <summary>Requests that match and are let through first.</summary>
    public int Skip { get; init; }

    /// <summary>How many matching requests are met; 0 = all until cleared.</summary>
    public int Times { get; init; } = 1;

    /// <summary>HTTP status of <see cref="FaultEnding.Error"/>.</summary>
    public int Status { get; init; } = 503;

    /// <summary>The venue's error code; 0 = the body carries none.</summary>
    public int Code { get; init; }

    /// <summary>The venue's message.</summary>
    public string Message { get; init; } = "";

    /// <summary>A whole body in place of code and message, e.g. a page of HTML from a proxy.</summary>
    public string? Body { get; init; }

    /// <summary>Changes the text of the answer before it leaves; for <see cref="FaultEnding.Answer"/>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Func<string, string>? Edit { get; init; }

    /// <summary>"Retry-After" in seconds; null = no header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Waits before the request is executed (in the injected time).</summary>
    public TimeSpan DelayBefore { get; init; }

    /// <summary>Waits after execution, before the answer.</summary>
    public TimeSpan DelayAfter { get; init; }
}

/// <summary>The faults that wait for their requests, in the order in which they were scripted.</summary>
internal sealed class FaultScript
{
    private readonly List<Entry> _entries = [];
    private volatile int _count;

    /// <summary>How many faults nothing has met yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_entries) return _entries.Count(e => e.Met == 0);
        }
    }

    public void Add(Fault fault)
    {
        lock (_entries)
        {
            _entries.Add(new Entry(fault));
            _count = _entries.Count;
        }
    }

    public void Clear()
    {
        lock (_entries)
        {
            _entries.Clear();
            _count = 0;
        }
    }

    /// <summary>The fault that meets this request, if any; counts it.</summary>
    public Fault? Take(string request)
    {
        if (_count == 0) return null;
        lock (_entries)
        {
            foreach (var entry in _entries)
            {
                if (!Matches(entry.Fault.Match, request)) continue;
                if (entry.Skipped < entry.Fault.Skip)
                {
                    entry.Skipped++;
                    continue;
                }
                if (++entry.Met >= entry.Fault.Times && entry.Fault.Times > 0) _entries.Remove(entry);
                _count = _entries.Count;
                return entry.Fault;
            }
            return null;
        }
    }

    private static bool Matches(string pattern, string request) =>
        pattern.EndsWith('*') ? request.StartsWith(pattern[..^1], StringComparison.Ordinal) : request.Equals(pattern, StringComparison.Ordinal);

    private sealed class Entry(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Skipped { get; set; }

        public int Met { get; set; }
    }
}
