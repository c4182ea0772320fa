using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Domain.Instruments;

/// <summary>Whether a venue holds balances or positions.</summary>
public enum ProductKind
{
    /// <summary>Assets are held; nothing can be below zero; a leg is a base asset.</summary>
    Spot,

    /// <summary>Positions are held (futures, CFD, margin); a leg is an instrument and a position side.</summary>
    Derivative,
}

/// <summary>Whether orders are taken for an instrument.</summary>
public enum InstrumentStatus
{
    /// <summary>Orders are taken.</summary>
    Trading,

    /// <summary>Outside trading hours or halted: the leg waits.</summary>
    Closed,

    /// <summary>Only orders that reduce are taken.</summary>
    ReduceOnly,

    /// <summary>Gone from the venue.</summary>
    Delisted,
}

/// <summary>How a venue account keeps the two sides of an instrument.</summary>
public enum PositionMode
{
    /// <summary>One signed position an instrument (spot is always this).</summary>
    OneWay,

    /// <summary>A long and a short position an instrument.</summary>
    Hedge,
}

/// <summary>What is traded at a venue. Quantities are contracts (spot: base units).</summary>
/// <param name="Id">The venue's symbol.</param>
/// <param name="Kind">Spot or derivative.</param>
/// <param name="Base">Base asset.</param>
/// <param name="Quote">Quote asset.</param>
/// <param name="ContractSize">Base units a contract, above zero; 1 on spot.</param>
/// <param name="LotStep">Step of the quantity in contracts, above zero.</param>
/// <param name="MinQuantity">Smallest quantity of an order, contracts.</param>
/// <param name="MaxQuantity">Largest quantity of a market order, contracts; null = none known.</param>
/// <param name="MinNotional">Smallest quantity × contract size × price, in quote currency; 0 = none.</param>
/// <param name="Tick">Price step; 0 = unknown.</param>
/// <param name="Status">Whether orders are taken now.</param>
public sealed record Instrument(
    InstrumentId Id,
    ProductKind Kind,
    AssetName Base,
    AssetName Quote,
    decimal ContractSize,
    decimal LotStep,
    decimal MinQuantity,
    decimal? MaxQuantity,
    decimal MinNotional,
    decimal Tick,
    InstrumentStatus Status)
{
    /// <summary>The name under which the venue reports what is held: the base asset on spot, else the symbol.</summary>
    public string HoldingName => Kind == ProductKind.Spot ? Base.Value : Id.Value;

    /// <summary>
    /// Stands for an instrument that the venue no longer names: nothing of it is known but that it cannot be traded.
    /// Its step is the finest there is, so that nothing shown is rounded away.
    /// </summary>
    /// <param name="id">The symbol that it had.</param>
    /// <param name="kind">The product's kind.</param>
    /// <param name="holding">The name under which it is held.</param>
    public static Instrument Gone(InstrumentId id, ProductKind kind, string holding) =>
        new(id, kind, new AssetName(holding), new AssetName(""), 1m, 0.00000001m, 0m, null, 0m, 0m, InstrumentStatus.Delisted);

    /// <summary>The leg of one side of this instrument.</summary>
    public LegId Leg(PositionSide side) => new(HoldingName, side);
}
