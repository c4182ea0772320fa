using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CSMultiConnector.Benchmarks.World;
using CSMultiConnector.Simulators.Tests.Ccxt;

namespace CSMultiConnector.Benchmarks.Copier;

/// <summary>What a user might write instead: <c>copier.mjs</c>, with ccxt as published. The deals reach it as lines over TCP.</summary>
internal sealed class CcxtWay : IWay
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Child _node;
    private readonly Socket _socket;
    private readonly Task _reading;
    private long _sent;
    private long _answered;
    private volatile string? _trouble;

    private CcxtWay(Child node, Socket socket, bool throttled)
    {
        (_node, _socket) = (node, socket);
        Name = throttled ? "ccxt copier as it comes" : "ccxt copier, its throttle off";
        _reading = Task.Run(ReadAsync);
    }

    public string Name { get; }

    public string Said => _node.Said;

    public static async Task<IWay> StartAsync(BinanceService venue, CcxtPackage ccxt, bool throttled)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

        // The key opens the simulator and nothing else, so it may stand in the arguments.
        var node = Child.StartProgram(
            ccxt.Node, null, Path.Combine(ccxt.Root, "benchmarks", "Copier", "copier.mjs"), ccxt.Folder, venue.Product, venue.Rest.GetLeftPart(UriPartial.Authority), venue.Key, venue.Secret, port, throttled ? "throttled" : "unthrottled");
        try
        {
            using var limit = new CancellationTokenSource(s_patience);
            var socket = await listener.AcceptAsync(limit.Token);
            socket.NoDelay = true;
            return new CcxtWay(node, socket, throttled);
        }
        catch (Exception e)
        {
            var said = node.Said;
            await node.DisposeAsync();
            throw new InvalidOperationException($"The copier did not come up: {said}", e);
        }
    }

    public void Deal(int symbol)
    {
        if (_trouble is { } trouble) throw new InvalidOperationException(trouble);
        _socket.Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"base\":\"A{symbol:000}\",\"side\":\"buy\",\"amount\":{FeedLine.LotsADeal}}}\n")));
        _sent++;
    }

    public async Task SettledAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Interlocked.Read(ref _answered) < _sent)
        {
            if (_trouble is { } trouble) throw new InvalidOperationException($"{trouble}\n{_node.Said}");
            if (TimeProvider.System.GetElapsedTime(start) > s_patience) throw new TimeoutException($"{_answered} of {_sent} deals were answered.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Shutdown(SocketShutdown.Both);
        await _reading;
        _socket.Dispose();
        await _node.DisposeAsync();
    }

    // A dot for each answered order; anything else is its trouble.
    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        while (await _socket.ReceiveAsync(buffer) is > 0 and var read)
        {
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)'.')) _trouble ??= Encoding.UTF8.GetString(buffer, 0, read);
            else Interlocked.Add(ref _answered, read);
        }

        _trouble ??= "The copier is gone.";
    }
}
