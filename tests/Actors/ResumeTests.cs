using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

/// <summary>What a person's "resume" does.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task What_is_to_be_reduced_goes_first_after_a_pause()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("ETHUSD");
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Symbol("ETHUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        terminal.Deal(2, 7, "ETHUSD", OrderSide.Buy, 0.5m, 0.5m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 2, "both copied");
        (await world.Control.PauseAsync(Given.Paper, "look", CancellationToken.None)).Ok.ShouldBeTrue();
        terminal.Deal(3, 7, "BTCUSD", OrderSide.Buy, 0.2m, 0.3m);
        terminal.Deal(4, 7, "ETHUSD", OrderSide.Sell, 0.5m, 0m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ Target.Value: 0.3m }, { Target.Value: 0m }], "both wait");
        var answer = new TaskCompletionSource();
        world.Script().HoldAnswer = order => order.Instrument.Value == "ETHUSD" ? answer.Task : Task.CompletedTask;

        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(_ => world.Sent.Count > 2, "the first order");
        SyncTests.Orders(world)[2..].ShouldBe([(OrderSide.Sell, 0.5m, "ETHUSD")]);
        answer.SetResult();
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 4, "then the other");
    }

    [Fact]
    public async Task A_leg_whose_order_was_not_the_one_that_was_sent_goes_on()
    {
        await using var world = await World.StartAsync(Given.Futures());
        world.Script().Submit = order => new SubmitOutcome.Confirmed(new OrderReport(
            order.ClientOrderId, "1", order.Instrument, order.PositionSide, OrderSide.Sell, order.Quantity, OrderStatus.Filled, order.Quantity, new Price(100m), Contracts.Zero, [], null));
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        var status = await world.UntilAsync(s => s.Connectors[0].Legs is [{ State: "faulted" }], "faulted");
        status.Connectors[0].Legs[0].Text.ShouldContain("resume the connector");
        world.Sent.Count.ShouldBe(1);
        world.Script().Submit = null;

        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "the account settled the order, and the leg goes on");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
    }

    [Fact]
    public async Task Its_sync_that_is_tried_again_does_not_buy_back_what_the_venue_took_meanwhile()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.CopiedAsync(0.3m);
        var (script, failure) = (world.Script(), new TaskCompletionSource<VenueAnswer<System.Collections.Immutable.ImmutableArray<Holding>>>());
        script.HoldRead = failure.Task;
        var reads = script.Reads;
        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(_ => script.Reads > reads, "the account is being read");

        // The venue says so while the line is up; then the reading fails and with it the line.
        await world.TradeByHandAsync("BTCUSD", -0.3m, kind: Venues.Paper.Matching.PaperTradeKind.Liquidation);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ State: "faulted" }], "the venue took it");
        script.HoldRead = null;
        failure.SetResult(VenueAnswer<System.Collections.Immutable.ImmutableArray<Holding>>.Failed(FailureKind.Unavailable, "maintenance"));
        await world.UntilAsync(s => s.Connectors[0].LastSync is not null && !s.Connectors[0].Busy, "the sync was tried again");
        (await world.Control.GetStatusAsync(CancellationToken.None)).Connectors[0].Legs[0].State.ShouldBe("faulted");
        world.Sent.Count.ShouldBe(1);

        // Asked again, the person knows.
        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 2, "bought again");
    }

    [Fact]
    public async Task It_reaches_a_leg_that_the_connector_has_not_opened_yet()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.CopiedAsync(0.3m);
        world.Script().Tell(new VenueEvent.TakenByVenue(new("BTCUSD", Domain.Identity.PositionSide.Net), "liquidated"));
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ State: "faulted" }], "faulted");
        await world.StopHostAsync();
        world.Script().Connect = () => VenueAnswer<VenueAccount>.Failed(FailureKind.Account, "the key expired");
        await world.StartHostAsync(Given.Futures());
        await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Faulted, "no line");
        world.Script().Connect = null;

        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.HoldingAsync((7, "BTCUSD", 0.3m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ State: "idle", Actual.Value: 0.3m }], "the fault is over");
    }
}
