using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Venues.Binance.Spot;

/// <summary>The venue's symbols as instruments for market orders.</summary>
internal static class SpotInstruments
{
    /// <summary>Those that market orders can be sent for; others would never fill.</summary>
    internal static ImmutableArray<Instrument> Of(SpotExchangeInfoWire info) =>
        [.. info.Symbols.Where(s => s.IsSpotTradingAllowed && (s.OrderTypes.IsDefaultOrEmpty || s.OrderTypes.Contains("MARKET"))).Select(Of).OfType<Instrument>()];

    private static Instrument? Of(SpotSymbolWire symbol)
    {
        var size = BinanceFilters.Quantity(symbol.Filters);
        if (size is null) return null;
        return new Instrument(
            new InstrumentId(symbol.Symbol),
            ProductKind.Spot,
            new AssetName(symbol.BaseAsset),
            new AssetName(symbol.QuoteAsset),
            ContractSize: 1m,
            size.Step,
            size.Min,
            size.Max,
            MinNotional(symbol.Filters),
            BinanceFilters.Tick(symbol.Filters),
            symbol.Status == "TRADING" ? InstrumentStatus.Trading : InstrumentStatus.Closed);
    }

    private static decimal MinNotional(ImmutableArray<FilterWire> filters) => filters.Max(f => f.FilterType switch
    {
        "NOTIONAL" when f.ApplyMinToMarket == true => f.MinNotional ?? 0m,
        "MIN_NOTIONAL" when f.ApplyToMarket == true => f.MinNotional ?? 0m,
        _ => 0m,
    });
}
