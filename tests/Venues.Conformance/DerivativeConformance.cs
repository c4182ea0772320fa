using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>What gateways of derivatives must do besides.</summary>
public abstract class DerivativeConformance : VenueConformance
{
    [Fact]
    public async Task A_position_that_was_closed_is_not_named()
    {
        await ConfirmedAsync(Orders.Buy(3m));
        await ConfirmedAsync(Orders.Sell(3m));
        (await Gateway.ReadHoldingsAsync(default)).Value.ShouldNotContain(h => h.Name == Host.Instrument.HoldingName);
    }

    [FeatureFact(Feature.ReduceOnly)]
    public async Task Reduce_only_never_increases_nor_turns_round()
    {
        (await RefusedAsync(Orders.Make(OrderSide.Sell, 1m, reduceOnly: true))).Class.ShouldBe(RejectionClass.ReRead);
        await ConfirmedAsync(Orders.Buy(1m));
        (await RefusedAsync(Orders.Make(OrderSide.Buy, 1m, reduceOnly: true))).Class.ShouldBe(RejectionClass.ReRead);
        await ConfirmedAsync(Orders.Make(OrderSide.Sell, 0.5m, reduceOnly: true));
        (await Host.HeldAsync()).ShouldBe(0.5m);

        // Refused, or shrunk to what is held: the venue's choice.
        var over = await SubmitAsync(Orders.Make(OrderSide.Sell, 2m, reduceOnly: true));
        if (over is SubmitOutcome.Rejected refused) refused.Rejection.Class.ShouldBe(RejectionClass.ReRead);
        else over.ShouldBeOfType<SubmitOutcome.Confirmed>().Report.Filled.Value.ShouldBe(0.5m);
        (await Host.HeldAsync()).ShouldBe(over is SubmitOutcome.Rejected ? 0.5m : 0m);
    }

    [FeatureFact(Feature.Streams, Feature.Liquidation)]
    public async Task The_stream_tells_what_the_venue_took()
    {
        await ConfirmedAsync(Orders.Buy(2m));
        await using var events = await ListenAsync();
        await Host.LiquidateAsync(Host.LongSide, OrderSide.Sell, 1.5m);
        (await events.NextAsync<VenueEvent.TakenByVenue>()).Leg.ShouldBe(Host.Instrument.Leg(Host.LongSide));
        (await Host.HeldAsync()).ShouldBe(0.5m);
    }
}
