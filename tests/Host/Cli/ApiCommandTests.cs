using CSMultiConnector.Actors.Control;
using CSMultiConnector.Host.ApiClient;
using CSMultiConnector.Host.Tests.Api;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Tests.Cli;

public sealed class ApiCommandTests : IAsyncLifetime
{
    private PortalWorld _world = null!;

    public async Task InitializeAsync() => _world = await PortalWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Status_for_people_names_terminals_streams_and_legs()
    {
        var run = await _world.RunAsync("status");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("5012345@MetaQuotes-Demo (netting): connected, 12 deals");
        run.Out.ShouldContain("1001: BTCUSD 0.3");
        run.Out.ShouldContain("Connector binance-1 \"My Binance\" (binance-spot, account acc-7): running, 3 orders");
        run.Out.ShouldContain("BTC:Net");
        run.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Status_for_programs_is_one_line_of_json()
    {
        var run = await _world.RunAsync("status", "--json");
        run.Json.GetProperty("converged").GetBoolean().ShouldBeTrue();
        run.Json.GetProperty("connectors")[0].GetProperty("legs")[0].GetProperty("actual").GetDecimal().ShouldBe(0.3m);
    }

    [Theory]
    [InlineData("--check")]
    [InlineData("--wait", "300ms")]
    public async Task Status_can_insist_on_convergence(params string[] how)
    {
        _world.Control.Status = Samples.Status() with { Connectors = [Samples.Connector(Samples.Plan())] };
        (await _world.RunAsync("status")).ExitCode.ShouldBe(0);
        (await _world.RunAsync(["status", .. how])).ExitCode.ShouldBe(4);
        _world.Control.Status = Samples.Status();
        (await _world.RunAsync(["status", .. how])).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("pause binance-1", "pause binance-1: paused by hand")]
    [InlineData("pause binance-1 --why holiday", "pause binance-1: holiday")]
    [InlineData("resume binance-1", "resume binance-1")]
    [InlineData("sync binance-1", "sync binance-1 StreamLegs")]
    [InlineData("sync binance-1 --whole-account", "sync binance-1 WholeAccount")]
    [InlineData("plan binance-1 --approve p-1", "approve binance-1 p-1")]
    [InlineData("plan binance-1 --reject p-1", "reject binance-1 p-1")]
    [InlineData("mapping set binance-1 #PEPE 1000PEPEUSDT --scale 1000", "map binance-1 #PEPE -> 1000PEPEUSDT x1000")]
    [InlineData("mapping set binance-1 XAUUSD --exclude", "map binance-1 XAUUSD -> none x1")]
    [InlineData("mapping reset binance-1", "reset binance-1 all")]
    [InlineData("mapping reset binance-1 BTC/USD", "reset binance-1 BTC/USD")]
    [InlineData("stream release 5012345@MetaQuotes-Demo 1001", "release 5012345@MetaQuotes-Demo#1001")]
    public async Task A_command_does_what_it_says_and_says_what_was_done(string line, string expected)
    {
        var run = await _world.RunAsync(line.Split(' '));
        run.ExitCode.ShouldBe(0, run.Error);
        _world.Control.Asked.ShouldBe([expected]);
        run.Out.Trim().ShouldBe("done");
        (await _world.RunAsync([.. line.Split(' '), "--json"])).Json.GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("not-found", 2)]
    [InlineData("invalid", 2)]
    [InlineData("conflict", 1)]
    [InlineData("unavailable", 1)]
    public async Task A_refusal_becomes_an_exit_code_and_both_kinds_of_output(string code, int exitCode)
    {
        _world.Control.Answer = new CommandResult(false, "because of that", code);
        var run = await _world.RunAsync("resume", "binance-1", "--json");
        run.ExitCode.ShouldBe(exitCode);
        run.Json.GetProperty("ok").GetBoolean().ShouldBeFalse();
        run.Json.GetProperty("code").GetString().ShouldBe(code);
        run.Error.Trim().ShouldBe("because of that");
    }

    [Fact]
    public async Task Plans_are_shown_with_the_command_that_says_yes()
    {
        (await _world.RunAsync("plan")).Out.Trim().ShouldBe("No plan waits.");
        _world.Control.Status = Samples.Status() with { Connectors = [Samples.Connector(Samples.Plan())] };
        var run = await _world.RunAsync("plan");
        run.Out.ShouldContain("buy 0.3 BTC/USDT");
        run.Out.ShouldContain("csmulticonnector plan binance-1 --approve p-1");
        (await _world.RunAsync("plan", "--json")).Json[0].GetProperty("id").GetString().ShouldBe("p-1");
    }

    [Fact]
    public async Task Mapping_is_listed_and_an_unknown_connector_is_bad_input()
    {
        (await _world.RunAsync("mapping", "list", "binance-1")).Out.ShouldContain("BTC/USDT");
        (await _world.RunAsync("mapping", "list", "nobody")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Explain_writes_the_calculation_from_deals_to_fills()
    {
        _world.Explanations.Next = new ExplanationDto(
            "binance-1",
            "BTC:Net",
            null,
            [new ExplainedOrderDto(
                "abcd", 3, Samples.Noon, "BTC/USDT", "buy", 0.3m, false,
                new OrderReasonDto(
                    [new ContributionDto("5012345@MetaQuotes-Demo", 1001, "BTCUSD", 0.305m, 0m, 1m, 0.305m, "known", [987654321012])],
                    0.305m, 0.3m, 0.005m, 0m, 0m, 0m, 0.3m, 0m, 1m),
                0.3m, 65_000m, "filled",
                [new ExplainedEventDto(Samples.Noon, "filled", "0.3 filled at 65000")])],
            []);
        var run = await _world.RunAsync("explain", "BTC:Net");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("magic 1001 BTCUSD: 0.305 lots x 1 base units / 1 a contract = 0.305; deals 987654321012");
        run.Out.ShouldContain("target 0.305 exact, 0.3 in whole steps, residual 0.005");
        run.Out.ShouldContain("filled 0.3 at 65000: filled");
    }

    [Fact]
    public async Task Clients_are_made_listed_and_revoked()
    {
        var added = await _world.RunAsync("client", "add", "ea1", "--json");
        added.Json.GetProperty("secret").GetString().ShouldBe("generated");
        (await _world.RunAsync("client", "list")).Out.ShouldContain("ea1");
        (await _world.RunAsync("client", "add", "ea1")).ExitCode.ShouldBe(1);
        (await _world.RunAsync("client", "revoke", "ea1")).ExitCode.ShouldBe(0);
        (await _world.RunAsync("client", "revoke", "ea1")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_secret_of_ones_own_comes_by_standard_input()
    {
        var run = await CliRun.OfAsync(_world.Folder.Path, "my-own-Secret-9f3k2\n", "client", "add", "ea1", "--secret-stdin", "--data", _world.Folder.Path);
        run.ExitCode.ShouldBe(0, run.Error);
        _world.Clients.LastSecret.ShouldBe("my-own-Secret-9f3k2");
    }

    [Fact]
    public async Task Health_is_for_probes()
    {
        var run = await _world.RunAsync("health");
        run.ExitCode.ShouldBe(0);
        run.Out.Trim().ShouldBe("ok");
    }

    [Fact]
    public async Task Another_folders_token_is_told_apart_from_no_host()
    {
        File.WriteAllText(Path.Combine(_world.Folder.Path, "api-token"), "another-token-that-is-long-enough-0123");
        var run = await _world.RunAsync("status", "--json");
        run.ExitCode.ShouldBe(1);
        run.Json.GetProperty("code").GetString().ShouldBe("unauthorised");
        run.Error.ShouldNotContain("another-token");
    }

    [Fact]
    public async Task A_folder_that_this_user_may_not_read_is_told_apart_from_no_host()
    {
        using var folder = new TempFolder();

        // What the system says of a folder where a file should be is what it says of a file that is another user's.
        Directory.CreateDirectory(ApiEndpoint.PathIn(folder.Path));
        var run = await CliRun.OfAsync(folder.Path, "", "status", "--json", "--data", folder.Path);
        run.ExitCode.ShouldBe(1);
        run.Json.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("as the user who runs the host");
    }

    [Fact]
    public async Task A_host_that_is_gone_is_not_reachable_whatever_it_left_behind()
    {
        using var folder = new TempFolder();
        File.WriteAllText(ApiEndpoint.PathIn(folder.Path), new ApiEndpoint("http://127.0.0.1:1/", 1, null).ToJson());
        File.WriteAllText(Path.Combine(folder.Path, "api-token"), _world.Token);
        var run = await CliRun.OfAsync(folder.Path, "", "status", "--json", "--data", folder.Path);
        run.ExitCode.ShouldBe(3);
        run.Json.GetProperty("code").GetString().ShouldBe("unreachable");
        run.Error.ShouldContain("csmulticonnector run");
    }

    [Fact]
    public async Task A_status_that_is_not_whole_claims_nothing_about_what_it_lacks()
    {
        _world.Control.Status = Samples.Status() with { Connectors = [], Terminals = [], Complete = false };
        foreach (var command in new[] { "status", "doctor" })
        {
            var run = await _world.RunAsync(command);
            run.Out.ShouldContain("Not everybody answered in time");
            run.Out.ShouldNotContain("No connector is configured");
            run.Out.ShouldNotContain("No terminal has");
        }
    }

    [Fact]
    public async Task Doctor_tells_what_is_wrong_and_how_to_mend_it()
    {
        var connector = Samples.Connector(legs: Samples.Leg() with { State = "faulted", Text = "refused: no permission" }) with { State = ConnectorState.Paused, Text = "by hand" };
        _world.Control.Status = Samples.Status() with { Connectors = [connector], Terminals = [Samples.Terminal() with { Connected = false }] };
        var run = await _world.RunAsync("doctor", "--json");
        run.ExitCode.ShouldBe(1);
        var findings = run.Json.GetProperty("findings").EnumerateArray().Select(f => $"{f.GetProperty("severity")} {f.GetProperty("check")}: {f.GetProperty("text")} | {f.GetProperty("remedy")}").ToList();
        findings.ShouldContain(f => f.StartsWith("error feed clients:", StringComparison.Ordinal));
        findings.ShouldContain(f => f.StartsWith("warning terminal 5012345@MetaQuotes-Demo: is not connected", StringComparison.Ordinal));
        findings.ShouldContain(f => f.Contains("csmulticonnector resume binance-1", StringComparison.Ordinal));
        findings.ShouldContain(f => f.StartsWith("error leg binance-1/BTC:Net: refused: no permission", StringComparison.Ordinal));
    }
}
