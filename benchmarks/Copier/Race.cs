using System.Diagnostics;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.Copier;

/// <summary>The same deals at the same moments over one way, to a fresh simulator.</summary>
internal sealed class Race(IWay way, BinanceService venue, int symbols)
{
    private int _next;

    /// <summary>One deal of each symbol, then at the rate: code is compiled, connections are open.</summary>
    public async Task WarmUpAsync(int perSecond, int seconds)
    {
        for (var i = 0; i < symbols; i++) way.Deal(i);
        await way.SettledAsync();
        await RunAsync(perSecond, seconds);
    }

    /// <summary>Open loop: the moments are fixed before, and the latency counts from them.</summary>
    public Task<Distribution> RunAsync(int perSecond, int seconds) =>
        MeasureAsync(perSecond * seconds, (i, start) => start + (long)(i * (double)Stopwatch.Frequency / perSecond));

    /// <summary>So many bursts, a second apart; the deals of one come all at once.</summary>
    public Task<Distribution> BurstsAsync(int bursts, int deals) => MeasureAsync(bursts * deals, (i, start) => start + (i / deals * Stopwatch.Frequency));

    private async Task<Distribution> MeasureAsync(int deals, Func<int, long, long> momentOf)
    {
        await venue.ForgetAsync();
        var sent = await Task.Factory.StartNew(() => Send(deals, momentOf), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await way.SettledAsync();
        var orders = (await venue.OrdersAsync()).ToLookup(o => o.Symbol);

        var latency = new List<double>(deals);
        foreach (var ofSymbol in sent.GroupBy(d => d.Symbol))
        {
            // All deals buy, so what came so far names the newest deal in it.
            var moments = ofSymbol.Select(d => d.Moment).ToArray();
            var (next, came) = (0, 0m);
            foreach (var order in orders[ofSymbol.Key])
            {
                came += order.Quantity;
                for (; next < moments.Length && (next + 1) * FeedLine.LotsADeal <= came; next++)
                    latency.Add(Stopwatch.GetElapsedTime(moments[next], order.Timestamp).TotalMilliseconds);
            }

            if (came != moments.Length * FeedLine.LotsADeal)
                throw new InvalidOperationException($"{way.Name}: symbol {ofSymbol.Key} was to buy {moments.Length * FeedLine.LotsADeal}, {came} came to the venue.\n{way.Said}");
        }

        return Distribution.Of(latency);
    }

    private List<(int Symbol, long Moment)> Send(int deals, Func<int, long, long> momentOf)
    {
        Pace.Sharpen();
        var sent = new List<(int, long)>(deals);
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
        for (var i = 0; i < deals; i++)
        {
            var (moment, symbol) = (momentOf(i, start), _next);
            _next = (_next + 1) % symbols;
            Pace.Until(moment);
            way.Deal(symbol);
            sent.Add((symbol, moment));
        }

        return sent;
    }
}
