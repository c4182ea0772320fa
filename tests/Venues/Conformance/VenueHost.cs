using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Tests.Conformance;

/// <summary>What the venue does wrong with the next request of its kind.</summary>
public abstract record Trouble
{
    /// <summary>The order is placed, the answer lost.</summary>
    public sealed record LosesAnswer : Trouble;

    /// <summary>The order never arrives, and nothing says so.</summary>
    public sealed record LosesOrder : Trouble;

    /// <summary>The order is refused.</summary>
    public sealed record Refuses(RejectionClass Class) : Trouble;

    /// <summary>Half of it fills, the rest stays open.</summary>
    public sealed record FillsHalf : Trouble;

    /// <summary>Half of it fills, the rest expires.</summary>
    public sealed record FillsHalfAndExpires : Trouble;

    /// <summary>A reading of holdings fails.</summary>
    public sealed record FailsReading : Trouble;

    /// <summary>A look-up fails.</summary>
    public sealed record FailsLookUp : Trouble;

    /// <summary>A cancel is carried out, its answer lost.</summary>
    public sealed record LosesCancelAnswer : Trouble;
}

/// <summary>A venue that runs for one test, and one gateway to it. One folder of hosts a venue; the suite knows no venue.</summary>
public abstract class VenueHost : IAsyncDisposable
{
    /// <summary>The gateway under test, not yet connected.</summary>
    public abstract IVenueGateway Gateway { get; }

    /// <summary>The right to trade that the gateway looks at.</summary>
    public SwitchedLease Lease { get; } = new();

    /// <summary>How the account keeps the two sides.</summary>
    public virtual PositionMode Mode => PositionMode.OneWay;

    /// <summary>True where the stream begins with a <see cref="VenueEvent.Gap"/>.</summary>
    public virtual bool StreamBeginsWithGap => false;

    /// <summary>The venue's clock as the gateway knows it.</summary>
    public virtual DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>An instrument at price 100: step 0.01, minimum 0.1, maximum 1,000, minimum notional 20.</summary>
    public abstract Instrument Instrument { get; }

    /// <summary>Makes trouble once.</summary>
    public abstract Task MakeAsync(Trouble trouble);

    /// <summary>Sets the status of the instrument.</summary>
    public abstract Task SetStatusAsync(InstrumentStatus status);

    /// <summary>Changes what is held behind the connector's back.</summary>
    public abstract Task TradeByHandAsync(PositionSide leg, OrderSide side, decimal quantity);

    /// <summary>The venue takes from the position: liquidation. Derivatives only.</summary>
    public abstract Task LiquidateAsync(PositionSide leg, OrderSide side, decimal quantity);

    /// <summary>Breaks the line of the stream.</summary>
    public abstract Task BreakStreamAsync();

    /// <summary>How many orders the venue ever took on the account.</summary>
    public abstract Task<int> CountOrdersAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>The leg that opening buys go to.</summary>
    public PositionSide LongSide => Mode == PositionMode.Hedge ? PositionSide.Long : PositionSide.Net;

    /// <summary>What the account holds of a leg; zero when it is not named.</summary>
    public async Task<decimal> HeldAsync(PositionSide? side = null)
    {
        var holdings = await Gateway.ReadHoldingsAsync(default);
        holdings.IsSuccess.ShouldBeTrue();
        var leg = Instrument.Leg(side ?? LongSide);
        return holdings.Value.Where(h => h.Leg == leg).Sum(h => h.Quantity.Value);
    }
}

/// <summary>Orders for tests: ids that no other order has.</summary>
public sealed class OrderMaker(VenueHost host)
{
    private long _counter;

    public OrderRequest Make(OrderSide side, decimal quantity, PositionSide? leg = null, bool reduceOnly = false, DateTimeOffset? notAfter = null) => new(
        ClientOrderId.Create("test", "run001", _counter++),
        host.Instrument.Id,
        leg ?? host.LongSide,
        side,
        new Contracts(quantity),
        reduceOnly,
        notAfter ?? host.Now + TimeSpan.FromMinutes(5),
        new Price(100m));

    public OrderRequest Buy(decimal quantity) => Make(OrderSide.Buy, quantity);

    public OrderRequest Sell(decimal quantity) => Make(OrderSide.Sell, quantity);

    public OrderKey Key(OrderRequest order) => new(order.ClientOrderId, order.Instrument, null, host.Now);
}
