using CSMultiConnector.EndToEnd.Tests.Kill;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>From deals at the trade server, as the Expert Advisor sees them, to orders at the venue.</summary>
public sealed class CopyingTests
{
    [MachineFact(Needs = Tools.Compiler)]
    public async Task Every_way_to_trade_on_a_hedging_account_counts_for_the_stream_that_opened_the_position()
    {
        var desk = new Desk(5100001, "hedging", 1001, 1002);
        await using var world = await EaWorld.StartAsync(desk);
        await using var ea = await world.AttachedAsync(desk);

        var a = await ea.OpenAsync("BTCUSD", "buy", 0.5m, 1001);
        var b = await ea.OpenAsync("BTCUSD", "sell", 0.2m, 1002);
        await ea.OpenAsync("ETHUSD", "buy", 2m, 0);
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.5m), ("BTCUSD", "short", -0.2m));

        // In parts, by hand, by a stop, and by a position on the other side.
        await ea.DoAsync($"close position={a} lots=0.2 magic=1001 fills=2");
        await ea.DoAsync($"close position={a} lots=0.05 magic=0");
        await ea.DoAsync($"sl position={b} lots=0.15 magic=zero");
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.25m), ("BTCUSD", "short", -0.05m));
        var c = await ea.OpenAsync("BTCUSD", "sell", 0.1m, 1001);
        await ea.DoAsync($"closeby position={a} by={c}");
        await ea.DoAsync($"tp position={b} magic=777");
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.15m));

        var terminal = await world.TerminalAsync(desk, t => t.GetProperty("deals").GetInt64() == 10, "has all deals");
        EaWorld.Streams(terminal).ShouldBe((await ea.BookAsync()).Streams.Where(s => s.Key.Magic != 0), ignoreOrder: true);
        await ea.DoAsync($"close position={a} magic=1001");
        await world.HoldsAsync(desk);
        var deals = (await ea.BookAsync()).Deals.Where(d => d.Symbol == "BTCUSD").Select(d => d.Ticket).ToArray();
        await ea.RemoveAsync();
        await world.AuditAsync([desk], deals);
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task Every_way_to_trade_on_a_netting_account_moves_the_venue_by_what_it_moved()
    {
        var desk = new Desk(5100002, "netting", 1001, 1002);
        await using var world = await EaWorld.StartAsync(desk);
        await using var ea = await world.AttachedAsync(desk);

        await ea.OpenAsync("BTCUSD", "buy", 0.5m, 1001);
        await ea.OpenAsync("BTCUSD", "sell", 0.2m, 1002);
        await ea.DoAsync("close symbol=BTCUSD lots=0.1 magic=0");
        await world.HoldsAsync(desk, ("BTCUSD", "net", 0.2m));
        var split = await world.TerminalAsync(desk, t => t.GetProperty("deals").GetInt64() == 3, "has all deals");
        EaWorld.Streams(split).ShouldBe([new((1001, "BTCUSD"), (0.4m, 0m)), new((1002, "BTCUSD"), (0m, 0.2m))], ignoreOrder: true);

        // Turned round by one of them; what it opens beyond zero is its own.
        await ea.DoAsync("reverse symbol=BTCUSD lots=0.3 magic=1002");
        await world.HoldsAsync(desk, ("BTCUSD", "net", -0.3m));
        await ea.DoAsync("sl symbol=BTCUSD magic=zero");
        await world.HoldsAsync(desk);
        EaWorld.Streams(await world.SynchronisedAsync(desk)).ShouldBeEmpty("who holds nothing together holds nothing each");

        await ea.DoAsync("open symbol=ETHUSD side=sell lots=1.5 magic=1001 fills=3");
        var deal = (await ea.DoAsync("open symbol=ETHUSD side=sell lots=0.5 magic=1001")).GetProperty("deals")[0].GetInt64();
        await world.HoldsAsync(desk, ("ETHUSD", "net", -2m));
        await ea.DoAsync($"cancel-deal deal={deal}");
        await world.HoldsAsync(desk, ("ETHUSD", "net", -1.5m));
        var deals = (await ea.BookAsync()).Deals.Select(d => d.Ticket).ToArray();
        await ea.RemoveAsync();
        await world.AuditAsync([desk], deals);
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task Each_stream_of_a_terminal_goes_to_the_connector_that_routes_it()
    {
        var desk = new Desk(5100003, "netting", 1001, 1002);
        await using var world = await EaWorld.StartAsync(venue => [desk.Entry(venue, "first", 1001), desk.Entry(venue, "second", 1002)]);
        await using var ea = await world.AttachedAsync(desk);

        await ea.OpenAsync("BTCUSD", "buy", 0.5m, 1001);
        await ea.OpenAsync("BTCUSD", "sell", 0.2m, 1002);
        await ea.OpenAsync("ETHUSD", "buy", 3m, 1002);

        await world.HoldsAsync("first", ("BTCUSD", "net", 0.5m));
        await world.HoldsAsync("second", ("BTCUSD", "net", -0.2m), ("ETHUSD", "net", 3m));
        var panel = await ea.ShowsAsync(p => p.Row("first")?.State == "Running" && p.Row("second")?.State == "Running", "both");
        panel.ToString().ShouldNotContain("third");
    }
}
