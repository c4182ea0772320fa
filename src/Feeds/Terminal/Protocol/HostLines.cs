using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>A line of the host whose fields are all allowed.</summary>
internal abstract record HostLine
{
    private HostLine()
    {
    }

    /// <summary>The first line: what the terminal proves its secret with.</summary>
    public sealed record Challenge(int Protocol, string Nonce, string Host, string Version) : HostLine;

    /// <summary>The login is accepted. Its proof is checked over the bytes of the line.</summary>
    public sealed record Welcome(string Session, int HeartbeatSeconds) : HostLine;

    /// <summary>Where a stream goes on.</summary>
    public sealed record Resume(ResumePoint Point) : HostLine;

    /// <summary>One entry of the ledger.</summary>
    public sealed record Ledger(ResumePosition Position) : HostLine;

    /// <summary>The terminal may send.</summary>
    /// <param name="LedgerDeal">Newest deal that the ledger contains; 0 = not known.</param>
    public sealed record Ready(long LedgerDeal) : HostLine;

    /// <summary>Everything up to this line is stored.</summary>
    public sealed record Ack(long Seq) : HostLine;

    /// <summary>A line of the hub.</summary>
    public sealed record Message(HostMessage What) : HostLine;

    /// <summary>Asks for a <c>pong</c>.</summary>
    public sealed record Ping : HostLine;

    /// <summary>Answers a <c>ping</c>.</summary>
    public sealed record Pong : HostLine;

    /// <summary>The host leaves.</summary>
    public sealed record Bye(string Reason) : HostLine;
}

/// <summary>Lines from the host to the terminal: writing (the host) and reading (the client).</summary>
internal static class HostLines
{
    private const int MaxText = LineWriter.MaxText;

    /// <summary>Writes the line that closes a login with a code.</summary>
    public static byte[] WriteRefusal(LineProblem problem)
    {
        var writer = new LineWriter("error").Text("code", problem.Code).Text("text", problem.Text).Number("seq", 0);
        if (problem.Code == FeedErrors.UnsupportedProtocol) writer.Number("min", TerminalLines.Protocol).Number("max", TerminalLines.Protocol);
        return writer.Line();
    }

    /// <summary>Writes the line that accepts a login.</summary>
    public static byte[] WriteWelcome(HostLine.Welcome welcome, ReadOnlySpan<byte> secret, string terminalNonce) =>
        new LineWriter("welcome")
            .Text("session", welcome.Session)
            .Number("heartbeat", welcome.HeartbeatSeconds)
            .SignedLine(secret, FeedProof.OfHost, terminalNonce);

    /// <summary>Writes any other line.</summary>
    public static byte[] Write(HostLine line) => line switch
    {
        HostLine.Challenge l => new LineWriter("challenge")
            .Number("protocol", l.Protocol).Text("nonce", l.Nonce).Text("host", l.Host).Text("version", l.Version).Line(),
        HostLine.Resume l => new LineWriter("resume")
            .Number("magic", l.Point.Magic.Value).Number("deal", l.Point.Deal).Number("timeMsc", l.Point.TimeMsc).Line(),
        HostLine.Ledger l => new LineWriter("resume-position")
            .Number("magic", l.Position.Magic.Value).Text("symbol", l.Position.Symbol.Value).Level(l.Position.Level).Line(),
        HostLine.Ready l => new LineWriter("ready").Number("ledgerDeal", l.LedgerDeal).Line(),
        HostLine.Ack l => new LineWriter("ack").Number("seq", l.Seq).Line(),
        HostLine.Message l => Write(l.What),
        HostLine.Ping => new LineWriter("ping").Line(),
        HostLine.Pong => new LineWriter("pong").Line(),
        HostLine.Bye l => new LineWriter("bye").Text("reason", l.Reason).Line(),
        _ => throw new ArgumentException($"{line.GetType().Name} is not written by this method.", nameof(line)),
    };

    private static byte[] Write(HostMessage message) => message switch
    {
        HostMessage.SnapshotWanted => new LineWriter("snapshot-wanted").Line(),
        HostMessage.Status m => new LineWriter("status")
            .Text("connector", m.Connector).Text("venue", m.Venue).Text("state", m.State).Text("text", m.Text).Text("version", m.Version).Text("licence", m.Licence).Line(),
        HostMessage.Log m => new LineWriter("log").Text("level", m.Level).Text("text", m.Text).Line(),
        HostMessage.Stop m => new LineWriter("stop").Text("reason", m.Reason).Line(),
        HostMessage.Done m => new LineWriter("done").Text("id", m.Id).Flag("ok", m.Ok).Text("text", m.Text).Line(),
        HostMessage.Error m => new LineWriter("error").Text("code", m.Code).Text("text", m.Text).Number("seq", m.Seq).Line(),
        _ => throw new ArgumentException($"{message.GetType().Name} has no line.", nameof(message)),
    };

    /// <summary>Reads a line of the host.</summary>
    public static HostLine? Read(FlatLine line, out LineProblem problem)
    {
        problem = default;
        var fields = new FieldReader(line);
        HostLine? read = line.Type switch
        {
            "challenge" => new HostLine.Challenge(
                (int)fields.Integer("protocol", 1, int.MaxValue), fields.Hex("nonce", FeedProof.NonceDigits), fields.Name("host", 0, 256), fields.Name("version", 0, 64)),
            "welcome" => new HostLine.Welcome(fields.Token("session"), (int)fields.Integer("heartbeat", 1, 3_600)),
            "resume" => new HostLine.Resume(new ResumePoint(fields.Magic("magic", 0), fields.Integer("deal", 0), fields.Integer("timeMsc", 0))),
            "resume-position" => new HostLine.Ledger(new ResumePosition(fields.Magic("magic", -1), fields.Symbol("symbol"), fields.Level())),
            "ready" => new HostLine.Ready(fields.OptionalInteger("ledgerDeal", 0) ?? 0),
            "ack" => new HostLine.Ack(fields.Integer("seq", 1)),
            "snapshot-wanted" => new HostLine.Message(new HostMessage.SnapshotWanted()),
            "status" => new HostLine.Message(new HostMessage.Status(
                fields.Name("connector", 0, 64),
                fields.Prose("venue", MaxText),
                fields.Name("state", 0, 32),
                fields.Prose("text", MaxText),
                fields.Prose("version", MaxText),
                fields.Prose("licence", MaxText))),
            "log" => new HostLine.Message(new HostMessage.Log(fields.Name("level", 1, 16), fields.Prose("text", MaxText))),
            "stop" => new HostLine.Message(new HostMessage.Stop(fields.Prose("reason", MaxText))),
            "done" => new HostLine.Message(new HostMessage.Done(fields.Token("id"), fields.Flag("ok"), fields.Prose("text", MaxText))),
            "error" => new HostLine.Message(new HostMessage.Error(fields.Name("code", 1, 64), fields.Prose("text", MaxText), fields.OptionalInteger("seq", 0) ?? 0)),
            "ping" => new HostLine.Ping(),
            "pong" => new HostLine.Pong(),
            "bye" => new HostLine.Bye(fields.OptionalName("reason", 0, MaxText) ?? ""),
            _ => null,
        };
        if (read is null)
        {
            problem = new LineProblem(FeedErrors.UnknownType, "t: not a line of the host");
            return null;
        }

        if (fields.Problem is not { } found) return read;
        problem = found;
        return null;
    }
}
