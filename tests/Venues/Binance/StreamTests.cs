using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>What the venue tells by itself, event by event, over real WebSockets.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Id = "testrun00100000000";
    private const string Subscribed = """{"id":"subscribe","status":200,"result":{"subscriptionId":0}}""";
    private const string KeepKey = "PUT /fapi/v1/listenKey";

    private static readonly TimeSpan s_lineLife = TimeSpan.FromHours(23);
    private static readonly TimeSpan s_keyPause = TimeSpan.FromMinutes(30);

    private readonly TestClock _time = new();
    private readonly List<StubSocket> _sockets = [];
    private StubVenue _stub = null!;

    public async Task InitializeAsync()
    {
        _stub = await StubVenue.StartAsync();
        _stub.On("GET /api/v3/exchangeInfo", 200, InstrumentTests.SpotInfo).On("GET /fapi/v1/exchangeInfo", 200, InstrumentTests.UsdmInfo);
        _stub.On("POST /fapi/v1/listenKey", 200, """{"listenKey":"the-key"}""");
    }

    public async Task DisposeAsync()
    {
        foreach (var socket in _sockets) socket.Cut();
        await _stub.DisposeAsync();
    }

    [Fact]
    public async Task The_spot_subscription_is_signed_over_its_sorted_parameters()
    {
        await using var spot = await SpotAsync();
        var timestamp = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var signature = new HmacKey(StubVenue.Secret).Sign($"apiKey={StubVenue.Key}&timestamp={timestamp}");
        _sockets[0].Target.ShouldBe("/ws-api/v3");
        _sockets[0].First.ShouldBe($$$"""{"id":"subscribe","method":"userDataStream.subscribe.signature","params":{"apiKey":"{{{StubVenue.Key}}}","timestamp":{{{timestamp}}},"signature":"{{{signature}}}"}}""");
    }

    [Fact]
    public async Task A_refused_subscription_ends_the_stream()
    {
        _stub.Greeting = """{"id":"subscribe","status":401,"error":{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}}""";
        await using var gateway = _stub.Gateway("binance-spot", _time);
        await using var events = gateway.StreamAsync(default).GetAsyncEnumerator();
        (await events.MoveNextAsync().AsTask().InTime()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_market_order_is_followed_from_new_to_expired_with_its_fees()
    {
        await using var spot = await SpotAsync();
        await spot.SayAsync(Execution("NEW", "NEW", 0m));
        await spot.SayAsync(Execution("TRADE", "PARTIALLY_FILLED", 0.2m, trade: 1, last: 0.2m, fee: 0.0002m));
        await spot.SayAsync(Execution("TRADE", "PARTIALLY_FILLED", 0.3m, trade: 2, last: 0.1m, fee: 0.0001m));
        await spot.SayAsync(Execution("EXPIRED", "EXPIRED", 0.3m));
        var reports = new List<OrderReport>();
        for (var i = 0; i < 4; i++) reports.Add((await spot.NextAsync<VenueEvent.OrderChanged>()).Report);
        reports.Select(r => (r.Status, r.Filled.Value, r.FeeInBase.Value)).ShouldBe([(OrderStatus.Open, 0m, 0m), (OrderStatus.Open, 0.2m, 0.0002m), (OrderStatus.Open, 0.3m, 0.0003m), (OrderStatus.Expired, 0.3m, 0.0003m)]);
        reports.ShouldAllBe(r => r.ClientOrderId.Value == Id && r.Quantity.Value == 0.5m);
    }

    [Fact]
    public async Task A_trade_that_was_missed_is_read()
    {
        await using var spot = await SpotAsync();
        _stub.On("GET /api/v3/myTrades", 200, """[{"symbol":"BTCUSDT","id":1,"orderId":28,"price":"100","qty":"0.2","commission":"0.0002","commissionAsset":"BTC"},{"symbol":"BTCUSDT","id":2,"orderId":28,"price":"100","qty":"0.3","commission":"0.0003","commissionAsset":"BTC"}]""");
        await spot.SayAsync(Execution("TRADE", "FILLED", 0.5m, trade: 2, last: 0.3m, fee: 0.0003m));
        (await spot.NextAsync<VenueEvent.OrderChanged>()).Report.FeeInBase.ShouldBe(new Contracts(0.0005m));
    }

    [Fact]
    public async Task A_cancel_is_of_the_order_and_not_of_itself()
    {
        await using var spot = await SpotAsync();
        await spot.SayAsync(Execution("CANCELED", "CANCELED", 0m, id: "thecancelitself", original: Id));
        var report = (await spot.NextAsync<VenueEvent.OrderChanged>()).Report;
        (report.ClientOrderId.Value, report.Status).ShouldBe((Id, OrderStatus.Cancelled));
    }

    [Fact]
    public async Task Strangers_and_deposits_are_told_without_a_storm()
    {
        await using var spot = await SpotAsync();
        await spot.SayAsync(Execution("NEW", "NEW", 0m, id: "web_1"));
        (await spot.NextAsync<VenueEvent.ForeignOrder>()).ClientOrderId.ShouldBe("web_1");
        await spot.SayAsync("""{"subscriptionId":0,"event":{"e":"balanceUpdate","E":1,"a":"BTC","d":"1.0","T":1}}""");
        (await spot.NextAsync<VenueEvent.HoldingsChanged>()).Why.ShouldContain("deposit");
        for (var i = 0; i < 5; i++) await spot.SayAsync(Execution("TRADE", "PARTIALLY_FILLED", 0.1m, trade: i, last: 0.1m, id: "web_1"));
        for (var i = 0; i < 5; i++) (await spot.NextAsync()).ShouldBeOfType<VenueEvent.ForeignOrder>("the news of holdings waits");
        _time.Advance(TimeSpan.FromSeconds(3));
        (await spot.NextAsync()).ShouldBeOfType<VenueEvent.HoldingsChanged>().Why.ShouldContain("not ours");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"subscriptionId":0,"event":{"e":"executionReport","s":"BTCUSDT"}}""")]
    public async Task What_cannot_be_understood_may_have_been_anything(string message)
    {
        await using var spot = await SpotAsync();
        await spot.SayAsync(message);
        (await spot.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
    }

    [Fact]
    public async Task A_server_that_goes_down_is_left_for_another_and_the_gap_is_told()
    {
        await using var spot = await SpotAsync();
        await spot.SayAsync("""{"event":{"e":"serverShutdown","E":1}}""");
        (await spot.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        await TakeSocketAsync();
        await _sockets[0].LeftAsync().InTime();
        await _sockets[1].SayAsync(Execution("NEW", "NEW", 0m));
        (await spot.NextAsync()).ShouldBeOfType<VenueEvent.OrderChanged>();
    }

    [Fact]
    public async Task A_line_is_renewed_before_the_venue_cuts_it()
    {
        await using var spot = await SpotAsync();
        await _time.TimerAsync(s_lineLife);
        _time.Advance(s_lineLife);
        (await spot.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        await TakeSocketAsync();
        await _sockets[1].SayAsync(Execution("NEW", "NEW", 0m));
        (await spot.NextAsync()).ShouldBeOfType<VenueEvent.OrderChanged>();
    }

    [Theory]
    [InlineData("""{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":1}}""")]
    [InlineData("""{"id":null,"status":401,"error":{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}}""")]
    [InlineData("")]
    public async Task A_spot_stream_that_is_over_ends(string message)
    {
        await using var spot = await SpotAsync();
        if (message.Length > 0) await spot.SayAsync(message);
        else _sockets[0].Cut();
        (await spot.EndsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_futures_stream_is_opened_by_its_listen_key_and_keeps_it()
    {
        await using var futures = await UsdmAsync();
        _sockets[0].Target.ShouldBe("/private/ws?listenKey=the-key");
        _stub.Of("POST /fapi/v1/listenKey").ShouldHaveSingleItem().Query.ShouldBeEmpty("it is not signed");
        _stub.On(KeepKey, 200, """{"listenKey":"the-key"}""").On(KeepKey, 400, """{"code":-1125,"msg":"This listenKey does not exist."}""");
        await _time.TimerAsync(s_keyPause);
        _time.Advance(s_keyPause);

        // The first answer is there when the next pause has begun: only then is the clock moved on.
        await _time.TimerAsync(s_keyPause);
        _stub.Of(KeepKey).ShouldHaveSingleItem();
        _time.Advance(s_keyPause);
        (await futures.EndsAsync()).ShouldBeTrue("the key is gone");
    }

    [Fact]
    public async Task A_listen_key_that_another_took_the_place_of_ends_the_stream()
    {
        await using var futures = await UsdmAsync();
        _stub.On(KeepKey, 200, """{"listenKey":"another-key"}""");
        await _time.TimerAsync(s_keyPause);
        _time.Advance(s_keyPause);
        (await futures.EndsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Futures_orders_are_told_with_side_fees_and_price()
    {
        await using var futures = await UsdmAsync();
        await futures.SayAsync("""{"e":"TRADE_LITE","E":1,"T":1,"s":"BTCUSDT","q":"0.5","p":"0","m":false,"c":"testrun00100000000","S":"BUY","L":"100","l":"0.2","t":1,"i":8886774}""");
        await futures.SayAsync(OrderTrade("TRADE", "PARTIALLY_FILLED", 0.2m, trade: 1, last: 0.2m, price: 100m));
        await futures.SayAsync(OrderTrade("TRADE", "FILLED", 0.5m, trade: 2, last: 0.3m, price: 110m));
        (await futures.NextAsync()).ShouldBeOfType<VenueEvent.OrderChanged>().Report.Filled.Value.ShouldBe(0.2m, "TRADE_LITE is the same trade again");
        var report = (await futures.NextAsync()).ShouldBeOfType<VenueEvent.OrderChanged>().Report;
        (report.Status, report.Filled.Value, report.AveragePrice?.Value, report.FeeInBase.Value).ShouldBe((OrderStatus.Filled, 0.5m, 106m, 0m));
        (report.PositionSide, report.Side, report.ClientOrderId.Value).ShouldBe((PositionSide.Long, Domain.Terminals.OrderSide.Buy, Id));
        report.Fees.ShouldHaveSingleItem().Amount.ShouldBe(0.02m);
    }

    [Fact]
    public async Task The_answer_to_a_futures_order_has_the_fees_that_the_stream_told()
    {
        await using var futures = await UsdmAsync();
        _stub.On("POST /fapi/v1/order", 200, $$"""{"clientOrderId":"{{Id}}","cumQty":"0.5","executedQty":"0.5","orderId":8886774,"origQty":"0.5","side":"BUY","positionSide":"LONG","status":"FILLED","symbol":"BTCUSDT","updateTime":1566818724722}""");
        var order = new OrderRequest(
            new ClientOrderId(Id), new InstrumentId("BTCUSDT"), PositionSide.Long, Domain.Terminals.OrderSide.Buy, new Contracts(0.5m), false, _time.GetUtcNow() + TimeSpan.FromSeconds(5), null);
        var answer = futures.Gateway.SubmitAsync(order, default);
        await futures.SayAsync(OrderTrade("TRADE", "FILLED", 0.5m, trade: 1, last: 0.5m, price: 110m));
        var report = (await answer.InTime()).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;
        (report.AveragePrice?.Value, report.Fees.ShouldHaveSingleItem().Amount).ShouldBe((110m, 0.01m));
    }

    [Fact]
    public async Task A_refusal_that_shows_old_facts_has_the_instruments_read_and_told()
    {
        await using var futures = await UsdmAsync();
        _stub.Answers["GET /fapi/v1/exchangeInfo"] = new([new StubAnswer(200, InstrumentTests.UsdmInfo.Replace("\"maxQty\":\"120\"", "\"maxQty\":\"60\"", StringComparison.Ordinal))]);
        _stub.On("POST /fapi/v1/order", 400, """{"code":-4005,"msg":"Quantity greater than max quantity."}""");
        var order = new OrderRequest(
            new ClientOrderId(Id), new InstrumentId("BTCUSDT"), PositionSide.Long, Domain.Terminals.OrderSide.Buy, new Contracts(100m), false, _time.GetUtcNow() + TimeSpan.FromSeconds(5), null);
        (await futures.Gateway.SubmitAsync(order, default).InTime()).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Split);
        (await futures.NextAsync()).ShouldBeOfType<VenueEvent.InstrumentChanged>().Instrument.MaxQuantity.ShouldBe(60m);
    }

    [Fact]
    public async Task One_who_listens_anew_hears_and_the_end_of_the_old_stream_changes_nothing()
    {
        await using var spot = await SpotAsync();
        var again = spot.Gateway.StreamAsync(default).GetAsyncEnumerator();
        (await again.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        await TakeSocketAsync();
        _sockets[0].Cut();
        (await spot.EndsAsync()).ShouldBeTrue();
        await _sockets[1].SayAsync("""{"subscriptionId":0,"event":{"e":"balanceUpdate","E":1,"a":"BTC","d":"1.0","T":1}}""");
        (await again.NextAsync()).ShouldBeOfType<VenueEvent.HoldingsChanged>();
        _sockets[1].Cut();
        await again.DisposeAsync();
    }

    [Theory]
    [InlineData("autoclose-1234567890", "CALCULATED", "NEW")]
    [InlineData("autoclose-1234567890", "CALCULATED", "NEW_INSURANCE")]
    [InlineData("autoclose-1234567890", "TRADE", "FILLED")]
    [InlineData("adl_autoclose", "TRADE", "NEW_ADL")]
    [InlineData("settlement_autoclose-7", "TRADE", "FILLED")]
    [InlineData("delivery_autoclose-7", "TRADE", "FILLED")]
    public async Task What_the_venue_took_is_told_as_taken(string id, string execution, string status)
    {
        await using var futures = await UsdmAsync();
        await futures.SayAsync(OrderTrade("NEW", "NEW", 0m, id: id));
        await futures.SayAsync(OrderTrade(execution, status, 0.5m, trade: 1, last: 0.5m, price: 100m, id: id));
        (await futures.NextAsync()).ShouldBeOfType<VenueEvent.TakenByVenue>().Leg.ShouldBe(new LegId("BTCUSDT", PositionSide.Long));
    }

    [Fact]
    public async Task Transfers_are_told_and_funding_is_not()
    {
        await using var futures = await UsdmAsync();
        foreach (var reason in new[] { "ORDER", "FUNDING_FEE", "MARGIN_TRANSFER" })
            await futures.SayAsync($$$"""{"e":"ACCOUNT_UPDATE","E":1,"T":1,"a":{"m":"{{{reason}}}","B":[],"P":[{"s":"BTCUSDT","pa":"0","ps":"BOTH"}]}}""");
        (await futures.NextAsync()).ShouldBeOfType<VenueEvent.HoldingsChanged>().Why.ShouldContain("MARGIN_TRANSFER");
    }

    [Fact]
    public async Task A_listen_key_that_expired_ends_the_stream()
    {
        await using var futures = await UsdmAsync();
        await futures.SayAsync("""{"e":"listenKeyExpired","E":"1","listenKey":"the-key"}""");
        (await futures.EndsAsync()).ShouldBeTrue();
    }

    private async Task<Listener> SpotAsync()
    {
        _stub.Greeting = Subscribed;
        return await ListenAsync("binance-spot");
    }

    private Task<Listener> UsdmAsync() => ListenAsync("binance-usdm");

    private async Task<Listener> ListenAsync(string product)
    {
        var gateway = _stub.Gateway(product, _time);
        (await gateway.GetInstrumentsAsync(default)).IsSuccess.ShouldBeTrue();
        var listener = new Listener(gateway, () => _sockets[0]);
        (await listener.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        await TakeSocketAsync();
        return listener;
    }

    private async Task TakeSocketAsync() => _sockets.Add(await _stub.Sockets.Reader.ReadAsync().AsTask().InTime());

    private static string Execution(string execution, string status, decimal filled, int trade = -1, decimal last = 0m, decimal fee = 0m, string id = Id, string original = "") => FormattableString.Invariant(
        $$$"""{"subscriptionId":0,"event":{"e":"executionReport","E":1,"s":"BTCUSDT","c":"{{{id}}}","S":"BUY","o":"MARKET","f":"GTC","q":"0.50000000","p":"0.0","C":"{{{original}}}","x":"{{{execution}}}","X":"{{{status}}}","r":"NONE","i":28,"l":"{{{last}}}","z":"{{{filled}}}","L":"100","n":"{{{fee}}}","N":{{{(fee == 0m ? "null" : "\"BTC\"")}}},"T":1,"t":{{{trade}}},"I":1,"w":true,"m":false,"M":false,"O":1,"Z":"{{{filled * 100m}}}","Y":"0","Q":"0"}}""");

    private static string OrderTrade(string execution, string status, decimal filled, int trade = 0, decimal last = 0m, decimal price = 0m, string id = Id) => FormattableString.Invariant(
        $$$"""{"e":"ORDER_TRADE_UPDATE","E":1,"T":1,"o":{"s":"BTCUSDT","c":"{{{id}}}","S":"BUY","o":"MARKET","f":"GTC","q":"0.5","p":"0","ap":"0","sp":"0","x":"{{{execution}}}","X":"{{{status}}}","i":8886774,"l":"{{{last}}}","z":"{{{filled}}}","L":"{{{price}}}","N":"USDT","n":"0.01","T":1,"t":{{{trade}}},"m":false,"R":false,"ps":"LONG","rp":"0"}}""");

    /// <summary>Reads a stream and speaks for the venue.</summary>
    private sealed class Listener(IVenueGateway gateway, Func<StubSocket> socket) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<VenueEvent> _events = gateway.StreamAsync(default).GetAsyncEnumerator();

        public IVenueGateway Gateway => gateway;

        public Task SayAsync(string text) => socket().SayAsync(text);

        public Task<VenueEvent> NextAsync() => _events.NextAsync();

        public Task<T> NextAsync<T>()
            where T : VenueEvent => _events.NextAsync<T>();

        public async Task<bool> EndsAsync()
        {
            while (await _events.MoveNextAsync().AsTask().InTime())
            {
            }

            return true;
        }

        public async ValueTask DisposeAsync()
        {
            socket().Cut();
            await _events.DisposeAsync();
            await gateway.DisposeAsync();
        }
    }
}
