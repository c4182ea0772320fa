using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Venue;

/// <summary>How long a venue refuses a client order id that it has seen.</summary>
internal enum IdPolicy
{
    /// <summary>For ever.</summary>
    Unique,

    /// <summary>While the order is open.</summary>
    OpenOrders,

    /// <summary>Until the first order with it has filled.</summary>
    UntilFilled,
}

/// <summary>What kind of venue a history has. The promises given to the heart are a little worse than what the venue does.</summary>
internal sealed record VenueTraits
{
    public ProductKind Kind { get; init; } = ProductKind.Derivative;

    public bool Hedge { get; init; }

    public IdPolicy Ids { get; init; } = IdPolicy.Unique;

    public TimeSpan Visibility { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Lag { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Memory { get; init; } = TimeSpan.FromDays(1);

    public bool ReduceOnly { get; init; } = true;

    /// <summary>A reduce-only order that is too large is cut, not refused.</summary>
    public bool CutsReduceOnly { get; init; }

    public bool ClosesBelowMinimum { get; init; } = true;

    public bool Crosses { get; init; } = true;

    public bool HonoursExpiry { get; init; } = true;

    /// <summary>The answer to a submission says that it was accepted, never how far it filled.</summary>
    public bool OnlyAcknowledges { get; init; }

    public decimal Step { get; init; } = 1m;

    public decimal Minimum { get; init; } = 1m;

    public decimal? Maximum { get; init; }

    public decimal FeeRate { get; init; }

    /// <summary>Longest time that a request is on its way. Where the venue knows no expiry, this must end before a look-up proves anything.</summary>
    public TimeSpan LongestTransit => HonoursExpiry ? TimeSpan.FromSeconds(40) : TimeSpan.FromSeconds(1);

    public VenueRules Rules => new(
        Kind,
        Visibility + Margin + (HonoursExpiry ? TimeSpan.Zero : LongestTransit),
        Memory - ClockTolerance,
        Lag + Margin,
        ReduceOnly && Kind == ProductKind.Derivative,
        ClosesBelowMinimum,
        Crosses,
        HonoursExpiry);

    // Decision and look-up may be dated by different runs of the host, with clocks of their own.
    private static TimeSpan ClockTolerance => TimeSpan.FromMinutes(1);

    private static TimeSpan Margin => TimeSpan.FromSeconds(2);

    public Instrument Instrument(string symbol, string asset) => new(
        new InstrumentId(symbol), Kind, new AssetName(asset), new AssetName("USDT"), 1m, Step, Minimum, Maximum, 0m, 0m, InstrumentStatus.Trading);

    public PositionSide[] Sides => Hedge ? [PositionSide.Long, PositionSide.Short] : [PositionSide.Net];

    public static VenueTraits Draw(Prng chance)
    {
        var free = DrawFreely(chance);
        return chance.Chance(0.5) ? free : VenueVariants.Narrow(free, chance.Pick<string>([.. VenueVariants.Names]));
    }

    private static VenueTraits DrawFreely(Prng chance)
    {
        var spot = chance.Chance(0.3);
        var step = chance.Pick(1m, 0.1m, 0.5m);
        return new VenueTraits
        {
            Kind = spot ? ProductKind.Spot : ProductKind.Derivative,
            Hedge = !spot && chance.Chance(0.3),
            Ids = chance.Pick(IdPolicy.Unique, IdPolicy.OpenOrders, IdPolicy.UntilFilled),
            Visibility = chance.Milliseconds(0, 8000),
            Lag = chance.Milliseconds(0, 4000),
            Memory = chance.Chance(0.3) ? TimeSpan.FromSeconds(chance.Between(130, 200)) : TimeSpan.FromDays(1),
            ReduceOnly = !spot && chance.Chance(0.7),
            CutsReduceOnly = chance.Chance(0.4),
            ClosesBelowMinimum = chance.Chance(0.5),
            Crosses = chance.Chance(0.6),
            HonoursExpiry = chance.Chance(0.6),
            OnlyAcknowledges = chance.Chance(0.4),
            Step = step,
            Minimum = step * chance.Pick(1, 1, 2),
            Maximum = chance.Chance(0.4) ? step * chance.Between(3, 6) : null,
            FeeRate = spot && chance.Chance(0.6) ? chance.Pick(0.001m, 0.01m) : 0m,
        };
    }
}
