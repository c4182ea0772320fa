using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>What both products have: clock, keys, books, orders, limits, faults, streams, and the order in which events leave.</summary>
internal abstract class Exchange
{
    private readonly List<byte[]> _events = [];
    private readonly List<byte[]> _held = [];
    private long _lastOrderId;
    private long _lastTradeId = 1000;

    protected Exchange(BinanceSimulatorOptions options, SimulatedClock clock, Limits limits, TimeSpan longestStream, CancellationToken stopping)
    {
        (Options, Clock, Limits) = (options, clock, limits);
        Hub = new StreamHub(clock, longestStream, stopping);
        Keys = options.Keys.ToDictionary(k => k.Key, StringComparer.Ordinal);
        (Latency, EventTiming) = (options.Latency, options.EventTiming);
    }

    public BinanceSimulatorOptions Options { get; }

    public SimulatedClock Clock { get; }

    public Limits Limits { get; }

    public StreamHub Hub { get; }

    public Lock Sync { get; } = new();

    public FaultScript Faults { get; } = new();

    public ReceivedLog Received { get; } = new(20_000);

    public OrderStore Orders { get; } = new(100_000);

    public Dictionary<string, Market> Markets { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, BinanceKey> Keys { get; }

    public bool Maintenance { get; set; }

    /// <summary>The account may trade.</summary>
    public bool CanTrade { get; set; } = true;

    public TimeSpan Latency { get; set; }

    public EventTiming EventTiming { get; set; }

    /// <summary>How long after an order or a fill the queries do not know it yet.</summary>
    public TimeSpan VisibilityDelay { get; set; }

    public abstract bool IsSpot { get; }

    public abstract IReadOnlyDictionary<string, Route> Routes { get; }

    public string OfAccount => IsSpot ? "spot" : "usdm";

    protected long NextOrderId() => _lastOrderId = _lastOrderId == 0 ? (IsSpot ? 12_569_000_001 : 8_389_765_739_703_626_001) : _lastOrderId + 1;

    protected long NextTradeId() => ++_lastTradeId;

    /// <summary>A client order id of the venue's own making, for orders sent without one.</summary>
    protected static string OwnClientId(long orderId) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sim{orderId:x}");

    public bool IsVisible(long atMs, long nowMs) => VisibilityDelay == TimeSpan.Zero || nowMs - atMs >= VisibilityDelay.TotalMilliseconds;

    /// <summary>Trades of a symbol, or of one of its orders, by id: from an id or a time on the first ones, else the last ones.</summary>
    public IEnumerable<(SimOrder Order, SimFill Fill)> Trades(string symbol, Parameters p, long from, long to, int limit, long nowMs)
    {
        var fromId = p.Whole("fromId");
        var fills = from order in Orders.Of(symbol, p.Whole("orderId"))
                    from fill in order.Fills
                    where fill.AtMs >= @from && fill.AtMs <= to && fill.TradeId >= (fromId ?? 0) && IsVisible(fill.AtMs, nowMs)
                    orderby fill.TradeId
                    select (order, fill);
        return fromId is null && p["startTime"] is null ? fills.TakeLast(limit) : fills.Take(limit);
    }

    public Market MarketOf(string symbol)
    {
        if (!Markets.TryGetValue(symbol, out var market)) Markets[symbol] = market = new Market();
        return market;
    }

    /// <summary>Matches the orders that rest in a symbol's book against a changed price. Under <see cref="Sync"/>.</summary>
    public abstract void MatchResting(string symbol);

    /// <summary>Queues an event; it leaves as <see cref="EventTiming"/> says. Under <see cref="Sync"/>.</summary>
    protected void Emit(byte[] raw) => _events.Add(raw);

    /// <summary>Queues an event as it is given. Under <see cref="Sync"/>.</summary>
    public void Push(string json) => Emit(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>The events of what just happened. Under <see cref="Sync"/>.</summary>
    public byte[][] TakeEvents()
    {
        if (_events.Count == 0) return [];
        byte[][] events = [.. _events];
        _events.Clear();
        return events;
    }

    /// <summary>Sends events now, or as the timing says for what was not caused by a request.</summary>
    public void Publish(byte[][] events)
    {
        if (events.Length == 0) return;
        if (EventTiming == EventTiming.Dropped) return;
        lock (_held)
        {
            if (EventTiming == EventTiming.Held)
            {
                _held.AddRange(events);
                return;
            }
        }
        foreach (var raw in events) Send(raw);
    }

    public void ReleaseEvents(Func<IReadOnlyList<byte[]>, IEnumerable<byte[]>>? arrange = null)
    {
        byte[][] events;
        lock (_held)
        {
            events = [.. _held];
            _held.Clear();
        }
        foreach (var raw in arrange?.Invoke(events) ?? events) Send(raw);
    }

    /// <summary>Runs what a person does at the control (not a request) and lets its events go.</summary>
    public T Act<T>(Func<T> act)
    {
        lock (Sync)
        {
            var result = act();
            Publish(TakeEvents());
            return result;
        }
    }

    public void Act(Action act) => Act(() =>
    {
        act();
        return true;
    });

    /// <summary>Hands an event to every stream that should see it.</summary>
    protected abstract void Send(byte[] raw);
}
