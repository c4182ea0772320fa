using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>What one account holds and has open.</summary>
internal sealed class AccountState(PaperAccount facts)
{
    /// <summary>How many earlier holdings are kept for stale readings.</summary>
    internal const int PastKept = 64;

    private readonly Queue<ImmutableSortedDictionary<LegId, Held>> _past = new();

    internal readonly record struct Held(decimal Quantity, long Sequence);

    internal PaperAccount Facts { get; private set; } = facts;

    internal ImmutableSortedDictionary<LegId, Held> Holdings { get; private set; } = ImmutableSortedDictionary<LegId, Held>.Empty;

    /// <summary>Numbers of the open orders.</summary>
    internal SortedSet<long> Open { get; } = [];

    /// <summary>Prefix of client order ids → last counter that is forgotten.</summary>
    internal Dictionary<string, string> ForgottenIds { get; } = new(StringComparer.Ordinal);

    internal decimal QuantityOf(LegId leg) => Holdings.TryGetValue(leg, out var held) ? held.Quantity : 0m;

    internal void Put(PaperAccount facts)
    {
        if (facts.Sequence != Facts.Sequence)
        {
            _past.Enqueue(Holdings);
            if (_past.Count > PastKept) _past.Dequeue();
        }

        Facts = facts;
    }

    internal void Put(LegId leg, decimal quantity, long sequence) => Holdings = Holdings.SetItem(leg, new Held(quantity, sequence));

    /// <summary>What is held, or was held that many changes ago (as far back as is kept); flat legs are not named.</summary>
    internal ImmutableArray<Holding> Read(int changesAgo, Func<LegId, decimal> locked)
    {
        var view = changesAgo <= 0 || _past.Count == 0 ? Holdings : _past.ElementAt(Math.Max(0, _past.Count - changesAgo));
        return [.. view.Where(p => p.Value.Quantity != 0m).Select(p => new Holding(
            p.Key.Holding,
            p.Key.Side,
            new Contracts(p.Value.Quantity),
            Facts.Key.Product == PaperProduct.Spot ? new Contracts(Math.Max(0m, p.Value.Quantity - locked(p.Key))) : null,
            p.Value.Sequence))];
    }
}
