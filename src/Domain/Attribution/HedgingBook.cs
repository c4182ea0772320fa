using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Attribution;

/// <summary>An open position of a hedging account.</summary>
/// <param name="Id">The position's id, above zero.</param>
/// <param name="Magic">The magic that it was opened with.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Side">Buy = long.</param>
/// <param name="Volume">Lots, above zero.</param>
public sealed record HedgingPosition(long Id, Magic Magic, SymbolName Symbol, OrderSide Side, Lots Volume);

/// <summary>
/// Attribution on a hedging account: a position belongs to the magic that it was opened with, and every deal with its id counts for that
/// stream, whatever magic the deal carries.
/// </summary>
public sealed class HedgingBook : IAttributionBook
{
    private readonly SortedDictionary<long, HedgingPosition> _positions = [];
    private readonly SortedDictionary<(SymbolName Symbol, Magic Magic), Level> _levels = [];

    /// <summary>The open positions, by id.</summary>
    public IReadOnlyCollection<HedgingPosition> Positions => _positions.Values;

    /// <inheritdoc/>
    public IReadOnlyList<StreamLevel> Levels => [.. _levels.Select(l => new StreamLevel(l.Key.Magic, l.Key.Symbol, l.Value))];

    /// <inheritdoc/>
    public IReadOnlyDictionary<SymbolName, Level> Totals =>
        _levels.GroupBy(l => l.Key.Symbol).ToDictionary(g => g.Key, g => g.Select(l => l.Value).Aggregate(Sum));

    /// <inheritdoc/>
    public Level LevelOf(Magic stream, SymbolName symbol) => _levels.GetValueOrDefault((symbol, stream));

    /// <summary>The position with this id; null when none is open.</summary>
    public HedgingPosition? Find(long id) => _positions.GetValueOrDefault(id);

    /// <summary>Forgets everything and takes the terminal's list of positions, which is always right.</summary>
    public void Resume(IEnumerable<HedgingPosition> positions)
    {
        _positions.Clear();
        _levels.Clear();
        foreach (var position in positions) Put(position, position.Volume);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StreamChange> Apply(Deal deal)
    {
        var known = Find(deal.Position);
        if (known is null)
            return deal.Entry == DealEntry.In
                ? Put(new HedgingPosition(deal.Position, deal.Magic, deal.Symbol, deal.Side, deal.Volume), deal.Volume)
                : [];
        return Put(known, deal.Side == known.Side ? known.Volume + deal.Volume : known.Volume - deal.Volume);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StreamChange> Void(Deal deal, IReadOnlyList<StreamChange> changes)
    {
        if (changes.Count == 0) return [];
        // The volume that the deal really moved: an exit of more than was held took only what was there.
        var change = changes[0];
        var longs = change.After.Long - change.Before.Long;
        var shorts = change.After.Short - change.Before.Short;
        var side = longs.Value != 0m ? OrderSide.Buy : OrderSide.Sell;
        var position = Find(deal.Position) ?? new HedgingPosition(deal.Position, change.Stream, deal.Symbol, side, Lots.Zero);
        return Put(position, position.Volume - longs - shorts);
    }

    // A position never turns round on a hedging account; an exit of more than is known ends it.
    private IReadOnlyList<StreamChange> Put(HedgingPosition position, Lots volume)
    {
        var old = Find(position.Id)?.Volume ?? Lots.Zero;
        if (volume.Value <= 0m)
        {
            volume = Lots.Zero;
            _positions.Remove(position.Id);
        }
        else
        {
            _positions[position.Id] = position with { Volume = volume };
        }

        var key = (position.Symbol, position.Magic);
        var before = _levels.GetValueOrDefault(key);
        var delta = volume - old;
        var after = position.Side == OrderSide.Buy ? before with { Long = before.Long + delta } : before with { Short = before.Short + delta };
        if (after.IsFlat) _levels.Remove(key);
        else _levels[key] = after;
        return before == after ? [] : [new StreamChange(position.Magic, position.Symbol, before, after)];
    }

    private static Level Sum(Level a, Level b) => new(a.Long + b.Long, a.Short + b.Short);
}
