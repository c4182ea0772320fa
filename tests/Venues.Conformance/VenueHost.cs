using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

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

    /// <summary>
    /// An instrument at price 100: step 0.01, maximum 1,000, minimum notional 20; minimum 0.1, or one step where an order that closes may not be below the minimum quantity.
    /// </summary>
    public abstract Instrument Instrument { get; }

    /// <summary>The product as the catalog offers it.</summary>
    public abstract VenueProduct Product { get; }

    /// <summary>All ways in which the answer to a placed order can be lost.</summary>
    public abstract ImmutableArray<string> WaysToLoseAnswers { get; }

    /// <summary>All ways in which an order can be lost without a word.</summary>
    public abstract ImmutableArray<string> WaysToLoseOrders { get; }

    /// <summary>The product's error table, written down from what the venue documents: every row.</summary>
    public abstract ImmutableArray<ErrorRow> Errors { get; }

    /// <summary>How the venue answers look-ups but with the order.</summary>
    public abstract ImmutableArray<LookUpRow> LookUpErrors { get; }

    /// <summary>How the venue refuses cancels.</summary>
    public abstract ImmutableArray<CancelRow> CancelErrors { get; }

    /// <summary>How readings can fail.</summary>
    public abstract ImmutableArray<ReadingFailure> ReadingFailures { get; }

    /// <summary>What no text may tell.</summary>
    public virtual ImmutableArray<string> Secrets => [];

    /// <summary>What the gateway logged so far.</summary>
    public virtual string Logged => "";

    /// <summary>Makes trouble once.</summary>
    public abstract Task MakeAsync(Trouble trouble);

    /// <summary>How much of the trouble that was made nothing has met yet.</summary>
    public abstract int Unmet { get; }

    /// <summary>Sets the status of the instrument, as its listing tells it and as the venue acts.</summary>
    public abstract Task SetStatusAsync(InstrumentStatus status);

    /// <summary>The class with which orders for a closed instrument are refused.</summary>
    public virtual RejectionClass ClosedClass => RejectionClass.Wait;

    /// <summary>The order stands at the venue: half of it filled, the rest is open.</summary>
    public abstract Task RestAsync(OrderRequest order);

    /// <summary>Changes what is held behind the connector's back.</summary>
    public abstract Task TradeByHandAsync(PositionSide leg, OrderSide side, decimal quantity);

    /// <summary>Breaks the line of the stream.</summary>
    public abstract Task BreakStreamAsync();

    /// <summary>How many orders the venue ever took on the account.</summary>
    public abstract Task<int> CountOrdersAsync();

    /// <summary>How many requests ever reached the venue.</summary>
    public virtual Task<int> CountRequestsAsync() => throw Missing(Feature.RateLimits);

    /// <summary>The stream tells what <see cref="Trouble.MuddlesEvents"/> kept back.</summary>
    public virtual Task TellAsync() => throw Missing(Feature.Streams);

    /// <summary>The venue takes from the position: liquidation.</summary>
    public virtual Task LiquidateAsync(PositionSide leg, OrderSide side, decimal quantity) => throw Missing(Feature.Liquidation);

    /// <summary>Hidden orders are seen from now on.</summary>
    public virtual Task ShowOrdersAsync() => throw Missing(Feature.LateVisibility);

    /// <summary>Begins or ends the venue's maintenance.</summary>
    public abstract Task SetMaintenanceAsync(bool on);

    /// <summary>Moves the venue's clock against ours, where the two are not one.</summary>
    public abstract Task SkewVenueClockAsync(TimeSpan by);

    /// <summary>Changes what the key may do.</summary>
    public virtual Task SetKeyAsync(KeyRights rights) => throw Missing(Feature.Keys);

    /// <summary>Somebody else places an order with an id that is not of our form; it stays open.</summary>
    public virtual Task RestForeignOrderAsync() => throw Missing(Feature.RestingForeignOrders);

    /// <summary>Lets time go by for gateway and venue.</summary>
    public abstract void Pass(TimeSpan time);

    public abstract ValueTask DisposeAsync();

    /// <summary>Whether the product has a feature as gateway and catalog declare it; null where they declare nothing.</summary>
    public bool? Declares(Feature feature)
    {
        var can = Gateway.Capabilities;
        return feature switch
        {
            Feature.Streams => can.Streams,
            Feature.ListsOnDemand => can.ListsOnDemand,
            Feature.ReduceOnly => can.Rules.OffersReduceOnly && Mode == PositionMode.OneWay,
            Feature.HedgeLegs => Mode == PositionMode.Hedge,
            Feature.CrossesZero => can.Rules.CrossesZeroInOneOrder && can.Rules.Kind == ProductKind.Derivative && Mode == PositionMode.OneWay,
            Feature.ClosesBelowMinimum => can.Rules.ClosesBelowMinimum,
            Feature.HonoursExpiry => can.Rules.HonoursExpiry,
            Feature.LateVisibility => can.Rules.VisibilityDelay > TimeSpan.Zero,
            Feature.Keys => Product.NeedsCredentials,
            _ => null,
        };
    }

    /// <summary>The leg that opening buys go to.</summary>
    public PositionSide LongSide => Mode == PositionMode.Hedge ? PositionSide.Long : PositionSide.Net;

    /// <summary>What the account holds of a leg; zero when it is not named.</summary>
    public async Task<decimal> HeldAsync(PositionSide? side = null)
    {
        var holdings = await Gateway.ReadHoldingsAsync(default).InTime();
        holdings.IsSuccess.ShouldBeTrue(holdings.Failure?.Text);
        var leg = Instrument.Leg(side ?? LongSide);
        return holdings.Value.Where(h => h.Leg == leg).Sum(h => h.Quantity.Value);
    }

    private NotSupportedException Missing(Feature feature) => new($"{GetType().Name} has {feature}, but its host cannot show it.");
}

/// <summary>What a key may do.</summary>
public enum KeyRights
{
    /// <summary>Read and trade, as it should be.</summary>
    Trade,

    /// <summary>Read only.</summary>
    Read,

    /// <summary>Trade, and withdraw: more than it should.</summary>
    Withdraw,

    /// <summary>Nothing: deleted.</summary>
    None,
}

/// <summary>Orders for tests: ids that no other order has.</summary>
public sealed class OrderMaker(VenueHost host)
{
    private readonly Dictionary<ClientOrderId, DateTimeOffset> _made = [];
    private long _counter;

    public OrderRequest Make(OrderSide side, decimal quantity, PositionSide? leg = null, bool reduceOnly = false, DateTimeOffset? notAfter = null)
    {
        var id = ClientOrderId.Create("test", "run001", _counter++);
        _made[id] = host.Now;
        return new OrderRequest(
            id, host.Instrument.Id, leg ?? host.LongSide, side, new Contracts(quantity), reduceOnly, notAfter ?? host.Now + TimeSpan.FromMinutes(5), new Price(100m));
    }

    public OrderRequest Buy(decimal quantity) => Make(OrderSide.Buy, quantity);

    public OrderRequest Sell(decimal quantity) => Make(OrderSide.Sell, quantity);

    public OrderKey Key(OrderRequest order) => new(order.ClientOrderId, order.Instrument, null, _made[order.ClientOrderId]);
}
