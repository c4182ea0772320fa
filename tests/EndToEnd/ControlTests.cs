using System.Text.Json;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>A person says when to trade: pause and resume, sync by hand, plan first.</summary>
public sealed class ControlTests
{
    private const long Robot = 1001;

    [Fact]
    public async Task A_pause_outlives_a_restart_and_a_resume_catches_up()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address)], Service.Ports(Service.FreePort()));
        await service.ConnectAsync(trader);
        trader.Deal(Robot, "BTCUSD", 0.1m, 65_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();

        await service.JsonAsync("pause", "main");
        trader.Deal(Robot, "BTCUSD", 0.2m, 65_000m);
        await PausedWithTargetAsync(service, 0.3m);
        (await venue.OrdersAsync()).Count.ShouldBe(1);

        (await service.TerminateAsync()).ExitCode.ShouldBe(0);
        await service.StartAgainAsync();
        await trader.LiveAsync();
        await PausedWithTargetAsync(service, 0.3m);
        trader.Deal(Robot, "BTCUSD", 0.05m, 65_000m);
        await PausedWithTargetAsync(service, 0.35m);
        (await venue.OrdersAsync()).Count.ShouldBe(1);

        await service.JsonAsync("resume", "main");
        await service.ConvergedAsync();
        (await venue.HoldingsAsync()).ShouldBe([new("BTCUSD", 0.35m)]);
        (await venue.OrdersAsync()).Sum(o => o.Filled).ShouldBe(0.35m);
    }

    [Fact]
    public async Task A_sync_of_the_whole_account_closes_what_MT5_does_not_hold_and_opens_what_it_does()
    {
        using var folder = new Folder();
        await using var venue = await VenueWithBitcoinAsync();
        await using var trader = TraderWithEther();
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address)]);
        await service.ConnectAsync(trader);
        await service.ConvergedAsync();
        (await venue.OrdersAsync()).ShouldBeEmpty("what was there before is left alone");

        await service.JsonAsync("sync", "main", "--whole-account");

        await HoldsAsync(venue, ("ETHUSD", 0.1m));
        await service.ConvergedAsync();
        Orders(await venue.OrdersAsync()).ShouldBe(["sell 0.01 BTCUSD", "buy 0.1 ETHUSD"]);
    }

    [Fact]
    public async Task A_plan_waits_for_a_yes_and_then_trades_exactly_its_orders()
    {
        using var folder = new Folder();
        await using var venue = await VenueWithBitcoinAsync();
        await using var trader = TraderWithEther();
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address).With("planFirst", true)]);
        await service.ConnectAsync(trader);
        await service.RunningAsync("main");

        await service.JsonAsync("sync", "main", "--whole-account");
        var plan = await PlanAsync(service, _ => true);
        plan.GetProperty("connector").GetString().ShouldBe("main");
        Orders(plan).ShouldBe(["sell 0.01 BTCUSD", "buy 0.1 ETHUSD"]);
        var id = plan.GetProperty("id").GetString()!;
        (await service.CommandAsync("plan")).Output.ShouldContain($"plan main --approve {id}");
        (await venue.OrdersAsync()).ShouldBeEmpty("a plan is no order");

        var wrong = await service.CommandAsync("plan", "main", "--approve", "0000", "--json");
        wrong.ExitCode.ShouldBe(1, wrong.ToString());
        wrong.Json.GetProperty("code").GetString().ShouldBe("conflict");
        wrong.Errors.ShouldContain(id);
        (await venue.OrdersAsync()).ShouldBeEmpty("a yes to another plan is no yes");

        await service.JsonAsync("plan", "main", "--approve", id);
        await HoldsAsync(venue, ("ETHUSD", 0.1m));
        await service.ConvergedAsync();
        Orders(await venue.OrdersAsync()).ShouldBe(Orders(plan));
        (await service.JsonAsync("plan")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_yes_to_orders_that_are_other_ones_by_now_trades_nothing()
    {
        using var folder = new Folder();
        await using var venue = await VenueWithBitcoinAsync();
        await using var trader = TraderWithEther();
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address).With("planFirst", true)]);
        await service.ConnectAsync(trader);
        await service.RunningAsync("main");
        await service.JsonAsync("sync", "main", "--whole-account");
        var old = (await PlanAsync(service, _ => true)).GetProperty("id").GetString()!;

        await venue.TradeAsync("BTCUSD", "buy", 0.02m);
        var yes = await service.CommandAsync("plan", "main", "--approve", old, "--json");

        yes.ExitCode.ShouldBe(1, yes.ToString());
        yes.Json.GetProperty("code").GetString().ShouldBe("conflict");
        (await venue.OrdersAsync()).ShouldBeEmpty();
        Orders(await PlanAsync(service, p => p.GetProperty("id").GetString() != old)).ShouldBe(["sell 0.03 BTCUSD", "buy 0.1 ETHUSD"]);
    }

    [Fact]
    public async Task A_plan_that_is_dropped_leaves_everything_as_it_is()
    {
        using var folder = new Folder();
        await using var venue = await VenueWithBitcoinAsync();
        await using var trader = TraderWithEther();
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("main", venue.Address).With("planFirst", true)]);
        await service.ConnectAsync(trader);
        await service.RunningAsync("main");
        await service.JsonAsync("sync", "main", "--whole-account");
        var id = (await PlanAsync(service, _ => true)).GetProperty("id").GetString()!;

        await service.JsonAsync("plan", "main", "--reject", id);

        (await service.JsonAsync("plan")).GetArrayLength().ShouldBe(0);
        (await service.CommandAsync("plan", "main", "--approve", id)).ExitCode.ShouldBe(2);
        (await venue.OrdersAsync()).ShouldBeEmpty();
        (await venue.HoldingsAsync()).ShouldBe([new("BTCUSD", 0.01m)]);
    }

    private static async Task<PaperVenue> VenueWithBitcoinAsync()
    {
        var venue = await PaperVenue.StartAsync();
        foreach (var (symbol, asset, price) in new[] { ("BTCUSD", "BTC", 65_000m), ("ETHUSD", "ETH", 3_200m) })
        {
            await venue.ListAsync(symbol, asset, "USD", 0.01m);
            await venue.PriceAsync(symbol, price);
        }

        await venue.TradeAsync("BTCUSD", "buy", 0.01m);
        return venue;
    }

    private static Trader TraderWithEther()
    {
        var trader = new Trader(Robot);
        trader.Deal(Robot, "ETHUSD", 0.1m, 3_200m);
        return trader;
    }

    private static Task PausedWithTargetAsync(Service service, decimal target) => service.ConnectorAsync(
        "main",
        c => c.GetProperty("state").GetString() == "paused" && c.GetProperty("legs").EnumerateArray().Any(l => l.GetProperty("target") is { ValueKind: JsonValueKind.Number } t && t.GetDecimal() == target),
        $"is paused and sees {target}");

    private static async Task<JsonElement> PlanAsync(Service service, Func<JsonElement, bool> right) => (await Eventually.GetAsync(
        () => service.JsonAsync("plan"), plans => plans.GetArrayLength() == 1 && right(plans[0]), "a plan waits"))[0];

    private static Task HoldsAsync(PaperVenue venue, params (string Name, decimal Quantity)[] expected) => Eventually.GetAsync(
        () => venue.HoldingsAsync(),
        held => held.Count == expected.Length && expected.All(e => held.GetValueOrDefault(e.Name) == e.Quantity),
        $"the venue holds {string.Join(", ", expected)}");

    private static string[] Orders(IEnumerable<PaperOrder> orders) => [.. orders.Select(o => $"{o.Side} {o.Filled:0.####} {o.Instrument}")];

    private static string[] Orders(JsonElement plan) => [.. plan.GetProperty("orders").EnumerateArray()
        .Select(o => $"{o.GetProperty("side").GetString()} {o.GetProperty("quantity").GetDecimal():0.####} {o.GetProperty("instrument").GetString()}")];
}
