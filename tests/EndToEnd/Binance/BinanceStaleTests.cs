using CSMultiConnector.EndToEnd.Tests.World;
using CSMultiConnector.Simulators.Binance;

namespace CSMultiConnector.EndToEnd.Tests.Binance;

/// <summary>A venue that answers with what was true a moment ago: readings from before an order, look-ups that do not see it yet. Nothing is traded twice for it.</summary>
public sealed class BinanceStaleTests
{
    private const long Robot = 1001;

    [Theory]
    [InlineData(BinanceVenue.Spot)]
    public async Task A_reading_from_before_an_order_is_no_reason_for_another_one_even_in_a_sync(string product)
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await StartAsync(folder, venue, product, trader);
        trader.Deal(Robot, "BTCUSD", 0.5m, 60_000m);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();
        var control = venue.Control(product);

        control.FreezeHoldings(true);
        trader.Deal(Robot, "BTCUSD", 0.2m, 60_000m);
        await trader.AcknowledgedAsync();
        await Eventually.GetAsync(() => Task.FromResult(Large(venue, product)), n => n == 2, "the second order is there");
        await service.ConvergedAsync();
        await ReadBySyncAsync(service, control, product);

        control.FreezeHoldings(false);
        await ReadBySyncAsync(service, control, product);
        await service.ConvergedAsync();

        // Whatever a stale reading had begun would be on its way before this.
        trader.Deal(Robot, "BTCUSD", 0.3m, 60_000m);
        await trader.AcknowledgedAsync();
        await Eventually.GetAsync(() => Task.FromResult(Large(venue, product)), n => n >= 3, "the third order is there");
        await service.ConvergedAsync();
        Large(venue, product).ShouldBe(3, string.Join(", ", venue.Said(product)));
        Math.Abs(venue.Held(product, "BTCUSDT") - 1m).ShouldBeLessThan(venue.Tolerance(product, "BTCUSDT"));
    }

    [Theory]
    [InlineData(BinanceVenue.Spot)]
    [InlineData(BinanceVenue.Usdm)]
    public async Task An_order_whose_answer_was_lost_and_that_look_ups_do_not_see_yet_is_waited_for(string product)
    {
        using var folder = new Folder();
        await using var venue = await BinanceVenue.StartAsync();
        await using var trader = new Trader(Robot);
        await using var service = await StartAsync(folder, venue, product, trader);
        var control = venue.Control(product);
        var path = product == BinanceVenue.Spot ? "/api/v3/order" : "/fapi/v1/order";

        // Nor does the stream tell of it.
        control.EventTiming = EventTiming.Dropped;
        control.VisibilityDelay = TimeSpan.FromHours(1);
        control.Script(BinanceFaults.UnknownError($"POST {path}", executed: true));
        trader.Deal(Robot, "BTCUSD", 0.5m, 60_000m);
        await trader.AcknowledgedAsync();
        await Eventually.GetAsync(() => Task.FromResult(control.Received.Count(r => r.Request == $"GET {path}" && r.Code == -2013)), n => n >= 3, "look-ups did not see it");
        control.VisibilityDelay = TimeSpan.Zero;
        await service.ConvergedAsync();
        Large(venue, product).ShouldBe(1, string.Join(", ", venue.Said(product)));
        Math.Abs(venue.Held(product, "BTCUSDT") - 0.5m).ShouldBeLessThan(venue.Tolerance(product, "BTCUSDT"));
    }

    // On spot the fee is taken from what was bought, and bought anew: small orders for another reason.
    private static int Large(BinanceVenue venue, string product) => venue.Orders(product).Count(o => o.Executed > 0.1m);

    private static async Task ReadBySyncAsync(Service service, ProductControl control, string product)
    {
        var path = product == BinanceVenue.Spot ? "GET /api/v3/account" : "GET /fapi/v3/positionRisk";
        var before = control.Received[^1].Sequence;
        await service.JsonAsync("sync", "binance");
        await control.FindReceivedAsync(r => r.Sequence > before && r.Request == path).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
    }

    // So patient that a slow machine is no reason to believe what is stale.
    private static Task<Service> StartAsync(Folder folder, BinanceVenue venue, string product, Trader trader) => venue.ServeAsync(
        folder, venue.Connector(product).With("venueOptions", new { quietPeriod = "00:10:00", visibilityDelay = "00:10:00", answerTimeout = "00:00:10" }), trader);
}
