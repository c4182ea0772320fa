using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>What spot gateways must do besides.</summary>
[Lacks(Feature.ReduceOnly, "a balance cannot fall below zero")]
[Lacks(Feature.HedgeLegs, "a balance has no side")]
[Lacks(Feature.CrossesZero, "nothing lies beyond a balance of zero")]
[Lacks(Feature.Liquidation, "balances are not liquidated")]
public abstract class SpotConformance : VenueConformance
{
    [Fact]
    public async Task What_an_open_spot_order_locks_is_not_free()
    {
        await ConfirmedAsync(Orders.Buy(5m));
        await Host.RestAsync(Orders.Sell(2m));
        var held = (await Gateway.ReadHoldingsAsync(default)).Value.Single(h => h.Name == Host.Instrument.Base.Value);
        held.Free.ShouldBe(held.Quantity - new Contracts(1m));
        (await RefusedAsync(Orders.Sell(Math.Floor(held.Quantity.Value)))).Class.ShouldBe(RejectionClass.Funds);
    }

    [Fact]
    public async Task Spot_spends_only_what_it_has()
    {
        (await RefusedAsync(Orders.Sell(1m))).Class.ShouldBe(RejectionClass.Funds);
        var quote = (await Gateway.ReadHoldingsAsync(default)).Value.Single(h => h.Name == Host.Instrument.Quote.Value).Quantity.Value;
        var tooMuch = Math.Ceiling(quote / 100m) + 1m;
        while (tooMuch > 1_000m)
        {
            await ConfirmedAsync(Orders.Buy(1_000m));
            tooMuch -= 1_000m;
        }

        (await RefusedAsync(Orders.Buy(tooMuch))).Class.ShouldBe(RejectionClass.Funds);
        (await Gateway.ReadHoldingsAsync(default)).Value.ShouldAllBe(h => h.Quantity.Value >= 0m);
    }
}
