using System.Net;
using System.Text.Json;

namespace CSMultiConnector.Host.Tests.Api;

public sealed class AuthorisationTests : IAsyncLifetime
{
    private PortalWorld _world = null!;

    public async Task InitializeAsync() => _world = await PortalWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("GET", "/api/v1/status")]
    [InlineData("GET", "/api/v1/plans")]
    [InlineData("GET", "/api/v1/explain?leg=BTC:Net")]
    [InlineData("GET", "/api/v1/clients")]
    [InlineData("POST", "/api/v1/clients")]
    [InlineData("DELETE", "/api/v1/clients/ea")]
    [InlineData("POST", "/api/v1/streams/release")]
    [InlineData("POST", "/api/v1/connectors/binance-1/pause")]
    [InlineData("POST", "/api/v1/connectors/binance-1/resume")]
    [InlineData("POST", "/api/v1/connectors/binance-1/sync")]
    [InlineData("POST", "/api/v1/connectors/binance-1/plans/p/approve")]
    [InlineData("POST", "/api/v1/connectors/binance-1/plans/p/reject")]
    [InlineData("GET", "/api/v1/connectors/binance-1/mapping")]
    [InlineData("PUT", "/api/v1/connectors/binance-1/mapping")]
    [InlineData("POST", "/api/v1/connectors/binance-1/mapping/reset")]
    public async Task Nothing_is_answered_or_done_without_the_token(string method, string path)
    {
        using var client = new HttpClient { BaseAddress = _world.Url };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PUT") request.Content = new StringContent("""{"symbol":"A","instrument":"B","client":"x"}""", System.Text.Encoding.UTF8, "application/json");

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        _world.Control.Asked.ShouldBeEmpty();
        _world.Clients.Known.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_that_is_nearly_right_is_wrong()
    {
        var token = _world.Token;
        string[] wrong = [token[..^1], token + "x", token.ToUpperInvariant() == token ? token.ToLowerInvariant() : token.ToUpperInvariant(), "", "null"];
        foreach (var given in wrong)
        {
            using var client = _world.Client(given);
            using var response = await client.GetAsync("/api/v1/status");
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, given);
            (await response.Content.ReadAsStringAsync()).ShouldNotContain(token);
        }
    }

    [Fact]
    public async Task The_token_counts_as_bearer_only()
    {
        using var client = new HttpClient { BaseAddress = _world.Url };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", _world.Token);
        (await client.GetAsync("/api/v1/status")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetAsync($"/api/v1/status?token={_world.Token}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Probes_need_no_token_and_tell_nothing_else()
    {
        using var client = new HttpClient { BaseAddress = _world.Url };
        foreach (var path in (string[])["/health/live", "/health/ready"])
        {
            using var response = await client.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await response.Content.ReadAsStringAsync()).ShouldBe("""{"status":"ok","text":""}""");
        }
    }

    [Fact]
    public async Task With_the_token_the_status_comes()
    {
        using var client = _world.Client();
        using var json = JsonDocument.Parse(await client.GetStringAsync("/api/v1/status"));
        json.RootElement.GetProperty("connectors")[0].GetProperty("id").GetString().ShouldBe("binance-1");
    }
}
