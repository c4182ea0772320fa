using System.Text.Json;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Spot;

/// <summary>The spot endpoints. Each is reached by REST and, where the venue has it, by a method of the WebSocket API.</summary>
internal sealed class SpotApi
{
    private static readonly string[] OneOrder = ["symbol", "orderId", "origClientOrderId"];
    private readonly SpotExchange _exchange;

    public SpotApi(SpotExchange exchange)
    {
        _exchange = exchange;
        var routes = new List<Route>
        {
            new("GET", "/api/v3/ping", Empty) { Reads = [] },
            new("GET", "/api/v3/time", Time) { Reads = [] },
            new("GET", "/api/v3/exchangeInfo", ExchangeInfo) { Weight = static _ => 20, Reads = ["symbol", "symbols", "permissions", "showPermissionSets", "symbolStatus"] },
            new("GET", "/api/v3/ticker/price", TickerPrice) { Weight = static p => p["symbol"] is null ? 4 : 2, Reads = ["symbol", "symbols", "symbolStatus"] },
            new("GET", "/api/v3/ticker/bookTicker", BookTicker) { Weight = static p => p["symbol"] is null ? 4 : 2, Reads = ["symbol", "symbols", "symbolStatus"] },
            new("GET", "/api/v3/avgPrice", AveragePrice) { Weight = static _ => 2, Reads = ["symbol"] },
            new("GET", "/api/v3/depth", Depth) { Weight = static _ => 5, Reads = ["symbol", "limit", "symbolStatus"] },
            Signed("GET", "/api/v3/account", Account, 20, ["omitZeroBalances"]),
            Signed("GET", "/api/v3/account/commission", Commission, 20, ["symbol"]),
            Signed("GET", "/api/v3/myFilters", MyFilters, 40, ["symbol"]),
            Signed("GET", "/api/v3/rateLimit/order", RateLimits, 40, []),
            Signed("GET", "/api/v3/order", QueryOrder, 4, OneOrder),
            Signed("GET", "/api/v3/openOrders", OpenOrders, 6, ["symbol"]) with { Weight = static p => p["symbol"] is null ? 80 : 6 },
            Signed("GET", "/api/v3/allOrders", AllOrders, 20, ["symbol", "orderId", "startTime", "endTime", "limit"]),
            Signed("GET", "/api/v3/myTrades", MyTrades, 5, ["symbol", "orderId", "startTime", "endTime", "fromId", "limit"]) with { Weight = static p => p["orderId"] is null ? 20 : 5 },
            Trade("POST", "/api/v3/order", PlaceOrder, SpotRules.OrderParameters) with { PlacesOrder = true, FreeOnSuccess = true },
            Trade("POST", "/api/v3/order/test", TestOrder, SpotRules.OrderParameters) with { Matching = false },
            Trade("DELETE", "/api/v3/order", CancelOrder, [.. OneOrder, "newClientOrderId", "cancelRestrictions"]) with { FreeOnSuccess = true },
            Trade("DELETE", "/api/v3/openOrders", CancelAll, ["symbol"]),
        };
        routes.AddRange(new Sapi(exchange).Routes);
        Routes = routes.ToDictionary(r => $"{r.Method} {r.Path}", StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, Route> Routes { get; }

    public static void WriteRateLimits(Utf8JsonWriter json, Limits limits, string secondInterval, (int Weight, int TenSeconds, int Second)? counts, bool onlyOrders = false)
    {
        json.WriteStartArray();
        if (!onlyOrders) One("REQUEST_WEIGHT", "MINUTE", 1, limits.Weight.Limit, counts?.Weight);
        One("ORDERS", "SECOND", 10, limits.TenSeconds.Limit, counts?.TenSeconds);
        One("ORDERS", secondInterval, 1, limits.Second.Limit, counts?.Second);
        json.WriteEndArray();

        void One(string type, string interval, int number, int limit, int? count)
        {
            json.WriteStartObject();
            json.Field("rateLimitType", type);
            json.Field("interval", interval);
            json.Field("intervalNum", number);
            json.Field("limit", limit);
            if (count is { } n) json.Field("count", n);
            json.WriteEndObject();
        }
    }

    private static Route Signed(string method, string path, Action<Call> handle, int weight, string[] reads) =>
        new(method, path, handle) { Security = Security.Signed, Permission = Permission.Reading, Weight = _ => weight, Reads = reads };

    private static Route Trade(string method, string path, Action<Call> handle, string[] reads) =>
        new(method, path, handle) { Security = Security.Signed, Permission = Permission.SpotTrading, Matching = true, Reads = reads };

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

    private void ExchangeInfo(Call call)
    {
        IEnumerable<SpotSymbol> symbols = _exchange.Symbols.Values;
        if (call.P["symbol"] is { } one) symbols = [_exchange.Symbols.TryGetValue(one, out var s) ? s : throw Refusal.Symbol()];
        else if (call.P["symbols"] is { } many) symbols = [.. Names(many).Select(n => _exchange.Symbols.TryGetValue(n, out var s) ? s : throw Refusal.Symbol())];
        if (call.P["symbolStatus"] is { } status) symbols = symbols.Where(s => s.Status == status);
        SpotWriter.ExchangeInfo(call.Json, symbols, _exchange.Limits, call.NowMs);
    }

    private static List<string> Names(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<string>>(json)!;
        }
        catch (JsonException)
        {
            throw new Refusal(-1100, "Illegal characters found in parameter 'symbols'; legal range is '^\\[\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}\\]$'.");
        }
    }

    private IEnumerable<SpotSymbol> Chosen(Call call) => call.P["symbol"] is null && call.P["symbols"] is { } many
        ? Names(many).Select(n => _exchange.Symbols.TryGetValue(n, out var s) ? s : throw Refusal.Symbol())
        : call.P["symbol"] is null ? _exchange.Symbols.Values : [SpotRules.Symbol(_exchange, call.P)];

    private void Each(Call call, Action<SpotSymbol, Market> write)
    {
        var one = call.P["symbol"] is not null;
        var chosen = Chosen(call).ToList();
        if (!one) call.Json.WriteStartArray();
        foreach (var symbol in chosen)
        {
            call.Json.WriteStartObject();
            call.Json.Field("symbol", symbol.Symbol);
            write(symbol, _exchange.MarketOf(symbol.Symbol));
            call.Json.WriteEndObject();
        }
        if (!one) call.Json.WriteEndArray();
    }

    private void TickerPrice(Call call) => Each(call, (_, market) => call.Json.Amount("price", market.Last, 8));

    private void BookTicker(Call call) => Each(call, (_, market) =>
    {
        call.Json.Amount("bidPrice", market.Bids is [var bid, ..] ? bid.Price : 0, 8);
        call.Json.Amount("bidQty", market.Bids is [var b, ..] ? Math.Min(b.Quantity, 1000) : 0, 8);
        call.Json.Amount("askPrice", market.Asks is [var ask, ..] ? ask.Price : 0, 8);
        call.Json.Amount("askQty", market.Asks is [var a, ..] ? Math.Min(a.Quantity, 1000) : 0, 8);
    });

    private void AveragePrice(Call call)
    {
        var market = _exchange.MarketOf(SpotRules.Symbol(_exchange, call.P).Symbol);
        call.Json.WriteStartObject();
        call.Json.Field("mins", 5);
        call.Json.Amount("price", market.Mark, 8);
        call.Json.Field("closeTime", call.NowMs);
        call.Json.WriteEndObject();
    }

    private void Depth(Call call)
    {
        var market = _exchange.MarketOf(SpotRules.Symbol(_exchange, call.P).Symbol);
        call.Json.WriteStartObject();
        call.Json.Field("lastUpdateId", call.NowMs);
        Side("bids", market.Bids);
        Side("asks", market.Asks);
        call.Json.WriteEndObject();

        void Side(string name, IReadOnlyList<Level> levels)
        {
            call.Json.WriteStartArray(name);
            foreach (var level in levels)
            {
                call.Json.WriteStartArray();
                call.Json.WriteStringValue(Json.Text(level.Price, 8));
                call.Json.WriteStringValue(Json.Text(Math.Min(level.Quantity, 1000), 8));
                call.Json.WriteEndArray();
            }
            call.Json.WriteEndArray();
        }
    }

    private void Account(Call call) => SpotWriter.Account(call.Json, _exchange, call.P.Flag("omitZeroBalances") ?? false, call.Key!);

    private void Commission(Call call) => SpotWriter.Commission(call.Json, SpotRules.Symbol(_exchange, call.P), _exchange.BnbFees);

    private void MyFilters(Call call)
    {
        SpotRules.Symbol(_exchange, call.P);
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("exchangeFilters");
        call.Json.WriteEndArray();
        call.Json.WriteStartArray("symbolFilters");
        call.Json.WriteEndArray();
        call.Json.WriteStartArray("assetFilters");
        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }

    private void RateLimits(Call call) => WriteRateLimits(call.Json, _exchange.Limits, "DAY", _exchange.Limits.Counts(call.NowMs), onlyOrders: true);

    private void PlaceOrder(Call call)
    {
        var symbol = SpotRules.Symbol(_exchange, call.P);
        var request = SpotRules.Check(_exchange, symbol, SpotRules.Read(call.P, symbol));
        var order = _exchange.Accept(symbol, request);
        SpotWriter.Placed(call.Json, order, call.P["newOrderRespType"] ?? "FULL");
    }

    private void TestOrder(Call call)
    {
        var symbol = SpotRules.Symbol(_exchange, call.P);
        SpotRules.Check(_exchange, symbol, SpotRules.Read(call.P, symbol));
        Empty(call);
    }

    private SimOrder Find(Parameters p, Refusal missing, bool onlyVisible, long nowMs)
    {
        var symbol = SpotRules.Symbol(_exchange, p);
        var (id, clientId) = (p.Whole("orderId"), p["origClientOrderId"]);
        if (id is null && string.IsNullOrEmpty(clientId)) throw new Refusal(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
        var order = _exchange.Orders.Find(symbol.Symbol, id, clientId);
        if (order is null || onlyVisible && !_exchange.IsVisible(order.CreatedMs, nowMs)) throw missing;
        return order;
    }

    private void QueryOrder(Call call)
    {
        var order = Find(call.P, new Refusal(-2013, "Order does not exist."), onlyVisible: true, call.NowMs);
        if (IsArchived(order, call.NowMs)) throw new Refusal(-2026, "Order was canceled or expired with no executed qty over 90 days ago and has been archived.");
        SpotWriter.Order(call.Json, order);
    }

    private static bool IsArchived(SimOrder order, long nowMs) => !order.IsOpen && order.Executed == 0 && nowMs - order.UpdatedMs > 90L * 24 * 3600 * 1000;

    private void OpenOrders(Call call)
    {
        var symbol = call.P["symbol"] is null ? null : SpotRules.Symbol(_exchange, call.P);
        call.Json.WriteStartArray();
        foreach (var order in _exchange.Orders.Open.OrderBy(o => o.Id))
            if ((symbol is null || order.Symbol == symbol.Symbol) && _exchange.IsVisible(order.CreatedMs, call.NowMs)) SpotWriter.Order(call.Json, order);
        call.Json.WriteEndArray();
    }

    private void AllOrders(Call call)
    {
        var symbol = SpotRules.Symbol(_exchange, call.P);
        var (from, to, limit, firstId) = Span(call);
        call.Json.WriteStartArray();
        foreach (var order in _exchange.Orders.All.Where(o => o.Symbol == symbol.Symbol && o.CreatedMs >= from && o.CreatedMs <= to && o.Id >= firstId).Take(limit))
            if (_exchange.IsVisible(order.CreatedMs, call.NowMs) && !IsArchived(order, call.NowMs)) SpotWriter.Order(call.Json, order);
        call.Json.WriteEndArray();
    }

    private static (long From, long To, int Limit, long FirstId) Span(Call call)
    {
        var (from, to) = (call.P.Whole("startTime"), call.P.Whole("endTime"));
        if (from is { } f && to is { } t && t - f > 24L * 3600 * 1000) throw new Refusal(-1127, "More than 24 hours between startTime and endTime.");
        return (from ?? 0, to ?? long.MaxValue, (int)Math.Min(call.P.Whole("limit") ?? 500, 1000), call.P.Whole("orderId") ?? 0);
    }

    private void MyTrades(Call call)
    {
        var symbol = SpotRules.Symbol(_exchange, call.P);
        var (from, to, limit, _) = Span(call);

        // Either ids or a time: the documented combinations.
        if ((call.P["orderId"] ?? call.P["fromId"]) is not null && (call.P["startTime"] ?? call.P["endTime"]) is not null) throw Refusal.Combination();
        call.Json.WriteStartArray();
        foreach (var (order, fill) in _exchange.Trades(symbol.Symbol, call.P, from, to, limit, call.NowMs)) SpotWriter.Trade(call.Json, order, fill);
        call.Json.WriteEndArray();
    }

    private void CancelOrder(Call call)
    {
        var unknown = new Refusal(-2011, "Unknown order sent.");
        var cancelId = call.P["newClientOrderId"];
        if (cancelId is not null && !SpotRules.IsClientId(cancelId)) throw Refusal.Illegal("newClientOrderId", "^[a-zA-Z0-9-_]{1,36}$");
        var order = Find(call.P, unknown, onlyVisible: false, call.NowMs);
        if (!order.IsOpen) throw unknown;
        cancelId ??= $"cancel{order.Id:x}";
        _exchange.Cancel(_exchange.Symbols[order.Symbol], order, cancelId);
        SpotWriter.Canceled(call.Json, order, cancelId, call.NowMs);
    }

    private void CancelAll(Call call)
    {
        var symbol = SpotRules.Symbol(_exchange, call.P);
        var open = _exchange.Orders.Open.Where(o => o.Symbol == symbol.Symbol).OrderBy(o => o.Id).ToList();
        if (open.Count == 0) throw new Refusal(-2011, "Unknown order sent.");
        call.Json.WriteStartArray();
        foreach (var order in open)
        {
            var cancelId = $"cancel{order.Id:x}";
            _exchange.Cancel(symbol, order, cancelId);
            SpotWriter.Canceled(call.Json, order, cancelId, call.NowMs);
        }
        call.Json.WriteEndArray();
    }
}
