using CSMultiConnector.Simulators.Binance;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Tests.Binance;

/// <summary>The WebSocket API and the user streams: subscriptions, listen keys, and every way in which they end.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task The_websocket_api_places_finds_and_cancels_with_the_codes_of_rest()
    {
        await using var bench = await Bench.StartAsync();
        using var socket = await bench.Client.SpotSocketAsync();
        (await socket.CallAsync("ping")).GetProperty("status").GetInt32().ShouldBe(200);
        var placed = await socket.CallAsync("order.place", bench.Client.WsParams(new()
        {
            ["symbol"] = "BTCUSDT", ["side"] = "BUY", ["type"] = "LIMIT", ["timeInForce"] = "GTC", ["quantity"] = "0.01", ["price"] = "50000", ["newClientOrderId"] = "w1",
        }));
        placed.GetProperty("result").GetProperty("status").GetString().ShouldBe("NEW");
        placed.GetProperty("rateLimits").EnumerateArray().Single(l => l.GetProperty("interval").GetString() == "SECOND").GetProperty("count").GetInt32().ShouldBe(1);
        var found = await socket.CallAsync("order.status", bench.Client.WsParams(new() { ["symbol"] = "BTCUSDT", ["origClientOrderId"] = "w1" }));
        found.GetProperty("result").GetProperty("orderId").GetInt64().ShouldBe(placed.GetProperty("result").GetProperty("orderId").GetInt64());
        var canceled = await socket.CallAsync("order.cancel", bench.Client.WsParams(new() { ["symbol"] = "BTCUSDT", ["origClientOrderId"] = "w1" }));
        canceled.GetProperty("result").GetProperty("status").GetString().ShouldBe("CANCELED");
        var again = await socket.CallAsync("order.cancel", bench.Client.WsParams(new() { ["symbol"] = "BTCUSDT", ["origClientOrderId"] = "w1" }));
        (again.GetProperty("status").GetInt32(), again.GetProperty("error").GetProperty("code").GetInt32()).ShouldBe((400, -2011));
        var late = await socket.CallAsync("account.status", bench.Client.WsParams([], timestamp: "1499827319559"));
        late.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-1021);
        (await socket.CallAsync("no.such")).GetProperty("status").GetInt32().ShouldBe(400);
        bench.Spot.Ban(TimeSpan.FromMinutes(1));
        var banned = await socket.CallAsync("ping");
        banned.GetProperty("status").GetInt32().ShouldBe(418);
        banned.GetProperty("error").GetProperty("data").GetProperty("retryAfter").GetInt64().ShouldBe(bench.Time.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task One_subscription_a_connection_and_none_after_it_is_given_up_or_ended()
    {
        await using var bench = await Bench.StartAsync();
        using var stream = await bench.Client.SpotStreamAsync();
        (await stream.CallAsync("userDataStream.subscribe.signature", bench.Client.WsParams([]))).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-2035);
        (await stream.CallAsync("userDataStream.unsubscribe")).GetProperty("status").GetInt32().ShouldBe(200);
        bench.Spot.Deposit("BTC", 1);
        (await stream.CallAsync("userDataStream.unsubscribe")).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-2036);
        (await stream.CallAsync("userDataStream.subscribe.signature", bench.Client.WsParams([]))).GetProperty("result").GetProperty("subscriptionId").GetInt32().ShouldBe(1);
        bench.Spot.Deposit("ETH", 2);
        var deposit = await stream.EventAsync();
        (deposit.GetProperty("e").GetString(), deposit.GetProperty("a").GetString(), deposit.GetProperty("d").GetString()).ShouldBe(("balanceUpdate", "ETH", "2.00000000"));
        (await stream.EventAsync()).GetProperty("e").GetString().ShouldBe("outboundAccountPosition");
        bench.Spot.TerminateSubscriptions();
        (await stream.EventAsync()).GetProperty("e").GetString().ShouldBe("eventStreamTerminated");
        bench.Spot.AnnounceShutdown();
        (await stream.EventAsync()).GetProperty("e").GetString().ShouldBe("serverShutdown");
    }

    [Fact]
    public async Task A_revoked_key_is_told_to_its_subscriptions()
    {
        await using var bench = await Bench.StartAsync();
        using var stream = await bench.Client.SpotStreamAsync();
        bench.Spot.RevokeKey(bench.Simulator.Key.Key);
        var pushed = await stream.NextAsync();
        (pushed.GetProperty("status").GetInt32(), pushed.GetProperty("error").GetProperty("code").GetInt32()).ShouldBe((401, -2015));
        (await bench.Client.SignedAsync("GET", "/api/v3/account")).Code.ShouldBe(-2015);
    }

    [Fact]
    public async Task A_listen_key_lives_an_hour_unless_it_is_kept()
    {
        await using var bench = await Bench.StartAsync();
        async Task<Reply> Call(string method) => await bench.Client.SendAsync(method, "/fapi/v1/listenKey", key: bench.Simulator.Key.Key);
        (await Call("PUT")).Code.ShouldBe(-1125);
        var key = (await Call("POST"))["listenKey"];
        (await Call("POST"))["listenKey"].ShouldBe(key, "a second POST returns the same");
        bench.Time.Advance(TimeSpan.FromMinutes(59));
        (await Call("PUT")).ShouldSucceed();
        bench.Time.Advance(TimeSpan.FromMinutes(59));
        (await Call("PUT")).ShouldSucceed();
        bench.Time.Advance(TimeSpan.FromMinutes(60));
        (await Call("PUT")).Code.ShouldBe(-1125);
        (await Call("POST"))["listenKey"].ShouldNotBe(key);
    }

    [Fact]
    public async Task An_expired_listen_key_says_so_once_and_its_stream_stays_silent()
    {
        await using var bench = await Bench.StartAsync();
        using var old = await bench.Client.UsdmStreamAsync();
        bench.Usdm.ExpireListenKey();
        (await old.EventAsync()).GetProperty("e").GetString().ShouldBe("listenKeyExpired");
        using var fresh = await bench.Client.UsdmStreamAsync();
        bench.Usdm.TradeManually("BTCUSDT", buy: true, 0.1m);
        (await fresh.EventAsync()).GetProperty("e").GetString().ShouldBe("ORDER_TRADE_UPDATE");
        // Nothing came between: the next thing on the old one is its end.
        await bench.Usdm.KickStreamsAsync(StreamEnd.Close);
        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(old.NextAsync());
    }

    [Fact]
    public async Task The_combined_form_is_subscribed_by_name_and_wraps_its_events()
    {
        await using var bench = await Bench.StartAsync();
        var key = (await bench.Client.SendAsync("POST", "/fapi/v1/listenKey", key: bench.Simulator.Key.Key))["listenKey"];
        using var stream = await RawSocket.ConnectAsync(bench.Simulator.UsdmStreamUrl + "/private/stream");
        await stream.SendAsync($$"""{"method":"SUBSCRIBE","params":["{{key}}"],"id":1}""");
        (await stream.NextAsync()).GetRawText().ShouldBe("""{"result":null,"id":1}""");
        bench.Usdm.Transfer("USDT", 5);
        var message = await stream.NextAsync();
        message.GetProperty("stream").GetString().ShouldBe(key);
        message.GetProperty("data").GetProperty("a").GetProperty("m").GetString().ShouldBe("DEPOSIT");
    }

    [Theory]
    [InlineData(EventTiming.BeforeAnswer)]
    [InlineData(EventTiming.AfterAnswer)]
    [InlineData(EventTiming.Held)]
    [InlineData(EventTiming.Dropped)]
    public async Task Events_come_when_they_are_told_to(EventTiming timing)
    {
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { EventTiming = timing });
        using var stream = await bench.Client.UsdmStreamAsync();
        (await bench.UsdmOrderAsync("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=first")).ShouldSucceed();
        if (timing == EventTiming.Held) bench.Usdm.ReleaseEvents();
        bench.Usdm.EventTiming = EventTiming.AtOnce;
        bench.Usdm.TradeManually("BTCUSDT", buy: true, 0.02m, clientId: "second");
        (await stream.EventAsync()).GetProperty("o").GetProperty("c").GetString().ShouldBe(timing == EventTiming.Dropped ? "second" : "first");
    }

    [Theory]
    [InlineData(StreamEnd.Abort)]
    [InlineData(StreamEnd.Close)]
    public async Task Streams_can_be_kicked_refused_and_let_in_again(StreamEnd how)
    {
        await using var bench = await Bench.StartAsync();
        using var spot = await bench.Client.SpotStreamAsync();
        using var usdm = await bench.Client.UsdmStreamAsync();
        bench.Spot.RefuseStreams = bench.Usdm.RefuseStreams = true;
        await bench.Spot.KickStreamsAsync(how);
        await bench.Usdm.KickStreamsAsync(how);
        await spot.EndsAsync();
        await usdm.EndsAsync();
        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(bench.Client.SpotSocketAsync());
        bench.Spot.RefuseStreams = false;
        using var again = await bench.Client.SpotStreamAsync();
    }

    [Fact]
    public async Task Every_connection_is_cut_after_a_day()
    {
        await using var bench = await Bench.StartAsync();
        using var spot = await bench.Client.SpotStreamAsync();
        using var usdm = await bench.Client.UsdmStreamAsync();
        bench.Time.Advance(TimeSpan.FromHours(24));
        await spot.EndsAsync();
        await usdm.EndsAsync();
    }

    [Fact]
    public async Task The_old_unsplit_stream_paths_are_gone()
    {
        await using var bench = await Bench.StartAsync();
        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(RawSocket.ConnectAsync(bench.Simulator.UsdmStreamUrl + "/ws/key"));
    }
}
