using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Domain.Connectors;

/// <summary>What a venue product promises about orders and readings; the heart's rules are driven by it.</summary>
/// <param name="Kind">Spot or derivative.</param>
/// <param name="VisibilityDelay">
/// How long after a submission ended a look-up may still not see an order. Where the venue honours no expiry, it includes how long bytes may be on their way.
/// </param>
/// <param name="Memory">How long after it was sent the venue can still find any order of ours.</param>
/// <param name="QuietPeriod">How long after an order a reading may still show the state before it.</param>
/// <param name="OffersReduceOnly">Orders can be marked reduce-only.</param>
/// <param name="ClosesBelowMinimum">A reducing order that ends flat may be below the minima.</param>
/// <param name="CrossesZeroInOneOrder">In one-way mode one order may turn the position round.</param>
/// <param name="HonoursExpiry">The venue itself refuses an order after its not-after time.</param>
public sealed record VenueRules(
    ProductKind Kind,
    TimeSpan VisibilityDelay,
    TimeSpan Memory,
    TimeSpan QuietPeriod,
    bool OffersReduceOnly,
    bool ClosesBelowMinimum,
    bool CrossesZeroInOneOrder,
    bool HonoursExpiry);
