using System.Collections.Immutable;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance;

/// <summary>One request of the venue.</summary>
/// <param name="Method">How.</param>
/// <param name="Path">Where.</param>
/// <param name="Weight">What it uses of the limit by weight.</param>
/// <param name="Signed">With time stamp and signature.</param>
/// <param name="Urgent">A cancel: readings leave room for it.</param>
internal sealed record BinanceEndpoint(HttpMethod Method, string Path, int Weight, bool Signed = true, bool Urgent = false)
{
    internal RateCost Cost => new(Weight, Urgent: Urgent);
}

/// <summary>The requests that both products have, under their own addresses and weights.</summary>
internal sealed record BinanceEndpoints(
    BinanceEndpoint Time,
    BinanceEndpoint ExchangeInfo,
    BinanceEndpoint PlaceOrder,
    BinanceEndpoint Order,
    BinanceEndpoint CancelOrder,
    BinanceEndpoint AllOpenOrders,
    BinanceEndpoint OpenOrders,
    BinanceEndpoint AllOrders,
    BinanceEndpoint Trades);

/// <summary>What tells one product from the other.</summary>
/// <param name="Id">The product's id in settings.</param>
/// <param name="Networks">Where it is, live first.</param>
/// <param name="Endpoints">Its requests.</param>
/// <param name="Errors">Its errors.</param>
/// <param name="Limits">Its limits until the venue has told them.</param>
/// <param name="Forgotten">The code by which a look-up says that an order is too old to be kept; empty = none.</param>
internal sealed record BinanceProduct(
    string Id,
    ImmutableArray<BinanceNetwork> Networks,
    BinanceEndpoints Endpoints,
    ErrorTable Errors,
    ImmutableArray<RateLimit> Limits,
    string Forgotten = "");
