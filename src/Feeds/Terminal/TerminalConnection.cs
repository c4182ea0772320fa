using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using CSMultiConnector.Feeds.Terminal.Protocol;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>One accepted connection, from TLS through login and session to its orderly close.</summary>
internal sealed class TerminalConnection(
    long id,
    Socket socket,
    IPAddress address,
    TerminalServerOptions options,
    LoginHandshake handshake,
    ITerminalHub hub,
    TimeProvider time,
    RefusalLog refusals,
    ILogger logger)
{
    /// <summary>Bytes that a closing connection still takes before it is cut: so the other side can read our last line.</summary>
    private const int MaxLingerBytes = 1024 * 1024;

    private int _countedAsLoggedIn;

    /// <summary>Called when the hub has admitted the session; false = no room.</summary>
    public required Func<TerminalSession, bool> LoggedIn { get; init; }

    /// <summary>Called once, when the connection counts no longer as unauthenticated.</summary>
    public required Action LoginOver { get; init; }

    /// <summary>Called after a session that <see cref="LoggedIn"/> took.</summary>
    public required Action<TerminalSession> Closed { get; init; }

    /// <summary>Runs the connection to its end. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        using var _ = aborting.Register(socket.Dispose);
        try
        {
            socket.NoDelay = true;
            using var firstLine = new CancellationTokenSource(options.FirstLineTimeout, time);
            using var login = new CancellationTokenSource(options.LoginTimeout, time);
            using var untilLogin = CancellationTokenSource.CreateLinkedTokenSource(login.Token, stopping);
            using var untilFirstLine = CancellationTokenSource.CreateLinkedTokenSource(firstLine.Token, untilLogin.Token);
            await using var stream = await OpenAsync(untilFirstLine.Token).ConfigureAwait(false);
            if (stream is null) return;
            await using var lines = new LineReader(stream);
            var (session, intake, lastLine) = await LogInAsync(stream, lines, untilFirstLine.Token, untilLogin.Token, stopping).ConfigureAwait(false);
            if (session is not null) await RunSessionAsync(session, intake!, stream, lines).ConfigureAwait(false);
            else if (lastLine is not null) await SendLastAsync(stream, lastLine).ConfigureAwait(false);
            await LingerAsync(stream).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBrokenConnection(e))
        {
            logger.LogDebug("Connection {Id} ended: {Error}", id, e.GetType().Name);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Connection {Id} failed", id);
        }
        finally
        {
            CountAsLoggedIn();
            socket.Dispose();
        }
    }

    private void CountAsLoggedIn()
    {
        if (Interlocked.Exchange(ref _countedAsLoggedIn, 1) == 0) LoginOver();
    }

    // Null when the other side does not speak TLS.
    private async Task<Stream?> OpenAsync(CancellationToken cancellation)
    {
        var network = new NetworkStream(socket, ownsSocket: false);
        if (options.Certificate is null) return network;
        var tls = new SslStream(network, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = options.Certificate }, cancellation).ConfigureAwait(false);
            return tls;
        }
        catch (Exception e) when (IsBrokenConnection(e))
        {
            refusals.Refused("", Who, "tls", e is OperationCanceledException ? "no handshake in time" : "no TLS handshake");
            await tls.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    private async Task<(TerminalSession?, ITerminalIntake?, byte[]? LastLine)> LogInAsync(
        Stream stream, LineReader lines, CancellationToken firstLine, CancellationToken untilLogin, CancellationToken stopping)
    {
        try
        {
            var (proven, refusal) = await handshake.RunAsync(stream, lines, address, firstLine, untilLogin).ConfigureAwait(false);
            if (refusal is not null) return (null, null, Refuse(refusal.Problem, refusal.Client));
            if (proven is null) return (null, null, null);
            CountAsLoggedIn();

            var session = new TerminalSession(id, proven.Login, options, time, refusals);
            switch (await AdmitAsync(proven.Login, session, untilLogin).ConfigureAwait(false))
            {
                case SessionAdmission.Admitted admitted:
                    if (await TryWelcomeAsync(session, proven, admitted, stream, untilLogin).ConfigureAwait(false)) return (session, admitted.Intake, null);
                    return (null, null, Decline("the host has no room for another session"));
                case SessionAdmission.Busy busy:
                    return (null, null, Refuse(new LineProblem(FeedErrors.Busy, busy.Text), proven.Login.Client));
                case SessionAdmission.Unavailable unavailable:
                    return (null, null, Decline(unavailable.Text));
                default:
                    return (null, null, Decline("the host could not decide about the login"));
            }
        }
        catch (OperationCanceledException)
        {
            return (null, null, Decline(stopping.IsCancellationRequested ? "the host is stopping" : "no login in time"));
        }
        catch (Exception e) when (!IsBrokenConnection(e))
        {
            logger.LogError(e, "The login of connection {Id} could not be decided", id);
            return (null, null, Bye("the host failed: see its log"));
        }
    }

    // A hub that goes on after the deadline may still admit: then it is told that the session is over.
    private async Task<SessionAdmission> AdmitAsync(TerminalLogin login, TerminalSession session, CancellationToken cancellation)
    {
        var admission = hub.AdmitAsync(login, session, cancellation);
        try
        {
            return await admission.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = admission.ContinueWith(
                late => { if (late is { IsCompletedSuccessfully: true } && GetResult(late) is SessionAdmission.Admitted a) a.Intake.Closed("no login in time"); },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            throw;
        }
    }

    private static SessionAdmission GetResult(Task<SessionAdmission> completed) => completed.GetAwaiter().GetResult();

    private async Task<bool> TryWelcomeAsync(
        TerminalSession session, ProvenLogin proven, SessionAdmission.Admitted admitted, Stream stream, CancellationToken cancellation)
    {
        if (!LoggedIn(session))
        {
            admitted.Intake.Closed("the host has no room for another session");
            return false;
        }

        try
        {
            var welcome = new HostLine.Welcome(session.SessionId.ToString(CultureInfo.InvariantCulture), (int)options.Heartbeat.TotalSeconds);
            List<byte> text = [.. HostLines.WriteWelcome(welcome, proven.Client.Secret.Span, proven.TerminalNonce)];
            foreach (var point in admitted.Resume) text.AddRange(HostLines.Write(new HostLine.Resume(point)));
            foreach (var position in admitted.Ledger) text.AddRange(HostLines.Write(new HostLine.Ledger(position)));
            text.AddRange(HostLines.Write(new HostLine.Ready(admitted.LedgerDeal)));
            session.Start();
            await stream.WriteAsync(text.ToArray(), cancellation).ConfigureAwait(false);
            await stream.FlushAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch
        {
            await EndAsync(session, admitted.Intake, "the connection was lost during login").ConfigureAwait(false);
            throw;
        }
    }

    private async Task RunSessionAsync(TerminalSession session, ITerminalIntake intake, Stream stream, LineReader lines)
    {
        var terminal = session.Login.Terminal.ToString();
        refusals.Session(terminal, $"connected as session {session.SessionId}, feed client {session.Login.Client}");
        try
        {
            await session.RunAsync(stream, lines, intake).ConfigureAwait(false);
        }
        finally
        {
            refusals.Session(terminal, $"session {session.SessionId} ended: {session.Reason}");
            await EndAsync(session, intake, session.Reason).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(TerminalSession session, ITerminalIntake intake, string reason)
    {
        Closed(session);
        await session.DisposeAsync().ConfigureAwait(false);
        intake.Closed(reason);
    }

    private async Task SendLastAsync(Stream stream, byte[] line)
    {
        using var timeout = new CancellationTokenSource(options.CloseTimeout, time);
        await stream.WriteAsync(line, timeout.Token).ConfigureAwait(false);
        await stream.FlushAsync(timeout.Token).ConfigureAwait(false);
    }

    // Closing with unread bytes would reset the connection, and the other side might lose the line that tells it why.
    private async Task LingerAsync(Stream stream)
    {
        using var timeout = new CancellationTokenSource(options.CloseTimeout, time);
        if (stream is SslStream tls) await tls.ShutdownAsync().WaitAsync(timeout.Token).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
        var rest = new byte[4096];
        for (var taken = 0; taken < MaxLingerBytes;)
        {
            var read = await socket.ReceiveAsync(rest, timeout.Token).ConfigureAwait(false);
            if (read == 0) return;
            taken += read;
        }
    }

    private static bool IsBrokenConnection(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException;

    private string Who => $"Connection {id} from {address}";

    private byte[] Refuse(LineProblem problem, string? client)
    {
        refusals.Refused("", client is null ? Who : $"{Who}, feed client {client},", problem.Code, problem.Text);
        return HostLines.WriteRefusal(problem);
    }

    private byte[] Decline(string reason)
    {
        refusals.Refused("", Who, "bye", reason);
        return Bye(reason);
    }

    private static byte[] Bye(string reason) => HostLines.Write(new HostLine.Bye(reason));
}
