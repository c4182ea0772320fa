using System.Globalization;
using System.Net;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Abuse;

/// <summary>
/// A host with one good terminal that trades all the time, over a connector to a paper process. Whatever else happens at the port, each of its deals has to
/// be acknowledged, over the one session that it began with, and to reach the venue.
/// </summary>
public sealed class AbusedHost : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(30);

    private readonly Folder _folder;
    private readonly PaperVenue _venue;
    private readonly Trader _trader = new(1001);
    private readonly CancellationTokenSource _stop = new();
    private Task _trading = Task.CompletedTask;
    private string _secret = "";
    private int _pid;
    private int _acknowledged;
    private TimeSpan _slowest;

    private AbusedHost(Folder folder, PaperVenue venue, Service service) => (_folder, _venue, Service) = (folder, venue, service);

    internal Service Service { get; }

    internal IPEndPoint Feed => Service.Feed;

    /// <summary>What the process and its log files have said.</summary>
    internal string Log => Service.Said + string.Concat(Directory.GetFiles(Path.Combine(Service.Data, "logs")).Select(ReadShared));

    internal static async Task<AbusedHost> StartAsync(string level)
    {
        var folder = new Folder();
        var venue = await PaperVenue.StartAsync();
        var environment = Service.Ports(0);
        environment["CSMC_Log__Level"] = level;
        var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address, routes: [ConnectorSettings.Route(1m)])], environment);
        var host = new AbusedHost(folder, venue, service);
        host._secret = await service.ConnectAsync(host._trader, "good");
        host._pid = (await service.StatusAsync()).GetProperty("host").GetProperty("pid").GetInt32();
        host._trading = Task.Run(host.TradeAsync);
        return host;
    }

    /// <summary>Does something bad while the good terminal trades; afterwards that has gone on undisturbed.</summary>
    internal async Task<string> WhileTradingAsync(Func<Task> abuse)
    {
        var before = (Acknowledged: Volatile.Read(ref _acknowledged), Orders: (await _venue.OrdersAsync()).Count);
        var memory = await MemoryAsync();
        await abuse();
        await Eventually.GetAsync(() => Task.FromResult(_trading.IsFaulted ? throw _trading.Exception! : Volatile.Read(ref _acknowledged)), a => a > before.Acknowledged + 1, "a deal is acknowledged");
        await Eventually.GetAsync(async () => (await _venue.OrdersAsync()).Count, o => o > before.Orders, "an order reaches the venue");
        _trader.LastProblem.ShouldBeNull("the good terminal keeps its session");
        var after = await MemoryAsync();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Volatile.Read(ref _acknowledged) - before.Acknowledged} deals acknowledged, slowest so far {_slowest.TotalMilliseconds:0} ms; before: {memory}; after: {after}");
    }

    /// <summary>Ends the trading; the venue must hold what the terminal holds.</summary>
    internal async Task<string> EndAsync()
    {
        await _stop.CancelAsync();
        await _trading;
        var expected = _trader.Net(1001, "BTCUSD");
        await Service.ConvergedAsync();
        (await _venue.HoldingsAsync()).GetValueOrDefault("BTCUSD").ShouldBe(expected);
        (await Service.TerminateAsync()).ExitCode.ShouldBe(0);
        JournalFile.DealTickets(Service.Data).Where(_trader.Tickets.Contains).ShouldBe(_trader.Tickets, "each deal is recorded once");
        var log = Log;
        foreach (var secret in Attacker.Proofs.Append(_secret).Append(Attacker.NobodysSecret)) log.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse("a secret or a proof is in the log");
        return log;
    }

    /// <summary>Waits until the good terminal's connection is the only one at the port that the host holds, in whatever state.</summary>
    internal Task<int> NothingLeftAsync() => Eventually.GetAsync(() => Task.FromResult(Connections()), c => c == 1, "the host has let go of every other connection");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _trading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _trader.DisposeAsync();
        await Service.DisposeAsync();
        await _venue.DisposeAsync();
        _folder.Dispose();
        _stop.Dispose();
    }

    private async Task TradeAsync()
    {
        for (var deal = 0; !_stop.IsCancellationRequested; deal++)
        {
            var start = TimeProvider.System.GetTimestamp();
            _trader.Deal(1001, "BTCUSD", deal % 2 == 0 ? 0.02m : -0.01m, 65_000m + (deal % 7));
            await _trader.AcknowledgedAsync();
            var took = TimeProvider.System.GetElapsedTime(start);
            if (took > _slowest) _slowest = took;
            Interlocked.Increment(ref _acknowledged);
            await Task.Delay(s_pause, TimeProvider.System);
        }
    }

    private async Task<string> MemoryAsync()
    {
        var heap = (await Service.StatusAsync()).GetProperty("host").GetProperty("heapBytes").GetInt64();
        var resident = OperatingSystem.IsLinux() ? File.ReadLines($"/proc/{_pid}/status").Single(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(':', 2)[1].Trim() : "?";
        return string.Create(CultureInfo.InvariantCulture, $"RSS {resident}, heap {heap / 1024} kB, {Connections()} connections");
    }

    // Rows of the kernel's table with the port as their own, a process behind them (an inode), and not listening.
    private int Connections()
    {
        if (!OperatingSystem.IsLinux()) return 1;
        var port = Feed.Port.ToString("X4", CultureInfo.InvariantCulture);
        return File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(row => row[1].EndsWith($":{port}", StringComparison.Ordinal) && row[3] != "0A" && row[9] != "0");
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
