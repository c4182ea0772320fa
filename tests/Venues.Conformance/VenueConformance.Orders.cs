using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

// Orders that the venue takes, and those that it or a local check refuses.
public abstract partial class VenueConformance
{
    [Fact]
    public async Task An_order_fills_and_is_held()
    {
        var order = Orders.Buy(3m);
        var report = await ConfirmedAsync(order);
        report.Status.ShouldBe(OrderStatus.Filled);
        report.Filled.ShouldBe(order.Quantity);
        report.ClientOrderId.ShouldBe(order.ClientOrderId);
        (report.Instrument, report.Side, report.PositionSide, report.Quantity).ShouldBe((order.Instrument, order.Side, order.PositionSide, order.Quantity));
        (await Host.HeldAsync()).ShouldBe(3m - report.FeeInBase.Value);

        var found = await FoundAsync(order);
        (found.Status, found.Filled, found.FeeInBase, found.AveragePrice).ShouldBe((OrderStatus.Filled, order.Quantity, report.FeeInBase, new Price(100m)));
        (found.Instrument, found.Side, found.PositionSide, found.Quantity).ShouldBe((order.Instrument, order.Side, order.PositionSide, order.Quantity));
        found.CreatedAt.ShouldNotBeNull("an order older than its intent is not ours: the venue says when it took it");
    }

    [Fact]
    public async Task Only_spot_buys_pay_their_fee_in_base()
    {
        var buy = await ConfirmedAsync(Orders.Buy(3m));
        var sell = await ConfirmedAsync(Orders.Sell(1m));
        (buy.FeeInBase.Value > 0m).ShouldBe(IsSpot);
        sell.FeeInBase.Value.ShouldBe(0m);
        sell.Fees.ShouldAllBe(f => f.Asset == Host.Instrument.Quote);
        (await Host.HeldAsync()).ShouldBe(2m - buy.FeeInBase.Value);
    }

    [Fact]
    public async Task After_its_validity_an_order_does_not_leave()
    {
        var order = Orders.Make(OrderSide.Buy, 1m, notAfter: Host.Now - TimeSpan.FromSeconds(1));
        (await DeniedAsync(order)).Class.ShouldBe(RejectionClass.Transient);
        (await Host.CountOrdersAsync()).ShouldBe(0);
        await NotFoundAsync(order);
    }

    [FeatureFact(Feature.HonoursExpiry)]
    public async Task The_venue_refuses_what_arrives_after_its_validity()
    {
        await Host.MakeAsync(new Trouble.ArrivesLate(TimeSpan.FromSeconds(2)));
        var order = Orders.Make(OrderSide.Buy, 1m, notAfter: Host.Now + TimeSpan.FromSeconds(1));
        (await SubmitAsync(order)).ShouldNotBeOfType<SubmitOutcome.Confirmed>();
        await NotFoundAsync(order);
        (await Host.CountOrdersAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Without_the_right_to_trade_an_order_does_not_leave()
    {
        var order = Orders.Buy(1m);
        Host.Lease.IsHeld = false;
        (await DeniedAsync(order)).Class.ShouldBe(RejectionClass.Wait);
        (await Host.CountOrdersAsync()).ShouldBe(0);
        await NotFoundAsync(order);
        Host.Lease.IsHeld = true;
        await ConfirmedAsync(order);
    }

    [FeatureFact(Feature.RefusesUsedIds)]
    public async Task An_id_is_taken_once()
    {
        var order = Orders.Buy(1m);
        var fee = (await ConfirmedAsync(order)).FeeInBase.Value;
        (await RefusedAsync(order with { Quantity = new Contracts(2m) })).Class.ShouldBe(RejectionClass.Query);
        (await FoundAsync(order)).Quantity.ShouldBe(new Contracts(1m));
        (await Host.CountOrdersAsync()).ShouldBe(1);
        (await Host.HeldAsync()).ShouldBe(1m - fee);
    }

    [Fact]
    public async Task The_id_of_an_open_order_is_refused()
    {
        var order = Orders.Buy(2m);
        await Host.RestAsync(order);
        (await RefusedAsync(order with { Quantity = new Contracts(3m) })).Class.ShouldBe(RejectionClass.Query);
        (await FoundAsync(order)).Quantity.ShouldBe(new Contracts(2m));
        (await Host.CountOrdersAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Every_row_of_the_error_table_has_its_class_and_leaves_nothing() => await EachAsync(Host.Errors, async row =>
    {
        await Host.MakeAsync(new Trouble.Refuses(row));
        var order = Orders.Buy(1m);
        var outcome = await SubmitAsync(order);
        if (row.Class is not { } kind)
        {
            outcome.ShouldBeOfType<SubmitOutcome.Unknown>(outcome.ToString()).Why.ShouldNotBeEmpty();
            return;
        }

        var rejection = outcome.ShouldBeOfType<SubmitOutcome.Rejected>(outcome.ToString()).Rejection;
        (rejection.Class, rejection.Code.Length > 0, rejection.Text.Length > 0).ShouldBe((kind, true, true), rejection.ToString());
        (await Host.CountOrdersAsync()).ShouldBe(0);
    });

    [Fact]
    public async Task The_filters_refuse_with_the_right_class()
    {
        var it = Host.Instrument;
        (await RefusedAsync(Orders.Buy(it.MaxQuantity!.Value + it.LotStep))).Class.ShouldBe(RejectionClass.Split);
        if (it.MinQuantity > it.LotStep) (await RefusedAsync(Orders.Buy(it.MinQuantity - it.LotStep))).Class.ShouldBe(RejectionClass.BelowMinimum);
        (await RefusedAsync(Orders.Buy((it.MinNotional / 100m) - it.LotStep))).Class.ShouldBe(RejectionClass.BelowMinimum);
        (await RefusedAsync(Orders.Buy(1m + (it.LotStep / 2m)))).Class.ShouldBe(RejectionClass.Permanent);
        (await RefusedAsync(Orders.Buy(1m) with { Instrument = new InstrumentId("NOTHING") })).Class.ShouldBe(RejectionClass.Permanent);
        (await Host.CountOrdersAsync()).ShouldBe(0);
        (await ConfirmedAsync(Orders.Buy(it.MinNotional / 100m))).Filled.Value.ShouldBe(it.MinNotional / 100m);
    }

    [FeatureFact(Feature.ClosesBelowMinimum)]
    public async Task A_small_rest_can_be_closed_but_not_reduced()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        await ConfirmedAsync(Orders.Sell(0.94m));
        if (Host.Mode == PositionMode.OneWay) (await RefusedAsync(Orders.Sell(0.03m))).Class.ShouldBe(RejectionClass.BelowMinimum);
        var rest = Math.Floor(await Host.HeldAsync() * 100m) / 100m;
        rest.ShouldBeInRange(0.01m, 0.09m);
        (await ConfirmedAsync(Orders.Make(OrderSide.Sell, rest, reduceOnly: !IsSpot))).Filled.ShouldBe(new Contracts(rest));
        (await Host.HeldAsync()).ShouldBeLessThan(0.01m);
    }

    [Fact]
    public async Task A_part_fills_and_the_rest_is_cancelled()
    {
        var order = Orders.Buy(2m);
        await Host.RestAsync(order);
        var open = await FoundAsync(order);
        open.Status.ShouldBe(OrderStatus.Open);
        open.Filled.ShouldBe(new Contracts(1m));
        var cancelled = (await CancelAsync(order)).ShouldBeOfType<CancelOutcome.Accepted>().Report;
        if (cancelled is not null) (cancelled.ClientOrderId, cancelled.Status, cancelled.Filled).ShouldBe((order.ClientOrderId, OrderStatus.Cancelled, new Contracts(1m)));
        var closed = await FoundAsync(order);
        closed.Status.ShouldBe(OrderStatus.Cancelled);
        closed.Filled.ShouldBe(new Contracts(1m));
        (await Host.HeldAsync()).ShouldBe(1m - closed.FeeInBase.Value);
        (await CancelAsync(order)).ShouldBeOfType<CancelOutcome.NothingToCancel>();
    }

    [Fact]
    public async Task A_part_fills_and_the_rest_expires()
    {
        await Host.MakeAsync(new Trouble.FillsHalfAndExpires());
        var order = Orders.Buy(2m);
        var answer = await ConfirmedAsync(order);
        if (answer.IsClosed) (answer.Status, answer.Filled).ShouldBe((OrderStatus.Expired, new Contracts(1m)));
        var closed = await FoundAsync(order);
        closed.Status.ShouldBe(OrderStatus.Expired);
        closed.Filled.ShouldBe(new Contracts(1m));
        (await Host.HeldAsync()).ShouldBe(1m - closed.FeeInBase.Value);
    }

    [Fact]
    public async Task A_closed_instrument_makes_orders_wait()
    {
        await Host.SetStatusAsync(InstrumentStatus.Closed);
        (await RefusedAsync(Orders.Buy(1m))).Class.ShouldBe(Host.ClosedClass);
        await Host.SetStatusAsync(InstrumentStatus.Trading);
        await ConfirmedAsync(Orders.Buy(1m));
    }

    [Fact]
    public async Task Many_orders_at_once_all_count()
    {
        var orders = Enumerable.Range(1, 40).Select(i => Orders.Buy(i)).ToArray();
        var outcomes = await Task.WhenAll(orders.Select(o => Gateway.SubmitAsync(o, default))).InTime();
        var fee = outcomes.Sum(o => o.ShouldBeOfType<SubmitOutcome.Confirmed>(o.ToString()).Report.FeeInBase.Value);
        (await Host.HeldAsync()).ShouldBe(820m - fee);
        (await Host.CountOrdersAsync()).ShouldBe(40);
    }
}
