using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>What gateways of derivatives in one-way mode must do besides.</summary>
[Lacks(Feature.HedgeLegs, "a one-way account nets both sides")]
public abstract class OneWayConformance : DerivativeConformance
{
    [FeatureFact(Feature.CrossesZero)]
    public async Task One_order_crosses_zero_in_one_way_mode()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        await ConfirmedAsync(Orders.Sell(3m));
        (await Host.HeldAsync()).ShouldBe(-2m);
    }
}
