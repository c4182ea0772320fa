using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>What goes over the line, byte by byte, and what an answer makes of it.</summary>
public sealed class GatewayTests : IAsyncLifetime
{
    private const string Id = "testrun00100000000";
    private const string SpotOrder = "POST /api/v3/order";
    private const string UsdmOrder = "POST /fapi/v1/order";
    private const string NoSuchOrder = """{"code":-2013,"msg":"Order does not exist."}""";

    private readonly TestClock _time = new();
    private StubVenue _stub = null!;

    public async Task InitializeAsync()
    {
        _stub = await StubVenue.StartAsync();
        _stub.On("GET /api/v3/exchangeInfo", 200, InstrumentTests.SpotInfo).On("GET /fapi/v1/exchangeInfo", 200, InstrumentTests.UsdmInfo);
        _stub.On("GET /api/v3/time", 200, Time(TimeSpan.FromSeconds(2))).On("GET /fapi/v1/time", 200, Time(TimeSpan.FromSeconds(2)));
    }

    public async Task DisposeAsync() => await _stub.DisposeAsync();

    [Fact]
    public async Task A_spot_order_is_a_signed_body_whose_window_ends_with_its_validity()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On(SpotOrder, 200, Filled("BUY", """{"price":"100","qty":"0.5","commission":"0.0005","commissionAsset":"BTC","tradeId":1}"""));
        var report = (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5000m), default)).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;
        var sent = _stub.Of(SpotOrder).ShouldHaveSingleItem();
        sent.Key.ShouldBe(StubVenue.Key);
        sent.Query.ShouldBeEmpty();
        var payload = $"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.5&newClientOrderId={Id}&newOrderRespType=FULL&recvWindow=5000&timestamp={Now}";
        sent.Body.ShouldBe($"{payload}&signature={new HmacKey(StubVenue.Secret).Sign(payload)}");
        (report.ClientOrderId.Value, report.Status, report.Filled.Value, report.FeeInBase.Value, report.AveragePrice?.Value).ShouldBe((Id, OrderStatus.Filled, 0.5m, 0.0005m, 100m));
        (report.Side, report.Quantity.Value, report.PositionSide, report.VenueOrderId).ShouldBe((OrderSide.Buy, 0.5m, PositionSide.Net, "28"));
    }

    [Theory]
    [InlineData(PositionSide.Net, OrderSide.Sell, true, "side=SELL&reduceOnly=true&type=MARKET")]
    [InlineData(PositionSide.Net, OrderSide.Sell, false, "side=SELL&type=MARKET")]
    [InlineData(PositionSide.Long, OrderSide.Sell, true, "side=SELL&positionSide=LONG&type=MARKET")]
    [InlineData(PositionSide.Short, OrderSide.Sell, false, "side=SELL&positionSide=SHORT&type=MARKET")]
    public async Task A_futures_order_names_its_leg_or_reduces_only(PositionSide leg, OrderSide side, bool reduceOnly, string part)
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        _stub.On(UsdmOrder, 200, $$"""{"clientOrderId":"{{Id}}","cumQty":"0.5","executedQty":"0.5","orderId":22542179,"origQty":"0.5","reduceOnly":false,"side":"SELL","positionSide":"BOTH","status":"FILLED","symbol":"BTCUSDT","updateTime":1566818724722}""");
        var report = (await gateway.SubmitAsync(Order(side, 0.5m) with { PositionSide = leg, ReduceOnly = reduceOnly }, default)).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;
        _stub.Of(UsdmOrder).ShouldHaveSingleItem().Body.ShouldStartWith($"symbol=BTCUSDT&{part}&quantity=0.5&newClientOrderId={Id}&newOrderRespType=RESULT&recvWindow=");
        (report.Filled.Value, report.AveragePrice, report.Status).ShouldBe((0.5m, null, OrderStatus.Filled));
    }

    [Fact]
    public async Task A_fee_in_another_asset_leaves_the_base_alone_and_what_expired_has_filled()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On(SpotOrder, 200, Filled("BUY", """{"price":"100","qty":"0.3","commission":"0.01","commissionAsset":"BNB","tradeId":1}""", filled: "0.3", status: "EXPIRED"));
        var report = (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;
        (report.Status, report.Filled.Value, report.FeeInBase.Value).ShouldBe((OrderStatus.Expired, 0.3m, 0m));
        report.Fees.ShouldHaveSingleItem().ShouldBe(new Fee(new AssetName("BNB"), 0.01m));
    }

    [Fact]
    public async Task An_order_state_that_is_not_known_is_no_confirmation()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On(SpotOrder, 200, Filled("BUY", "", status: "TELEPORTED"));
        (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.Unknown>();
    }

    [Fact]
    public async Task An_order_goes_out_once_whatever_happens()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On(SpotOrder, 0, "").On(SpotOrder, 500, "").On(SpotOrder, 400, """{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}""");
        (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.Unknown>();
        (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.Unknown>();
        var clocks = _stub.Of("GET /api/v3/time").Count();
        (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Transient);
        _stub.Of(SpotOrder).Count().ShouldBe(3);
        _stub.Of("GET /api/v3/time").Count().ShouldBe(clocks + 1, "the clock was measured anew");
    }

    [Fact]
    public async Task A_reading_is_repeated_once_with_a_clock_measured_anew()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/account", 400, """{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}""")
            .On("GET /api/v3/account", 200, """{"canTrade":true,"uid":7,"balances":[{"asset":"BTC","free":"1.5","locked":"0.5"},{"asset":"ETH","free":"0.0","locked":"0.0"}]}""");
        var holding = (await gateway.ReadHoldingsAsync(default)).Value.ShouldHaveSingleItem();
        (holding.Name, holding.Quantity.Value, holding.Free?.Value).ShouldBe(("BTC", 2m, 1.5m));
        _stub.Of("GET /api/v3/account").Count().ShouldBe(2);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_was_sent()
    {
        using var nobody = new NobodyThere();
        await using var gateway = _stub.Gateway("binance-spot", _time, change: s => s with { ApiUrl = nobody.Address.ToString() });
        var reason = (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason;
        (reason.Class, reason.Code).ShouldBe((RejectionClass.Wait, "not-sent"));
    }

    [Fact]
    public async Task What_the_venue_asks_to_wait_is_waited_by_everything_and_by_all_gateways_of_the_place()
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        _stub.On("GET /fapi/v3/positionRisk", 429, """{"code":-1003,"msg":"Too many requests."}""", ("Retry-After", "40")).On("GET /fapi/v3/positionRisk", 200, "[]");
        var failure = (await gateway.ReadHoldingsAsync(default)).Failure!;
        (failure.Kind, failure.RetryAfter).ShouldBe((FailureKind.RateLimited, TimeSpan.FromSeconds(40)));
        var asked = _stub.Requests.Count;
        var denied = (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m) with { NotAfter = _time.GetUtcNow().AddMinutes(1) }, default)).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason;
        (denied.Class, denied.RetryAfter).ShouldBe((RejectionClass.Wait, TimeSpan.FromSeconds(40)));
        (await gateway.CancelAsync(Key, default)).ShouldBeOfType<CancelOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Wait);
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Incomplete>();
        _stub.Requests.Count.ShouldBe(asked);
        _time.Advance(TimeSpan.FromSeconds(41));
        (await gateway.ReadHoldingsAsync(default)).Value.ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_many_orders_of_an_account_stop_its_orders_and_nothing_else()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On(SpotOrder, 429, """{"code":-1015,"msg":"Too many new orders; current limit is 50 orders per 10 SECOND."}""");
        _stub.On("GET /api/v3/account", 200, """{"canTrade":true,"uid":7,"balances":[]}""").On("GET /api/v3/order", 200, Stored("CANCELED", "0.0"));
        var pause = (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.RetryAfter!.Value;
        (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason.Class.ShouldBe(RejectionClass.Wait);
        (await gateway.ReadHoldingsAsync(default)).IsSuccess.ShouldBeTrue();
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Found>();
        _stub.Of(SpotOrder).ShouldHaveSingleItem();
        _time.Advance(pause);
        await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default);
        _stub.Of(SpotOrder).Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_ban_that_only_its_text_dates_is_obeyed()
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        var until = Now + 90_000;
        _stub.On("GET /fapi/v3/positionRisk", 418, $$"""{"code":-1003,"msg":"Way too many requests; IP(1.2.3.4) banned until {{until}}. Please use the websocket."}""");
        (await gateway.ReadHoldingsAsync(default)).Failure!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Orders_stop_before_the_venue_has_to_say_so()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On(SpotOrder, 200, Filled("SELL", """{"price":"100","qty":"0.5","commission":"0.05","commissionAsset":"USDT","tradeId":1}"""), ("X-MBX-ORDER-COUNT-10S", "50"));
        (await gateway.SubmitAsync(Order(OrderSide.Sell, 0.5m), default)).ShouldBeOfType<SubmitOutcome.Confirmed>();
        (await gateway.SubmitAsync(Order(OrderSide.Sell, 0.5m), default)).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason.RetryAfter!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
        _stub.Of(SpotOrder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task There_is_no_such_order_only_when_every_list_says_so()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/order", 400, NoSuchOrder).On("GET /api/v3/openOrders", 200, "[]").On("GET /api/v3/allOrders", 500, "").On("GET /api/v3/allOrders", 200, "[]");
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Incomplete>();
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.NotFound>();
        var history = _stub.Of("GET /api/v3/allOrders").Last().Query;
        history.ShouldStartWith($"symbol=BTCUSDT&startTime={Now - 10_000}&endTime={Now + 120_000}&limit=1000&");
    }

    [Theory]
    [InlineData("GET /api/v3/openOrders", "GET /api/v3/allOrders")]
    [InlineData("GET /api/v3/allOrders", "GET /api/v3/openOrders")]
    public async Task An_order_that_only_one_list_names_is_found(string names, string empty)
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/order", 400, NoSuchOrder).On(empty, 200, "[]").On(names, 200, $"[{Stored("NEW", "0.0", other: "somebody-else")},{Stored("CANCELED", "0.0")}]");
        var report = (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Found>().Report;
        (report.ClientOrderId.Value, report.Status).ShouldBe((Id, OrderStatus.Cancelled));
    }

    [Fact]
    public async Task A_full_page_of_history_is_not_all_of_it()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        var page = string.Join(",", Enumerable.Repeat(Stored("NEW", "0.0", other: "somebody-else"), 1000));
        _stub.On("GET /api/v3/order", 400, NoSuchOrder).On("GET /api/v3/openOrders", 200, "[]").On("GET /api/v3/allOrders", 200, $"[{page}]");
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Incomplete>();
    }

    [Fact]
    public async Task An_archived_order_is_beyond_memory()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/order", 400, """{"code":-2026,"msg":"Order was canceled or expired with no executed qty over 90 days ago and has been archived."}""");
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.NotFound>();
    }

    [Fact]
    public async Task A_found_spot_order_is_told_with_its_fees_or_not_at_all()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/order", 200, Stored("FILLED", "0.5"))
            .On("GET /api/v3/myTrades", 200, "[]")
            .On("GET /api/v3/myTrades", 200, """[{"symbol":"BTCUSDT","id":5,"orderId":28,"price":"100","qty":"0.5","commission":"0.0005","commissionAsset":"BTC","time":1,"isBuyer":true}]""");
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Incomplete>("the trades are not there yet");
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Found>().Report.FeeInBase.ShouldBe(new Contracts(0.0005m));
        _stub.Of("GET /api/v3/myTrades").Last().Query.ShouldStartWith("symbol=BTCUSDT&orderId=28&");
    }

    [Fact]
    public async Task An_order_of_more_trades_than_one_answer_holds_is_read_page_by_page()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/order", 200, Stored("FILLED", "0.5"))
            .On("GET /api/v3/myTrades", 200, Trades(1501, 1000)).On("GET /api/v3/myTrades", 200, Trades(1, 1000)).On("GET /api/v3/myTrades", 200, Trades(1001, 1000)).On("GET /api/v3/myTrades", 200, Trades(2001, 500));
        var report = (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Found>().Report;
        (report.Filled.Value, report.FeeInBase.Value).ShouldBe((0.5m, 0.0005m));
        _stub.Of("GET /api/v3/myTrades").Select(r => r.Query[..r.Query.IndexOf("&recvWindow", StringComparison.Ordinal)]).ShouldBe(
            ["symbol=BTCUSDT&orderId=28&limit=1000", .. new[] { 0, 1001, 2001 }.Select(from => $"symbol=BTCUSDT&orderId=28&fromId={from}&limit=1000")]);
    }

    [Fact]
    public async Task Pages_of_trades_end()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/order", 200, Stored("FILLED", "0.5")).On("GET /api/v3/myTrades", 200, Trades(1, 1000));
        (await gateway.FindAsync(Key, default)).ShouldBeOfType<LookupOutcome.Incomplete>();
        _stub.Of("GET /api/v3/myTrades").Count().ShouldBe(20);
    }

    [Fact]
    public async Task A_cancel_names_the_order_and_not_itself()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("DELETE /api/v3/order", 200, $$"""{"symbol":"BTCUSDT","origClientOrderId":"{{Id}}","orderId":28,"clientOrderId":"thecancelitself","transactTime":1,"origQty":"0.5","executedQty":"0.0","cummulativeQuoteQty":"0.0","status":"CANCELED","side":"BUY"}""")
            .On("DELETE /api/v3/order", 400, """{"code":-2011,"msg":"Unknown order sent."}""").On("DELETE /api/v3/order", 502, "");
        (await gateway.CancelAsync(Key, default)).ShouldBeOfType<CancelOutcome.Accepted>().Report!.ClientOrderId.Value.ShouldBe(Id);
        (await gateway.CancelAsync(Key, default)).ShouldBeOfType<CancelOutcome.NothingToCancel>();
        (await gateway.CancelAsync(Key, default)).ShouldBeOfType<CancelOutcome.Unknown>();
    }

    [Fact]
    public async Task Open_orders_are_those_with_ids_of_our_form_and_complete()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On("GET /api/v3/openOrders", 200, $"[{Stored("PARTIALLY_FILLED", "0.2")},{Stored("NEW", "0.0", other: "web_123")}]").On("GET /api/v3/openOrders", 200, $"[{Stored("NOBODY_KNOWS", "0")}]");
        (await gateway.ReadOpenOrdersAsync(default)).Value.ShouldHaveSingleItem().ClientOrderId.Value.ShouldBe(Id);
        (await gateway.ReadOpenOrdersAsync(default)).IsSuccess.ShouldBeFalse("a list that is not understood is no list");
    }

    [Theory]
    [InlineData(100.0, "0.1", "LOT_SIZE", RejectionClass.Split)]
    [InlineData(0.000001, "1", "LOT_SIZE", RejectionClass.BelowMinimum)]
    [InlineData(0.123456, "1", "LOT_SIZE", RejectionClass.Permanent)]
    [InlineData(0.001, "100", "NOTIONAL", RejectionClass.BelowMinimum)]
    [InlineData(70.0, "1000000", "NOTIONAL", RejectionClass.Split)]
    [InlineData(70.0, "1000000", "MIN_NOTIONAL", RejectionClass.BelowMinimum)]
    [InlineData(70.0, "", "NOTIONAL", RejectionClass.Transient)]
    [InlineData(70.0, "0.0", "NOTIONAL", RejectionClass.Transient)]
    public async Task The_facts_and_the_venues_price_say_which_end_of_a_filter_refused(double quantity, string price, string filter, RejectionClass expected)
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _stub.On(SpotOrder, 400, $$"""{"code":-1013,"msg":"Filter failure: {{filter}}"}""");
        if (price.Length > 0) _stub.On("GET /api/v3/avgPrice", 200, $$"""{"mins":5,"price":"{{price}}","closeTime":1499827319559}""");

        // The terminal's price is of no account: scales of mappings are a person's.
        var order = Order(OrderSide.Buy, (decimal)quantity) with { ReferencePrice = new Price(12_345_678m) };
        (await gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(expected);
    }

    [Fact]
    public async Task Positions_are_read_by_side_and_a_changed_mode_is_no_reading()
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        Account(hedge: true);
        (await gateway.ConnectAsync(default)).Value!.PositionMode.ShouldBe(Domain.Instruments.PositionMode.Hedge);
        _stub.On("GET /fapi/v3/positionRisk", 200, """[{"symbol":"BTCUSDT","positionSide":"BOTH","positionAmt":"0"},{"symbol":"BTCUSDT","positionSide":"LONG","positionAmt":"0.5"},{"symbol":"BTCUSDT","positionSide":"SHORT","positionAmt":"-0.25"}]""")
            .On("GET /fapi/v3/positionRisk", 200, """[{"symbol":"BTCUSDT","positionSide":"BOTH","positionAmt":"0.5"}]""");
        (await gateway.ReadHoldingsAsync(default)).Value.Select(h => (h.Name, h.Side, h.Quantity.Value)).ShouldBe([("BTCUSDT", PositionSide.Long, 0.5m), ("BTCUSDT", PositionSide.Short, -0.25m)]);
        (await gateway.ReadHoldingsAsync(default)).Failure!.Kind.ShouldBe(FailureKind.Account);
    }

    [Fact]
    public async Task A_key_is_checked_when_connecting()
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        Account(hedge: false);
        const string path = "GET /sapi/v1/account/apiRestrictions";
        _stub.On(path, 200, Rights(withdraw: true, futures: true)).On(path, 200, Rights(withdraw: false, futures: false)).On(path, 401, """{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}""").On(path, 404, "");
        var account = (await gateway.ConnectAsync(default)).Value!;
        account.AccountId.ShouldBe("SgsR");
        account.Warnings.ShouldContain(w => w.Contains("withdraw", StringComparison.Ordinal));
        account.Warnings.ShouldContain(w => w.Contains("clock is 2.0 s behind", StringComparison.Ordinal));
        (await gateway.ConnectAsync(default)).Failure!.Kind.ShouldBe(FailureKind.Account);
        (await gateway.ConnectAsync(default)).Failure!.Kind.ShouldBe(FailureKind.Account);
        (await gateway.ConnectAsync(default)).Value!.Warnings.ShouldContain(w => w.Contains("could not be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_was_pasted_with_white_space_around_it_is_the_key()
    {
        await using var gateway = _stub.Gateway("binance-spot", _time, key: $" {StubVenue.Key}\n", secret: $"\t{StubVenue.Secret} \n");
        await gateway.ReadHoldingsAsync(default);
        var sent = _stub.Of("GET /api/v3/account").ShouldHaveSingleItem();
        var payload = sent.Query[..sent.Query.IndexOf("&signature=", StringComparison.Ordinal)];
        (sent.Key, sent.Query).ShouldBe((StubVenue.Key, $"{payload}&signature={new HmacKey(StubVenue.Secret).Sign(payload)}"));
    }

    [Fact]
    public async Task What_another_family_of_requests_used_is_not_counted_here()
    {
        await using var gateway = _stub.Gateway("binance-usdm", _time);
        Account(hedge: false);
        _stub.On("GET /sapi/v1/account/apiRestrictions", 200, Rights(withdraw: false, futures: true), ("X-MBX-USED-WEIGHT-1M", "2400"));
        (await gateway.ConnectAsync(default)).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData("PRIVATE KEY", "a private key (RSA or Ed25519)")]
    [InlineData("RSA PRIVATE KEY", "a private key (RSA or Ed25519)")]
    [InlineData("ENCRYPTED PRIVATE KEY", "an encrypted private key")]
    [InlineData("PUBLIC KEY", "a public key")]
    public async Task A_key_of_another_kind_is_told_as_such_and_nothing_is_asked_with_it(string kind, string words)
    {
        await using var gateway = _stub.Gateway("binance-spot", _time, secret: $"\n-----BEGIN {kind}-----\nbm90IGEga2V5\n-----END {kind}-----\n");
        var failure = (await gateway.ConnectAsync(default)).Failure!;
        (failure.Kind, failure.Text.Contains(words, StringComparison.Ordinal), failure.Text.Contains("HMAC", StringComparison.Ordinal)).ShouldBe((FailureKind.Account, true, true));
        failure.Text.ShouldNotContain("bm90IGEga2V5");
        _stub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_key_may_do_is_asked_again_when_the_venue_refused_our_time()
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        Account(hedge: false);
        const string path = "GET /sapi/v1/account/apiRestrictions";
        _stub.On(path, 400, """{"code":-1021,"msg":"Timestamp for this request was 1000ms ahead of the server's time."}""").On(path, 200, Rights(withdraw: true, futures: true));
        var account = (await gateway.ConnectAsync(default)).Value!;
        account.Warnings.ShouldContain(w => w.Contains("withdraw", StringComparison.Ordinal));
        account.Warnings.ShouldNotContain(w => w.Contains("could not be read", StringComparison.Ordinal));
        _stub.Of(path).Count().ShouldBe(2);
    }

    [Fact]
    public async Task No_text_holds_a_key_a_secret_or_a_signature()
    {
        using var log = new ListLog();
        await using var gateway = _stub.Gateway("binance-spot", _time, null, log, s => s with { VenueOptions = s.VenueOptions.Add("logHeaders", "on") });
        await gateway.GetInstrumentsAsync(default);
        _stub.On("GET /api/v3/account", 500, "").On(SpotOrder, 400, """{"code":-1022,"msg":"Signature for this request is not valid."}""");
        List<string> texts = [(await gateway.ReadHoldingsAsync(default)).Failure!.Text, (await gateway.SubmitAsync(Order(OrderSide.Buy, 0.5m), default)).ToString()!];
        log.Lines.ShouldContain(l => l.Contains("POST", StringComparison.Ordinal) && l.Contains("X-MBX-APIKEY: ***", StringComparison.Ordinal));
        log.Lines.ShouldContain(l => l.Contains("< 400", StringComparison.Ordinal));
        foreach (var text in texts.Concat(log.Lines))
        {
            text.ShouldNotContain(StubVenue.Key);
            text.ShouldNotContain(StubVenue.Secret);
            text.ShouldNotContain("signature=");
        }
    }

    private static OrderKey Key => new(new ClientOrderId(Id), new InstrumentId("BTCUSDT"), null, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private long Now => (_time.GetUtcNow() + TimeSpan.FromSeconds(2)).ToUnixTimeMilliseconds();

    private async Task<IVenueGateway> ReadyAsync(string product)
    {
        var gateway = _stub.Gateway(product, _time);
        if (product == "binance-spot") _stub.On("GET /api/v3/account", 200, """{"canTrade":true,"uid":7,"balances":[]}""");
        else Account(hedge: false);
        (await gateway.ConnectAsync(default)).IsSuccess.ShouldBeTrue();
        (await gateway.GetInstrumentsAsync(default)).IsSuccess.ShouldBeTrue();
        _stub.Requests.Clear();
        foreach (var path in _stub.Answers.Keys.Where(k => !k.EndsWith("/time", StringComparison.Ordinal))) _stub.Answers.TryRemove(path, out _);
        _stub.On("GET /api/v3/exchangeInfo", 200, InstrumentTests.SpotInfo).On("GET /fapi/v1/exchangeInfo", 200, InstrumentTests.UsdmInfo);
        return gateway;
    }

    private void Account(bool hedge) => _stub
        .On("GET /fapi/v1/accountConfig", 200, $$"""{"feeTier":0,"canTrade":true,"canDeposit":true,"canWithdraw":true,"dualSidePosition":{{(hedge ? "true" : "false")}},"updateTime":0,"multiAssetsMargin":false,"tradeGroupId":-1}""")
        .On("GET /fapi/v3/balance", 200, """[{"accountAlias":"SgsR","asset":"USDT","balance":"122607.35137903","updateTime":1617939110373}]""");

    private OrderRequest Order(OrderSide side, decimal quantity) => new(
        new ClientOrderId(Id), new InstrumentId("BTCUSDT"), PositionSide.Net, side, new Contracts(quantity), false, _time.GetUtcNow() + TimeSpan.FromSeconds(5), new Price(100m));

    private string Time(TimeSpan ahead) => $$"""{"serverTime":{{(_time.GetUtcNow() + ahead).ToUnixTimeMilliseconds()}}}""";

    private static string Rights(bool withdraw, bool futures) =>
        $$"""{"ipRestrict":true,"createTime":1,"enableReading":true,"enableWithdrawals":{{(withdraw ? "true" : "false")}},"enableFutures":{{(futures ? "true" : "false")}},"enableSpotAndMarginTrading":true}""";

    private static string Filled(string side, string fills, string filled = "0.5", string status = "FILLED") =>
        $$"""{"symbol":"BTCUSDT","orderId":28,"orderListId":-1,"clientOrderId":"{{Id}}","transactTime":1507725176595,"price":"0.0","origQty":"0.50000000","executedQty":"{{filled}}","cummulativeQuoteQty":"50.0","status":"{{status}}","timeInForce":"GTC","type":"MARKET","side":"{{side}}","fills":[{{fills}}]}""";

    private static string Trades(int first, int count) => $"[{string.Join(',', Enumerable.Range(first, count).Select(id =>
        $$"""{"symbol":"BTCUSDT","id":{{id}},"orderId":28,"price":"100","qty":"0.0002","commission":"0.0000002","commissionAsset":"BTC"}"""))}]";

    private static string Stored(string status, string filled, string? other = null) =>
        $$"""{"symbol":"BTCUSDT","orderId":28,"clientOrderId":"{{other ?? Id}}","price":"0.0","origQty":"0.5","executedQty":"{{filled}}","cummulativeQuoteQty":"0.0","status":"{{status}}","type":"MARKET","side":"BUY","time":1679571174472,"updateTime":1679571174472}""";
}
