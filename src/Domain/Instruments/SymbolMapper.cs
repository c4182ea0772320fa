using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Instruments;

/// <summary>What a symbol is mapped to.</summary>
public abstract record SymbolMapping
{
    private SymbolMapping()
    {
    }

    /// <summary>Exactly one instrument.</summary>
    /// <param name="Instrument">The instrument.</param>
    /// <param name="Scale">MT5 base units per base unit of the instrument.</param>
    /// <param name="Source">override or exact.</param>
    public sealed record Found(Instrument Instrument, decimal Scale, string Source) : SymbolMapping;

    /// <summary>A person excluded the symbol: it is not traded here, and that is fine.</summary>
    public sealed record Excluded : SymbolMapping;

    /// <summary>Nothing, or more than one thing: a person must choose. Transient: the venue could not be asked, it is tried again.</summary>
    public sealed record NotFound(string Why, bool Transient = false) : SymbolMapping;
}

/// <summary>Finds the instrument of an MT5 symbol. Pure; assets match exactly, a scale comes from an override only.</summary>
public static class SymbolMapper
{
    private const int CandidatesShown = 5;

    /// <summary>Maps one symbol.</summary>
    public static SymbolMapping Map(SymbolFacts symbol, IReadOnlyCollection<Instrument> instruments, ConnectorSettings settings, MappingOverride? byHand)
    {
        if (byHand is not null)
        {
            if (byHand.Instrument is not { } wanted) return new SymbolMapping.Excluded();
            var named = instruments.FirstOrDefault(i => i.Id == wanted);
            return named is null
                ? new SymbolMapping.NotFound($"the venue has no instrument {wanted} (set by hand for {symbol.Name})")
                : new SymbolMapping.Found(named, byHand.Scale, "override");
        }

        if (symbol.BaseCurrency.Length == 0 || symbol.ProfitCurrency.Length == 0)
            return new SymbolMapping.NotFound($"the terminal names no base or profit currency for {symbol.Name}; map it by hand");

        var quote = settings is { QuoteCurrency: { Length: > 0 } replacement, ProfitCurrency: { Length: > 0 } replaced }
            && string.Equals(symbol.ProfitCurrency, replaced, StringComparison.Ordinal)
                ? replacement
                : symbol.ProfitCurrency;
        var found = instruments
            .Where(i => i.Status != InstrumentStatus.Delisted
                && string.Equals(i.Base.Value, symbol.BaseCurrency, StringComparison.Ordinal)
                && string.Equals(i.Quote.Value, quote, StringComparison.Ordinal))
            .OrderBy(i => i.Id)
            .ToImmutableArray();
        return found.Length switch
        {
            1 => new SymbolMapping.Found(found[0], 1m, "exact"),
            0 => new SymbolMapping.NotFound($"the venue has no instrument for {symbol.BaseCurrency}/{quote} ({symbol.Name}); map it by hand"),
            _ => new SymbolMapping.NotFound(
                $"{symbol.Name} fits several instruments ({string.Join(", ", found.Take(CandidatesShown).Select(i => i.Id))}); map it by hand"),
        };
    }
}
