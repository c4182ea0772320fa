using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Replay;

/// <summary>What a history holds after some of its deals. Shares no code with the attribution of a live feed, so that tests can compare the two.</summary>
public sealed class HistoryLevels
{
    private readonly Dictionary<(string Symbol, long Position), Holding> _open = [];

    private HistoryLevels()
    {
    }

    /// <summary>The state after the first <paramref name="deals"/> deals (0 = before the first one).</summary>
    /// <param name="history">The history.</param>
    /// <param name="deals">How many deals count, 0 to their number.</param>
    /// <param name="withOpening">False leaves the positions out that were open before the first deal.</param>
    public static HistoryLevels After(RecordedHistory history, int deals, bool withOpening = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deals, history.Deals.Count);
        var hedging = history.Margin == MarginMode.Hedging;
        var levels = new HistoryLevels();
        if (withOpening)
            foreach (var p in history.OpeningPositions)
                levels.Add((p.Symbol.Value, hedging ? p.Position : 0), p.Signed.Value, p.Magic, turned: false);
        foreach (var d in history.Deals.Take(deals))
            levels.Add((d.Symbol.Value, hedging ? d.Position : 0), d.Signed.Value, d.Magic, d.Entry == DealEntry.InOut);
        return levels;
    }

    /// <summary>Long and short lots of each symbol under the magic of the deal that opened the position; flat ones are left out.</summary>
    public IReadOnlyDictionary<(SymbolName Symbol, Magic Magic), Level> Levels
    {
        get
        {
            var result = new Dictionary<(SymbolName, Magic), Level>();
            foreach (var ((symbol, _), held) in _open)
            {
                var key = (new SymbolName(symbol), held.Magic);
                var (one, sum) = (Level.OfNet(new Lots(held.Net)), result.GetValueOrDefault(key));
                result[key] = new Level(sum.Long + one.Long, sum.Short + one.Short);
            }

            return result;
        }
    }

    /// <summary>Net lots of each symbol; flat ones are left out.</summary>
    public IReadOnlyDictionary<SymbolName, Lots> NetPerSymbol => _open
        .GroupBy(e => e.Key.Symbol, e => e.Value.Net, StringComparer.Ordinal)
        .Where(g => g.Sum() != 0m)
        .ToDictionary(g => new SymbolName(g.Key), g => new Lots(g.Sum()));

    /// <summary>Net lots of each open position by its id (hedging), or under id 0 per symbol (netting).</summary>
    public IReadOnlyDictionary<(SymbolName Symbol, long Position), Lots> Positions =>
        _open.ToDictionary(e => (new SymbolName(e.Key.Symbol), e.Key.Position), e => new Lots(e.Value.Net));

    private void Add((string, long) key, decimal signed, Magic magic, bool turned)
    {
        var before = _open.TryGetValue(key, out var held) ? held : new Holding(0m, magic);
        var net = before.Net + signed;
        if (net == 0m) _open.Remove(key);
        else _open[key] = new Holding(net, turned ? magic : before.Magic);
    }

    private readonly record struct Holding(decimal Net, Magic Magic);
}
