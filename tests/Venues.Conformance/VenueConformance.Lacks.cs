using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

// What the gateway does about what its product lacks.
public abstract partial class VenueConformance
{
    [LackFact(Feature.ListsOnDemand)]
    public async Task Nothing_is_listed_on_demand()
    {
        var before = (await Gateway.GetInstrumentsAsync(default).InTime()).Value;
        (await Gateway.ListOnDemandAsync(s_silver, default).InTime()).Failure!.Kind.ShouldBe(FailureKind.Invalid);
        (await Gateway.GetInstrumentsAsync(default).InTime()).Value.ShouldBe(before, ignoreOrder: true);
    }

    [LackFact(Feature.ReduceOnly)]
    public async Task A_mark_that_the_product_lacks_changes_nothing_about_an_order()
    {
        var fee = (await ConfirmedAsync(Orders.Buy(2m))).FeeInBase.Value;
        (await RefusedAsync(Orders.Make(OrderSide.Sell, 3m, reduceOnly: true))).Class.ShouldBe(IsSpot ? RejectionClass.Funds : RejectionClass.ReRead);
        await ConfirmedAsync(Orders.Make(OrderSide.Sell, 1m, reduceOnly: true));
        (await Host.HeldAsync()).ShouldBe(1m - fee);
    }

    [LackFact(Feature.HedgeLegs)]
    public async Task An_order_for_a_side_is_a_matter_of_the_account()
    {
        (await RefusedAsync(Orders.Make(OrderSide.Buy, 1m, PositionSide.Long))).Class.ShouldBe(RejectionClass.Account);
        (await RefusedAsync(Orders.Make(OrderSide.Sell, 1m, PositionSide.Short))).Class.ShouldBe(RejectionClass.Account);
        (await Host.CountOrdersAsync()).ShouldBe(0);
    }

    [LackFact(Feature.CrossesZero)]
    public async Task No_order_goes_beyond_zero()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        var held = await Host.HeldAsync();
        (await RefusedAsync(Orders.Sell(3m))).Class.ShouldBe(IsSpot ? RejectionClass.Funds : RejectionClass.ReRead);
        (await Host.HeldAsync()).ShouldBe(held);
        (await Host.CountOrdersAsync()).ShouldBe(1);
    }

    [LackFact(Feature.ClosesBelowMinimum)]
    public async Task A_small_rest_cannot_even_be_closed()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        await ConfirmedAsync(Orders.Sell(0.94m));
        var held = await Host.HeldAsync();
        var rest = Math.Floor(held * 100m) / 100m;
        rest.ShouldBeInRange(0.01m, 0.09m);
        (await RefusedAsync(Orders.Sell(rest))).Class.ShouldBe(RejectionClass.BelowMinimum);
        (await Host.HeldAsync()).ShouldBe(held);
    }

    [LackFact(Feature.LateVisibility)]
    public async Task A_look_up_sees_an_order_at_once()
    {
        Gateway.Capabilities.Rules.VisibilityDelay.ShouldBe(TimeSpan.Zero, "the heart waits no longer than it must");
        var order = Orders.Buy(1m);
        await ConfirmedAsync(order);
        (await FoundAsync(order)).Filled.ShouldBe(order.Quantity);
    }

    [LackFact(Feature.Keys)]
    public void It_asks_for_no_key()
    {
        Host.Product.NeedsCredentials.ShouldBeFalse();
        Host.Secrets.ShouldBeEmpty();
    }

    [LackFact(Feature.RefusesUsedIds)]
    public async Task A_used_id_is_taken_again_and_names_the_newer_order()
    {
        var order = Orders.Buy(1m);
        await ConfirmedAsync(order);
        await ConfirmedAsync(order with { Quantity = new Contracts(2m) });
        (await Host.CountOrdersAsync()).ShouldBe(2, "so that nothing but the heart's own rule keeps an order from being sent twice");
        (await FoundAsync(order)).Quantity.Value.ShouldBe(2m);
    }

    [LackFact(Feature.RateLimits)]
    public async Task It_answers_whatever_comes()
    {
        // Some at once and many in turn: on a busy machine thousands at once would wait longer for each other than for an answer.
        for (var burst = 0; burst < 100; burst++)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Gateway.ReadHoldingsAsync(default))).InTime();
            all.Select(a => a.Failure?.Text).ShouldAllBe(why => why == null);
        }
    }

    [LackFact(Feature.CheckedClock)]
    public async Task A_clock_that_is_off_is_no_matter()
    {
        foreach (var by in new[] { -90, 180 })
        {
            await Host.SkewVenueClockAsync(TimeSpan.FromSeconds(by));
            await ConfirmedAsync(Orders.Buy(1m));
            (await ReadAsync(Reading.Holdings)).ShouldBeNull();
        }
    }

    [LackFact(Feature.Liquidation)]
    public async Task A_fall_of_what_is_held_is_not_taken_for_the_venues_doing()
    {
        await ConfirmedAsync(Orders.Buy(2m));
        await using var events = await ListenAsync();
        await Host.TradeByHandAsync(Host.LongSide, OrderSide.Sell, 0.5m);
        while (await events.NextAsync() is var told and not VenueEvent.HoldingsChanged) told.ShouldNotBeOfType<VenueEvent.TakenByVenue>();
    }

    [LackFact(Feature.InstrumentEvents)]
    public async Task A_changed_instrument_is_read_and_told_after_a_refusal_that_shows_it()
    {
        await using var events = await ListenAsync();
        await Host.SetStatusAsync(InstrumentStatus.Closed);
        await RefusedAsync(Orders.Buy(1m));
        var changed = Host.Instrument with { Status = InstrumentStatus.Closed };
        (await events.NextAsync<VenueEvent.InstrumentChanged>()).Instrument.ShouldBe(changed);
        (await Gateway.GetInstrumentsAsync(default).InTime()).Value.Single(i => i.Id == changed.Id).ShouldBe(changed);
    }

    [LackFact(Feature.RestingForeignOrders)]
    public async Task What_is_traded_by_hand_is_told_and_leaves_no_order()
    {
        await using var events = await ListenAsync();
        await Host.TradeByHandAsync(Host.LongSide, OrderSide.Buy, 0.5m);
        (await events.NextAsync<VenueEvent.ForeignOrder>()).Instrument.ShouldBe(Host.Instrument.Id);
        (await Gateway.ReadOpenOrdersAsync(default).InTime()).Value.ShouldBeEmpty();
    }
}
