using System.Globalization;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Spot;

/// <summary>The user events of the spot account, as the WebSocket API pushes them.</summary>
internal sealed class SpotEvents(SpotExchange exchange)
{
    private long _executionId;

    /// <summary>{"subscriptionId":N,"event":…}</summary>
    public static byte[] Wrap(int subscription, byte[] raw)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"subscriptionId\":{subscription},\"event\":"));
        return [.. head, .. raw, (byte)'}'];
    }

    public byte[] Terminated() => Json.Write(json => Begin(json, "eventStreamTerminated").WriteEndObject());

    public byte[] Shutdown() => Json.Write(json => Begin(json, "serverShutdown").WriteEndObject());

    public byte[] BalanceUpdate(string asset, decimal delta) => Json.Write(json =>
    {
        Begin(json, "balanceUpdate");
        json.Field("a", asset);
        json.Amount("d", delta, 8);
        json.Field("T", exchange.Clock.NowMs);
        json.WriteEndObject();
    });

    public byte[] AccountPosition(string[] assets) => Json.Write(json =>
    {
        Begin(json, "outboundAccountPosition");
        json.Field("u", exchange.UpdatedMs);
        json.WriteStartArray("B");
        foreach (var asset in assets)
        {
            var balance = exchange.BalanceOf(asset);
            json.WriteStartObject();
            json.Field("a", asset);
            json.Amount("f", balance.Free, 8);
            json.Amount("l", balance.Locked, 8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public byte[] Report(SimOrder order, string execution, SimFill? fill, string? cancelId = null) => Json.Write(json =>
    {
        var now = exchange.Clock.NowMs;
        Begin(json, "executionReport");
        json.Field("s", order.Symbol);
        json.Field("c", cancelId ?? order.ClientId);
        json.Field("S", order.Buy ? "BUY" : "SELL");
        json.Field("o", order.Type);
        json.Field("f", order.TimeInForce);
        json.Amount("q", order.Quantity, 8);
        json.Amount("p", order.Price, 8);
        json.Amount("P", 0, 8);
        json.Amount("F", 0, 8);
        json.Field("g", -1);
        json.Field("C", cancelId is null ? "" : order.ClientId);
        json.Field("x", execution);
        json.Field("X", order.Status);
        json.Field("r", "NONE");
        json.Field("i", order.Id);
        json.Amount("l", fill?.Quantity ?? 0, 8);
        json.Amount("z", order.Executed, 8);
        json.Amount("L", fill?.Price ?? 0, 8);
        if (fill is null) json.Field("n", "0");
        else json.Amount("n", fill.Commission, 8);
        if (fill is null) json.WriteNull("N");
        else json.Field("N", fill.CommissionAsset);
        json.Field("T", now);
        json.Field("t", fill?.TradeId ?? -1);
        json.Field("I", ++_executionId);
        json.Field("w", order.IsOpen && execution == "NEW");
        json.Field("m", fill?.Maker ?? false);
        json.Field("M", fill is not null);
        json.Field("O", order.CreatedMs);
        json.Amount("Z", order.ExecutedQuote, 8);
        json.Amount("Y", (fill?.Quantity ?? 0) * (fill?.Price ?? 0), 8);
        json.Amount("Q", order.QuoteQuantity, 8);
        json.Field("W", order.CreatedMs);
        json.Field("V", "NONE");
        if (execution == "EXPIRED") json.Field("eR", order.ExpiryReason);
        json.WriteEndObject();
    });

    private Utf8JsonWriter Begin(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.Field("e", name);
        json.Field("E", exchange.Clock.NowMs);
        return json;
    }
}
