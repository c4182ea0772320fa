using System.Text.Json;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>The user events of the futures account.</summary>
internal sealed class UsdmEvents(UsdmExchange exchange)
{
    public byte[] OrderUpdate(SimOrder order, string execution, SimFill? fill) => Json.Write(json =>
    {
        var symbol = exchange.Symbols[order.Symbol];
        Begin(json, "ORDER_TRADE_UPDATE");
        json.WriteStartObject("o");
        json.Field("s", order.Symbol);
        json.Field("c", order.ClientId);
        json.Field("S", order.Buy ? "BUY" : "SELL");
        json.Field("o", order.Type);
        json.Field("f", order.TimeInForce);
        json.Amount("q", order.Quantity, symbol.QuantityPrecision);
        json.Amount("p", order.Price);
        json.Amount("ap", order.AveragePrice, 5);
        json.Field("sp", "0");
        json.Field("x", execution);
        json.Field("X", order.Status);
        json.Field("i", order.Id);
        json.Amount("l", fill?.Quantity ?? 0, symbol.QuantityPrecision);
        json.Amount("z", order.Executed, symbol.QuantityPrecision);
        json.Amount("L", fill?.Price ?? 0);
        if (fill is not null)
        {
            json.Field("N", fill.CommissionAsset);
            json.Amount("n", fill.Commission, 8);
        }
        json.Field("T", order.UpdatedMs);
        json.Field("t", fill?.TradeId ?? 0);
        json.Field("b", "0");
        json.Field("a", "0");
        json.Field("m", fill?.Maker ?? false);
        json.Field("R", order.ReduceOnly);
        json.Field("wt", "CONTRACT_PRICE");
        json.Field("ot", order.Type);
        json.Field("ps", order.PositionSide);
        json.Field("cp", false);
        json.Amount("rp", fill?.RealizedPnl ?? 0, 8);
        json.Field("pP", false);
        json.Field("si", 0);
        json.Field("ss", 0);
        json.Field("V", "EXPIRE_MAKER");
        json.Field("pm", "NONE");
        json.Field("gtd", 0);
        json.Field("er", order.ExpiryReason.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public byte[] TradeLite(SimOrder order, SimFill fill) => Json.Write(json =>
    {
        var symbol = exchange.Symbols[order.Symbol];
        Begin(json, "TRADE_LITE");
        json.Field("s", order.Symbol);
        json.Amount("q", order.Quantity, symbol.QuantityPrecision);
        json.Amount("p", order.Price);
        json.Field("m", fill.Maker);
        json.Field("c", order.ClientId);
        json.Field("S", order.Buy ? "BUY" : "SELL");
        json.Amount("L", fill.Price);
        json.Amount("l", fill.Quantity, symbol.QuantityPrecision);
        json.Field("t", fill.TradeId);
        json.Field("i", order.Id);
        json.WriteEndObject();
    });

    public byte[] AccountUpdate(string reason, string[] assets, UsdmPosition[] positions, decimal change) => Json.Write(json =>
    {
        Begin(json, "ACCOUNT_UPDATE");
        json.WriteStartObject("a");
        json.Field("m", reason);
        json.WriteStartArray("B");
        foreach (var asset in assets)
        {
            json.WriteStartObject();
            json.Field("a", asset);
            json.Amount("wb", exchange.WalletOf(asset), 8);
            json.Amount("cw", exchange.WalletOf(asset), 8);
            json.Amount("bc", change);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("P");
        foreach (var position in positions)
        {
            json.WriteStartObject();
            json.Field("s", position.Symbol);
            json.Amount("pa", position.Amount);
            json.Amount("ep", position.EntryPrice);
            json.Amount("bep", position.EntryPrice);
            json.Field("cr", "0");
            json.Amount("up", exchange.UnrealizedOf(position));
            json.Field("mt", exchange.Isolated.Contains(position.Symbol) ? "isolated" : "cross");
            json.Field("iw", "0");
            json.Field("ps", position.Side);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public byte[] ConfigUpdate(string symbol, int leverage) => Json.Write(json =>
    {
        Begin(json, "ACCOUNT_CONFIG_UPDATE");
        json.WriteStartObject("ac");
        json.Field("s", symbol);
        json.Field("l", leverage);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public byte[] MultiAssets(bool on) => Json.Write(json =>
    {
        Begin(json, "ACCOUNT_CONFIG_UPDATE");
        json.WriteStartObject("ai");
        json.Field("j", on);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public byte[] MarginCall(UsdmPosition position) => Json.Write(json =>
    {
        json.WriteStartObject();
        json.Field("e", "MARGIN_CALL");
        json.Field("E", exchange.Clock.NowMs);
        json.Amount("cw", exchange.WalletOf(exchange.Symbols[position.Symbol].Quote), 8);
        json.WriteStartArray("p");
        json.WriteStartObject();
        json.Field("s", position.Symbol);
        json.Field("ps", position.Side);
        json.Amount("pa", position.Amount);
        json.Field("mt", "CROSSED");
        json.Field("iw", "0");
        json.Amount("mp", exchange.MarketOf(position.Symbol).Mark);
        json.Amount("up", exchange.UnrealizedOf(position));
        json.Field("mm", "0");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public byte[] ListenKeyExpired(string listenKey) => Json.Write(json =>
    {
        json.WriteStartObject();
        json.Field("e", "listenKeyExpired");
        json.Field("E", exchange.Clock.NowMs);
        json.Field("listenKey", listenKey);
        json.WriteEndObject();
    });

    private void Begin(Utf8JsonWriter json, string name)
    {
        var now = exchange.Clock.NowMs;
        json.WriteStartObject();
        json.Field("e", name);
        json.Field("E", now);
        json.Field("T", now);
    }
}
