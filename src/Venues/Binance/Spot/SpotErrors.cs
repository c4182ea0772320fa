using System.Collections.Immutable;
using CSMultiConnector.Venues.Http;
using static CSMultiConnector.Domain.Orders.RejectionClass;
using static CSMultiConnector.Venues.Http.ErrorEffect;

namespace CSMultiConnector.Venues.Binance.Spot;

/// <summary>What the spot product's errors mean. One code stands for many reasons here: then the text decides.</summary>
internal static class SpotErrors
{
    /// <summary>Too old: cancelled or expired without a fill more than 90 days ago, and archived.</summary>
    internal const string Archived = "-2026";

    internal static ErrorTable Table { get; } = new(
    [
        // By the matching engine, or by what stands before it: the reasons are the same.
        .. Reasons("-1010"),
        .. Reasons("-1013"),
        .. Reasons("-2010"),

        new("-1013", Permanent, "LOT_SIZE", FactsWrong),
        new("-1013", Permanent, "PRICE_FILTER", FactsWrong),
        new("-1013", BelowMinimum, "NOTIONAL", FactsWrong),
        new("-1013", Transient, "PERCENT_PRICE"),
        new("-1013", Transient, "MAX_NUM_ORDERS"),
        new("-1013", Permanent, "MAX_POSITION"),
        new("-1013", Permanent, "MAX_ASSET"),
        new("-1013", Permanent, Effect: FactsWrong),
        new("-2010", Permanent),

        new("-1020", Permanent),
        new("-1014", Permanent),
        new("-2021", null),
        new("-2022", Permanent),
        new("-2008", Account),
        new("-1034", Wait),
        new("-2039", Permanent),
        .. BinanceErrors.Common,
    ]);

    private static ImmutableArray<ErrorRow> Reasons(string code) =>
    [
        new(code, Funds, "insufficient balance"),
        new(code, Query, "Duplicate order"),
        new(code, Wait, "Market is closed", FactsWrong),
        new(code, Permanent, "This symbol is"),
        new(code, Account, "This action is disabled on this account"),
        new(code, Account, "may not place or cancel orders"),
        new(code, Account, "API trading is not enabled"),
        new(code, Permanent, "not support", FactsWrong),
        new(code, Transient, "Order book liquidity"),
    ];
}
