using System.Diagnostics;
using System.Globalization;
using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Terminal.Protocol;
using Xunit.Abstractions;

namespace CSMultiConnector.Feeds.Tests.Fuzz;

/// <summary>
/// A million lines against the codec: nothing escapes it, what it takes it can write again, and each refusal has a code of the protocol page and a text
/// that fits on a line. A failure names the worker and the number of the input; both workers are seeded, so it comes again.
/// </summary>
public sealed class LineFuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 1_000_000;
    private const int Workers = 2;
    private const string Nonce = "00112233445566778899aabbccddeeff";

    private static readonly string[] s_types =
        ["hello", "symbol", "deal", "deal-void", "snapshot", "position", "total", "snapshot-end", "account", "pause", "resume-trading", "ping", "pong", "bye"];

    private static readonly byte[] s_secret = "secret"u8.ToArray();
    private static readonly SymbolName s_symbol = new("#EUR/USD.r+");
    private static readonly Level s_level = new(new Lots(0.12345678m), new Lots(1_000_000.5m));

    private static readonly TerminalLine.Hello s_hello = new(
        "ea-1", new string('a', 32), new TerminalId(1, "Srv"), MarginMode.Hedging, "demo", "USD", 1, "1.0", [new Magic(1), new Magic(2)], true, "x");

    [Fact]
    public async Task A_million_lines_escape_neither_as_an_exception_nor_without_a_code()
    {
        var clock = Stopwatch.StartNew();
        var workers = await Task.WhenAll(Enumerable.Range(0, Workers).Select(w => Task.Run(() => Run(w, Inputs / Workers))));
        var outcomes = workers.SelectMany(w => w.Outcomes).GroupBy(o => o.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(o => o.Value), StringComparer.Ordinal);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Inputs} lines in {clock.Elapsed.TotalSeconds:0.0} s, {outcomes.Count} kinds of outcome, {workers.Sum(w => w.Corpus)} lines kept"));
        foreach (var (outcome, count) in outcomes.OrderByDescending(o => o.Value).Take(15)) output.WriteLine($"{count,8} {outcome}");

        // A fuzzer that finds nothing in is one that tries nothing: every type was taken, and every code of the codec was given.
        foreach (var type in s_types.Where(t => t != "hello"))
            outcomes.GetValueOrDefault($"taken {type}").ShouldBeGreaterThan(100, type);
        outcomes.GetValueOrDefault("hello taken").ShouldBeGreaterThan(100);
        foreach (var code in (string[])[FeedErrors.BadJson, FeedErrors.TooLong, FeedErrors.UnknownType, FeedErrors.BadField, FeedErrors.UnsupportedProtocol])
            outcomes.Where(o => o.Key.Contains(code, StringComparison.Ordinal)).Sum(o => o.Value).ShouldBeGreaterThan(100, code);
    }

    [Fact]
    public async Task However_the_bytes_arrive_the_same_lines_are_read()
    {
        var random = new Random(11);
        for (var run = 0; run < 80; run++)
        {
            var expected = new List<string>();
            var bytes = new List<byte>();
            for (var lines = random.Next(1, 12); lines > 0; lines--)
            {
                var length = random.Next(6) == 0 ? FlatLine.MaxBytes + random.Next(-3, 4) : random.Next(0, 200);
                var line = Enumerable.Range(0, length).Select(i => (byte)(i % 250 == 10 ? 11 : i % 250)).ToArray();
                expected.Add(length > FlatLine.MaxBytes ? "too long" : Convert.ToHexString(line));
                bytes.AddRange(line);
                bytes.Add((byte)'\n');
            }

            bytes.AddRange("an unfinished line"u8);
            await using var reader = new LineReader(new ChunkedStream([.. bytes], random));
            var read = new List<string>();
            while (await reader.ReadAsync(CancellationToken.None) is { Kind: not LineReadKind.End } line)
                read.Add(line.Kind == LineReadKind.TooLong ? "too long" : Convert.ToHexString(line.Bytes.Span));
            read.ShouldBe(expected, $"run {run}");
        }
    }

    [Fact]
    public void A_list_of_the_most_and_longest_magics_survives_the_login()
    {
        var hello = s_hello with { Magics = [.. Enumerable.Range(0, TerminalLines.MaxMagics).Select(i => new Magic(long.MaxValue - TerminalLines.MaxMagics + i))] };
        FlatLine.TryParse(TerminalLines.WriteHello(hello, s_secret, Nonce).AsSpan(..^1), out var line, out _).ShouldBeTrue();
        TerminalLines.ReadHello(line!, out var problem).ShouldNotBeNull(problem.Text).Magics.ShouldBe(hello.Magics);
    }

    private static (Dictionary<string, int> Outcomes, int Corpus) Run(int worker, int inputs)
    {
        var fuzzer = new LineFuzzer(20_261_121 + worker, Seeds());
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < inputs; i++)
        {
            var line = fuzzer.Next();
            string outcome;
            try
            {
                outcome = Try(line);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Worker {worker}, input {i}: {Convert.ToHexString(line)} = {Encoding.UTF8.GetString(line)}", e);
            }

            if (!outcomes.TryGetValue(outcome, out var count)) fuzzer.Keep(line);
            outcomes[outcome] = count + 1;
        }

        return (outcomes, fuzzer.Corpus);
    }

    /// <summary>Checks one line; what became of it, in few words.</summary>
    private static string Try(byte[] bytes)
    {
        if (bytes.AsSpan().IndexOf("proof"u8) >= 0 && FeedProof.TrySplit(bytes, out var before, out var proof) && !(bytes.AsSpan().StartsWith(before) && proof.Length == 32))
            throw new InvalidOperationException("not a split");
        if (!FlatLine.TryParse(bytes, out var line, out var problem))
        {
            if (line is not null || problem.Code != (bytes.Length > FlatLine.MaxBytes ? FeedErrors.TooLong : FeedErrors.BadJson)) throw new InvalidOperationException(problem.Code);
            return Refused("", problem);
        }

        var host = TryHostLine(line);
        if (line.Type == "hello") return TryHello(line);
        if (TerminalLines.Read(line, 5, out problem) is { } read)
        {
            ShouldBeWrittenAgain(read);
            return $"taken {line.Type}";
        }

        if (problem.Code is not (FeedErrors.UnknownType or FeedErrors.BadField)) throw new InvalidOperationException(problem.Code);
        return host ?? Refused(line.Type ?? "", problem);
    }

    private static void ShouldBeWrittenAgain(TerminalLine read)
    {
        var written = TerminalLines.Write(read);
        if (!FlatLine.TryParse(written.AsSpan(..^1), out var again, out var problem) || TerminalLines.Read(again, 5, out problem) is not { } second)
            throw new InvalidOperationException($"{read} was written as {Encoding.UTF8.GetString(written)}: {problem.Text}");
        if (second != read) throw new InvalidOperationException($"{read} became {second}");
    }

    private static string TryHello(FlatLine line)
    {
        if (TerminalLines.ReadHello(line, out var problem) is not { } hello)
        {
            if (problem.Code is not (FeedErrors.BadField or FeedErrors.UnsupportedProtocol)) throw new InvalidOperationException(problem.Code);
            return Refused("hello", problem);
        }

        var written = TerminalLines.WriteHello(hello, s_secret, Nonce).AsSpan(..^1);
        if (!FlatLine.TryParse(written, out var again, out _) || TerminalLines.ReadHello(again, out problem) is not { } second) throw new InvalidOperationException($"{hello}: {problem.Text}");
        if (second with { Magics = hello.Magics } != hello || !second.Magics.SequenceEqual(hello.Magics)) throw new InvalidOperationException($"{hello} became {second}");
        if (!FeedProof.TrySplit(written, out var before, out var proof) || !FeedProof.Verify(s_secret, FeedProof.OfTerminal, Nonce, before, proof)) throw new InvalidOperationException("not proved");
        return "hello taken";
    }

    private static string? TryHostLine(FlatLine line)
    {
        if (HostLines.Read(line, out var problem) is not { } read)
        {
            if (problem.Code is not (FeedErrors.UnknownType or FeedErrors.BadField)) throw new InvalidOperationException(problem.Code);
            return null;
        }

        if (read is HostLine.Welcome) return "host welcome";
        if (!FlatLine.TryParse(HostLines.Write(read).AsSpan(..^1), out var again, out problem) || HostLines.Read(again, out problem) is not { } second)
            throw new InvalidOperationException($"{read}: {problem.Text}");
        if (second != read) throw new InvalidOperationException($"{read} became {second}");
        return $"host {line.Type}";
    }

    // What the host answers is itself a line, and one that does not break a log.
    private static string Refused(string about, LineProblem problem)
    {
        if (problem.Text.Length is 0 or > 1_000 || problem.Text.Any(char.IsControl)) throw new InvalidOperationException(problem.Text);
        var answer = HostLines.WriteRefusal(problem);
        if (answer.AsSpan(..^1).Contains((byte)'\n') || !FlatLine.TryParse(answer.AsSpan(..^1), out var line, out _) || HostLines.Read(line, out _) is not HostLine.Message)
            throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
        var end = problem.Text.IndexOf(':', StringComparison.Ordinal);
        return $"{(s_types.Contains(about) ? about : "other")}: {problem.Code}, {(end > 0 ? problem.Text[..end] : problem.Text)}";
    }

    private static IEnumerable<byte[]> Seeds()
    {
        var deal = new Deal(
            long.MaxValue, 0, 77, new Magic(1001), s_symbol, OrderSide.Sell, DealEntry.OutBy, new Lots(0.00000001m), -37.63m, 0, DealReason.TakeProfit, 0.0000001m, "Grüße \"日本\" \U0001F600");
        TerminalLine[] lines =
        [
            new TerminalLine.Feed(new SymbolReported(1, new SymbolFacts(s_symbol, 0.001m, new Lots(0m), new Lots(0.01m), "", "USD", "", 0, "X", "a\\b", "d"))),
            new TerminalLine.Feed(new DealReported(2, new Magic(0), deal, s_level, 5)),
            new TerminalLine.Feed(new DealVoided(3, 1)),
            new TerminalLine.Feed(new AccountReported(4, -1m, 0m, 999_999_999_999m)),
            new TerminalLine.Feed(new PauseRequested(5, "r1", "a-b", true)),
            new TerminalLine.Feed(new PauseRequested(6, "7", null, false)),
            new TerminalLine.SnapshotBegin(7, "9", 10_000, 0),
            new TerminalLine.SnapshotPosition(8, "abc", Magic.Unattributed, s_symbol, s_level),
            new TerminalLine.SnapshotTotal(9, "9", s_symbol, s_level),
            new TerminalLine.SnapshotEnd(10, "9", 0, 1, 2),
            new TerminalLine.Ping(11),
            new TerminalLine.Pong(12),
            new TerminalLine.Bye(13, "why"),
        ];
        HostLine[] hostLines =
        [
            new HostLine.Challenge(1, Nonce, "host", "1.0.0-rc.1+5"),
            new HostLine.Resume(new ResumePoint(new Magic(0), 0, 0)),
            new HostLine.Ledger(new ResumePosition(Magic.Unattributed, s_symbol, s_level)),
            new HostLine.Ready(55),
            new HostLine.Ack(9_007_199_254_740_993),
            new HostLine.Message(new HostMessage.SnapshotWanted()),
            new HostLine.Message(new HostMessage.Status("c", "Paper", "running", "text", "1.0.0", "default")),
            new HostLine.Message(new HostMessage.Log("error", "text")),
            new HostLine.Message(new HostMessage.Stop("text")),
            new HostLine.Message(new HostMessage.Done("r1", false, "text")),
            new HostLine.Message(new HostMessage.Error("busy", "text", 4)),
            new HostLine.Bye("why"),
        ];
        byte[][] written =
        [
            .. lines.Select(TerminalLines.Write),
            .. hostLines.Select(HostLines.Write),
            TerminalLines.WriteHello(s_hello, s_secret, Nonce),
            HostLines.WriteWelcome(new HostLine.Welcome("1", 5), s_secret, Nonce),
        ];
        return written.Select(w => w[..^1]);
    }
}
