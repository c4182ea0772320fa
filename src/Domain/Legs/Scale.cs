using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Domain.Legs;

/// <summary>How lots become contracts on a leg. A change of it while anything is held needs a person's yes.</summary>
/// <param name="Instrument">The instrument traded.</param>
/// <param name="ContractSize">Its base units a contract.</param>
/// <param name="Sources">Base units a lot, by source.</param>
public sealed record Scale(InstrumentId Instrument, decimal ContractSize, ImmutableSortedDictionary<SourceId, decimal> Sources)
{
    /// <summary>The scale that contributions and instrument make together.</summary>
    public static Scale Of(ImmutableArray<Contribution> contributions, Instrument instrument) => new(
        instrument.Id,
        instrument.ContractSize,
        contributions.ToImmutableSortedDictionary(c => c.Source, c => c.BaseUnitsPerLot));

    /// <summary>True when both convert every source alike and name the same sources.</summary>
    public bool SameAs(Scale other) => ChangedFrom(other) is null && Sources.Count == other.Sources.Count;

    /// <summary>
    /// What differs from an earlier scale in a way that would move an existing position, in words; null when nothing does.
    /// A source that joins is no change: it brings its own level.
    /// </summary>
    public string? ChangedFrom(Scale earlier)
    {
        if (Instrument != earlier.Instrument) return $"the instrument changed from {earlier.Instrument} to {Instrument}";
        if (ContractSize != earlier.ContractSize)
            return $"the contract size of {Instrument} changed from {Amounts.AmountText.Of(earlier.ContractSize)} to {Amounts.AmountText.Of(ContractSize)}";
        foreach (var (source, before) in earlier.Sources)
        {
            if (!Sources.TryGetValue(source, out var now)) return $"{source} no longer feeds this leg";
            if (now != before)
                return $"a lot of {source} changed from {Amounts.AmountText.Of(before)} to {Amounts.AmountText.Of(now)} base units";
        }

        return null;
    }

    /// <summary>The sources that an earlier scale does not name.</summary>
    public IEnumerable<SourceId> Joined(Scale earlier) => Sources.Keys.Where(s => !earlier.Sources.ContainsKey(s));
}
