using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

// Readings are complete or failed.
public abstract partial class VenueConformance
{
    private static readonly SymbolFacts s_silver = new(new SymbolName("XAGUSD.x"), 5000m, new Lots(0.01m), new Lots(0.01m), "XAG", "USD", "USD", 3, "CFD", "Metals", "Silver");

    [Fact]
    public async Task Instruments_are_listed_with_their_facts()
    {
        var all = await Gateway.GetInstrumentsAsync(default).InTime();
        all.Value.Single(i => i.Id == Host.Instrument.Id).ShouldBe(Host.Instrument);
        all.Value.Select(i => i.Id).ShouldBeUnique();
    }

    [FeatureFact(Feature.ListsOnDemand)]
    public async Task A_listed_symbol_can_be_traded_and_is_listed_once()
    {
        var listed = await Gateway.ListOnDemandAsync(s_silver, default);
        listed.Value!.LotStep.ShouldBe(50m);
        listed.Value.MinQuantity.ShouldBe(50m);
        (await Gateway.ListOnDemandAsync(s_silver with { ContractSize = 1m }, default)).Value.ShouldBe(listed.Value);
        var order = Orders.Buy(100m) with { Instrument = listed.Value.Id, ReferencePrice = new Price(30m) };
        (await ConfirmedAsync(order)).AveragePrice.ShouldBe(new Price(30m));
    }

    [Fact]
    public async Task Every_reading_is_complete_or_failed() => await EachAsync(Host.ReadingFailures, async failure =>
    {
        await ConfirmedAsync(Orders.Buy(1m));
        await Host.MakeAsync(new Trouble.FailsReading(failure));
        var said = await ReadAsync(failure.Reading);
        said.ShouldNotBeNull("what is not complete is no answer");
        (said.Kind, said.Text.Length > 0).ShouldBe((failure.Kind, true), said.ToString());
        if (failure.Kind != FailureKind.Unavailable) return;
        (await ReadAsync(failure.Reading)).ShouldBeNull("the next one is answered");
        (await Host.HeldAsync()).ShouldBeGreaterThan(0.9m);
    });

    [Fact]
    public async Task Open_orders_are_read_and_closed_ones_are_not_among_them()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        (await Gateway.ReadOpenOrdersAsync(default).InTime()).Value.ShouldBeEmpty();
        var open = Orders.Buy(2m);
        await Host.RestAsync(open);
        var read = (await Gateway.ReadOpenOrdersAsync(default).InTime()).Value.ShouldHaveSingleItem();
        (read.ClientOrderId, read.Quantity, read.Filled, read.IsClosed).ShouldBe((open.ClientOrderId, open.Quantity, new Contracts(1m), false));
    }

    [FeatureFact(Feature.Streams, Feature.RestingForeignOrders)]
    public async Task Orders_of_others_are_not_among_the_open_ones_and_the_stream_tells_of_them()
    {
        await using var events = await ListenAsync();
        await Host.RestForeignOrderAsync();
        (await events.NextAsync<VenueEvent.ForeignOrder>()).Instrument.ShouldBe(Host.Instrument.Id);
        (await Gateway.ReadOpenOrdersAsync(default).InTime()).Value.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_traded_by_hand_is_read_with_a_newer_sequence()
    {
        await ConfirmedAsync(Orders.Buy(2m));
        var before = (await Gateway.ReadHoldingsAsync(default).InTime()).Value.Single(h => h.Leg == Host.Instrument.Leg(Host.LongSide));
        await Host.TradeByHandAsync(Host.LongSide, OrderSide.Sell, 0.5m);
        var after = (await Gateway.ReadHoldingsAsync(default).InTime()).Value.Single(h => h.Leg == Host.Instrument.Leg(Host.LongSide));
        after.Quantity.ShouldBe(before.Quantity - new Contracts(0.5m));
        if (before.Sequence is { } sequence) after.Sequence!.Value.ShouldBeGreaterThan(sequence);
    }
}
