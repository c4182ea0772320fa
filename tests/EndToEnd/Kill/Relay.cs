using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>
/// The network between a terminal and the host: a port that stays while the host comes and goes, and lines that break without a word, as they do
/// when the terminal's machine dies.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _lines = [];
    private readonly Dictionary<int, StringBuilder> _said = [];
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private IPEndPoint? _target;
    private TaskCompletionSource? _frozen;

    public Relay()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What came from the terminals, by the port that the host saw it come from.</summary>
    public IReadOnlyDictionary<int, string> Said
    {
        get
        {
            lock (_lock) return _said.ToDictionary(s => s.Key, s => s.Value.ToString());
        }
    }

    /// <summary>Where new lines lead from now on; null = nowhere, they end at once.</summary>
    public void LeadTo(IPEndPoint? host)
    {
        lock (_lock) _target = host;
    }

    /// <summary>What the host says is held this long, and then all of it comes at once.</summary>
    public TimeSpan Lumps { get; init; }

    /// <summary>Nothing comes through any more, and nobody is told: lines stay open, new ones are taken.</summary>
    public void Freeze()
    {
        lock (_lock) _frozen ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What was held up goes on.</summary>
    public void Thaw()
    {
        lock (_lock)
        {
            _frozen?.TrySetResult();
            _frozen = null;
        }
    }

    /// <summary>Breaks every line; nobody is told why.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var line in _lines) line.Close(0);
            _lines.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Thaw();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private Task? Frozen
    {
        get
        {
            lock (_lock) return _frozen?.Task;
        }
    }

    private async Task AcceptAsync()
    {
        var pumps = new List<Task>();
        try
        {
            while (true) pumps.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task ServeAsync(Socket terminal)
    {
        var host = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        terminal.NoDelay = true;
        IPEndPoint? target;
        lock (_lock)
        {
            target = _target;
            _lines.AddRange([terminal, host]);
        }

        try
        {
            if (target is null) return;
            await host.ConnectAsync(target, _stop.Token);
            var said = new StringBuilder();
            lock (_lock) _said[((IPEndPoint)host.LocalEndPoint!).Port] = said;
            await Task.WhenAny(PumpAsync(terminal, host, said), PumpAsync(host, terminal, null));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone: so is the other.
        }
        finally
        {
            lock (_lock) _lines.RemoveAll(l => l == terminal || l == host);
            terminal.Dispose();
            host.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, StringBuilder? heard)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                await (Frozen ?? Task.CompletedTask);
                if (heard is null && Lumps > TimeSpan.Zero)
                {
                    await Task.Delay(Lumps, TimeProvider.System);
                    if (from.Available > 0) read += await from.ReceiveAsync(buffer.AsMemory(read));
                }

                if (heard is not null)
                    lock (_lock) heard.Append(Encoding.UTF8.GetString(buffer, 0, read));
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A broken line ends both ways.
        }
    }
}
