using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Misbehaviour;

namespace CSMultiConnector.Venues.Tests.Paper;

public sealed class PaperMisbehaviourTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task The_venue_itself_refuses_what_arrives_after_its_validity()
    {
        await using var exchange = await OpenAsync(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.DelayBefore, Delay = TimeSpan.FromSeconds(6) });
        var sent = exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m, notAfter: _clock.GetUtcNow() + TimeSpan.FromSeconds(5)), default);
        await AdvanceAsync(TimeSpan.FromSeconds(6));
        (await sent.InTime()).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Code.ShouldBe("expired");
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(0m);
    }

    [Fact]
    public async Task An_order_whose_answer_is_late_is_unknown_to_the_gateway_and_lives_at_the_venue()
    {
        await using var exchange = await OpenAsync(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.DelayAfter, Delay = TimeSpan.FromMinutes(1) });
        await using var gateway = new PaperGateway(exchange, PaperDesk.Futures, new PaperAccountOptions(), timeout: TimeSpan.FromSeconds(10));
        var sent = gateway.SubmitAsync(PaperDesk.Order(1, OrderSide.Buy, 1m), default);
        await _clock.TimersAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(10));
        (await sent.InTime()).ShouldBeOfType<SubmitOutcome.Unknown>();
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(1m);
    }

    [Fact]
    public async Task A_caller_who_stops_waiting_does_not_stop_the_order()
    {
        await using var exchange = await OpenAsync(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.DelayBefore, Delay = TimeSpan.FromSeconds(6) });
        using var impatience = new CancellationTokenSource();
        var sent = exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m), impatience.Token);
        await _clock.TimersAsync(1);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sent.InTime());
        await using var events = new PaperGateway(exchange, PaperDesk.Futures, new PaperAccountOptions()).StreamAsync(default).GetAsyncEnumerator();
        _clock.Advance(TimeSpan.FromSeconds(6));
        (await events.NextAsync<VenueEvent.OrderChanged>()).Report.Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task The_rest_of_a_part_fills_later_by_itself()
    {
        await using var exchange = await OpenAsync(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Fraction = 0.25m, Delay = TimeSpan.FromSeconds(5), Times = 1 });
        await using var events = new PaperGateway(exchange, PaperDesk.Futures, new PaperAccountOptions()).StreamAsync(default).GetAsyncEnumerator();
        var part = await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 4m));
        (part.Status, part.Filled.Value).ShouldBe((OrderStatus.Open, 1m));
        await exchange.SetPriceAsync(PaperProduct.Futures, PaperDesk.Symbol, new Price(110m), default);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var whole = (await events.NextAsync<VenueEvent.OrderChanged>(e => e.Report.IsClosed)).Report;
        (whole.Status, whole.Filled.Value, whole.AveragePrice).ShouldBe((OrderStatus.Filled, 4m, new Price(107.5m)));
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(4m);
    }

    [Fact]
    public async Task A_reduce_only_rest_that_would_turn_the_position_round_expires()
    {
        await using var exchange = await OpenAsync();
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 4m));
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Delay = TimeSpan.FromSeconds(5), Times = 1 });
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(2, OrderSide.Sell, 4m) with { ReduceOnly = true });
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(3, OrderSide.Sell, 1m));
        _clock.Advance(TimeSpan.FromSeconds(5));
        var report = (await exchange.FindAsync(PaperDesk.Futures, PaperDesk.Id(2), default)).ShouldBeOfType<LookupOutcome.Found>().Report;
        (report.Status, report.Filled.Value).ShouldBe((OrderStatus.Expired, 2m));
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(1m);
    }

    [Fact]
    public async Task A_stale_reading_shows_what_was_held_before()
    {
        await using var exchange = await OpenAsync();
        foreach (var i in Enumerable.Range(1, 4)) await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, i));
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.ReadHoldings, Effect = PaperEffect.Stale, Changes = 2, Times = 1 });
        var stale = (await exchange.HoldingsAsync(PaperDesk.Futures, default)).Value.Single();
        (stale.Quantity.Value, stale.Sequence).ShouldBe((3m, 2L));
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(10m);
    }

    [Fact]
    public async Task A_young_order_can_be_hidden_from_look_ups()
    {
        await using var exchange = await OpenAsync(new PaperRule { On = PaperPoint.LookUp, Effect = PaperEffect.Hide, Delay = TimeSpan.FromSeconds(2) });
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m));
        (await exchange.FindAsync(PaperDesk.Futures, PaperDesk.Id(1), default)).ShouldBeOfType<LookupOutcome.NotFound>();
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await exchange.FindAsync(PaperDesk.Futures, PaperDesk.Id(1), default)).ShouldBeOfType<LookupOutcome.Found>();
    }

    [Fact]
    public async Task An_order_can_be_refused_after_it_got_an_id()
    {
        await using var exchange = await OpenAsync(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.RejectAfterTaking, Times = 1 });
        (await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m))).Status.ShouldBe(OrderStatus.Rejected);
        (await exchange.FindAsync(PaperDesk.Futures, PaperDesk.Id(1), default)).ShouldBeOfType<LookupOutcome.Found>().Report.Filled.Value.ShouldBe(0m);
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(0m);
    }

    [Fact]
    public async Task A_rule_hits_only_what_it_names_and_only_as_often_as_it_says()
    {
        await using var exchange = await OpenAsync(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject, Account = "other", Times = 1 });
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject, Instrument = "OTHER" });
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject, Account = "desk", Skip = 1, Times = 2 });
        var outcomes = new List<bool>();
        for (var i = 1; i <= 5; i++) outcomes.Add(await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, 1m), default) is SubmitOutcome.Confirmed);
        outcomes.ShouldBe([true, false, false, true, true]);
        exchange.Misbehaviour.Rules.Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_seed_does_the_same_and_another_something_else()
    {
        (await PatternAsync(7)).ShouldBe(await PatternAsync(7));
        (await PatternAsync(7)).ShouldNotBe(await PatternAsync(8));

        async Task<string> PatternAsync(int seed)
        {
            await using var exchange = await PaperExchange.Open(new PaperExchangeOptions { Seed = seed }).ReadyAsync();
            exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject, Chance = 0.5m });
            var pattern = new List<char>();
            for (var i = 1; i <= 64; i++) pattern.Add(await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, 1m), default) is SubmitOutcome.Confirmed ? '+' : '-');
            return new string([.. pattern]);
        }
    }

    [Fact]
    public async Task The_script_is_checked_and_bounded()
    {
        await using var exchange = await OpenAsync();
        var script = exchange.Misbehaviour;
        script.Add(new PaperRule { On = PaperPoint.StreamEvent, Effect = PaperEffect.Stale }).ShouldNotBeNull();
        script.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject, Chance = 1.1m }).ShouldNotBeNull();
        script.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Fraction = 1m }).ShouldNotBeNull();
        script.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.DelayBefore, Delay = TimeSpan.FromDays(2) }).ShouldNotBeNull();
        for (var i = 0; i < PaperMisbehaviour.MaxRules; i++) script.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject }).ShouldBeNull();
        script.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.Reject }).ShouldNotBeNull();
        script.Clear();
        script.Rules.ShouldBeEmpty();
    }

    private async Task<PaperExchange> OpenAsync(params PaperRule[] rules)
    {
        var exchange = await PaperExchange.Open(new PaperExchangeOptions { Time = _clock }).ReadyAsync();
        foreach (var rule in rules) exchange.Misbehaviour.Add(rule).ShouldBeNull();
        return exchange;
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        await _clock.TimersAsync(1);
        _clock.Advance(by);
    }
}
