using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Conformance;

// What the venue tells by itself.
public abstract partial class VenueConformance
{
    [FeatureFact(Feature.Streams)]
    public async Task The_stream_tells_of_orders_and_of_trades_by_hand()
    {
        await using var events = await ListenAsync();
        var order = Orders.Buy(2m);
        var answer = await ConfirmedAsync(order);
        var told = await events.NextAsync<VenueEvent.OrderChanged>(e => e.Report.ClientOrderId == order.ClientOrderId && e.Report.IsClosed);
        (told.Report.Filled, told.Report.FeeInBase, told.Report.Status).ShouldBe((order.Quantity, answer.FeeInBase, OrderStatus.Filled));
        (told.Report.Instrument, told.Report.Side, told.Report.PositionSide, told.Report.Quantity).ShouldBe((order.Instrument, order.Side, order.PositionSide, order.Quantity));
        await Host.TradeByHandAsync(Host.LongSide, OrderSide.Sell, 0.5m);
        await events.NextAsync<VenueEvent>(e => e is VenueEvent.HoldingsChanged or VenueEvent.ForeignOrder);
    }

    [FeatureFact(Feature.Streams)]
    public async Task The_stream_tells_of_a_part_that_filled_and_a_rest_that_expired()
    {
        await using var events = await ListenAsync();
        await Host.MakeAsync(new Trouble.FillsHalfAndExpires());
        var order = Orders.Buy(2m);
        await ConfirmedAsync(order);
        var told = await events.NextAsync<VenueEvent.OrderChanged>(e => e.Report.ClientOrderId == order.ClientOrderId && e.Report.IsClosed);
        (told.Report.Status, told.Report.Filled.Value, told.Report.Quantity.Value).ShouldBe((OrderStatus.Expired, 1m, 2m));
        told.Report.FeeInBase.ShouldBe((await FoundAsync(order)).FeeInBase);
    }

    [FeatureTheory(Feature.Streams)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_that_come_twice_or_the_last_first_tell_no_more_than_what_happened(bool twice)
    {
        await using var events = await ListenAsync();
        await Host.MakeAsync(new Trouble.MuddlesEvents(twice));
        await Host.MakeAsync(new Trouble.FillsHalfAndExpires());
        var order = Orders.Buy(2m);
        await SubmitAsync(order);
        await Host.TradeByHandAsync(Host.LongSide, OrderSide.Sell, 0.5m);
        await Host.TellAsync();
        OrderReport told;
        do
        {
            told = (await events.NextAsync<VenueEvent.OrderChanged>(e => e.Report.ClientOrderId == order.ClientOrderId)).Report;
            told.Filled.Value.ShouldBeInRange(0m, 1m);
        }
        while (!told.IsClosed);
        (told.Status, told.Filled.Value, told.FeeInBase).ShouldBe((OrderStatus.Expired, 1m, (await FoundAsync(order)).FeeInBase));
        (await Host.HeldAsync()).ShouldBe(0.5m - told.FeeInBase.Value);
    }

    [FeatureFact(Feature.Streams, Feature.InstrumentEvents)]
    public async Task The_stream_tells_of_a_changed_instrument()
    {
        await using var events = await ListenAsync();
        await Host.SetStatusAsync(InstrumentStatus.ReduceOnly);
        (await events.NextAsync<VenueEvent.InstrumentChanged>()).Instrument.ShouldBe(Host.Instrument with { Status = InstrumentStatus.ReduceOnly });
    }

    [FeatureFact(Feature.Streams)]
    public async Task A_broken_line_is_told_and_what_happened_meanwhile_is_read()
    {
        await ConfirmedAsync(Orders.Buy(2m));
        var before = await Host.HeldAsync();
        await using (var events = await ListenAsync())
        {
            await Host.BreakStreamAsync();
            await Host.TradeByHandAsync(Host.LongSide, OrderSide.Sell, 0.5m);
            await events.EndOrGapAsync();
        }

        (await ReadAsync(Reading.Connect)).ShouldBeNull();
        (await Host.HeldAsync()).ShouldBe(before - 0.5m);
        await using var again = await ListenAsync();
        var order = Orders.Buy(1m);
        await ConfirmedAsync(order);
        await again.NextAsync<VenueEvent.OrderChanged>(e => e.Report.ClientOrderId == order.ClientOrderId);
    }

    [FeatureFact(Feature.Streams)]
    public async Task The_stream_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await using var events = await ListenAsync(stop.Token);
        await stop.CancelAsync();
        await events.EndAsync();
    }
}
