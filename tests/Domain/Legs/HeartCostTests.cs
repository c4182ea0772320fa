using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>Price and fees that the venue tells after the fill: they reach the history and touch nothing else.</summary>
public sealed class HeartCostTests
{
    [Fact]
    public void Fees_told_after_the_end_of_an_order_are_journaled_once_and_move_nothing()
    {
        var leg = LegDriver.Ready(target: 5m);
        var order = leg.Open;
        leg.Answer(new SubmitOutcome.Confirmed(leg.Report(OrderStatus.Filled, 5m) with { AveragePrice = null }));
        leg.Read(5m);
        var before = leg.State;
        var late = leg.Report(order, OrderStatus.Filled, 5m) with { Fees = [Usdt(0.02m)] };
        leg.After(1, new LegInput.OrderReported(late));
        var told = leg.Last.Journaled.ShouldHaveSingleItem().ShouldBeOfType<OrderCostsTold>();
        (told.ClientOrderId, told.AveragePrice, told.Fees.ShouldHaveSingleItem()).ShouldBe((order.Order.ClientOrderId, new Price(100m), Usdt(0.02m)));
        leg.Last.Effects.ShouldBeEmpty();
        leg.Last.WakeAt.ShouldBeNull();
        (leg.State with { Closed = before.Closed }).ShouldBe(before, "neither the actual, nor its being known, nor when the last order event was");
        leg.Reported(late).Journaled.ShouldBeEmpty();
        leg.Reported(late with { AveragePrice = new Price(99.9m), Fees = [] }).Journaled.ShouldBeEmpty("a second source that rounds, or lacks the fee, knows no more");

        // The next order waits for nothing.
        leg.Target(6m);
        leg.Sent().Quantity.ShouldBe(C(1m));
    }

    [Fact]
    public void Fees_survive_a_restart_and_are_not_told_again()
    {
        var leg = LegDriver.Ready(target: 5m);
        var order = leg.Open;
        leg.Fill();
        var late = leg.Report(order, OrderStatus.Filled, 5m) with { Fees = [Usdt(0.02m)] };
        leg.Reported(late);
        leg.Crash(Configuration(), Lots(5m));
        leg.State.Closed[^1].Progress.Fees.ShouldHaveSingleItem().ShouldBe(Usdt(0.02m));
        leg.State.Actual.ShouldBe(C(5m));
        leg.Reported(late).Journaled.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_known_of_an_open_orders_fees_is_not_forgotten_when_more_fills()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Rest(filled: 2m);
        leg.Reported(leg.Report(OrderStatus.Open, 2m) with { Fees = [Usdt(0.01m)] }).Journaled.ShouldHaveSingleItem().ShouldBeOfType<OrderCostsTold>();
        leg.State.Progress.Fees.ShouldHaveSingleItem().ShouldBe(Usdt(0.01m));
        var order = leg.Open;
        leg.Reported(leg.Report(OrderStatus.Filled, 5m));
        leg.State.Closed[^1].Progress.Fees.ShouldHaveSingleItem().ShouldBe(Usdt(0.01m), "the report lacked them");
        leg.Reported(leg.Report(order, OrderStatus.Filled, 5m) with { Fees = [Usdt(0.02m), new Fee(new("BNB"), 0.5m)] });
        leg.State.Closed[^1].Progress.Fees.ShouldBe([Usdt(0.02m), new Fee(new("BNB"), 0.5m)]);
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Fact]
    public void Costs_of_an_order_that_nobody_remembers_or_that_is_another_are_not_told()
    {
        var leg = LegDriver.Ready(target: 5m);
        var order = leg.Open;
        leg.Fill();
        var late = leg.Report(order, OrderStatus.Filled, 5m) with { Fees = [Usdt(0.02m)] };
        leg.Reported(late with { ClientOrderId = Domain.Identity.ClientOrderId.Create("test", "proc01", 77) }).Journaled.ShouldBeEmpty();
        leg.Reported(late with { Quantity = C(7m) }).Journaled.ShouldBeEmpty();
    }

    private static Fee Usdt(decimal amount) => new(new("USDT"), amount);
}
