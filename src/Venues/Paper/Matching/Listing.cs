using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>How instruments and accounts come into being, and what is refused. Pure; the answer is the reason or null.</summary>
internal static class Listing
{
    private const decimal SmallestStep = 0.0000000001m;
    private const decimal LargestContract = 1_000_000_000m;

    /// <summary>The instrument that copies an MT5 symbol: one contract is one base unit.</summary>
    internal static Instrument FromSymbol(PaperProduct product, SymbolFacts symbol)
    {
        var quote = symbol.ProfitCurrency.Length == 0 ? "USD" : symbol.ProfitCurrency;

        // Brokers give shares and indices their currency as base, too: the symbol itself is what is held then.
        var named = symbol.BaseCurrency.Length == 0 || string.Equals(symbol.BaseCurrency, quote, StringComparison.Ordinal);
        return new Instrument(
            new InstrumentId(symbol.Name.Value),
            product.Kind(),
            new AssetName(named ? symbol.Name.Value : symbol.BaseCurrency),
            new AssetName(quote),
            ContractSize: 1m,
            LotStep: Exact(symbol.VolumeStep.Value * symbol.ContractSize),
            MinQuantity: Exact(symbol.VolumeMin.Value * symbol.ContractSize),
            MaxQuantity: null,
            MinNotional: 0m,
            Tick: TickOf(symbol.Digits),
            InstrumentStatus.Trading);
    }

    internal static string? Refuse(PaperProduct product, Instrument instrument)
    {
        var id = instrument.Id.Value;
        if (id is not { Length: >= 1 and <= 64 }) return "An instrument's symbol has 1 to 64 characters.";
        if (instrument.Kind != product.Kind()) return $"{id}: {product.Id()} lists {product.Kind()} instruments only.";
        if (instrument.Base.Value is not { Length: >= 1 and <= 64 } || instrument.Quote.Value is not { Length: >= 1 and <= 64 }) return $"{id}: name the base and the quote asset.";
        if (string.Equals(instrument.Base.Value, instrument.Quote.Value, StringComparison.Ordinal)) return $"{id}: base and quote asset are the same.";
        if (instrument.ContractSize <= 0m || instrument.ContractSize > LargestContract) return $"{id}: the contract size must be above zero and at most {LargestContract}.";
        if (product == PaperProduct.Spot && instrument.ContractSize != 1m) return $"{id}: the contract size is 1 on spot.";
        if (instrument.LotStep < SmallestStep || instrument.LotStep > LargestContract) return $"{id}: the lot step must be {SmallestStep} to {LargestContract}.";
        if (instrument.MinQuantity < 0m || instrument.MinNotional < 0m || instrument.Tick < 0m) return $"{id}: minima and tick must not be below zero.";
        return instrument.MaxQuantity is { } max && (max <= 0m || max < instrument.MinQuantity) ? $"{id}: the largest quantity must be above zero and not below the smallest." : null;
    }

    internal static string? Refuse(PaperAccountKey key, PaperAccountOptions wanted)
    {
        if (!PaperAccountKey.IsValidName(key.Name)) return "An account's name has 1 to 64 letters, digits, '.', '_' or '-'.";
        if (key.Product == PaperProduct.Spot && wanted.PositionMode == PositionMode.Hedge) return $"{key}: spot accounts have no hedge mode; remove the position mode.";
        if (wanted.FeeRate is < 0m or > 0.1m) return $"{key}: the fee rate must be 0 to 0.1.";
        return wanted.QuoteBalance is < 0m or > OrderChecks.LargestAmount ? $"{key}: the quote balance must be 0 to {OrderChecks.LargestAmount}." : null;
    }

    /// <summary>Without trailing zeros, so that equal amounts read alike.</summary>
    private static decimal Exact(decimal value) => value / 1.0000000000000000000000000000m;

    private static decimal TickOf(int digits)
    {
        var tick = 1m;
        for (var i = 0; i < Math.Min(digits, 10); i++) tick /= 10m;
        return tick;
    }
}
