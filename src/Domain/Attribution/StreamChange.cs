using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Attribution;

/// <summary>What one stream holds in one symbol.</summary>
/// <param name="Stream">The magic, or <see cref="Magic.Unattributed"/>.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Level">Lots held; never flat in a listing.</param>
public readonly record struct StreamLevel(Magic Stream, SymbolName Symbol, Level Level);

/// <summary>The level of one stream before and after something was applied. The two always differ.</summary>
/// <param name="Stream">The magic, or <see cref="Magic.Unattributed"/>.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Before">Lots held before.</param>
/// <param name="After">Lots held now.</param>
public readonly record struct StreamChange(Magic Stream, SymbolName Symbol, Level Before, Level After);

/// <summary>
/// Says which streams a deal changes. One book belongs to one owner (an actor, a simulated terminal) and is not safe for concurrent use.
/// </summary>
public interface IAttributionBook
{
    /// <summary>Every stream that is not flat, by symbol and then magic.</summary>
    IReadOnlyList<StreamLevel> Levels { get; }

    /// <summary>What the terminal holds in each symbol over all streams; flat symbols are not named.</summary>
    IReadOnlyDictionary<SymbolName, Level> Totals { get; }

    /// <summary>What <paramref name="stream"/> holds in <paramref name="symbol"/>.</summary>
    Level LevelOf(Magic stream, SymbolName symbol);

    /// <summary>
    /// Applies a deal and names the streams that it changed, in the order in which it was attributed to them. Empty when it changed
    /// nothing (a hedging deal whose position is not known: read the positions anew).
    /// </summary>
    IReadOnlyList<StreamChange> Apply(Deal deal);

    /// <summary>Takes a deal that the trade server cancelled out again, given the changes that its <see cref="Apply"/> returned.</summary>
    IReadOnlyList<StreamChange> Void(Deal deal, IReadOnlyList<StreamChange> changes);
}
