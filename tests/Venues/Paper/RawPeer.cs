using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CSMultiConnector.Venues.Tests.Paper;

/// <summary>A TCP peer that answers each request with fixed text and closes. Null = no answer, the line stays open.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string?> _answer;
    private readonly bool _keepOpen;
    private readonly Lock _lock = new();
    private readonly StringBuilder _received = new();
    private readonly TaskCompletionSource _firstRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private int _orders;

    internal RawPeer(Func<string, string?> answer, bool keepOpen = false)
    {
        (_answer, _keepOpen) = (answer, keepOpen);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _running = AcceptAsync();
    }

    internal Uri Address { get; }

    internal Task FirstRequest => _firstRequest.Task;

    internal Task FirstClosed => _firstClosed.Task;

    /// <summary>Every byte that came, over all connections.</summary>
    internal string Received
    {
        get
        {
            lock (_lock) return _received.ToString();
        }
    }

    /// <summary>How many whole orders came.</summary>
    internal int Orders => Volatile.Read(ref _orders);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        var (buffer, text) = (new byte[8192], string.Empty);
        try
        {
            while (await stream.ReadAsync(buffer, _stop.Token) is var count and > 0)
            {
                lock (_lock) _received.Append(Encoding.UTF8.GetString(buffer, 0, count));
                text += Encoding.UTF8.GetString(buffer, 0, count);
                if (!IsWhole(text)) continue;
                if (text.StartsWith("POST ", StringComparison.Ordinal)) Interlocked.Increment(ref _orders);
                _firstRequest.TrySetResult();
                if (_answer(text) is not { } answer) continue;
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
                if (!_keepOpen) return;
                text = string.Empty;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side or the test is through.
        }
        finally
        {
            _firstClosed.TrySetResult();
        }
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        const string Length = "Content-Length: ";
        var at = request.IndexOf(Length, StringComparison.Ordinal);
        return at < 0 || request.Length - end - 4 >= int.Parse(request.AsSpan(at + Length.Length, request.IndexOf('\r', at) - at - Length.Length), provider: null);
    }
}
