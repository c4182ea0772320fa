using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using CSMultiConnector.Feeds.Terminal.Protocol;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Feeds.Client;

/// <summary>Why a client ended by itself.</summary>
public enum TerminalClientEnd
{
    /// <summary>Its owner stopped it.</summary>
    Stopped,

    /// <summary>Another session of the terminal took its place.</summary>
    Replaced,

    /// <summary>The host said <c>stop</c>: a critical error.</summary>
    StoppedByHost,

    /// <summary>The host will never accept the login: another protocol version, or a field that it does not allow.</summary>
    Refused,
}

/// <summary>
/// The terminal's side of the feed protocol (docs/feed-protocol.md), as the Expert Advisor does it, for a <see cref="SimulatedTerminal"/>. It
/// reconnects with back-off until it is stopped, replaced, or refused for good.
/// </summary>
public sealed class TerminalClient
{
    private readonly TerminalClientOptions _options;
    private readonly SimulatedTerminal _terminal;
    private readonly TimeProvider _time;
    private readonly ILogger<TerminalClient> _logger;
    private readonly Lock _lock = new();
    private TaskCompletionSource<ClientSession> _session = New();
    private ClientSession? _current;
    private long _requests;
    private volatile string? _lastProblem;

    /// <summary>A client that is not connected yet.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TerminalClient(TerminalClientOptions options, SimulatedTerminal terminal, TimeProvider time, ILogger<TerminalClient> logger)
    {
        options.Validate();
        _options = options;
        _terminal = terminal;
        _time = time;
        _logger = logger;
    }

    /// <summary>The newest line of the present session that the host has stored; 0 = none, or not connected.</summary>
    public long AcknowledgedSeq => Current?.AcknowledgedSeq ?? 0;

    /// <summary>The host knows all levels and hears of every deal as it happens.</summary>
    public bool IsLive => Current?.Live.Task.IsCompletedSuccessfully ?? false;

    /// <summary>Why the last connection ended or could not be made; null = none has.</summary>
    public string? LastProblem => _lastProblem;

    private ClientSession? Current
    {
        get
        {
            lock (_lock) return _current;
        }
    }

    /// <summary>Connects, follows the terminal, reconnects; returns why it ended. Runs once.</summary>
    public async Task<TerminalClientEnd> RunAsync(CancellationToken cancellation)
    {
        try
        {
            return await ReconnectAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Whoever waits for another session waits in vain.
            lock (_lock) _session.TrySetException(new InvalidOperationException($"The terminal client has ended: {_lastProblem ?? "it was stopped"}"));
        }
    }

    private async Task<TerminalClientEnd> ReconnectAsync(CancellationToken cancellation)
    {
        var delay = _options.FirstReconnectDelay;
        while (!cancellation.IsCancellationRequested)
        {
            var (end, wasLive) = await ConnectOnceAsync(cancellation).ConfigureAwait(false);
            _lastProblem = end.Text;
            switch (end.Kind)
            {
                case SessionEndKind.Replaced:
                    _logger.LogWarning("Terminal {Terminal}: another session took this one's place", _terminal.Id);
                    return TerminalClientEnd.Replaced;
                case SessionEndKind.StoppedByHost:
                    _logger.LogError("Terminal {Terminal}: the host stopped: {Reason}", _terminal.Id, end.Text);
                    return TerminalClientEnd.StoppedByHost;
                case SessionEndKind.RefusedForGood:
                    _logger.LogError("Terminal {Terminal}: the host refused the login: {Reason}", _terminal.Id, end.Text);
                    return TerminalClientEnd.Refused;
                case SessionEndKind.Cancelled:
                    return TerminalClientEnd.Stopped;
                default:
                    break;
            }

            if (wasLive) delay = _options.FirstReconnectDelay;
            _logger.LogWarning("Terminal {Terminal}: {Reason}; next attempt in {Delay}", _terminal.Id, end.Text, delay);
            await Task.Delay(delay, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < _options.MaxReconnectDelay ? delay * 2 : _options.MaxReconnectDelay;
        }

        return TerminalClientEnd.Stopped;
    }

    /// <summary>Waits until the host knows all levels: the deals that it lacked and a snapshot are sent.</summary>
    /// <exception cref="InvalidOperationException">The client has ended.</exception>
    public async Task WaitUntilLiveAsync(CancellationToken cancellation) =>
        await OverSessionsAsync(session => session.Live.Task, cancellation).ConfigureAwait(false);

    /// <summary>Waits until everything that the terminal did so far is sent and stored by the host, reconnects included.</summary>
    /// <exception cref="InvalidOperationException">The client has ended.</exception>
    public async Task WaitForAllAcknowledgedAsync(CancellationToken cancellation) =>
        await OverSessionsAsync(session => session.AllAcknowledgedAsync(), cancellation).ConfigureAwait(false);

    /// <summary>
    /// Asks the host to pause or resume trading. The answer is a <c>done</c> line with the id. Never repeated in another session.
    /// </summary>
    /// <param name="pause">True = pause, false = resume.</param>
    /// <param name="connector">The connector; null = all fed by this terminal.</param>
    /// <returns>The request's id; null when the client is not connected.</returns>
    public string? Request(bool pause, string? connector = null)
    {
        var id = "r" + Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture);
        return Current is { } session && session.TryRequest(new TradingRequest(id, connector, pause)) ? id : null;
    }

    private async Task OverSessionsAsync(Func<ClientSession, Task> wait, CancellationToken cancellation)
    {
        while (true)
        {
            Task<ClientSession> next;
            lock (_lock) next = _session.Task;
            var session = await next.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                await wait(session).WaitAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // That session ended; the next one has to do.
                await session.Over.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<(SessionEnd End, bool WasLive)> ConnectOnceAsync(CancellationToken cancellation)
    {
        ClientSession? session = null;
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var timeout = new CancellationTokenSource(_options.LoginTimeout, _time);
            using var untilLogin = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
            await socket.ConnectAsync(_options.Host, _options.Port, untilLogin.Token).ConfigureAwait(false);
            await using var stream = await OpenAsync(socket, untilLogin.Token).ConfigureAwait(false);
            await using var lines = new LineReader(stream);
            var (login, end) = await ClientLogin.RunAsync(stream, lines, _options, _terminal, untilLogin.Token).ConfigureAwait(false);
            if (login is null) return (end!, false);

            if (_options.OnResume is { } onResume) await onResume(login.Resume, cancellation).ConfigureAwait(false);
            if (_options.TakeHostLedger && (login.Ledger.Count > 0 || login.LedgerDeal > 0)) _terminal.TakeLedger(login.Ledger, LedgerDealOf(login));
            session = new ClientSession(stream, lines, login, _options, _terminal, _time, _logger);
            Publish(session);
            return (await session.RunAsync(cancellation).ConfigureAwait(false), session.Live.Task.IsCompletedSuccessfully);
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested
                ? (new SessionEnd(SessionEndKind.Cancelled, "the client was stopped"), false)
                : (new SessionEnd(SessionEndKind.Lost, "the host did not answer in time"), false);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or ObjectDisposedException)
        {
            return (new SessionEnd(SessionEndKind.Lost, e is SocketException s ? $"the host cannot be reached: {s.SocketErrorCode}" : e.Message), false);
        }
        finally
        {
            if (session is not null) Unpublish(session);
        }
    }

    private async Task<Stream> OpenAsync(Socket socket, CancellationToken cancellation)
    {
        var network = new NetworkStream(socket, ownsSocket: false);
        if (!_options.UseTls) return network;
        var tls = new SslStream(network, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = _options.Host, RemoteCertificateValidationCallback = _options.CertificateCheck }, cancellation).ConfigureAwait(false);
        return tls;
    }

    // A host that does not say which deal its ledger ends with has recorded at least its streams' last ones.
    private static long LedgerDealOf(ClientLogin login) =>
        login.LedgerDeal != 0 ? login.LedgerDeal : login.Resume.Select(r => r.Deal).DefaultIfEmpty().Max();

    private void Publish(ClientSession session)
    {
        lock (_lock)
        {
            _current = session;
            _session.TrySetResult(session);
        }
    }

    private void Unpublish(ClientSession session)
    {
        lock (_lock)
        {
            _current = null;
            _session = New();
        }

        session.SetOver();
    }

    private static TaskCompletionSource<ClientSession> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
