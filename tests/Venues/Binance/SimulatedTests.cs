using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulators.Binance;
using CSMultiConnector.Simulators.Kit;
using Level = CSMultiConnector.Simulators.Kit.Level;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>A gateway with the simulator of its venue, where the conformance suite, which knows no venue, cannot ask.</summary>
public sealed class SimulatedTests : IAsyncLifetime
{
    private static readonly InstrumentId s_symbol = new("BTCUSDT");

    // So long that no test moves the clock beyond it unawares.
    private static readonly TimeSpan s_visibilityDelay = TimeSpan.FromMinutes(10);

    private static readonly ClientOrderId s_id = new("testrun00100000000");

    private readonly JumpingClock _clock = new();
    private BinanceSimulator _simulator = null!;

    public async Task InitializeAsync() => _simulator = await BinanceSimulator.StartAsync(new BinanceSimulatorOptions(), _clock);

    public async Task DisposeAsync() => await _simulator.DisposeAsync();

    [Fact]
    public async Task An_order_of_thousands_of_trades_is_found_with_all_of_its_fees()
    {
        await using var gateway = await ReadyAsync("binance-spot");
        _simulator.Spot.SetDepth("BTCUSDT", [], [.. Enumerable.Range(0, 2_100).Select(i => new Level(60_000m + i, 0.001m))]);
        _simulator.Spot.Script(new Fault { Match = "POST /api/v3/order", Executed = true, Ending = FaultEnding.Reset });
        (await gateway.SubmitAsync(Order(2.1m), default).InTime()).ShouldBeOfType<SubmitOutcome.Unknown>();
        var report = (await gateway.FindAsync(new OrderKey(s_id, s_symbol, null, _clock.GetUtcNow()), default).InTime()).ShouldBeOfType<LookupOutcome.Found>().Report;
        (report.Status, report.Filled.Value, report.FeeInBase.Value).ShouldBe((OrderStatus.Filled, 2.1m, 0.0021m));
        _simulator.Spot.Balances["BTC"].Free.ShouldBe(2.1m - report.FeeInBase.Value);
    }

    [Fact]
    public async Task What_a_futures_order_cost_is_told_when_it_is_known_and_nobody_waits_for_it()
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        await using var events = gateway.StreamAsync(default).GetAsyncEnumerator();
        (await events.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        _simulator.Usdm.EventTiming = EventTiming.Dropped;
        _simulator.Usdm.Script(new Fault { Match = "GET /fapi/v1/userTrades", Status = 503 });
        var report = (await gateway.SubmitAsync(Order(0.5m), default).InTime()).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;
        (report.Filled.Value, report.AveragePrice, report.Fees.Length).ShouldBe((0.5m, null, 0));
        var told = (await PassUntilAsync(events.NextAsync())).ShouldBeOfType<VenueEvent.OrderChanged>().Report;
        (told.ClientOrderId, told.Status, told.Filled.Value, told.AveragePrice?.Value).ShouldBe((s_id, OrderStatus.Filled, 0.5m, 60_000m));
        told.Fees.ShouldHaveSingleItem().ShouldBe(new Fee(new AssetName("USDT"), 12m));
        _simulator.Usdm.Received.Where(r => r.Request == "GET /fapi/v1/userTrades").Select(r => r.Status).First().ShouldBe(503, "what fails is tried again");
    }

    [Fact]
    public async Task What_the_venue_took_while_nobody_listened_is_told_once_when_somebody_does()
    {
        await using var gateway = await ReadyAsync("binance-usdm");
        _simulator.Usdm.TradeManually("BTCUSDT", buy: true, 1m);
        _simulator.Usdm.Liquidate("BTCUSDT", quantity: 0.1m);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await using (var events = gateway.StreamAsync(default).GetAsyncEnumerator())
        {
            (await events.NextAsync()).ShouldBeOfType<VenueEvent.Gap>("what was before nobody was to hear");
            _simulator.Usdm.Liquidate("BTCUSDT", quantity: 0.2m);
            (await events.NextAsync<VenueEvent.TakenByVenue>()).Why.ShouldContain("0.2");
            await _simulator.Usdm.KickStreamsAsync();
            await events.EndAsync();
        }

        _simulator.Usdm.Received.ShouldNotContain(r => r.Request == Forced);
        _simulator.Usdm.Deleverage("BTCUSDT", quantity: 0.3m);
        _simulator.Usdm.Script(new Fault { Match = Forced, Status = 503 });
        await using var again = gateway.StreamAsync(default).GetAsyncEnumerator();
        (await again.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        var taken = (await PassUntilAsync(again.NextAsync())).ShouldBeOfType<VenueEvent.TakenByVenue>();
        taken.Leg.ShouldBe(new LegId("BTCUSDT", PositionSide.Net));
        taken.Why.ShouldContain("0.3", Case.Sensitive, "not what was heard before");
        _simulator.Usdm.Received.First(r => r.Request == Forced).Status.ShouldBe(503, "what fails is tried again");

        // Found, then heard: the same.
        _simulator.Usdm.PushEvent(Event(_simulator.Usdm.Orders[^1]));
        (await again.NextAsync()).ShouldBeOfType<VenueEvent.HoldingsChanged>();

        // What the list lacked at first is found by the second look.
        _simulator.Usdm.EventTiming = EventTiming.Dropped;
        _simulator.Usdm.Liquidate("BTCUSDT", quantity: 0.4m);
        (await PassUntilAsync(again.NextAsync(), s_visibilityDelay)).ShouldBeOfType<VenueEvent.TakenByVenue>().Why.ShouldContain("0.4");
    }

    private const string Forced = "GET /fapi/v1/forceOrders";

    private static string Event(SimOrder order) => FormattableString.Invariant(
        $$$"""{"e":"ORDER_TRADE_UPDATE","E":1,"T":1,"o":{"s":"BTCUSDT","c":"{{{order.ClientId}}}","S":"SELL","o":"LIMIT","f":"IOC","q":"0.3","p":"1","ap":"1","sp":"0","x":"CALCULATED","X":"FILLED","i":{{{order.Id}}},"l":"0.3","z":"0.3","L":"1","N":"USDT","n":"0.01","T":1,"t":1,"m":false,"R":false,"ps":"BOTH","rp":"0"}}""");

    // Real answers take real time: the clock is moved on as long as nothing comes.
    private async Task<T> PassUntilAsync<T>(Task<T> wanted, TimeSpan? step = null)
    {
        while (!wanted.IsCompleted)
        {
            _clock.Advance(step ?? TimeSpan.FromSeconds(5));
            await Task.WhenAny(wanted, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        }

        return await wanted;
    }

    private async Task<IVenueGateway> ReadyAsync(string product)
    {
        var settings = new ConnectorSettings { Id = new ConnectorId("one"), Name = "one", Tag = "test", Venue = product, ApiUrl = _simulator.RestUrl };
        settings = settings with { VenueOptions = settings.VenueOptions.Add("visibilityDelay", s_visibilityDelay.ToString("c", System.Globalization.CultureInfo.InvariantCulture)) };
        var gateway = VenueCatalog.CreateDefault().Create(settings, new VenueCredentials(_simulator.Key.Key, _simulator.Key.Secret), new VenueServices(_clock));
        (await gateway.ConnectAsync(default).InTime()).IsSuccess.ShouldBeTrue();
        (await gateway.GetInstrumentsAsync(default).InTime()).IsSuccess.ShouldBeTrue();
        return gateway;
    }

    private OrderRequest Order(decimal quantity) => new(
        s_id, s_symbol, PositionSide.Net, OrderSide.Buy, new Contracts(quantity), false, _clock.GetUtcNow() + TimeSpan.FromSeconds(30), new Price(60_000m));
}
