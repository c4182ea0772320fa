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

    private async Task<IVenueGateway> ReadyAsync(string product)
    {
        var settings = new ConnectorSettings { Id = new ConnectorId("one"), Name = "one", Tag = "test", Venue = product, ApiUrl = _simulator.RestUrl };
        var gateway = VenueCatalog.CreateDefault().Create(settings, new VenueCredentials(_simulator.Key.Key, _simulator.Key.Secret), new VenueServices(_clock));
        (await gateway.ConnectAsync(default).InTime()).IsSuccess.ShouldBeTrue();
        (await gateway.GetInstrumentsAsync(default).InTime()).IsSuccess.ShouldBeTrue();
        return gateway;
    }

    private OrderRequest Order(decimal quantity) => new(
        s_id, s_symbol, PositionSide.Net, OrderSide.Buy, new Contracts(quantity), false, _clock.GetUtcNow() + TimeSpan.FromSeconds(30), new Price(60_000m));
}
