using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Terminal.Protocol;

namespace CSMultiConnector.Feeds.Tests.Terminal;

/// <summary>The codec alone: what is written is read back, and nothing that is read can throw.</summary>
public sealed class ProtocolTests
{
    private const string Odd = "quote \" backslash \\ tab-free Grüße 日本 \U0001F600 /";

    private static readonly SymbolName Symbol = new("#EUR/USD.r+");
    private static readonly Level Level = new(new Lots(0.12345678m), new Lots(1_000_000.5m));

    private static readonly Deal Deal = new(
        long.MaxValue, 0, long.MaxValue, new Magic(long.MaxValue), Symbol, OrderSide.Sell, DealEntry.OutBy, new Lots(0.00000001m), -37.63m, 0, DealReason.TakeProfit, 0.0000001m, Odd);

    private static readonly TerminalLine[] TerminalLinesOfEveryKind =
    [
        new TerminalLine.Feed(new SymbolReported(1, new SymbolFacts(Symbol, 0.001m, new Lots(0m), new Lots(0.01m), "", "USD", "", 0, "X", Odd, Odd))),
        new TerminalLine.Feed(new DealReported(2, new Magic(0), Deal, Level, 5)),
        new TerminalLine.Feed(new DealVoided(3, 1)),
        new TerminalLine.Feed(new AccountReported(4, -1m, 0m, 999_999_999_999m)),
        new TerminalLine.Feed(new PauseRequested(5, "r1", "a-b", true)),
        new TerminalLine.Feed(new PauseRequested(6, "7", null, false)),
        new TerminalLine.SnapshotBegin(7, "9", 10_000, 0),
        new TerminalLine.SnapshotPosition(8, "abc", Magic.Unattributed, Symbol, Level),
        new TerminalLine.SnapshotTotal(9, "9", Symbol, Level),
        new TerminalLine.SnapshotEnd(10, "9", 0, 1, 2),
        new TerminalLine.Ping(11),
        new TerminalLine.Pong(12),
        new TerminalLine.Bye(13, Odd),
    ];

    private static readonly HostLine[] HostLinesOfEveryKind =
    [
        new HostLine.Challenge(1, "00112233445566778899aabbccddeeff", "host", "1.0.0-rc.1+5"),
        new HostLine.Resume(new ResumePoint(new Magic(0), 0, 0)),
        new HostLine.Ledger(new ResumePosition(Magic.Unattributed, Symbol, Level)),
        new HostLine.Ready(0),
        new HostLine.Ready(55),
        new HostLine.Ack(9_007_199_254_740_993),
        new HostLine.Message(new HostMessage.SnapshotWanted()),
        new HostLine.Message(new HostMessage.Status("c", "Paper", "running", Odd, "1.0.0", "default")),
        new HostLine.Message(new HostMessage.Log("error", Odd)),
        new HostLine.Message(new HostMessage.Stop(Odd)),
        new HostLine.Message(new HostMessage.Done("r1", false, Odd)),
        new HostLine.Message(new HostMessage.Error("busy", Odd, 4)),
        new HostLine.Ping(),
        new HostLine.Pong(),
        new HostLine.Bye(Odd),
    ];

    [Fact]
    public void Every_line_of_a_terminal_is_read_as_it_was_written()
    {
        foreach (var line in TerminalLinesOfEveryKind)
        {
            var bytes = TerminalLines.Write(line);
            FlatLine.TryParse(bytes.AsSpan(..^1), out var flat, out _).ShouldBeTrue();
            flat!.TryGet("seq", out var seq).ShouldBeTrue();
            TerminalLines.Read(flat, long.Parse(seq.Text, System.Globalization.CultureInfo.InvariantCulture), out var problem).ShouldBe(line, problem.Text);
        }

        CoversEveryKind<TerminalLine>(TerminalLinesOfEveryKind.Cast<object>(), "Feed", "Hello");
        CoversEveryKind<FeedMessage>(TerminalLinesOfEveryKind.OfType<TerminalLine.Feed>().Select(l => (object)l.Message), nameof(SnapshotReported));
    }

    [Fact]
    public void Every_line_of_the_host_is_read_as_it_was_written()
    {
        foreach (var line in HostLinesOfEveryKind)
        {
            var bytes = HostLines.Write(line);
            bytes[^1].ShouldBe((byte)'\n');
            FlatLine.TryParse(bytes.AsSpan(..^1), out var flat, out _).ShouldBeTrue();
            HostLines.Read(flat!, out var problem).ShouldBe(line, problem.Text);
        }

        CoversEveryKind<HostLine>(HostLinesOfEveryKind.Cast<object>(), "Message", "Welcome");
        CoversEveryKind<HostMessage>(HostLinesOfEveryKind.OfType<HostLine.Message>().Select(l => (object)l.What));
    }

    [Fact]
    public void Amounts_are_written_without_exponent_and_tickets_in_full()
    {
        var text = Encoding.UTF8.GetString(TerminalLines.Write(TerminalLinesOfEveryKind[1]));
        text.ShouldContain("\"lots\":0.00000001,");
        text.ShouldContain("\"commission\":0.0000001,");
        text.ShouldContain("\"ticket\":9223372036854775807,");
        text.ShouldContain("\"long\":0.12345678,\"short\":1000000.5}");
    }

    [Fact]
    public void A_long_text_is_cut_between_characters()
    {
        var text = new string('x', LineWriter.MaxText - 1) + "\U0001F600tail";
        FlatLine.TryParse(HostLines.Write(new HostLine.Bye(text)).AsSpan(..^1), out var flat, out _).ShouldBeTrue();
        flat!.TryGet("reason", out var reason).ShouldBeTrue();
        reason.Text.ShouldBe(new string('x', LineWriter.MaxText - 1));
    }

    [Fact]
    public void No_input_makes_the_parsers_throw()
    {
        var random = new Random(20260105);
        var seeds = TerminalLinesOfEveryKind.Select(TerminalLines.Write)
            .Concat(HostLinesOfEveryKind.Select(HostLines.Write))
            .Append(TerminalLines.WriteHello(
                new TerminalLine.Hello("ea-1", new string('a', 32), new TerminalId(1, "s"), MarginMode.Hedging, "demo", "USD", 1, "1", [new Magic(1), new Magic(2)], true, "x"),
                "secret"u8,
                new string('b', 32)))
            .ToArray();
        var understood = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var line = Mutate(seeds[random.Next(seeds.Length)].AsSpan(..^1).ToArray(), random);
            FeedProof.TrySplit(line, out _, out _);
            if (!FlatLine.TryParse(line, out var flat, out var problem))
            {
                problem.Code.ShouldBeOneOf(FeedErrors.BadJson, FeedErrors.TooLong);
                continue;
            }

            if (TerminalLines.Read(flat, 1, out problem) is not null) understood++;
            else problem.Text.ShouldNotBeNullOrEmpty();
            HostLines.Read(flat, out _);
            TerminalLines.ReadHello(flat, out _);
        }

        // The mutations are not all hopeless: both outcomes are really tried.
        understood.ShouldBeInRange(100, 39_000);
    }

    private static byte[] Mutate(byte[] line, Random random)
    {
        var bytes = line.ToList();
        for (var changes = random.Next(0, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(0, at));
                    break;
                case 5:
                    bytes.InsertRange(at, Encoding.ASCII.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                default:
                    bytes[at] = (byte)"0123456789-.eE\"{}[],:\\"[random.Next(22)];
                    break;
            }
        }

        return [.. bytes];
    }

    private static readonly string[] Tokens =
        ["null", "true", "[", "{", "}", "\"", "\\u0000", "\\ud800", "1e999", "-0", "99999999999999999999", ",\"t\":\"deal\"", "\"seq\":1,", ",\"proof\":\"", "\uFEFF"];

    private static void CoversEveryKind<T>(IEnumerable<object> lines, params string[] except) =>
        lines.Select(l => l.GetType().Name).Concat(except).ToHashSet()
            .ShouldBe(typeof(T).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(T))).Select(t => t.Name), ignoreOrder: true);
}
