using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulation.Checking;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Venue;

/// <summary>One order at the venue, with all states that it ever had.</summary>
internal sealed class BookOrder(OrderRequest request, LegId leg, string venueId, DateTimeOffset at, DateTimeOffset visibleAt)
{
    private readonly List<State> _states = [new(at, OrderStatus.Open, 0m, 0m)];

    public OrderRequest Request { get; } = request;

    public LegId Leg { get; } = leg;

    public DateTimeOffset At { get; } = at;

    public DateTimeOffset VisibleAt { get; } = visibleAt;

    public State Last => _states[^1];

    public bool Open => Last.Status == OrderStatus.Open;

    public decimal Left => Request.Quantity.Value - Last.Filled;

    public void Become(DateTimeOffset at, OrderStatus status, decimal filled, decimal fee) => _states.Add(new State(at, status, filled, fee));

    /// <summary>What the venue says of it, as it stood at that time.</summary>
    public OrderReport Report(DateTimeOffset asOf, TimeSpan skew)
    {
        var state = _states.FindLast(s => s.At <= asOf) ?? _states[0];
        return new OrderReport(
            Request.ClientOrderId, venueId, Request.Instrument, Request.PositionSide, Request.Side, Request.Quantity, state.Status,
            new Contracts(state.Filled), state.Filled > 0m ? new Price(100m) : null, new Contracts(state.Fee), [], At + skew);
    }

    internal sealed record State(DateTimeOffset At, OrderStatus Status, decimal Filled, decimal Fee);
}

/// <summary>The truth: what the account holds and which orders it has. Survives every crash.</summary>
internal sealed class VenueBook(Timeline timeline, VenueTraits traits, Checker checker, Trace trace)
{
    private readonly Dictionary<LegId, List<(DateTimeOffset At, decimal Position)>> _holdings = [];
    private readonly List<BookOrder> _orders = [];

    public IEnumerable<LegId> Legs => _holdings.Keys;

    public IEnumerable<BookOrder> OpenOrders => _orders.Where(o => o.Open);

    public decimal Position(LegId leg) => _holdings[leg][^1].Position;

    public decimal PositionAt(LegId leg, DateTimeOffset at) => _holdings[leg].FindLast(h => h.At <= at) is { At.Ticks: > 0 } h ? h.Position : _holdings[leg][0].Position;

    public void Open(LegId leg, decimal position)
    {
        _holdings[leg] = [(timeline.Now, position)];
        checker.VenueHolds(leg.ToString(), position);
    }

    public BookOrder? Find(ClientOrderId id) => _orders.FindLast(o => o.Request.ClientOrderId == id);

    public bool Knows(ClientOrderId id) => _orders.Exists(o => o.Request.ClientOrderId == id && traits.Ids switch
    {
        IdPolicy.Unique => true,
        IdPolicy.OpenOrders => o.Open,
        _ => o.Open || o.Last.Status != OrderStatus.Filled,
    });

    public BookOrder Accept(OrderRequest request, LegId leg, DateTimeOffset visibleAt)
    {
        var order = new BookOrder(request, leg, $"v{_orders.Count + 1}", timeline.Now, visibleAt);
        _orders.Add(order);
        trace.Note("venue accepts", request.ClientOrderId.Value, request.Quantity.Value, $"{request.Side} {leg}");
        checker.VenueAccepted(leg.ToString(), request.ClientOrderId.Value);
        return order;
    }

    /// <summary>Fills up to that much; what the holding does not allow any more is not filled.</summary>
    public void Fill(BookOrder order, decimal quantity)
    {
        if (!order.Open || quantity <= 0m) return;
        var request = order.Request;
        var buy = request.Side == OrderSide.Buy;
        var filled = Math.Min(Math.Min(quantity, order.Left), Room(order));
        if (filled > 0m)
        {
            var fee = traits.Kind == ProductKind.Spot && buy ? filled * traits.FeeRate : 0m;
            var total = order.Last.Filled + filled;
            order.Become(timeline.Now, total >= request.Quantity.Value ? OrderStatus.Filled : OrderStatus.Open, total, order.Last.Fee + fee);
            trace.Note("venue fills", request.ClientOrderId.Value, filled);
            checker.VenueFilled(order.Leg.ToString(), request.ClientOrderId.Value, filled, fee);
            Move(order.Leg, (buy ? filled : -filled) - fee);
        }

        if (order.Open && filled < quantity) Close(order, OrderStatus.Expired);
        else if (!order.Open) checker.VenueClosed(order.Leg.ToString(), request.ClientOrderId.Value);
    }

    public void Close(BookOrder order, OrderStatus status)
    {
        if (!order.Open) return;
        order.Become(timeline.Now, status, order.Last.Filled, order.Last.Fee);
        trace.Note("venue closes", order.Request.ClientOrderId.Value, order.Last.Filled, status.ToString());
        checker.VenueClosed(order.Leg.ToString(), order.Request.ClientOrderId.Value);
    }

    /// <summary>A person cancels what the account has open there.</summary>
    public void CancelByHand(LegId leg)
    {
        foreach (var order in _orders.Where(o => o.Open && o.Leg == leg).ToArray()) Close(order, OrderStatus.Cancelled);
    }

    /// <summary>A trade of somebody else, within what the leg can hold.</summary>
    public void Foreign(LegId leg, decimal change)
    {
        var moved = Within(leg, Position(leg) + change) - Position(leg);
        if (moved == 0m) return;
        trace.Note("somebody trades", leg.ToString(), moved);
        checker.ForeignMove(leg.ToString(), moved, timeline.Now);
        Move(leg, moved);
    }

    /// <summary>How much of the order the holding lets fill now.</summary>
    public decimal Room(BookOrder order) => Room(order.Leg, order.Request);

    public decimal Room(LegId leg, OrderRequest request)
    {
        var position = Position(leg);
        var held = request.Side == OrderSide.Sell ? Math.Max(0m, position) : Math.Max(0m, -position);
        var bounded = traits.Kind == ProductKind.Spot ? request.Side == OrderSide.Sell
            : leg.Side == PositionSide.Long ? request.Side == OrderSide.Sell
            : leg.Side == PositionSide.Short ? request.Side == OrderSide.Buy
            : request.ReduceOnly;
        return bounded ? held - (held % traits.Step) : decimal.MaxValue;
    }

    private decimal Within(LegId leg, decimal position) => leg.Side switch
    {
        PositionSide.Short => Math.Min(0m, position),
        PositionSide.Long => Math.Max(0m, position),
        _ => traits.Kind == ProductKind.Spot ? Math.Max(0m, position) : position,
    };

    private void Move(LegId leg, decimal change) => _holdings[leg].Add((timeline.Now, Position(leg) + change));
}
