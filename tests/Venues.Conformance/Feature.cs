namespace CSMultiConnector.Venues.Conformance;

/// <summary>What a venue product has or lacks. The first group is what the gateway itself declares; the rest the host declares, each lack with its reason.</summary>
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

    /// <summary>An id is refused for ever once an order had it.</summary>
    RefusesUsedIds,

    /// <summary>The id of an open order is refused.</summary>
    RefusesOpenIds,

    /// <summary>An order can fill in part and stay open.</summary>
    StaysOpenInPart,

    /// <summary>A new order may not be found for a while.</summary>
    LateVisibility,

    /// <summary>The venue limits requests and says how long to wait.</summary>
    RateLimits,

    /// <summary>The venue can be down for maintenance.</summary>
    Maintenance,

    /// <summary>Requests carry a time that the venue checks.</summary>
    CheckedClock,

    /// <summary>Keys have permissions and can be withdrawn.</summary>
    Keys,

    /// <summary>The venue closes positions by itself.</summary>
    Liquidation,

    /// <summary>The stream tells of instruments that change.</summary>
    InstrumentEvents,

    /// <summary>Orders that are not ours can be on the account.</summary>
    ForeignOrders,

    /// <summary>The wait for what never comes can be passed by a clock that the test moves.</summary>
    MovableClock,
}

/// <summary>This test proves a feature.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ProvesAttribute(Feature feature) : Attribute
{
    public Feature Feature { get; } = feature;
}
