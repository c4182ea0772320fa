using CSMultiConnector.EndToEnd.Tests.Kill;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>Between the trade server, the terminal and the host lines break; nothing is lost, doubled or taken for flat.</summary>
public sealed class LineTests
{
    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_network_that_is_cut_or_silently_dead_delays_and_loses_nothing()
    {
        var desk = new Desk(5400001, "hedging", 1001);
        await using var world = await EaWorld.StartAsync(desk);
        await using var relay = new Relay();
        relay.LeadTo(world.Host.Feed);
        await using var ea = await world.AttachedAsync(desk, relay.Port);
        await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.1m));

        relay.LeadTo(null);
        relay.Cut();
        await ea.ShowsAsync(p => !p.IsLive, "that the line is lost");
        await ea.OpenAsync("BTCUSD", "buy", 0.2m, 1001);
        await ea.PrintsAsync("the host closed the connection");
        relay.LeadTo(world.Host.Feed);
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.3m));

        await ea.LiveAsync();
        relay.Freeze();
        await ea.OpenAsync("BTCUSD", "sell", 0.05m, 1001);
        await ea.PrintsAsync("the host was silent for three heartbeats");
        relay.Thaw();
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.3m), ("BTCUSD", "short", -0.05m));
        await ea.LiveAsync();
        var deals = (await ea.BookAsync()).Deals.Select(d => d.Ticket).ToArray();
        await world.TerminalAsync(desk, t => t.GetProperty("deals").GetInt64() == deals.Length, "has every deal");
        await ea.RemoveAsync();
        await world.AuditAsync([desk], deals);
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task Lines_that_come_together_with_the_login_are_all_taken()
    {
        var desk = new Desk(5400004, "hedging", 1001);
        await using var world = await EaWorld.StartAsync(desk);
        await using var relay = new Relay { Lumps = TimeSpan.FromMilliseconds(300) };
        relay.LeadTo(world.Host.Feed);
        await using var ea = await world.AttachedAsync(desk, relay.Port);
        await ea.ShowsAsync(p => p.Row(desk.Connector) is { State: "Running" }, "the connector");

        await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.1m));
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_host_that_is_killed_in_the_middle_of_trading_ends_where_the_terminal_stands()
    {
        var desk = new Desk(5400002, "netting", 1001, 1002);
        await using var world = await EaWorld.StartAsync(v => [desk.Entry(v)], Service.Ports(Service.FreePort()));
        await using var ea = await world.AttachedAsync(desk);
        var net = 0m;

        for (var life = 0; life < 3; life++)
        {
            for (var i = 1; i <= 12; i++)
            {
                var lots = (i * 7 % 5 + 1) / 100m;
                var buys = i % 3 != 0;
                await ea.OpenAsync("BTCUSD", buys ? "buy" : "sell", lots, 1001 + i % 2);
                net += buys ? lots : -lots;
                if (i == 6 + life) await world.Host.KillAsync();
            }

            await world.Host.StartAgainAsync();
        }

        await world.HoldsAsync(desk, ("BTCUSD", "net", net));
        var deals = (await ea.BookAsync()).Deals.Select(d => d.Ticket).ToArray();
        await world.TerminalAsync(desk, t => t.GetProperty("deals").GetInt64() == deals.Length, "has every deal");
        await ea.RemoveAsync();
        await world.AuditAsync([desk], deals);
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_terminal_that_is_half_loaded_never_makes_the_venue_flat()
    {
        var desk = new Desk(5400003, "hedging", 1001);
        await using var world = await EaWorld.StartAsync(desk);
        await using var ea = await world.AttachedAsync(desk);
        await ea.OpenAsync("BTCUSD", "buy", 0.3m, 1001);
        await ea.OpenAsync("ETHUSD", "sell", 2m, 1001);
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.3m), ("ETHUSD", "short", -2m));
        var orders = (await world.Venue.OrdersAsync(account: desk.Connector)).Count;

        // Positions are gone from the list and come back in bursts, seconds after the connection.
        await ea.DoAsync("faults empty-on-disconnect=1000 bursts=6 burst-gap=700 authorise=300 symbol-lag=500 shuffle=1");
        foreach (var anew in new[] { false, true })
        {
            await ea.DoAsync("disconnect");
            await ea.ShowsAsync(p => p.Line.Contains("not connected to its trade server", StringComparison.Ordinal), "that the terminal is offline");
            if (anew) await ea.RemoveAsync();
            await ea.DoAsync("connect");
            if (anew) await ea.AttachAsync();
            await ea.LiveAsync();
            (await ea.BookAsync()).Synchronised.ShouldBeTrue("nothing was said before");
            await world.SynchronisedAsync(desk);
            await world.HoldsAsync(desk, ("BTCUSD", "long", 0.3m), ("ETHUSD", "short", -2m));
            (await world.Venue.OrdersAsync(account: desk.Connector)).Count.ShouldBe(orders);
        }

        // And what happened meanwhile is done.
        await ea.DoAsync("disconnect");
        await ea.DoAsync("sl symbol=ETHUSD magic=zero");
        await ea.DoAsync("connect");
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.3m));
        (await world.Venue.OrdersAsync(account: desk.Connector)).Count.ShouldBe(orders + 1);
    }
}
