using System.Globalization;
using System.Text.Json;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>What a person asks a running host: mapping, explain, clients, doctor, status.</summary>
public sealed class CommandTests
{
    private const long Robot = 1001;
    private const long Scalper = 1002;

    [Fact]
    public async Task A_symbol_is_mapped_by_hand_reset_and_excluded()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address)]);
        await service.ConnectAsync(trader);
        await service.RunningAsync("main");

        await service.JsonAsync("mapping", "set", "main", "ETHUSD", "ETHPERP");
        await TradeAsync(service, trader, "ETHUSD", 0.5m);
        await TradeAsync(service, trader, "BTCUSD", 0.2m);
        (await venue.HoldingsAsync()).ShouldBe([new("ETHPERP", 0.5m), new("BTCUSD", 0.2m)], ignoreOrder: true);
        var mapping = await service.JsonAsync("mapping", "list", "main");
        Row(mapping, "ETHUSD").ShouldBe("ETHUSD ETHPERP override");
        Row(mapping, "BTCUSD").ShouldStartWith("BTCUSD BTCUSD ");
        (await service.CommandAsync("mapping", "list", "main")).Output.ShouldContain("ETHPERP");

        await TradeAsync(service, trader, "ETHUSD", -0.5m);
        await service.JsonAsync("mapping", "reset", "main", "ETHUSD");
        await TradeAsync(service, trader, "ETHUSD", 0.3m);
        (await venue.HoldingsAsync()).ShouldBe([new("ETHUSD", 0.3m), new("BTCUSD", 0.2m)], ignoreOrder: true);

        await TradeAsync(service, trader, "ETHUSD", -0.3m);
        await service.JsonAsync("mapping", "set", "main", "ETHUSD", "--exclude");
        await TradeAsync(service, trader, "ETHUSD", 1m);
        await TradeAsync(service, trader, "BTCUSD", 0.1m);
        Row(await service.JsonAsync("mapping", "list", "main"), "ETHUSD").ShouldBe("ETHUSD - excluded");
        (await venue.HoldingsAsync()).ShouldBe([new("BTCUSD", 0.3m)]);

        // What is held for a symbol that is excluded is nothing that MT5 asks for any more.
        await service.JsonAsync("mapping", "set", "main", "BTCUSD", "--exclude");
        await Eventually.GetAsync(() => venue.HoldingsAsync(), held => held.Count == 0, "what was held for BTCUSD is closed");

        var unknown = await service.CommandAsync("mapping", "list", "nobody");
        unknown.ExitCode.ShouldBe(2, unknown.ToString());
        unknown.Errors.ShouldContain("nobody");
    }

    [Fact]
    public async Task Explain_leads_from_the_deals_over_the_scale_to_order_and_fill()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(Robot, Scalper);
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address, routes: [ConnectorSettings.Route(0.5m)])]);
        await service.ConnectAsync(trader);
        var first = trader.Deal(Robot, "BTCUSD", 0.30m, 65_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();
        var second = trader.Deal(Scalper, "BTCUSD", 0.13m, 65_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();

        var explained = await Eventually.GetAsync(
            () => service.JsonAsync("explain", "BTCUSD:Net"),
            e => e.GetProperty("orders").EnumerateArray().Count(o => o.TryGetProperty("end", out var end) && end.GetString() == "filled") == 2,
            "both orders are explained");

        var newest = explained.GetProperty("orders")[0];
        var atVenue = (await venue.OrdersAsync())[^1];
        newest.GetProperty("clientOrderId").GetString().ShouldBe(atVenue.Id);
        newest.GetProperty("filled").GetDecimal().ShouldBe(atVenue.Filled);
        var reason = newest.GetProperty("reason");
        reason.GetProperty("targetExact").GetDecimal().ShouldBe(0.215m);
        reason.GetProperty("target").GetDecimal().ShouldBe(0.21m);
        reason.GetProperty("roundingResidual").GetDecimal().ShouldBe(0.005m);
        var parts = reason.GetProperty("contributions").EnumerateArray().ToDictionary(c => c.GetProperty("magic").GetInt64());
        parts[Robot].GetProperty("baseUnitsPerLot").GetDecimal().ShouldBe(0.5m);
        parts[Robot].GetProperty("deals").EnumerateArray().Select(d => d.GetInt64()).ShouldContain(first);
        parts[Scalper].GetProperty("deals").EnumerateArray().Select(d => d.GetInt64()).ShouldContain(second);

        var text = (await service.CommandAsync("explain", "BTCUSD")).Output;
        text.ShouldContain(first.ToString(CultureInfo.InvariantCulture));
        text.ShouldContain(second.ToString(CultureInfo.InvariantCulture));
        text.ShouldContain("0.3 lots x 0.5 base units");
        text.ShouldContain(atVenue.Id);
        text.ShouldContain("filled 0.06");
        (await service.CommandAsync("explain", "DOGEUSD")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_revoked_client_cannot_log_in_and_no_list_shows_a_secret()
    {
        using var folder = new Folder();
        await using var service = await Service.StartAsync(folder["data"]);
        string secret;
        await using (var trader = new Trader(Robot)) secret = await service.ConnectAsync(trader, "desk");

        var listed = await service.CommandAsync("client", "list", "--json");
        listed.Json.EnumerateArray().Single().GetProperty("client").GetString().ShouldBe("desk");
        listed.Json[0].GetProperty("revoked").GetBoolean().ShouldBeFalse();
        listed.ToString().ShouldNotContain(secret);
        (await service.CommandAsync("client", "add", "desk")).ExitCode.ShouldBe(1);

        await service.JsonAsync("client", "revoke", "desk");
        (await service.JsonAsync("client", "list"))[0].GetProperty("revoked").GetBoolean().ShouldBeTrue();
        await using var again = new Trader(Robot);
        again.Connect(Trader.Options(service.Feed.Port, "desk", secret));
        var refused = await Eventually.GetAsync(() => Task.FromResult(again.LastProblem), p => p is not null, "the login ends");
        refused!.ShouldStartWith("unauthorised");
        (await service.CommandAsync("client", "add", "desk")).ExitCode.ShouldBe(1, "ids are never used again");
        (await service.CommandAsync("client", "revoke", "nobody")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Clients_are_made_before_the_first_start_and_log_in_after_it()
    {
        using var folder = new Folder();
        var made = await Program.RunAsync("client", "add", "early", "--data", folder["data"], "--json");
        made.ExitCode.ShouldBe(0, made.ToString());
        await using var service = await Service.StartAsync(folder["data"]);
        await using var trader = new Trader(Robot);

        trader.Connect(Trader.Options(service.Feed.Port, "early", made.Json.GetProperty("secret").GetString()!));

        await trader.LiveAsync();
    }

    [Fact]
    public async Task Doctor_is_content_with_a_healthy_host_and_names_what_a_running_one_lacks()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address)]);
        var lacking = await service.CommandAsync("doctor", "--json");
        lacking.ExitCode.ShouldBe(1, lacking.ToString());
        Findings(lacking.Json, "error").ShouldContain(f => f.Contains("client add", StringComparison.Ordinal));

        await service.ConnectAsync(trader);
        await service.RunningAsync("main");
        var healthy = await Eventually.GetAsync(() => service.JsonAsync("doctor"), d => Findings(d, "warning").Length == 0, "doctor finds nothing");
        healthy.GetProperty("ok").GetBoolean().ShouldBeTrue();
        Findings(healthy, "error").ShouldBeEmpty();

        await service.JsonAsync("pause", "main");
        Findings(await service.JsonAsync("doctor"), "warning").ShouldContain(f => f.Contains("csmulticonnector resume main", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_names_the_place_of_a_mistake_and_its_cure()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["settings.json"], """{ "Feed": { "Port": 99999, "Adress": "127.0.0.1" } }""");
        var settings = await Program.RunAsync("doctor", "--config", folder["settings.json"], "--data", folder["data"], "--json");
        settings.ExitCode.ShouldBe(1, settings.ToString());
        Findings(settings.Json, "error").ShouldContain(f => f.Contains("Feed:Port", StringComparison.Ordinal) && f.Contains("0 to 65535", StringComparison.Ordinal));
        Findings(settings.Json, "error").ShouldContain(f => f.Contains("Did you mean Feed:Address?", StringComparison.Ordinal));

        await File.WriteAllTextAsync(folder["connectors.json"], """{ "connectors": [ { "id": "a", "name": "A", "venue": "paper-future" } ] }""");
        await File.WriteAllTextAsync(folder["settings.json"], """{ "Feed": { "Port": 0 }, "Api": { "Port": 0 }, "Connectors": { "File": "connectors.json" } }""");
        var connectors = await Program.RunAsync("doctor", "--config", folder["settings.json"], "--data", folder["data"], "--json");
        connectors.ExitCode.ShouldBe(1, connectors.ToString());
        Findings(connectors.Json, "error").ShouldContain(f => f.Contains("$.connectors[0].venue", StringComparison.Ordinal) && f.Contains("paper-futures", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_of_a_host_that_does_not_run_ends_with_3_and_says_how_to_start_it()
    {
        using var folder = new Folder();
        var ended = await Program.RunAsync("status", "--data", folder["data"], "--json");
        ended.ExitCode.ShouldBe(3, ended.ToString());
        ended.Json.GetProperty("ok").GetBoolean().ShouldBeFalse();
        ended.Json.GetProperty("code").GetString().ShouldBe("unreachable");
        ended.Errors.ShouldContain($"csmulticonnector run --data {folder["data"]}");

        await using var service = await Service.StartAsync(folder["data"]);
        (await service.CommandAsync("status")).ExitCode.ShouldBe(0);
        await service.KillAsync();
        (await service.CommandAsync("status")).ExitCode.ShouldBe(3, "a killed host leaves its address behind; nobody answers there");
    }

    [Theory]
    [InlineData("'status'", "statsu")]
    [InlineData("'--json'", "status", "--jsn")]
    [InlineData("connector", "pause")]
    [InlineData("--scale", "mapping", "set", "main", "BTCUSD", "BTCUSDT", "--scale", "-1")]
    [InlineData("--exclude", "mapping", "set", "main", "BTCUSD")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2_and_a_hint(string hint, params string[] arguments)
    {
        var ended = await Program.RunAsync(arguments);
        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.Errors.ShouldContain(hint);
        ended.Errors.ShouldContain("--help");
        ended.Output.ShouldBeEmpty();
    }

    private static async Task TradeAsync(Service service, Trader trader, string symbol, decimal lots)
    {
        trader.Deal(Robot, symbol, lots, symbol == "BTCUSD" ? 65_000m : 3_200m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();
    }

    private static string Row(JsonElement mapping, string symbol) => mapping.EnumerateArray()
        .Where(m => m.GetProperty("symbol").GetString() == symbol)
        .Select(m => $"{symbol} {(m.TryGetProperty("instrument", out var i) ? i.GetString() : null) ?? "-"} {m.GetProperty("source").GetString()}")
        .Single();

    private static string[] Findings(JsonElement report, string severity) => [.. report.GetProperty("findings").EnumerateArray()
        .Where(f => f.GetProperty("severity").GetString() == severity)
        .Select(f => $"{f.GetProperty("check").GetString()}: {f.GetProperty("text").GetString()} {f.GetProperty("remedy").GetString()}")];
}
