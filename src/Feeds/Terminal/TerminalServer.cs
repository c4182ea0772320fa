using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>
/// Listens for terminals, has them prove their secret, checks their lines and hands them to the hub (see docs/feed-protocol.md). It decides
/// nothing about streams and trading.
/// </summary>
public sealed class TerminalServer : IAsyncDisposable
{
    // Many connections at once find room here until they are taken, one after the other.
    private const int Backlog = 512;

    private const string Revoked = "the client was revoked";

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(200);

    private readonly TerminalServerOptions _options;
    private readonly ITerminalHub _hub;
    private readonly TimeProvider _time;
    private readonly ILogger<TerminalServer> _logger;
    private readonly LoginHandshake _handshake;
    private readonly RefusalLog _refusals;
    private readonly UnauthenticatedConnections _unauthenticated;
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private readonly ConcurrentDictionary<long, TerminalSession> _sessions = new();
    private readonly ConcurrentDictionary<string, bool> _revoked = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _lastId;
    private bool _disposed;

    /// <summary>A server that does not listen yet.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="clients">Knows the clients' secrets.</param>
    /// <param name="hub">Decides about logins and takes the lines.</param>
    /// <param name="time">Clock of every limit.</param>
    /// <param name="logger">Gets no secret and no proof.</param>
    /// <param name="version">The host's version, a semantic one; anyone who connects can read it.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TerminalServer(TerminalServerOptions options, IFeedClients clients, ITerminalHub hub, TimeProvider time, ILogger<TerminalServer> logger, string version)
    {
        options.Validate();
        _options = options;
        _hub = hub;
        _time = time;
        _logger = logger;
        _refusals = new RefusalLog(logger, time);
        _unauthenticated = new UnauthenticatedConnections(options.MaxUnauthenticated);
        _handshake = new LoginHandshake(options, clients, time, version);
    }

    /// <summary>Where the server listens.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public IPEndPoint EndPoint => (IPEndPoint?)_listener?.LocalEndPoint ?? throw new InvalidOperationException("The terminal server was not started.");

    /// <summary>Sessions that are logged in.</summary>
    public int ActiveSessions => _sessions.Count;

    /// <summary>Binds the port and begins to accept.</summary>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_listener is not null) throw new InvalidOperationException("The terminal server was started before.");
        var listener = new Socket(_options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(_options.Address, _options.Port));
            listener.Listen(Backlog);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _accepting = AcceptAsync(listener);
        _logger.LogInformation("Listening for terminals on {EndPoint}{Tls}", EndPoint, _options.Certificate is null ? "" : " (TLS)");
        return Task.CompletedTask;
    }

    /// <summary>A client was revoked: its sessions get their <c>bye</c>, a login that is under way gets it as soon as it is over.</summary>
    public void EndSessionsOf(string client)
    {
        _revoked[client] = true;
        foreach (var session in _sessions.Values.Where(s => string.Equals(s.Login.Client, client, StringComparison.Ordinal))) session.Close(Revoked);
    }

    /// <summary>Says <c>bye</c> to every terminal and closes; when <paramref name="cancellation"/> comes first, what is left is cut off.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_disposed) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener?.Dispose();
        foreach (var session in _sessions.Values) session.Close("the host is stopping");
        using var abort = cancellation.Register(_aborting.Cancel);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _disposed = true;
        _refusals.Dispose();
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Admit(await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of handles, or a peer that gave up: others are still to be served.
                _refusals.Refused("", "A connection", "accept", e.SocketErrorCode.ToString());
                await Task.Delay(AcceptPause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (PeerOf(socket) is not { } address)
        {
            socket.Dispose();
            return;
        }

        var id = Interlocked.Increment(ref _lastId);
        if (_unauthenticated.Enter(id, address, socket.Dispose))
            _refusals.Refused("", "A connection that had not logged in", "displaced", $"a newer one took its place, since {_options.MaxUnauthenticated} waited");
        var connection = new TerminalConnection(id, socket, address, _options, _handshake, _hub, _time, _refusals, _logger)
        {
            LoggedIn = TryRegister,
            LoginOver = () => _unauthenticated.Leave(id),
            Closed = session => _sessions.TryRemove(session.SessionId, out _),
        };

        var task = Task.Run(() => connection.RunAsync(_stopping.Token, _aborting.Token), CancellationToken.None);
        _connections[id] = task;
        _ = task.ContinueWith(_ => _connections.TryRemove(id, out var _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static IPAddress? PeerOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint peer ? PeerAddress.Of(peer.Address) : null;
        }
        catch (SocketException)
        {
            // It is gone already.
            return null;
        }
    }

    private bool TryRegister(TerminalSession session)
    {
        if (_sessions.Count >= _options.MaxSessions) return false;
        _sessions[session.SessionId] = session;
        if (_stopping.IsCancellationRequested) session.Close("the host is stopping");
        else if (_revoked.ContainsKey(session.Login.Client)) session.Close(Revoked);
        return true;
    }
}
