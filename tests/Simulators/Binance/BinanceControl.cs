using CSMultiConnector.Simulators.Binance.Spot;
using CSMultiConnector.Simulators.Binance.Usdm;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>Plays the venue for one product: what a test, or a person over HTTP, can make happen.</summary>
public abstract class ProductControl
{
    private readonly Exchange _exchange;

    private protected ProductControl(Exchange exchange) => _exchange = exchange;

    /// <summary>What was received, oldest first (bounded).</summary>
    public IReadOnlyList<ReceivedRequest> Received => _exchange.Received.All;

    /// <summary>All requests are answered with 503 and -1016; the system status says maintenance.</summary>
    public bool Maintenance
    {
        get => _exchange.Maintenance;
        set => _exchange.Maintenance = value;
    }

    /// <summary>The account may trade.</summary>
    public bool CanTrade
    {
        get => _exchange.CanTrade;
        set => _exchange.CanTrade = value;
    }

    /// <summary>Between a request's arrival and the matching engine.</summary>
    public TimeSpan Latency
    {
        get => _exchange.Latency;
        set => _exchange.Latency = value;
    }

    /// <summary>How long queries do not know a new order or fill.</summary>
    public TimeSpan VisibilityDelay
    {
        get => _exchange.VisibilityDelay;
        set => _exchange.VisibilityDelay = value;
    }

    /// <summary>How events stand to answers.</summary>
    public EventTiming EventTiming
    {
        get => _exchange.EventTiming;
        set => _exchange.EventTiming = value;
    }

    /// <summary>New WebSockets are refused with 503.</summary>
    public bool RefuseStreams
    {
        get => _exchange.Hub.Refusing;
        set => _exchange.Hub.Refusing = value;
    }

    /// <summary>Open WebSockets.</summary>
    public int StreamCount => _exchange.Hub.Connections.Length;

    /// <summary>WebSockets that were ever let in.</summary>
    public long StreamsOpened => _exchange.Hub.Opened;

    /// <summary>Orders that rest in the book, as the venue sees them.</summary>
    public IReadOnlyList<SimOrder> OpenOrders => _exchange.Act(() => _exchange.Orders.Open.OrderBy(o => o.Id).ToList());

    /// <summary>All orders that the venue remembers, oldest first.</summary>
    public IReadOnlyList<SimOrder> Orders => _exchange.Act(() => _exchange.Orders.All.ToList());

    /// <summary>The first request, received already or yet to come, that is wanted.</summary>
    public Task<ReceivedRequest> FindReceivedAsync(Func<ReceivedRequest, bool> wanted, CancellationToken cancellationToken = default) =>
        _exchange.Received.FindAsync(wanted, cancellationToken);

    /// <summary>Forgets what was received.</summary>
    public void ClearReceived() => _exchange.Received.Clear();

    /// <summary>One endless level each side at this price.</summary>
    public void SetPrice(string symbol, decimal price) => SetPrice(symbol, price, price);

    /// <summary>One endless level each side.</summary>
    public void SetPrice(string symbol, decimal bid, decimal ask) => _exchange.Act(() =>
    {
        _exchange.MarketOf(symbol).SetPrice(bid, ask);
        _exchange.MatchResting(symbol);
    });

    /// <summary>What can be traded, level by level; what is traded is gone. An empty side has nothing.</summary>
    public void SetDepth(string symbol, IReadOnlyList<Level> bids, IReadOnlyList<Level> asks) => _exchange.Act(() =>
    {
        _exchange.MarketOf(symbol).SetDepth(bids, asks);
        _exchange.MatchResting(symbol);
    });

    /// <summary>The mark (USD-M) or average (spot) price that filters look at, apart from the book.</summary>
    public void SetMark(string symbol, decimal price) => _exchange.Act(() => { _exchange.MarketOf(symbol).Mark = price; });

    /// <summary>Adds to the fault script.</summary>
    public void Script(params Fault[] faults)
    {
        foreach (var fault in faults) _exchange.Faults.Add(fault);
    }

    /// <summary>How many scripted faults nothing has met yet.</summary>
    public int WaitingFaults => _exchange.Faults.Waiting;

    /// <summary>Empties the fault script.</summary>
    public void ClearFaults() => _exchange.Faults.Clear();

    /// <summary>Ends every open WebSocket.</summary>
    public Task KickStreamsAsync(StreamEnd how = StreamEnd.Abort) => _exchange.Hub.EndAllAsync(how);

    /// <summary>Open WebSockets stay open and say nothing more.</summary>
    public void MuteStreams(bool muted)
    {
        foreach (var connection in _exchange.Hub.Connections) connection.Muted = muted;
    }

    /// <summary>Sends what <see cref="EventTiming.Held"/> kept back.</summary>
    /// <param name="arrange">In which order, and how often; null = as it happened.</param>
    public void ReleaseEvents(Func<IReadOnlyList<byte[]>, IEnumerable<byte[]>>? arrange = null) => _exchange.ReleaseEvents(arrange);

    /// <summary>Sends any event of the product to every subscribed stream: those that the simulator does not make itself.</summary>
    public void PushEvent(string json) => _exchange.Act(() => _exchange.Push(json));

    /// <summary>Uses the minute's weight up to a count.</summary>
    public void SetUsedWeight(int used) => _exchange.Limits.SetUsedWeight(_exchange.Clock.NowMs, used);

    /// <summary>Bans the address (418) for a time.</summary>
    public void Ban(TimeSpan length) => _exchange.Limits.BanUntil(_exchange.Clock.NowMs + (long)length.TotalMilliseconds);

    /// <summary>Adds a key or changes what it may do.</summary>
    public void SetKey(BinanceKey key) => _exchange.Act(() => { _exchange.Keys[key.Key] = key; });

    /// <summary>Deletes a key.</summary>
    public virtual void RevokeKey(string key) => _exchange.Act(() => { _exchange.Keys.Remove(key); });

    /// <summary>The account reads (balances, positions) keep showing what they show now until thawed; orders and fills go on.</summary>
    public abstract void FreezeHoldings(bool frozen);

    /// <summary>Cancels an open order as the venue or another client would.</summary>
    public abstract void CancelManually(long orderId);
}

/// <summary>Plays the spot venue.</summary>
public sealed class SpotControl : ProductControl
{
    private readonly SpotExchange _exchange;

    internal SpotControl(SpotExchange exchange)
        : base(exchange) => _exchange = exchange;

    /// <summary>Fees from BNB while there is enough.</summary>
    public bool BnbFees
    {
        get => _exchange.BnbFees;
        set => _exchange.BnbFees = value;
    }

    /// <summary>The true balances.</summary>
    public IReadOnlyDictionary<string, Balance> Balances => _exchange.Act(() => new Dictionary<string, Balance>(_exchange.Balances, StringComparer.Ordinal));

    /// <summary>A deposit, or a withdrawal when negative.</summary>
    public void Deposit(string asset, decimal amount) => _exchange.Act(() => _exchange.Deposit(asset, amount));

    /// <summary>Sets an asset's free balance by a deposit or withdrawal of the difference.</summary>
    public void SetBalance(string asset, decimal free) => _exchange.Act(() => _exchange.Deposit(asset, free - _exchange.BalanceOf(asset).Free));

    /// <summary>Adds an instrument or changes its facts.</summary>
    public void SetSymbol(SpotSymbol symbol) => _exchange.Act(() => { _exchange.Symbols[symbol.Symbol] = symbol; });

    /// <summary>An instrument's facts.</summary>
    public SpotSymbol Symbol(string name) => _exchange.Act(() => _exchange.Symbols[name]);

    /// <summary>A market order that another client of the account places.</summary>
    public SimOrder TradeManually(string symbol, bool buy, decimal quantity, string? clientId = null) => _exchange.Act(() =>
        _exchange.Accept(_exchange.Symbols[symbol], new SpotRequest(buy, "MARKET", "GTC", quantity, 0, 0, clientId)));

    /// <summary>A limit order that another client of the account places; what does not fill at once rests.</summary>
    public SimOrder RestManually(string symbol, bool buy, decimal quantity, decimal price, string? clientId = null) => _exchange.Act(() =>
        _exchange.Accept(_exchange.Symbols[symbol], new SpotRequest(buy, "LIMIT", "GTC", quantity, 0, price, clientId)));

    /// <inheritdoc/>
    public override void FreezeHoldings(bool frozen) => _exchange.Act(() => _exchange.Freeze(frozen));

    /// <inheritdoc/>
    public override void CancelManually(long orderId) => _exchange.Act(() =>
    {
        var order = _exchange.Orders.Open.Single(o => o.Id == orderId);
        _exchange.Cancel(_exchange.Symbols[order.Symbol], order, $"web{orderId:x}");
    });

    /// <summary>Deletes a key; its subscriptions hear of it.</summary>
    public override void RevokeKey(string key)
    {
        base.RevokeKey(key);
        _exchange.SendRaw(session => session.ApiKey == key
            ? """{"id":null,"status":401,"error":{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}}"""u8.ToArray() : null);
    }

    /// <summary>The subscriptions end, the connections stay: eventStreamTerminated.</summary>
    public void TerminateSubscriptions() => _exchange.SendRaw(session =>
    {
        if (session.Subscription is not { } subscription) return null;
        session.Subscription = null;
        return SpotEvents.Wrap(subscription, _exchange.TerminatedEvent());
    });

    /// <summary>Asks every connection to reconnect: serverShutdown.</summary>
    public void AnnounceShutdown() => _exchange.SendRaw(_ => [.. "{\"event\":"u8, .. _exchange.ShutdownEvent(), (byte)'}']);
}

/// <summary>Plays the USD-M venue.</summary>
public sealed class UsdmControl : ProductControl
{
    private readonly UsdmExchange _exchange;

    internal UsdmControl(UsdmExchange exchange)
        : base(exchange) => _exchange = exchange;

    /// <summary>Hedge mode; set without the venue's own conditions.</summary>
    public bool HedgeMode
    {
        get => _exchange.HedgeMode;
        set => _exchange.HedgeMode = value;
    }

    /// <summary>Fees from BNB while there is enough.</summary>
    public bool BnbFees
    {
        get => _exchange.BnbFees;
        set => _exchange.BnbFees = value;
    }

    /// <summary>Only reduce-only orders are taken (-4087).</summary>
    public bool OnlyReduce
    {
        get => _exchange.OnlyReduce;
        set => _exchange.OnlyReduce = value;
    }

    /// <summary>The true positions that are not flat.</summary>
    public IReadOnlyList<UsdmPosition> Positions => _exchange.Act(() => _exchange.Positions.Values.Where(p => p.Amount != 0).ToList());

    /// <summary>The true wallet.</summary>
    public IReadOnlyDictionary<string, decimal> Wallet => _exchange.Act(() => new Dictionary<string, decimal>(_exchange.Wallet, StringComparer.Ordinal));

    /// <summary>The true amount of a position, signed.</summary>
    public decimal PositionOf(string symbol, string side = "BOTH") => _exchange.Act(() => _exchange.PositionOf(symbol, side).Amount);

    /// <summary>A transfer into the futures wallet, or out of it when negative.</summary>
    public void Transfer(string asset, decimal amount) => _exchange.Act(() => _exchange.Transfer(asset, amount));

    /// <summary>A funding payment: moves the wallet, names no position.</summary>
    public void Funding(string asset, decimal amount) => _exchange.Act(() => _exchange.Funding(asset, amount));

    /// <summary>Adds an instrument or changes its facts.</summary>
    public void SetSymbol(UsdmSymbol symbol) => _exchange.Act(() => { _exchange.Symbols[symbol.Symbol] = symbol; });

    /// <summary>An instrument's facts.</summary>
    public UsdmSymbol Symbol(string name) => _exchange.Act(() => _exchange.Symbols[name]);

    /// <summary>A market order that another client of the account places. <paramref name="positionSide"/> is BOTH, LONG or SHORT.</summary>
    public SimOrder TradeManually(string symbol, bool buy, decimal quantity, string positionSide = "BOTH", string? clientId = null) => _exchange.Act(() =>
        _exchange.Accept(_exchange.Symbols[symbol], new UsdmRequest(buy, "MARKET", "GTC", quantity, 0, positionSide, false, clientId)));

    /// <summary>A limit order that another client of the account places; what does not fill at once rests. <paramref name="positionSide"/> is BOTH, LONG or SHORT.</summary>
    public SimOrder RestManually(string symbol, bool buy, decimal quantity, decimal price, string positionSide = "BOTH", string? clientId = null) => _exchange.Act(() =>
        _exchange.Accept(_exchange.Symbols[symbol], new UsdmRequest(buy, "LIMIT", "GTC", quantity, price, positionSide, false, clientId)));

    /// <summary>The exchange liquidates a position (or a part): an order of its own, "autoclose-…".</summary>
    public SimOrder Liquidate(string symbol, string side = "BOTH", decimal? quantity = null) =>
        _exchange.Act(() => _exchange.ForceClose(symbol, side, UsdmExchange.Liquidation, quantity));

    /// <summary>Auto-deleveraging: "adl_autoclose".</summary>
    public SimOrder Deleverage(string symbol, string side = "BOTH", decimal? quantity = null) =>
        _exchange.Act(() => _exchange.ForceClose(symbol, side, UsdmExchange.Deleveraging, quantity));

    /// <summary>Delivery: "settlement_autoclose-…".</summary>
    public SimOrder Settle(string symbol, string side = "BOTH") => _exchange.Act(() => _exchange.ForceClose(symbol, side, "settlement_autoclose-", null));

    /// <summary>Warns that margin runs out.</summary>
    public void MarginCall(string symbol, string side = "BOTH") => _exchange.Act(() => _exchange.MarginCall(symbol, side));

    /// <summary>The listen key is gone: its streams hear of it and get no more events.</summary>
    public void ExpireListenKey() => _exchange.Act(() =>
    {
        if (_exchange.ListenKeys.Drop() is { } key) _exchange.Expired(key);
    });

    /// <inheritdoc/>
    public override void FreezeHoldings(bool frozen) => _exchange.Act(() => _exchange.Freeze(frozen));

    /// <inheritdoc/>
    public override void CancelManually(long orderId) => _exchange.Act(() => _exchange.Cancel(_exchange.Orders.Open.Single(o => o.Id == orderId)));
}
