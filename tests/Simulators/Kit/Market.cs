namespace CSMultiConnector.Simulators.Kit;

/// <summary>A price level: how much can be traded at a price.</summary>
/// <param name="Price">In the quote asset.</param>
/// <param name="Quantity">In the base asset; decimal.MaxValue = without end.</param>
public sealed record Level(decimal Price, decimal Quantity);

/// <summary>
/// The other side of one symbol: set prices, with as much or as little to trade as a test says. Levels that are not endless are used up.
/// </summary>
internal sealed class Market
{
    private List<Level> _bids = [];
    private List<Level> _asks = [];

    public decimal Last { get; private set; }

    public decimal Mark { get; set; }

    public IReadOnlyList<Level> Bids => _bids;

    public IReadOnlyList<Level> Asks => _asks;

    /// <summary>One endless level each side.</summary>
    public void SetPrice(decimal bid, decimal ask) => SetDepth([new Level(bid, decimal.MaxValue)], [new Level(ask, decimal.MaxValue)]);

    /// <summary>Levels, best first; an empty side has nothing to trade.</summary>
    public void SetDepth(IEnumerable<Level> bids, IEnumerable<Level> asks)
    {
        _bids = [.. bids.OrderByDescending(l => l.Price)];
        _asks = [.. asks.OrderBy(l => l.Price)];
        if (_asks.Count > 0) Mark = Last = _asks[0].Price;
        if (_bids.Count > 0) Mark = Last = _asks.Count > 0 ? (_bids[0].Price + _asks[0].Price) / 2 : _bids[0].Price;
    }

    public IReadOnlyList<Level> Opposite(bool buy) => buy ? _asks : _bids;

    /// <summary>Takes up to the quantity, not beyond the limit (null = any price); what is taken is gone.</summary>
    public List<Level> Take(bool buy, decimal quantity, decimal? limit)
    {
        var taken = new List<Level>(1);
        var levels = buy ? _asks : _bids;
        while (quantity > 0 && levels.Count > 0)
        {
            var best = levels[0];
            if (limit is { } l && (buy ? best.Price > l : best.Price < l)) break;
            var part = Math.Min(quantity, best.Quantity);
            taken.Add(new Level(best.Price, part));
            quantity -= part;
            Last = best.Price;
            if (best.Quantity == decimal.MaxValue) continue;
            if (best.Quantity == part) levels.RemoveAt(0);
            else levels[0] = best with { Quantity = best.Quantity - part };
        }
        return taken;
    }

    /// <summary>What a quantity would cost (or bring) now, as far as the depth reaches.</summary>
    public decimal CostOf(bool buy, decimal quantity)
    {
        var cost = 0m;
        foreach (var level in buy ? _asks : _bids)
        {
            var part = Math.Min(quantity, level.Quantity);
            cost += part * level.Price;
            quantity -= part;
            if (quantity <= 0) break;
        }
        return cost;
    }

    /// <summary>The quantity that an amount of the quote asset buys (or that must be sold for it), as far as the depth reaches.</summary>
    public decimal QuantityFor(bool buy, decimal quoteAmount)
    {
        var quantity = 0m;
        foreach (var level in buy ? _asks : _bids)
        {
            var part = Math.Min(level.Quantity, quoteAmount / level.Price);
            quantity += part;
            quoteAmount -= part * level.Price;
            if (quoteAmount <= 0) break;
        }
        return quantity;
    }
}
