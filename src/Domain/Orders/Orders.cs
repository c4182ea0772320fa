using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Orders;

/// <summary>A market order as it goes to a gateway. Journaled as an intent before it goes.</summary>
/// <param name="ClientOrderId">Our id, used once for ever.</param>
/// <param name="Instrument">What is traded.</param>
/// <param name="PositionSide">Net in one-way mode and on spot; Long or Short in hedge mode.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Quantity">Contracts, above zero, a multiple of the lot step.</param>
/// <param name="ReduceOnly">True when the order only shrinks the leg (meaningless on spot).</param>
/// <param name="NotAfter">No byte of the order may leave after this moment; also the venue's own expiry where it has one.</param>
/// <param name="ReferencePrice">Last price known to us, for checks of size (and for Paper's fills); null = none known.</param>
public sealed record OrderRequest(
    ClientOrderId ClientOrderId,
    InstrumentId Instrument,
    PositionSide PositionSide,
    OrderSide Side,
    Contracts Quantity,
    bool ReduceOnly,
    DateTimeOffset NotAfter,
    Price? ReferencePrice);

/// <summary>Where an order stands at the venue.</summary>
public enum OrderStatus
{
    /// <summary>Open; may have filled in part.</summary>
    Open,

    /// <summary>Closed, filled wholly.</summary>
    Filled,

    /// <summary>Closed by a cancel; may have filled in part.</summary>
    Cancelled,

    /// <summary>Closed by the venue (expired, no liquidity); may have filled in part.</summary>
    Expired,

    /// <summary>Refused by the venue after it had an id.</summary>
    Rejected,
}

/// <summary>What the venue says about one order. Figures are cumulative.</summary>
/// <param name="ClientOrderId">Our id.</param>
/// <param name="VenueOrderId">The venue's id; empty if it gave none.</param>
/// <param name="Instrument">What is traded.</param>
/// <param name="PositionSide">Position side as the venue reports it.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Quantity">Contracts ordered.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Filled">Contracts filled so far, whatever the status.</param>
/// <param name="AveragePrice">Average fill price; null while nothing filled.</param>
/// <param name="FeeInBase">Fee taken out of the base asset so far, in contracts (spot buys); it lowers what is held.</param>
/// <param name="Fees">All fees so far, by asset.</param>
/// <param name="CreatedAt">When the venue took the order, venue time; null if it does not say.</param>
public sealed record OrderReport(
    ClientOrderId ClientOrderId,
    string VenueOrderId,
    InstrumentId Instrument,
    PositionSide PositionSide,
    OrderSide Side,
    Contracts Quantity,
    OrderStatus Status,
    Contracts Filled,
    Price? AveragePrice,
    Contracts FeeInBase,
    ImmutableArray<Fee> Fees,
    DateTimeOffset? CreatedAt)
{
    /// <summary>True when the venue will fill no more of it.</summary>
    public bool IsClosed => Status != OrderStatus.Open;
}

/// <summary>A fee in one asset.</summary>
/// <param name="Asset">The asset it was taken in.</param>
/// <param name="Amount">Positive = paid.</param>
public readonly record struct Fee(AssetName Asset, decimal Amount);

/// <summary>What a refusal means for the leg, from the venue's table.</summary>
public enum RejectionClass
{
    /// <summary>Again with back-off and a new id; uses a try.</summary>
    Transient,

    /// <summary>Rate limit, maintenance, closed: again later; uses no try.</summary>
    Wait,

    /// <summary>The actual was wrong (reduce-only refused, wrong side): read anew, then decide.</summary>
    ReRead,

    /// <summary>The id is known there already: ask what became of it.</summary>
    Query,

    /// <summary>Above the venue's maximum: smaller pieces.</summary>
    Split,

    /// <summary>Below the venue's minimum: an untradable remainder until the goal changes.</summary>
    BelowMinimum,

    /// <summary>The leg faults in the venue's own words.</summary>
    Permanent,

    /// <summary>Not enough funds: increasing orders of the account wait; reducing ones go on.</summary>
    Funds,

    /// <summary>Bad key, no permission, wrong position mode: the connector pauses.</summary>
    Account,
}

/// <summary>A refusal in the venue's words, with its class.</summary>
/// <param name="Class">What it means for the leg.</param>
/// <param name="Code">The venue's code.</param>
/// <param name="Text">The venue's text, without secrets.</param>
/// <param name="RetryAfter">How long to wait at least, when the venue says.</param>
public sealed record Rejection(RejectionClass Class, string Code, string Text, TimeSpan? RetryAfter = null);

/// <summary>What became of a submission. Only evidence from the venue leaves <see cref="Unknown"/>.</summary>
public abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>The venue has the order.</summary>
    public sealed record Confirmed(OrderReport Report) : SubmitOutcome;

    /// <summary>The venue refused it: it never lived.</summary>
    public sealed record Rejected(Rejection Rejection) : SubmitOutcome;

    /// <summary>Not one byte left: a local check refused it (validity over, weight used up, filter).</summary>
    public sealed record DeniedLocally(Rejection Reason) : SubmitOutcome;

    /// <summary>It may or may not live: time-out, 5xx, dropped line.</summary>
    public sealed record Unknown(string Why) : SubmitOutcome;
}

/// <summary>The answer to "what became of this order?".</summary>
public abstract record LookupOutcome
{
    private LookupOutcome()
    {
    }

    /// <summary>The venue knows it.</summary>
    public sealed record Found(OrderReport Report) : LookupOutcome;

    /// <summary>Every look-up that the venue documents answered completely, and none named it.</summary>
    public sealed record NotFound : LookupOutcome;

    /// <summary>A look-up failed or answered in part: says nothing.</summary>
    public sealed record Incomplete(string Why) : LookupOutcome;
}

/// <summary>The answer to a cancel.</summary>
public abstract record CancelOutcome
{
    private CancelOutcome()
    {
    }

    /// <summary>The venue took the cancel; a report closes the order when it is closed.</summary>
    public sealed record Accepted(OrderReport? Report) : CancelOutcome;

    /// <summary>The venue says there is nothing to cancel: the order must be looked up.</summary>
    public sealed record NothingToCancel : CancelOutcome;

    /// <summary>The venue refused for another reason.</summary>
    public sealed record Rejected(Rejection Rejection) : CancelOutcome;

    /// <summary>It may or may not have been taken.</summary>
    public sealed record Unknown(string Why) : CancelOutcome;
}

/// <summary>Names one order for a look-up or a cancel.</summary>
/// <param name="ClientOrderId">Our id.</param>
/// <param name="Instrument">What is traded.</param>
/// <param name="VenueOrderId">The venue's id, if it is known.</param>
/// <param name="SentAt">When the intent was decided, for look-ups that need a window.</param>
public sealed record OrderKey(ClientOrderId ClientOrderId, InstrumentId Instrument, string? VenueOrderId, DateTimeOffset SentAt);
