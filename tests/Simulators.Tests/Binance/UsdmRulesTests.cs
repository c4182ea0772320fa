using CSMultiConnector.Simulators.Binance;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Tests.Binance;

/// <summary>What USD-M refuses, request by request, modes, reduce-only, margin, and its forced orders.</summary>
public sealed class UsdmRulesTests
{
    [Theory]
    [InlineData("side=BUY&type=MARKET&quantity=1", -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.")]
    [InlineData("symbol=NOSUCH&side=BUY&type=MARKET&quantity=1", -1121, "Invalid symbol.")]
    [InlineData("symbol=BTCUSDT&side=HOLD&type=MARKET&quantity=1", -1117, "Invalid side.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=FASTEST&quantity=1", -1116, "Invalid orderType.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=STOP_MARKET&quantity=1&stopPrice=1", -4120, "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET", -1102, "Mandatory parameter 'quantity' was not sent, was empty/null, or malformed.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&price=1", -1106, "Parameter 'price' sent when not required.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&positionSide=UP", -4060, "Invalid position side.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&positionSide=LONG", -4061, "Order's position side does not match user's setting.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.0001", -1111, "Precision is over the maximum defined for this asset.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0", -4003, "Quantity less than or equal to zero.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=121", -4005, "Quantity greater than max quantity.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=60000.05", -4014, "Price not increased by tick size.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=63000.1", -4016, "Limit price can't be higher than 63000.")]
    [InlineData("symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=56999.9", -4024, "Limit price can't be lower than 57000.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX&quantity=1&price=60000", -5022, "Due to the order could not be executed as maker, the Post Only order will be rejected.")]
    [InlineData("symbol=ETHUSDT&side=BUY&type=MARKET&quantity=0.006", -4164, "Order's notional must be no smaller than 20 (unless you choose reduce only).")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&reduceOnly=true", -2022, "ReduceOnly Order is rejected.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newOrderRespType=FULL", -1136, "Invalid newOrderRespType.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newClientOrderId=a%20b", -4015, "Client order id is not valid.")]
    [InlineData("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newClientOrderId=a234567890123456789012345678901234567", -4015, "Client order id length should not be more than 36 chars")]
    [InlineData("symbol=OLDUSDT&side=BUY&type=MARKET&quantity=1", -4140, "Invalid symbol status for opening position.")]
    public async Task An_order_is_refused_in_the_venues_words(string query, int code, string message)
    {
        await using var bench = await Bench.StartAsync();

        (await bench.UsdmOrderAsync(query)).ShouldFail(code, message);

        bench.Usdm.Orders.ShouldBeEmpty();
        bench.Usdm.Wallet["USDT"].ShouldBe(1_000_000m);
    }

    [Fact]
    public async Task Margin_must_suffice_for_what_an_order_opens_and_not_for_what_it_closes()
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { FuturesBalances = new Dictionary<string, decimal> { ["USDT"] = 3_100 } });
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1.1")).ShouldFail(-2019, "Margin is insufficient.");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1")).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1")).ShouldFail(-2019, "Margin is insufficient.");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=1")).ShouldSucceed();
        bench.Usdm.Positions.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_order_may_cross_zero_and_reduce_only_never_does()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1")).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.3")).ShouldSucceed();
        bench.Usdm.PositionOf("BTCUSDT").ShouldBe(-0.2m);
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1&reduceOnly=true")).ShouldFail(-2022, "ReduceOnly Order is rejected.");

        var shrunk = (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.5&reduceOnly=true&newOrderRespType=RESULT")).ShouldSucceed();

        (shrunk["origQty"], shrunk["status"]).ShouldBe(("0.200", "FILLED"));
        bench.Usdm.Positions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reduce_only_order_above_the_position_is_refused_where_the_simulator_is_told_so()
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { ReduceOnlyShrinks = false });
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1")).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.2&reduceOnly=true")).ShouldFail(-2022, "ReduceOnly Order is rejected.");
        bench.Usdm.PositionOf("BTCUSDT").ShouldBe(0.1m);
    }

    [Fact]
    public async Task A_reduce_only_order_is_exempt_from_the_least_notional()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.UsdmOrderAsync("symbol=ETHUSDT&side=BUY&type=MARKET&quantity=0.01")).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=ETHUSDT&side=SELL&type=MARKET&quantity=0.001&reduceOnly=true")).ShouldSucceed();
    }

    [Fact]
    public async Task Hedge_mode_keeps_two_legs_and_wants_their_side_and_no_reduce_only()
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { HedgeMode = true });
        using var stream = await bench.Client.UsdmStreamAsync();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1")).ShouldFail(-4061, "Order's position side does not match user's setting.");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1&positionSide=LONG&reduceOnly=true")).ShouldFail(-1106, "Parameter 'reduceonly' sent when not required.");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1&positionSide=LONG")).ShouldFail(-2022, "ReduceOnly Order is rejected.");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.2&positionSide=LONG")).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1&positionSide=SHORT")).ShouldSucceed();

        bench.Usdm.PositionOf("BTCUSDT", "LONG").ShouldBe(0.2m);
        bench.Usdm.PositionOf("BTCUSDT", "SHORT").ShouldBe(-0.1m);
        var risk = (await bench.Client.SignedAsync("GET", "/fapi/v3/positionRisk", "symbol=BTCUSDT")).ShouldSucceed();
        risk.Json.EnumerateArray().Select(r => (r.GetProperty("positionSide").GetString(), r.GetProperty("positionAmt").GetString())).ShouldBe([("LONG", "0.200"), ("SHORT", "-0.100")]);
        var update = (await stream.EventsAsync(4))[2].GetProperty("a").GetProperty("P");
        update.EnumerateArray().Select(p => p.GetProperty("ps").GetString()).ShouldBe(["BOTH", "LONG", "SHORT"]);
    }

    [Fact]
    public async Task The_mode_changes_only_without_orders_and_positions()
    {
        await using var bench = await Bench.StartAsync();
        async Task<Reply> Set(bool hedge) => await bench.Client.SignedAsync("POST", "/fapi/v1/positionSide/dual", "dualSidePosition=" + (hedge ? "true" : "false"));
        (await Set(false)).ShouldFail(-4059, "No need to change position side.");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=58000")).ShouldSucceed();
        (await Set(true)).ShouldFail(-4067, "Position side cannot be changed if there exists open orders.");
        bench.Usdm.SetPrice("BTCUSDT", 58_000);
        (await Set(true)).ShouldFail(-4068, "Position side cannot be changed if there exists position.");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1")).ShouldSucceed();
        (await Set(true)).Code.ShouldBe(200);
        (await bench.Client.SignedAsync("GET", "/fapi/v1/positionSide/dual")).Json.GetProperty("dualSidePosition").GetBoolean().ShouldBeTrue();
        (await bench.Client.SignedAsync("GET", "/fapi/v1/accountConfig")).Json.GetProperty("dualSidePosition").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Ack_says_new_although_the_order_filled_and_the_query_says_what_happened()
    {
        await using var bench = await Bench.StartAsync();
        var ack = (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newClientOrderId=a1")).ShouldSucceed();
        (ack["status"], ack["executedQty"]).ShouldBe(("NEW", "0.000"));
        foreach (var gone in new[] { "avgPrice", "cumQuote" }) ack.Json.TryGetProperty(gone, out _).ShouldBeFalse();
        var found = (await bench.Client.SignedAsync("GET", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=a1")).ShouldSucceed();
        (found["status"], found["executedQty"], found["avgPrice"], found["cumQuote"]).ShouldBe(("FILLED", "0.100", "60000.00000", "6000.00000"));
        (await bench.Client.SignedAsync("GET", "/fapi/v1/openOrder", "symbol=BTCUSDT&origClientOrderId=a1")).ShouldFail(-2013, "Order does not exist.");
    }

    [Fact]
    public async Task A_thin_book_fills_a_part_and_a_far_one_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        bench.Usdm.SetDepth("BTCUSDT", [], [new Level(60_000, 0.2m)]);
        var order = (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&newOrderRespType=RESULT")).ShouldSucceed();
        (order["status"], order["executedQty"]).ShouldBe(("EXPIRED", "0.200"));
        bench.Usdm.PositionOf("BTCUSDT").ShouldBe(0.2m);
        bench.Usdm.SetPrice("BTCUSDT", 70_000);
        bench.Usdm.SetMark("BTCUSDT", 60_000);
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1")).ShouldFail(-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.");
    }

    [Fact]
    public async Task Queries_forget_what_ended_without_a_fill_after_three_days_and_everything_after_ninety()
    {
        await using var bench = await Bench.StartAsync();
        const string limit = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=58000&newClientOrderId=";
        (await bench.UsdmOrderAsync(limit + "open")).ShouldSucceed();
        (await bench.UsdmOrderAsync(limit + "canceled")).ShouldSucceed();
        (await bench.Client.SignedAsync("DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=canceled")).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=filled")).ShouldSucceed();
        (await Known()).ShouldBe(["open", "canceled", "filled"]);
        bench.Time.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        (await Known()).ShouldBe(["open", "filled"]);
        (await bench.Client.SignedAsync("GET", "/fapi/v1/allOrders", "symbol=BTCUSDT")).Json.EnumerateArray().Select(o => o.GetProperty("clientOrderId").GetString()).ShouldBe(["open", "filled"]);
        bench.Time.Advance(TimeSpan.FromDays(87));
        (await Known()).ShouldBe(["open"]);

        async Task<List<string>> Known()
        {
            var known = new List<string>();
            foreach (var id in new[] { "open", "canceled", "filled" })
            {
                var reply = await bench.Client.SignedAsync("GET", "/fapi/v1/order", $"symbol=BTCUSDT&origClientOrderId={id}");
                if (reply.Code == 0) known.Add(id);
                else reply.ShouldFail(-2013, "Order does not exist.");
            }

            return known;
        }
    }

    [Fact]
    public async Task An_open_client_id_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        const string limit = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=58000&newClientOrderId=same";
        (await bench.UsdmOrderAsync(limit)).ShouldSucceed();
        (await bench.UsdmOrderAsync(limit)).ShouldFail(-4116, "ClientOrderId is duplicated.");
        var canceled = (await bench.Client.SignedAsync("DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=same")).ShouldSucceed();
        (canceled["clientOrderId"], canceled["status"]).ShouldBe(("same", "CANCELED"), "unlike on spot");
        (await bench.Client.SignedAsync("DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=same")).ShouldFail(-2011, "Unknown order sent.");
    }

    [Fact]
    public async Task The_exchange_closes_positions_under_ids_of_its_own()
    {
        await using var bench = await Bench.StartAsync();
        using var stream = await bench.Client.UsdmStreamAsync();
        bench.Usdm.TradeManually("BTCUSDT", buy: true, 0.3m, clientId: "web_1");
        bench.Usdm.Liquidate("BTCUSDT", quantity: 0.1m).ClientId.ShouldStartWith("autoclose-");
        bench.Usdm.Deleverage("BTCUSDT", quantity: 0.1m).ClientId.ShouldStartWith("adl_autoclose");
        bench.Usdm.Settle("BTCUSDT").ClientId.ShouldStartWith("settlement_autoclose-");
        bench.Usdm.Positions.ShouldBeEmpty();
        var events = await stream.EventsAsync(4 + 3 + 3 + 3);
        events.Where(e => e.GetProperty("e").GetString() == "ORDER_TRADE_UPDATE").Select(e => e.GetProperty("o").GetProperty("x").GetString())
            .ShouldBe(["NEW", "TRADE", "NEW", "CALCULATED", "NEW", "CALCULATED", "NEW", "CALCULATED"]);
    }

    [Fact]
    public async Task What_the_exchange_closed_is_listed_by_kind_and_time()
    {
        await using var bench = await Bench.StartAsync();
        bench.Usdm.TradeManually("BTCUSDT", buy: true, 0.3m);
        bench.Usdm.TradeManually("ETHUSDT", buy: true, 3m);
        var first = bench.Usdm.Liquidate("BTCUSDT", quantity: 0.1m).Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var later = bench.Client.Now;
        var second = bench.Usdm.Deleverage("ETHUSDT", quantity: 1m).Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        bench.Usdm.Settle("BTCUSDT");
        async Task<Reply> Ask(string query) => await bench.Client.SignedAsync("GET", "/fapi/v1/forceOrders", query);
        async Task<string[]> Ids(string query) => [.. (await Ask(query)).ShouldSucceed().Json.EnumerateArray().Select(o => o.GetProperty("orderId").ToString())];
        (await Ids("")).ShouldBe([first, second], "a settlement is neither");
        (await Ids("autoCloseType=LIQUIDATION")).ShouldBe([first]);
        (await Ids("autoCloseType=ADL")).ShouldBe([second]);
        (await Ids("symbol=ETHUSDT")).ShouldBe([second]);
        (await Ids($"startTime={later}")).ShouldBe([second]);
        (await Ids("limit=1")).ShouldBe([second]);
        (await Ask("autoCloseType=BOTH")).ShouldFail(-1130, "Data sent for parameter 'autoCloseType' is not valid.");
        (await Ask($"startTime={long.Parse(later, System.Globalization.CultureInfo.InvariantCulture) - 700_000_000}&endTime={later}")).ShouldFail(-4165, "Maximum time interval is 7 days");
        (await Ids($"startTime={later}")).ShouldBe([second]);
        var used = int.Parse((await Ask("")).Headers["X-MBX-USED-WEIGHT-1M"], System.Globalization.CultureInfo.InvariantCulture);
        int.Parse((await Ask("symbol=BTCUSDT")).Headers["X-MBX-USED-WEIGHT-1M"], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(used + 20);
        int.Parse((await Ask("")).Headers["X-MBX-USED-WEIGHT-1M"], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(used + 70);
    }

    [Fact]
    public async Task Trades_from_an_id_are_of_no_time()
    {
        await using var bench = await Bench.StartAsync();
        bench.Usdm.SetDepth("BTCUSDT", [], [.. Enumerable.Range(0, 3).Select(i => new Level(60_000 + i, 0.1m))]);
        var order = (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.3&newOrderRespType=RESULT")).ShouldSucceed()["orderId"];
        async Task<Reply> Ask(string more) => await bench.Client.SignedAsync("GET", "/fapi/v1/userTrades", $"symbol=BTCUSDT{more}");
        async Task<long[]> Ids(string more) => [.. (await Ask(more)).ShouldSucceed().Json.EnumerateArray().Select(t => t.GetProperty("id").GetInt64())];
        var all = await Ids($"&orderId={order}");
        (await Ids($"&orderId={order}&limit=2")).ShouldBe(all[1..]);
        (await Ids($"&orderId={order}&fromId=0&limit=2")).ShouldBe(all[..2]);
        (await Ask("&fromId=0&startTime=0")).ShouldFail(-1128, "Combination of optional parameters invalid.");
        (await Ask("&fromId=0&endTime=9999999999999")).ShouldFail(-1128, "Combination of optional parameters invalid.");
    }

    [Fact]
    public async Task Settings_that_change_nothing_say_so()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Client.SignedAsync("POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=CROSSED")).ShouldFail(-4046, "No need to change margin type.");
        (await bench.Client.SignedAsync("POST", "/fapi/v1/multiAssetsMargin", "multiAssetsMargin=false")).Code.ShouldBe(-4171);
        (await bench.Client.SignedAsync("POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=126")).Code.ShouldBe(-4028);
        (await bench.Client.SignedAsync("POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=5")).ShouldSucceed();
        (await bench.Client.SignedAsync("GET", "/fapi/v1/symbolConfig", "symbol=BTCUSDT")).Json[0].GetProperty("leverage").GetInt32().ShouldBe(5);
    }
}
