using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Spot;

/// <summary>What a spot order must satisfy before it is taken in, with the venue's codes and texts, in the order of the checks.</summary>
internal static class SpotRules
{
    public static readonly string[] OrderParameters =
    [
        "symbol", "side", "type", "timeInForce", "quantity", "quoteOrderQty", "price", "newClientOrderId", "strategyId", "strategyType", "stopPrice",
        "trailingDelta", "icebergQty", "newOrderRespType", "selfTradePreventionMode", "computeCommissionRates", "pegPriceType", "pegOffsetValue", "pegOffsetType",
    ];

    private const string IdRange = "^[a-zA-Z0-9-_]{1,36}$";

    public static SpotSymbol Symbol(SpotExchange exchange, Parameters p) =>
        exchange.Symbols.TryGetValue(p.Mandatory("symbol"), out var symbol) ? symbol : throw Refusal.Symbol();

    /// <summary>Syntax: what can be said without looking at the account.</summary>
    public static SpotRequest Read(Parameters p, SpotSymbol symbol)
    {
        var side = p.Mandatory("side");
        if (side is not ("BUY" or "SELL")) throw new Refusal(-1117, "Invalid side.");
        var type = p.Mandatory("type");
        if (type is not ("MARKET" or "LIMIT" or "LIMIT_MAKER"))
            throw type is "STOP_LOSS" or "STOP_LOSS_LIMIT" or "TAKE_PROFIT" or "TAKE_PROFIT_LIMIT"
                ? new Refusal(-1020, "This operation is not supported.")
                : new Refusal(-1116, "Invalid orderType.");
        if (p["newOrderRespType"] is { } response and not ("ACK" or "RESULT" or "FULL")) throw new Refusal(-1130, $"Data sent for parameter 'newOrderRespType' is not valid.");
        var clientId = p["newClientOrderId"];
        if (clientId is not null && !IsClientId(clientId)) throw Refusal.Illegal("newClientOrderId", IdRange);
        var quantity = Quantity(p, "quantity", symbol.BasePrecision);
        var quoteQuantity = Quantity(p, "quoteOrderQty", 8);
        var price = Quantity(p, "price", 8);
        var timeInForce = p["timeInForce"];
        if (timeInForce is not (null or "GTC" or "IOC" or "FOK")) throw new Refusal(-1115, "Invalid timeInForce.");
        if (type == "MARKET")
        {
            if (timeInForce is not null) throw Refusal.NotRequired("timeInForce");
            if (price is not null) throw Refusal.NotRequired("price");
            if (quantity is null && quoteQuantity is null) throw new Refusal(-1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!");
            if (quantity is not null && quoteQuantity is not null) throw Refusal.Combination();
        }
        else
        {
            if (quoteQuantity is not null) throw Refusal.NotRequired("quoteOrderQty");
            if (quantity is null) throw Refusal.Mandatory("quantity");
            if (price is null) throw Refusal.Mandatory("price");
            if (type == "LIMIT" && timeInForce is null) throw Refusal.Mandatory("timeInForce");
            if (price <= 0) throw new Refusal(-1013, "Invalid price.");
        }
        if (quantity is <= 0) throw new Refusal(-1013, "Invalid quantity.");
        return new SpotRequest(side == "BUY", type, timeInForce ?? "GTC", quantity ?? 0, quoteQuantity ?? 0, price ?? 0, clientId);
    }

    /// <summary>Filters, account and book. Returns the request with its quantity worked out.</summary>
    public static SpotRequest Check(SpotExchange exchange, SpotSymbol symbol, SpotRequest request)
    {
        var market = exchange.MarketOf(symbol.Symbol);
        var isMarket = request.Type == "MARKET";
        if (!exchange.CanTrade) throw new Refusal(-2010, "This account may not place or cancel orders.");
        if (!symbol.Permitted) throw new Refusal(-2010, "This symbol is not permitted for this account.");
        if (symbol.Status != "TRADING") throw new Refusal(-1013, "Market is closed.");
        if (isMarket && !symbol.MarketAllowed) throw new Refusal(-2010, "Market orders are not supported for this symbol.");
        if (request.QuoteQuantity > 0) request = OfQuote(symbol, market, request);
        Grid("LOT_SIZE", request.Quantity, symbol.MinQuantity, symbol.MaxQuantity, symbol.Step);
        if (isMarket) Grid("MARKET_LOT_SIZE", request.Quantity, symbol.MarketMinQuantity, symbol.MarketMaxQuantity, symbol.MarketStep);
        else if (request.Price % symbol.Tick != 0 || request.Price > 1_000_000_000m) throw Filter("PRICE_FILTER");
        var reference = isMarket ? market.Mark : request.Price;
        if (!isMarket && market.Mark > 0 && (request.Price > market.Mark * 5 || request.Price < market.Mark / 5)) throw Filter("PERCENT_PRICE_BY_SIDE");
        if (reference > 0 && reference * request.Quantity < symbol.MinNotional) throw Filter(symbol.OldNotionalFilter ? "MIN_NOTIONAL" : "NOTIONAL");
        if (!isMarket && exchange.Orders.Open.Count(o => o.Symbol == symbol.Symbol) >= symbol.MaxOpenOrders) throw Filter("MAX_NUM_ORDERS");
        if (request.Buy && symbol.MaxPosition > 0)
        {
            var held = exchange.BalanceOf(symbol.Base);
            var open = exchange.Orders.Open.Where(o => o.Symbol == symbol.Symbol && o.Buy).Sum(o => o.Remaining);
            if (held.Free + held.Locked + open + request.Quantity > symbol.MaxPosition) throw Filter("MAX_POSITION");
        }
        if (request.ClientId is { } id && exchange.Orders.IsOpenClientId(id)) throw new Refusal(-2010, "Duplicate order sent.");
        var crosses = market.Opposite(request.Buy) is [var best, ..] && (request.Buy ? request.Price >= best.Price : request.Price <= best.Price);
        if (request.Type == "LIMIT_MAKER" && crosses) throw new Refusal(-2010, "Order would immediately match and take.");
        var needed = request.Buy ? isMarket ? market.CostOf(true, request.Quantity) : request.Quantity * request.Price : request.Quantity;
        if (exchange.BalanceOf(request.Buy ? symbol.Quote : symbol.Base).Free < needed)
            throw new Refusal(-2010, "Account has insufficient balance for requested action.");
        return request;
    }

    public static bool IsClientId(string id) => id.Length is >= 1 and <= 36 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static SpotRequest OfQuote(SpotSymbol symbol, Market market, SpotRequest request)
    {
        if (!symbol.QuoteQuantityAllowed) throw new Refusal(-2010, "Quote order qty market orders are not support for this symbol.");
        if (market.Opposite(request.Buy).Count == 0) throw new Refusal(-2010, "Order book liquidity is less than symbol minimum quantity.");
        if (request.QuoteQuantity < symbol.MinNotional) throw Filter(symbol.OldNotionalFilter ? "MIN_NOTIONAL" : "NOTIONAL");
        var quantity = market.QuantityFor(request.Buy, request.QuoteQuantity);
        quantity -= quantity % symbol.Step;
        if (quantity < symbol.MinQuantity) throw new Refusal(-2010, "Order book liquidity is less than LOT_SIZE filter minimum quantity.");
        return request with { Quantity = quantity };
    }

    public static bool FillsWhole(Market market, bool buy, decimal quantity, decimal limit)
    {
        var within = market.Opposite(buy).Where(l => buy ? l.Price <= limit : l.Price >= limit).ToList();
        return within.Exists(l => l.Quantity == decimal.MaxValue) || within.Sum(l => l.Quantity) >= quantity;
    }

    /// <summary>A value of zero switches that part of the rule off.</summary>
    private static void Grid(string filter, decimal quantity, decimal minimum, decimal maximum, decimal step)
    {
        if (minimum > 0 && quantity < minimum || maximum > 0 && quantity > maximum || step > 0 && (quantity - minimum) % step != 0) throw Filter(filter);
    }

    private static Refusal Filter(string name) => new(-1013, "Filter failure: " + name);

    private static decimal? Quantity(Parameters p, string name, int digits)
    {
        var value = p.Number(name);
        return value is { } v && Json.Cut(v, digits) != v ? throw new Refusal(-1111, $"Parameter '{name}' has too much precision.") : value;
    }
}
