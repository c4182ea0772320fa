using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Tests.Conformance;

/// <summary>What every gateway must do, whatever the venue: one class a host derives from it. The capabilities say which tests say something.</summary>
public abstract class VenueConformance : IAsyncLifetime
{
    private VenueHost? _host;
    private OrderMaker? _orders;

    protected VenueHost Host => _host!;

    protected OrderMaker Orders => _orders!;

    protected IVenueGateway Gateway => Host.Gateway;

    protected bool IsSpot => Gateway.Capabilities.Rules.Kind == ProductKind.Spot;

    public async Task InitializeAsync()
    {
        _host = await StartAsync();
        _orders = new OrderMaker(_host);
        (await Gateway.ConnectAsync(default)).IsSuccess.ShouldBeTrue();
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    protected abstract Task<VenueHost> StartAsync();

    [Fact]
    public async Task Connecting_says_who_we_are_and_again_the_same()
    {
        var first = await Gateway.ConnectAsync(default);
        var second = await Gateway.ConnectAsync(default);
        first.Value!.AccountId.ShouldNotBeEmpty();
        first.Value.PositionMode.ShouldBe(Host.Mode);
        Gateway.Capabilities.PositionModes.ShouldContain(Host.Mode);
        second.Value!.AccountId.ShouldBe(first.Value.AccountId);
    }

    [Fact]
    public async Task Instruments_are_listed_with_their_facts()
    {
        var all = await Gateway.GetInstrumentsAsync(default);
        all.Value.Single(i => i.Id == Host.Instrument.Id).ShouldBe(Host.Instrument);
    }

    [Fact]
    public async Task A_listed_symbol_can_be_traded_and_is_listed_once()
    {
        if (!Gateway.Capabilities.ListsOnDemand) return;
        var symbol = new SymbolFacts(new SymbolName("XAGUSD.x"), 5000m, new Lots(0.01m), new Lots(0.01m), "XAG", "USD", "USD", 3, "CFD", "Metals", "Silver");
        var listed = await Gateway.ListOnDemandAsync(symbol, default);
        listed.Value!.LotStep.ShouldBe(50m);
        listed.Value.MinQuantity.ShouldBe(50m);
        (await Gateway.ListOnDemandAsync(symbol with { ContractSize = 1m }, default)).Value.ShouldBe(listed.Value);
        var order = Orders.Buy(100m) with { Instrument = listed.Value.Id, ReferencePrice = new Price(30m) };
        (await ConfirmedAsync(order)).AveragePrice.ShouldBe(new Price(30m));
    }

    [Fact]
    public async Task An_order_fills_and_is_held()
    {
        var order = Orders.Buy(3m);
        var report = await ConfirmedAsync(order);
        report.Status.ShouldBe(OrderStatus.Filled);
        report.Filled.ShouldBe(order.Quantity);
        report.AveragePrice.ShouldBe(new Price(100m));
        report.ClientOrderId.ShouldBe(order.ClientOrderId);
        (report.Instrument, report.Side, report.PositionSide, report.Quantity).ShouldBe((order.Instrument, order.Side, order.PositionSide, order.Quantity));
        (await Host.HeldAsync()).ShouldBe(3m - report.FeeInBase.Value);
    }

    [Fact]
    public async Task Only_spot_buys_pay_their_fee_in_base()
    {
        var buy = await ConfirmedAsync(Orders.Buy(3m));
        var sell = await ConfirmedAsync(Orders.Sell(1m));
        (buy.FeeInBase.Value > 0m).ShouldBe(IsSpot);
        sell.FeeInBase.Value.ShouldBe(0m);
        sell.Fees.ShouldAllBe(f => f.Asset == Host.Instrument.Quote);
        (await Host.HeldAsync()).ShouldBe(2m - buy.FeeInBase.Value);
    }

    [Fact]
    public async Task After_its_validity_an_order_does_not_leave()
    {
        var order = Orders.Make(OrderSide.Buy, 1m, notAfter: Host.Now - TimeSpan.FromSeconds(1));
        (await Gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason.Class.ShouldBe(RejectionClass.Transient);
        (await Host.CountOrdersAsync()).ShouldBe(0);
        (await Gateway.FindAsync(Orders.Key(order), default)).ShouldBeOfType<LookupOutcome.NotFound>();
    }

    [Fact]
    public async Task Without_the_right_to_trade_an_order_does_not_leave()
    {
        var order = Orders.Buy(1m);
        Host.Lease.IsHeld = false;
        (await Gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.DeniedLocally>().Reason.Class.ShouldBe(RejectionClass.Wait);
        (await Host.CountOrdersAsync()).ShouldBe(0);
        (await Gateway.FindAsync(Orders.Key(order), default)).ShouldBeOfType<LookupOutcome.NotFound>();
        Host.Lease.IsHeld = true;
        await ConfirmedAsync(order);
    }

    [Fact]
    public async Task Open_orders_are_read_and_closed_ones_are_not_among_them()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        (await Gateway.ReadOpenOrdersAsync(default)).Value.ShouldBeEmpty();
        await Host.MakeAsync(new Trouble.FillsHalf());
        var open = Orders.Buy(2m);
        await Gateway.SubmitAsync(open, default);
        var read = (await Gateway.ReadOpenOrdersAsync(default)).Value.ShouldHaveSingleItem();
        (read.ClientOrderId, read.Quantity, read.Filled, read.IsClosed).ShouldBe((open.ClientOrderId, open.Quantity, new Contracts(1m), false));
    }

    [Fact]
    public async Task An_id_is_taken_once()
    {
        var order = Orders.Buy(1m);
        var fee = (await ConfirmedAsync(order)).FeeInBase.Value;
        (await RejectedAsync(order with { Quantity = new Contracts(2m) })).Class.ShouldBe(RejectionClass.Query);
        (await FoundAsync(order)).Quantity.ShouldBe(new Contracts(1m));
        (await Host.CountOrdersAsync()).ShouldBe(1);
        (await Host.HeldAsync()).ShouldBe(1m - fee);
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_and_the_order_is_found()
    {
        await Host.MakeAsync(new Trouble.LosesAnswer());
        var order = Orders.Buy(1m);
        (await Gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Unknown>();
        var report = await FoundAsync(order);
        report.Filled.ShouldBe(new Contracts(1m));
        (await Host.HeldAsync()).ShouldBe(1m - report.FeeInBase.Value);
    }

    [Fact]
    public async Task A_lost_order_is_unknown_and_not_found()
    {
        await Host.MakeAsync(new Trouble.LosesOrder());
        var order = Orders.Buy(1m);
        (await Gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Unknown>();
        (await Gateway.FindAsync(Orders.Key(order), default)).ShouldBeOfType<LookupOutcome.NotFound>();
        (await Host.CountOrdersAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(RejectionClass.Transient)]
    [InlineData(RejectionClass.Wait)]
    [InlineData(RejectionClass.ReRead)]
    [InlineData(RejectionClass.Query)]
    [InlineData(RejectionClass.Split)]
    [InlineData(RejectionClass.BelowMinimum)]
    [InlineData(RejectionClass.Permanent)]
    [InlineData(RejectionClass.Funds)]
    [InlineData(RejectionClass.Account)]
    public async Task A_refusal_keeps_its_class_and_leaves_nothing(RejectionClass kind)
    {
        await Host.MakeAsync(new Trouble.Refuses(kind));
        var order = Orders.Buy(1m);
        var rejection = await RejectedAsync(order);
        rejection.Class.ShouldBe(kind);
        rejection.Text.ShouldNotBeEmpty();
        (await Host.HeldAsync()).ShouldBe(0m);
        (await Gateway.FindAsync(Orders.Key(order), default)).ShouldBeOfType<LookupOutcome.NotFound>();
    }

    [Fact]
    public async Task The_filters_refuse_with_the_right_class()
    {
        (await RejectedAsync(Orders.Buy(1_000.01m))).Class.ShouldBe(RejectionClass.Split);
        (await RejectedAsync(Orders.Buy(0.09m))).Class.ShouldBe(RejectionClass.BelowMinimum);
        (await RejectedAsync(Orders.Buy(0.15m))).Class.ShouldBe(RejectionClass.BelowMinimum);
        (await RejectedAsync(Orders.Buy(1.005m))).Class.ShouldBe(RejectionClass.Permanent);
        (await RejectedAsync(Orders.Buy(1m) with { Instrument = new InstrumentId("NOTHING") })).Class.ShouldBe(RejectionClass.Permanent);
        (await Host.CountOrdersAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_small_rest_can_be_closed_but_not_reduced()
    {
        if (!Gateway.Capabilities.Rules.ClosesBelowMinimum) return;
        await ConfirmedAsync(Orders.Buy(1m));
        await ConfirmedAsync(Orders.Sell(0.94m));
        (await RejectedAsync(Orders.Sell(0.03m))).Class.ShouldBe(RejectionClass.BelowMinimum);
        var rest = Math.Floor(await Host.HeldAsync() * 100m) / 100m;
        rest.ShouldBeLessThan(0.1m);
        (await ConfirmedAsync(Orders.Make(OrderSide.Sell, rest, reduceOnly: !IsSpot))).Filled.ShouldBe(new Contracts(rest));
        (await Host.HeldAsync()).ShouldBeLessThan(0.01m);
    }

    [Fact]
    public async Task The_wrong_position_mode_is_a_matter_of_the_account()
    {
        var wrong = Host.Mode == PositionMode.Hedge ? PositionSide.Net : PositionSide.Long;
        (await RejectedAsync(Orders.Make(OrderSide.Buy, 1m, wrong))).Class.ShouldBe(RejectionClass.Account);
    }

    [Fact]
    public async Task A_part_fills_and_the_rest_is_cancelled()
    {
        await Host.MakeAsync(new Trouble.FillsHalf());
        var order = Orders.Buy(2m);
        var open = await ConfirmedAsync(order);
        open.Status.ShouldBe(OrderStatus.Open);
        open.Filled.ShouldBe(new Contracts(1m));
        (await FoundAsync(order)).Status.ShouldBe(OrderStatus.Open);
        (await Gateway.CancelAsync(Orders.Key(order), default)).ShouldBeOfType<CancelOutcome.Accepted>();
        var closed = await FoundAsync(order);
        closed.Status.ShouldBe(OrderStatus.Cancelled);
        closed.Filled.ShouldBe(new Contracts(1m));
        (await Host.HeldAsync()).ShouldBe(1m - closed.FeeInBase.Value);
        (await Gateway.CancelAsync(Orders.Key(order), default)).ShouldBeOfType<CancelOutcome.NothingToCancel>();
    }

    [Fact]
    public async Task A_part_fills_and_the_rest_expires()
    {
        await Host.MakeAsync(new Trouble.FillsHalfAndExpires());
        var order = Orders.Buy(2m);
        await Gateway.SubmitAsync(order, default);
        var closed = await FoundAsync(order);
        closed.Status.ShouldBe(OrderStatus.Expired);
        closed.Filled.ShouldBe(new Contracts(1m));
        (await Host.HeldAsync()).ShouldBe(1m - closed.FeeInBase.Value);
    }

    [Fact]
    public async Task A_lost_cancel_is_unknown_until_the_order_is_looked_up()
    {
        await Host.MakeAsync(new Trouble.FillsHalf());
        var order = Orders.Buy(2m);
        await ConfirmedAsync(order);
        await Host.MakeAsync(new Trouble.LosesCancelAnswer());
        (await Gateway.CancelAsync(Orders.Key(order), default)).ShouldBeOfType<CancelOutcome.Unknown>();
        (await FoundAsync(order)).Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Fact]
    public async Task What_was_never_sent_is_not_found_and_not_cancelled()
    {
        var order = Orders.Buy(1m);
        (await Gateway.FindAsync(Orders.Key(order), default)).ShouldBeOfType<LookupOutcome.NotFound>();
        (await Gateway.CancelAsync(Orders.Key(order), default)).ShouldBeOfType<CancelOutcome.NothingToCancel>();
    }

    [Fact]
    public async Task A_failed_look_up_says_nothing()
    {
        await Host.MakeAsync(new Trouble.FailsLookUp());
        (await Gateway.FindAsync(Orders.Key(Orders.Buy(1m)), default)).ShouldBeOfType<LookupOutcome.Incomplete>();
    }

    [Fact]
    public async Task A_failed_reading_is_no_empty_account()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        await Host.MakeAsync(new Trouble.FailsReading());
        var failed = await Gateway.ReadHoldingsAsync(default);
        failed.IsSuccess.ShouldBeFalse();
        failed.Failure!.Kind.ShouldBe(FailureKind.Unavailable);
        (await Host.HeldAsync()).ShouldBeGreaterThan(0.9m);
    }

    [Fact]
    public async Task A_closed_instrument_makes_orders_wait()
    {
        await Host.SetStatusAsync(InstrumentStatus.Closed);
        (await RejectedAsync(Orders.Buy(1m))).Class.ShouldBe(RejectionClass.Wait);
        await Host.SetStatusAsync(InstrumentStatus.Trading);
        await ConfirmedAsync(Orders.Buy(1m));
    }

    [Fact]
    public async Task What_is_traded_by_hand_is_read_with_a_newer_sequence()
    {
        await ConfirmedAsync(Orders.Buy(2m));
        var before = (await Gateway.ReadHoldingsAsync(default)).Value.Single(h => h.Name == Host.Instrument.HoldingName);
        await Host.TradeByHandAsync(Host.LongSide, OrderSide.Sell, 0.5m);
        var after = (await Gateway.ReadHoldingsAsync(default)).Value.Single(h => h.Name == Host.Instrument.HoldingName);
        after.Quantity.ShouldBe(before.Quantity - new Contracts(0.5m));
        if (before.Sequence is { } sequence) after.Sequence!.Value.ShouldBeGreaterThan(sequence);
    }

    [Fact]
    public async Task Many_orders_at_once_all_count()
    {
        var orders = Enumerable.Range(1, 40).Select(i => Orders.Buy(i)).ToArray();
        var outcomes = await Task.WhenAll(orders.Select(o => Gateway.SubmitAsync(o, default))).InTime();
        var fee = outcomes.Sum(o => o.ShouldBeOfType<SubmitOutcome.Confirmed>().Report.FeeInBase.Value);
        (await Host.HeldAsync()).ShouldBe(820m - fee);
        (await Host.CountOrdersAsync()).ShouldBe(40);
    }

    [Fact]
    public async Task Cancellation_throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Gateway.SubmitAsync(Orders.Buy(1m), cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(() => Gateway.ReadHoldingsAsync(cancelled.Token));
    }

    [Fact]
    public async Task The_stream_tells_of_orders_and_of_trades_by_hand()
    {
        if (!Gateway.Capabilities.Streams) return;
        await using var events = await ListenAsync();
        var order = Orders.Buy(2m);
        await ConfirmedAsync(order);
        var told = await events.NextAsync<VenueEvent.OrderChanged>(e => e.Report.ClientOrderId == order.ClientOrderId && e.Report.IsClosed);
        told.Report.Filled.ShouldBe(order.Quantity);
        await Host.TradeByHandAsync(Host.LongSide, OrderSide.Sell, 0.5m);
        await events.NextAsync<VenueEvent.HoldingsChanged>();
    }

    [Fact]
    public async Task The_stream_tells_of_a_changed_instrument()
    {
        if (!Gateway.Capabilities.Streams) return;
        await using var events = await ListenAsync();
        await Host.SetStatusAsync(InstrumentStatus.ReduceOnly);
        (await events.NextAsync<VenueEvent.InstrumentChanged>()).Instrument.ShouldBe(Host.Instrument with { Status = InstrumentStatus.ReduceOnly });
    }

    [Fact]
    public async Task The_stream_ends_with_the_line_and_can_be_opened_again()
    {
        if (!Gateway.Capabilities.Streams) return;
        await using (var events = await ListenAsync())
        {
            await Host.BreakStreamAsync();
            await events.EndAsync();
        }

        (await Gateway.ConnectAsync(default)).IsSuccess.ShouldBeTrue();
        await using var again = await ListenAsync();
        await ConfirmedAsync(Orders.Buy(1m));
        await again.NextAsync<VenueEvent.OrderChanged>();
    }

    [Fact]
    public async Task The_stream_ends_when_it_is_cancelled()
    {
        if (!Gateway.Capabilities.Streams) return;
        using var stop = new CancellationTokenSource();
        await using var events = await ListenAsync(stop.Token);
        await stop.CancelAsync();
        await events.EndAsync();
    }

    protected async Task<OrderReport> ConfirmedAsync(OrderRequest order) =>
        (await Gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;

    protected async Task<Rejection> RejectedAsync(OrderRequest order) =>
        (await Gateway.SubmitAsync(order, default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection;

    protected async Task<OrderReport> FoundAsync(OrderRequest order) =>
        (await Gateway.FindAsync(Orders.Key(order), default)).ShouldBeOfType<LookupOutcome.Found>().Report;

    protected async Task<IAsyncEnumerator<VenueEvent>> ListenAsync(CancellationToken cancellation = default)
    {
        var events = Gateway.StreamAsync(cancellation).GetAsyncEnumerator(CancellationToken.None);
        if (Host.StreamBeginsWithGap) (await events.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        return events;
    }
}
