using CSMultiConnector.Host.Doctor;
using CSMultiConnector.Venues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CSMultiConnector.Host.Tests.Doctor;

/// <summary>What <c>doctor</c> finds out about venue accounts while no host runs.</summary>
public sealed class VenueChecksTests
{
    private const string Keys = """{"apiKey":"the-public-part-1234","secret":"the-hidden-part-5678"}""";

    [Fact]
    public async Task A_key_that_works_is_told_with_its_account_and_what_is_too_much()
    {
        await using var venue = await VenueAsync(new Dictionary<string, string>
        {
            ["/fapi/v1/time"] = $$"""{"serverTime":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}}}""",
            ["/fapi/v1/accountConfig"] = """{"canTrade":true,"dualSidePosition":true}""",
            ["/fapi/v3/balance"] = """[{"accountAlias":"SgsR","asset":"USDT"}]""",
            ["/sapi/v1/account/apiRestrictions"] = """{"enableReading":true,"enableWithdrawals":true,"enableFutures":true,"enableSpotAndMarginTrading":true}""",
        });
        var findings = await LookAsync(venue.Urls.Single(), Keys);
        findings.ShouldContain(f => f.Severity == "ok" && f.Text.Contains("SgsR", StringComparison.Ordinal) && f.Text.Contains("hedge mode", StringComparison.Ordinal));
        findings.ShouldContain(f => f.Severity == "warning" && f.Text.Contains("withdraw", StringComparison.Ordinal));
        findings.ShouldAllBe(f => f.Severity != "error");
    }

    [Fact]
    public async Task A_key_that_is_refused_is_an_error_in_the_venues_words_without_the_key()
    {
        await using var venue = await VenueAsync([]);
        var finding = (await LookAsync(venue.Urls.Single(), Keys)).ShouldHaveSingleItem();
        (finding.Severity, finding.Check).ShouldBe(("error", "venue account of main"));
        finding.Text.ShouldContain("-2015");
        finding.ToString().ShouldNotContain("the-hidden-part-5678");
        finding.ToString().ShouldNotContain("the-public-part-1234");
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("{", "is not JSON")]
    public async Task Keys_that_are_not_there_are_asked_for(string? variable, string why)
    {
        var finding = (await LookAsync("http://127.0.0.1:1", variable)).ShouldHaveSingleItem();
        finding.Severity.ShouldBe("error");
        finding.Text.ShouldContain(why);
        finding.Text.ShouldContain("VENUE_KEYS");
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(string address, string? keys)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "connectors.json");
        await File.WriteAllTextAsync(
            file,
            $$"""
            { "connectors": [
                { "id": "main", "name": "M", "venue": "binance-usdm", "apiUrl": "{{address}}", "credentialsFrom": "env:VENUE_KEYS" },
                { "id": "off", "name": "O", "venue": "binance-usdm", "apiUrl": "{{address}}", "enabled": false, "credentialsFrom": "env:NOBODY" },
                { "id": "sealed", "name": "S", "venue": "binance-spot", "apiUrl": "{{address}}", "credentialsFrom": "stored" },
                { "id": "paper", "name": "P", "venue": "paper-spot" } ] }
            """);
        var variables = new Dictionary<string, string>();
        if (keys is not null) variables["VENUE_KEYS"] = keys;
        return await VenueChecks.OfAsync(file, VenueCatalog.CreateDefault(), variables, TimeProvider.System, CancellationToken.None);
    }

    private static async Task<WebApplication> VenueAsync(Dictionary<string, string> answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            var known = answers.TryGetValue(context.Request.Path.Value ?? "", out var answer);
            if (!known) context.Response.StatusCode = 401;
            return context.Response.WriteAsync(answer ?? """{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}""");
        });
        await app.StartAsync();
        return app;
    }
}
