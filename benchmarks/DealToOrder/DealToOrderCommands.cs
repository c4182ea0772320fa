using System.CommandLine;
using System.Globalization;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.DealToOrder;

/// <summary><c>latency</c>, <c>burst</c>, <c>sustained</c>, <c>controls</c>.</summary>
internal static class DealToOrderCommands
{
    public static IEnumerable<Command> All()
    {
        var rate = Program.Number("--rate", "Deals a second.", 100);
        var seconds = Program.Number("--seconds", "How long.", 30);
        var symbols = Program.Number("--symbols", "Symbols, and so legs; at most 1000.", 50);
        var warmUp = Program.Number("--warm-up", "Seconds of warm-up at 200 deals a second, after one deal of each symbol; 0 = none, the first deal makes its leg.", 15);
        yield return Program.Measure("latency", "From a deal to its order: an open loop through a feed session, the host with its durable journal, and a paper process.",
            (p, r) => LatencyAsync(r, p.GetValue(rate), p.GetValue(seconds), p.GetValue(symbols), p.GetValue(warmUp)), rate, seconds, symbols, warmUp);

        var deals = Program.Number("--deals", "How many.", 500);
        yield return Program.Measure("burst", "The same for deals that come all at once.",
            (p, r) => BurstAsync(r, p.GetValue(deals), p.GetValue(symbols), p.GetValue(warmUp)), deals, symbols, warmUp);

        var many = Program.Number("--deals", "How many.", 100_000);
        yield return Program.Measure("sustained", "Deals a second that the host takes, stores and acknowledges while it copies them.",
            (p, r) => SustainedAsync(r, p.GetValue(many), p.GetValue(symbols), p.GetValue(warmUp)), many, symbols, warmUp);

        yield return Program.Measure("controls", "What the machine takes for the parts of the way: TCP, disk, HTTP.",
            (p, r) => ControlsAsync(r, p.GetValue(rate), p.GetValue(seconds)), rate, seconds);
    }

    public static async Task ControlsAsync(Report report, int rate, int seconds)
    {
        using var folder = new Folder();
        var count = rate * seconds;
        report.Add($"TCP round trip of a line, {rate}/s", Controls.TcpRoundTrip(count, rate));
        report.Add($"append of 12 KiB and fdatasync, {rate}/s", Controls.AppendAndSync(folder.File("sync"), count, rate));
        var (arrival, answer) = await Controls.BareHttpAsync(count, rate);
        report.Add($"order by a bare HTTP client to paper, {rate}/s, until taken", arrival);
        report.Add($"order by a bare HTTP client to paper, {rate}/s, until answered", answer);
    }

    private static async Task LatencyAsync(Report report, int rate, int seconds, int symbols, int warmUp)
    {
        await using var trading = await Trading.StartAsync(symbols);
        await trading.WarmUpAsync(200, TimeSpan.FromSeconds(warmUp));
        Add(report, $"{rate} deals/s", await trading.RunAsync(rate, TimeSpan.FromSeconds(seconds)), await trading.IsRightAsync());
        report.Note($"open loop over {symbols} legs for {seconds} s after {warmUp} s of warm-up; latency counts from the moment a deal was to be sent");
    }

    private static async Task BurstAsync(Report report, int deals, int symbols, int warmUp)
    {
        await using var trading = await Trading.StartAsync(symbols);
        await trading.WarmUpAsync(200, TimeSpan.FromSeconds(warmUp));
        Add(report, $"burst of {deals} deals over {symbols} symbols", await trading.BurstAsync(deals), await trading.IsRightAsync());
    }

    private static async Task SustainedAsync(Report report, int deals, int symbols, int warmUp)
    {
        const int Unacknowledged = 800;
        const int APiece = 50;
        await using var trading = await Trading.StartAsync(symbols);
        await trading.WarmUpAsync(200, TimeSpan.FromSeconds(warmUp));
        var before = (await trading.OrdersAsync()).Count;
        var took = await trading.FloodAsync(deals, Unacknowledged, APiece);
        report.Add("deals taken, stored and acknowledged", deals / took.TotalSeconds, "deals/s");
        report.Add("orders meanwhile", (await trading.OrdersAsync()).Count - before, "");
        report.Note(await trading.IsRightAsync() ? "afterwards every leg held its goal at the venue" : "WRONG: the venue does not hold the goals");
        await trading.Host.StopAsync();
        report.Add("deals in the journal afterwards, of all that were sent", JournalFile.Count(trading.Host.Data, "terminal.deal-recorded.1"), "deals");
        report.Note(string.Create(CultureInfo.InvariantCulture, $"at most {Unacknowledged} unacknowledged, {APiece} lines a write; {symbols} legs"));
    }

    private static void Add(Report report, string what, Outcome outcome, bool right)
    {
        report.Add($"{what}: deal to order", outcome.Latency);
        report.Add($"{what}: deal to acknowledgement", outcome.Ack);
        report.Add($"{what}: sent late by, p99", outcome.Late.P99, "ms");
        report.Add($"{what}: orders", outcome.Orders, "");
        report.Add($"{what}: deals whose level went into a later deal's order", outcome.Deals - outcome.Orders, "");
        report.Add($"{what}: the wall clock moved by", Math.Abs(outcome.ClockDrift.TotalMilliseconds), "ms");
        report.Note(right ? "afterwards every leg held its goal at the venue" : "WRONG: the venue does not hold the goals");
    }
}
