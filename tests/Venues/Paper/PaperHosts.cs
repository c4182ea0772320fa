using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Http;
using CSMultiConnector.Venues.Paper.Matching;
using CSMultiConnector.Venues.Paper.Misbehaviour;

namespace CSMultiConnector.Venues.Tests.Paper;

/// <summary>A paper venue in memory with a gateway in the process or over HTTP.</summary>
[Lacks(Feature.LateVisibility, "its look-ups see every order at once")]
[Lacks(Feature.RateLimits, "it answers whatever comes")]
[Lacks(Feature.CheckedClock, "its requests carry no time but the order's validity")]
[Lacks(Feature.Keys, "its accounts need none")]
[Lacks(Feature.RestingForeignOrders, "what is traded by hand fills at once")]
internal sealed class PaperHost : VenueHost
{
    private readonly PaperExchange _exchange;
    private readonly PaperHttpServer? _server;
    private readonly PaperAccountKey _account;
    private readonly JumpingClock _clock;
    private readonly JumpingClock _venueClock;

    private PaperHost(PaperExchange exchange, PaperHttpServer? server, PaperAccountKey account, PositionMode mode)
    {
        (_exchange, _server, _account, Mode) = (exchange, server, account, mode);
        _venueClock = (JumpingClock)exchange.Time;

        // In one process there is one clock.
        _clock = server is null ? _venueClock : new JumpingClock();
        Instrument = Samples.Instrument(account.Product);
        var wanted = new PaperAccountOptions { PositionMode = mode };
        Gateway = server is null
            ? new PaperGateway(exchange, account, wanted, lease: Lease)
            : new PaperHttpGateway(new PaperHttpGatewayOptions { Address = server.Address, Account = account, Wanted = wanted, Time = _clock, Lease = Lease });
    }

    public override IVenueGateway Gateway { get; }

    public override PositionMode Mode { get; }

    public override Instrument Instrument { get; }

    public override bool StreamBeginsWithGap => _server is not null;

    internal static async Task<VenueHost> StartAsync(PaperProduct product, PositionMode mode, bool http)
    {
        var exchange = PaperExchange.Open(new PaperExchangeOptions { Time = new JumpingClock() });
        var server = http ? await PaperHttpServer.StartAsync(exchange, new PaperHttpServerOptions(), default) : null;
        var host = new PaperHost(exchange, server, new PaperAccountKey(product, "tester"), mode);
        (await exchange.ListAsync(product, host.Instrument, default)).IsSuccess.ShouldBeTrue();
        (await exchange.SetPriceAsync(product, host.Instrument.Id, new Price(100m), default)).IsSuccess.ShouldBeTrue();
        return host;
    }

    public override VenueProduct Product => _account.Product == PaperProduct.Spot ? PaperCatalog.Spot : PaperCatalog.Futures;

    public override DateTimeOffset Now => _clock.GetUtcNow();

    public override int Unmet => _exchange.Misbehaviour.Rules.Length;

    public override ImmutableArray<string> WaysToLoseAnswers => ["no answer after the order was taken"];

    public override ImmutableArray<string> WaysToLoseOrders => ["the request is lost on its way"];

    public override ImmutableArray<ErrorRow> Errors { get; } = [.. Enum.GetValues<RejectionClass>().Select(c => new ErrorRow(c.ToString(), c))];

    public override ImmutableArray<LookUpRow> LookUpErrors => [new("it cannot answer now", NotFound: false)];

    public override ImmutableArray<CancelRow> CancelErrors => [new("refused", typeof(CancelOutcome.Rejected))];

    public override ImmutableArray<ReadingFailure> ReadingFailures => [new(Reading.Holdings, "it cannot answer now"), new(Reading.Connect, "it cannot answer now")];

    public override Task MakeAsync(Trouble trouble)
    {
        var rule = trouble switch
        {
            Trouble.LosesAnswer => new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.LoseAnswer },
            Trouble.LosesOrder => new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.LoseRequest },
            Trouble.Refuses refuses => new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject, Class = refuses.Row.Class!.Value },
            Trouble.RefusesLookUp => new PaperRule { On = PaperPoint.LookUp, Effect = PaperEffect.Fail },
            Trouble.RefusesCancel => new PaperRule { On = PaperPoint.Cancel, Effect = PaperEffect.Reject },
            Trouble.FillsHalfAndExpires => new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenExpire },
            Trouble.FailsReading fails => new PaperRule { On = fails.Failure.Reading == Reading.Connect ? PaperPoint.Connect : PaperPoint.ReadHoldings, Effect = PaperEffect.Fail },
            Trouble.FillsNothing => new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenExpire, Fraction = 0m },
            Trouble.MuddlesEvents muddles => new PaperRule { On = PaperPoint.StreamEvent, Effect = muddles.Twice ? PaperEffect.Duplicate : PaperEffect.Reorder },
            Trouble.LosesCancelAnswer => new PaperRule { On = PaperPoint.Cancel, Effect = PaperEffect.LoseAnswer },
            Trouble.ArrivesLate late => new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.DelayBefore, Delay = late.By },
            _ => throw new NotSupportedException(trouble.GetType().Name),
        };
        Add(rule with { Times = 1 });
        return Task.CompletedTask;
    }

    public override async Task RestAsync(OrderRequest order)
    {
        Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Times = 1 });
        (await Gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Confirmed>().Report.IsClosed.ShouldBeFalse();
    }

    public override Task SetMaintenanceAsync(bool on)
    {
        if (!on) _exchange.Misbehaviour.Clear();
        else
        {
            foreach (var point in new[] { PaperPoint.Connect, PaperPoint.ReadHoldings, PaperPoint.LookUp }) Add(new PaperRule { On = point, Effect = PaperEffect.Fail });
            foreach (var point in new[] { PaperPoint.Submit, PaperPoint.Cancel }) Add(new PaperRule { On = point, Effect = PaperEffect.Reject, Class = RejectionClass.Wait });
        }

        return Task.CompletedTask;
    }

    public override Task SkewVenueClockAsync(TimeSpan by)
    {
        _venueClock.Advance(by);
        return Task.CompletedTask;
    }

    public override void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        if (_venueClock != _clock) _venueClock.Advance(time);
    }

    public override async Task SetStatusAsync(InstrumentStatus status) =>
        (await _exchange.ListAsync(_account.Product, Instrument with { Status = status }, default)).IsSuccess.ShouldBeTrue();

    public override Task TradeByHandAsync(PositionSide leg, OrderSide side, decimal quantity) => TradeAsync(PaperTradeKind.ByHand, leg, side, quantity);

    public override Task LiquidateAsync(PositionSide leg, OrderSide side, decimal quantity) => TradeAsync(PaperTradeKind.Liquidation, leg, side, quantity);

    // A rule of the stream keeps nothing back: it meets the next event.
    public override Task TellAsync() => Task.CompletedTask;

    public override Task BreakStreamAsync()
    {
        _exchange.Disconnect(_account);
        return Task.CompletedTask;
    }

    public override async Task<int> CountOrdersAsync() => (await _exchange.OrdersAsync(_account, 0, int.MaxValue, default)).Value.Length;

    public override async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        await _exchange.DisposeAsync();
    }

    private void Add(PaperRule rule) => _exchange.Misbehaviour.Add(rule).ShouldBeNull();

    private async Task TradeAsync(PaperTradeKind kind, PositionSide leg, OrderSide side, decimal quantity) =>
        (await _exchange.TradeAsync(_account, new PaperTrade(kind, Instrument.Id, leg, side, new Contracts(quantity)), default)).IsSuccess.ShouldBeTrue();
}

internal static class Samples
{
    /// <summary>The instrument of the conformance suite.</summary>
    internal static Instrument Instrument(PaperProduct product) => new(
        new InstrumentId("TSTUSD"), product.Kind(), new AssetName("TST"), new AssetName("USD"), 1m, 0.01m, 0.1m, 1_000m, 20m, 0.01m, InstrumentStatus.Trading);
}

[HostedBy(typeof(PaperHost))]
public sealed class PaperSpotConformance : SpotConformance
{
    protected override Task<VenueHost> StartAsync() => PaperHost.StartAsync(PaperProduct.Spot, PositionMode.OneWay, http: false);
}

[HostedBy(typeof(PaperHost))]
public sealed class PaperFuturesConformance : OneWayConformance
{
    protected override Task<VenueHost> StartAsync() => PaperHost.StartAsync(PaperProduct.Futures, PositionMode.OneWay, http: false);
}

[HostedBy(typeof(PaperHost))]
public sealed class PaperHedgeConformance : HedgeConformance
{
    protected override Task<VenueHost> StartAsync() => PaperHost.StartAsync(PaperProduct.Futures, PositionMode.Hedge, http: false);
}

[HostedBy(typeof(PaperHost))]
public sealed class PaperHttpSpotConformance : SpotConformance
{
    protected override Task<VenueHost> StartAsync() => PaperHost.StartAsync(PaperProduct.Spot, PositionMode.OneWay, http: true);
}

[HostedBy(typeof(PaperHost))]
public sealed class PaperHttpFuturesConformance : OneWayConformance
{
    protected override Task<VenueHost> StartAsync() => PaperHost.StartAsync(PaperProduct.Futures, PositionMode.OneWay, http: true);
}

[HostedBy(typeof(PaperHost))]
public sealed class PaperHttpHedgeConformance : HedgeConformance
{
    protected override Task<VenueHost> StartAsync() => PaperHost.StartAsync(PaperProduct.Futures, PositionMode.Hedge, http: true);
}
