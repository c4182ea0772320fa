using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CSMultiConnector.EndToEnd.Tests.World;
using CSMultiConnector.Feeds.Client;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>Start, probes, encrypted lines, and the end that a supervisor asks for.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task Feed_and_API_speak_TLS_and_nothing_else()
    {
        using var folder = new Folder();
        using var certificate = MakeCertificate();
        const string password = "pfx-of-this-test-only";
        await File.WriteAllBytesAsync(folder["host.pfx"], certificate.Export(X509ContentType.Pfx, password));
        var variables = Service.Ports(0);
        variables["CSMC_Feed__Address"] = "0.0.0.0";
        foreach (var section in (string[])["Feed", "Api"])
        {
            variables[$"CSMC_{section}__Certificate__Path"] = folder["host.pfx"];
            variables[$"CSMC_{section}__Certificate__Password"] = password;
        }

        await using var service = await Service.StartAsync(folder["data"], environment: variables);
        service.Api.Scheme.ShouldBe("https");
        var secret = await service.AddClientAsync("ea");

        await using var trader = new Trader(1001);
        trader.Connect(new TerminalClientOptions
        {
            Port = service.Feed.Port,
            ClientId = "ea",
            Secret = Encoding.UTF8.GetBytes(secret),
            UseTls = true,
            CertificateCheck = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == certificate.GetCertHashString(HashAlgorithmName.SHA256),
        });
        await trader.LiveAsync();
        (await service.JsonAsync("status")).GetProperty("terminals")[0].GetProperty("connected").GetBoolean().ShouldBeTrue();

        await using var plain = new Trader(1001);
        plain.Connect(Trader.Options(service.Feed.Port, "ea", secret));
        (await Eventually.GetAsync(() => Task.FromResult(plain.LastProblem), p => p is not null, "the plain line ends")).ShouldNotBeNull();
        (await service.TerminateAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_host_that_is_asked_to_end_says_goodbye_to_its_terminals()
    {
        using var folder = new Folder();
        await using var trader = new Trader(1001);
        await using var service = await Service.StartAsync(folder["data"]);

        // It would try again and find nobody: with a long pause the goodbye is the last that it heard.
        trader.Connect(new TerminalClientOptions
        {
            Port = service.Feed.Port,
            ClientId = "ea",
            Secret = Encoding.UTF8.GetBytes(await service.AddClientAsync("ea")),
            FirstReconnectDelay = TimeSpan.FromMinutes(10),
            MaxReconnectDelay = TimeSpan.FromMinutes(10),
        });
        await trader.LiveAsync();

        var ended = await service.TerminateAsync();

        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Errors.ShouldNotContain("cut off");
        (await Eventually.GetAsync(() => Task.FromResult(trader.LastProblem), p => p is not null, "the session ends")).ShouldBe("the host is stopping");
        File.Exists(Path.Combine(folder["data"], "api-endpoint")).ShouldBeFalse();
        (await service.CommandAsync("status")).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_does_not_keep_the_host_from_ending()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(1001);
        var variables = Service.Ports(0);
        variables["CSMC_Stop__Timeout"] = "2s";
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address)], variables);
        await service.ConnectAsync(trader);
        await venue.MisbehaveAsync(new { on = "submit", effect = "delayAfter", delay = "01:00:00" });
        trader.Deal(1001, "BTCUSD", 0.1m, 65_000m);
        await service.ConnectorAsync("main", c => c.GetProperty("legs").EnumerateArray().Any(l => l.GetProperty("phase").GetString() == "sending"), "sends");

        (await service.TerminateAsync()).ExitCode.ShouldBe(0);

        // What it could not wait for is in the journal: the next start finds the order and does not send it again.
        await venue.BehaveAsync();
        await service.StartAgainAsync();
        await using var again = new Trader(1001);
        again.Deal(1001, "BTCUSD", 0.1m, 65_000m);
        again.Connect(Trader.Options(service.Feed.Port, "again", await service.AddClientAsync("again")));
        await again.LiveAsync();
        await service.ConvergedAsync();
        (await venue.HoldingsAsync()).ShouldBe([new("BTCUSD", 0.1m)]);
        (await venue.OrdersAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Probes_need_no_token_and_everything_else_does()
    {
        using var folder = new Folder();
        await using var service = await Service.StartAsync(folder["data"]);
        using var http = new HttpClient { BaseAddress = service.Api };

        (await StatusOfAsync(http, HttpMethod.Get, "health/live")).ShouldBe(HttpStatusCode.OK);
        (await StatusOfAsync(http, HttpMethod.Get, "health/ready")).ShouldBe(HttpStatusCode.OK);
        (await service.CommandAsync("health")).ExitCode.ShouldBe(0);
        await OnlyWithTokenAsync(http);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "A-token-of-the-right-length-but-not-the-one-x");
        await OnlyWithTokenAsync(http);

        using var right = service.Http();
        (await StatusOfAsync(right, HttpMethod.Get, "api/v1/status")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task OnlyWithTokenAsync(HttpClient http)
    {
        foreach (var path in (string[])["status", "plans", "clients", "explain?leg=BTCUSD:Net", "connectors/main/mapping"])
            (await StatusOfAsync(http, HttpMethod.Get, $"api/v1/{path}")).ShouldBe(HttpStatusCode.Unauthorized, path);
        foreach (var path in (string[])["connectors/main/pause", "connectors/main/resume", "connectors/main/sync", "clients"])
            (await StatusOfAsync(http, HttpMethod.Post, $"api/v1/{path}")).ShouldBe(HttpStatusCode.Unauthorized, path);
    }

    private static async Task<HttpStatusCode> StatusOfAsync(HttpClient http, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (method == HttpMethod.Post) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
