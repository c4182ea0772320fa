using System.Globalization;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>Lines from the terminal to the host: reading (the host) and writing (the client).</summary>
internal static partial class TerminalLines
{
    /// <summary>The one version that is spoken.</summary>
    public const int Protocol = 1;

    /// <summary>A terminal lists at most this many magics.</summary>
    public const int MaxMagics = 256;

    /// <summary>A snapshot has at most this many lines of each kind.</summary>
    public const int MaxSnapshotLines = 10_000;

    // 256 magics of 19 digits with their commas, and some more.
    private const int MaxMagicsText = 6_000;

    private const string MagicsRule = "numbers from 0 to 9223372036854775807 with commas between them, at most 256, or nothing";

    /// <summary>Reads a line that follows the login. <paramref name="seq"/> was checked before.</summary>
    public static TerminalLine? Read(FlatLine line, long seq, out LineProblem problem)
    {
        problem = default;
        var fields = new FieldReader(line);
        TerminalLine? read = line.Type switch
        {
            "symbol" => new TerminalLine.Feed(new SymbolReported(seq, SymbolOf(fields))),
            "deal" => new TerminalLine.Feed(DealOf(fields, seq)),
            "deal-void" => new TerminalLine.Feed(new DealVoided(seq, fields.Integer("ticket", 1))),
            "snapshot" => new TerminalLine.SnapshotBegin(
                seq, fields.Token("snapshot"), (int)fields.Integer("positions", 0, MaxSnapshotLines), (int)fields.Integer("totals", 0, MaxSnapshotLines)),
            "position" => new TerminalLine.SnapshotPosition(seq, fields.Token("snapshot"), fields.Magic("magic", -1), fields.Symbol("symbol"), fields.Level()),
            "total" => new TerminalLine.SnapshotTotal(seq, fields.Token("snapshot"), fields.Symbol("symbol"), fields.Level()),
            "snapshot-end" => new TerminalLine.SnapshotEnd(
                seq, fields.Token("snapshot"), fields.Integer("lastDeal", 0), fields.Integer("timeMsc", 0), fields.Integer("utcMsc", 0)),
            "account" => new TerminalLine.Feed(new AccountReported(seq, fields.Amount("balance"), fields.Amount("equity"), fields.Amount("marginFree"))),
            "pause" or "resume-trading" => new TerminalLine.Feed(PauseOf(fields, seq, line.Type == "pause")),
            "ping" => new TerminalLine.Ping(seq),
            "pong" => new TerminalLine.Pong(seq),
            "bye" => new TerminalLine.Bye(seq, fields.OptionalName("reason", 0, 256) ?? ""),
            _ => null,
        };
        if (read is null)
        {
            problem = new LineProblem(FeedErrors.UnknownType, "t: allowed is symbol, deal, deal-void, snapshot, position, total, snapshot-end, account, pause, resume-trading, ping, pong, bye");
            return null;
        }

        if (fields.Problem is not { } found) return read;
        problem = found;
        return null;
    }

    /// <summary>Reads the first line of a terminal; the protocol version is looked at before anything else.</summary>
    public static TerminalLine.Hello? ReadHello(FlatLine line, out LineProblem problem)
    {
        problem = default;
        if (line.Type != "hello")
        {
            problem = new LineProblem(FeedErrors.UnknownType, "t: the first line is hello");
            return null;
        }

        var fields = new FieldReader(line);
        var protocol = fields.Integer("protocol", 1);
        if (fields.Problem is null && protocol != Protocol)
        {
            problem = new LineProblem(FeedErrors.UnsupportedProtocol, "this host speaks version 1 of the protocol");
            return null;
        }

        var hello = new TerminalLine.Hello(
            ClientOf(fields),
            fields.Hex("nonce", FeedProof.NonceDigits),
            new TerminalId(fields.Integer("login", 1), fields.Name("server", 1, 128)),
            fields.OneOf("margin", WireWords.Margin),
            AccountModeOf(fields),
            fields.Name("currency", 1, 16),
            (int)fields.Integer("build", 0, int.MaxValue),
            fields.Name("ea", 1, 32),
            MagicsOf(fields),
            fields.Flag("stopOnCritical"),
            fields.Name("licence", 0, 256));
        fields.Hex("proof", 64);
        if (line.LastKey != "proof") fields.Refuse("proof", "the last key of its line");
        if (fields.Problem is not { } found) return hello;
        problem = found;
        return null;
    }

    /// <summary>Writes the login.</summary>
    public static byte[] WriteHello(TerminalLine.Hello hello, ReadOnlySpan<byte> secret, string hostNonce) =>
        new LineWriter("hello")
            .Number("protocol", Protocol)
            .Text("client", hello.Client)
            .Text("nonce", hello.Nonce)
            .Number("login", hello.Terminal.Login)
            .Text("server", hello.Terminal.Server)
            .Text("margin", WireWords.Margin.Write(hello.Margin))
            .Text("mode", hello.AccountMode)
            .Text("currency", hello.Currency)
            .Number("build", hello.Build)
            .Text("ea", hello.EaVersion)
            .Text("magics", string.Join(',', hello.Magics), MaxMagicsText)
            .Flag("stopOnCritical", hello.StopOnCritical)
            .Text("licence", hello.Licence)
            .SignedLine(secret, FeedProof.OfTerminal, hostNonce);

    /// <summary>Writes a line that follows the login.</summary>
    public static byte[] Write(TerminalLine line) => line switch
    {
        TerminalLine.Feed { Message: SymbolReported m } => WriteSymbol(m),
        TerminalLine.Feed { Message: DealReported m } => WriteDeal(m),
        TerminalLine.Feed { Message: DealVoided m } => Begin("deal-void", m.Seq).Number("ticket", m.Ticket).Line(),
        TerminalLine.Feed { Message: AccountReported m } =>
            Begin("account", m.Seq).Amount("balance", m.Balance).Amount("equity", m.Equity).Amount("marginFree", m.MarginFree).Line(),
        TerminalLine.Feed { Message: PauseRequested m } =>
            Begin(m.Pause ? "pause" : "resume-trading", m.Seq).Text("id", m.Id).Text("connector", m.Connector).Line(),
        TerminalLine.SnapshotBegin l => Begin("snapshot", l.Seq).Token("snapshot", l.Snapshot).Number("positions", l.Positions).Number("totals", l.Totals).Line(),
        TerminalLine.SnapshotPosition l =>
            Begin("position", l.Seq).Token("snapshot", l.Snapshot).Number("magic", l.Magic.Value).Text("symbol", l.Symbol.Value).Level(l.Level).Line(),
        TerminalLine.SnapshotTotal l => Begin("total", l.Seq).Token("snapshot", l.Snapshot).Text("symbol", l.Symbol.Value).Level(l.Level).Line(),
        TerminalLine.SnapshotEnd l => Begin("snapshot-end", l.Seq)
            .Token("snapshot", l.Snapshot).Number("lastDeal", l.LastDeal).Number("timeMsc", l.TimeMsc).Number("utcMsc", l.UtcMsc).Line(),
        TerminalLine.Ping l => Begin("ping", l.Seq).Line(),
        TerminalLine.Pong l => Begin("pong", l.Seq).Line(),
        TerminalLine.Bye l => Begin("bye", l.Seq).Text("reason", l.Reason).Line(),
        _ => throw new ArgumentException($"{line.GetType().Name} is not written by this method.", nameof(line)),
    };

    private static LineWriter Begin(string type, long seq) => new LineWriter(type).Number("seq", seq);

    // As a number only what a number would be written as: "007" is a name.
    private static LineWriter Token(this LineWriter writer, string key, string token) =>
        long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == token
            ? writer.Number(key, number)
            : writer.Text(key, token);

    private static SymbolFacts SymbolOf(FieldReader fields) => new(
        fields.Symbol("name"),
        fields.Amount("contractSize", 0m, aboveMin: true),
        new Lots(fields.Amount("volumeMin", 0m)),
        new Lots(fields.Amount("volumeStep", 0m, aboveMin: true)),
        fields.Name("base", 0, 32),
        fields.Name("profit", 0, 32),
        fields.Name("margin", 0, 32),
        (int)fields.Integer("digits", 0, 16),
        fields.Name("calcMode", 0, 64),
        fields.Prose("path", 512),
        fields.Prose("description", 512));

    private static byte[] WriteSymbol(SymbolReported m) => Begin("symbol", m.Seq)
        .Text("name", m.Facts.Name.Value)
        .Amount("contractSize", m.Facts.ContractSize)
        .Amount("volumeMin", m.Facts.VolumeMin.Value)
        .Amount("volumeStep", m.Facts.VolumeStep.Value)
        .Text("base", m.Facts.BaseCurrency)
        .Text("profit", m.Facts.ProfitCurrency)
        .Text("margin", m.Facts.MarginCurrency)
        .Number("digits", m.Facts.Digits)
        .Text("calcMode", m.Facts.CalcMode)
        .Text("path", m.Facts.Path)
        .Text("description", m.Facts.Description)
        .Line();

    private static DealReported DealOf(FieldReader fields, long seq)
    {
        var stream = fields.Magic("magic", 0);
        var deal = new Deal(
            fields.Integer("ticket", 1),
            fields.Integer("order", 0),
            fields.Integer("position", 0),
            fields.Magic("dealMagic", 0),
            fields.Symbol("symbol"),
            fields.OneOf("side", WireWords.Side),
            fields.OneOf("entry", WireWords.Entry),
            new Lots(fields.Amount("lots", 0m, aboveMin: true)),
            fields.Amount("price"),
            fields.Integer("timeMsc", 0),
            fields.OneOf("reason", WireWords.Reason),
            fields.Amount("commission"),
            fields.Prose("comment", 256));
        var utc = fields.Integer("utcMsc", 0);
        return new DealReported(seq, stream, deal, fields.Level(), utc);
    }

    private static byte[] WriteDeal(DealReported m) => Begin("deal", m.Seq)
        .Number("magic", m.Stream.Value)
        .Number("dealMagic", m.Deal.Magic.Value)
        .Number("ticket", m.Deal.Ticket)
        .Number("order", m.Deal.Order)
        .Number("position", m.Deal.Position)
        .Text("symbol", m.Deal.Symbol.Value)
        .Text("side", WireWords.Side.Write(m.Deal.Side))
        .Text("entry", WireWords.Entry.Write(m.Deal.Entry))
        .Amount("lots", m.Deal.Volume.Value)
        .Amount("price", m.Deal.Price)
        .Number("timeMsc", m.Deal.Time)
        .Number("utcMsc", m.UtcMsc)
        .Text("reason", WireWords.Reason.Write(m.Deal.Reason))
        .Amount("commission", m.Deal.Commission)
        .Text("comment", m.Deal.Comment)
        .Level(m.Level)
        .Line();

    private static PauseRequested PauseOf(FieldReader fields, long seq, bool pause)
    {
        var connector = fields.OptionalName("connector", 1, 32);
        if (connector is not null && !ConnectorId.IsValid(connector)) fields.Refuse("connector", "a connector's id, or absent");
        return new PauseRequested(seq, fields.Token("id"), connector, pause);
    }

    private static string ClientOf(FieldReader fields)
    {
        var client = fields.Name("client", 1, 64);
        if (!ClientPattern().IsMatch(client)) fields.Refuse("client", "1 to 64 letters, digits, '_' and '-'");
        return client;
    }

    private static string AccountModeOf(FieldReader fields)
    {
        var mode = fields.Name("mode", 1, 16);
        if (mode is not ("demo" or "contest" or "real")) fields.Refuse("mode", "demo, contest, real");
        return mode;
    }

    private static IReadOnlyList<Magic> MagicsOf(FieldReader fields)
    {
        var text = fields.Name("magics", 0, MaxMagicsText);
        if (text.Length == 0) return [Magic.ByHand];
        var magics = new SortedSet<Magic>();
        foreach (var part in text.Split(','))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                fields.Refuse("magics", MagicsRule);
                return [];
            }

            magics.Add(new Magic(number));
        }

        if (magics.Count > MaxMagics) fields.Refuse("magics", MagicsRule);
        return [.. magics];
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ClientPattern();
}
