using System.Collections.Immutable;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

public sealed class ConnectorTests
{
    [Fact]
    public async Task What_the_stream_tells_while_connecting_overtakes_no_question_for_open_orders()
    {
        await using var world = World.Create();
        var (script, orders) = (world.Script(), new TaskCompletionSource());
        script.HoldOpenOrders = orders.Task;
        var started = world.StartHostAsync(Given.Futures());
        await World.UntilAsync(() => Task.FromResult(script.IsFollowed), "somebody listens");
        script.Tell(new Venues.VenueEvent.Gap("begin"));
        script.Tell(new Venues.VenueEvent.HoldingsChanged("something"));

        // The last event is seen to be handled: an order of a stranger pauses the connector.
        script.Tell(new Venues.VenueEvent.OrderChanged(new OrderReport(
            ClientOrderId.Create("pape", "zzzzzz", 1), "1", new("BTCUSD"), PositionSide.Net, OrderSide.Buy, new(1m), OrderStatus.Open, new(0m), null, new(0m), [], null)));
        await started;
        script.Reads.ShouldBe(0);
        orders.SetResult();
        await world.UntilAsync(_ => script.Reads == 1, "then the account is read");
    }

    [Fact]
    public async Task A_stream_that_takes_up_a_traded_symbol_while_the_host_is_away_is_waited_for()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var before = await world.LoginAsync(7, 8);
        before.Snapshot();
        before.Symbol("BTCUSD");
        before.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "one stream trades");
        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());
        var after = await world.LoginAsync(7, 8);
        after.Symbol("BTCUSD");
        after.Deal(2, 8, "BTCUSD", OrderSide.Sell, 0.1m, -0.1m);
        after.Snapshot((7, "BTCUSD", 0.3m), (8, "BTCUSD", -0.1m));
        var status = await world.UntilAsync(s => s.Converged, "nothing is left to do");
        status.Connectors[0].Legs.ShouldHaveSingleItem().Actual.Value.ShouldBe(0.2m, "the connector said that it had nothing left to do");
    }

    [Fact]
    public async Task Other_credentials_than_those_of_the_baseline_fault_the_connector()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.StopHostAsync();
        world.Script().Connect = () => VenueAnswer<VenueAccount>.Of(new VenueAccount("somebody-else", PositionMode.OneWay, []));
        await world.StartHostAsync(Given.Futures());
        var status = await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Faulted, "faulted");
        status.Connectors[0].Text.ShouldContain("account somebody-else");

        world.Script().Connect = null;
        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Running, "mended");
    }

    [Fact]
    public async Task An_order_with_our_tag_that_no_process_of_ours_made_pauses()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var stranger = ClientOrderId.Create("pape", "zzzzzz", 1);
        world.Script().Tell(new VenueEvent.OrderChanged(new OrderReport(
            stranger, "v1", new InstrumentId("BTCUSD"), PositionSide.Net, OrderSide.Buy, new Contracts(1m), OrderStatus.Open, Contracts.Zero, null, Contracts.Zero, [], null)));
        var status = await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Paused, "paused");
        status.Connectors[0].Text.ShouldContain("another host trades this account");
        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());
        await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Paused, "still paused");
    }

    [Fact]
    public async Task An_open_order_of_a_stranger_is_found_while_connecting_before_anything_is_traded()
    {
        await using var world = World.Create();
        var stranger = ClientOrderId.Create("pape", "zzzzzz", 1);
        var answered = VenueAnswer<ImmutableArray<OrderReport>>.Failed(FailureKind.Unavailable, "not now");
        world.Script().OpenOrders = () => answered;
        await world.StartHostAsync();
        (await world.Control.ApplyConnectorsAsync([Given.Futures()], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Connectors is [{ State: ConnectorState.Reconnecting }], "who trades is not known, so nothing is traded");

        answered = VenueAnswer<ImmutableArray<OrderReport>>.Of([new OrderReport(
            stranger, "v1", new InstrumentId("BTCUSD"), PositionSide.Net, OrderSide.Buy, new Contracts(1m), OrderStatus.Open, Contracts.Zero, null, Contracts.Zero, [], null)]);
        var status = await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Paused, "paused");
        status.Connectors[0].Text.ShouldContain(stranger.Value);
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ Target.Value: 0.3m, State: "waiting" }], "the leg waits");
        world.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_the_lease_holds_back_no_order_is_begun_and_the_connector_stands_by()
    {
        var lease = new SwitchedLease();
        await using var world = World.Create();
        world.Lease = lease;
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 1, "trades");

        lease.Set("the database does not answer");
        var status = await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Standby, "stands by");
        status.Connectors[0].Text.ShouldBe("the database does not answer");
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.2m, 0.3m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ Target.Value: 0.3m, State: "waiting" }], "the leg waits");
        world.Sent.Count.ShouldBe(1);

        lease.Set(null);
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 2, "goes on");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
    }

    [Fact]
    public async Task Short_funds_hold_increases_only()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Symbol("ETHUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.5m, 0.5m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 1, "copied");
        world.Script().Submit = order => order.Instrument.Value == "ETHUSD" ? new SubmitOutcome.Rejected(new Rejection(RejectionClass.Funds, "-2019", "Margin is insufficient")) : null;
        terminal.Deal(2, 7, "ETHUSD", OrderSide.Buy, 1m, 1m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [_, { State: "waiting" } eth] && eth.Text.Contains("funds", StringComparison.Ordinal), "waits for funds");
        terminal.Deal(3, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.6m);
        await world.UntilAsync(s => s.Connectors[0].Legs[0] is { State: "waiting", Target.Value: 0.6m }, "increases of the account wait");
        terminal.Deal(4, 7, "BTCUSD", OrderSide.Sell, 0.4m, 0.2m);
        await world.UntilAsync(s => s.Connectors[0].Legs[0] is { Converged: true, Actual.Value: 0.2m }, "reducing goes on");
        world.Sent.Count(o => o.Order.Instrument.Value == "ETHUSD").ShouldBe(1);
    }

    [Fact]
    public async Task Guard_rails_stop_increases_and_never_a_reduction()
    {
        var settings = Given.Futures() with { GuardRails = new GuardRails { MaxPositionNotional = 50m } };
        await using var world = await World.StartAsync(settings);
        var terminal = await world.CopiedAsync(0.4m);
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.4m, 0.8m);
        var status = await world.UntilAsync(s => s.Connectors[0].Legs[0] is { State: "waiting", Target.Value: 0.8m }, "held");
        status.Connectors[0].Legs[0].Text.ShouldContain("guard rail");

        // Close-only: settings change, the position may only shrink.
        (await world.Control.ApplyConnectorsAsync([settings with { GuardRails = new GuardRails { CloseOnly = true } }], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Connectors is [{ State: ConnectorState.Running, Legs: [{ State: "waiting", ActualKnown: true }] }], "held by the other rail");
        terminal.Deal(3, 7, "BTCUSD", OrderSide.Sell, 0.7m, 0.1m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 0.1m, "reduced");
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_failed_reading_is_never_flat()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.CopiedAsync(0.3m);
        world.Script().Read = () => VenueAnswer<System.Collections.Immutable.ImmutableArray<Holding>>.Failed(FailureKind.Unavailable, "maintenance");
        (await world.Control.SyncAsync(Given.Paper, SyncScope.WholeAccount, CancellationToken.None)).Ok.ShouldBeTrue();
        var status = await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Reconnecting, "line lost");
        status.Connectors[0].Legs[0].Actual.Value.ShouldBe(0.3m);
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.4m);
        await world.UntilAsync(s => s.Connectors[0].Legs[0] is { State: "waiting", Target.Value: 0.4m }, "no new order while the line is down");
        world.Sent.Count.ShouldBe(1);
        world.Script().Read = null;
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 0.4m, "goes on");
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_account_that_the_venue_refuses_faults_and_resume_tries_again()
    {
        await using var world = World.Create();
        world.Script().Connect = () => VenueAnswer<VenueAccount>.Failed(FailureKind.Account, "the key may not trade; allow it and resume");
        await world.StartHostAsync(Given.Futures());
        var status = await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Faulted, "faulted");
        status.Connectors[0].Text.ShouldBe("the key may not trade; allow it and resume");
        world.Script().Connect = null;
        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Running, "running");
    }

    [Fact]
    public async Task Settings_that_change_twice_while_the_old_connector_stops_end_as_the_last_ones()
    {
        var first = Given.Futures() with { Routes = [new Route("*", default)] };
        await using var world = await World.StartAsync(first);
        var changed = world.Control.ApplyConnectorsAsync([first with { Name = "second" }], CancellationToken.None);
        var back = world.Control.ApplyConnectorsAsync([first with { Name = "third" }], CancellationToken.None);
        await Task.WhenAll(changed, back);
        await world.UntilAsync(s => s.Connectors is [{ Name: "third", State: ConnectorState.Running }], "the last settings");
    }
}
