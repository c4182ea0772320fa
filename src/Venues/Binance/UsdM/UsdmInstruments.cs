using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Venues.Binance.UsdM;

/// <summary>The venue's contracts as instruments for market orders. Quantities are in the base asset: a contract is one of it.</summary>
internal static class UsdmInstruments
{
    /// <summary>
    /// Perpetual contracts that market orders can be sent for. Contracts with an end are left out: a copied position would be settled at a
    /// date that MT5 does not know, and base and quote would no longer name one contract.
    /// </summary>
    internal static ImmutableArray<Instrument> Of(UsdmExchangeInfoWire info) =>
        [.. info.Symbols.Where(s => s.ContractType.EndsWith("PERPETUAL", StringComparison.Ordinal) && (s.OrderTypes.IsDefaultOrEmpty || s.OrderTypes.Contains("MARKET"))).Select(Of).OfType<Instrument>()];

    private static Instrument? Of(UsdmSymbolWire symbol)
    {
        var size = BinanceFilters.Quantity(symbol.Filters);
        if (size is null) return null;
        return new Instrument(
            new InstrumentId(symbol.Symbol),
            ProductKind.Derivative,
            new AssetName(symbol.BaseAsset),
            new AssetName(symbol.QuoteAsset),
            ContractSize: 1m,
            size.Step,
            size.Min,
            size.Max,
            symbol.Filters.FirstOrDefault(f => f.FilterType == "MIN_NOTIONAL")?.Notional ?? 0m,
            BinanceFilters.Tick(symbol.Filters),
            UsdmWords.Status(symbol.Status));
    }
}
