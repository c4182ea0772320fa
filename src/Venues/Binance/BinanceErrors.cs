using System.Collections.Immutable;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Http;
using static CSMultiConnector.Domain.Orders.RejectionClass;
using static CSMultiConnector.Venues.Http.ErrorEffect;

namespace CSMultiConnector.Venues.Binance;

/// <summary>The codes that mean the same on both products; each product's own rows stand before them in its table.</summary>
internal static class BinanceErrors
{
    /// <summary>The account sent too many orders; unlike other limits not a matter of the address.</summary>
    internal const string TooManyOrders = "-1015";

    private static readonly RejectionClass? MayLive = null;

    internal static ImmutableArray<ErrorRow> Common { get; } =
    [
        // Said of an order, these do not tell whether it lives.
        new("-1000", MayLive),
        new("-1001", MayLive),
        new("-1006", MayLive),
        new("-1007", MayLive),

        // "Server is currently overloaded …": users report orders that lived all the same.
        new("-1008", MayLive),

        // Not placed; the venue wants fewer requests, or is not there for now. No try is used.
        new("-1003", Wait),
        new(TooManyOrders, Wait),
        new("-1016", Wait),

        new("-1021", Transient, Effect: ClockWrong),
        new("-1022", Account),
        new("-1002", Account),
        new("-2014", Account),
        new("-2015", Account),

        // Parameters: a fault of ours, the same every time.
        new("-1100", Permanent),
        new("-1101", Permanent),
        new("-1102", Permanent),
        new("-1103", Permanent),
        new("-1104", Permanent),
        new("-1105", Permanent),
        new("-1106", Permanent),
        new("-1128", Permanent),
        new("-1130", Permanent),
        new("-1115", Permanent),
        new("-1116", Permanent),
        new("-1117", Permanent),

        new("-1111", Permanent, Effect: FactsWrong),
        new("-1112", Transient),
        new("-1121", Permanent, Effect: FactsWrong),

        new("-2011", Permanent, Effect: NothingToCancel),
        new("-2013", MayLive, Effect: NoSuchOrder | NothingToCancel),
    ];
}
