using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Legs;

/// <summary>What the routed streams ask of a leg.</summary>
/// <param name="Exact">Contracts before rounding (and before the clamp of spot).</param>
/// <param name="Rounded">Contracts, rounded toward zero to the lot step; on spot never below zero.</param>
public readonly record struct Target(decimal Exact, Contracts Rounded)
{
    /// <summary>Exact less rounded: shown, never traded. On a clamped spot leg the whole short.</summary>
    public decimal RoundingResidual => Exact - Rounded.Value;

    /// <summary>Σ (lots × base units per lot) ÷ contract size: summed exactly, then divided, then rounded toward zero.</summary>
    public static Target Of(ImmutableArray<Contribution> contributions, Instrument instrument, PositionSide side) =>
        Of(contributions, instrument, side, c => c.Level);

    /// <summary>The same over the levels that were there before the connector.</summary>
    public static Target OfPreexisting(ImmutableArray<Contribution> contributions, Instrument instrument, PositionSide side) =>
        Of(contributions, instrument, side, c => c.Preexisting);

    /// <summary>Rounds toward zero to a step above zero.</summary>
    public static Contracts RoundToStep(decimal quantity, decimal step) => new(decimal.Truncate(quantity / step) * step);

    private static Target Of(ImmutableArray<Contribution> contributions, Instrument instrument, PositionSide side, Func<Contribution, Level> level)
    {
        var units = 0m;
        foreach (var c in contributions) units += Signed(level(c), side) * c.BaseUnitsPerLot;
        var exact = units / instrument.ContractSize;
        var floored = instrument.Kind == ProductKind.Spot ? Math.Max(0m, exact) : exact;
        return new Target(exact, RoundToStep(floored, instrument.LotStep));
    }

    private static decimal Signed(Level level, PositionSide side) => side switch
    {
        PositionSide.Long => level.Long.Value,
        PositionSide.Short => -level.Short.Value,
        _ => level.Net.Value,
    };
}
