using CSMultiConnector.Simulators.Binance;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Tests.Binance;

/// <summary>What spot refuses, request by request, and what it does with what it takes.</summary>
public sealed class SpotRulesTests
{
    [Theory]
    [InlineData("side=BUY&type=MARKET&quantity=1", -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.")]
    [InlineData("symbol=NOSUCH&side=BUY&type=MARKET&quantity=1", -1121, "Invalid symbol.")]
    [InlineData("symbol=BTCUSDT&type=MARKET&quantity=1", -1102, "Mandatory parameter 'side' was not sent, was empty/null, or malformed.")]
    [InlineData("symbol=BTCUSDT&side=HOLD&type=MARKET&quantity=1", -1117, "Invalid side.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=FASTEST&quantity=1", -1116, "Invalid orderType.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET", -1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&quoteOrderQty=10", -1128, "Combination of optional parameters invalid.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=", -1105, "Parameter 'quantity' was empty.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1e-3", -1100, "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.000000001", -1111, "Parameter 'quantity' has too much precision.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0", -1013, "Invalid quantity.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&timeInForce=GTC", -1106, "Parameter 'timeInForce' sent when not required.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=50000", -1102, "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=50000&timeInForce=LATER", -1115, "Invalid timeInForce.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&reduceOnly=true", -1104, "Not all sent parameters were read; read '6' parameter(s) but was sent '7'.")]
    [InlineData("symbol=BTCUSDT&side=BUY&side=SELL&type=MARKET&quantity=1", -1101, "Duplicate values for a parameter detected.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&newClientOrderId=a.b", -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&newOrderRespType=ALL", -1130, "Data sent for parameter 'newOrderRespType' is not valid.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.000015", -1013, "Filter failure: LOT_SIZE")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=9000.1", -1013, "Filter failure: LOT_SIZE")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=101", -1013, "Filter failure: MARKET_LOT_SIZE")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.00008", -1013, "Filter failure: NOTIONAL")]
    [InlineData("symbol=EURUSDT&side=BUY&type=MARKET&quantity=4.5", -1013, "Filter failure: MIN_NOTIONAL")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=50000.001", -1013, "Filter failure: PRICE_FILTER")]
    [InlineData("symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=300001", -1013, "Filter failure: PERCENT_PRICE_BY_SIDE")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=20", -2010, "Account has insufficient balance for requested action.")]
    [InlineData("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.001", -2010, "Account has insufficient balance for requested action.")]
    [InlineData("symbol=OLDUSDT&side=BUY&type=MARKET&quantity=1", -1013, "Market is closed.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.001&price=60000", -2010, "Order would immediately match and take.")]
    public async Task An_order_is_refused_in_the_venues_words(string query, int code, string message)
    {
        await using var bench = await Bench.StartAsync();

        (await bench.SpotOrderAsync(query)).ShouldFail(code, message);

        bench.Spot.Orders.ShouldBeEmpty();
        bench.Spot.Balances["USDT"].ShouldBe(new CSMultiConnector.Simulators.Binance.Spot.Balance(1_000_000, 0));
    }

    [Fact]
    public async Task Account_and_symbol_may_be_closed_to_trading()
    {
        await using var bench = await Bench.StartAsync();
        const string order = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001";
        bench.Spot.CanTrade = false;
        (await bench.SpotOrderAsync(order)).ShouldFail(-2010, "This account may not place or cancel orders.");
        bench.Spot.CanTrade = true;
        bench.Spot.SetSymbol(bench.Spot.Symbol("BTCUSDT") with { Permitted = false });
        (await bench.SpotOrderAsync(order)).ShouldFail(-2010, "This symbol is not permitted for this account.");
        bench.Spot.SetSymbol(bench.Spot.Symbol("BTCUSDT") with { Permitted = true, MarketAllowed = false });
        (await bench.SpotOrderAsync(order)).ShouldFail(-2010, "Market orders are not supported for this symbol.");
        bench.Spot.SetSymbol(bench.Spot.Symbol("BTCUSDT") with { MarketAllowed = true, MaxPosition = 0.0005m });
        (await bench.SpotOrderAsync(order)).ShouldFail(-1013, "Filter failure: MAX_POSITION");
    }

    [Fact]
    public async Task A_client_id_is_taken_again_once_its_order_is_closed_and_not_before()
    {
        await using var bench = await Bench.StartAsync();
        const string limit = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=50000&newClientOrderId=same";
        var first = (await bench.SpotOrderAsync(limit)).ShouldSucceed();
        (await bench.SpotOrderAsync(limit)).ShouldFail(-2010, "Duplicate order sent.");
        (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&newClientOrderId=same")).ShouldFail(-2010, "Duplicate order sent.");

        bench.Spot.SetPrice("BTCUSDT", 50_000);
        var second = (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.002&newClientOrderId=same")).ShouldSucceed();

        second["orderId"].ShouldNotBe(first["orderId"]);
        (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=same"))["orderId"].ShouldBe(second["orderId"], "the newest is meant");
        (await bench.Client.SignedAsync("GET", "/api/v3/order", $"symbol=BTCUSDT&orderId={first["orderId"]}"))["status"].ShouldBe("FILLED");
    }

    [Fact]
    public async Task What_ended_without_a_fill_is_archived_after_ninety_days()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=50000&newClientOrderId=canceled")).ShouldSucceed();
        (await bench.Client.SignedAsync("DELETE", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=canceled")).ShouldSucceed();
        (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&newClientOrderId=filled")).ShouldSucceed();
        bench.Time.Advance(TimeSpan.FromDays(90));
        (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=canceled")).ShouldSucceed();
        bench.Time.Advance(TimeSpan.FromDays(1));
        (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=canceled"))
            .ShouldFail(-2026, "Order was canceled or expired with no executed qty over 90 days ago and has been archived.");
        (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=filled")).ShouldSucceed();
        (await bench.Client.SignedAsync("GET", "/api/v3/allOrders", "symbol=BTCUSDT")).ShouldSucceed().Json.EnumerateArray().Single().GetProperty("clientOrderId").GetString().ShouldBe("filled");
    }

    [Fact]
    public async Task A_thin_book_fills_a_part_and_the_order_expires_with_it()
    {
        await using var bench = await Bench.StartAsync();
        using var stream = await bench.Client.SpotStreamAsync();
        bench.Spot.SetDepth("BTCUSDT", [], [new Level(60_000, 0.2m), new Level(60_100, 0.1m)]);

        var order = (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1")).ShouldSucceed();

        (order["status"], order["executedQty"], order["cummulativeQuoteQty"]).ShouldBe(("EXPIRED", "0.30000000", "18010.00000000"));
        order.Json.GetProperty("fills").GetArrayLength().ShouldBe(2);
        order.Json.TryGetProperty("expiryReason", out _).ShouldBeTrue();
        (await stream.EventsAsync(5)).Select(e => e.GetProperty("e").GetString() == "executionReport" ? e.GetProperty("x").GetString() : "balances")
            .ShouldBe(["NEW", "TRADE", "TRADE", "EXPIRED", "balances"]);
        bench.Spot.Balances["BTC"].Free.ShouldBe(0.2997m);

        (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1"))["executedQty"].ShouldBe("0.00000000", "nothing is left to take");
    }

    [Fact]
    public async Task Quote_quantity_buys_what_the_step_allows()
    {
        await using var bench = await Bench.StartAsync();
        var order = (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=100")).ShouldSucceed();
        (order["origQty"], order["cummulativeQuoteQty"], order["origQuoteOrderQty"]).ShouldBe(("0.00166000", "99.60000000", "100.00000000"));
        bench.Spot.SetDepth("BTCUSDT", [], []);
        (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=100")).ShouldFail(-2010, "Order book liquidity is less than symbol minimum quantity.");
    }

    [Fact]
    public async Task Fees_come_from_bnb_while_there_is_enough_and_from_what_is_received_after()
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions
        {
            SpotBnbFees = true, SpotBalances = new Dictionary<string, decimal> { ["USDT"] = 1_000_000, ["BNB"] = 0.08m },
        });
        const string order = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1";

        // 60,000 × 0.1 % × 0.75 ÷ 600 = 0.075 BNB.
        var first = (await bench.SpotOrderAsync(order)).ShouldSucceed().Json.GetProperty("fills")[0];
        (first.GetProperty("commission").GetString(), first.GetProperty("commissionAsset").GetString()).ShouldBe(("0.07500000", "BNB"));
        bench.Spot.Balances["BTC"].Free.ShouldBe(1m);
        var second = (await bench.SpotOrderAsync(order)).ShouldSucceed().Json.GetProperty("fills")[0];
        (second.GetProperty("commission").GetString(), second.GetProperty("commissionAsset").GetString()).ShouldBe(("0.00100000", "BTC"));
        bench.Spot.Balances["BTC"].Free.ShouldBe(1.999m);
    }

    [Fact]
    public async Task Answer_types_say_what_they_should()
    {
        await using var bench = await Bench.StartAsync();
        async Task<Reply> Place(string type) => (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&newOrderRespType=" + type)).ShouldSucceed();
        var ack = await Place("ACK");
        ack.Json.EnumerateObject().Select(p => p.Name).ShouldBe(["symbol", "orderId", "orderListId", "clientOrderId", "transactTime"]);
        var result = await Place("RESULT");
        result["status"].ShouldBe("FILLED");
        result.Json.TryGetProperty("fills", out _).ShouldBeFalse();
        (await Place("FULL")).Json.GetProperty("fills").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_resting_order_locks_what_it_needs_and_its_cancel_has_an_id_of_its_own()
    {
        await using var bench = await Bench.StartAsync();
        using var stream = await bench.Client.SpotStreamAsync();
        (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=50000&newClientOrderId=mine")).ShouldSucceed();
        bench.Spot.Balances["USDT"].ShouldBe(new CSMultiConnector.Simulators.Binance.Spot.Balance(995_000, 5_000));

        var canceled = (await bench.Client.SignedAsync("DELETE", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=mine")).ShouldSucceed();

        (canceled["origClientOrderId"], canceled["status"]).ShouldBe(("mine", "CANCELED"));
        canceled["clientOrderId"].ShouldNotBe("mine");
        bench.Spot.Balances["USDT"].ShouldBe(new CSMultiConnector.Simulators.Binance.Spot.Balance(1_000_000, 0));
        var report = (await stream.EventsAsync(3))[2];
        (report.GetProperty("x").GetString(), report.GetProperty("C").GetString(), report.GetProperty("c").GetString()).ShouldBe(("CANCELED", "mine", canceled["clientOrderId"]));
        (await bench.Client.SignedAsync("DELETE", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=mine")).ShouldFail(-2011, "Unknown order sent.");
        (await bench.Client.SignedAsync("DELETE", "/api/v3/openOrders", "symbol=BTCUSDT")).ShouldFail(-2011, "Unknown order sent.");
        (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=never")).ShouldFail(-2013, "Order does not exist.");
        (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT")).ShouldFail(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
    }

    [Fact]
    public async Task Trades_are_asked_for_by_id_or_by_time_and_the_newest_are_told_first()
    {
        await using var bench = await Bench.StartAsync();
        bench.Spot.SetDepth("BTCUSDT", [], [.. Enumerable.Range(0, 5).Select(i => new Level(60_000 + i, 0.1m))]);
        var order = (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.5")).ShouldSucceed()["orderId"];
        async Task<Reply> Ask(string more) => await bench.Client.SignedAsync("GET", "/api/v3/myTrades", $"symbol=BTCUSDT{more}");
        async Task<long[]> Ids(string more) => [.. (await Ask(more)).ShouldSucceed().Json.EnumerateArray().Select(t => t.GetProperty("id").GetInt64())];
        var all = await Ids($"&orderId={order}");
        all.Length.ShouldBe(5);
        (await Ids($"&orderId={order}&limit=2")).ShouldBe(all[3..]);
        (await Ids($"&orderId={order}&fromId=0&limit=2")).ShouldBe(all[..2]);
        (await Ids($"&orderId={order}&fromId={all[2]}&limit=2")).ShouldBe(all[2..4]);
        (await Ids("&startTime=0&limit=2")).ShouldBe(all[..2]);
        foreach (var more in new[] { $"&orderId={order}&startTime=0", $"&orderId={order}&endTime=9999999999999", "&fromId=0&startTime=0", "&fromId=0&endTime=9999999999999" })
            (await Ask(more)).ShouldFail(-1128, "Combination of optional parameters invalid.");
    }

    [Fact]
    public async Task Unknown_paths_are_404_and_on_record()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Client.SendAsync("POST", "/api/v3/userDataStream", key: bench.Simulator.Key.Key)).Status.ShouldBe(404, "the spot listen key is gone since 2026-02-20");
        (await bench.Client.SendAsync("GET", "/fapi/v9/nothing?a=b")).Status.ShouldBe(404);
        bench.Spot.Received.ShouldContain(r => r.Request == "POST /api/v3/userDataStream" && r.Status == 404);
        bench.Usdm.Received.ShouldContain(r => r.Request == "GET /fapi/v9/nothing" && r["a"] == "b");
    }
}
