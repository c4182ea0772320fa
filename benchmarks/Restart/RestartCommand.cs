using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.Restart;

/// <summary><c>restart</c>: how long a host takes to be ready over a long journal.</summary>
internal static class RestartCommand
{
    private const int Symbols = 20;
    private const int Connectors = 5;

    public static Command Build()
    {
        var events = Program.Number("--events", "Events in the journal.", 1_000_000);
        return Program.Measure("restart", "From the start of the process until it is ready, over a long journal, with and without snapshots.", (p, r) => RunAsync(r, p.GetValue(events)), events);
    }

    private static async Task RunAsync(Report report, int events)
    {
        using var folder = new Folder();
        var secret = await TradeAsync(folder.Data);
        var growing = Stopwatch.GetTimestamp();
        using (var journal = JournalFile.Open(folder.Data)) report.Add("events in the journal", new JournalGrowth(journal).GrowTo(events), "");
        Console.Error.WriteLine($"The journal was made in {Stopwatch.GetElapsedTime(growing).TotalSeconds:0} s.");

        await StartAsync(report, "first start, which writes the whole history anew", folder.Data, secret);
        for (var i = 1; i <= 3; i++) await StartAsync(report, $"start with snapshots, {i}", folder.Data, secret);
        using (var journal = JournalFile.Open(folder.Data)) JournalGrowth.DropSnapshots(journal);
        await StartAsync(report, "start without snapshots", folder.Data, secret);
        report.Note($"{Connectors} connectors, {Connectors * Symbols} legs, one terminal; listening = terminals and the API are served; ready = all connectors run, every leg has its figures, the terminal's levels are known and nothing is left to do");
    }

    // A real host trades once in each leg: what it wrote is what the long journal goes on from.
    private static async Task<byte[]> TradeAsync(string data)
    {
        await using var host = await HostService.StartAsync(data, [.. Enumerable.Range(0, Connectors).Select(i => Settings.Connector($"c{i}", null))]);
        await host.RunningAsync();
        var secret = await host.AddClientAsync(Settings.Client);
        await using (var feed = await FeedLine.ConnectAsync(host.Feed, secret, Symbols))
        {
            await feed.AcknowledgedAsync(feed.Deals([.. Enumerable.Range(0, Symbols)]));
            await AllLegsAsync(host);
        }

        await host.StopAsync();
        return secret;
    }

    private static async Task StartAsync(Report report, string what, string data, byte[] secret)
    {
        var start = Stopwatch.GetTimestamp();
        await using var host = await HostService.StartAsync(data, null);
        report.Add($"{what}: listening", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
        await using (var feed = await FeedLine.ConnectAsync(host.Feed, secret, Symbols, Enumerable.Range(0, Symbols).ToDictionary(i => i, _ => 1L)))
        {
            await AllLegsAsync(host);
            report.Add($"{what}: ready", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
        }

        await host.StopAsync();
    }

    private static Task<JsonElement> AllLegsAsync(HostService host) => host.WaitAsync(
        s => s.GetProperty("complete").GetBoolean() && s.GetProperty("converged").GetBoolean()
            && s.GetProperty("connectors").EnumerateArray().Sum(c => c.GetProperty("legs").GetArrayLength()) == Connectors * Symbols,
        "every leg has its figures");
}
