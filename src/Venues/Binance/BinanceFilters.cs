using System.Collections.Immutable;

namespace CSMultiConnector.Venues.Binance;

/// <summary>What a market order's quantity must keep to.</summary>
internal sealed record QuantityRule(decimal Step, decimal Min, decimal? Max);

/// <summary>Filters of instruments, read for market orders. Kinds that are not known are skipped.</summary>
internal static class BinanceFilters
{
    /// <summary>The tighter of both rules of lots; a zero switches a part of the market one off. Null without a step.</summary>
    internal static QuantityRule? Quantity(ImmutableArray<FilterWire> filters)
    {
        var lot = filters.FirstOrDefault(f => f.FilterType == "LOT_SIZE");
        var market = filters.FirstOrDefault(f => f.FilterType == "MARKET_LOT_SIZE");
        var step = Math.Max(lot?.StepSize ?? 0m, market?.StepSize ?? 0m);
        if (step <= 0m) return null;
        var max = new[] { lot?.MaxQty, market?.MaxQty }.Where(m => m > 0m).Min();
        return new QuantityRule(step, Math.Max(lot?.MinQty ?? 0m, market?.MinQty ?? 0m), max);
    }

    internal static decimal Tick(ImmutableArray<FilterWire> filters) => filters.FirstOrDefault(f => f.FilterType == "PRICE_FILTER")?.TickSize ?? 0m;
}
