namespace CSMultiConnector.Venues.Conformance;

/// <summary>What a venue product has or lacks. What a class does not say to lack (<see cref="LacksAttribute"/>) it has; the first group is compared with what the gateway declares.</summary>
public enum Feature
{
    /// <summary>The venue tells by itself (<see cref="VenueCapabilities.Streams"/>).</summary>
    Streams,

    /// <summary>Instruments come into being when asked for.</summary>
    ListsOnDemand,

    /// <summary>Orders can be marked reduce-only.</summary>
    ReduceOnly,

    /// <summary>The account of this host keeps a long and a short leg.</summary>
    HedgeLegs,

    /// <summary>One order may turn a one-way position round.</summary>
    CrossesZero,

    /// <summary>A reducing order that ends flat may be below the minima.</summary>
    ClosesBelowMinimum,

    /// <summary>The venue itself refuses an order after its not-after time.</summary>
    HonoursExpiry,

    /// <summary>A new order may not be found for a while.</summary>
    LateVisibility,

    /// <summary>Requests need a key.</summary>
    Keys,

    /// <summary>An id is refused for ever once an order had it.</summary>
    RefusesUsedIds,

    /// <summary>The venue limits requests and says how long to wait.</summary>
    RateLimits,

    /// <summary>Requests carry a time that the venue checks.</summary>
    CheckedClock,

    /// <summary>The venue closes positions by itself.</summary>
    Liquidation,

    /// <summary>The stream tells of instruments that change.</summary>
    InstrumentEvents,

    /// <summary>Orders that are not ours can rest on the account.</summary>
    RestingForeignOrders,
}
