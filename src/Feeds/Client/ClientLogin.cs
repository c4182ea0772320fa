using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Terminal.Protocol;

namespace CSMultiConnector.Feeds.Client;

/// <summary>Why a connection ended.</summary>
internal enum SessionEndKind
{
    /// <summary>The connection broke or the host closed it without a word.</summary>
    Lost,

    /// <summary>The host said <c>bye</c>: it stops, or takes no session now.</summary>
    HostLeft,

    /// <summary>Another session took this one's place.</summary>
    Replaced,

    /// <summary>The host said <c>stop</c>.</summary>
    StoppedByHost,

    /// <summary>Too much waited to be sent.</summary>
    Overflow,

    /// <summary>The host refused the login; it may accept a later one.</summary>
    Refused,

    /// <summary>The host will never accept this login: another protocol, or a field that it does not allow.</summary>
    RefusedForGood,

    /// <summary>The other side could not prove that it knows the secret.</summary>
    NotTheHost,

    /// <summary>The owner stopped the client.</summary>
    Cancelled,
}

/// <summary>Why a connection ended, for a program and for a person.</summary>
internal sealed record SessionEnd(SessionEndKind Kind, string Text);

/// <summary>What the host said at login.</summary>
internal sealed record ClientLogin(
    int HeartbeatSeconds, IReadOnlyList<ResumePoint> Resume, IReadOnlyList<StreamLevel> Ledger, long LedgerDeal)
{
    /// <summary>More resume lines than this are not read: the other side is no host.</summary>
    private const int MaxResumeLines = 100_000;

    /// <summary>Proves the secret, has the host prove it, and reads where the streams go on.</summary>
    public static async Task<(ClientLogin? Login, SessionEnd? End)> RunAsync(
        Stream stream, LineReader lines, TerminalClientOptions options, SimulatedTerminal terminal, CancellationToken cancellation)
    {
        var (first, problem) = await ReadAsync(lines, cancellation).ConfigureAwait(false);
        if (first is not HostLine.Challenge challenge) return (null, problem ?? EndOf(first));
        if (challenge.Protocol != TerminalLines.Protocol)
            return (null, new SessionEnd(SessionEndKind.RefusedForGood, $"the host speaks version {challenge.Protocol} of the protocol, this client version 1"));

        var nonce = FeedProof.NewNonce();
        var hello = new TerminalLine.Hello(
            options.ClientId,
            nonce,
            terminal.Id,
            terminal.Margin,
            terminal.AccountMode,
            terminal.Currency,
            terminal.Build,
            options.EaVersion,
            terminal.Listed,
            options.StopOnCritical,
            options.Licence);
        await stream.WriteAsync(TerminalLines.WriteHello(hello, options.Secret.Span, challenge.Nonce), cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);

        var read = await lines.ReadAsync(cancellation).ConfigureAwait(false);
        if (read.Kind != LineReadKind.Line) return (null, Lost);
        var (line, bad) = Parse(read.Bytes.Span);
        if (line is not HostLine.Welcome welcome) return (null, bad ?? EndOf(line));
        if (!IsProved(read.Bytes.Span, options.Secret.Span, nonce))
            return (null, new SessionEnd(SessionEndKind.NotTheHost, "the other side could not prove that it knows the secret: check address and secret"));
        return await ReadResumeAsync(lines, welcome, cancellation).ConfigureAwait(false);
    }

    private static SessionEnd Lost { get; } = new(SessionEndKind.Lost, "the host closed the connection during login");

    private static async Task<(ClientLogin?, SessionEnd?)> ReadResumeAsync(LineReader lines, HostLine.Welcome welcome, CancellationToken cancellation)
    {
        var resume = new List<ResumePoint>();
        var ledger = new List<StreamLevel>();
        while (resume.Count + ledger.Count < MaxResumeLines)
        {
            var (line, problem) = await ReadAsync(lines, cancellation).ConfigureAwait(false);
            switch (line)
            {
                case HostLine.Resume l:
                    resume.Add(l.Point);
                    break;
                case HostLine.Ledger l:
                    ledger.Add(new StreamLevel(l.Position.Magic, l.Position.Symbol, l.Position.Level));
                    break;
                case HostLine.Ready l:
                    return (new ClientLogin(welcome.HeartbeatSeconds, resume, ledger, l.LedgerDeal), null);
                default:
                    return (null, problem ?? EndOf(line));
            }
        }

        return (null, new SessionEnd(SessionEndKind.NotTheHost, "the host sent too many resume lines"));
    }

    private static async Task<(HostLine? Line, SessionEnd? Problem)> ReadAsync(LineReader lines, CancellationToken cancellation)
    {
        var read = await lines.ReadAsync(cancellation).ConfigureAwait(false);
        return read.Kind == LineReadKind.Line ? Parse(read.Bytes.Span) : (null, Lost);
    }

    private static (HostLine? Line, SessionEnd? Problem) Parse(ReadOnlySpan<byte> bytes)
    {
        LineProblem problem;
        return FlatLine.TryParse(bytes, out var flat, out problem) && HostLines.Read(flat, out problem) is { } line
            ? (line, null)
            : (null, new SessionEnd(SessionEndKind.NotTheHost, $"the other side does not speak the feed protocol: {problem.Text}"));
    }

    private static SessionEnd EndOf(HostLine? line) => line switch
    {
        HostLine.Bye bye => new SessionEnd(bye.Reason == FeedErrors.Replaced ? SessionEndKind.Replaced : SessionEndKind.HostLeft, bye.Reason),
        HostLine.Message { What: HostMessage.Error { Code: FeedErrors.Unauthorised or FeedErrors.Busy } e } => new SessionEnd(SessionEndKind.Refused, $"{e.Code}: {e.Text}"),
        HostLine.Message { What: HostMessage.Error e } => new SessionEnd(SessionEndKind.RefusedForGood, $"{e.Code}: {e.Text}"),
        _ => new SessionEnd(SessionEndKind.NotTheHost, "the other side does not follow the login of the feed protocol"),
    };

    private static bool IsProved(ReadOnlySpan<byte> line, ReadOnlySpan<byte> secret, string nonce) =>
        FeedProof.TrySplit(line, out var before, out var proof) && FeedProof.Verify(secret, FeedProof.OfHost, nonce, before, proof);
}
