using CSMultiConnector.Simulators.Binance;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Tests.Binance;

/// <summary>Limits, bans, maintenance, and answers that do not tell what happened.</summary>
public sealed class FaultTests
{
    private const string SpotOrder = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=f1";

    [Fact]
    public async Task Weight_is_counted_then_refused_with_429_then_banned_with_418()
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { RefusalsBeforeBan = 2 });
        var first = (await bench.Client.SignedAsync("GET", "/api/v3/account")).ShouldSucceed();
        first.Headers["X-MBX-USED-WEIGHT-1M"].ShouldBe("20");
        bench.Spot.SetUsedWeight(5999);
        (await bench.Client.SendAsync("GET", "/api/v3/ping")).ShouldSucceed().Headers["X-MBX-USED-WEIGHT-1M"].ShouldBe("6000");

        for (var i = 0; i < 2; i++)
        {
            var refused = await bench.Client.SendAsync("GET", "/api/v3/ping");
            (refused.Status, refused.Code, refused.Headers["Retry-After"]).ShouldBe((429, -1003, "59"));
        }
        var banned = await bench.Client.SendAsync("GET", "/api/v3/ping");
        (banned.Status, banned.Code, banned.Headers["Retry-After"]).ShouldBe((418, -1003, "120"));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.Client.SendAsync("GET", "/api/v3/ping")).Status.ShouldBe(418, "a new minute does not end a ban");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.Client.SendAsync("GET", "/api/v3/ping")).ShouldSucceed();
        (await bench.Client.SendAsync("GET", "/fapi/v1/ping")).ShouldSucceed();
    }

    [Fact]
    public async Task Spot_counts_unfilled_orders_and_usdm_counts_all()
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { SpotOrderLimits = (2, 1000), UsdmOrderLimits = (2, 1000) });
        const string resting = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=58000";
        for (var i = 0; i < 5; i++)
        {
            var filled = (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")).ShouldSucceed();
            (filled.Headers["X-MBX-ORDER-COUNT-10S"], filled.Headers["X-MBX-ORDER-COUNT-1D"], filled.Headers["X-MBX-USED-WEIGHT-1M"]).ShouldBe(("0", "0", "0"));
        }
        (await bench.SpotOrderAsync(resting)).ShouldSucceed().Headers["X-MBX-ORDER-COUNT-10S"].ShouldBe("1");
        (await bench.SpotOrderAsync(resting)).ShouldSucceed();
        var refused = await bench.SpotOrderAsync(resting);
        refused.ShouldFail(-1015, "Too many new orders; current limit is 2 orders per 10 SECOND.");
        (refused.Status, refused.Headers.ContainsKey("Retry-After")).ShouldBe((429, false));

        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")).ShouldSucceed().Headers["X-MBX-ORDER-COUNT-1M"].ShouldBe("2");
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")).Code.ShouldBe(-1015);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")).ShouldSucceed();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_503_may_hide_an_order_or_not(bool executed)
    {
        await using var bench = await Bench.StartAsync();
        bench.Spot.Script(BinanceFaults.UnknownError("POST /api/v3/order", executed));
        var reply = await bench.SpotOrderAsync(SpotOrder);
        reply.Status.ShouldBe(503);
        reply.ShouldFail(-1000, "Unknown error, please check your request or try again later.");
        (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=f1")).Status.ShouldBe(executed ? 200 : 400);
        (await bench.SpotOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")).ShouldSucceed();
    }

    [Fact]
    public async Task The_other_texts_of_503_and_the_timeout_come_as_written()
    {
        await using var bench = await Bench.StartAsync();
        bench.Usdm.Script(
            BinanceFaults.ServiceUnavailable("POST /fapi/v1/order"), BinanceFaults.InternalError("POST /fapi/v1/order"),
            BinanceFaults.Throttled("POST /fapi/v1/order"), BinanceFaults.Timeout("POST /fapi/v1/order", executed: true));
        const string order = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=t";
        var replies = new List<Reply>();
        for (var i = 0; i < 4; i++) replies.Add(await bench.UsdmOrderAsync(order));
        replies.Select(r => (r.Status, r.Message.Split(['.', ';'])[0])).ShouldBe(
        [
            (503, "Service Unavailable"), (503, "Internal error"), (503, "Request throttled by system-level protection"),
            (408, "Timeout waiting for response from backend server"),
        ]);
        replies[3].Code.ShouldBe(-1007);
        bench.Usdm.Orders.Count.ShouldBe(1, "only the last was executed");
    }

    [Theory]
    [InlineData(FaultEnding.Silence)]
    [InlineData(FaultEnding.Reset)]
    [InlineData(FaultEnding.HalfClose)]
    [InlineData(FaultEnding.Truncate)]
    public async Task An_order_can_be_executed_without_an_answer_and_its_events_come_all_the_same(FaultEnding ending)
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { EventTiming = EventTiming.AfterAnswer });
        using var stream = await bench.Client.UsdmStreamAsync();
        bench.Usdm.Script(new Fault { Match = "POST /fapi/v1/order", Executed = true, Ending = ending });
        using var client = new RawClient(bench.Simulator, bench.Time);
        using var giveUp = new CancellationTokenSource();
        var payload = $"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=f1&timestamp={client.Now}";
        var key = bench.Simulator.Key;
        // In the body: HttpClient repeats by itself what has none, see FaultEnding.HalfClose.
        var sending = client.SendAsync("POST", "/fapi/v1/order", $"{payload}&signature={RawClient.Sign(key.Secret, payload)}", key.Key, giveUp.Token);

        (await stream.EventsAsync(4))[3].GetProperty("o").GetProperty("X").GetString().ShouldBe("FILLED");
        if (ending == FaultEnding.Silence) await giveUp.CancelAsync();
        await Should.ThrowAsync<Exception>(sending);

        bench.Usdm.PositionOf("BTCUSDT").ShouldBe(0.01m);
        bench.Usdm.Received.ShouldContain(r => r["newClientOrderId"] == "f1" && r.Status == 0);
        (await bench.Client.SignedAsync("GET", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=f1"))["status"].ShouldBe("FILLED");
    }

    [Fact]
    public async Task Maintenance_refuses_everything_and_the_status_says_so()
    {
        await using var bench = await Bench.StartAsync();
        bench.Spot.Maintenance = true;
        var refused = await bench.SpotOrderAsync(SpotOrder);
        (refused.Status, refused.Code).ShouldBe((503, -1016));
        (await bench.Client.SendAsync("GET", "/sapi/v1/system/status"))["status"].ShouldBe("1");
        bench.Spot.Maintenance = false;
        (await bench.SpotOrderAsync(SpotOrder)).ShouldSucceed();
    }

    [Fact]
    public async Task New_orders_can_be_invisible_to_queries_for_a_while()
    {
        await using var bench = await Bench.StartAsync();
        bench.Spot.VisibilityDelay = bench.Usdm.VisibilityDelay = TimeSpan.FromSeconds(2);
        var spot = (await bench.SpotOrderAsync(SpotOrder)).ShouldSucceed();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=f1")).ShouldSucceed();
        async Task<(int, int, int)> Seen() => (
            (await bench.Client.SignedAsync("GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=f1")).Code,
            (await bench.Client.SignedAsync("GET", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=f1")).Code,
            (await bench.Client.SignedAsync("GET", "/api/v3/myTrades", $"symbol=BTCUSDT&orderId={spot["orderId"]}")).Json.GetArrayLength());
        (await Seen()).ShouldBe((-2013, -2013, 0));
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        (await Seen()).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task Holdings_can_be_read_stale()
    {
        await using var bench = await Bench.StartAsync();
        bench.Spot.FreezeHoldings(true);
        bench.Usdm.FreezeHoldings(true);
        (await bench.SpotOrderAsync(SpotOrder)).ShouldSucceed();
        bench.Usdm.TradeManually("BTCUSDT", buy: false, 0.1m);
        async Task<(int, int)> Read() => (
            (await bench.Client.SignedAsync("GET", "/api/v3/account", "omitZeroBalances=true")).Json.GetProperty("balances").GetArrayLength(),
            (await bench.Client.SignedAsync("GET", "/fapi/v3/positionRisk")).Json.GetArrayLength());
        (await Read()).ShouldBe((1, 0));
        bench.Spot.FreezeHoldings(false);
        bench.Usdm.FreezeHoldings(false);
        (await Read()).ShouldBe((2, 1));
    }

    [Fact]
    public async Task The_control_over_http_does_the_same()
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { ControlPort = 0 });
        using var http = new HttpClient { BaseAddress = new Uri(bench.Simulator.ControlUrl! + "/") };
        async Task<string> Play(string command, string body)
        {
            using var content = new StringContent(body);
            using var response = await http.PostAsync(new Uri(command, UriKind.Relative), content);
            return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        }

        (await Play("spot/fault", """{"fault":{"match":"POST /api/v3/order","status":503,"message":"Service Unavailable."}}""")).ShouldBe("""200 {"ok":true}""");
        (await bench.SpotOrderAsync(SpotOrder)).Status.ShouldBe(503);
        (await Play("usdm/trade", """{"symbol":"BTCUSDT","buy":false,"quantity":0.2}""")).ShouldStartWith("200 ");
        bench.Usdm.PositionOf("BTCUSDT").ShouldBe(-0.2m);
        (await Play("spot/price", """{"symbol":"BTCUSDT"}""")).ShouldStartWith("400 ");
        (await Play("spot/price", """{"simbol":"BTCUSDT"}""")).ShouldStartWith("400 ", Case.Sensitive, "a misspelt field is no command");
        (await Play("spot/nonsense", "{}")).ShouldStartWith("400 ");
        (await Play("kraken/price", "{}")).ShouldStartWith("404 ");
    }
}
