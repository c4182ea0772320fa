using System.Text.Json;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>The USD-M endpoints.</summary>
internal sealed class UsdmApi
{
    private readonly UsdmExchange _exchange;

    public UsdmApi(UsdmExchange exchange)
    {
        _exchange = exchange;
        var settings = new UsdmSettings(exchange);
        Route[] routes =
        [
            new("GET", "/fapi/v1/ping", Empty),
            new("GET", "/fapi/v1/time", Time),
            new("GET", "/fapi/v1/exchangeInfo", call => UsdmWriter.ExchangeInfo(call.Json, exchange, call.NowMs)),
            new("GET", "/fapi/v1/ticker/price", call => Each(call, (_, market) => call.Json.Amount("price", market.Last))),
            new("GET", "/fapi/v2/ticker/price", call => Each(call, (_, market) => call.Json.Amount("price", market.Last))),
            new("GET", "/fapi/v1/ticker/bookTicker", BookTicker) { Weight = static _ => 2 },
            new("GET", "/fapi/v1/premiumIndex", PremiumIndex),
            Read("GET", "/fapi/v3/balance", 5, call => UsdmWriter.Balance(call.Json, exchange)),
            Read("GET", "/fapi/v3/account", 5, call => UsdmWriter.Account(call.Json, exchange)),
            Read("GET", "/fapi/v3/positionRisk", 5, PositionRisk),
            Read("GET", "/fapi/v1/order", 1, call => UsdmWriter.Order(call.Json, exchange, Find(call.P, new Refusal(-2013, "Order does not exist."), call.NowMs), full: true)),
            Read("GET", "/fapi/v1/openOrder", 1, OpenOrder),
            Read("GET", "/fapi/v1/openOrders", 1, OpenOrders) with { Weight = static p => p["symbol"] is null ? 40 : 1 },
            Read("GET", "/fapi/v1/openAlgoOrders", 1, EmptyList) with { Weight = static p => p["symbol"] is null ? 40 : 1 },
            Read("GET", "/fapi/v1/allOrders", 5, AllOrders),
            Read("GET", "/fapi/v1/userTrades", 5, UserTrades),
            Read("GET", "/fapi/v1/forceOrders", 50, ForceOrders) with { Weight = static p => p["symbol"] is null ? 50 : 20 },
            Read("GET", "/fapi/v1/rateLimit/order", 1, call => Spot.SpotApi.WriteRateLimits(call.Json, exchange.Limits, "MINUTE", exchange.Limits.Counts(call.NowMs), onlyOrders: true)),
            Trade("POST", "/fapi/v1/order", 0, PlaceOrder) with { PlacesOrder = true },
            Trade("POST", "/fapi/v1/order/test", 0, TestOrder) with { Matching = false },
            Trade("DELETE", "/fapi/v1/order", 1, CancelOrder),
            Trade("DELETE", "/fapi/v1/allOpenOrders", 1, CancelAll),
            Key("POST", call => ListenKey(call, exchange.ListenKeys.GetOrExtend())),
            Key("PUT", call => ListenKey(call, exchange.ListenKeys.Extend() ? exchange.ListenKeys.Current! : throw NoListenKey())),
            Key("DELETE", CloseListenKey),
            .. settings.Routes,
        ];
        Routes = routes.ToDictionary(r => $"{r.Method} {r.Path}", StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, Route> Routes { get; }

    public static Route Read(string method, string path, int weight, Action<Call> handle) =>
        new(method, path, handle) { Security = Security.Signed, Permission = Permission.Futures, Weight = _ => weight };

    public static Route Trade(string method, string path, int weight, Action<Call> handle) => Read(method, path, weight, handle) with { Matching = true };

    public static void Success(Call call)
    {
        call.Json.WriteStartObject();
        call.Json.Field("code", 200);
        call.Json.Field("msg", "success");
        call.Json.WriteEndObject();
    }

    public static void EmptyList(Call call)
    {
        call.Json.WriteStartArray();
        call.Json.WriteEndArray();
    }

    private static Route Key(string method, Action<Call> handle) =>
        new(method, "/fapi/v1/listenKey", handle) { Security = Security.Key, Permission = Permission.Futures };

    private static Refusal NoListenKey() =>
        new(-1125, "This listenKey does not exist. Please use `POST /fapi/v1/listenKey` to recreate `listenKey`");

    private static void ListenKey(Call call, string key)
    {
        call.Json.WriteStartObject();
        call.Json.Field("listenKey", key);
        call.Json.WriteEndObject();
    }

    private static void Empty(Call call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteEndObject();
    }

    private static void Time(Call call)
    {
        call.Json.WriteStartObject();
        call.Json.Field("serverTime", call.NowMs);
        call.Json.WriteEndObject();
    }

    private void CloseListenKey(Call call)
    {
        if (_exchange.ListenKeys.Drop() is { } dropped)
            foreach (var connection in _exchange.Hub.Connections)
                if (connection.State is UsdmStream stream && stream.Keys.Contains(dropped)) _ = connection.CloseAsync("");
        Empty(call);
    }

    private void Each(Call call, Action<UsdmSymbol, Market> write)
    {
        var one = call.P["symbol"] is null ? null : UsdmRules.Symbol(_exchange, call.P);
        if (one is null) call.Json.WriteStartArray();
        foreach (var symbol in one is null ? _exchange.Symbols.Values.AsEnumerable() : [one])
        {
            call.Json.WriteStartObject();
            call.Json.Field("symbol", symbol.Symbol);
            write(symbol, _exchange.MarketOf(symbol.Symbol));
            call.Json.Field("time", call.NowMs);
            call.Json.WriteEndObject();
        }
        if (one is null) call.Json.WriteEndArray();
    }

    private void BookTicker(Call call) => Each(call, (_, market) =>
    {
        call.Json.Amount("bidPrice", market.Bids is [var bid, ..] ? bid.Price : 0);
        call.Json.Amount("bidQty", market.Bids is [var b, ..] ? Math.Min(b.Quantity, 1000) : 0);
        call.Json.Amount("askPrice", market.Asks is [var ask, ..] ? ask.Price : 0);
        call.Json.Amount("askQty", market.Asks is [var a, ..] ? Math.Min(a.Quantity, 1000) : 0);
    });

    private void PremiumIndex(Call call) => Each(call, (_, market) =>
    {
        call.Json.Amount("markPrice", market.Mark, 8);
        call.Json.Amount("indexPrice", market.Mark, 8);
        call.Json.Amount("estimatedSettlePrice", market.Mark, 8);
        call.Json.Field("lastFundingRate", "0.00010000");
        call.Json.Field("interestRate", "0.00010000");
        call.Json.Field("nextFundingTime", (call.NowMs / 28_800_000 + 1) * 28_800_000);
    });

    private void PositionRisk(Call call)
    {
        var symbol = call.P["symbol"] is null ? null : UsdmRules.Symbol(_exchange, call.P).Symbol;
        UsdmWriter.PositionRisk(call.Json, _exchange, symbol);
    }

    private void PlaceOrder(Call call)
    {
        var symbol = UsdmRules.Symbol(_exchange, call.P);
        var order = _exchange.Accept(symbol, UsdmRules.Check(_exchange, symbol, UsdmRules.Read(call.P, symbol)));
        UsdmWriter.Order(call.Json, _exchange, order, full: false, asNew: call.P["newOrderRespType"] != "RESULT");
    }

    private void TestOrder(Call call)
    {
        var symbol = UsdmRules.Symbol(_exchange, call.P);
        UsdmRules.Check(_exchange, symbol, UsdmRules.Read(call.P, symbol));
        Empty(call);
    }

    private SimOrder Find(Parameters p, Refusal missing, long? visibleAtMs)
    {
        var symbol = UsdmRules.Symbol(_exchange, p);
        var (id, clientId) = (p.Whole("orderId"), p["origClientOrderId"]);
        if (id is null && string.IsNullOrEmpty(clientId)) throw new Refusal(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
        var order = _exchange.Orders.Find(symbol.Symbol, id, clientId);
        if (order is null || visibleAtMs is { } now && !IsKnown(order, now)) throw missing;
        return order;
    }

    /// <summary>Queries forget what ended without a fill after three days, and everything that ended after ninety.</summary>
    private bool IsKnown(SimOrder order, long nowMs)
    {
        const long day = 24L * 3600 * 1000;
        return _exchange.IsVisible(order.CreatedMs, nowMs) && (order.IsOpen || nowMs - order.CreatedMs <= (order.Executed == 0 ? 3 * day : 90 * day));
    }

    private void OpenOrder(Call call)
    {
        var missing = new Refusal(-2013, "Order does not exist.");
        var order = Find(call.P, missing, call.NowMs);
        if (!order.IsOpen) throw missing;
        UsdmWriter.Order(call.Json, _exchange, order, full: true);
    }

    private void OpenOrders(Call call)
    {
        var symbol = call.P["symbol"] is null ? null : UsdmRules.Symbol(_exchange, call.P);
        call.Json.WriteStartArray();
        foreach (var order in _exchange.Orders.Open.OrderBy(o => o.Id))
            if ((symbol is null || order.Symbol == symbol.Symbol) && _exchange.IsVisible(order.CreatedMs, call.NowMs)) UsdmWriter.Order(call.Json, _exchange, order, full: true);
        call.Json.WriteEndArray();
    }

    private static (long From, long To, int Limit) Span(Call call)
    {
        const long week = 7L * 24 * 3600 * 1000;
        var (from, to) = (call.P.Whole("startTime"), call.P.Whole("endTime"));
        if (from is { } f && to is { } t && t - f > week) throw new Refusal(-4165, "Maximum time interval is 7 days");
        return (from ?? call.NowMs - week, to ?? (from is { } start ? start + week : long.MaxValue), (int)Math.Min(call.P.Whole("limit") ?? 500, 1000));
    }

    private void AllOrders(Call call)
    {
        var symbol = UsdmRules.Symbol(_exchange, call.P);
        var (from, to, limit) = Span(call);
        var firstId = call.P.Whole("orderId") ?? 0;
        call.Json.WriteStartArray();
        foreach (var order in _exchange.Orders.All.Where(o => o.Symbol == symbol.Symbol && o.CreatedMs >= from && o.CreatedMs <= to && o.Id >= firstId).Take(limit))
            if (IsKnown(order, call.NowMs)) UsdmWriter.Order(call.Json, _exchange, order, full: true);
        call.Json.WriteEndArray();
    }

    private void UserTrades(Call call)
    {
        var symbol = call.P["symbol"] is null ? throw Refusal.Mandatory("symbol") : UsdmRules.Symbol(_exchange, call.P);
        var (from, to, limit) = Span(call);
        if (call.P["fromId"] is not null && (call.P["startTime"] ?? call.P["endTime"]) is not null) throw Refusal.Combination();
        call.Json.WriteStartArray();
        foreach (var (order, fill) in _exchange.Trades(symbol.Symbol, call.P, from, to, limit, call.NowMs)) UsdmWriter.Trade(call.Json, _exchange, order, fill);
        call.Json.WriteEndArray();
    }

    // Liquidations and auto-deleveraging; settlements are none of them.
    private void ForceOrders(Call call)
    {
        var symbol = call.P["symbol"] is null ? null : UsdmRules.Symbol(_exchange, call.P).Symbol;
        string[] kinds = call.P["autoCloseType"] switch
        {
            null => [UsdmExchange.Liquidation, UsdmExchange.Deleveraging],
            "LIQUIDATION" => [UsdmExchange.Liquidation],
            "ADL" => [UsdmExchange.Deleveraging],
            _ => throw new Refusal(-1130, "Data sent for parameter 'autoCloseType' is not valid."),
        };
        var (from, to, _) = Span(call);
        var limit = (int)Math.Min(call.P.Whole("limit") ?? 50, 100);
        call.Json.WriteStartArray();
        foreach (var order in _exchange.Orders.All
            .Where(o => (symbol is null || o.Symbol == symbol) && o.CreatedMs >= from && o.CreatedMs <= to && kinds.Any(k => o.ClientId.StartsWith(k, StringComparison.Ordinal)) && _exchange.IsVisible(o.CreatedMs, call.NowMs))
            .TakeLast(limit))
            UsdmWriter.Order(call.Json, _exchange, order, full: true);
        call.Json.WriteEndArray();
    }

    private void CancelOrder(Call call)
    {
        var unknown = new Refusal(-2011, "Unknown order sent.");
        var order = Find(call.P, unknown, visibleAtMs: null);
        if (!order.IsOpen) throw unknown;
        _exchange.Cancel(order);
        UsdmWriter.Order(call.Json, _exchange, order, full: false);
    }

    private void CancelAll(Call call)
    {
        var symbol = UsdmRules.Symbol(_exchange, call.P);
        foreach (var order in _exchange.Orders.Open.Where(o => o.Symbol == symbol.Symbol).OrderBy(o => o.Id).ToList()) _exchange.Cancel(order);
        call.Json.WriteStartObject();
        call.Json.Field("code", 200);
        call.Json.Field("msg", "The operation of cancel all open order is done.");
        call.Json.WriteEndObject();
    }
}
