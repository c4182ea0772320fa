using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

public sealed class PlanTests
{
    [Fact]
    public async Task The_first_plan_holds_everything_and_the_yes_is_bound_to_its_orders()
    {
        var settings = Given.Futures() with { PlanFirst = true, SyncAtStartup = true };
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.StartHostAsync(settings);
        var terminal = await world.HoldingAsync((7, "BTCUSD", 1m));
        var plan = await PlanAsync(world, "the first plan");
        plan.Orders.Select(o => (o.Side, o.Quantity.Value)).ShouldBe([(OrderSide.Buy, 1m)]);
        plan.Why.ShouldBe("sync at startup");

        // Other orders by now: the yes to the old ones sends nothing.
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.5m, 1.5m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ Target.Value: 1.5m }], "the target moved");
        var conflict = await world.Control.ApprovePlanAsync(Given.Paper, plan.Id, CancellationToken.None);
        conflict.Code.ShouldBe("conflict");
        var newer = await PlanAsync(world, "a new plan", p => p.Id != plan.Id);
        newer.Orders.Single().Quantity.Value.ShouldBe(1.5m);
        world.Sent.ShouldBeEmpty();
        (await world.Control.ApprovePlanAsync(Given.Paper, plan.Id, CancellationToken.None)).Ok.ShouldBeFalse();

        (await world.Control.ApprovePlanAsync(Given.Paper, newer.Id, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 1.5m, "traded");

        // From now on deals are copied without asking, after a restart too.
        var again = await world.RestartAsync(settings, (7, "BTCUSD", 1.5m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Target.Value: 1.5m }], "known again");
        again.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.5m, 2m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 2m, "copied without asking");
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_yes_to_a_change_of_scale_is_no_yes_to_the_first_plan()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("ETHUSD");
        world.OnlyListed = true;
        await world.TradeByHandAsync("BTCUSD", 1m);
        var settings = Given.Futures() with { PlanFirst = true, SyncAtStartup = true, SyncScope = SyncScope.WholeAccount };
        await world.StartHostAsync(settings);
        await world.HoldingAsync((7, "BTCUSD", 1m), (7, "ETHUSD", 1m), (7, "XAUUSD", 1m));
        await world.UntilAsync(s => s.Connectors[0] is { Unmapped.Count: 1, Legs: [{ ActualKnown: true, Actual.Value: 1m }, { ActualKnown: true }] }, "the first plan waits for a mapping");
        (await world.Control.ApplyConnectorsAsync([settings with { Routes = [new Route("*", [], 2m)] }], CancellationToken.None)).Ok.ShouldBeTrue();
        var plan = await PlanAsync(world, "a plan for the change of scale");
        plan.Orders.Select(o => (o.Side, o.Quantity.Value, o.Instrument!.Value.Value)).ShouldBe([(OrderSide.Buy, 1m, "BTCUSD")]);
        (await world.Control.ApprovePlanAsync(Given.Paper, plan.Id, CancellationToken.None)).ShouldSatisfyAllConditions(r => r.Ok.ShouldBeTrue(r.Text));
        await world.UntilAsync(
            s => s.Connectors[0].Legs is [{ ScaleChange: null, Target.Value: 2m } one, { Target.Value: 2m } two] && new[] { one, two }.All(l => l.Text.Contains("first plan", StringComparison.Ordinal)), "all wait for the first plan");
        world.Sent.ShouldBeEmpty();

        (await world.Control.SetMappingAsync(Given.Paper, new MappingOverride(new SymbolName("XAUUSD"), null), CancellationToken.None)).Ok.ShouldBeTrue();
        plan = await PlanAsync(world, "the first plan", p => p.Orders.Length == 2);
        (await world.Control.ApprovePlanAsync(Given.Paper, plan.Id, CancellationToken.None)).ShouldSatisfyAllConditions(r => r.Ok.ShouldBeTrue(r.Text));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 2m }, { Actual.Value: 2m }], "traded");
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_rejected_plan_changes_nothing()
    {
        await using var world = await World.StartAsync(Given.Futures() with { PlanFirst = true });
        await world.HoldingAsync((7, "BTCUSD", 1m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Uncopied.Value: 1m }], "baseline");
        (await world.Control.SyncAsync(Given.Paper, SyncScope.StreamLegs, CancellationToken.None)).Ok.ShouldBeTrue();
        var plan = await PlanAsync(world, "the plan");
        plan.Orders.Single().Why.ShouldContain("copies 1 that MT5 held before");
        (await world.Control.RejectPlanAsync(Given.Paper, "nonsense", CancellationToken.None)).Code.ShouldBe("not-found");
        (await world.Control.RejectPlanAsync(Given.Paper, plan.Id, CancellationToken.None)).Ok.ShouldBeTrue();
        var status = await world.UntilAsync(s => s.Converged, "dropped");
        status.Connectors[0].Legs[0].Uncopied.Value.ShouldBe(1m);
        world.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_periodic_sync_looks_at_a_waiting_plan_anew_and_does_not_replace_it()
    {
        var settings = Given.Futures() with { PlanFirst = true, SyncAtStartup = true, PositionSyncPeriod = TimeSpan.FromMilliseconds(100) };
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.StartHostAsync(settings);
        var terminal = await world.HoldingAsync((7, "BTCUSD", 1m));
        var plan = await PlanAsync(world, "the first plan");
        var reads = world.Script().Reads;
        await world.UntilAsync(_ => world.Script().Reads > reads + 3, "periodic syncs went by");
        var later = await PlanAsync(world, "still there");
        (later.Id, later.Why, later.MadeAt).ShouldBe((plan.Id, plan.Why, plan.MadeAt));
        terminal.Said.OfType<Feeds.Terminal.HostMessage.Log>().Count(l => l.Text.Contains(plan.Id, StringComparison.Ordinal)).ShouldBe(1);

        // The level comes down: there is nothing to ask any more.
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Sell, 1m, 0m);
        await world.UntilAsync(s => s.Connectors[0].Plan is null && s.Connectors[0].LastSync is not null, "settled without orders");
        world.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_changed_multiplier_holds_and_makes_a_plan()
    {
        var settings = Given.Futures() with { PlanFirst = true };
        await using var world = await World.StartAsync(settings);
        var terminal = await world.CopiedAsync(1m);
        (await world.Control.ApplyConnectorsAsync([settings with { Routes = [new Route("*", [], 3m)] }], CancellationToken.None)).Ok.ShouldBeTrue();
        var plan = await PlanAsync(world, "a plan for the change of scale");
        plan.Why.ShouldBe("change of scale");
        plan.Orders.Select(o => (o.Side, o.Quantity.Value)).ShouldBe([(OrderSide.Buy, 2m)]);
        plan.Orders[0].Why.ShouldContain("from 1 to 3 base units");

        // Held: neither the change nor a new deal is traded before the yes.
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 1m, 2m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ Target.Value: 6m, State: "waiting" }], "held");
        world.Sent.Count.ShouldBe(1);
        (await world.Control.SyncAsync(Given.Paper, SyncScope.StreamLegs, CancellationToken.None)).Ok.ShouldBeTrue();
        plan = await PlanAsync(world, "the plan with the deal", p => p.Orders.Single().Quantity.Value == 5m);
        (await world.Control.ApprovePlanAsync(Given.Paper, plan.Id, CancellationToken.None)).ShouldSatisfyAllConditions(r => r.Ok.ShouldBeTrue(r.Text));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 6m, "traded");
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_change_of_scale_behind_a_silent_terminal_is_asked_about_when_it_speaks_and_no_sync_runs_without_end_until_then()
    {
        var away = new TerminalId(2002, "Demo");
        ConnectorSettings Multiplied(decimal by) => Given.Futures() with { PlanFirst = true, Routes = [new Route(away.ToString(), [], by), new Route("*", [])] };
        await using var world = await World.StartAsync(Multiplied(1m));
        var (here, there) = (await world.LoginAsync(7), await world.LoginAsync(away, MarginMode.Netting, 8));
        here.Snapshot();
        here.Symbol("BTCUSD");
        here.Deal(1, 7, "BTCUSD", OrderSide.Buy, 1m, 1m);
        there.Snapshot();
        there.Symbol("ETHUSD");
        there.Deal(2, 8, "ETHUSD", OrderSide.Buy, 1m, 1m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 1m }, { Actual.Value: 1m }], "both copied");

        await world.StopHostAsync();
        await world.StartHostAsync(Multiplied(3m));
        here = await world.LoginAsync(7);
        here.Symbol("BTCUSD");
        here.Snapshot((7, "BTCUSD", 1m));
        var status = await world.UntilAsync(
            s => s.Connectors[0] is { Busy: false, Legs: [{ ActualKnown: true, Target.Value: 1m }, { ActualKnown: true, ScaleChange: not null, LevelKnowledge: LevelKnowledge.Unknown }] },
            "the change waits for its terminal, and nothing is under way");
        status.Connectors[0].Plan.ShouldBeNull();

        there = await world.LoginAsync(away, MarginMode.Netting, 8);
        there.Symbol("ETHUSD");
        there.Snapshot((8, "ETHUSD", 1m));
        var plan = await PlanAsync(world, "a plan for the change");
        plan.Orders.Select(o => (o.Side, o.Quantity.Value, o.Instrument!.Value.Value)).ShouldBe([(OrderSide.Buy, 2m, "ETHUSD")]);
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_symbol_mapped_elsewhere_closes_there_and_opens_here_after_one_yes()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("BTCPERP");
        var settings = Given.Futures() with { PlanFirst = true };
        await world.StartHostAsync(settings);
        await world.CopiedAsync(1m);
        (await world.Control.SetMappingAsync(Given.Paper, new MappingOverride(new SymbolName("BTCUSD"), new InstrumentId("BTCPERP")), CancellationToken.None)).Ok.ShouldBeTrue();
        var plan = await PlanAsync(world, "both orders", p => p.Orders.Length == 2);
        plan.Orders.Select(o => (o.Side, o.Quantity.Value, o.Instrument!.Value.Value)).ShouldBe([(OrderSide.Sell, 1m, "BTCUSD"), (OrderSide.Buy, 1m, "BTCPERP")]);
        world.Sent.Count.ShouldBe(1);

        // The hold outlives a restart.
        var again = await world.RestartAsync(settings, (7, "BTCUSD", 1m));
        plan = await PlanAsync(world, "both orders after the restart", p => p.Orders.Length == 2);
        world.Sent.Count.ShouldBe(1);
        (await world.Control.ApprovePlanAsync(Given.Paper, plan.Id, CancellationToken.None)).ShouldSatisfyAllConditions(r => r.Ok.ShouldBeTrue(r.Text));
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 3, "moved");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0m);
        (await world.HeldAsync("BTCPERP")).ShouldBe(1m);
        SyncTests.Orders(world)[1].ShouldBe((OrderSide.Sell, 1m, "BTCUSD"));

        again.Deal(2, 7, "BTCUSD", OrderSide.Sell, 0.4m, 0.6m);
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 4, "deals go the new way");
        (await world.HeldAsync("BTCPERP")).ShouldBe(0.6m);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("ETHUSD", false)]
    [InlineData(null, true)] // while the line has not been up since the host's start
    public async Task A_symbol_that_is_mapped_twice_before_a_yes_still_closes_where_it_was_first(string? between, bool away)
    {
        var settings = Given.Futures() with { PlanFirst = true };
        await using var world = World.Create();
        foreach (var symbol in new[] { "BTCUSD", "BTCPERP", "ETHUSD" }) await world.ListAsync(symbol);
        await world.StartHostAsync(settings);
        await world.CopiedAsync(1m);
        if (away)
        {
            world.Script().Connect = () => VenueAnswer<VenueAccount>.Failed(FailureKind.Unavailable, "maintenance");
            await world.RestartAsync(settings, (7, "BTCUSD", 1m));
        }

        await MapAsync(between);
        world.Script().Connect = null;
        await PlanAsync(world, "a plan for the first change", p => p.Orders.Any(o => o.Side == OrderSide.Sell));
        await MapAsync("BTCPERP");
        var plan = await PlanAsync(world, "both orders", p => p.Orders is [{ Side: OrderSide.Sell, Leg.Holding: "BTCUSD" }, { Side: OrderSide.Buy, Leg.Holding: "BTCPERP" }]);
        world.Sent.Count.ShouldBe(1);
        (await world.Control.ApprovePlanAsync(Given.Paper, plan.Id, CancellationToken.None)).ShouldSatisfyAllConditions(r => r.Ok.ShouldBeTrue(r.Text));
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 3, "moved");
        SyncTests.Orders(world).Skip(1).ShouldBe([(OrderSide.Sell, 1m, "BTCUSD"), (OrderSide.Buy, 1m, "BTCPERP")]);

        async Task MapAsync(string? instrument) => (await world.Control.SetMappingAsync(
            Given.Paper, new MappingOverride(new SymbolName("BTCUSD"), instrument is null ? null : new InstrumentId(instrument)), CancellationToken.None)).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task A_moved_symbol_never_opens_here_before_it_has_closed_there_whatever_restarts_come_between()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("BTCPERP");
        await world.StartHostAsync(Given.Futures());
        await world.CopiedAsync(1m);

        // The old instrument's market closes, so the sync that the move makes cannot close there yet.
        await world.ListAsync("BTCUSD", status: InstrumentStatus.Closed);
        (await world.Control.SetMappingAsync(Given.Paper, new MappingOverride(new SymbolName("BTCUSD"), new InstrumentId("BTCPERP")), CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(Holds, "the sync is applied, and the new leg waits for the old one");
        for (var restart = 0; restart < 2; restart++)
        {
            await world.RestartAsync(Given.Futures(), (7, "BTCUSD", 1m));
            await world.UntilAsync(Holds, "both hold again after the restart");
        }

        world.Sent.Count.ShouldBe(1);
        await world.ListAsync("BTCUSD");
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 3, "moved");
        SyncTests.Orders(world).Skip(1).ShouldBe([(OrderSide.Sell, 1m, "BTCUSD"), (OrderSide.Buy, 1m, "BTCPERP")]);
        (await world.HeldAsync("BTCPERP")).ShouldBe(1m);

        static bool Holds(HostStatus s) => s.Connectors[0].LastSync is not null
            && s.Connectors[0].Legs is [{ State: "waiting", Target.Value: 1m, ActualKnown: true } here, { State: "waiting", Goal.Value: 0m, Actual.Value: 1m }]
            && here.Text.Contains("held: what the symbol was mapped to before is closed first", StringComparison.Ordinal);
    }

    private static async Task<PlanView> PlanAsync(World world, string what, Func<PlanView, bool>? condition = null) =>
        (await world.UntilAsync(s => s.Connectors is [{ Plan: { } p }] && (condition is null || condition(p)), what)).Connectors[0].Plan!;
}
