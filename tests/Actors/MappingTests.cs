using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Actors.Tests;

public sealed class MappingTests
{
    [Fact]
    public async Task Guard_rails_count_in_the_instruments_unit()
    {
        await using var world = World.Create();
        await world.ListAsync("KPEUSD");
        await world.StartHostAsync(Given.Futures() with { GuardRails = new GuardRails { MaxOrderNotional = 150m } });
        (await world.Control.SetMappingAsync(Given.Paper, new MappingOverride(new SymbolName("PEPUSD"), new InstrumentId("KPEUSD"), 1000m), CancellationToken.None)).Ok.ShouldBeTrue();
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("PEPUSD");
        terminal.Deal(1, 7, "PEPUSD", OrderSide.Buy, 2000m, 2000m, price: 0.1m);
        var status = await world.UntilAsync(s => s.Connectors[0].Legs is [{ Target.Value: 2m, ActualKnown: true, State: "waiting" or "idle" }], "held or traded");
        status.Connectors[0].Legs[0].Text.ShouldContain("an order of 2 is worth 200, the largest allowed is 150");
        terminal.Deal(2, 7, "PEPUSD", OrderSide.Sell, 1000m, 1000m, price: 0.1m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 1m }], "a smaller one passes");
        world.Sent.Single().Order.ReferencePrice!.Value.Value.ShouldBe(100m);
    }

    private static readonly SymbolName s_symbol = new("BTCUSD");

    [Fact]
    public async Task An_excluded_symbol_is_not_traded_until_the_mapping_is_reset()
    {
        await using var world = await World.StartAsync(Given.Futures());
        (await world.Control.SetMappingAsync(Given.Paper, new MappingOverride(s_symbol, null), CancellationToken.None)).Ok.ShouldBeTrue();
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Symbol("ETHUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        terminal.Deal(2, 7, "ETHUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Leg.Holding: "ETHUSD", Actual.Value: 0.3m }], "only the other");
        var mapping = await world.Control.GetMappingAsync(Given.Paper, CancellationToken.None);
        mapping!.Value.Select(m => (m.Symbol.Value, m.Source)).ShouldBe([("BTCUSD", "excluded"), ("ETHUSD", "listed")]);

        // After a restart it is still excluded.
        await world.RestartAsync(Given.Futures(), (7, "BTCUSD", 0.3m), (7, "ETHUSD", 0.3m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Leg.Holding: "ETHUSD", Target.Value: 0.3m }], "known");
        (await world.Control.ResetMappingAsync(Given.Paper, s_symbol, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Leg.Holding: "BTCUSD", Actual.Value: 0.3m }, _], "traded now");
    }

    [Fact]
    public async Task What_a_person_maps_while_the_symbol_is_being_resolved_counts()
    {
        await using var world = World.Create();
        await world.ListAsync("XBTUSD");
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Script().HoldListing = listed.Task;
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 2m, 2m);
        await world.UntilAsync(_ => world.Script().Listings > 0, "the venue is asked for BTCUSD");
        (await world.Control.SetMappingAsync(Given.Paper, new MappingOverride(s_symbol, new InstrumentId("XBTUSD"), 10m), CancellationToken.None)).Ok.ShouldBeTrue();
        listed.SetResult();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Leg.Holding: "XBTUSD", Actual.Value: 0.2m }], "traded as mapped by hand");
        world.Sent.ShouldAllBe(o => o.Order.Instrument.Value == "XBTUSD");
    }

    [Fact]
    public async Task A_symbol_without_instrument_is_held_and_reported_until_a_person_maps_it()
    {
        await using var world = World.Create();
        await world.ListAsync("XBTUSD");
        world.OnlyListed = true;
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 2m, 2m);
        var status = await world.UntilAsync(s => s.Connectors[0].Unmapped.ContainsKey(s_symbol), "reported");
        status.Connectors[0].Unmapped[s_symbol].ShouldContain("no instrument for BTC/USD");
        status.Converged.ShouldBeFalse();
        await world.UntilAsync(_ => terminal.Said.OfType<Feeds.Terminal.HostMessage.Log>().Any(l => l.Text.Contains("BTCUSD is not traded", StringComparison.Ordinal)), "the terminal is told");
        (await world.Control.GetMappingAsync(Given.Paper, CancellationToken.None))!.Value.Single().Source.ShouldBe("none");

        // Closing what looks unused could close what this symbol stands for.
        (await world.Control.SyncAsync(Given.Paper, SyncScope.WholeAccount, CancellationToken.None)).Text.ShouldContain("BTCUSD is mapped or excluded");
        (await world.Control.SetMappingAsync(Given.Paper, new MappingOverride(s_symbol, new InstrumentId("XBTUSD"), 10m), CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Leg.Holding: "XBTUSD", Actual.Value: 0.2m }], "traded with the scale");
    }

    [Fact]
    public async Task Several_instruments_that_fit_are_held_and_named_and_what_was_resolved_stays_resolved()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("ETHUSD");
        world.OnlyListed = true;
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Symbol("ETHUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 1m, 1m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 1m }], "resolved and copied");

        // Each of the two gets a second instrument of the same assets; only the one that was resolved before is still clear, after a restart too.
        await world.StopHostAsync();
        await world.ListAsync("BTC-PERP");
        await world.ListAsync("ETH-PERP");
        await world.StartHostAsync(Given.Futures());
        var again = await world.LoginAsync(7);
        again.Symbol("BTCUSD");
        again.Symbol("ETHUSD");
        again.Snapshot((7, "BTCUSD", 1m));
        again.Deal(2, 7, "BTCUSD", OrderSide.Buy, 1m, 2m);
        again.Deal(3, 7, "ETHUSD", OrderSide.Buy, 1m, 1m);
        var status = await world.UntilAsync(s => s.Connectors[0] is { Unmapped.Count: 1, Legs: [{ Leg.Holding: "BTCUSD", Actual.Value: 2m }] }, "one is copied, one is held");
        status.Connectors[0].Unmapped.Single().Key.Value.ShouldBe("ETHUSD");
        status.Connectors[0].Unmapped.Single().Value.ShouldContain("ETH-PERP, ETHUSD");
        status.Converged.ShouldBeFalse();

        // Forgotten, it is as unclear as the other: nothing is closed for that.
        (await world.Control.ResetMappingAsync(Given.Paper, s_symbol, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Connectors[0].Unmapped.Count == 2, "both are held");
        (await world.HeldAsync("BTCUSD")).ShouldBe(2m);
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_instrument_delisted_while_the_host_was_down_is_held_and_comes_back_as_it_was()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("ETHUSD");
        world.OnlyListed = true;
        await world.StartHostAsync(Given.Futures());
        await world.CopiedAsync(1m);
        await world.StopHostAsync();

        world.Script().Lists = i => i.Id.Value == "BTCUSD" ? null : i;
        await world.StartHostAsync(Given.Futures());
        var again = await world.HoldingAsync((7, "BTCUSD", 1m));
        again.Deal(2, 7, "BTCUSD", OrderSide.Sell, 0.6m, 0.4m);
        var status = await world.UntilAsync(s => s.Connectors[0].Legs is [{ ActualKnown: true, Goal.Value: 0.4m, Actual.Value: 1m, State: "waiting" }], "held, with its figures");
        status.Connectors[0].Legs[0].Text.ShouldContain("no longer listed");
        world.Sent.Count.ShouldBe(1);

        await world.StopHostAsync();
        world.Script().Lists = null;
        await world.StartHostAsync(Given.Futures());
        await world.HoldingAsync((7, "BTCUSD", 0.4m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.4m }], "traded again");
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_changed_contract_size_at_the_venue_holds_and_makes_a_plan()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        world.OnlyListed = true;
        var settings = Given.Futures() with { PlanFirst = true };
        await world.StartHostAsync(settings);
        await world.CopiedAsync(1m);
        await world.StopHostAsync();

        // A step alone is no change of scale: the position stays what it is.
        world.Script().Lists = i => i with { LotStep = 0.5m, MinQuantity = 0.5m };
        await world.StartHostAsync(settings);
        await world.HoldingAsync((7, "BTCUSD", 1m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Target.Value: 1m, ActualKnown: true }], "as it was");
        await world.StopHostAsync();

        world.Script().Lists = i => i with { ContractSize = 0.5m };
        await world.StartHostAsync(settings);
        await world.HoldingAsync((7, "BTCUSD", 1m));
        var plan = (await world.UntilAsync(s => s.Connectors is [{ Plan: not null }], "a plan")).Connectors[0].Plan!;
        plan.Why.ShouldBe("change of scale");
        plan.Orders.Single().Quantity.Value.ShouldBe(1m);
        plan.Orders.Single().Why.ShouldContain("contract size");
        world.Sent.Count.ShouldBe(1);
    }
}
