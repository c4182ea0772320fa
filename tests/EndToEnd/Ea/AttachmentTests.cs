using CSMultiConnector.EndToEnd.Tests.Kill;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>The Expert Advisor comes and goes, as people and MetaTrader make it; what was traded meanwhile is copied.</summary>
public sealed class AttachmentTests
{
    [MachineFact(Needs = Tools.Compiler)]
    public async Task What_is_dealt_while_it_is_away_is_copied_whatever_took_it_away()
    {
        var desk = new Desk(5300001, "netting", 1001, 1002);
        await using var world = await EaWorld.StartAsync(desk);
        await using var ea = await world.AttachedAsync(desk);
        await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(desk, ("BTCUSD", "net", 0.1m));
        var net = 0.1m;

        // Removed, chart closed, terminal closed, initialisation failed before: away for a while.
        foreach (var reason in new[] { 1, 4, 9 })
        {
            await ea.RemoveAsync(reason);
            await world.TerminalAsync(desk, t => !t.GetProperty("connected").GetBoolean(), "is away");
            await ea.OpenAsync("BTCUSD", "sell", 0.3m, 1002);
            await ea.OpenAsync("BTCUSD", "buy", 0.25m, 1001);
            net -= 0.05m;
            await ea.AttachAsync();
            await world.HoldsAsync(desk, net == 0m ? [] : [("BTCUSD", "net", net)]);
        }

        // Compiled anew, symbol or period, inputs, template: gone and there again at once.
        foreach (var reason in new[] { 2, 3, 5, 7 })
        {
            await ea.OpenAsync("BTCUSD", "buy", 0.5m, 1001);
            await ea.RestartAsync(reason);
            await ea.OpenAsync("BTCUSD", "sell", 0.4m, 1001);
            net += 0.1m;
            await world.HoldsAsync(desk, ("BTCUSD", "net", net));
        }

        ea.Ends.ShouldBe([1, 4, 9]);
        await world.SynchronisedAsync(desk);
        var deals = (await ea.BookAsync()).Deals;
        await world.TerminalAsync(desk, t => t.GetProperty("deals").GetInt64() == deals.Count, "has every deal");
        await ea.RemoveAsync();
        await world.AuditAsync([desk], [.. deals.Select(d => d.Ticket)]);
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task Another_account_in_the_terminal_is_another_terminal_and_the_first_one_is_not_flat()
    {
        var first = new Desk(5300002, "hedging", 1001);
        var second = new Desk(5300003, "netting", 1001);
        await using var world = await EaWorld.StartAsync(first, second);
        await using var ea = await world.TerminalAsync(first);
        await ea.AddAccountAsync(second.Login, second.Margin);
        await ea.AttachAsync();
        await world.SynchronisedAsync(first);
        var position = await ea.OpenAsync("BTCUSD", "buy", 0.4m, 1001);
        await world.HoldsAsync(first, ("BTCUSD", "long", 0.4m));

        await ea.DoAsync($"switch login={second.Login}");
        await world.SynchronisedAsync(second);
        await ea.OpenAsync("BTCUSD", "sell", 0.2m, 1001);
        await world.HoldsAsync(second, ("BTCUSD", "net", -0.2m));
        var left = await world.TerminalAsync(first, t => !t.GetProperty("connected").GetBoolean(), "is away");
        left.GetProperty("streams").EnumerateArray().ShouldAllBe(s => s.GetProperty("knowledge").GetString() != "known");
        await world.HoldsAsync(first, ("BTCUSD", "long", 0.4m));
        (await world.Venue.OrdersAsync(account: first.Connector)).Count.ShouldBe(1);

        await ea.DoAsync($"switch login={first.Login}");
        await world.SynchronisedAsync(first);
        await ea.DoAsync($"close position={position} lots=0.1 magic=1001");
        await world.HoldsAsync(first, ("BTCUSD", "long", 0.3m));
        await world.HoldsAsync(second, ("BTCUSD", "net", -0.2m));
        (await world.Venue.OrdersAsync(account: first.Connector)).Count.ShouldBe(2);
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_second_one_with_the_same_magics_replaces_the_first_which_stays_away()
    {
        var desk = new Desk(5300004, "hedging", 1001);
        await using var world = await EaWorld.StartAsync(desk);
        await using var first = await world.AttachedAsync(desk);
        await using var second = await world.AttachedAsync(desk);

        await first.ShowsAsync(p => p.Line.Contains("Replaced", StringComparison.Ordinal), "that it was replaced");
        (await first.IsOnChartAsync()).ShouldBeTrue();
        await second.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(desk, ("BTCUSD", "long", 0.1m));
        (await second.PanelAsync()).IsLive.ShouldBeTrue("nobody takes it back");
        (await first.PanelAsync()).Line.ShouldContain("Replaced");
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_second_one_with_other_magics_is_told_who_is_there_and_comes_in_when_that_one_has_left()
    {
        var desk = new Desk(5300005, "netting", 1001);
        await using var world = await EaWorld.StartAsync(desk);
        await using var first = await world.AttachedAsync(desk);
        await using var second = await world.TerminalAsync(desk);
        await second.SetAsync(("SourceMagics", "1001, 1002"));

        await second.AttachAsync();

        await second.ShowsAsync(p => p.Error.Contains("another Expert Advisor feeds this account with other magic IDs", StringComparison.Ordinal), "that another one is there");
        (await first.PanelAsync()).IsLive.ShouldBeTrue();
        await first.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(desk, ("BTCUSD", "net", 0.1m));
        await first.RemoveAsync();
        await second.LiveAsync();
    }
}
