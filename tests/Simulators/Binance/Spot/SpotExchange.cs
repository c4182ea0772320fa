using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Spot;

/// <summary>The spot account and its books: balances, what orders lock, fills and fees.</summary>
internal sealed class SpotExchange : Exchange
{
    public const decimal TakerRate = 0.001m;
    public const decimal MakerRate = 0.001m;
    private const decimal BnbDiscount = 0.75m;

    private readonly SpotEvents _events;
    private readonly SpotApi _api;
    private Dictionary<string, Balance>? _frozen;

    public SpotExchange(BinanceSimulatorOptions options, SimulatedClock clock, CancellationToken stopping)
        : base(options, clock, new Limits(options.SpotWeightLimit, "1D", TimeSpan.FromDays(1), options.SpotOrderLimits.TenSeconds, options.SpotOrderLimits.Day, options.RefusalsBeforeBan, announcesRetry: true), TimeSpan.FromHours(24), stopping)
    {
        foreach (var symbol in options.SpotSymbols) Symbols[symbol.Symbol] = symbol;
        foreach (var (asset, amount) in options.SpotBalances) Balances[asset] = new Balance(amount, 0);
        foreach (var (symbol, price) in options.Prices)
            if (Symbols.ContainsKey(symbol)) MarketOf(symbol).SetPrice(price, price);
        BnbFees = options.SpotBnbFees;
        UpdatedMs = clock.NowMs;
        _events = new SpotEvents(this);
        _api = new SpotApi(this);
    }

    public override bool IsSpot => true;

    public override IReadOnlyDictionary<string, Route> Routes => _api.Routes;

    public SortedDictionary<string, SpotSymbol> Symbols { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Balance> Balances { get; } = new(StringComparer.Ordinal);

    /// <summary>What account reads show: the balances, or those of the moment when reads were frozen.</summary>
    public IReadOnlyDictionary<string, Balance> VisibleBalances => (IReadOnlyDictionary<string, Balance>?)_frozen ?? Balances;

    public bool BnbFees { get; set; }

    public long UpdatedMs { get; private set; }

    public void Freeze(bool frozen) => _frozen = frozen ? new Dictionary<string, Balance>(Balances, StringComparer.Ordinal) : null;

    public Balance BalanceOf(string asset) => Balances.TryGetValue(asset, out var balance) ? balance : default;

    /// <summary>A deposit (or, negative, a withdrawal or transfer away).</summary>
    public void Deposit(string asset, decimal amount)
    {
        Balances[asset] = BalanceOf(asset) with { Free = BalanceOf(asset).Free + amount };
        UpdatedMs = Clock.NowMs;
        Emit(_events.BalanceUpdate(asset, amount));
        Emit(_events.AccountPosition([asset]));
    }

    /// <summary>Takes a checked order in: fills what crosses, lets a limit order rest, expires the rest of a market order.</summary>
    public SimOrder Accept(SpotSymbol symbol, SpotRequest request)
    {
        var now = Clock.NowMs;
        var id = NextOrderId();
        var market = MarketOf(symbol.Symbol);
        var isMarket = request.Type == "MARKET";
        var order = new SimOrder
        {
            Id = id, ClientId = request.ClientId ?? OwnClientId(id), Symbol = symbol.Symbol, Buy = request.Buy, Type = request.Type, Quantity = request.Quantity,
            QuoteQuantity = request.QuoteQuantity, Price = request.Price, TimeInForce = request.TimeInForce, CreatedMs = now, UpdatedMs = now,
        };
        Orders.Add(order);
        if (!isMarket) Lock(symbol, order);
        Emit(_events.Report(order, "NEW", null));
        if (order.TimeInForce != "FOK" || SpotRules.FillsWhole(market, order.Buy, order.Quantity, order.Price))
            Fill(symbol, order, market.Take(order.Buy, order.Quantity, isMarket ? null : order.Price), maker: false);
        if (order.IsOpen && (isMarket || order.TimeInForce is "IOC" or "FOK")) Close(symbol, order, "EXPIRED", 1);
        Orders.Changed(order);
        Emit(_events.AccountPosition(AssetsOf(symbol)));
        return order;
    }

    public void Cancel(SpotSymbol symbol, SimOrder order, string cancelId)
    {
        Close(symbol, order, "CANCELED", 0, cancelId);
        Orders.Changed(order);
        Emit(_events.AccountPosition(AssetsOf(symbol)));
    }

    public override void MatchResting(string name)
    {
        if (!Symbols.TryGetValue(name, out var symbol)) return;
        var market = MarketOf(name);
        foreach (var order in Orders.Open.Where(o => o.Symbol == name).OrderBy(o => o.Id).ToList())
        {
            var taken = market.Take(order.Buy, order.Remaining, order.Price);
            if (taken.Count == 0) continue;
            // A resting order trades at its own price.
            Fill(symbol, order, [new Level(order.Price, taken.Sum(t => t.Quantity))], maker: true);
            Orders.Changed(order);
            Emit(_events.AccountPosition(AssetsOf(symbol)));
        }
    }

    protected override void Send(byte[] raw)
    {
        foreach (var connection in Hub.Connections)
            if (connection.State is SpotSession { Subscription: { } subscription }) connection.Send(SpotEvents.Wrap(subscription, raw));
    }

    public void SendRaw(Func<SpotSession, byte[]?> message)
    {
        foreach (var connection in Hub.Connections)
            if (connection.State is SpotSession session && message(session) is { } bytes) connection.Send(bytes);
    }

    public byte[] TerminatedEvent() => _events.Terminated();

    public byte[] ShutdownEvent() => _events.Shutdown();

    private string[] AssetsOf(SpotSymbol symbol) => BnbFees && symbol.Base != "BNB" && symbol.Quote != "BNB" ? [symbol.Base, symbol.Quote, "BNB"] : [symbol.Base, symbol.Quote];

    private void Lock(SpotSymbol symbol, SimOrder order)
    {
        order.Locked = order.Buy ? order.Quantity * order.Price : order.Quantity;
        Move(order.Buy ? symbol.Quote : symbol.Base, -order.Locked, order.Locked);
    }

    private void Close(SpotSymbol symbol, SimOrder order, string status, int reason, string? cancelId = null)
    {
        order.Status = status;
        order.ExpiryReason = reason;
        order.UpdatedMs = Clock.NowMs;
        if (order.Locked > 0) Move(order.Buy ? symbol.Quote : symbol.Base, order.Locked, -order.Locked);
        order.Locked = 0;
        Emit(_events.Report(order, status, null, cancelId));
    }

    private void Fill(SpotSymbol symbol, SimOrder order, List<Level> levels, bool maker)
    {
        foreach (var (price, quantity) in levels)
        {
            if (order.Executed == 0) Limits.OrderFilled(Clock.NowMs);
            var quote = price * quantity;
            var (fee, asset) = Fee(symbol, order.Buy, price, quantity, maker ? MakerRate : TakerRate);
            if (order.Locked > 0)
            {
                // A limit order pays from what it locked; what a better price saves comes back.
                var released = order.Buy ? Math.Min(order.Locked, quantity * order.Price) : quantity;
                order.Locked -= released;
                Move(order.Buy ? symbol.Quote : symbol.Base, order.Buy ? released - quote : 0, -released);
            }
            else Move(order.Buy ? symbol.Quote : symbol.Base, -(order.Buy ? quote : quantity), 0);
            Move(order.Buy ? symbol.Base : symbol.Quote, order.Buy ? quantity : quote, 0);
            Move(asset, -fee, 0);
            var fill = new SimFill(NextTradeId(), price, quantity, fee, asset, Clock.NowMs, maker, 0);
            order.Add(fill);
            Emit(_events.Report(order, "TRADE", fill));
        }
    }

    /// <summary>From what is received; from BNB where that is wanted and there is enough, fill by fill.</summary>
    private (decimal Fee, string Asset) Fee(SpotSymbol symbol, bool buy, decimal price, decimal quantity, decimal rate)
    {
        if (BnbFees && BnbValue(symbol.Quote) is { } bnb and > 0)
        {
            var discounted = Json.Cut(price * quantity * rate * BnbDiscount / bnb, 8);
            if (BalanceOf("BNB").Free >= discounted) return (discounted, "BNB");
        }
        return buy ? (Json.Cut(quantity * rate, 8), symbol.Base) : (Json.Cut(price * quantity * rate, 8), symbol.Quote);
    }

    private decimal? BnbValue(string quote) => quote == "BNB" ? 1 : Markets.TryGetValue("BNB" + quote, out var market) ? market.Last : null;

    private void Move(string asset, decimal free, decimal locked)
    {
        var balance = BalanceOf(asset);
        Balances[asset] = new Balance(balance.Free + free, balance.Locked + locked);
        UpdatedMs = Clock.NowMs;
    }
}

/// <summary>What an asset's balance is made of.</summary>
/// <param name="Free">Can be used.</param>
/// <param name="Locked">Sits in open orders.</param>
public readonly record struct Balance(decimal Free, decimal Locked);

/// <summary>An order request that passed the syntax checks.</summary>
internal sealed record SpotRequest(
    bool Buy, string Type, string TimeInForce, decimal Quantity, decimal QuoteQuantity, decimal Price, string? ClientId);
