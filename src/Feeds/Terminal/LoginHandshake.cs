using System.Net;
using System.Security.Cryptography;
using CSMultiConnector.Feeds.Terminal.Protocol;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>A client that proved its secret, and what its session needs from the handshake.</summary>
internal sealed record ProvenLogin(TerminalLogin Login, FeedClient Client, string TerminalNonce);

/// <summary>Why a login was refused, and the feed client that it named, if it got that far.</summary>
internal sealed record LoginRefusal(LineProblem Problem, string? Client);

/// <summary>Challenge, hello and the check of the proof. It says nothing to the hub.</summary>
internal sealed class LoginHandshake(TerminalServerOptions options, IFeedClients clients, TimeProvider time, string version)
{
    private readonly LoginThrottle _throttle = new(options, time);
    private readonly byte[] _nobodysSecret = RandomNumberGenerator.GetBytes(32);

    /// <summary>Who logged in; null with the reason of a refusal, or without one when there is nobody to tell.</summary>
    public async Task<(ProvenLogin? Login, LoginRefusal? Refusal)> RunAsync(
        Stream stream, LineReader lines, IPAddress address, CancellationToken firstLine, CancellationToken cancellation)
    {
        var nonce = FeedProof.NewNonce();
        var challenge = new HostLine.Challenge(TerminalLines.Protocol, nonce, options.HostName, version);
        await stream.WriteAsync(HostLines.Write(challenge), firstLine).ConfigureAwait(false);
        await stream.FlushAsync(firstLine).ConfigureAwait(false);

        var read = await lines.ReadAsync(firstLine).ConfigureAwait(false);
        return read.Kind switch
        {
            LineReadKind.Line => await CheckAsync(read.Bytes, nonce, address, cancellation).ConfigureAwait(false),
            LineReadKind.End => (null, null),
            _ => Refused(new LineProblem(FeedErrors.TooLong, "a line has at most 65536 bytes")),
        };
    }

    private async Task<(ProvenLogin? Login, LoginRefusal? Refusal)> CheckAsync(
        ReadOnlyMemory<byte> bytes, string nonce, IPAddress address, CancellationToken cancellation)
    {
        if (!FlatLine.TryParse(bytes.Span, out var line, out var problem) || TerminalLines.ReadHello(line, out problem) is not { } hello)
            return Refused(problem);
        if (!FeedProof.TrySplit(bytes.Span, out _, out _))
            return Refused(new LineProblem(FeedErrors.BadField, "proof: allowed is the last key of its line, written ,\"proof\":\"<64 hexadecimal digits>\""), hello.Client);

        var wait = _throttle.WaitOf(address, hello.Client);
        if (wait > TimeSpan.Zero) return Refused(new LineProblem(FeedErrors.Unauthorised, $"too many failed logins: try again in {Math.Ceiling(wait.TotalSeconds)} s"), hello.Client);

        // Somebody unknown costs the same work as a wrong secret, and gets the same answer.
        var client = await clients.FindAsync(hello.Client, cancellation).ConfigureAwait(false);
        var secret = client?.Secret ?? _nobodysSecret;
        if (!IsProved(bytes.Span, nonce, secret.Span) || client is null)
        {
            _throttle.Failed(address, hello.Client);
            return Refused(new LineProblem(FeedErrors.Unauthorised, "the client is unknown or its secret is another one: check both in the Expert Advisor's inputs"), hello.Client);
        }

        _throttle.Succeeded(address, hello.Client);
        var login = new TerminalLogin(
            client.Id,
            client.Organization,
            hello.Terminal,
            hello.Margin,
            hello.AccountMode,
            hello.Currency,
            hello.Build,
            hello.EaVersion,
            hello.Magics,
            hello.StopOnCritical,
            hello.Licence);
        return (new ProvenLogin(login, client, hello.Nonce), null);
    }

    private static bool IsProved(ReadOnlySpan<byte> line, string nonce, ReadOnlySpan<byte> secret) =>
        FeedProof.TrySplit(line, out var before, out var proof) && FeedProof.Verify(secret, FeedProof.OfTerminal, nonce, before, proof);

    private static (ProvenLogin?, LoginRefusal?) Refused(LineProblem problem, string? client = null) => (null, new LoginRefusal(problem, client));
}
