using System.Text.Json;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Spot;

/// <summary>The spot product's answers, field by field.</summary>
internal static class SpotWriter
{
    private static readonly string[] OrderTypes = ["LIMIT", "LIMIT_MAKER", "MARKET"];

    public static void Placed(Utf8JsonWriter json, SimOrder order, string responseType)
    {
        json.WriteStartObject();
        Ids(json, order);
        json.Field("clientOrderId", order.ClientId);
        json.Field("transactTime", order.UpdatedMs);
        if (responseType is not "ACK")
        {
            Amounts(json, order);
            json.Field("workingTime", order.CreatedMs);
            if (responseType == "FULL")
            {
                json.WriteStartArray("fills");
                foreach (var fill in order.Fills)
                {
                    json.WriteStartObject();
                    json.Amount("price", fill.Price, 8);
                    json.Amount("qty", fill.Quantity, 8);
                    json.Amount("commission", fill.Commission, 8);
                    json.Field("commissionAsset", fill.CommissionAsset);
                    json.Field("tradeId", fill.TradeId);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.Field("selfTradePreventionMode", "NONE");
            if (order.Status == "EXPIRED") json.Field("expiryReason", order.ExpiryReason);
        }
        json.WriteEndObject();
    }

    public static void Order(Utf8JsonWriter json, SimOrder order)
    {
        json.WriteStartObject();
        Ids(json, order);
        json.Field("clientOrderId", order.ClientId);
        Amounts(json, order);
        json.Amount("stopPrice", 0, 8);
        json.Amount("icebergQty", 0, 8);
        json.Field("time", order.CreatedMs);
        json.Field("updateTime", order.UpdatedMs);
        json.Field("isWorking", true);
        json.Field("workingTime", order.CreatedMs);
        json.Field("selfTradePreventionMode", "NONE");
        if (order.Status == "EXPIRED") json.Field("expiryReason", order.ExpiryReason);
        json.WriteEndObject();
    }

    public static void Canceled(Utf8JsonWriter json, SimOrder order, string cancelId, long nowMs)
    {
        json.WriteStartObject();
        json.Field("symbol", order.Symbol);
        json.Field("origClientOrderId", order.ClientId);
        json.Field("orderId", order.Id);
        json.Field("orderListId", -1);
        json.Field("clientOrderId", cancelId);
        json.Field("transactTime", nowMs);
        Amounts(json, order);
        json.Field("selfTradePreventionMode", "NONE");
        json.WriteEndObject();
    }

    public static void Trade(Utf8JsonWriter json, SimOrder order, SimFill fill)
    {
        json.WriteStartObject();
        json.Field("symbol", order.Symbol);
        json.Field("id", fill.TradeId);
        json.Field("orderId", order.Id);
        json.Field("orderListId", -1);
        json.Amount("price", fill.Price, 8);
        json.Amount("qty", fill.Quantity, 8);
        json.Amount("quoteQty", fill.Price * fill.Quantity, 8);
        json.Amount("commission", fill.Commission, 8);
        json.Field("commissionAsset", fill.CommissionAsset);
        json.Field("time", fill.AtMs);
        json.Field("isBuyer", order.Buy);
        json.Field("isMaker", fill.Maker);
        json.Field("isBestMatch", true);
        json.WriteEndObject();
    }

    public static void Account(Utf8JsonWriter json, SpotExchange exchange, bool omitZero, BinanceKey key)
    {
        json.WriteStartObject();
        json.Field("makerCommission", 10);
        json.Field("takerCommission", 10);
        json.Field("buyerCommission", 0);
        json.Field("sellerCommission", 0);
        json.WriteStartObject("commissionRates");
        json.Amount("maker", SpotExchange.MakerRate, 8);
        json.Amount("taker", SpotExchange.TakerRate, 8);
        json.Amount("buyer", 0, 8);
        json.Amount("seller", 0, 8);
        json.WriteEndObject();
        json.Field("canTrade", exchange.CanTrade);
        json.Field("canWithdraw", key.Withdrawals);
        json.Field("canDeposit", true);
        json.Field("brokered", false);
        json.Field("requireSelfTradePrevention", false);
        json.Field("preventSor", false);
        json.Field("updateTime", exchange.UpdatedMs);
        json.Field("accountType", "SPOT");
        json.WriteStartArray("balances");
        foreach (var (asset, balance) in exchange.VisibleBalances)
        {
            if (omitZero && balance is { Free: 0, Locked: 0 }) continue;
            json.WriteStartObject();
            json.Field("asset", asset);
            json.Amount("free", balance.Free, 8);
            json.Amount("locked", balance.Locked, 8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("permissions");
        json.WriteStringValue("SPOT");
        json.WriteEndArray();
        json.Field("uid", 354937868);
        json.WriteEndObject();
    }

    public static void Commission(Utf8JsonWriter json, SpotSymbol symbol, bool bnb)
    {
        json.WriteStartObject();
        json.Field("symbol", symbol.Symbol);
        foreach (var kind in new[] { "standardCommission", "specialCommission", "taxCommission" })
        {
            var standard = kind == "standardCommission";
            json.WriteStartObject(kind);
            json.Amount("maker", standard ? SpotExchange.MakerRate : 0, 8);
            json.Amount("taker", standard ? SpotExchange.TakerRate : 0, 8);
            json.Amount("buyer", 0, 8);
            json.Amount("seller", 0, 8);
            json.WriteEndObject();
        }
        json.WriteStartObject("discount");
        json.Field("enabledForAccount", bnb);
        json.Field("enabledForSymbol", true);
        json.Field("discountAsset", "BNB");
        json.Amount("discount", 0.75m, 8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void ExchangeInfo(Utf8JsonWriter json, IEnumerable<SpotSymbol> symbols, Limits limits, long nowMs)
    {
        json.WriteStartObject();
        json.Field("timezone", "UTC");
        json.Field("serverTime", nowMs);
        json.WritePropertyName("rateLimits");
        SpotApi.WriteRateLimits(json, limits, "DAY", null);
        json.WriteStartArray("exchangeFilters");
        json.WriteEndArray();
        json.WriteStartArray("symbols");
        foreach (var symbol in symbols) Symbol(json, symbol);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Symbol(Utf8JsonWriter json, SpotSymbol symbol)
    {
        json.WriteStartObject();
        json.Field("symbol", symbol.Symbol);
        json.Field("status", symbol.Status);
        json.Field("baseAsset", symbol.Base);
        json.Field("baseAssetPrecision", symbol.BasePrecision);
        json.Field("quoteAsset", symbol.Quote);
        json.Field("quotePrecision", 8);
        json.Field("quoteAssetPrecision", 8);
        json.Field("baseCommissionPrecision", 8);
        json.Field("quoteCommissionPrecision", 8);
        json.WriteStartArray("orderTypes");
        foreach (var type in OrderTypes)
            if (type != "MARKET" || symbol.MarketAllowed) json.WriteStringValue(type);
        json.WriteEndArray();
        foreach (var no in new[] { "icebergAllowed", "ocoAllowed", "otoAllowed", "opoAllowed" }) json.Field(no, false);
        json.Field("quoteOrderQtyMarketAllowed", symbol.QuoteQuantityAllowed);
        foreach (var no in new[] { "allowTrailingStop", "cancelReplaceAllowed", "amendAllowed", "pegInstructionsAllowed" }) json.Field(no, false);
        json.Field("isSpotTradingAllowed", true);
        json.Field("isMarginTradingAllowed", false);
        Filters(json, symbol);
        json.WriteStartArray("permissions");
        json.WriteEndArray();
        json.WriteStartArray("permissionSets");
        json.WriteStartArray();
        json.WriteStringValue(symbol.Permitted ? "SPOT" : "TRD_GRP_100");
        json.WriteEndArray();
        json.WriteEndArray();
        json.Field("defaultSelfTradePreventionMode", "NONE");
        json.WriteStartArray("allowedSelfTradePreventionModes");
        json.WriteStringValue("NONE");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Filters(Utf8JsonWriter json, SpotSymbol symbol)
    {
        json.WriteStartArray("filters");
        Filter("PRICE_FILTER", ("minPrice", symbol.Tick), ("maxPrice", 1_000_000_000m), ("tickSize", symbol.Tick));
        Filter("LOT_SIZE", ("minQty", symbol.MinQuantity), ("maxQty", symbol.MaxQuantity), ("stepSize", symbol.Step));
        Filter("MARKET_LOT_SIZE", ("minQty", symbol.MarketMinQuantity), ("maxQty", symbol.MarketMaxQuantity), ("stepSize", symbol.MarketStep));
        json.WriteStartObject();
        json.Field("filterType", symbol.OldNotionalFilter ? "MIN_NOTIONAL" : "NOTIONAL");
        json.Amount("minNotional", symbol.MinNotional, 8);
        json.Field(symbol.OldNotionalFilter ? "applyToMarket" : "applyMinToMarket", true);
        if (!symbol.OldNotionalFilter)
        {
            json.Amount("maxNotional", 9_000_000m, 8);
            json.Field("applyMaxToMarket", false);
        }
        json.Field("avgPriceMins", 5);
        json.WriteEndObject();
        json.WriteStartObject();
        json.Field("filterType", "PERCENT_PRICE_BY_SIDE");
        foreach (var (name, value) in new[] { ("bidMultiplierUp", "5"), ("bidMultiplierDown", "0.2"), ("askMultiplierUp", "5"), ("askMultiplierDown", "0.2") }) json.Field(name, value);
        json.Field("avgPriceMins", 5);
        json.WriteEndObject();
        json.WriteStartObject();
        json.Field("filterType", "MAX_NUM_ORDERS");
        json.Field("maxNumOrders", symbol.MaxOpenOrders);
        json.WriteEndObject();
        if (symbol.MaxPosition > 0) Filter("MAX_POSITION", ("maxPosition", symbol.MaxPosition));
        json.WriteEndArray();

        void Filter(string type, params ReadOnlySpan<(string Name, decimal Value)> values)
        {
            json.WriteStartObject();
            json.Field("filterType", type);
            foreach (var (name, value) in values) json.Amount(name, value, 8);
            json.WriteEndObject();
        }
    }

    private static void Ids(Utf8JsonWriter json, SimOrder order)
    {
        json.Field("symbol", order.Symbol);
        json.Field("orderId", order.Id);
        json.Field("orderListId", -1);
    }

    private static void Amounts(Utf8JsonWriter json, SimOrder order)
    {
        json.Amount("price", order.Price, 8);
        json.Amount("origQty", order.Quantity, 8);
        json.Amount("executedQty", order.Executed, 8);
        json.Amount("origQuoteOrderQty", order.QuoteQuantity, 8);
        json.Amount("cummulativeQuoteQty", order.ExecutedQuote, 8);
        json.Field("status", order.Status);
        json.Field("timeInForce", order.TimeInForce);
        json.Field("type", order.Type);
        json.Field("side", order.Buy ? "BUY" : "SELL");
    }
}
