using System.Globalization;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Terminal.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Feeds.Tests.Fuzz;

/// <summary>
/// Sessions that get right and wrong lines in any order, against a model of the page's rules about numbers, errors and acknowledgements. The model looks at
/// lines as JSON only; what a field may hold is not its business.
/// </summary>
public sealed class SessionFuzzTests
{
    private const int Runs = 250;
    private const int MaxOwed = 40;

    private static readonly TerminalServerOptions s_options = new() { Port = 0, MaxUnjournaledLines = MaxOwed, MaxRefusedInARow = 12, MaxSymbols = 6, MaxQueuedLines = 2_000 };

    [Fact]
    public async Task Whatever_lines_come_numbers_errors_and_acknowledgements_follow_the_page()
    {
        var (ended, survived) = (0, 0);
        for (var run = 0; run < Runs; run++)
        {
            try
            {
                if (await RunAsync(new Random(5_000 + run))) ended++;
                else survived++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Run {run}: {e.Message}", e);
            }
        }

        // Both ways to the end were taken often.
        ended.ShouldBeGreaterThan(Runs / 10);
        survived.ShouldBeGreaterThan(Runs / 10);
    }

    /// <summary>True when the host ended the session for too many refused lines or the terminal by its <c>bye</c>.</summary>
    private static async Task<bool> RunAsync(Random random)
    {
        var lines = new Script(random).Lines(random.Next(1, 150));
        await using var stream = new ScriptedStream([.. lines.SelectMany(l => l.Append((byte)'\n'))], random);
        await using var reader = new LineReader(stream);
        var clock = new ManualTimeProvider();
        using var refusals = new RefusalLog(NullLogger.Instance, clock);
        var login = new TerminalLogin("ea-1", OrganizationId.Local, new TerminalId(1, "S"), MarginMode.Netting, "demo", "USD", 1, "1", [new Magic(1001)], false, "x");
        await using var session = new TerminalSession(1, login, s_options, clock, refusals);
        var hub = new Hub(session, random.Next(1, MaxOwed));
        stream.Writing = text => hub.Witness(Acks(text.Split('\n')));
        session.Start();
        var running = session.RunAsync(stream, reader, hub);

        // Lines that the hub never sees are acknowledged when the clock says so; the session is over or everything is covered.
        var due = Model.DueAfter(lines);
        var patience = new CancellationTokenSource(RawPatience).Token;
        while (!running.IsCompleted && Acks(stream.Lines).LastOrDefault() != due - 1)
        {
            patience.ThrowIfCancellationRequested();
            hub.AcknowledgeAll();
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        var byTheHost = running.IsCompleted;
        stream.CloseOtherEnd();
        await running.WaitAsync(RawPatience);
        Check(lines, stream.Lines, hub, byTheHost);
        return byTheHost;
    }

    private static TimeSpan RawPatience => Terminal.RawTerminal.Patience;

    private static void Check(IReadOnlyList<byte[]> lines, string[] written, Hub hub, bool byTheHost)
    {
        var said = written.Select(w => JsonDocument.Parse(w).RootElement).ToArray();
        var byes = said.Select((line, at) => (Type: Type(line), at)).Where(l => l.Type == "bye").ToArray();
        byes.Length.ShouldBeLessThanOrEqualTo(1);
        if (byes.Length == 1) byes[0].at.ShouldBe(said.Length - 1, "nothing follows bye");

        // One error a line at most, in the order of the lines; those that cannot be right have theirs.
        var errors = new Queue<JsonElement>(said.Where(l => Type(l) == "error"));
        var refusedInARow = 0;
        var refused = new HashSet<long>();
        var taken = 0L;
        foreach (var (line, seq, verdict) in Model.Judge(lines))
        {
            taken++;
            var error = errors.TryPeek(out var next) && next.GetProperty("seq").GetInt64() == seq && verdict == Model.VerdictOf(next) ? errors.Dequeue() : (JsonElement?)null;
            if (error is null && verdict != Verdict.MayBeRight)
            {
                byTheHost.ShouldBeTrue($"no error for line {taken}: {Encoding.UTF8.GetString(line)}");
                break;
            }

            if (error is null)
            {
                refusedInARow = 0;
                if (byTheHost && errors.Count == 0 && hub.Seqs.LastOrDefault() < seq) break;
                continue;
            }

            if (verdict != Verdict.OutOfOrder) refused.Add(seq);
            if (++refusedInARow == s_options.MaxRefusedInARow)
            {
                byTheHost.ShouldBeTrue("too many refused lines end the session");
                byes.Length.ShouldBe(1);
                break;
            }
        }

        errors.ShouldBeEmpty("an error that belongs to no line");
        hub.Seqs.ShouldBe([.. hub.Seqs.Distinct().Order()], "in order, each once");
        hub.Seqs.ShouldNotContain(s => refused.Contains(s), "what was refused does not reach the hub");
        hub.MostOwed.ShouldBeLessThanOrEqualTo(MaxOwed);
        hub.Early.ShouldBeEmpty("acknowledged before the hub had stored it");
        Acks(written).ToArray().ShouldBe([.. Acks(written).Distinct().Order()], "acknowledgements grow");
    }

    private static IEnumerable<long> Acks(string[] lines) =>
        lines.Where(l => l.StartsWith("{\"t\":\"ack\"", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("seq").GetInt64());

    private static string Type(JsonElement line) => line.GetProperty("t").GetString()!;

    private enum Verdict
    {
        MayBeRight,
        OutOfOrder,
        NoNumber,
    }

    /// <summary>What the page says about the number of each line.</summary>
    private static class Model
    {
        public static IEnumerable<(byte[] Line, long Seq, Verdict Verdict)> Judge(IReadOnlyList<byte[]> lines)
        {
            var due = 1L;
            foreach (var line in lines)
            {
                var seq = SeqOf(line);
                if (seq is null) yield return (line, due++, Verdict.NoNumber);
                else if (seq != due) yield return (line, seq.Value, Verdict.OutOfOrder);
                else yield return (line, due++, Verdict.MayBeRight);
            }
        }

        public static long DueAfter(IReadOnlyList<byte[]> lines) => 1 + Judge(lines).Count(l => l.Verdict != Verdict.OutOfOrder);

        public static Verdict VerdictOf(JsonElement error)
        {
            var (code, text) = (error.GetProperty("code").GetString()!, error.GetProperty("text").GetString()!);
            return code == FeedErrors.OutOfOrder ? Verdict.OutOfOrder
                : code is FeedErrors.BadJson or FeedErrors.TooLong || text.StartsWith("seq:", StringComparison.Ordinal) ? Verdict.NoNumber
                : Verdict.MayBeRight;
        }

        private static long? SeqOf(byte[] line)
        {
            if (line.Length > FlatLine.MaxBytes) return null;
            try
            {
                using var document = JsonDocument.Parse(line);
                var root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object) return null;
                var keys = root.EnumerateObject().Select(p => p.Name).ToArray();
                if (keys.Distinct(StringComparer.Ordinal).Count() != keys.Length || keys.Length > FlatLine.MaxKeys) return null;
                foreach (var value in root.EnumerateObject().Select(p => p.Value))
                {
                    if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return null;
                    if (value.ValueKind == JsonValueKind.String) _ = value.GetString();
                }

                return root.TryGetProperty("seq", out var seq) && seq.ValueKind == JsonValueKind.Number
                    && long.TryParse(seq.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>Lines as a terminal writes them, most of them right, and what goes wrong with them.</summary>
    private sealed class Script(Random random)
    {
        private long _seq;
        private int _snapshot;

        public List<byte[]> Lines(int count)
        {
            var lines = new List<byte[]>();
            var wrong = random.Next(3) switch { 0 => 0, 1 => 8, _ => 60 };
            while (lines.Count < count) lines.Add(random.Next(100) < wrong ? Wrong() : Encoding.UTF8.GetBytes(Right()));

            // Whatever snapshot was open, it is over after this.
            lines.Add(Encoding.UTF8.GetBytes(Line("account", "\"balance\":1,\"equity\":1,\"marginFree\":1")));
            return lines;
        }

        private string Right() => random.Next(14) switch
        {
            < 2 => Line("symbol", $"\"name\":\"S{random.Next(8)}\",\"contractSize\":1,\"volumeMin\":0.01,\"volumeStep\":0.01,\"base\":\"\",\"profit\":\"\",\"margin\":\"\",\"digits\":2,\"calcMode\":\"\",\"path\":\"\",\"description\":\"\""),
            < 6 => Line("deal", $"\"magic\":{(random.Next(8) == 0 ? 7 : 1001)},\"dealMagic\":1,\"ticket\":{_seq + 1},\"order\":0,\"position\":0,\"symbol\":\"S{random.Next(8)}\",\"side\":\"buy\",\"entry\":\"in\",\"lots\":1,\"price\":1,\"timeMsc\":1,\"utcMsc\":1,\"reason\":\"expert\",\"commission\":0,\"comment\":\"\",\"long\":1,\"short\":{(random.Next(9) == 0 ? 1 : 0)}"),
            < 8 => Line("snapshot", $"\"snapshot\":{++_snapshot},\"positions\":{random.Next(3)},\"totals\":{random.Next(2)}"),
            8 => Line("position", $"\"snapshot\":{_snapshot},\"magic\":1001,\"symbol\":\"S{random.Next(8)}\",\"long\":1,\"short\":0"),
            9 => Line("total", $"\"snapshot\":{_snapshot},\"symbol\":\"S{random.Next(8)}\",\"long\":1,\"short\":0"),
            10 => Line("snapshot-end", $"\"snapshot\":{_snapshot},\"lastDeal\":0,\"timeMsc\":0,\"utcMsc\":0"),
            11 => Line("ping"),
            12 => Line("pause", "\"id\":1"),
            _ => random.Next(30) == 0 ? Line("bye") : Line("pong"),
        };

        private byte[] Wrong()
        {
            switch (random.Next(8))
            {
                case 0:
                    _seq++;
                    return Encoding.UTF8.GetBytes("{\"t\":\"ping\"}");
                case 1:
                    _seq++;
                    return [.. Enumerable.Range(0, random.Next(0, 300)).Select(_ => random.Next(256) is var b && b == 10 ? (byte)11 : (byte)b)];
                case 2:
                    _seq++;
                    return new byte[FlatLine.MaxBytes + 1 + random.Next(100)];
                case 3:
                    return Encoding.UTF8.GetBytes($"{{\"t\":\"ping\",\"seq\":{_seq + 1 + random.Next(2, 9)}}}");
                case 4:
                    return Encoding.UTF8.GetBytes($"{{\"t\":\"ping\",\"seq\":{_seq}}}");
                case 5:
                    return Encoding.UTF8.GetBytes(Line("nothing"));
                case 6:
                    return Encoding.UTF8.GetBytes(Line("hello"));
                default:
                    return Encoding.UTF8.GetBytes(Line("deal", "\"magic\":1001"));
            }
        }

        private string Line(string type, string fields = "") =>
            $"{{\"t\":\"{type}\",\"seq\":{(++_seq).ToString(CultureInfo.InvariantCulture)}{(fields.Length == 0 ? "" : ",")}{fields}}}";
    }

    /// <summary>A hub whose journal takes its time: what is stored is told in groups, from another thread.</summary>
    private sealed class Hub(TerminalSession session, int group) : ITerminalIntake
    {
        private readonly Lock _lock = new();
        private readonly List<long> _seqs = [];
        private int _stored;

        public List<long> Early { get; } = [];

        public int MostOwed { get; private set; }

        public IReadOnlyList<long> Seqs
        {
            get
            {
                lock (_lock) return [.. _seqs];
            }
        }

        public void Receive(FeedMessage message)
        {
            lock (_lock)
            {
                _seqs.Add(message.Seq);
                MostOwed = Math.Max(MostOwed, _seqs.Count - _stored);
                if (_seqs.Count - _stored < group) return;
            }

            _ = Task.Run(AcknowledgeAll);
        }

        public void Closed(string reason)
        {
        }

        /// <summary>The terminal is about to be told that lines are stored.</summary>
        public void Witness(IEnumerable<long> acks)
        {
            lock (_lock)
            {
                foreach (var ack in acks)
                    Early.AddRange(_seqs.Skip(_stored).Where(s => s <= ack));
            }
        }

        public void AcknowledgeAll()
        {
            long newest;
            lock (_lock)
            {
                if (_stored == _seqs.Count) return;
                _stored = _seqs.Count;
                newest = _seqs[^1];
            }

            session.Acknowledge(newest);
        }
    }
}
