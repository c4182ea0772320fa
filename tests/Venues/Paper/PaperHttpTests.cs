using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Http;

namespace CSMultiConnector.Venues.Tests.Paper;

public sealed class PaperHttpTests
{
    [Fact]
    public async Task The_documented_requests_work_for_any_client()
    {
        await using var exchange = PaperExchange.Open(new PaperExchangeOptions());
        await using var server = await PaperHttpServer.StartAsync(exchange, new PaperHttpServerOptions(), default);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address, "/paper/v1/spot/") };

        await PostAsync("instruments", """{"symbol":{"name":"BTCUSD","contractSize":1,"volumeMin":"0.01","volumeStep":0.01,"baseCurrency":"BTC","profitCurrency":"USD","digits":2}}""");
        await PostAsync("prices", """{"instrument":"BTCUSD","price":"50000.5"}""");
        await PostAsync("account?account=me", """{"feeRate":0.001,"quoteBalance":"200000"}""");
        var order = await PostAsync("orders?account=me", """{"clientOrderId":"testrun00100000001","instrument":"BTCUSD","side":"buy","quantity":0.30,"notAfter":"2999-01-01T00:00:00Z"}""");
        order.GetProperty("status").GetString().ShouldBe("filled");
        order.GetProperty("averagePrice").GetString().ShouldBe("50000.5");
        order.GetProperty("fees")[0].GetProperty("asset").GetString().ShouldBe("BTC");
        (await client.GetFromJsonAsync<JsonElement>("orders/testrun00100000001?account=me")).GetProperty("filled").GetString().ShouldBe("0.30");
        var holdings = await client.GetFromJsonAsync<JsonElement>("holdings?account=me");
        holdings.EnumerateArray().Select(h => $"{h.GetProperty("name")} {h.GetProperty("quantity")}").ShouldBe(["BTC 0.29970", "USD 184999.850"]);
        var duplicate = await client.PostAsync("orders?account=me", Json("""{"clientOrderId":"testrun00100000001","instrument":"BTCUSD","side":"buy","quantity":1,"notAfter":"2999-01-01T00:00:00Z"}"""));
        duplicate.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await duplicate.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("class").GetString().ShouldBe("query");
        await PostAsync("trades?account=me", """{"instrument":"BTCUSD","side":"sell","quantity":"0.1"}""");
        (await client.GetFromJsonAsync<JsonElement>("fills?account=me")).GetProperty("fills").GetArrayLength().ShouldBe(2);
        await PostAsync("misbehave", """{"on":"submit","effect":"reject","class":"wait","times":1,"delay":"00:00:00"}""");
        (await client.GetFromJsonAsync<JsonElement>("misbehave")).GetArrayLength().ShouldBe(1);
        (await client.DeleteAsync("misbehave")).EnsureSuccessStatusCode();
        exchange.Misbehaviour.Rules.ShouldBeEmpty();

        async Task<JsonElement> PostAsync(string path, string body)
        {
            using var response = await client.PostAsync(path, Json(body));
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            response.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
            return answer;
        }
    }

    [Fact]
    public async Task All_orders_ever_are_listed_page_by_page()
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions()).ReadyAsync();
        await using var server = await PaperHttpServer.StartAsync(exchange, new PaperHttpServerOptions(), default);
        for (var i = 1; i <= 7; i++) await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, 1m));
        using var client = new HttpClient { BaseAddress = new Uri(server.Address, "/paper/v1/futures/") };
        var (after, seen) = ("0", new List<string>());
        while (after.Length > 0)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"orders?account=desk&limit=3&after={after}");
            seen.AddRange(page.GetProperty("orders").EnumerateArray().Select(o => o.GetProperty("clientOrderId").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.ToString() : string.Empty;
        }

        seen.ShouldBe(Enumerable.Range(1, 7).Select(i => PaperDesk.Id(i).Value));
    }

    [Theory]
    [InlineData("futures/orders", "{")]
    [InlineData("futures/orders", """{"clientOrderId":"testrun00100000001"}""")]
    [InlineData("futures/orders", """{"clientOrderId":"SHOUT","instrument":"X","side":"buy","quantity":1,"notAfter":"2999-01-01T00:00:00Z"}""")]
    [InlineData("futures/orders", """{"clientOrderId":"testrun00100000001","instrument":"X","side":"up","quantity":1,"notAfter":"2999-01-01T00:00:00Z"}""")]
    [InlineData("futures/orders", """{"clientOrderId":"testrun00100000001","instrument":"X","side":"buy","quantity":"1e3","notAfter":"2999-01-01T00:00:00Z"}""")]
    [InlineData("options/prices", """{"instrument":"X","price":1}""")]
    [InlineData("spot/account?account=a%20b", "{}")]
    [InlineData("spot/instruments", "{}")]
    [InlineData("spot/prices", "null")]
    public async Task What_cannot_be_read_is_refused_with_a_reason(string path, string body)
    {
        await using var exchange = PaperExchange.Open(new PaperExchangeOptions());
        await using var server = await PaperHttpServer.StartAsync(exchange, new PaperHttpServerOptions(), default);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address, "/paper/v1/") };
        using var response = await client.PostAsync(path, Json(body));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("class").GetString().ShouldBe("permanent");
    }

    [Fact]
    public async Task Without_the_key_nothing_is_answered_and_nothing_traded()
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions()).ReadyAsync();
        await using var server = await PaperHttpServer.StartAsync(exchange, new PaperHttpServerOptions { ApiKey = "open-sesame" }, default);
        await using var without = Gateway(server.Address, key: "wrong");
        (await without.ConnectAsync(default)).Failure!.Kind.ShouldBe(FailureKind.Account);
        var order = PaperDesk.Order(1, OrderSide.Buy, 1m);
        (await without.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Account);
        (await without.FindAsync(Key(order), default)).ShouldBeOfType<LookupOutcome.Incomplete>();
        await using var with = Gateway(server.Address, key: "open-sesame");
        (await with.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Confirmed>();
    }

    [Fact]
    public async Task Nobody_listening_means_nothing_was_sent()
    {
        using var nobody = new NobodyThere();
        await using var gateway = Gateway(nobody.Address);
        (await gateway.SubmitAsync(PaperDesk.Order(1, OrderSide.Buy, 1m), default)).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason.Class.ShouldBe(RejectionClass.Wait);
        (await gateway.FindAsync(Key(PaperDesk.Order(1, OrderSide.Buy, 1m)), default)).ShouldBeOfType<LookupOutcome.Incomplete>();
        (await gateway.ConnectAsync(default)).Failure!.Kind.ShouldBe(FailureKind.Unavailable);
        await using var events = gateway.StreamAsync(default).GetAsyncEnumerator();
        await events.EndAsync();
    }

    [Fact]
    public async Task Not_a_byte_leaves_after_the_validity_even_when_the_line_came_late()
    {
        var clock = new TestClock();
        await using var peer = new RawPeer(_ => string.Empty);
        await using var gateway = Gateway(peer.Address, clock);
        var order = PaperDesk.Order(1, OrderSide.Buy, 1m, notAfter: clock.GetUtcNow());
        clock.Advance(TimeSpan.FromTicks(1));
        (await gateway.SubmitAsync(order, default).InTime()).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason.Code.ShouldBe("expired");
        await peer.FirstClosed.InTime();
        peer.Received.ShouldBe(string.Empty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 47\r\n\r\n{\"class\":\"transient\",\"code\":\"x\",\"text\":\"busy\"}   ")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\n<html")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"clie")]
    public async Task What_is_no_evidence_leaves_the_order_unknown(string answer)
    {
        await using var peer = new RawPeer(_ => answer);
        await using var gateway = Gateway(peer.Address);
        var order = PaperDesk.Order(1, OrderSide.Buy, 1m);
        (await gateway.SubmitAsync(order, default).InTime()).ShouldBeOfType<SubmitOutcome.Unknown>();
        (await gateway.FindAsync(Key(order), default).InTime()).ShouldBeOfType<LookupOutcome.Incomplete>();
        (await gateway.CancelAsync(Key(order), default).InTime()).ShouldBeOfType<CancelOutcome.Unknown>();
        (await gateway.ReadHoldingsAsync(default).InTime()).IsSuccess.ShouldBeFalse();
        peer.Orders.ShouldBe(1);
    }

    [Fact]
    public async Task No_answer_in_time_is_unknown()
    {
        var clock = new TestClock();
        await using var peer = new RawPeer(_ => null);
        await using var gateway = Gateway(peer.Address, clock);
        var sent = gateway.SubmitAsync(PaperDesk.Order(1, OrderSide.Buy, 1m), default);
        await peer.FirstRequest.InTime();
        clock.Advance(TimeSpan.FromSeconds(10));
        (await sent.InTime()).ShouldBeOfType<SubmitOutcome.Unknown>();
    }

    [Fact]
    public async Task A_stream_that_does_not_begin_ends()
    {
        var clock = new TestClock();
        await using var peer = new RawPeer(_ => null);
        await using var gateway = Gateway(peer.Address, clock);
        await using var events = gateway.StreamAsync(default).GetAsyncEnumerator();
        var end = events.MoveNextAsync().AsTask();
        await peer.FirstRequest.InTime();
        clock.Advance(TimeSpan.FromSeconds(10));
        (await end.InTime()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_silent_stream_ends()
    {
        var clock = new TestClock();
        await using var peer = new RawPeer(_ => "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: ready\n\ndata: {\"type\":\"news\"}\n\n", keepOpen: true);
        await using var gateway = Gateway(peer.Address, clock);
        await using var events = gateway.StreamAsync(default).GetAsyncEnumerator();
        (await events.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        (await events.NextAsync()).ShouldBeOfType<VenueEvent.Gap>().Why.ShouldContain("news");
        var end = events.MoveNextAsync().AsTask();
        await clock.TimersAsync(1);
        clock.Advance(TimeSpan.FromSeconds(45));
        (await end.InTime()).ShouldBeFalse();
    }

    private static PaperHttpGateway Gateway(Uri address, TimeProvider? time = null, string? key = null) =>
        new(new PaperHttpGatewayOptions { Address = address, Account = PaperDesk.Futures, Time = time ?? TimeProvider.System, ApiKey = key });

    private static OrderKey Key(OrderRequest order) => new(order.ClientOrderId, order.Instrument, null, DateTimeOffset.UnixEpoch);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
