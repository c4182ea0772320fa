using System.Globalization;
using System.Text.Json;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal.Protocol;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>
/// One logged-in terminal. One task reads and checks lines and hands them to the intake, one writes; a timer keeps heartbeats and
/// acknowledgements going. The first reason to end wins; the rest of the session only carries it out.
/// </summary>
internal sealed class TerminalSession : ITerminalSession, IAsyncDisposable
{
    private const int SilentHeartbeats = 3;

    // A terminal that never stops sending must not keep a thread for itself.
    private const int LinesInARow = 64;

    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SnapshotWantedInterval = TimeSpan.FromSeconds(5);

    private readonly TerminalServerOptions _options;
    private readonly TimeProvider _time;
    private readonly RefusalLog _refusals;
    private readonly string _terminal;
    private readonly bool _netting;
    private readonly HashSet<Magic> _listed;
    private readonly HashSet<SymbolName> _symbols = [];
    private readonly SnapshotAssembler _snapshot;
    private readonly Acknowledgements _acks;
    private readonly LineSender _sender;
    // Not disposed: the hub may still call Close while the session is being taken down, and without a timer they hold nothing.
    private readonly CancellationTokenSource _stopReading = new();
    private readonly CancellationTokenSource _stopWriting = new();
    private ITimer? _ticks;
    private string? _reason;
    private long _seq;
    private int _refusedInARow;
    private long _lastRead;
    private volatile bool _readingPaused;
    private long _snapshotWantedAt;
    private volatile bool _snapshotWanted;

    public TerminalSession(long id, TerminalLogin login, TerminalServerOptions options, TimeProvider time, RefusalLog refusals)
    {
        SessionId = id;
        Login = login;
        _options = options;
        _time = time;
        _refusals = refusals;
        _terminal = login.Terminal.ToString();
        _netting = login.Margin != MarginMode.Hedging;
        _listed = [.. login.Magics];
        _snapshot = new SnapshotAssembler(_netting, _symbols.Contains);
        _acks = new Acknowledgements(options.MaxUnjournaledLines);
        _sender = new LineSender(options.MaxQueuedLines, () => _acks.Covered, time);
        _lastRead = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public long SessionId { get; }

    /// <summary>Whose session it is.</summary>
    public TerminalLogin Login { get; }

    /// <summary>Why it ended; before that "running".</summary>
    public string Reason => _reason ?? "running";

    /// <inheritdoc/>
    public void Acknowledge(long seq)
    {
        if (_acks.Acknowledge(seq) && !_sender.TryRequestAck()) NotRead();
    }

    /// <inheritdoc/>
    public void Send(HostMessage message) => Send(new HostLine.Message(message));

    /// <inheritdoc/>
    public void Close(string reason) => End(reason, bye: true);

    /// <summary>Starts heartbeats: the login's last line is about to go out. Nothing that the session sends overtakes it.</summary>
    public void Start()
    {
        Volatile.Write(ref _lastRead, _time.GetTimestamp());
        var tick = TimeSpan.FromTicks(Math.Min(_options.Heartbeat.Ticks / 4, LongestTick.Ticks));
        _ticks = _time.CreateTimer(_ => Tick(), null, tick, tick);
    }

    /// <summary>Runs the session to its end and returns once everything that could be sent was.</summary>
    public async Task RunAsync(Stream stream, LineReader lines, ITerminalIntake intake)
    {
        var writing = WriteAsync(stream);
        try
        {
            await ReadAsync(lines, intake).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopReading.IsCancellationRequested)
        {
            // End() has its reason.
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            End("the connection was lost", bye: false);
        }
        finally
        {
            End("the host failed", bye: true);
            using var late = _time.CreateTimer(_ => _stopWriting.Cancel(), null, _options.CloseTimeout, Timeout.InfiniteTimeSpan);
            await writing.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End("the session is over", bye: false);
        if (_ticks is not null) await _ticks.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync(Stream stream)
    {
        try
        {
            await _sender.RunAsync(stream, _stopWriting.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            End("the connection was lost", bye: false);
        }
    }

    private async Task ReadAsync(LineReader lines, ITerminalIntake intake)
    {
        for (var lineInARow = 1; ; lineInARow++)
        {
            if (lineInARow % LinesInARow == 0) await Task.Yield();
            await PauseWhileUnjournaledAsync().ConfigureAwait(false);
            var read = await lines.ReadAsync(_stopReading.Token).ConfigureAwait(false);
            if (_stopReading.IsCancellationRequested) return;
            Volatile.Write(ref _lastRead, _time.GetTimestamp());
            switch (read.Kind)
            {
                case LineReadKind.Line:
                    Take(read.Bytes.Span, intake);
                    break;
                case LineReadKind.TooLong:
                    RefuseNext(new LineProblem(FeedErrors.TooLong, "a line has at most 65536 bytes"));
                    break;
                case LineReadKind.Endless:
                    End("a line has no end", bye: true);
                    return;
                default:
                    End("the terminal closed the connection", bye: false);
                    return;
            }

            if (_snapshotWanted) WantSnapshot();
        }
    }

    private async Task PauseWhileUnjournaledAsync()
    {
        var below = _acks.WhenBelowLimit();
        if (below.IsCompleted) return;
        _readingPaused = true;
        await below.WaitAsync(_stopReading.Token).ConfigureAwait(false);
        // The terminal could not be heard meanwhile: its silence counts from now.
        Volatile.Write(ref _lastRead, _time.GetTimestamp());
        _readingPaused = false;
    }

    private void Take(ReadOnlySpan<byte> bytes, ITerminalIntake intake)
    {
        if (!FlatLine.TryParse(bytes, out var line, out var problem))
        {
            RefuseNext(problem);
            return;
        }

        if (!line.TryGet("seq", out var value) || value.Kind != JsonTokenType.Number
            || !long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seq))
        {
            RefuseNext(new LineProblem(FeedErrors.BadField, "seq: allowed is the number of the line before plus 1, beginning with 1"));
            return;
        }

        if (seq != _seq + 1)
        {
            // The one refusal that uses no number up: acknowledging it would say that the missing lines are stored.
            Refuse(new LineProblem(FeedErrors.OutOfOrder, string.Create(CultureInfo.InvariantCulture, $"seq: allowed is {_seq + 1}; to go on, connect anew and synchronise")), seq);
            return;
        }

        _seq = seq;
        var refusal = TerminalLines.Read(line, seq, out problem) is { } read ? Apply(read, intake) : problem;
        // Only now: the writer may ask at any moment what is covered, and what the hub is given is not, until it is stored.
        _acks.Read(seq);
        if (refusal is { } refused) Refuse(refused, seq);
        else _refusedInARow = 0;
    }

    private LineProblem? Apply(TerminalLine line, ITerminalIntake intake)
    {
        switch (line)
        {
            case TerminalLine.SnapshotBegin l:
                _snapshot.Begin(l);
                _acks.Hold(l.Seq);
                return null;
            case TerminalLine.SnapshotPosition l:
                return _snapshot.Add(l);
            case TerminalLine.SnapshotTotal l:
                return _snapshot.Add(l);
            case TerminalLine.SnapshotEnd l:
                return EndSnapshot(l, intake);
            case TerminalLine.Ping:
                Send(new HostLine.Pong());
                return null;
            case TerminalLine.Pong:
                return null;
            case TerminalLine.Bye l:
                End(l.Reason.Length == 0 ? "the terminal left" : $"the terminal left: {l.Reason}", bye: false);
                return null;
            case TerminalLine.Feed l:
                if (_snapshot.IsOpen) RefuseSnapshot();
                return Forward(l.Message, intake);
            default:
                throw new InvalidOperationException($"{line.GetType().Name} does not follow a login.");
        }
    }

    private LineProblem? Forward(FeedMessage message, ITerminalIntake intake)
    {
        switch (message)
        {
            case SymbolReported m when !_symbols.Contains(m.Facts.Name) && _symbols.Count == _options.MaxSymbols:
                return new LineProblem(FeedErrors.BadField, $"name: allowed are {_options.MaxSymbols} symbols in a session");
            case SymbolReported m:
                _symbols.Add(m.Facts.Name);
                break;
            case DealReported m when !_listed.Contains(m.Stream):
                return new LineProblem(FeedErrors.BadField, "magic: allowed is one that hello listed");
            case DealReported m when !_symbols.Contains(m.Deal.Symbol):
                return new LineProblem(FeedErrors.UnknownSymbol, $"symbol: no symbol line described {m.Deal.Symbol}");
            case DealReported m when _netting && LevelRules.OfNetting(m.Level) is { } problem:
                return problem;
            default:
                break;
        }

        _acks.Owe(message.Seq, message.Seq);
        intake.Receive(message);
        return null;
    }

    private LineProblem? EndSnapshot(TerminalLine.SnapshotEnd line, ITerminalIntake intake)
    {
        var first = _snapshot.FirstSeq;
        var message = _snapshot.End(line, out var problem);
        if (message is null)
        {
            _acks.Release();
            _snapshotWanted |= problem is not null;
            return problem;
        }

        foreach (var symbol in _snapshot.Corrected)
            _refusals.Corrected(_terminal, symbol.Value);
        _acks.Owe(first, line.Seq);
        _acks.Release();
        intake.Receive(message);
        return null;
    }

    private void RefuseNext(LineProblem problem)
    {
        _seq++;
        _acks.Read(_seq);
        Refuse(problem, _seq);
    }

    private void Refuse(LineProblem problem, long seq)
    {
        _refusals.Refused(_terminal, string.Create(CultureInfo.InvariantCulture, $"Terminal {_terminal}, line {seq}"), problem.Code, problem.Text);
        Send(new HostMessage.Error(problem.Code, problem.Text, seq));
        if (_snapshot.IsOpen) RefuseSnapshot();
        if (++_refusedInARow >= _options.MaxRefusedInARow) End("too many lines were refused", bye: true);
    }

    private void RefuseSnapshot()
    {
        _snapshot.Refuse();
        _acks.Release();
        _snapshotWanted = true;
    }

    // At most one every few seconds, else a tick sends it later: a terminal whose snapshots are always refused must not spin.
    private void WantSnapshot()
    {
        if (_snapshotWantedAt != 0 && _time.GetElapsedTime(_snapshotWantedAt) < SnapshotWantedInterval) return;
        _snapshotWanted = false;
        _snapshotWantedAt = Math.Max(1, _time.GetTimestamp());
        Send(new HostMessage.SnapshotWanted());
    }

    private void Tick()
    {
        if (_reason is not null) return;
        var dead = SilentHeartbeats * _options.Heartbeat;
        if (_sender.Stalled >= dead) NotRead();
        else if (!_readingPaused && _time.GetElapsedTime(Volatile.Read(ref _lastRead)) >= dead) End("silent for three heartbeats", bye: true);
        if (_acks.Covered > _sender.AckSent && !_sender.TryRequestAck()) NotRead();
        if (_sender.Idle >= _options.Heartbeat) Send(new HostLine.Ping());
        if (_snapshotWanted) WantSnapshot();
    }

    private void Send(HostLine line)
    {
        if (_reason is null && !_sender.TrySend(HostLines.Write(line))) NotRead();
    }

    private void NotRead()
    {
        if (_reason is not null) return;
        End("the terminal does not read", bye: false);
        _ = _stopWriting.CancelAsync();
    }

    private void End(string reason, bool bye)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null) return;
        if (bye && !_sender.TrySend(HostLines.Write(new HostLine.Bye(reason)))) _ = _stopWriting.CancelAsync();
        _sender.Complete();
        // Not on this thread: it may be the hub's, and what waits on the token would go on inside its call.
        _ = _stopReading.CancelAsync();
    }
}
