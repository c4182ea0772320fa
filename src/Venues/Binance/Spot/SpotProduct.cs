using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance.Spot;

/// <summary>Addresses and weights of the spot product.</summary>
internal static class SpotProduct
{
    internal static BinanceEndpoint Account { get; } = new(HttpMethod.Get, "/api/v3/account", 20);

    /// <summary>The price by which the venue judges a market order's notional.</summary>
    internal static BinanceEndpoint AveragePrice { get; } = new(HttpMethod.Get, "/api/v3/avgPrice", 2, Signed: false);

    internal static BinanceProduct Product { get; } = new(
        "binance-spot",
        [
            new("live", new("https://api.binance.com"), new("wss://ws-api.binance.com"), new("https://api.binance.com")),
            new("testnet", new("https://testnet.binance.vision"), new("wss://ws-api.testnet.binance.vision"), null),
            new("demo", new("https://demo-api.binance.com"), new("wss://demo-ws-api.binance.com"), null),
        ],
        new BinanceEndpoints(
            Time: new(HttpMethod.Get, "/api/v3/time", 1, Signed: false),
            ExchangeInfo: new(HttpMethod.Get, "/api/v3/exchangeInfo", 20, Signed: false),
            PlaceOrder: new(HttpMethod.Post, "/api/v3/order", 1),
            Order: new(HttpMethod.Get, "/api/v3/order", 4),
            CancelOrder: new(HttpMethod.Delete, "/api/v3/order", 1, Urgent: true),
            AllOpenOrders: new(HttpMethod.Get, "/api/v3/openOrders", 80),
            OpenOrders: new(HttpMethod.Get, "/api/v3/openOrders", 6),
            AllOrders: new(HttpMethod.Get, "/api/v3/allOrders", 20),
            Trades: new(HttpMethod.Get, "/api/v3/myTrades", 5)),
        SpotErrors.Table,
        [
            new(RateKind.Weight, TimeSpan.FromMinutes(1), 6000, "X-MBX-USED-WEIGHT-1M"),
            new(RateKind.Orders, TimeSpan.FromSeconds(10), 50, "X-MBX-ORDER-COUNT-10S"),
            new(RateKind.Orders, TimeSpan.FromDays(1), 160_000, "X-MBX-ORDER-COUNT-1D"),
        ],
        SpotErrors.Archived);

    /// <summary>The WebSocket API, where user data are told.</summary>
    internal const string StreamPath = "/ws-api/v3";
}
