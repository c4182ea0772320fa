using System.Diagnostics;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.DealToOrder;

/// <summary>What became of the deals of one run.</summary>
/// <param name="Latency">From the moment at which a deal was to be sent until the venue took the first order that covers its level.</param>
/// <param name="Ack">From the same moment until the acknowledgement, which says that the deal is stored, had come back.</param>
/// <param name="Late">How late the benchmark itself was with its sending; part of the latency.</param>
/// <param name="Deals">Deals sent.</param>
/// <param name="Orders">Orders that followed. Fewer than deals: newer levels replaced older ones while an order was in flight.</param>
/// <param name="ClockDrift">How far the wall clock moved against the monotonic one meanwhile; an error of the latency.</param>
internal sealed record Outcome(Distribution Latency, Distribution Ack, Distribution Late, int Deals, int Orders, TimeSpan ClockDrift);

/// <summary>Terminal, host and venue, three processes on this machine: deals go in as lines, orders come out at the venue.</summary>
internal sealed class Trading : IAsyncDisposable
{
    private const string Connector = "bench";

    private readonly Folder _folder;
    private readonly PaperService _paper;
    private readonly FeedLine _feed;
    private readonly int _symbols;
    private int _next;

    private Trading(Folder folder, PaperService paper, HostService host, FeedLine feed, int symbols) =>
        (_folder, _paper, Host, _feed, _symbols) = (folder, paper, host, feed, symbols);

    public HostService Host { get; }

    public static async Task<Trading> StartAsync(int symbols)
    {
        var folder = new Folder();
        var paper = await PaperService.StartAsync();
        var host = await HostService.StartAsync(folder.Data, [Settings.Connector(Connector, paper.Address)]);
        await host.RunningAsync();
        var feed = await FeedLine.ConnectAsync(host.Feed, await host.AddClientAsync(Settings.Client), symbols);
        return new Trading(folder, paper, host, feed, symbols);
    }

    /// <summary>Every leg trades once, then deals come at a rate for a while: code is compiled, connections are open, files have their size.</summary>
    public async Task WarmUpAsync(int perSecond, TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return;
        for (var i = 0; i < _symbols; i++) _feed.Deal(i);
        await Host.ConvergedAsync();
        await RunAsync(perSecond, duration);
    }

    /// <summary>Open loop: the moments are fixed before, and the latency counts from them.</summary>
    public Task<Outcome> RunAsync(int perSecond, TimeSpan duration)
    {
        var deals = (int)(perSecond * duration.TotalSeconds);
        return MeasureAsync(deals, (i, start) => start + (long)(i * (double)Stopwatch.Frequency / perSecond));
    }

    /// <summary>All at once.</summary>
    public Task<Outcome> BurstAsync(int deals) => MeasureAsync(deals, (_, start) => start);

    /// <summary>As fast as the host stores them; at most so many unacknowledged. Seconds from the first line to the last acknowledgement.</summary>
    public async Task<TimeSpan> FloodAsync(int deals, int unacknowledged, int aPiece)
    {
        await Host.ConvergedAsync();
        var symbols = new int[aPiece];
        var start = Stopwatch.GetTimestamp();
        long last = 0;
        for (var sent = 0; sent < deals; sent += aPiece)
        {
            for (var i = 0; i < aPiece; i++) symbols[i] = Next();
            last = _feed.Deals(symbols);
            while (last - _feed.Acknowledged > unacknowledged) Thread.Sleep(0);
        }

        await _feed.AcknowledgedAsync(last);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Every deal of every symbol is at the venue: what a figure is worth.</summary>
    public async Task<bool> IsRightAsync()
    {
        await Host.ConvergedAsync();
        var held = (await _paper.OrdersAsync(Connector)).GroupBy(o => SymbolOf(o.Instrument)).ToDictionary(g => g.Key, g => g.Sum(o => o.Filled));
        return Enumerable.Range(0, _symbols).All(s => held.GetValueOrDefault(s) == _feed.DealsOf(s) * FeedLine.LotsADeal);
    }

    public Task<IReadOnlyList<ArrivedOrder>> OrdersAsync() => _paper.OrdersAsync(Connector);

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        await Host.DisposeAsync();
        await _paper.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<Outcome> MeasureAsync(int deals, Func<int, long, long> momentOf)
    {
        await Host.ConvergedAsync();
        var before = (await _paper.OrdersAsync(Connector)) is { Count: > 0 } earlier ? earlier[^1].Number : 0;
        var clock = new WallClock();
        var ackFrom = _feed.Acks.Count;
        var sent = await Task.Factory.StartNew(() => Send(deals, momentOf), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await _feed.AcknowledgedAsync(sent[^1].Seq);
        await Host.ConvergedAsync();
        var drift = clock.Drift;
        var all = await _paper.OrdersAsync(Connector);

        var latency = new List<double>(deals);
        var moments = sent.GroupBy(d => d.Symbol).ToDictionary(g => g.Key, g => g.ToArray());
        foreach (var (symbol, ofSymbol) in moments)
        {
            // Levels only grow, so what is held after an order names the newest deal that is in it.
            var next = 0;
            var held = 0m;
            foreach (var order in all.Where(o => SymbolOf(o.Instrument) == symbol))
            {
                held += order.Filled;
                for (; next < ofSymbol.Length && ofSymbol[next].Deal * FeedLine.LotsADeal <= held; next++)
                    latency.Add((order.At - clock.At(ofSymbol[next].Moment)).TotalMilliseconds);
            }

            if (next != ofSymbol.Length) throw new InvalidOperationException($"{ofSymbol.Length - next} deals of symbol {symbol} never reached the venue.\n{Host.Said}");
        }

        var acks = _feed.Acks.Skip(ackFrom).ToArray();
        var ack = new List<double>(deals);
        var a = 0;
        foreach (var deal in sent)
        {
            while (acks[a].Seq < deal.Seq) a++;
            ack.Add(Stopwatch.GetElapsedTime(deal.Moment, acks[a].Timestamp).TotalMilliseconds);
        }

        return new Outcome(
            Distribution.Of(latency), Distribution.Of(ack), Distribution.Of(sent.Select(d => Stopwatch.GetElapsedTime(d.Moment, d.Left).TotalMilliseconds)),
            deals, all.Count(o => o.Number > before), drift);
    }

    private List<SentDeal> Send(int deals, Func<int, long, long> momentOf)
    {
        Pace.Sharpen();
        var sent = new List<SentDeal>(deals);
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
        for (var i = 0; i < deals; i++)
        {
            var (moment, symbol) = (momentOf(i, start), Next());
            Pace.Until(moment);
            var seq = _feed.Deal(symbol);
            sent.Add(new SentDeal(symbol, _feed.DealsOf(symbol), seq, moment, Stopwatch.GetTimestamp()));
        }

        return sent;
    }

    private int Next() => _next = (_next + 1) % _symbols;

    private static int SymbolOf(string instrument) => int.Parse(instrument.AsSpan(1, 3), System.Globalization.CultureInfo.InvariantCulture);

    private readonly record struct SentDeal(int Symbol, long Deal, long Seq, long Moment, long Left);
}
