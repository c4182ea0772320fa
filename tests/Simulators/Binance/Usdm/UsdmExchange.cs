using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>A position of the futures account.</summary>
public sealed record UsdmPosition(string Symbol, string Side)
{
    /// <summary>Signed, in the base asset.</summary>
    public decimal Amount { get; init; }

    public decimal EntryPrice { get; init; }

    public long UpdatedMs { get; init; }
}

/// <summary>An order request that passed the syntax checks.</summary>
internal sealed record UsdmRequest(
    bool Buy, string Type, string TimeInForce, decimal Quantity, decimal Price, string PositionSide, bool ReduceOnly, string? ClientId)
{
    /// <summary>Whether the parameter was there at all: in hedge mode even "false" is one too many.</summary>
    public bool SaidReduceOnly { get; init; }
}

/// <summary>The futures account: wallet, positions in one-way or hedge mode, margin, fills and fees.</summary>
internal sealed class UsdmExchange : Exchange
{
    public const decimal TakerRate = 0.0004m;
    public const decimal MakerRate = 0.0002m;

    /// <summary>How the client ids of the exchange's own orders begin.</summary>
    public const string Liquidation = "autoclose-";
    public const string Deleveraging = "adl_autoclose";
    private readonly UsdmEvents _events;
    private readonly UsdmApi _api;
    private Dictionary<(string, string), UsdmPosition>? _frozen;

    public UsdmExchange(BinanceSimulatorOptions options, SimulatedClock clock, CancellationToken stopping)
        : base(options, clock, new Limits(options.UsdmWeightLimit, "1M", TimeSpan.FromMinutes(1), options.UsdmOrderLimits.TenSeconds, options.UsdmOrderLimits.Minute, options.RefusalsBeforeBan, announcesRetry: true), TimeSpan.FromHours(24), stopping)
    {
        foreach (var symbol in options.UsdmSymbols) Symbols[symbol.Symbol] = symbol;
        foreach (var (asset, amount) in options.FuturesBalances) Wallet[asset] = amount;
        foreach (var (symbol, price) in options.Prices)
            if (Symbols.ContainsKey(symbol)) MarketOf(symbol).SetPrice(price, price);
        HedgeMode = options.HedgeMode;
        BnbFees = options.FuturesBnbFees;
        _events = new UsdmEvents(this);
        ListenKeys = new ListenKeys(clock);
        _api = new UsdmApi(this);
    }

    public override bool IsSpot => false;

    public override IReadOnlyDictionary<string, Route> Routes => _api.Routes;

    public SortedDictionary<string, UsdmSymbol> Symbols { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, decimal> Wallet { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Symbol, string Side), UsdmPosition> Positions { get; } = [];

    /// <summary>What position reads show: the positions, or those of the moment when reads were frozen.</summary>
    public IReadOnlyDictionary<(string Symbol, string Side), UsdmPosition> VisiblePositions => _frozen ?? Positions;

    public Dictionary<string, int> Leverage { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Isolated { get; } = new(StringComparer.Ordinal);

    public ListenKeys ListenKeys { get; }

    public bool HedgeMode { get; set; }

    public bool MultiAssets { get; set; }

    public bool BnbFees { get; set; }

    /// <summary>The user may only place reduce-only orders (-4087).</summary>
    public bool OnlyReduce { get; set; }

    public void Freeze(bool frozen) => _frozen = frozen ? new(Positions) : null;

    public UsdmPosition PositionOf(string symbol, string side) =>
        Positions.TryGetValue((symbol, side), out var position) ? position : new UsdmPosition(symbol, side);

    public int LeverageOf(string symbol) => Leverage.TryGetValue(symbol, out var leverage) ? leverage : 20;

    public decimal WalletOf(string asset) => Wallet.TryGetValue(asset, out var amount) ? amount : 0;

    public decimal UnrealizedOf(UsdmPosition position) => position.Amount * (MarketOf(position.Symbol).Mark - position.EntryPrice);

    /// <summary>Wallet and unrealised profit less the margin of positions and open orders, in one margin asset.</summary>
    public decimal Available(string asset)
    {
        var available = WalletOf(asset);
        foreach (var position in Positions.Values)
        {
            if (position.Amount == 0 || Symbols[position.Symbol].Quote != asset) continue;
            available += UnrealizedOf(position) - Math.Abs(position.Amount) * MarketOf(position.Symbol).Mark / LeverageOf(position.Symbol);
        }
        foreach (var order in Orders.Open)
            if (!order.ReduceOnly && Symbols[order.Symbol].Quote == asset) available -= order.Remaining * order.Price / LeverageOf(order.Symbol);
        return available;
    }

    public void Transfer(string asset, decimal amount)
    {
        Wallet[asset] = WalletOf(asset) + amount;
        Emit(_events.AccountUpdate(amount < 0 ? "WITHDRAW" : "DEPOSIT", [asset], [], amount));
    }

    /// <summary>Funding moves the wallet and, on cross margin, names no position.</summary>
    public void Funding(string asset, decimal amount)
    {
        Wallet[asset] = WalletOf(asset) + amount;
        Emit(_events.AccountUpdate("FUNDING_FEE", [asset], [], amount));
    }

    public SimOrder Accept(UsdmSymbol symbol, UsdmRequest request)
    {
        var now = Clock.NowMs;
        var id = NextOrderId();
        var isMarket = request.Type == "MARKET";
        var order = new SimOrder
        {
            Id = id, ClientId = request.ClientId ?? OwnClientId(id), Symbol = symbol.Symbol, Buy = request.Buy, Type = request.Type, Quantity = request.Quantity,
            Price = request.Price, TimeInForce = request.TimeInForce, PositionSide = request.PositionSide, ReduceOnly = request.ReduceOnly, CreatedMs = now, UpdatedMs = now,
        };
        Orders.Add(order);
        Emit(_events.OrderUpdate(order, "NEW", null));
        var market = MarketOf(symbol.Symbol);
        if (order.TimeInForce != "FOK" || UsdmRules.FillsWhole(market, request))
            Fill(symbol, order, market.Take(order.Buy, order.Quantity, isMarket ? null : order.Price), maker: false, "TRADE");
        if (order.IsOpen && (isMarket || order.TimeInForce is "IOC" or "FOK")) Close(order, "EXPIRED", isMarket ? 4 : 3);
        Orders.Changed(order);
        return order;
    }

    public void Cancel(SimOrder order)
    {
        Close(order, "CANCELED", 0);
        Orders.Changed(order);
    }

    /// <summary>The exchange closes a position by an order of its own.</summary>
    public SimOrder ForceClose(string symbolName, string side, string clientIdPrefix, decimal? quantity)
    {
        var symbol = Symbols[symbolName];
        var position = PositionOf(symbolName, side);
        if (position.Amount == 0) throw new InvalidOperationException($"There is no {side} position in {symbolName}.");
        var market = MarketOf(symbolName);
        var id = NextOrderId();
        var now = Clock.NowMs;
        var order = new SimOrder
        {
            Id = id, ClientId = clientIdPrefix + id.ToString(System.Globalization.CultureInfo.InvariantCulture), Symbol = symbolName, Buy = position.Amount < 0, Type = "LIMIT",
            TimeInForce = "IOC", Quantity = Math.Min(quantity ?? decimal.MaxValue, Math.Abs(position.Amount)), Price = market.Mark, PositionSide = side, CreatedMs = now, UpdatedMs = now,
        };
        Orders.Add(order);
        Emit(_events.OrderUpdate(order, "NEW", null));
        Fill(symbol, order, [new Level(market.Mark, order.Quantity)], maker: false, "CALCULATED");
        Orders.Changed(order);
        return order;
    }

    public override void MatchResting(string name)
    {
        if (!Symbols.TryGetValue(name, out var symbol)) return;
        var market = MarketOf(name);
        foreach (var order in Orders.Open.Where(o => o.Symbol == name).OrderBy(o => o.Id).ToList())
        {
            var taken = market.Take(order.Buy, order.Remaining, order.Price);
            if (taken.Count == 0) continue;
            Fill(symbol, order, [new Level(order.Price, taken.Sum(t => t.Quantity))], maker: true, "TRADE");
            Orders.Changed(order);
        }
    }

    public void ConfigChanged(string symbol) => Emit(_events.ConfigUpdate(symbol, LeverageOf(symbol)));

    public void MultiAssetsChanged() => Emit(_events.MultiAssets(MultiAssets));

    public void MarginCall(string symbol, string side) => Emit(_events.MarginCall(PositionOf(symbol, side)));

    /// <summary>Tells the streams of a listen key that it is gone.</summary>
    public void Expired(string listenKey)
    {
        var raw = _events.ListenKeyExpired(listenKey);
        foreach (var connection in Hub.Connections)
            if (connection.State is UsdmStream stream && stream.Keys.Contains(listenKey)) connection.Send(stream.Wrap(listenKey, raw));
    }

    protected override void Send(byte[] raw)
    {
        var now = Clock.NowMs;
        foreach (var connection in Hub.Connections)
        {
            if (connection.State is not UsdmStream stream) continue;
            foreach (var key in stream.Keys)
                if (ListenKeys.IsAlive(key, now) && stream.Wants(raw)) connection.Send(stream.Wrap(key, raw));
        }
    }

    private void Close(SimOrder order, string status, int reason)
    {
        order.Status = status;
        order.ExpiryReason = reason;
        order.UpdatedMs = Clock.NowMs;
        Emit(_events.OrderUpdate(order, status, null));
    }

    private void Fill(UsdmSymbol symbol, SimOrder order, List<Level> levels, bool maker, string execution)
    {
        foreach (var (price, quantity) in levels)
        {
            var (fee, asset) = Fee(symbol, price * quantity * (maker ? MakerRate : TakerRate));
            var realized = MovePosition(order, price, quantity);
            Wallet[symbol.Quote] = WalletOf(symbol.Quote) + realized;
            Wallet[asset] = WalletOf(asset) - fee;
            var fill = new SimFill(NextTradeId(), price, quantity, fee, asset, Clock.NowMs, maker, realized);
            order.Add(fill);
            if (execution == "TRADE") Emit(_events.TradeLite(order, fill));
            Emit(_events.AccountUpdate("ORDER", asset == symbol.Quote ? [symbol.Quote] : [symbol.Quote, asset], SidesOf(order), 0));
            Emit(_events.OrderUpdate(order, execution, fill));
        }
    }

    private UsdmPosition[] SidesOf(SimOrder order) => HedgeMode
        ? [PositionOf(order.Symbol, "BOTH"), PositionOf(order.Symbol, "LONG"), PositionOf(order.Symbol, "SHORT")]
        : [PositionOf(order.Symbol, "BOTH")];

    /// <summary>Returns what closing (a part of) the position realised.</summary>
    private decimal MovePosition(SimOrder order, decimal price, decimal quantity)
    {
        var position = PositionOf(order.Symbol, order.PositionSide);
        var change = order.Buy ? quantity : -quantity;
        var (before, after) = (position.Amount, position.Amount + change);
        var realized = 0m;
        var entry = position.EntryPrice;
        if (before == 0 || Math.Sign(before) == Math.Sign(change)) entry = (before * entry + change * price) / after;
        else
        {
            var closed = Math.Min(Math.Abs(before), quantity) * Math.Sign(before);
            realized = closed * (price - entry);
            if (after == 0) entry = 0;
            else if (Math.Sign(after) != Math.Sign(before)) entry = price;
        }
        Positions[(order.Symbol, order.PositionSide)] = position with { Amount = after, EntryPrice = entry, UpdatedMs = Clock.NowMs };
        return realized;
    }

    private (decimal Fee, string Asset) Fee(UsdmSymbol symbol, decimal fee)
    {
        if (BnbFees && Markets.TryGetValue("BNB" + symbol.Quote, out var market) && market.Last > 0)
        {
            var discounted = Json.Cut(fee * 0.9m / market.Last, 8);
            if (WalletOf("BNB") >= discounted) return (discounted, "BNB");
        }
        return (Json.Cut(fee, 8), symbol.Quote);
    }
}
