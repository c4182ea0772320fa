using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>One order as the simulated venue keeps it.</summary>
/// <param name="Number">The venue's running number.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Report">What the venue says about it.</param>
/// <param name="ReduceOnly">It may only shrink the position.</param>
/// <param name="ReservePrice">What an open spot buy keeps locked for each unit that is not filled.</param>
/// <param name="RestFillsAt">When the open rest fills by itself; null = never.</param>
/// <param name="UpdatedAt">Last change, venue time.</param>
public sealed record PaperOrder(
    long Number,
    PaperAccountKey Account,
    OrderReport Report,
    bool ReduceOnly,
    decimal ReservePrice,
    DateTimeOffset? RestFillsAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Contracts that are not filled.</summary>
    internal decimal Rest => Report.Quantity.Value - Report.Filled.Value;
}

/// <summary>Why something was traded.</summary>
public enum PaperTradeKind
{
    /// <summary>An order with a client order id.</summary>
    Order,

    /// <summary>By hand at the venue, behind the connector's back.</summary>
    ByHand,

    /// <summary>The venue took it: liquidation.</summary>
    Liquidation,
}

/// <summary>One fill.</summary>
/// <param name="Number">Running number of the fill.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Order">The order's number; 0 when there was none.</param>
/// <param name="Kind">Why it was traded.</param>
/// <param name="Instrument">What was traded.</param>
/// <param name="PositionSide">Which side of it.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Quantity">Contracts, above zero.</param>
/// <param name="Price">At this price.</param>
/// <param name="Fee">Fee and its asset.</param>
/// <param name="Sequence">The account's sequence after it.</param>
/// <param name="At">Venue time.</param>
public sealed record PaperFill(
    long Number,
    PaperAccountKey Account,
    long Order,
    PaperTradeKind Kind,
    InstrumentId Instrument,
    PositionSide PositionSide,
    OrderSide Side,
    Contracts Quantity,
    Price Price,
    Fee Fee,
    long Sequence,
    DateTimeOffset At)
{
    /// <summary>Quantity with the sign of the side.</summary>
    public decimal Signed => Side == OrderSide.Buy ? Quantity.Value : -Quantity.Value;
}

/// <summary>What an account is.</summary>
/// <param name="Key">Product and name.</param>
/// <param name="Mode">How it keeps the two sides.</param>
/// <param name="FeeRate">Fee as a part of the notional.</param>
/// <param name="OpeningQuote">What it is given of every quote asset at its first sight.</param>
/// <param name="Sequence">Grows by one with each change of its holdings.</param>
public sealed record PaperAccount(PaperAccountKey Key, PositionMode Mode, decimal FeeRate, decimal OpeningQuote, long Sequence);

/// <summary>A trade at the venue that no connector ordered.</summary>
/// <param name="Kind">By hand or liquidation.</param>
/// <param name="Instrument">What is traded.</param>
/// <param name="PositionSide">Net in one-way mode and on spot.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Quantity">Contracts, above zero.</param>
/// <param name="Price">Null = the instrument's price.</param>
/// <param name="Quiet">True = the stream says nothing of it.</param>
public sealed record PaperTrade(
    PaperTradeKind Kind,
    InstrumentId Instrument,
    PositionSide PositionSide,
    OrderSide Side,
    Contracts Quantity,
    Price? Price = null,
    bool Quiet = false);

/// <summary>How the venue fills the next order; the default fills it wholly.</summary>
/// <param name="Fraction">Part that fills at once, rounded down to the step; null = all.</param>
/// <param name="RestExpires">The rest expires at once instead of staying open.</param>
/// <param name="RestAfter">The open rest fills by itself after this time; null = stays open until cancelled.</param>
/// <param name="Refuse">Refuse it with this class.</param>
/// <param name="RefuseAfterTaking">The order gets an id and is then refused.</param>
internal readonly record struct FillPlan(decimal? Fraction, bool RestExpires, TimeSpan? RestAfter, RejectionClass? Refuse, bool RefuseAfterTaking);
