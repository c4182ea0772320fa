using System.Diagnostics;
using System.Globalization;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.Footprint;

/// <summary>The host's program with its legs holding positions while nobody trades: processor time and resident memory, as the kernel counts them.</summary>
internal static class IdleHost
{
    private const int Symbols = 20;
    private const double TicksASecond = 100;

    private static readonly TimeSpan s_snapshots = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(65);

    public static async Task MeasureAsync(Report report, int connectors, int seconds)
    {
        using var folder = new Folder();
        await using var host = await HostService.StartAsync(folder.Data, [.. Enumerable.Range(0, connectors).Select(i => Settings.Connector($"c{i}", null))]);
        await host.RunningAsync();
        report.Add($"{connectors} connectors without legs, resident", Resident(host.Id), "MiB");
        await using var feed = await FeedLine.ConnectAsync(host.Feed, await host.AddClientAsync(Settings.Client), Symbols);
        await feed.AcknowledgedAsync(feed.Deals([.. Enumerable.Range(0, Symbols)]));
        await host.WaitAsync(
            s => s.GetProperty("complete").GetBoolean() && s.GetProperty("converged").GetBoolean()
                && s.GetProperty("connectors").EnumerateArray().Sum(c => c.GetProperty("legs").GetArrayLength()) == connectors * Symbols,
            "every leg holds its goal");
        report.Add($"{connectors} × {Symbols} legs with positions, resident", Resident(host.Id), "MiB");

        // The terminal goes on as an Expert Advisor does: heartbeats, and a snapshot every 30 s.
        using var snapshots = new Timer(_ => feed.SendSnapshot(), null, s_snapshots, s_snapshots);

        // What the start leaves to do, compiling above all, is over by then.
        await Task.Delay(s_settling);
        var (start, used) = (Stopwatch.GetTimestamp(), Processor(host.Id));
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        report.Add($"{connectors} × {Symbols} legs, idle for {seconds} s after {s_settling.TotalSeconds} s, of one core", 100 * (Processor(host.Id) - used) / Stopwatch.GetElapsedTime(start).TotalSeconds, "%");
        report.Add($"{connectors} × {Symbols} legs, idle, resident", Resident(host.Id), "MiB");
        report.Note("Paper inside the host; one terminal with a heartbeat every 2 s and a snapshot every 30 s; nobody asks the API");
    }

    // Fields 14 and 15: user and system time.
    private static double Processor(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksASecond;
    }

    private static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
