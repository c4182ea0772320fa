using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Legs;

/// <summary>An order decided and journaled, with all that led to it. In flight until its end is proved.</summary>
/// <param name="Order">The order as it goes to the venue.</param>
/// <param name="Number">Counts the intents of this leg from 1.</param>
/// <param name="DecidedAt">When it was decided.</param>
/// <param name="Increasing">True when it can enlarge the leg (counts for the guard rail of orders a minute).</param>
/// <param name="Reason">Why, for people and for the explanation.</param>
public sealed record Intent(OrderRequest Order, long Number, DateTimeOffset DecidedAt, bool Increasing, IntentReason Reason)
{
    /// <summary>Names the order for look-ups and cancels.</summary>
    public OrderKey Key(string? venueOrderId) => new(Order.ClientOrderId, Order.Instrument, venueOrderId, DecidedAt);

    /// <summary>Signed change of the leg when <paramref name="filled"/> contracts are filled.</summary>
    public Contracts Signed(Contracts filled) => Order.Side == OrderSide.Buy ? filled : -filled;
}

/// <summary>What led to an intent.</summary>
/// <param name="Contributions">Levels, scales and deal tickets of each source.</param>
/// <param name="TargetExact">The target before rounding.</param>
/// <param name="Target">The rounded target.</param>
/// <param name="Uncopied">Part of the target that is not copied.</param>
/// <param name="Foreign">Holdings that were there before.</param>
/// <param name="Drift">Changes that none of our fills explains.</param>
/// <param name="Goal">What the leg was driven to.</param>
/// <param name="Actual">What the leg held.</param>
/// <param name="ContractSize">Base units a contract.</param>
public sealed record IntentReason(
    ImmutableArray<Contribution> Contributions,
    decimal TargetExact,
    Contracts Target,
    Contracts Uncopied,
    Contracts Foreign,
    Contracts Drift,
    Contracts Goal,
    Contracts Actual,
    decimal ContractSize);

/// <summary>How an intent ended.</summary>
public enum IntentEnd
{
    /// <summary>Filled wholly.</summary>
    Filled,

    /// <summary>Closed with a part filled or nothing (cancelled, expired).</summary>
    Unfilled,

    /// <summary>Refused by the venue.</summary>
    Rejected,

    /// <summary>Refused before it left.</summary>
    DeniedLocally,

    /// <summary>Proved never to have been placed.</summary>
    NeverPlaced,

    /// <summary>Beyond the venue's memory: settled by confirmed readings.</summary>
    SettledByReading,
}

/// <summary>What has been filled of an order so far.</summary>
/// <param name="Filled">Contracts, cumulative.</param>
/// <param name="FeeInBase">Fee taken out of the base asset, cumulative.</param>
/// <param name="AveragePrice">Average price; null while nothing filled.</param>
/// <param name="Fees">All fees, cumulative.</param>
public sealed record FillProgress(Contracts Filled, Contracts FeeInBase, Price? AveragePrice, ImmutableArray<Fee> Fees)
{
    /// <summary>Nothing filled.</summary>
    public static FillProgress None { get; } = new(Contracts.Zero, Contracts.Zero, null, []);

    /// <summary>The progress that a report shows.</summary>
    public static FillProgress Of(OrderReport report) => new(report.Filled, report.FeeInBase, report.AveragePrice, report.Fees);
}
