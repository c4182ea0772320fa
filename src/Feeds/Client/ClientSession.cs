using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Terminal.Protocol;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Feeds.Client;

/// <summary>A request from the chart's buttons.</summary>
internal sealed record TradingRequest(string Id, string? Connector, bool Pause);

/// <summary>
/// The live part of one connection: replays what the host lacks, sends a snapshot, then follows the terminal. One task writes, one reads;
/// the reader and the timers only leave notes and wake the writer.
/// </summary>
internal sealed class ClientSession(
    Stream stream, LineReader lines, ClientLogin login, TerminalClientOptions options, SimulatedTerminal terminal, TimeProvider time, ILogger logger)
{
    private const int SilentHeartbeats = 3;
    private const int EntriesARound = 100;
    private const int MaxRequests = 16;
    private const int MaxFlush = 64 * 1024;

    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly List<byte> _out = [];
    private readonly Dictionary<SymbolName, SymbolFacts> _described = [];
    private readonly Queue<TradingRequest> _requests = [];
    private readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(login.HeartbeatSeconds);
    private readonly List<TaskCompletionSource> _allAcknowledged = [];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionEnd? _end;
    private long _seq;
    private long _lastMattering;
    private long _acknowledged;
    private long _nextIndex;
    private long _describedVersion;
    private long _snapshotId;
    private long _lastSent = time.GetTimestamp();
    private long _lastRead = time.GetTimestamp();
    private long _lastSnapshot;
    private long _lastAccount;
    private volatile bool _snapshotWanted;
    private volatile bool _pongWanted;
    private bool _live;

    /// <summary>The newest line that the host has stored.</summary>
    public long AcknowledgedSeq => Interlocked.Read(ref _acknowledged);

    /// <summary>Completed once the deals that the host lacked and a first snapshot are sent.</summary>
    public TaskCompletionSource Live { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when the client has turned to its next connection.</summary>
    public Task Over => _over.Task;

    /// <summary>Completes <see cref="Over"/>.</summary>
    public void SetOver() => _over.TrySetResult();

    /// <summary>Runs to the end of the connection; says why it ended.</summary>
    public async Task<SessionEnd> RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tick = TimeSpan.FromTicks(Math.Min(_heartbeat.Ticks / 4, LongestTick.Ticks));
        await using var ticks = time.CreateTimer(_ => Wake(), null, tick, tick);
        terminal.Changed += Wake;
        var reading = ReadAsync(stop.Token);
        try
        {
            await SendAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            End(SessionEndKind.Cancelled, "the client was stopped");
            await SayByeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            End(SessionEndKind.Lost, "the connection was lost");
        }
        finally
        {
            terminal.Changed -= Wake;
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            Live.TrySetCanceled(CancellationToken.None);
            lock (_lock) _allAcknowledged.ForEach(w => w.TrySetCanceled(CancellationToken.None));
        }

        return _end!;
    }

    /// <summary>Queues a request; false when too many wait or the session is over.</summary>
    public bool TryRequest(TradingRequest request)
    {
        lock (_lock)
        {
            if (_end is not null || _requests.Count == MaxRequests) return false;
            _requests.Enqueue(request);
        }

        Wake();
        return true;
    }

    /// <summary>Completed when all that the terminal did so far is sent and stored; cancelled when the session ends before.</summary>
    public Task AllAcknowledgedAsync()
    {
        lock (_lock)
        {
            if (_end is not null) return Task.FromCanceled(new CancellationToken(canceled: true));
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _allAcknowledged.Add(waiter);
            Wake();
            return waiter.Task;
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        await SynchroniseAsync(cancellation).ConfigureAwait(false);
        _live = true;
        Live.TrySetResult();
        while (_end is null)
        {
            await FollowTerminalAsync(cancellation).ConfigureAwait(false);
            if (_end is not null) return;
            CompleteWaiters();
            await _wake.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task SynchroniseAsync(CancellationToken cancellation)
    {
        _describedVersion = terminal.SymbolsVersion;
        var now = terminal.Time;
        var overlap = (long)options.HistoryOverlap.TotalMilliseconds;
        var since = login.Resume.ToDictionary(r => r.Magic, r => (r.Deal == 0 ? now : r.TimeMsc) - overlap);
        var (deals, next) = terminal.DealsSince(since.Count == 0 ? long.MaxValue : since.Values.Min());
        _nextIndex = next;
        foreach (var entry in deals)
        {
            var magic = entry.Changes.Select(c => c.Stream).FirstOrDefault(since.ContainsKey, Magic.Unattributed);
            if (magic == Magic.Unattributed || entry.Deal.Time < since[magic]) continue;
            await WriteEntryAsync(entry, cancellation).ConfigureAwait(false);
            if (_end is not null) return;
        }

        await WriteSnapshotAsync(cancellation).ConfigureAwait(false);
        WriteAccount();
        await FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task FollowTerminalAsync(CancellationToken cancellation)
    {
        DescribeChangedSymbols();
        var snapshot = _snapshotWanted || IsDue(_lastSnapshot, options.SnapshotInterval);
        while (_end is null && terminal.ReadFrom(_nextIndex, EntriesARound) is { Count: > 0 } entries)
        {
            foreach (var entry in entries)
            {
                snapshot |= await WriteEntryAsync(entry, cancellation).ConfigureAwait(false);
                if (_end is not null) return;
                _nextIndex = entry.Index + 1;
            }
        }

        if (snapshot) await WriteSnapshotAsync(cancellation).ConfigureAwait(false);
        if (IsDue(_lastAccount, options.AccountInterval)) WriteAccount();
        while (TakeRequest() is { } request)
            Write(seq => new TerminalLine.Feed(new PauseRequested(seq, request.Id, request.Connector, request.Pause)));
        KeepAlive();
        await FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes the line of a deal. True when a snapshot has to follow: the line cannot say everything that the deal changed.</summary>
    private async Task<bool> WriteEntryAsync(HistoryEntry entry, CancellationToken cancellation)
    {
        await WaitForRoomAsync(cancellation).ConfigureAwait(false);
        if (_end is not null) return false;
        var magic = entry.Changes.Select(c => c.Stream).FirstOrDefault(terminal.Listed.Contains, Magic.Unattributed);
        if (entry.IsVoid)
        {
            Write(seq => new TerminalLine.Feed(new DealVoided(seq, entry.Deal.Ticket)));
            return true;
        }

        if (magic == Magic.Unattributed) return entry.Changes.Count > 0;
        Describe(entry.Deal.Symbol);
        var level = terminal.LevelOf(magic, entry.Deal.Symbol);
        Write(seq => new TerminalLine.Feed(new DealReported(seq, magic, entry.Deal, level, UtcOf(entry.Deal.Time))));
        return entry.Changes.Count > 1;
    }

    private async Task WriteSnapshotAsync(CancellationToken cancellation)
    {
        await WaitForRoomAsync(cancellation).ConfigureAwait(false);
        if (_end is not null) return;
        _snapshotWanted = false;
        _lastSnapshot = Stamp();
        var picture = terminal.Read();
        var hedging = terminal.Margin == MarginMode.Hedging;
        var levels = picture.Levels.Where(l => !hedging || terminal.Listed.Contains(l.Stream)).ToList();
        foreach (var symbol in levels.Select(l => l.Symbol).Union(picture.Totals.Keys)) Describe(symbol);

        var id = (++_snapshotId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Write(seq => new TerminalLine.SnapshotBegin(seq, id, levels.Count, picture.Totals.Count));
        foreach (var l in levels) Write(seq => new TerminalLine.SnapshotPosition(seq, id, l.Stream, l.Symbol, l.Level));
        foreach (var (symbol, level) in picture.Totals) Write(seq => new TerminalLine.SnapshotTotal(seq, id, symbol, level));
        Write(seq => new TerminalLine.SnapshotEnd(seq, id, picture.LastDeal, picture.Time, UtcOf(picture.Time)));
    }

    private void WriteAccount()
    {
        _lastAccount = Stamp();
        var account = terminal.Account;
        Write(seq => new TerminalLine.Feed(new AccountReported(seq, account.Balance, account.Equity, account.MarginFree)));
    }

    // Described once a session before the first line that names the symbol, and again when its facts change.
    private void Describe(SymbolName symbol)
    {
        if (terminal.FactsOf(symbol) is not { } facts || _described.GetValueOrDefault(symbol) == facts) return;
        _described[symbol] = facts;
        Write(seq => new TerminalLine.Feed(new SymbolReported(seq, facts)));
    }

    private void DescribeChangedSymbols()
    {
        var version = terminal.SymbolsVersion;
        if (version == _describedVersion) return;
        _describedVersion = version;
        foreach (var symbol in _described.Keys.ToList()) Describe(symbol);
    }

    /// <summary>Waits while the host has too much to store; the line is kept alive meanwhile.</summary>
    private async Task WaitForRoomAsync(CancellationToken cancellation)
    {
        if (_out.Count > MaxFlush) await FlushAsync(cancellation).ConfigureAwait(false);
        while (_end is null && _lastMattering - AcknowledgedSeq >= options.Window)
        {
            if (_live && terminal.NextIndex - _nextIndex + _seq - AcknowledgedSeq > options.MaxBacklog)
            {
                End(SessionEndKind.Overflow, "too much waits to be sent: synchronising anew");
                return;
            }

            KeepAlive();
            await FlushAsync(cancellation).ConfigureAwait(false);
            await _wake.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void KeepAlive()
    {
        if (time.GetElapsedTime(Volatile.Read(ref _lastRead)) >= SilentHeartbeats * _heartbeat) End(SessionEndKind.Lost, "the host was silent for three heartbeats");
        if (_pongWanted)
        {
            _pongWanted = false;
            Write(seq => new TerminalLine.Pong(seq), matters: false);
        }

        if (_out.Count == 0 && time.GetElapsedTime(_lastSent) >= _heartbeat) Write(seq => new TerminalLine.Ping(seq), matters: false);
    }

    private void Write(Func<long, TerminalLine> line, bool matters = true)
    {
        _out.AddRange(TerminalLines.Write(line(++_seq)));
        if (matters) Interlocked.Exchange(ref _lastMattering, _seq);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (_out.Count == 0) return;
        var bytes = _out.ToArray();
        _out.Clear();
        _lastSent = time.GetTimestamp();
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task SayByeAsync()
    {
        try
        {
            // What was cut off in the middle of a write cannot be finished; a host that reads garbage instead of bye only logs it.
            using var timeout = new CancellationTokenSource(_heartbeat, time);
            await stream.WriteAsync(TerminalLines.Write(new TerminalLine.Bye(++_seq, "the client was stopped")), timeout.Token).ConfigureAwait(false);
            await stream.FlushAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            logger.LogDebug("The host could not be told that the client stops: {Error}", e.GetType().Name);
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            while (_end is null)
            {
                var read = await lines.ReadAsync(cancellation).ConfigureAwait(false);
                Volatile.Write(ref _lastRead, time.GetTimestamp());
                if (read.Kind is LineReadKind.End or LineReadKind.Endless) End(SessionEndKind.Lost, "the host closed the connection");
                else if (read.Kind == LineReadKind.Line) Take(read.Bytes.Span);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            if (!cancellation.IsCancellationRequested) End(SessionEndKind.Lost, "the connection was lost");
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        LineProblem problem;
        if (!FlatLine.TryParse(bytes, out var flat, out problem) || HostLines.Read(flat, out problem) is not { } line)
        {
            logger.LogWarning("A line of the host was ignored: {Code}, {Text}", problem.Code, problem.Text);
            return;
        }

        switch (line)
        {
            case HostLine.Ack l:
                if (l.Seq > AcknowledgedSeq) Interlocked.Exchange(ref _acknowledged, l.Seq);
                break;
            case HostLine.Ping:
                _pongWanted = true;
                break;
            case HostLine.Message { What: HostMessage.SnapshotWanted }:
                _snapshotWanted = true;
                break;
            case HostLine.Message l:
                TakeMessage(l.What);
                break;
            case HostLine.Bye l:
                End(l.Reason == FeedErrors.Replaced ? SessionEndKind.Replaced : SessionEndKind.HostLeft, l.Reason);
                break;
            default:
                return;
        }

        Wake();
    }

    private void TakeMessage(HostMessage message)
    {
        options.OnMessage?.Invoke(message);
        if (message is HostMessage.Stop stop) End(SessionEndKind.StoppedByHost, stop.Reason);
        if (message is not HostMessage.Error error) return;
        logger.LogWarning("Line {Seq} was refused by the host: {Code}, {Text}", error.Seq, error.Code, error.Text);
        if (error.Code == FeedErrors.Replaced) End(SessionEndKind.Replaced, error.Text);
        if (error.Code == FeedErrors.OutOfOrder) End(SessionEndKind.Lost, error.Text);
    }

    private TradingRequest? TakeRequest()
    {
        lock (_lock) return _requests.TryDequeue(out var request) ? request : null;
    }

    private void CompleteWaiters()
    {
        if (_snapshotWanted || AcknowledgedSeq < _lastMattering || terminal.NextIndex != _nextIndex) return;
        lock (_lock)
        {
            _allAcknowledged.ForEach(w => w.TrySetResult());
            _allAcknowledged.Clear();
        }
    }

    private void End(SessionEndKind kind, string text)
    {
        lock (_lock) _end ??= new SessionEnd(kind, text);
        Wake();
    }

    private void Wake()
    {
        // One permit is enough: whoever wakes looks at everything.
        lock (_wake)
            if (_wake.CurrentCount == 0) _wake.Release();
    }

    private bool IsDue(long last, TimeSpan interval) => time.GetElapsedTime(last) >= interval;

    private long Stamp() => time.GetTimestamp();

    private long UtcOf(long serverTime) => Math.Max(0, serverTime - (long)terminal.UtcOffset.TotalMilliseconds);
}
