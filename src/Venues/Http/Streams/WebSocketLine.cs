using System.Net.WebSockets;

namespace CSMultiConnector.Venues.Http.Streams;

/// <summary>One WebSocket to a venue. Pings are answered by the framework; one that no longer answers ours counts as lost.</summary>
internal sealed class WebSocketLine : IDisposable
{
    private const int MaxMessage = 1024 * 1024;

    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket;
    private byte[] _buffer = new byte[16 * 1024];

    private WebSocketLine(ClientWebSocket socket) => _socket = socket;

    /// <summary>Connects, or says why not.</summary>
    internal static async Task<(WebSocketLine? Line, string Why)> OpenAsync(Uri address, TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = s_ping;
        socket.Options.KeepAliveTimeout = s_ping;
        if (address.IsLoopback) socket.Options.Proxy = null;
        try
        {
            await socket.ConnectAsync(address, either.Token);
            return (new WebSocketLine(socket), string.Empty);
        }
        catch (Exception e) when (IsLoss(e))
        {
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return (null, timeout.IsCancellationRequested ? $"{address.Authority} did not answer within {within.TotalSeconds:0.###} s" : $"{address.Authority} could not be reached: {e.Message}");
        }
    }

    /// <summary>False when the line is lost.</summary>
    internal async Task<bool> SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation)
    {
        try
        {
            await _socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, cancellation);
            return true;
        }
        catch (Exception e) when (IsLoss(e))
        {
            return false;
        }
    }

    /// <summary>The next message whole, valid until the next call; null when the line is lost or closed, or a message is too long.</summary>
    internal async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
                if (part.MessageType == WebSocketMessageType.Close) return null;
                length += part.Count;
                if (part.EndOfMessage) return _buffer.AsMemory(0, length);
                if (length < _buffer.Length) continue;
                if (length >= MaxMessage) return null;
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }
        catch (Exception e) when (IsLoss(e))
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsLoss(Exception e) =>
        e is WebSocketException or HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or System.Net.Sockets.SocketException;
}
