using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>What a futures order must satisfy before it is taken in, with the venue's codes and texts, in the order of the checks.</summary>
internal static class UsdmRules
{
    public static UsdmSymbol Symbol(UsdmExchange exchange, Parameters p) =>
        exchange.Symbols.TryGetValue(p.Mandatory("symbol"), out var symbol) ? symbol : throw Refusal.Symbol();

    /// <summary>Syntax: what can be said without looking at the account.</summary>
    public static UsdmRequest Read(Parameters p, UsdmSymbol symbol)
    {
        var side = p.Mandatory("side");
        if (side is not ("BUY" or "SELL")) throw new Refusal(-1117, "Invalid side.");
        var type = p.Mandatory("type");
        if (type is "STOP" or "STOP_MARKET" or "TAKE_PROFIT" or "TAKE_PROFIT_MARKET" or "TRAILING_STOP_MARKET")
            throw new Refusal(-4120, "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.");
        if (type is not ("MARKET" or "LIMIT")) throw new Refusal(-1116, "Invalid orderType.");
        var positionSide = p["positionSide"] ?? "BOTH";
        if (positionSide is not ("BOTH" or "LONG" or "SHORT")) throw new Refusal(-4060, "Invalid position side.");
        if (p["newOrderRespType"] is { } response and not ("ACK" or "RESULT")) throw new Refusal(-1136, "Invalid newOrderRespType.");
        var reduceOnly = p.Flag("reduceOnly");
        var clientId = p["newClientOrderId"];
        if (clientId is { Length: > 36 }) throw new Refusal(-4015, "Client order id length should not be more than 36 chars");
        if (clientId is not null && !IsClientId(clientId)) throw new Refusal(-4015, "Client order id is not valid.");
        var timeInForce = p["timeInForce"];
        if (timeInForce is not (null or "GTC" or "IOC" or "FOK" or "GTX" or "GTD")) throw new Refusal(-1115, "Invalid timeInForce.");
        var quantity = p.Number("quantity") ?? throw Refusal.Mandatory("quantity");
        var price = p.Number("price");
        if (type == "MARKET")
        {
            if (timeInForce is not null) throw Refusal.NotRequired("timeinforce");
            if (price is not null) throw Refusal.NotRequired("price");
        }
        else
        {
            if (timeInForce is null) throw Refusal.Mandatory("timeInForce");
            if (price is null) throw Refusal.Mandatory("price");
            if (Json.Cut(price.Value, symbol.PricePrecision) != price) throw Precision();
            if (price <= 0) throw new Refusal(-4001, "Price less than 0.");
            if (price % symbol.Tick != 0) throw new Refusal(-4014, "Price not increased by tick size.");
        }
        if (Json.Cut(quantity, symbol.QuantityPrecision) != quantity) throw Precision();
        return new UsdmRequest(side == "BUY", type, timeInForce ?? "GTC", quantity, price ?? 0, positionSide, reduceOnly ?? false, clientId)
        {
            SaidReduceOnly = reduceOnly is not null,
        };
    }

    /// <summary>Filters, mode, position, margin. Returns the request with its quantity as the engine takes it.</summary>
    public static UsdmRequest Check(UsdmExchange exchange, UsdmSymbol symbol, UsdmRequest request)
    {
        if (!exchange.CanTrade) throw new Refusal(-4088, "User can not place order currently");
        if (exchange.HedgeMode != (request.PositionSide != "BOTH"))
            throw new Refusal(-4061, "Order's position side does not match user's setting.");
        if (exchange.HedgeMode && request.SaidReduceOnly) throw Refusal.NotRequired("reduceonly");
        Filters(exchange, symbol, request);
        if (request.ClientId is { } id && exchange.Orders.IsOpenClientId(id)) throw new Refusal(-4116, "ClientOrderId is duplicated.");

        var position = exchange.PositionOf(symbol.Symbol, request.PositionSide).Amount;
        var closing = position > 0 && !request.Buy || position < 0 && request.Buy;
        var closes = exchange.HedgeMode && (request.PositionSide == "LONG") != request.Buy || request.ReduceOnly;
        if (symbol.Status is "CLOSE") throw new Refusal(-4141, "Symbol is closed.");
        if (symbol.Status != "TRADING" && !(closes && symbol.Status is ("SETTLING" or "PRE_SETTLE"))) throw new Refusal(-4140, "Invalid symbol status for opening position.");
        if (exchange.OnlyReduce && !closes) throw new Refusal(-4087, "User can only place reduce only order");
        if (closes)
        {
            if (!closing) throw new Refusal(-2022, "ReduceOnly Order is rejected.");
            if (request.Quantity > Math.Abs(position))
            {
                if (exchange.HedgeMode || !exchange.Options.ReduceOnlyShrinks) throw new Refusal(-2022, "ReduceOnly Order is rejected.");
                request = request with { Quantity = Math.Abs(position) };
            }
            return request;
        }
        var market = exchange.MarketOf(symbol.Symbol);
        var price = request.Type == "MARKET" ? market.Mark : request.Price;
        if (price * request.Quantity < symbol.MinNotional && price > 0)
            throw new Refusal(-4164, $"Order's notional must be no smaller than {Json.Text(symbol.MinNotional)} (unless you choose reduce only).");
        var opening = closing ? Math.Max(0, request.Quantity - Math.Abs(position)) : request.Quantity;
        if (opening * price / exchange.LeverageOf(symbol.Symbol) > exchange.Available(symbol.Quote) && opening > 0) throw new Refusal(-2019, "Margin is insufficient.");
        return request;
    }

    public static bool FillsWhole(Market market, UsdmRequest request)
    {
        var within = market.Opposite(request.Buy).Where(l => request.Buy ? l.Price <= request.Price : l.Price >= request.Price).ToList();
        return within.Exists(l => l.Quantity == decimal.MaxValue) || within.Sum(l => l.Quantity) >= request.Quantity;
    }

    private static void Filters(UsdmExchange exchange, UsdmSymbol symbol, UsdmRequest request)
    {
        var market = exchange.MarketOf(symbol.Symbol);
        var isMarket = request.Type == "MARKET";
        if (request.Quantity <= 0) throw new Refusal(-4003, "Quantity less than or equal to zero.");
        if (request.Quantity < symbol.MinQuantity) throw new Refusal(-4004, "Quantity less than min quantity.");
        if (request.Quantity > (isMarket ? Math.Min(symbol.MarketMaxQuantity, symbol.MaxQuantity) : symbol.MaxQuantity))
            throw new Refusal(-4005, "Quantity greater than max quantity.");
        if ((request.Quantity - symbol.MinQuantity) % symbol.Step != 0) throw new Refusal(-4023, "Qty not increased by step size.");
        var (ceiling, floor) = (market.Mark * symbol.Multipliers.Up, market.Mark * symbol.Multipliers.Down);
        if (isMarket)
        {
            if (market.Mark > 0 && market.Opposite(request.Buy) is [var best, ..] && (request.Buy ? best.Price > ceiling : best.Price < floor))
                throw new Refusal(-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.");
            return;
        }
        if (market.Mark > 0 && request.Buy && request.Price > ceiling) throw new Refusal(-4016, $"Limit price can't be higher than {Json.Text(ceiling)}.");
        if (market.Mark > 0 && !request.Buy && request.Price < floor) throw new Refusal(-4024, $"Limit price can't be lower than {Json.Text(floor)}.");
        if (exchange.Orders.Open.Count(o => o.Symbol == symbol.Symbol) >= symbol.MaxOpenOrders) throw new Refusal(-2025, "Reach max open order limit.");
        var crosses = market.Opposite(request.Buy) is [var first, ..] && (request.Buy ? request.Price >= first.Price : request.Price <= first.Price);
        if (request.TimeInForce == "GTX" && crosses) throw new Refusal(-5022, "Due to the order could not be executed as maker, the Post Only order will be rejected.");
        if (request.TimeInForce == "FOK" && !FillsWhole(market, request)) throw new Refusal(-5021, "Due to the order could not be filled immediately, the FOK order has been rejected.");
    }

    private static bool IsClientId(string id) => id.Length > 0 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '/' or '_' or '-');

    private static Refusal Precision() => new(-1111, "Precision is over the maximum defined for this asset.");
}
