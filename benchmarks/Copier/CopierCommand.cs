using System.CommandLine;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;
using CSMultiConnector.Simulators.Tests.Ccxt;

namespace CSMultiConnector.Benchmarks.Copier;

/// <summary><c>copier</c>: this project beside a bare HTTP client and beside what a user might write instead, one after the other in one run.</summary>
internal static class CopierCommand
{
    private const int Symbols = 50;
    private const int Burst = 50;
    private const int Rate = 100;

    public static Command Build()
    {
        var product = new Option<string>("--product") { Description = "spot or usdm. Default: usdm.", HelpName = "PRODUCT", DefaultValueFactory = _ => "usdm" };
        product.AcceptOnlyFromAmong("spot", "usdm");
        var slow = Program.Number("--slow", "Seconds at one deal a second.", 15);
        var seconds = Program.Number("--seconds", "Seconds at 100 deals a second.", 10);
        var bursts = Program.Number("--bursts", "Bursts of 50 deals, a second apart.", 10);
        var warmUp = Program.Number("--warm-up", "Seconds of warm-up at 100 deals a second, after one deal of each symbol.", 10);
        var latency = Program.Number("--venue-latency", "Milliseconds that the venue takes for an order before it answers.", 0);
        return Program.Measure(
            "copier", "From a deal to its order at the Binance simulator: this host, a bare HTTP client, and a plain copier in Node with ccxt (needs node 20 and npm).",
            (p, r) => RunAsync(r, p.GetValue(product)!, p.GetValue(slow), p.GetValue(seconds), p.GetValue(bursts), p.GetValue(warmUp), p.GetValue(latency)),
            product, slow, seconds, bursts, warmUp, latency);
    }

    private static async Task RunAsync(Report report, string product, int slow, int seconds, int bursts, int warmUp, int latency)
    {
        var ccxt = await CcxtPackage.InstallAsync();
        Func<BinanceService, Task<IWay>>[] ways = [v => HostWay.StartAsync(v, Symbols), BareWay.StartAsync, v => CcxtWay.StartAsync(v, ccxt, throttled: false), v => CcxtWay.StartAsync(v, ccxt, throttled: true)];
        foreach (var start in ways)
        {
            await using var venue = await BinanceService.StartAsync(product, Symbols);
            await using var way = await start(venue);
            await venue.TakeAsync(latency);
            var race = new Race(way, venue, Symbols);
            await race.WarmUpAsync(Rate, warmUp);
            report.Add($"{product}, {way.Name}, {Rate} deals/s", await race.RunAsync(Rate, seconds));
            report.Add($"{product}, {way.Name}, {Rate} deals/s, requests besides the orders", venue.Others, "");
            report.Add($"{product}, {way.Name}, bursts of {Burst}", await race.BurstsAsync(bursts, Burst));
            report.Add($"{product}, {way.Name}, 1 deal/s", await race.RunAsync(1, slow));
        }

        report.Note($"open loop over {Symbols} symbols, after {warmUp} s of warm-up at {Rate} deals/s; from the moment of the deal until all of its order's request was at the simulator");
        if (latency > 0) report.Note($"the simulator answers an order after {latency} ms");
        report.Note("after each part every deal was at the venue, once");
    }
}
