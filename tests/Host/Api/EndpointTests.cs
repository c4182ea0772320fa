using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Tests.Api;

public sealed class EndpointTests : IAsyncLifetime
{
    private PortalWorld _world = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _world = await PortalWorld.StartAsync();
        _client = _world.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _world.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "pause", """{"why":"holiday"}""", "pause binance-1: holiday")]
    [InlineData("POST", "pause", null, "pause binance-1: paused by hand")]
    [InlineData("POST", "resume", null, "resume binance-1")]
    [InlineData("POST", "sync", null, "sync binance-1 StreamLegs")]
    [InlineData("POST", "sync", """{"scope":"wholeAccount"}""", "sync binance-1 WholeAccount")]
    [InlineData("POST", "plans/p-1/approve", null, "approve binance-1 p-1")]
    [InlineData("POST", "plans/p-1/reject", null, "reject binance-1 p-1")]
    [InlineData("PUT", "mapping", """{"symbol":"BTCUSD","instrument":"BTC/USDT"}""", "map binance-1 BTCUSD -> BTC/USDT x1")]
    [InlineData("PUT", "mapping", """{"symbol":"#PEPE","instrument":"1000PEPEUSDT","scale":1000}""", "map binance-1 #PEPE -> 1000PEPEUSDT x1000")]
    [InlineData("PUT", "mapping", """{"symbol":"XAUUSD","instrument":null}""", "map binance-1 XAUUSD -> none x1")]
    [InlineData("POST", "mapping/reset", null, "reset binance-1 all")]
    [InlineData("POST", "mapping/reset", """{"symbol":"BTCUSD"}""", "reset binance-1 BTCUSD")]
    public async Task A_command_reaches_the_control_plane_once(string method, string path, string? body, string expected)
    {
        var (status, _) = await SendAsync(method, $"/api/v1/connectors/binance-1/{path}", body);
        status.ShouldBe(HttpStatusCode.OK);
        _world.Control.Asked.ShouldBe([expected]);
    }

    [Theory]
    [InlineData("PUT", "connectors/binance-1/mapping", """{"instrument":"B"}""")]
    [InlineData("PUT", "connectors/binance-1/mapping", """{"symbol":"A","instrument":""}""")]
    [InlineData("PUT", "connectors/binance-1/mapping", """{"symbol":"A","instrument":"B","scale":0}""")]
    [InlineData("PUT", "connectors/binance-1/mapping", """{"symbol":"A","instrument":"B","scale":"1"}""")]
    [InlineData("PUT", "connectors/binance-1/mapping", "not json")]
    [InlineData("POST", "connectors/binance-1/sync", """{"scope":"everything"}""")]
    [InlineData("POST", "connectors/Binance_1/pause", null)]
    [InlineData("POST", "connectors/-x/resume", null)]
    [InlineData("POST", "streams/release", """{"terminal":"nobody","magic":1}""")]
    [InlineData("POST", "streams/release", """{"terminal":"1@S","magic":-1}""")]
    [InlineData("POST", "streams/release", """{"terminal":"1@S"}""")]
    [InlineData("POST", "clients", """{"client":"has blank"}""")]
    [InlineData("POST", "clients", "{}")]
    public async Task Senseless_input_is_a_problem_and_does_nothing(string method, string path, string? body)
    {
        var (status, json) = await SendAsync(method, $"/api/v1/{path}", body);
        status.ShouldBe(HttpStatusCode.BadRequest);
        json.GetProperty("status").GetInt32().ShouldBe(400);
        _world.Control.Asked.ShouldBeEmpty();
        _world.Clients.Known.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not-found", HttpStatusCode.NotFound)]
    [InlineData("invalid", HttpStatusCode.BadRequest)]
    [InlineData("conflict", HttpStatusCode.Conflict)]
    [InlineData("unavailable", HttpStatusCode.ServiceUnavailable)]
    public async Task A_refusal_of_the_control_plane_keeps_its_code_and_words(string code, HttpStatusCode expected)
    {
        _world.Control.Answer = new CommandResult(false, "because of that", code);
        var (status, json) = await SendAsync("POST", "/api/v1/connectors/binance-1/resume", null);
        status.ShouldBe(expected);
        json.GetProperty("code").GetString().ShouldBe(code);
        json.GetProperty("detail").GetString().ShouldBe("because of that");
    }

    [Fact]
    public async Task A_stream_is_released_by_terminal_and_magic()
    {
        await SendAsync("POST", "/api/v1/streams/release", """{"terminal":"5012345@MetaQuotes-Demo","magic":1001}""");
        _world.Control.Asked.ShouldBe(["release 5012345@MetaQuotes-Demo#1001"]);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_not_read()
    {
        var (status, _) = await SendAsync("POST", "/api/v1/connectors/binance-1/pause", $$"""{"why":"{{new string('x', 70_000)}}"}""");
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        _world.Control.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_path_is_a_problem_too()
    {
        using var response = await _client.GetAsync("/api/v1/nothing");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Ready_means_that_terminals_can_connect_and_no_connector_is_faulted()
    {
        (await _client.GetFromJsonAsync<HealthDto>("/health/ready")).ShouldBe(new HealthDto("ok", ""));

        // What was found out is kept for a second, whoever asks.
        var healthy = _world.Control.Status;
        _world.Control.Status = healthy with { Connectors = [healthy.Connectors[0] with { State = ConnectorState.Faulted, Text = "the key is wrong" }] };
        (await UnreadyAsync("faulted")).ShouldBe("1 of 1 connectors are faulted: see the status");
        _world.Control.Status = healthy with { Complete = false };
        await UnreadyAsync("some actors do not answer");
        (_world.Control.Status, _world.Facts.Feed) = (healthy, "");
        await UnreadyAsync("terminals cannot connect yet");
    }

    [Fact]
    public async Task A_host_whose_actors_hang_is_live_but_answers_no_status_for_ever()
    {
        _world.Control.Hangs = true;
        (await _client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(() => _client.GetAsync("/health/ready", impatient.Token));
    }

    [Theory]
    [InlineData("BTC:Net")]
    [InlineData("BTC")]
    [InlineData("BTC/USDT")]
    [InlineData("binance-1/BTC:Net")]
    [InlineData("binance-1/BTC/USDT")]
    public async Task A_leg_is_found_by_each_of_its_names(string name)
    {
        var (status, json) = await SendAsync("GET", $"/api/v1/explain?leg={Uri.EscapeDataString(name)}&orders=3", null);
        status.ShouldBe(HttpStatusCode.OK);
        _world.Explanations.Asked.ShouldBe((new ConnectorId("binance-1"), new LegId("BTC", PositionSide.Net), 3));
        json.GetProperty("now").GetProperty("target").GetDecimal().ShouldBe(0.3m);
    }

    [Fact]
    public async Task A_leg_that_several_connectors_have_must_be_named_whole()
    {
        var other = Samples.Connector() with { Connector = new ConnectorId("kraken-1") };
        _world.Control.Status = Samples.Status() with { Connectors = [Samples.Connector(), other] };
        var (status, json) = await SendAsync("GET", "/api/v1/explain?leg=BTC:Net", null);
        status.ShouldBe(HttpStatusCode.Conflict);
        json.GetProperty("detail").GetString()!.ShouldContain("kraken-1/BTC:Net");
        (await SendAsync("GET", "/api/v1/explain?leg=BTC:Net&connector=kraken-1", null)).Status.ShouldBe(HttpStatusCode.OK);
        _world.Explanations.Asked!.Value.Connector.Value.ShouldBe("kraken-1");
    }

    [Theory]
    [InlineData("/api/v1/explain", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/explain?leg=ETH:Net", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/explain?leg=BTC:Net&connector=nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/explain?leg=BTC:Net&orders=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/explain?leg=BTC:Net&orders=many", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/connectors/nobody/mapping", HttpStatusCode.NotFound)]
    public async Task Questions_without_an_answer_say_so(string path, HttpStatusCode expected) =>
        (await SendAsync("GET", path, null)).Status.ShouldBe(expected);

    private async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", text);
        return (response.StatusCode, JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement);
    }

    private async Task<string> UnreadyAsync(string why)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            using var response = await _client.GetAsync("/health/ready", patience.Token);
            var answer = await response.Content.ReadFromJsonAsync<HealthDto>(patience.Token);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && answer!.Text.Contains(why, StringComparison.Ordinal)) return answer.Text;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
