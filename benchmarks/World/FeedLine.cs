using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Terminal.Protocol;

namespace CSMultiConnector.Benchmarks.World;

/// <summary>
/// A terminal's session on a real TCP connection, as thin as it can be: a deal is one <c>send</c> on the caller's thread. One reader task notes
/// when acknowledgements come. Each stream's levels only grow, so that each deal has a level of its own.
/// </summary>
internal sealed class FeedLine : IAsyncDisposable
{
    public const decimal LotsADeal = 0.01m;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly LineReader _lines;
    private readonly Dictionary<int, long> _deals = [];
    private readonly Lock _sending = new();
    private readonly Timer _heartbeat;
    private Task _reading = Task.CompletedTask;
    private long _seq;
    private long _ticket = 1_000_000;
    private long _acknowledged;
    private volatile string? _lost;

    private FeedLine(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _lines = new LineReader(_stream);
        _heartbeat = new Timer(_ => SendOther(seq => new TerminalLine.Ping(seq)));
    }

    /// <summary>The newest line that the host has stored.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>When the acknowledgement of a line came: the first that covers it.</summary>
    public List<(long Seq, long Timestamp)> Acks { get; } = [];

    /// <summary>How many deals a symbol has had.</summary>
    public long DealsOf(int symbol) => _deals.GetValueOrDefault(symbol);

    /// <summary>Logs in, describes the symbols, says that nothing is held beyond what <paramref name="held"/> names.</summary>
    public static async Task<FeedLine> ConnectAsync(IPEndPoint host, byte[] secret, int symbols, IReadOnlyDictionary<int, long>? held = null)
    {
        var line = await LogInAsync(host, secret);
        foreach (var (symbol, deals) in held ?? new Dictionary<int, long>()) line._deals[symbol] = deals;
        line._reading = Task.Run(line.ReadAsync);
        for (var i = 0; i < symbols; i++)
        {
            var facts = Settings.Symbol(i);
            line.SendOther(seq => new TerminalLine.Feed(new SymbolReported(seq, facts)));
        }

        line.SendSnapshot();
        line._heartbeat.Change(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        return line;
    }

    /// <summary>Sends one deal of a symbol; its line's number.</summary>
    public long Deal(int symbol)
    {
        lock (_sending)
        {
            Throw();
            var bytes = NextDeal(symbol);
            _socket.Send(bytes);
            return _seq;
        }
    }

    /// <summary>Sends several deals in one piece; the last one's line's number.</summary>
    public long Deals(ReadOnlySpan<int> symbols)
    {
        lock (_sending)
        {
            Throw();
            var bytes = new List<byte>(symbols.Length * 400);
            foreach (var symbol in symbols) bytes.AddRange(NextDeal(symbol));
            _socket.Send(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
            return _seq;
        }
    }

    /// <summary>Waits until a line and all before it are stored.</summary>
    public async Task AcknowledgedAsync(long seq)
    {
        while (Acknowledged < seq)
        {
            Throw();
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Waits until everything sent so far is stored.</summary>
    public Task StoredAsync()
    {
        lock (_sending) return AcknowledgedAsync(_seq);
    }

    public void SendSnapshot()
    {
        lock (_sending)
        {
            var held = _deals.Where(d => d.Value > 0).ToArray();
            Send(new TerminalLine.SnapshotBegin(++_seq, "1", held.Length, held.Length));
            foreach (var (symbol, deals) in held) Send(new TerminalLine.SnapshotPosition(++_seq, "1", Settings.Magic, Settings.Symbol(symbol).Name, LevelAfter(deals)));
            foreach (var (symbol, deals) in held) Send(new TerminalLine.SnapshotTotal(++_seq, "1", Settings.Symbol(symbol).Name, LevelAfter(deals)));
            Send(new TerminalLine.SnapshotEnd(++_seq, "1", _ticket, Milliseconds(), Milliseconds()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _heartbeat.DisposeAsync();
        _socket.Shutdown(SocketShutdown.Send);
        await _reading.WaitAsync(TimeSpan.FromSeconds(5)).ContinueWith(_ => { }, TaskScheduler.Default);
        await _lines.DisposeAsync();
        await _stream.DisposeAsync();
    }

    private static Level LevelAfter(long deals) => Level.OfNet(new Lots(deals * LotsADeal));

    private static long Milliseconds() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private byte[] NextDeal(int symbol)
    {
        var level = LevelAfter(_deals[symbol] = _deals.GetValueOrDefault(symbol) + 1);
        var (ticket, at) = (++_ticket, Milliseconds());
        var deal = new Deal(
            ticket, ticket + 1_000_000_000, 1, Settings.Magic, Settings.Symbol(symbol).Name, OrderSide.Buy, DealEntry.In,
            new Lots(LotsADeal), 100.25m, at, DealReason.Expert, 0m, "");
        return TerminalLines.Write(new TerminalLine.Feed(new DealReported(++_seq, Settings.Magic, deal, level, at)));
    }

    private void SendOther(Func<long, TerminalLine> line)
    {
        lock (_sending)
        {
            if (_lost is null) Send(line(++_seq));
        }
    }

    private void Send(TerminalLine line) => _socket.Send(TerminalLines.Write(line));

    // A host that is still starting says so: the terminal tries again.
    private static async Task<FeedLine> LogInAsync(IPEndPoint host, byte[] secret)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(host);
            var line = new FeedLine(socket);
            if (await line.TryLogInAsync(secret)) return line;
            await line.DisposeAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private async Task<bool> TryLogInAsync(byte[] secret)
    {
        var challenge = (HostLine.Challenge)await NextAsync();
        var hello = new TerminalLine.Hello(
            Settings.Client, FeedProof.NewNonce(), Settings.Terminal, MarginMode.Netting, "demo", "USD", 4755, "1.0.0", [Settings.Magic], false, "");
        await _stream.WriteAsync(TerminalLines.WriteHello(hello, secret, challenge.Nonce));
        while (true)
        {
            switch (await NextAsync())
            {
                case HostLine.Ready:
                    return true;
                case HostLine.Bye:
                    return false;
                case HostLine.Message refusal:
                    throw new InvalidOperationException($"The host refused the login: {refusal.What}");
            }
        }
    }

    private async Task<HostLine> NextAsync()
    {
        var read = await _lines.ReadAsync(CancellationToken.None);
        return read.Kind == LineReadKind.Line && FlatLine.TryParse(read.Bytes.Span, out var flat, out _) && HostLines.Read(flat, out _) is { } line
            ? line
            : throw new InvalidOperationException("The host does not speak the feed protocol.");
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                switch (await NextAsync())
                {
                    case HostLine.Ack ack:
                        Acks.Add((ack.Seq, Stopwatch.GetTimestamp()));
                        Interlocked.Exchange(ref _acknowledged, ack.Seq);
                        break;
                    case HostLine.Message { What: HostMessage.SnapshotWanted }:
                        SendSnapshot();
                        break;
                    case HostLine.Message { What: HostMessage.Error error }:
                        _lost ??= $"line {error.Seq} was refused: {error.Code} {error.Text}";
                        break;
                    case HostLine.Bye bye:
                        _lost ??= bye.Reason;
                        return;
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            _lost ??= e.Message;
        }
    }

    private void Throw()
    {
        if (_lost is { } why) throw new InvalidOperationException($"The session is over: {why}");
    }
}
