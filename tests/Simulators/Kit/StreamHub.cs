using System.Net.WebSockets;
using System.Threading.Channels;

namespace CSMultiConnector.Simulators.Kit;

/// <summary>How the simulator ends a WebSocket.</summary>
public enum StreamEnd
{
    /// <summary>A close frame, as a venue that restarts in an orderly way.</summary>
    Close,

    /// <summary>The TCP connection is torn down.</summary>
    Abort,
}

/// <summary>One WebSocket: what is sent goes through a bounded queue, so that one slow reader never holds up the venue.</summary>
internal sealed class StreamConnection : IDisposable
{
    private const int LongestQueue = 20_000;
    private readonly TaskCompletionSource<WebSocket> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<ReadOnlyMemory<byte>> _outbox = Channel.CreateBounded<ReadOnlyMemory<byte>>(LongestQueue);
    private readonly CancellationTokenSource _ended;
    private volatile WebSocket? _socket;
    private volatile bool _muted;

    public StreamConnection(long id, string path, CancellationToken stopping)
    {
        (Id, Path) = (id, path);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    public long Id { get; }

    public string Path { get; }

    /// <summary>What the venue knows of this connection, e.g. its subscription.</summary>
    public object? State { get; set; }

    /// <summary>Accepts everything and sends nothing more: a connection that looks alive and is not.</summary>
    public bool Muted
    {
        get => _muted;
        set => _muted = value;
    }

    public CancellationToken Ended => _ended.Token;

    public void Send(ReadOnlyMemory<byte> message)
    {
        if (!_outbox.Writer.TryWrite(message)) Abort();
    }

    /// <summary>Waits until everything queued so far was handed to the socket (or the connection ended).</summary>
    public async Task FlushAsync()
    {
        while (_outbox.Reader.Count > 0 && !_ended.IsCancellationRequested) await Task.Yield();
    }

    public void Abort()
    {
        _socket?.Abort();
        End();
    }

    public void Dispose()
    {
        End();
        _ended.Dispose();
    }

    public async Task CloseAsync(string reason)
    {
        try
        {
            var socket = await _accepted.Task.WaitAsync(_ended.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, reason, _ended.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Already gone.
        }
    }

    /// <summary>Serves until either side ends.</summary>
    public async Task RunAsync(WebSocket socket, Func<string, ValueTask> received)
    {
        _socket = socket;
        _accepted.SetResult(socket);
        var sending = SendLoopAsync(socket);
        try
        {
            var buffer = new byte[16 * 1024];
            using var message = new MemoryStream();
            while (!_ended.IsCancellationRequested)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), _ended.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await CloseAsync("");
                    break;
                }
                message.Write(buffer, 0, part.Count);
                if (message.Length > 1 << 20) break;
                if (!part.EndOfMessage) continue;
                var text = System.Text.Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length);
                message.SetLength(0);
                await received(text);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other side went, or we ended it.
        }
        finally
        {
            End();
            await sending;
        }
    }

    private async Task SendLoopAsync(WebSocket socket)
    {
        try
        {
            while (await _outbox.Reader.WaitToReadAsync(_ended.Token))
            {
                while (_outbox.Reader.TryPeek(out var message))
                {
                    if (!_muted) await socket.SendAsync(message, WebSocketMessageType.Text, true, _ended.Token);
                    _outbox.Reader.TryRead(out _);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            End();
        }
    }

    private void End()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ended long ago.
        }
    }
}

/// <summary>All WebSockets of one product.</summary>
internal sealed class StreamHub(SimulatedClock clock, TimeSpan longestLife, CancellationToken stopping)
{
    private readonly Dictionary<long, StreamConnection> _connections = [];
    private long _lastId;
    private long _opened;

    /// <summary>New WebSockets are refused.</summary>
    public bool Refusing { get; set; }

    public StreamConnection[] Connections
    {
        get
        {
            lock (_connections) return [.. _connections.Values];
        }
    }

    /// <summary>How many came so far.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    /// <summary>Accepts and serves one WebSocket until it ends.</summary>
    public async Task ServeAsync(HttpContext http, TimeSpan pingEvery, TimeSpan pongWithin, Action<StreamConnection> opened, Func<StreamConnection, string, ValueTask> received)
    {
        // It is there before the client knows: what happens from the client's first moment on is told to it, and whoever ends all ends it too.
        using var connection = new StreamConnection(Interlocked.Increment(ref _lastId), http.Request.Path, stopping);
        opened(connection);
        lock (_connections) _connections.Add(connection.Id, connection);
        Interlocked.Increment(ref _opened);
        await using var cut = clock.Time.CreateTimer(static c => ((StreamConnection)c!).Abort(), connection, longestLife, Timeout.InfiniteTimeSpan);
        try
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync(
                new WebSocketAcceptContext { KeepAliveInterval = pingEvery, KeepAliveTimeout = pongWithin });
            await connection.RunAsync(socket, text => received(connection, text));
        }
        finally
        {
            lock (_connections) _connections.Remove(connection.Id);
        }
    }

    public async Task EndAllAsync(StreamEnd how)
    {
        foreach (var connection in Connections)
        {
            if (how == StreamEnd.Abort) connection.Abort();
            else await connection.CloseAsync("");
        }
    }
}
