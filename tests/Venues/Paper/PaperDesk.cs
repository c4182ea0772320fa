using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;

namespace CSMultiConnector.Venues.Tests.Paper;

/// <summary>Short ways to deal with a paper venue in tests.</summary>
internal static class PaperDesk
{
    internal static readonly PaperAccountKey Futures = new(PaperProduct.Futures, "desk");
    internal static readonly PaperAccountKey Spot = new(PaperProduct.Spot, "desk");

    internal static InstrumentId Symbol { get; } = new("TSTUSD");

    internal static ClientOrderId Id(long counter, string process = "run001") => ClientOrderId.Create("desk", process, counter);

    internal static OrderRequest Order(long counter, OrderSide side, decimal quantity, PositionSide leg = PositionSide.Net, DateTimeOffset? notAfter = null) =>
        new(Id(counter), Symbol, leg, side, new Contracts(quantity), false, notAfter ?? DateTimeOffset.MaxValue, null);

    /// <summary>Lists the sample instrument for both products at 100.</summary>
    internal static async Task<PaperExchange> ReadyAsync(this PaperExchange exchange)
    {
        foreach (var product in Enum.GetValues<PaperProduct>())
        {
            (await exchange.ListAsync(product, Samples.Instrument(product), default)).IsSuccess.ShouldBeTrue();
            (await exchange.SetPriceAsync(product, Symbol, new Price(100m), default)).IsSuccess.ShouldBeTrue();
        }

        return exchange;
    }

    internal static async Task<decimal> HeldAsync(this PaperExchange exchange, PaperAccountKey account, string name, PositionSide side = PositionSide.Net) =>
        (await exchange.HoldingsAsync(account, default)).Value.Where(h => h.Name == name && h.Side == side).Sum(h => h.Quantity.Value);

    internal static async Task<OrderReport> DoneAsync(this PaperExchange exchange, PaperAccountKey account, OrderRequest order) =>
        (await exchange.SubmitAsync(account, order, default)).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;
}
