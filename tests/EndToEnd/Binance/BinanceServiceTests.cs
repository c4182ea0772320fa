using CSMultiConnector.EndToEnd.Tests.World;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.EndToEnd.Tests.Binance;

/// <summary>The service on the simulator of a real venue: startup syncs, kills between acceptance and answer, outages, keys.</summary>
public sealed class BinanceServiceTests
{
    private const long Robot = 1001;

    [Theory]
    [InlineData("wholeAccount", "sell 0.01 BTCUSDT", "buy 0.1 ETHUSDT")]
    [InlineData("streamLegs", "buy 0.1 ETHUSDT")]
    public async Task The_sync_at_startup_closes_what_MT5_does_not_hold_only_in_the_whole_account(string scope, params string[] expected)
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        venue.Simulator.Usdm.TradeManually("BTCUSDT", buy: true, 0.01m);
        await using var trader = new Trader(Robot);
        trader.Deal(Robot, "ETHUSD", 0.1m, 3_000m);
        var connector = venue.Connector(BinanceVenue.Usdm).With("syncAtStartup", true).With("syncScope", scope);
        await using var service = await Service.StartAsync(folder["data"], [connector], venue.Environment());
        await service.ConnectAsync(trader);
        await service.ConnectorAsync("binance", c => c.GetProperty("lastSync").ValueKind != System.Text.Json.JsonValueKind.Null, "has synced");
        await service.ConvergedAsync();

        venue.Said(BinanceVenue.Usdm).ShouldBe(expected);
        venue.Held(BinanceVenue.Usdm, "ETHUSDT").ShouldBe(0.1m);
        venue.Held(BinanceVenue.Usdm, "BTCUSDT").ShouldBe(scope == "wholeAccount" ? 0m : 0.01m);

        // And it does not do it again.
        await service.KillAsync();
        await service.StartAgainAsync();
        await trader.ConnectAnewAsync(Trader.Options(service.Feed.Port, "ea2", await SecretAsync(service)));
        await trader.LiveAsync();
        await service.ConvergedAsync();
        venue.Said(BinanceVenue.Usdm).ShouldBe(expected);
    }

    [Theory]
    [InlineData(BinanceVenue.Spot, FaultEnding.Silence)]
    [InlineData(BinanceVenue.Usdm, FaultEnding.Silence)]
    [InlineData(BinanceVenue.Usdm, FaultEnding.Reset)]
    public async Task Killed_between_acceptance_and_answer_it_has_ordered_once(string product, FaultEnding ending)
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await StartAsync(folder, venue, product, trader);

        venue.Control(product).Script(new Fault { Match = "POST *", Executed = true, Ending = ending });
        var accepted = venue.Control(product).FindReceivedAsync(r => r.Request.EndsWith("/order", StringComparison.Ordinal) && r.Request.StartsWith("POST", StringComparison.Ordinal));
        trader.Deal(Robot, "BTCUSD", 0.5m, 60_000m);
        await accepted.WaitAsync(TimeSpan.FromMinutes(3), TimeProvider.System);
        await service.KillAsync();
        venue.Orders(product).Count.ShouldBe(1, "the venue has taken it");

        await service.StartAgainAsync();
        await trader.LiveAsync();
        await service.ConvergedAsync();
        var orders = venue.Orders(product);

        // On spot the fee was taken from what was bought: what it left is bought too, and that is another order for another reason.
        orders.Count(o => o.Executed > 0.4m).ShouldBe(1, string.Join(", ", venue.Said(product)));
        if (product == BinanceVenue.Usdm) orders.Count.ShouldBe(1);
        Math.Abs(venue.Held(product, "BTCUSDT") - 0.5m).ShouldBeLessThan(venue.Tolerance(product, "BTCUSDT"));
        await service.TerminateAsync();
        orders.Select(o => o.ClientId).Except(JournalFile.IntentIds(folder["data"]), StringComparer.Ordinal).ShouldBeEmpty("every order was journaled before it went");
        service.Said.ShouldNotContain(venue.Simulator.Key.Secret);
    }

    [Theory]
    [InlineData(BinanceVenue.Spot)]
    [InlineData(BinanceVenue.Usdm)]
    public async Task An_outage_of_the_venue_and_a_restart_in_it_end_with_the_newest_level(string product)
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await StartAsync(folder, venue, product, trader);
        trader.Deal(Robot, "BTCUSD", 0.5m, 60_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();

        await venue.GoAwayAsync(product);
        trader.Deal(Robot, "BTCUSD", 0.3m, 60_000m);
        trader.Deal(Robot, "ETHUSD", 2m, 3_000m);
        await trader.AcknowledgedAsync();
        await service.ConnectorAsync("binance", c => c.GetProperty("state").GetString() is "reconnecting", "has lost the venue");
        await service.KillAsync();
        await service.StartAgainAsync();
        await trader.LiveAsync();
        trader.Deal(Robot, "BTCUSD", -0.1m, 60_000m);
        await trader.AcknowledgedAsync();
        venue.Orders(product).Count(o => o.Symbol == "ETHUSDT").ShouldBe(0, "nobody can have reached it");

        venue.ComeBack(product);
        await service.RunningAsync("binance");
        await service.ConvergedAsync();
        Math.Abs(venue.Held(product, "BTCUSDT") - 0.7m).ShouldBeLessThan(venue.Tolerance(product, "BTCUSDT"), string.Join(", ", venue.Said(product)));
        Math.Abs(venue.Held(product, "ETHUSDT") - 2m).ShouldBeLessThan(venue.Tolerance(product, "ETHUSDT"), string.Join(", ", venue.Said(product)));
        venue.Orders(product).Select(o => o.ClientId).ShouldBeUnique();
    }

    [Theory]
    [InlineData(BinanceVenue.Spot)]
    [InlineData(BinanceVenue.Usdm)]
    public async Task A_key_revoked_under_way_pauses_with_the_reason_and_a_person_goes_on(string product)
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await StartAsync(folder, venue, product, trader);
        trader.Deal(Robot, "BTCUSD", 0.5m, 60_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();
        var before = venue.Said(product).ToArray();

        venue.Simulator.Spot.RevokeKey(venue.Simulator.Key.Key);
        venue.Simulator.Usdm.RevokeKey(venue.Simulator.Key.Key);
        trader.Deal(Robot, "BTCUSD", 0.2m, 60_000m);
        await trader.AcknowledgedAsync();
        var told = await service.ConnectorAsync("binance", c => c.ToString().Contains("-2015", StringComparison.Ordinal), "says what the venue said");
        told.GetProperty("state").GetString().ShouldNotBe("running");
        venue.Said(product).ShouldBe(before);

        venue.Simulator.Spot.SetKey(venue.Simulator.Key);
        venue.Simulator.Usdm.SetKey(venue.Simulator.Key);
        (await service.CommandAsync("resume", "binance")).ExitCode.ShouldBe(0);
        await service.RunningAsync("binance");
        await service.ConvergedAsync();
        Math.Abs(venue.Held(product, "BTCUSDT") - 0.7m).ShouldBeLessThan(venue.Tolerance(product, "BTCUSDT"), string.Join(", ", venue.Said(product)));
    }

    [Fact]
    public async Task An_expired_listen_key_is_replaced_and_what_the_venue_takes_is_still_told()
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await StartAsync(folder, venue, BinanceVenue.Usdm, trader);
        trader.Deal(Robot, "BTCUSD", 0.5m, 60_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();

        var streams = venue.Simulator.Usdm.StreamsOpened;
        venue.Simulator.Usdm.ExpireListenKey();
        await Eventually.GetAsync(() => Task.FromResult(venue.Simulator.Usdm.StreamsOpened), s => s > streams, "a new stream is there");
        await service.RunningAsync("binance");
        venue.Simulator.Usdm.Liquidate("BTCUSDT", quantity: 0.2m);
        await service.ConnectorAsync("binance", c => c.ToString().Contains("faulted", StringComparison.Ordinal), "hears of the liquidation");
        venue.Held(BinanceVenue.Usdm, "BTCUSDT").ShouldBe(0.3m, "what the venue took is not bought back");
    }

    [Fact]
    public async Task What_the_venue_took_while_its_line_was_down_is_found_and_not_bought_back()
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await StartAsync(folder, venue, BinanceVenue.Usdm, trader);
        trader.Deal(Robot, "BTCUSD", 0.5m, 60_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();

        await venue.GoAwayAsync(BinanceVenue.Usdm);
        await service.ConnectorAsync("binance", c => c.GetProperty("state").GetString() is "reconnecting", "has lost the venue");
        venue.Simulator.Usdm.Liquidate("BTCUSDT", quantity: 0.2m);
        venue.ComeBack(BinanceVenue.Usdm);
        await service.ConnectorAsync("binance", c => c.ToString().Contains("while nobody listened", StringComparison.Ordinal), "finds the liquidation");
        trader.Deal(Robot, "BTCUSD", 0.1m, 60_000m);
        await trader.AcknowledgedAsync();
        await service.RunningAsync("binance");
        venue.Held(BinanceVenue.Usdm, "BTCUSDT").ShouldBe(0.3m, "what the venue took is not bought back, nor anything beside it");
    }

    // The feed keeps its port over restarts, so that the terminal finds the host again.
    private static Task<Service> StartAsync(Folder folder, BinanceVenue venue, string product, Trader trader) => venue.ServeAsync(folder, venue.Connector(product), trader, Service.FreePort());

    private static async Task<string> SecretAsync(Service service) => (await service.JsonAsync("client", "add", "ea2")).GetProperty("secret").GetString()!;
}
