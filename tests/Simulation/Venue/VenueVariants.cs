using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Simulation.Venue;

/// <summary>
/// Venues by the rules that their documentation gives for ids, expiry, answers and memory (as of 2026). Times are shortened so that a history of minutes
/// reaches beyond them; what the documentation leaves open stays as it was drawn.
/// </summary>
internal static class VenueVariants
{
    /// <summary>Long enough for validity, visibility and the clocks' tolerance, short enough to be passed.</summary>
    private static readonly TimeSpan s_shortMemory = TimeSpan.FromSeconds(150);

    private static readonly Dictionary<string, Func<VenueTraits, VenueTraits>> s_all = new(StringComparer.Ordinal)
    {
        // developers.binance.com, spot "newClientOrderId": unique among open orders, taken again once the first has filled; recvWindow is looked at again
        // before the matching engine; newOrderRespType=FULL answers with the fills; commission comes off the base asset bought.
        ["binance-spot"] = t => Spot(t) with { Ids = IdPolicy.OpenOrders, HonoursExpiry = true, OnlyAcknowledges = false, FeeRate = 0.001m },

        // developers.binance.com, USD-M: unique among open orders (-4116); a late second check of the window is -5028; reduceOnly in one-way mode.
        ["binance-futures"] = t => Futures(t) with { Ids = IdPolicy.OpenOrders, HonoursExpiry = true, OnlyAcknowledges = false, ReduceOnly = true, Crosses = true },

        // bybit-exchange.github.io, v5 "orderLinkId": always unique; the answer to order/create only acknowledges; orders that were cancelled without fills are kept
        // 24 hours; order/history "may lag".
        ["bybit-linear"] = t => Futures(t) with { Ids = IdPolicy.Unique, HonoursExpiry = true, OnlyAcknowledges = true, ReduceOnly = true, CutsReduceOnly = true, Memory = s_shortMemory },

        // okx.com/docs-v5, "clOrdId": unique among pending orders; expTime bounds execution; sCode 0 only acknowledges; cancelled without fill: gone after 2 hours.
        ["okx-swap"] = t => Futures(t) with { Ids = IdPolicy.OpenOrders, HonoursExpiry = true, OnlyAcknowledges = true, ReduceOnly = true, Memory = s_shortMemory },

        // docs.kraken.com, "cl_ord_id": unique among the client's open orders; "deadline" is refused by the matching engine later; AddOrder answers with a txid only.
        ["kraken-spot"] = t => Spot(t) with { Ids = IdPolicy.OpenOrders, HonoursExpiry = true, OnlyAcknowledges = true },

        // kucoin.com/docs, hf "clientOid": a duplicate is refused without a time limit; allowMaxTimeWindow bounds arrival; the answer only acknowledges.
        ["kucoin-spot"] = t => Spot(t) with { Ids = IdPolicy.Unique, HonoursExpiry = true, OnlyAcknowledges = true },

        // kucoin.com/docs, futures: as spot, but no parameter bounds the time of arrival.
        ["kucoin-futures"] = t => Futures(t) with { Ids = IdPolicy.Unique, HonoursExpiry = false, OnlyAcknowledges = true, ReduceOnly = true },

        // interactivebrokers.github.io, TWS API: orderRef is a label that nothing checks while order ids only grow; no expiry of the request, no reduce-only.
        ["interactive-brokers"] = t => Futures(t) with { Hedge = false, Ids = IdPolicy.UntilFilled, HonoursExpiry = false, OnlyAcknowledges = true, ReduceOnly = false, Crosses = true },
    };

    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>A drawn venue with the rules of the named one.</summary>
    public static VenueTraits Narrow(VenueTraits drawn, string name) => s_all[name](drawn);

    private static VenueTraits Spot(VenueTraits t) => t with { Kind = ProductKind.Spot, Hedge = false, ReduceOnly = false };

    private static VenueTraits Futures(VenueTraits t) => t with { Kind = ProductKind.Derivative, FeeRate = 0m };
}
