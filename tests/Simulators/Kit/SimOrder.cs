namespace CSMultiConnector.Simulators.Kit;

/// <summary>A fill of an order.</summary>
public sealed record SimFill(
    long TradeId, decimal Price, decimal Quantity, decimal Commission, string CommissionAsset, long AtMs, bool Maker, decimal RealizedPnl);

/// <summary>An order as the venue keeps it. Statuses are the venue's own words.</summary>
public sealed class SimOrder
{
    private readonly List<SimFill> _fills = [];

    public required long Id { get; init; }

    public required string ClientId { get; init; }

    public required string Symbol { get; init; }

    public required bool Buy { get; init; }

    public required string Type { get; init; }

    public required decimal Quantity { get; set; }

    public required long CreatedMs { get; init; }

    public string TimeInForce { get; init; } = "GTC";

    public decimal Price { get; init; }

    public decimal QuoteQuantity { get; init; }

    public bool ReduceOnly { get; init; }

    public string PositionSide { get; init; } = "BOTH";

    public string Status { get; set; } = "NEW";

    public int ExpiryReason { get; set; }

    public long UpdatedMs { get; set; }

    /// <summary>What the order holds back of a balance.</summary>
    public decimal Locked { get; set; }

    public decimal Executed { get; private set; }

    public decimal ExecutedQuote { get; private set; }

    public IReadOnlyList<SimFill> Fills => _fills;

    public bool IsOpen => Status is "NEW" or "PARTIALLY_FILLED";

    public decimal Remaining => Quantity - Executed;

    public decimal AveragePrice => Executed == 0 ? 0 : ExecutedQuote / Executed;

    public void Add(SimFill fill)
    {
        _fills.Add(fill);
        Executed += fill.Quantity;
        ExecutedQuote += fill.Quantity * fill.Price;
        UpdatedMs = fill.AtMs;
        Status = Executed >= Quantity ? "FILLED" : "PARTIALLY_FILLED";
    }
}

/// <summary>Orders by id, by client id (the newest counts) and the open ones; bounded by the venue's memory of closed orders.</summary>
internal sealed class OrderStore(int capacity)
{
    private readonly Dictionary<long, SimOrder> _byId = [];
    private readonly Dictionary<(string Symbol, string ClientId), SimOrder> _byClientId = [];
    private readonly Dictionary<long, SimOrder> _open = [];
    private readonly Queue<SimOrder> _order = new();

    public IEnumerable<SimOrder> Open => _open.Values;

    public IEnumerable<SimOrder> All => _order;

    public int OpenCount => _open.Count;

    public void Add(SimOrder order)
    {
        _byId[order.Id] = order;
        _byClientId[(order.Symbol, order.ClientId)] = order;
        if (order.IsOpen) _open[order.Id] = order;
        _order.Enqueue(order);
        while (_order.Count > capacity) Forget(_order.Dequeue());
    }

    /// <summary>To be called when an order's status may have closed it.</summary>
    public void Changed(SimOrder order)
    {
        if (order.IsOpen) _open[order.Id] = order;
        else _open.Remove(order.Id);
    }

    public SimOrder? Find(string symbol, long? id, string? clientId) =>
        id is { } number ? _byId.TryGetValue(number, out var byId) && byId.Symbol == symbol ? byId : null
        : clientId is not null && _byClientId.TryGetValue((symbol, clientId), out var byClientId) ? byClientId : null;

    /// <summary>A symbol's orders, oldest first, or the one of an id.</summary>
    public IEnumerable<SimOrder> Of(string symbol, long? id) =>
        id is null ? _order.Where(o => o.Symbol == symbol) : Find(symbol, id, null) is { } one ? [one] : [];

    public bool IsOpenClientId(string clientId)
    {
        foreach (var order in _open.Values)
            if (order.ClientId.Equals(clientId, StringComparison.Ordinal)) return true;
        return false;
    }

    private void Forget(SimOrder order)
    {
        _byId.Remove(order.Id);
        _open.Remove(order.Id);
        if (_byClientId.TryGetValue((order.Symbol, order.ClientId), out var latest) && latest == order) _byClientId.Remove((order.Symbol, order.ClientId));
    }
}
