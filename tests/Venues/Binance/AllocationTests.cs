using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Binance;
using CSMultiConnector.Venues.Binance.Spot;
using CSMultiConnector.Venues.Binance.UsdM;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>What is on the way of every order leaves nothing behind for the collector but the bytes that go out.</summary>
public sealed class AllocationTests
{
    private const int Calls = 200;

    [Fact]
    public void Signing_allocates_nothing()
    {
        var key = new HmacKey("the-hidden-part-of-a-key");
        var payload = new byte[250];
        var hex = new byte[HmacKey.HexLength];
        PerCall(() => key.Sign(payload, hex)).ShouldBe(0);
    }

    [Fact]
    public void A_form_is_written_and_signed_in_a_pooled_buffer()
    {
        using var line = NewLine(SpotProduct.Product);

        // The writer itself is an object.
        PerCall(() =>
        {
            using var form = new FormWriter();
            form.Add("symbol"u8, "BTCUSDT").Add("quantity"u8, 0.0100m).Add("orderId"u8, 123_456_789);
            line.Sign(form, 5000);
        }).ShouldBeLessThanOrEqualTo(40);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_order_costs_its_own_bytes_and_a_few_more(bool isSpot)
    {
        var options = Options(isSpot ? SpotProduct.Product : UsdmProduct.Product);
        var capabilities = (isSpot ? BinanceCatalog.Spot : BinanceCatalog.UsdM).Capabilities;
        var of = new BinanceGatewayOptions { Line = options, Capabilities = capabilities };
        BinanceGateway gateway = isSpot ? new SpotGateway(of) : new UsdmGateway(of);
        using var line = new BinanceLine(options);
        var time = TimeProvider.System;
        var order = new OrderRequest(
            new ClientOrderId("abcdefghij01234567"), new InstrumentId("BTCUSDT"), PositionSide.Net, Domain.Terminals.OrderSide.Buy, new Contracts(0.0123m), false,
            time.GetUtcNow() + TimeSpan.FromHours(1), new Price(60_000m));
        var check = new SendCheck(order, time, UnlimitedLease.Instance);
        Action<FormWriter, OrderRequest> write = gateway.WriteOrder;
        var bytes = line.Body(check, write).Length;
        PerCall(() => line.Body(check, write)).ShouldBeLessThanOrEqualTo(bytes + 80);
    }

    // The least of several rounds: what the runtime itself does meanwhile comes once and is not of a call.
    private static long PerCall(Action call)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++) call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / Calls;
    }

    private static BinanceLine NewLine(BinanceProduct product) => new(Options(product));

    private static BinanceLineOptions Options(BinanceProduct product) => new()
    {
        Product = product,
        Network = product.Networks[0],
        Credentials = new VenueCredentials("the-public-part-of-a-key", "the-hidden-part-of-a-key"),
        Time = TimeProvider.System,
        Place = new VenuePlace(TimeProvider.System),
    };
}
