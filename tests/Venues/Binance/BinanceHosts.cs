using System.Collections.Concurrent;
using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulators.Binance;
using CSMultiConnector.Simulators.Kit;
using CSMultiConnector.Venues.Binance;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>The simulator of one product with a gateway from the catalog, as connectors have it.</summary>
[Lacks(Feature.ListsOnDemand, "the venue lists what it lists")]
[Lacks(Feature.RefusesUsedIds, "the venue takes an id again once its order is closed: ours are used once")]
[Lacks(Feature.InstrumentEvents, "no stream tells of instruments; they are read every hour and after a refusal that shows them wrong")]
internal sealed class BinanceHost : VenueHost
{
    private static readonly TimeSpan s_beyondAnyAnswer = TimeSpan.FromSeconds(31);

    private readonly JumpingClock _clock;
    private readonly BinanceSimulator _simulator;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly bool _isSpot;
    private readonly ImmutableDictionary<string, Fault> _lostAnswers;
    private readonly ImmutableDictionary<string, Fault> _lostOrders;
    private readonly string _order;
    private Func<IReadOnlyList<byte[]>, IEnumerable<byte[]>>? _arrange;

    private BinanceHost(BinanceSimulator simulator, JumpingClock clock, bool isSpot, PositionMode mode)
    {
        (_simulator, _clock, _isSpot, Mode) = (simulator, clock, isSpot, mode);
        _order = isSpot ? "/api/v3/order" : "/fapi/v1/order";
        _lostAnswers = BinanceRows.Lost($"POST {_order}", executed: true, isSpot);
        _lostOrders = BinanceRows.Lost($"POST {_order}", executed: false, isSpot);
        Errors = isSpot ? BinanceRows.Spot($"POST {_order}") : BinanceRows.Usdm($"POST {_order}");
        Instrument = new Instrument(
            new InstrumentId("TSTUSDT"), isSpot ? ProductKind.Spot : ProductKind.Derivative, new AssetName("TST"), new AssetName("USDT"),
            1m, 0.01m, isSpot ? 0.1m : 0.01m, 1_000m, 20m, 0.01m, InstrumentStatus.Trading);
        List("TRADING");
        simulator.SetPrice("TSTUSDT", 100m);
        var settings = new ConnectorSettings
        {
            Id = new ConnectorId("one"),
            Name = "One",
            Tag = "test",
            Venue = isSpot ? "binance-spot" : "binance-usdm",
            ApiUrl = simulator.RestUrl,
            VenueOptions = ImmutableSortedDictionary<string, string>.Empty.Add("logHeaders", "on"),
        };
        Gateway = VenueCatalog.CreateDefault().Create(
            settings, new VenueCredentials(simulator.Key.Key, simulator.Key.Secret), new VenueServices(clock, Lease: Lease, Logs: new Lines(_log)));
    }

    public override IVenueGateway Gateway { get; }

    public override PositionMode Mode { get; }

    public override Instrument Instrument { get; }

    public override bool StreamBeginsWithGap => true;

    public override DateTimeOffset Now => _clock.GetUtcNow();

    public override VenueProduct Product => _isSpot ? BinanceCatalog.Spot : BinanceCatalog.UsdM;

    public override ImmutableArray<string> WaysToLoseAnswers => [.. _lostAnswers.Keys.Order(StringComparer.Ordinal)];

    public override ImmutableArray<string> WaysToLoseOrders => [.. _lostOrders.Keys.Order(StringComparer.Ordinal)];

    public override ImmutableArray<ErrorRow> Errors { get; }

    public override ImmutableArray<LookUpRow> LookUpErrors =>
    [
        new BinanceLookUpRow("-2013", true, BinanceRows.Error($"GET {_order}", -2013, "Order does not exist.")),
        .. _isSpot ? [new BinanceLookUpRow("-2026", true, BinanceRows.Error($"GET {_order}", -2026, "Order was canceled or expired with no executed qty over 90 days ago and has been archived."))] : Array.Empty<LookUpRow>(),
        new BinanceLookUpRow("429", false, BinanceRows.Error($"GET {_order}", -1003, "Too many requests.", 429)),
        new BinanceLookUpRow("-2015", false, BinanceRows.Error($"GET {_order}", -2015, "Invalid API-key, IP, or permissions for action.", 401)),
        new BinanceLookUpRow("-1121", false, BinanceRows.Error($"GET {_order}", -1121, "Invalid symbol.")),
        .. BinanceRows.Lost($"GET {_order}", executed: true, _isSpot).Select(w => new BinanceLookUpRow(w.Key, false, w.Value)),
        .. BinanceRows.Lost($"GET {Path("openOrders")}", executed: true, _isSpot).Select(w => new BinanceLookUpRow($"open orders: {w.Key}", false, w.Value)),
        .. BinanceRows.Lost($"GET {Path("allOrders")}", executed: true, _isSpot).Select(w => new BinanceLookUpRow($"all orders: {w.Key}", false, w.Value)),
    ];

    public override ImmutableArray<CancelRow> CancelErrors =>
    [
        new BinanceCancelRow("-2011", typeof(CancelOutcome.NothingToCancel), BinanceRows.Error($"DELETE {_order}", -2011, "Unknown order sent.")),
        new BinanceCancelRow("429", typeof(CancelOutcome.Rejected), BinanceRows.Error($"DELETE {_order}", -1003, "Too many requests.", 429)),
        new BinanceCancelRow("-2015", typeof(CancelOutcome.Rejected), BinanceRows.Error($"DELETE {_order}", -2015, "Invalid API-key, IP, or permissions for action.", 401)),
        .. BinanceRows.Lost($"DELETE {_order}", executed: true, _isSpot).Select(w => new BinanceCancelRow(w.Key, typeof(CancelOutcome.Unknown), w.Value)),
    ];

    public override ImmutableArray<ReadingFailure> ReadingFailures =>
    [
        .. ReadingsFailing(Reading.Holdings, HoldingsPath),
        .. ReadingsFailing(Reading.OpenOrders, Path("openOrders")),
        .. ReadingsFailing(Reading.Connect, _isSpot ? "/api/v3/account" : "/fapi/v1/accountConfig"),
        .. ReadingsFailing(Reading.Instruments, Path("exchangeInfo")),
    ];

    public override ImmutableArray<string> Secrets => [_simulator.Key.Key, _simulator.Key.Secret];

    public override string Logged => string.Join('\n', _log);

    // The venue has no other word for a contract that is closed for a while than for one that is closed for ever.
    public override RejectionClass ClosedClass => _isSpot ? RejectionClass.Wait : RejectionClass.Permanent;

    internal static async Task<VenueHost> StartAsync(bool isSpot, PositionMode mode)
    {
        var clock = new JumpingClock();
        var simulator = await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { HedgeMode = mode == PositionMode.Hedge }, clock);
        return new BinanceHost(simulator, clock, isSpot, mode);
    }

    public override Task MakeAsync(Trouble trouble)
    {
        switch (trouble)
        {
            case Trouble.LosesAnswer loses:
                Script(_lostAnswers[loses.Way]);
                break;
            case Trouble.LosesOrder loses:
                Script(_lostOrders[loses.Way]);
                break;
            case Trouble.Refuses refuses:
                Script(((BinanceErrorRow)refuses.Row).Fault);
                break;
            case Trouble.RefusesLookUp refuses:
                Script(((BinanceLookUpRow)refuses.Row).Fault);
                break;
            case Trouble.RefusesCancel refuses:
                Script(((BinanceCancelRow)refuses.Row).Fault);
                break;
            case Trouble.FailsReading fails:
                Script(((BinanceReadingFailure)fails.Failure).Fault);
                break;
            case Trouble.FillsHalfAndExpires:
                Control.SetDepth("TSTUSDT", [new Simulators.Kit.Level(100m, decimal.MaxValue)], [new Simulators.Kit.Level(100m, 1m)]);
                break;
            case Trouble.LosesCancelAnswer:
                Script(BinanceRows.Error($"DELETE {_order}", -1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", 408, executed: true));
                break;
            case Trouble.FillsNothing:
                Control.SetDepth("TSTUSDT", [], []);
                break;
            case Trouble.MuddlesEvents muddles:
                Control.EventTiming = EventTiming.Held;
                _arrange = muddles.Twice ? all => all.SelectMany(e => new[] { e, e }) : all => all.Reverse();
                break;
            case Trouble.ArrivesLate late:
                Script(new Fault { Match = $"POST {_order}", Executed = true, Ending = FaultEnding.Answer, DelayBefore = late.By });
                break;
            case Trouble.HidesOrder:
                Control.VisibilityDelay = TimeSpan.FromHours(1);
                break;
            case Trouble.Throttles throttles:
                Script(Limited($"GET {(_isSpot ? "/api/v3/account" : "/fapi/v3/positionRisk")}", throttles.Wait, throttles.Ban ? 418 : 429, -1003));
                break;
            case Trouble.ThrottlesOrder throttles:
                Script(Limited($"POST {_order}", throttles.Wait, 429, -1015));
                break;
            default:
                throw new NotSupportedException(trouble.GetType().Name);
        }

        return Task.CompletedTask;
    }

    public override Task SetStatusAsync(InstrumentStatus status)
    {
        List(status == InstrumentStatus.Trading ? "TRADING" : _isSpot ? "BREAK" : "SETTLING");
        return Task.CompletedTask;
    }

    public override Task TradeByHandAsync(PositionSide leg, OrderSide side, decimal quantity)
    {
        if (_isSpot) _simulator.Spot.TradeManually("TSTUSDT", side == OrderSide.Buy, quantity);
        else _simulator.Usdm.TradeManually("TSTUSDT", side == OrderSide.Buy, quantity, Side(leg));
        return Task.CompletedTask;
    }

    public override Task RestForeignOrderAsync()
    {
        Rest("web_7d1e", OrderSide.Buy, 2m, LongSide);
        return Task.CompletedTask;
    }

    // A market order never rests there; one with a limit does, and its id has our form.
    public override Task RestAsync(OrderRequest order)
    {
        Rest(order.ClientOrderId.Value, order.Side, order.Quantity.Value, order.PositionSide);
        return Task.CompletedTask;
    }

    public override int Unmet => Control.WaitingFaults;

    public override Task LiquidateAsync(PositionSide leg, OrderSide side, decimal quantity)
    {
        _simulator.Usdm.Liquidate("TSTUSDT", Side(leg), quantity);
        return Task.CompletedTask;
    }

    public override Task BreakStreamAsync() => Control.KickStreamsAsync();

    public override Task TellAsync()
    {
        Control.EventTiming = EventTiming.AtOnce;
        Control.ReleaseEvents(_arrange);
        return Task.CompletedTask;
    }

    public override Task<int> CountOrdersAsync() => Task.FromResult(Control.Orders.Count(o => ClientOrderId.IsValid(o.ClientId)));

    public override Task<int> CountRequestsAsync() => Task.FromResult((int)(Control.Received.LastOrDefault()?.Sequence ?? 0));

    public override Task ShowOrdersAsync()
    {
        Control.VisibilityDelay = TimeSpan.Zero;
        return Task.CompletedTask;
    }

    public override Task SetMaintenanceAsync(bool on)
    {
        Control.Maintenance = on;
        return Task.CompletedTask;
    }

    public override Task SkewVenueClockAsync(TimeSpan by)
    {
        _simulator.ClockOffset = by;
        return Task.CompletedTask;
    }

    public override Task SetKeyAsync(KeyRights rights)
    {
        var key = _simulator.Key;
        ProductControl[] both = [_simulator.Spot, _simulator.Usdm];
        foreach (var control in both)
        {
            if (rights == KeyRights.None) control.RevokeKey(key.Key);
            else control.SetKey(key with { SpotTrading = rights != KeyRights.Read, Futures = rights != KeyRights.Read, Withdrawals = rights == KeyRights.Withdraw });
        }

        return Task.CompletedTask;
    }

    public override void Pass(TimeSpan time) => _clock.Advance(time);

    public override async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    private void Rest(string id, OrderSide side, decimal quantity, PositionSide leg)
    {
        Simulators.Kit.Level[] half = [new(100m, quantity / 2m)], none = [];
        var buy = side == OrderSide.Buy;
        Control.SetDepth("TSTUSDT", buy ? none : half, buy ? half : none);
        if (_isSpot) _simulator.Spot.RestManually("TSTUSDT", buy, quantity, 100m, id);
        else _simulator.Usdm.RestManually("TSTUSDT", buy, quantity, 100m, Side(leg), id);

        // Who comes next is met on the side on which nothing rests.
        Simulators.Kit.Level[] endless = [new(100m, decimal.MaxValue)];
        Control.SetDepth("TSTUSDT", buy ? endless : none, buy ? none : endless);
    }

    /// <summary>What the simulator can be told.</summary>
    internal ProductControl Control => _isSpot ? _simulator.Spot : _simulator.Usdm;

    // Who is met with silence gives up after a while: as soon as the request is there, that while is over.
    private void Script(Fault fault)
    {
        Control.Script(fault);
        if (fault.Ending != FaultEnding.Silence) return;
        var before = Control.Received.LastOrDefault()?.Sequence ?? 0;
        _ = PassWhenMetAsync(Control.FindReceivedAsync(r => r.Sequence > before && r.Request == fault.Match));
    }

    private async Task PassWhenMetAsync(Task met)
    {
        await met.InTime();
        _clock.Advance(s_beyondAnyAnswer);
    }

    private void List(string status)
    {
        if (_isSpot) _simulator.Spot.SetSymbol(new SpotSymbol("TSTUSDT", "TST", "USDT") { Status = status, Step = 0.01m, MinQuantity = 0.1m, MaxQuantity = 9_000m, MarketMaxQuantity = 1_000m, MinNotional = 20m });
        else _simulator.Usdm.SetSymbol(new UsdmSymbol("TSTUSDT", "TST", "USDT") { Status = status, Tick = 0.01m, Step = 0.01m, QuantityPrecision = 2, MinQuantity = 0.01m, MaxQuantity = 9_000m, MarketMaxQuantity = 1_000m, MinNotional = 20m });
    }

    private IEnumerable<ReadingFailure> ReadingsFailing(Reading reading, string path)
    {
        foreach (var (way, fault) in BinanceRows.Lost($"GET {path}", executed: true, _isSpot)) yield return new BinanceReadingFailure(reading, way, FailureKind.Unavailable, fault);
        yield return new BinanceReadingFailure(reading, "429", FailureKind.RateLimited, BinanceRows.Error($"GET {path}", -1003, "Too many requests.", 429));
        if (reading == Reading.Instruments) yield break;
        yield return new BinanceReadingFailure(reading, "-2015", FailureKind.Account, BinanceRows.Error($"GET {path}", -2015, "Invalid API-key, IP, or permissions for action.", 401));
    }

    /// <summary>Where an order is placed, looked up and cancelled.</summary>
    internal string OrderPath => _order;

    /// <summary>Where what is held is read.</summary>
    internal string HoldingsPath => _isSpot ? "/api/v3/account" : "/fapi/v3/positionRisk";

    internal string Path(string name) => $"{(_isSpot ? "/api/v3/" : "/fapi/v1/")}{name}";

    private static Fault Limited(string match, TimeSpan wait, int status, int code) => new()
    {
        Match = match, Status = status, Code = code, Message = "Too many requests.", RetryAfterSeconds = (int)wait.TotalSeconds,
    };

    private static string Side(PositionSide leg) => leg switch { PositionSide.Long => "LONG", PositionSide.Short => "SHORT", _ => "BOTH" };

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

[HostedBy(typeof(BinanceHost))]
[Lacks(Feature.ClosesBelowMinimum, "the minimum notional holds for every order")]
public sealed class BinanceSpotConformance : SpotConformance
{
    protected override Task<VenueHost> StartAsync() => BinanceHost.StartAsync(isSpot: true, PositionMode.OneWay);
}

[HostedBy(typeof(BinanceHost))]
public sealed class BinanceUsdmConformance : OneWayConformance
{
    protected override Task<VenueHost> StartAsync() => BinanceHost.StartAsync(isSpot: false, PositionMode.OneWay);
}

[HostedBy(typeof(BinanceHost))]
public sealed class BinanceUsdmHedgeConformance : HedgeConformance
{
    protected override Task<VenueHost> StartAsync() => BinanceHost.StartAsync(isSpot: false, PositionMode.Hedge);
}
