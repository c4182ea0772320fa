using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Client;

namespace CSMultiConnector.Host.Demo;

/// <summary>Decides what the three streams do: random, but the same for the same seed. Turns back before a stream holds much.</summary>
internal sealed class DemoTrader(SimulatedTerminal terminal, IReadOnlyList<(SymbolFacts Facts, decimal Price, decimal Tick)> symbols, int seed)
{
    private const decimal MostLots = 0.6m;
    private const int LargestDeal = 20;
    private const long FirstTicket = 100_001;

    // Not for secrets: the demo has to come out the same each time.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);
    private readonly decimal[] _prices = [.. symbols.Select(s => s.Price)];
    private long _ticket = FirstTicket;

    /// <summary>Deals made so far.</summary>
    public int Deals { get; private set; }

    /// <summary>The next deal, and the price it is made at; nothing has happened yet.</summary>
    public (Deal Deal, SymbolFacts Symbol) Next(DateTimeOffset now)
    {
        var index = _random.Next(symbols.Count);
        var (facts, _, tick) = symbols[index];
        _prices[index] = Math.Max(tick, decimal.Round((_prices[index] * (1m + (_random.Next(-20, 21) / 10_000m))) / tick) * tick);
        var stream = DemoMarket.Streams[_random.Next(DemoMarket.Streams.Length)];
        var held = terminal.LevelOf(stream, facts.Name).Net.Value;
        var side = held > MostLots ? OrderSide.Sell : held < -MostLots ? OrderSide.Buy : _random.Next(100) < 55 ? OrderSide.Buy : OrderSide.Sell;
        var volume = new Lots(_random.Next(1, LargestDeal + 1) / 100m);
        var net = terminal.Read().Totals.GetValueOrDefault(facts.Name).Net.Value;
        var ticket = _ticket++;
        return (
            new Deal(
                ticket,
                ticket + 500_000,
                index + 1,
                stream,
                facts.Name,
                side,
                EntryOf(net, side, volume.Value),
                volume,
                _prices[index],
                now.ToUnixTimeMilliseconds(),
                stream == Magic.ByHand ? DealReason.Client : DealReason.Expert,
                0m,
                ""),
            facts);
    }

    /// <summary>Lets it happen.</summary>
    public void Make(Deal deal)
    {
        terminal.Apply(deal);
        Deals++;
    }
#pragma warning restore CA5394

    private static DealEntry EntryOf(decimal net, OrderSide side, decimal volume)
    {
        var signed = side == OrderSide.Buy ? volume : -volume;
        if (net == 0m || Math.Sign(net) == Math.Sign(signed)) return DealEntry.In;
        return volume <= Math.Abs(net) ? DealEntry.Out : DealEntry.InOut;
    }
}
