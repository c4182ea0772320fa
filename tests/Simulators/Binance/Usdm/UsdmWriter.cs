using System.Text.Json;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>The USD-M product's answers, field by field.</summary>
internal static class UsdmWriter
{
    private static readonly string[] OrderTypes = ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"];
    private static readonly string[] TimesInForce = ["GTC", "IOC", "FOK", "GTX", "GTD"];

    /// <param name="json">Where to.</param>
    /// <param name="exchange">For the symbol's digits.</param>
    /// <param name="order">The order.</param>
    /// <param name="full">Queries say average price and quote; placing and cancelling no longer do (2026-06-30).</param>
    /// <param name="asNew">ACK: as it was when it was taken in, filled or not.</param>
    public static void Order(Utf8JsonWriter json, UsdmExchange exchange, SimOrder order, bool full, bool asNew = false)
    {
        var symbol = exchange.Symbols[order.Symbol];
        json.WriteStartObject();
        json.Field("orderId", order.Id);
        json.Field("symbol", order.Symbol);
        json.Field("status", asNew ? "NEW" : order.Status);
        json.Field("clientOrderId", order.ClientId);
        json.Amount("price", order.Price, order.Price == 0 ? 2 : symbol.PricePrecision);
        if (full) json.Amount("avgPrice", order.AveragePrice, 5);
        json.Amount("origQty", order.Quantity, symbol.QuantityPrecision);
        json.Amount("executedQty", asNew ? 0 : order.Executed, symbol.QuantityPrecision);
        if (full) json.Amount("cumQuote", order.ExecutedQuote, 5);
        else json.Amount("cumQty", asNew ? 0 : order.Executed, symbol.QuantityPrecision);
        json.Field("timeInForce", order.TimeInForce);
        json.Field("type", order.Type);
        json.Field("reduceOnly", order.ReduceOnly);
        json.Field("closePosition", false);
        json.Field("side", order.Buy ? "BUY" : "SELL");
        json.Field("positionSide", order.PositionSide);
        json.Field("stopPrice", "0.00");
        json.Field("workingType", "CONTRACT_PRICE");
        json.Field("priceProtect", false);
        json.Field("origType", order.Type);
        json.Field("priceMatch", "NONE");
        json.Field("selfTradePreventionMode", "EXPIRE_MAKER");
        json.Field("goodTillDate", 0);
        if (full) json.Field("time", order.CreatedMs);
        json.Field("updateTime", order.UpdatedMs);
        json.WriteEndObject();
    }

    public static void Trade(Utf8JsonWriter json, UsdmExchange exchange, SimOrder order, SimFill fill)
    {
        var symbol = exchange.Symbols[order.Symbol];
        json.WriteStartObject();
        json.Field("symbol", order.Symbol);
        json.Field("id", fill.TradeId);
        json.Field("orderId", order.Id);
        json.Field("side", order.Buy ? "BUY" : "SELL");
        json.Amount("price", fill.Price, symbol.PricePrecision);
        json.Amount("qty", fill.Quantity, symbol.QuantityPrecision);
        json.Amount("realizedPnl", fill.RealizedPnl, 8);
        json.Field("marginAsset", symbol.Quote);
        json.Amount("quoteQty", fill.Price * fill.Quantity);
        json.Amount("commission", fill.Commission, 8);
        json.Field("commissionAsset", fill.CommissionAsset);
        json.Field("time", fill.AtMs);
        json.Field("positionSide", order.PositionSide);
        json.Field("buyer", order.Buy);
        json.Field("maker", fill.Maker);
        json.WriteEndObject();
    }

    /// <summary>Only symbols with a position or an open order.</summary>
    public static void PositionRisk(Utf8JsonWriter json, UsdmExchange exchange, string? only)
    {
        json.WriteStartArray();
        foreach (var position in Listed(exchange))
        {
            if (only is not null && position.Symbol != only) continue;
            var mark = exchange.MarketOf(position.Symbol).Mark;
            var notional = position.Amount * mark;
            var margin = Math.Abs(notional) / exchange.LeverageOf(position.Symbol);
            json.WriteStartObject();
            json.Field("symbol", position.Symbol);
            json.Field("positionSide", position.Side);
            json.Amount("positionAmt", position.Amount, exchange.Symbols[position.Symbol].QuantityPrecision);
            json.Amount("entryPrice", position.EntryPrice, 8);
            json.Amount("breakEvenPrice", position.EntryPrice, 8);
            json.Amount("markPrice", mark, 8);
            json.Amount("unRealizedProfit", exchange.UnrealizedOf(position), 8);
            json.Field("liquidationPrice", "0");
            json.Field("isolatedMargin", "0");
            json.Amount("notional", notional, 8);
            json.Field("marginAsset", exchange.Symbols[position.Symbol].Quote);
            json.Field("isolatedWallet", "0");
            json.Amount("initialMargin", margin, 8);
            json.Amount("maintMargin", Math.Abs(notional) * 0.004m, 8);
            json.Amount("positionInitialMargin", margin, 8);
            json.Field("openOrderInitialMargin", "0");
            json.Field("adl", 2);
            json.Field("bidNotional", "0");
            json.Field("askNotional", "0");
            json.Field("updateTime", position.UpdatedMs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Balance(Utf8JsonWriter json, UsdmExchange exchange)
    {
        json.WriteStartArray();
        foreach (var (asset, amount) in exchange.Wallet)
        {
            json.WriteStartObject();
            json.Field("accountAlias", "SgsR");
            json.Field("asset", asset);
            json.Amount("balance", amount, 8);
            json.Amount("crossWalletBalance", amount, 8);
            json.Amount("crossUnPnl", Unrealized(exchange, asset), 8);
            json.Amount("availableBalance", Math.Max(0, exchange.Available(asset)), 8);
            json.Amount("maxWithdrawAmount", Math.Max(0, exchange.Available(asset)), 8);
            json.Field("marginAvailable", true);
            json.Field("updateTime", exchange.Clock.NowMs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Account(Utf8JsonWriter json, UsdmExchange exchange)
    {
        var wallet = exchange.WalletOf("USDT");
        var unrealized = Unrealized(exchange, "USDT");
        var available = Math.Max(0, exchange.Available("USDT"));
        var margin = wallet + unrealized - exchange.Available("USDT");
        json.WriteStartObject();
        Totals(json, "total", "WalletBalance", wallet, unrealized, margin, available, capital: true);
        json.WriteStartArray("assets");
        foreach (var (asset, amount) in exchange.Wallet)
        {
            var ofAsset = Unrealized(exchange, asset);
            json.WriteStartObject();
            json.Field("asset", asset);
            Totals(json, "", "walletBalance", amount, ofAsset, amount + ofAsset - exchange.Available(asset), Math.Max(0, exchange.Available(asset)), capital: false);
            json.Field("updateTime", exchange.Clock.NowMs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("positions");
        foreach (var position in Listed(exchange))
        {
            var notional = position.Amount * exchange.MarketOf(position.Symbol).Mark;
            json.WriteStartObject();
            json.Field("symbol", position.Symbol);
            json.Field("positionSide", position.Side);
            json.Amount("positionAmt", position.Amount, exchange.Symbols[position.Symbol].QuantityPrecision);
            json.Amount("unrealizedProfit", exchange.UnrealizedOf(position), 8);
            json.Field("isolatedMargin", "0.00000000");
            json.Amount("notional", notional, 8);
            json.Field("isolatedWallet", "0");
            json.Amount("initialMargin", Math.Abs(notional) / exchange.LeverageOf(position.Symbol), 8);
            json.Amount("maintMargin", Math.Abs(notional) * 0.004m, 8);
            json.Field("updateTime", position.UpdatedMs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void ExchangeInfo(Utf8JsonWriter json, UsdmExchange exchange, long nowMs)
    {
        json.WriteStartObject();
        json.Field("timezone", "UTC");
        json.Field("serverTime", nowMs);
        json.Field("futuresType", "U_MARGINED");
        json.WritePropertyName("rateLimits");
        Spot.SpotApi.WriteRateLimits(json, exchange.Limits, "MINUTE", null);
        json.WriteStartArray("exchangeFilters");
        json.WriteEndArray();
        json.WriteStartArray("assets");
        foreach (var asset in exchange.Symbols.Values.Select(s => s.Quote).Append("BNB").Distinct().Order(StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.Field("asset", asset);
            json.Field("marginAvailable", true);
            json.Field("autoAssetExchange", "-100");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("symbols");
        foreach (var symbol in exchange.Symbols.Values) Symbol(json, symbol);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Symbol(Utf8JsonWriter json, UsdmSymbol symbol)
    {
        json.WriteStartObject();
        json.Field("symbol", symbol.Symbol);
        json.Field("pair", symbol.Base + symbol.Quote);
        json.Field("contractType", symbol.ContractType);
        json.Field("deliveryDate", symbol.DeliveryDate);
        json.Field("onboardDate", 1_569_398_400_000);
        json.Field("status", symbol.Status);
        json.Field("maintMarginPercent", "2.5000");
        json.Field("requiredMarginPercent", "5.0000");
        json.Field("baseAsset", symbol.Base);
        json.Field("quoteAsset", symbol.Quote);
        json.Field("marginAsset", symbol.Quote);
        json.Field("pricePrecision", symbol.PricePrecision);
        json.Field("quantityPrecision", symbol.QuantityPrecision);
        json.Field("baseAssetPrecision", 8);
        json.Field("quotePrecision", 8);
        json.Field("underlyingType", "COIN");
        json.WriteStartArray("underlyingSubType");
        json.WriteEndArray();
        json.Field("triggerProtect", "0.0500");
        json.Field("liquidationFee", "0.012500");
        json.Field("marketTakeBound", "0.05");
        json.WriteStartArray("filters");
        Filter("PRICE_FILTER", ("minPrice", Json.Text(symbol.Tick)), ("maxPrice", "1000000000"), ("tickSize", Json.Text(symbol.Tick, Digits(symbol.Tick))));
        Filter("LOT_SIZE", ("minQty", Json.Text(symbol.MinQuantity)), ("maxQty", Json.Text(symbol.MaxQuantity)), ("stepSize", Json.Text(symbol.Step)));
        Filter("MARKET_LOT_SIZE", ("minQty", Json.Text(symbol.MinQuantity)), ("maxQty", Json.Text(symbol.MarketMaxQuantity)), ("stepSize", Json.Text(symbol.Step)));
        json.WriteStartObject();
        json.Field("filterType", "MAX_NUM_ORDERS");
        json.Field("limit", symbol.MaxOpenOrders);
        json.WriteEndObject();
        Filter("MIN_NOTIONAL", ("notional", Json.Text(symbol.MinNotional)));
        Filter("PERCENT_PRICE", ("multiplierUp", Json.Text(symbol.Multipliers.Up, 4)), ("multiplierDown", Json.Text(symbol.Multipliers.Down, 4)), ("multiplierDecimal", "4"));
        Filter("POSITION_RISK_CONTROL", ("positionControlSide", "NONE"));
        json.WriteEndArray();
        List("orderTypes", OrderTypes);
        List("timeInForce", TimesInForce);
        json.WriteEndObject();

        void Filter(string type, params ReadOnlySpan<(string Name, string Value)> values)
        {
            json.WriteStartObject();
            json.Field("filterType", type);
            foreach (var (name, value) in values) json.Field(name, value);
            json.WriteEndObject();
        }

        void List(string name, string[] values)
        {
            json.WriteStartArray(name);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }
    }

    /// <summary>BTCUSDT's tick is written 0.10: as many digits as the venue gives it.</summary>
    private static int Digits(decimal tick) => tick.Scale;

    private static void Totals(Utf8JsonWriter json, string prefix, string walletName, decimal wallet, decimal unrealized, decimal margin, decimal available, bool capital)
    {
        json.Amount(prefix + walletName, wallet, 8);
        json.Amount(Name("unrealizedProfit"), unrealized, 8);
        json.Amount(Name("marginBalance"), wallet + unrealized, 8);
        json.Amount(Name("maintMargin"), 0, 8);
        json.Amount(Name("initialMargin"), margin, 8);
        json.Amount(Name("positionInitialMargin"), margin, 8);
        json.Amount(Name("openOrderInitialMargin"), 0, 8);
        json.Amount(Name("crossWalletBalance"), wallet, 8);
        json.Amount(Name("crossUnPnl"), unrealized, 8);
        json.Amount("availableBalance", available, 8);
        json.Amount("maxWithdrawAmount", available, 8);

        string Name(string name) => capital ? prefix + char.ToUpperInvariant(name[0]) + name[1..] : name;
    }

    private static decimal Unrealized(UsdmExchange exchange, string asset) =>
        exchange.Positions.Values.Where(p => exchange.Symbols[p.Symbol].Quote == asset).Sum(exchange.UnrealizedOf);

    private static IEnumerable<UsdmPosition> Listed(UsdmExchange exchange)
    {
        var withOrders = exchange.Orders.Open.Select(o => (o.Symbol, o.PositionSide)).ToHashSet();
        var positions = exchange.VisiblePositions.Values.Where(p => p.Amount != 0 || withOrders.Contains((p.Symbol, p.Side)));
        var others = withOrders.Where(k => !exchange.VisiblePositions.ContainsKey(k)).Select(k => new UsdmPosition(k.Symbol, k.PositionSide));
        return positions.Concat(others).OrderBy(p => p.Symbol, StringComparer.Ordinal).ThenBy(p => p.Side, StringComparer.Ordinal);
    }
}
