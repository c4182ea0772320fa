namespace CSMultiConnector.Simulators.Tests.Binance;

/// <summary>The way through without a mistake, both products: order, events, account, trades.</summary>
public sealed class HappyPathTests
{
    [Fact]
    public async Task A_spot_market_buy_grows_the_balance_by_the_quantity_less_the_fee()
    {
        await using var bench = await Bench.StartAsync();
        using var stream = await bench.Client.SpotStreamAsync();

        var order = (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.5&newClientOrderId=abc1")).ShouldSucceed();

        (order["status"], order["executedQty"], order["cummulativeQuoteQty"], order["clientOrderId"]).ShouldBe(("FILLED", "0.50000000", "30000.00000000", "abc1"));
        var fill = order.Json.GetProperty("fills")[0];
        (fill.GetProperty("commission").GetString(), fill.GetProperty("commissionAsset").GetString()).ShouldBe(("0.00050000", "BTC"));
        bench.Spot.Balances["BTC"].Free.ShouldBe(0.4995m);
        bench.Spot.Balances["USDT"].Free.ShouldBe(970_000m);
        var events = await stream.EventsAsync(3);
        events.Select(e => e.GetProperty("e").GetString()).ShouldBe(["executionReport", "executionReport", "outboundAccountPosition"]);
        events[1].GetProperty("X").GetString().ShouldBe("FILLED");

        var account = (await bench.Client.SignedAsync("GET", "/api/v3/account", "omitZeroBalances=true")).ShouldSucceed();
        account.Json.GetProperty("balances").EnumerateArray().ShouldContain(b => b.GetProperty("asset").GetString() == "BTC" && b.GetProperty("free").GetString() == "0.49950000");
        var found = (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=abc1")).ShouldSucceed();
        found["orderId"].ShouldBe(order["orderId"]);
        var trades = (await bench.Client.SignedAsync("GET", "/api/v3/myTrades", $"symbol=BTCUSDT&orderId={order["orderId"]}")).ShouldSucceed();
        trades.Json.GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_futures_market_order_moves_the_position_and_tells_the_stream_three_times()
    {
        await using var bench = await Bench.StartAsync();
        using var stream = await bench.Client.UsdmStreamAsync();

        var order = (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.5&newClientOrderId=abc1&newOrderRespType=RESULT")).ShouldSucceed();

        (order["status"], order["executedQty"], order["cumQty"]).ShouldBe(("FILLED", "0.500", "0.500"));
        order.Json.TryGetProperty("avgPrice", out _).ShouldBeFalse("gone from acks since mid-2026");
        bench.Usdm.PositionOf("BTCUSDT").ShouldBe(-0.5m);
        var events = await stream.EventsAsync(4);
        events.Select(e => e.GetProperty("e").GetString()).ShouldBe(["ORDER_TRADE_UPDATE", "TRADE_LITE", "ACCOUNT_UPDATE", "ORDER_TRADE_UPDATE"]);
        events[1].GetProperty("t").GetInt64().ShouldBe(events[3].GetProperty("o").GetProperty("t").GetInt64());
        events[2].GetProperty("a").GetProperty("P")[0].GetProperty("pa").GetString().ShouldBe("-0.5");

        var risk = (await bench.Client.SignedAsync("GET", "/fapi/v3/positionRisk")).ShouldSucceed();
        risk.Json.GetArrayLength().ShouldBe(1, "only symbols with a position or an order are listed");
        risk.Json[0].GetProperty("positionAmt").GetString().ShouldBe("-0.500");
        var trades = (await bench.Client.SignedAsync("GET", "/fapi/v1/userTrades", $"symbol=BTCUSDT&orderId={order["orderId"]}")).ShouldSucceed();
        trades.Json[0].GetProperty("commission").GetString().ShouldBe("12.00000000");
    }
}
