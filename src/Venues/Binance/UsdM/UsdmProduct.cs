using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance.UsdM;

/// <summary>Addresses and weights of the USD-M product.</summary>
internal static class UsdmProduct
{
    internal static BinanceEndpoint AccountConfig { get; } = new(HttpMethod.Get, "/fapi/v1/accountConfig", 5);

    internal static BinanceEndpoint Balance { get; } = new(HttpMethod.Get, "/fapi/v3/balance", 5);

    internal static BinanceEndpoint Positions { get; } = new(HttpMethod.Get, "/fapi/v3/positionRisk", 5);

    /// <summary>Liquidations and auto-deleveraging of the account, all symbols.</summary>
    internal static BinanceEndpoint ForcedOrders { get; } = new(HttpMethod.Get, "/fapi/v1/forceOrders", 50);

    internal static BinanceEndpoint TakeListenKey { get; } = new(HttpMethod.Post, "/fapi/v1/listenKey", 1, Signed: false);

    internal static BinanceEndpoint KeepListenKey { get; } = new(HttpMethod.Put, "/fapi/v1/listenKey", 1, Signed: false);

    internal static BinanceProduct Product { get; } = new(
        "binance-usdm",
        [
            new("live", new("https://fapi.binance.com"), new("wss://fstream.binance.com"), new("https://api.binance.com")),
            new("testnet", new("https://testnet.binancefuture.com"), new("wss://fstream.binancefuture.com"), null),
            new("demo", new("https://demo-fapi.binance.com"), new("wss://demo-fstream.binance.com"), null),
        ],
        new BinanceEndpoints(
            Time: new(HttpMethod.Get, "/fapi/v1/time", 1, Signed: false),
            ExchangeInfo: new(HttpMethod.Get, "/fapi/v1/exchangeInfo", 1, Signed: false),
            PlaceOrder: new(HttpMethod.Post, "/fapi/v1/order", 0),
            Order: new(HttpMethod.Get, "/fapi/v1/order", 1),
            CancelOrder: new(HttpMethod.Delete, "/fapi/v1/order", 1, Urgent: true),
            AllOpenOrders: new(HttpMethod.Get, "/fapi/v1/openOrders", 40),
            OpenOrders: new(HttpMethod.Get, "/fapi/v1/openOrders", 1),
            AllOrders: new(HttpMethod.Get, "/fapi/v1/allOrders", 5),
            Trades: new(HttpMethod.Get, "/fapi/v1/userTrades", 5)),
        UsdmErrors.Table,
        [
            new(RateKind.Weight, TimeSpan.FromMinutes(1), 2400, "X-MBX-USED-WEIGHT-1M"),
            new(RateKind.Orders, TimeSpan.FromSeconds(10), 300, "X-MBX-ORDER-COUNT-10S"),
            new(RateKind.Orders, TimeSpan.FromMinutes(1), 1200, "X-MBX-ORDER-COUNT-1M"),
        ]);

    /// <summary>Where user data are told, by listen key.</summary>
    internal const string StreamPath = "/private/ws?listenKey=";
}
