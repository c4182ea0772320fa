using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper.Misbehaviour;

namespace CSMultiConnector.Actors.Tests;

public sealed class OrderLifeTests
{
    [Fact]
    public async Task A_lost_answer_is_looked_up_and_never_doubled()
    {
        await using var world = await World.StartAsync(Given.Futures());
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.LoseAnswer, Times = 1 }).ShouldBeNull();
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.StreamEvent, Effect = PaperEffect.Drop }).ShouldBeNull();
        await DealAsync(world, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "found");
        world.Sent.Count.ShouldBe(1);
        world.Script().LookUps.ShouldBeGreaterThan(0);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
    }

    [Fact]
    public async Task A_lost_request_is_proved_absent_before_it_is_sent_again_under_another_id()
    {
        await using var world = await World.StartAsync(Given.Futures() with { OrderValidity = TimeSpan.FromSeconds(1) });
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.LoseRequest, Times = 1 }).ShouldBeNull();
        await DealAsync(world, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "sent again");

        // One that a busy machine did not send within its second is another id without an order.
        world.Sent.Count.ShouldBeGreaterThan(1);
        world.Sent.Select(o => o.Order.ClientOrderId).ShouldBeUnique();
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
    }

    [Fact]
    public async Task The_rest_of_an_order_that_expired_in_part_follows()
    {
        await using var world = await World.StartAsync(Given.Futures());
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenExpire, Times = 1 }).ShouldBeNull();
        await DealAsync(world, 0.4m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.4m }], "the rest followed");
        world.Sent.Select(o => o.Order.Quantity.Value).ShouldBe([0.4m, 0.2m]);
    }

    [Fact]
    public async Task What_is_not_filled_in_time_is_cancelled_and_the_rest_follows()
    {
        await using var world = await World.StartAsync(Given.Futures() with { OrderTimeout = TimeSpan.FromSeconds(1) });
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Times = 1 }).ShouldBeNull();
        await DealAsync(world, 0.4m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.4m }], "cancelled, then the rest");
        world.Sent.Select(o => o.Order.Quantity.Value).ShouldBe([0.4m, 0.2m]);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.4m);
    }

    [Fact]
    public async Task When_the_tries_are_used_up_the_leg_faults_until_a_sync()
    {
        await using var world = await World.StartAsync(Given.Futures() with { MaxOrderResubmitTries = 1 });
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject, Class = RejectionClass.Transient }).ShouldBeNull();
        var terminal = await DealAsync(world, 0.4m);
        var status = await world.UntilAsync(s => s.Connectors[0].Legs is [{ State: "faulted" }], "faulted");
        status.Connectors[0].Legs[0].Text.ShouldContain("allowed: 1 new tries");
        world.Sent.Count.ShouldBe(2);
        await world.UntilAsync(_ => terminal.Said.OfType<Feeds.Terminal.HostMessage.Log>().Any(l => l.Level == "error" && l.Text.Contains("BTCUSD:Net", StringComparison.Ordinal)), "the terminal is told");

        // New levels do not begin the count anew; a sync does.
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.5m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ State: "faulted", Target.Value: 0.5m }], "still faulted");
        world.Exchange.Misbehaviour.Clear();
        (await world.Control.SyncAsync(Given.Paper, SyncScope.StreamLegs, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.5m }], "traded by the sync");
    }

    [Fact]
    public async Task A_host_that_ended_between_order_and_answer_looks_it_up_and_sends_nothing_twice()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var never = new TaskCompletionSource();
        world.Script().HoldAnswer = _ => never.Task;
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.StreamEvent, Effect = PaperEffect.Drop }).ShouldBeNull();
        await DealAsync(world, 0.3m);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ Phase: Domain.Legs.OrderPhase.Sending }] && !world.Sent.IsEmpty, "in flight");
        await World.UntilAsync(async () => await world.HeldAsync("BTCUSD") != 0m, "the order is at the venue");
        await world.StopHostAsync();
        world.Script().HoldAnswer = null;
        await world.StartHostAsync(Given.Futures());
        await world.HoldingAsync((7, "BTCUSD", 0.3m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "found");
        world.Sent.Count.ShouldBe(1);
        world.Script().LookUps.ShouldBeGreaterThan(0);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
    }

    [Fact]
    public async Task A_connector_that_is_started_again_in_one_process_uses_no_id_twice()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await DealAsync(world, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "copied");
        (await world.Control.ApplyConnectorsAsync([Given.Futures() with { Name = "renamed" }], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors is [{ Name: "renamed", Legs: [{ Target.Value: 0.3m }] }], "started again");
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Sell, 0.1m, 0.2m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.2m }], "copied again");
        world.Sent.Select(o => o.Order.ClientOrderId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task An_id_is_drawn_when_its_order_is_decided_so_that_ids_grow_on_the_wire()
    {
        // A venue may forget old orders and remember only how far the ids had come: an old id kept by a quiet leg would count as used.
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await DealAsync(world, 0.1m);
        terminal.Symbol("ETHUSD");
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 1, "the first leg");
        terminal.Deal(2, 7, "ETHUSD", OrderSide.Buy, 0.1m, 0.1m);
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 2, "the second leg");
        terminal.Deal(3, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.2m);
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 3, "the first leg again");
        var ids = world.Sent.Select(o => o.Order.ClientOrderId.Value).ToArray();
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_thousand_levels_while_a_leg_is_busy_end_in_few_orders()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var answer = new TaskCompletionSource();
        world.Script().HoldAnswer = _ => answer.Task;
        world.Exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.StreamEvent, Effect = PaperEffect.Drop }).ShouldBeNull();
        var terminal = await DealAsync(world, 0.1m);
        await world.UntilAsync(_ => !world.Sent.IsEmpty, "busy");
        var net = 0.1m;
        var last = 0L;
        for (var i = 2; i <= 1001; i++)
        {
            net += i % 3 == 0 ? -0.02m : 0.02m;
            last = terminal.Deal(i, 7, "BTCUSD", i % 3 == 0 ? OrderSide.Sell : OrderSide.Buy, 0.02m, net);
        }

        await world.UntilAsync(s => terminal.Acknowledged == last && s.Terminals[0].Deals == 1001 && s.Connectors[0].Legs[0].Target!.Value.Value == net, "all recorded, only the newest counts");
        answer.SetResult();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == net, "the right end");
        world.Sent.Count.ShouldBe(2);
        (await world.HeldAsync("BTCUSD")).ShouldBe(net);
    }

    [Fact]
    public async Task A_leg_whose_journal_failed_comes_back_and_pulls_what_it_needs()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.StopHostAsync();

        // No order of more than one contract is journaled: it must not be sent either.
        world.Sql("""
            CREATE TRIGGER no_intents BEFORE INSERT ON journal
            WHEN NEW.manifest = 'leg.intent-decided.1' AND json_extract(CAST(NEW.message AS TEXT), '$.intent.order.quantity') > 1
            BEGIN SELECT RAISE(ABORT, 'no large orders today'); END;
            """);
        await world.StartHostAsync(Given.Futures());
        var terminal = await DealAsync(world, 5m);
        await world.UntilAsync(_ => world.Log.Contains("no large orders today", StringComparison.Ordinal), "the journal failed");
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Sell, 4.5m, 0.5m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.5m }], "back with the newest level");
        world.Sent.Single().Order.Quantity.Value.ShouldBe(0.5m);
    }

    private static async Task<Terminal> DealAsync(World world, decimal lots)
    {
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, lots, lots);
        return terminal;
    }
}
