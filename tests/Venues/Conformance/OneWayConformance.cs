using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Tests.Conformance;

/// <summary>What gateways of derivatives in one-way mode must do besides.</summary>
public abstract class OneWayConformance : DerivativeConformance
{
    [Fact]
    public async Task One_order_crosses_zero_in_one_way_mode()
    {
        if (!Gateway.Capabilities.Rules.CrossesZeroInOneOrder) return;
        await ConfirmedAsync(Orders.Buy(1m));
        await ConfirmedAsync(Orders.Sell(3m));
        (await Host.HeldAsync()).ShouldBe(-2m);
    }
}
