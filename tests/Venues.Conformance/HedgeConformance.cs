using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>What gateways of derivatives in hedge mode must do besides.</summary>
[Lacks(Feature.ReduceOnly, "each side is closed by its own orders, which never open the other")]
[Lacks(Feature.CrossesZero, "each side ends at zero")]
public abstract class HedgeConformance : DerivativeConformance
{
    [FeatureFact(Feature.HedgeLegs)]
    public async Task Hedge_legs_are_held_side_by_side()
    {
        await ConfirmedAsync(Orders.Make(OrderSide.Buy, 2m, PositionSide.Long));
        await ConfirmedAsync(Orders.Make(OrderSide.Sell, 3m, PositionSide.Short));
        (await Host.HeldAsync(PositionSide.Long)).ShouldBe(2m);
        (await Host.HeldAsync(PositionSide.Short)).ShouldBe(-3m);
        (await RefusedAsync(Orders.Make(OrderSide.Buy, 3.5m, PositionSide.Short))).Class.ShouldBe(RejectionClass.ReRead);
        await ConfirmedAsync(Orders.Make(OrderSide.Buy, 3m, PositionSide.Short));
        (await Host.HeldAsync(PositionSide.Short)).ShouldBe(0m);
        (await Host.HeldAsync(PositionSide.Long)).ShouldBe(2m);
    }

    [FeatureFact(Feature.HedgeLegs)]
    public async Task An_order_without_a_side_is_a_matter_of_the_account()
    {
        (await RefusedAsync(Orders.Make(OrderSide.Buy, 1m, PositionSide.Net))).Class.ShouldBe(RejectionClass.Account);
        (await Host.CountOrdersAsync()).ShouldBe(0);
    }
}
