using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Tests.Legs.Properties;

/// <summary>The truth: one holding and the orders that move it. Knows nothing of the heart.</summary>
internal sealed class ModelVenue(Setup setup)
{
    private readonly Dictionary<ClientOrderId, VenueOrder> _orders = [];
    private readonly List<(DateTimeOffset At, decimal Position)> _history = [(DateTimeOffset.MinValue, setup.HeldSteps * setup.Step)];

    public decimal Position => _history[^1].Position;

    public IEnumerable<VenueOrder> Orders => _orders.Values;

    public decimal PositionAt(DateTimeOffset time) => _history.Last(h => h.At <= time).Position;

    public VenueOrder? Find(ClientOrderId id) => _orders.GetValueOrDefault(id);

    /// <summary>A trade, deposit or withdrawal of somebody else; on spot and hedge legs never past zero.</summary>
    public void Manual(DateTimeOffset now, decimal change) => Move(now, Within(Position + change) - Position);

    /// <summary>Takes an order, or says why not.</summary>
    public Rejection? Accept(OrderRequest order, DateTimeOffset now, DateTimeOffset visibleAt)
    {
        if (_orders.ContainsKey(order.ClientOrderId)) throw new InvalidOperationException($"The id {order.ClientOrderId} was sent twice.");
        if (now > order.NotAfter) throw new InvalidOperationException($"The order {order.ClientOrderId} left after its validity.");
        var after = Position + Signed(order, order.Quantity.Value);
        var shrinks = Math.Abs(after) <= Math.Abs(Position) && after * Position >= 0m;
        if (order.ReduceOnly && setup.Product == ProductKind.Derivative && !shrinks) return new Rejection(RejectionClass.ReRead, "-2022", "reduce-only is refused");
        if (after != Within(after)) return new Rejection(setup.Product == ProductKind.Spot ? RejectionClass.Funds : RejectionClass.ReRead, "-2010", "not that much is held");
        _orders.Add(order.ClientOrderId, new VenueOrder(order, now, visibleAt));
        return null;
    }

    /// <summary>Fills a part (0 to 1) of what is left, in lot steps.</summary>
    public void Fill(VenueOrder order, decimal part, DateTimeOffset now)
    {
        if (order.Status != OrderStatus.Open) return;
        var left = order.Request.Quantity.Value - order.Filled;
        var filled = part >= 1m ? left : decimal.Floor(left * part / setup.Step) * setup.Step;
        if (Within(Position + Signed(order.Request, filled)) != Position + Signed(order.Request, filled)) filled = 0m; // nothing left to fill against
        var fee = setup.Product == ProductKind.Spot && order.Request.Side == OrderSide.Buy ? filled * setup.FeeRate : 0m;
        order.Filled += filled;
        order.Fee += fee;
        if (order.Filled >= order.Request.Quantity.Value) order.Status = OrderStatus.Filled;
        Move(now, Signed(order.Request, filled) - fee);
    }

    public void Close(VenueOrder order, OrderStatus status)
    {
        if (order.Status == OrderStatus.Open) order.Status = status;
    }

    private decimal Within(decimal position) => setup.Side switch
    {
        PositionSide.Short => Math.Min(0m, position),
        PositionSide.Long => Math.Max(0m, position),
        _ => setup.Product == ProductKind.Spot ? Math.Max(0m, position) : position,
    };

    private void Move(DateTimeOffset now, decimal change)
    {
        if (change != 0m) _history.Add((now, Position + change));
    }

    private static decimal Signed(OrderRequest order, decimal quantity) => order.Side == OrderSide.Buy ? quantity : -quantity;
}

/// <summary>An order at the venue.</summary>
internal sealed class VenueOrder(OrderRequest request, DateTimeOffset createdAt, DateTimeOffset visibleAt)
{
    private static readonly TimeSpan s_feesAfter = TimeSpan.FromSeconds(1);

    public OrderRequest Request { get; } = request;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset VisibleAt { get; } = visibleAt;

    /// <summary>Until then its reports lag: they say that nothing filled.</summary>
    public DateTimeOffset FillsVisibleAt { get; set; }

    public OrderStatus Status { get; set; } = OrderStatus.Open;

    public decimal Filled { get; set; }

    public decimal Fee { get; set; }

    public OrderReport Report(DateTimeOffset now)
    {
        var lags = now < FillsVisibleAt;

        // What the fills cost is told later than they are.
        ImmutableArray<Fee> fees = lags || Filled == 0m || now < CreatedAt + s_feesAfter ? [] : [new Fee(new AssetName("USDT"), Filled)];
        return new OrderReport(
            Request.ClientOrderId, "v" + Request.ClientOrderId, Request.Instrument, Request.PositionSide, Request.Side, Request.Quantity, Status,
            new Contracts(lags ? 0m : Filled), null, new Contracts(lags ? 0m : Fee), fees, CreatedAt);
    }
}
