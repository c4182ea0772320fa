using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>The service against a venue in another process: what the streams hold is what the accounts hold.</summary>
public sealed class CopyTests
{
    private const long Robot = 1001;
    private const long Scalper = 1002;
    private const long ByHand = 0;

    [Fact]
    public async Task Three_streams_are_copied_to_the_accounts_of_a_venue()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(Robot, Scalper, ByHand);
        await using var service = await Service.StartAsync(folder["data"],
        [
            ConnectorSettings.Futures("all", venue.Address),
            ConnectorSettings.Futures("half", venue.Address, account: "half", routes: [ConnectorSettings.Route(0.5m, Robot, ByHand)]),
            ConnectorSettings.Spot("spot", venue.Address, routes: [ConnectorSettings.Route(1m, Scalper)]),
        ]);
        await service.ConnectAsync(trader);

        trader.Deal(Robot, "BTCUSD", 0.40m, 65_000m);
        trader.Deal(Scalper, "BTCUSD", 0.25m, 65_010m);
        trader.Deal(ByHand, "ETHUSD", 3m, 3_200m);
        trader.Deal(Robot, "BTCUSD", -0.90m, 65_020m);
        trader.Deal(Scalper, "ETHUSD", 1.07m, 3_190m);
        trader.Deal(ByHand, "ETHUSD", -0.50m, 3_195m);
        await trader.AcknowledgedAsync();
        var status = await service.ConvergedAsync();

        (await venue.HoldingsAsync()).ShouldBe(Positions(("BTCUSD", -0.25m), ("ETHUSD", 3.57m)), ignoreOrder: true, status.ToString());
        (await venue.HoldingsAsync(account: "half")).ShouldBe(Positions(("BTCUSD", -0.25m), ("ETHUSD", 1.25m)), ignoreOrder: true, status.ToString());
        var spot = await venue.HoldingsAsync("spot");
        spot["BTC"].ShouldBe(0.25m);
        spot["ETH"].ShouldBe(1.07m);

        status.GetProperty("terminals")[0].GetProperty("deals").GetInt64().ShouldBe(6);
        var said = await service.JsonAsync("status", "--check");
        said.GetProperty("converged").GetBoolean().ShouldBeTrue();
        Service.Connector(said, "all").GetProperty("legs").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_no_route_names_is_not_copied()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(Robot, Scalper);
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("one", venue.Address, routes: [ConnectorSettings.Route(1m, Robot)])]);
        await service.ConnectAsync(trader);

        trader.Deal(Scalper, "ETHUSD", 2m, 3_200m);
        trader.Deal(Robot, "BTCUSD", 0.1m, 65_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();

        (await venue.HoldingsAsync()).ShouldBe(Positions(("BTCUSD", 0.1m)));
        (await venue.OrdersAsync()).Count.ShouldBe(1);
    }

    private static Dictionary<string, decimal> Positions(params (string Name, decimal Quantity)[] positions) =>
        positions.ToDictionary(p => p.Name, p => p.Quantity, StringComparer.Ordinal);
}
