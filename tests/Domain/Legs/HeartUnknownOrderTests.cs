using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>Rule 4: unknown is not failed.</summary>
public sealed class HeartUnknownOrderTests
{
    [Fact]
    public void An_unknown_order_is_looked_up_again_and_again_with_growing_pauses_and_no_other_is_sent()
    {
        var leg = Unknown();
        leg.Done<LegEffect.LookUp>().Count.ShouldBe(1);
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 12; i++)
        {
            leg.LookedUp(new LookupOutcome.Incomplete("503")).Effects.ShouldBeEmpty();
            pauses.Add(leg.Last.WakeAt.ShouldNotBeNull() - leg.Clock);
            leg.After(pauses[^1]).Tick();
            leg.Last.Effects.ShouldHaveSingleItem().ShouldBeOfType<LegEffect.LookUp>();
        }

        pauses.ShouldBe(pauses.Order());
        pauses[0].ShouldBeGreaterThan(TimeSpan.Zero);
        pauses[^1].ShouldBe(TimeSpan.FromSeconds(15));
        leg.State.Intents.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(5, false)] // validity over, but the venue may not show it yet
    [InlineData(7, false)]
    [InlineData(7.1, true)]
    [InlineData(599, true)]
    [InlineData(600, false)] // beyond the venue's memory
    public void Never_placed_needs_a_complete_look_up_after_validity_and_visibility_and_within_memory(double startedAfter, bool proved)
    {
        var leg = Unknown();
        leg.After(startedAfter, new LegInput.LookupAnswered(leg.OpenId, leg.Now + TimeSpan.FromSeconds(startedAfter), leg.Clock + TimeSpan.FromSeconds(startedAfter), new LookupOutcome.NotFound()));

        if (proved)
        {
            leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.NeverPlaced);
            leg.State.TriesUsed.ShouldBe(1);
        }
        else
        {
            leg.State.Open.ShouldNotBeNull();
        }
    }

    [Fact]
    public void A_look_up_that_began_too_early_is_no_proof_however_late_its_answer_comes()
    {
        var leg = Unknown();
        var (early, earlyClock) = (leg.Now + TimeSpan.FromSeconds(1), leg.Clock + TimeSpan.FromSeconds(1));
        leg.After(60, new LegInput.LookupAnswered(leg.OpenId, early, earlyClock, new LookupOutcome.NotFound()));
        leg.State.Open.ShouldNotBeNull();
    }

    [Fact]
    public void While_the_gateway_may_still_write_the_order_no_look_up_proves_that_it_was_never_placed()
    {
        // The process was stopped between the check of the validity and the write: the look-up may overtake the order.
        var leg = LegDriver.Ready(target: 5m);
        leg.Tick(afterSeconds: 40);
        leg.Done<LegEffect.LookUp>().Count.ShouldBe(1);
        leg.LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldNotBeNull();

        // Its answer ends that, for look-ups that begin once the venue would show the order.
        leg.Answer(new SubmitOutcome.Unknown("connection reset"));
        leg.After(TimeSpan.FromSeconds(2)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldNotBeNull();
        leg.After(TimeSpan.FromSeconds(0.1)).LookedUp(new LookupOutcome.NotFound());
        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.NeverPlaced);
    }

    [Fact]
    public void An_incomplete_look_up_never_proves_anything()
    {
        var leg = Unknown();
        leg.After(TimeSpan.FromSeconds(60)).LookedUp(new LookupOutcome.Incomplete("page 2 failed"));
        leg.State.Open.ShouldNotBeNull();
    }

    [Fact]
    public void An_order_once_seen_is_not_never_placed()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Rest();
        leg.Crash(Configuration(), Lots(5m));
        leg.After(TimeSpan.FromSeconds(60)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldNotBeNull();
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
    }

    [Fact]
    public void A_found_order_is_followed_up()
    {
        var leg = Unknown();
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Open, 2m)));
        leg.State.Phase.ShouldBe(OrderPhase.Resting);
        leg.State.Actual.ShouldBe(C(2m));
    }

    [Fact]
    public void An_order_found_open_after_the_order_timeout_is_cancelled()
    {
        var leg = Unknown();
        leg.After(TimeSpan.FromSeconds(40)).LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Open, 2m)));
        leg.Done<LegEffect.Cancel>().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("instrument")]
    [InlineData("side")]
    [InlineData("more")]
    [InlineData("less")]
    public void A_found_order_that_is_not_the_one_that_was_sent_faults_the_leg(string difference)
    {
        var leg = Unknown();
        var report = leg.Report(OrderStatus.Filled, 5m);
        report = difference switch
        {
            "instrument" => report with { Instrument = new("ETHUSDT") },
            "side" => report with { Side = OrderSide.Sell },
            "more" => report with { Quantity = C(6m) },
            _ => report with { Quantity = C(4m) },
        };
        leg.LookedUp(new LookupOutcome.Found(report));

        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.OrderMismatch);
        leg.State.Open.ShouldNotBeNull();
        leg.State.Actual.ShouldBe(C(0m));
        leg.LookedUp(new LookupOutcome.Found(report));
        leg.Raised<LegFaulted>().ShouldBeEmpty();
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_venues_clock_may_be_behind_by_an_hour(bool overtaken)
    {
        // Found after a restart, or told by the stream before the answer came.
        var leg = LegDriver.Ready(target: 5m);
        var report = leg.Report(OrderStatus.Filled, 5m) with { CreatedAt = leg.Open.DecidedAt - TimeSpan.FromHours(1) };
        if (!overtaken) leg.Crash(Configuration(), Lots(5m));
        if (overtaken) leg.Reported(report);
        else leg.LookedUp(new LookupOutcome.Found(report));
        leg.State.Fault.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Fact]
    public void After_a_mismatch_only_a_person_goes_on_and_the_account_settles_the_order()
    {
        var leg = Unknown();
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Filled, 5m) with { Side = OrderSide.Sell }));
        leg.Feed(new LegInput.Sync(PeriodicSync, 0));
        leg.State.Fault.ShouldNotBeNull();

        leg.Feed(new LegInput.ClearFault("looked at it"));
        leg.State.Phase.ShouldBe(OrderPhase.Settling);
        leg.ReadUntilBelieved(3m);
        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.SettledByReading);
        leg.State.Actual.ShouldBe(C(3m));
        leg.State.Drift.ShouldBe(C(0m));
    }

    [Theory]
    [InlineData(3, 3, 0)] // part of the order
    [InlineData(5, 5, 0)]
    [InlineData(7, 5, 2)] // more than the order: the rest is drift
    [InlineData(-1, 0, -1)] // against the order
    [InlineData(0, 0, 0)]
    public void Beyond_the_venues_memory_two_agreeing_readings_settle_the_order(decimal reading, decimal filled, decimal drift)
    {
        var leg = Forgotten();
        leg.State.Phase.ShouldBe(OrderPhase.Settling);
        leg.Done<LegEffect.RequestReading>().Count.ShouldBe(1);
        leg.Read(reading);
        leg.State.Open.ShouldNotBeNull();
        leg.ReadUntilBelieved(reading);

        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.SettledByReading);
        leg.State.Copied.ShouldBe(C(filled));
        leg.State.Drift.ShouldBe(C(drift));
        leg.State.Actual.ShouldBe(C(reading));
    }

    [Fact]
    public void Settling_asks_again_until_it_is_settled_and_forgets_no_reading_meanwhile()
    {
        var leg = Forgotten();
        for (var i = 0; i < 8; i++)
        {
            leg.Last.WakeAt.ShouldNotBeNull().ShouldBeGreaterThan(leg.Clock);
            leg.After(leg.Last.WakeAt.Value - leg.Clock).Tick();
        }

        // Readings of this account are slow: each takes longer than any other timer of the leg.
        leg.After(TimeSpan.FromSeconds(20)).Read(5m);
        for (var i = 0; i < 20; i++) leg.Tick(afterSeconds: 1);
        leg.Read(5m);
        leg.State.Open.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Look_ups_that_fail_settle_nothing_and_many_of_them_beyond_the_venues_memory_ask_for_a_person(bool seenOpen)
    {
        var leg = Unresolved(seenOpen);
        leg.State.Open.ShouldNotBeNull();
        leg.State.Phase.ShouldBe(seenOpen ? OrderPhase.Cancelling : OrderPhase.Unknown);
        leg.State.Fault!.Text.ShouldContain(leg.OpenId.Value);
        leg.Feed(new LegInput.Sync(PeriodicSync, 0));
        leg.State.Fault.ShouldNotBeNull();

        // The person has looked there: what the account holds settles it.
        leg.Feed(new LegInput.ClearFault("looked at it"));
        leg.State.Phase.ShouldBe(OrderPhase.Settling);
        leg.ReadUntilBelieved(3m);
        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.SettledByReading);
        leg.State.Actual.ShouldBe(C(3m));
    }

    [Fact]
    public void Within_the_venues_memory_failed_look_ups_go_on_without_a_fault()
    {
        var leg = Unknown();
        for (var failed = 0; failed < 2 * Heart.FailedLookUpsUntilFault; failed++)
        {
            leg.Tick(afterSeconds: 15);
            leg.LookedUp(new LookupOutcome.Incomplete("503"));
        }

        leg.State.Fault.ShouldBeNull();
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_of_the_venue_ends_that_fault_too(bool found)
    {
        var leg = Unresolved(seenOpen: false);
        leg.Tick(afterSeconds: 15);
        leg.LookedUp(found ? new LookupOutcome.Found(leg.Report(OrderStatus.Filled, 5m)) : new LookupOutcome.NotFound());
        if (!found) leg.ReadUntilBelieved(5m);
        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(found ? IntentEnd.Filled : IntentEnd.SettledByReading);
        leg.State.Fault.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Fact]
    public void An_order_that_is_found_open_after_that_fault_is_followed_up_and_nothing_else_is_sent()
    {
        var leg = Unresolved(seenOpen: false);
        leg.Tick(afterSeconds: 15);
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Open, 2m)));
        leg.Done<LegEffect.Cancel>().Count.ShouldBe(1);
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.OrderUnresolved);
        leg.Cancelled(new CancelOutcome.Accepted(leg.Report(OrderStatus.Cancelled, 2m)));
        leg.State.Fault.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(2m));
    }

    private static LegDriver Unresolved(bool seenOpen)
    {
        var leg = seenOpen ? LegDriver.Ready(target: 5m) : Unknown();
        if (seenOpen)
        {
            leg.Rest();
            leg.Tick(afterSeconds: 30);
        }

        leg.After(Rules.Memory);
        for (var failed = 0; failed < 2 * Heart.FailedLookUpsUntilFault && leg.State.Fault is null; failed++)
        {
            leg.Tick(afterSeconds: 15);
            leg.LookedUp(new LookupOutcome.Incomplete("503"));
        }

        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.OrderUnresolved);
        return leg;
    }

    [Fact]
    public void A_report_still_counts_while_readings_are_to_settle_the_order()
    {
        var leg = Forgotten();
        leg.Reported(leg.Report(OrderStatus.Filled, 5m));
        leg.State.Open.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Fact]
    public void A_restart_looks_up_the_open_intent_and_sends_nothing_before_its_end_is_proved()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Crash(Configuration(), Lots(5m));
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
        leg.Read(0m);
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();

        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Filled, 5m)));
        leg.State.Actual.ShouldBe(C(5m));
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();
    }

    [Fact]
    public void An_order_that_was_journaled_but_never_sent_is_proved_never_placed_and_sent_anew_under_another_id()
    {
        var leg = LegDriver.Ready(target: 5m);
        var first = leg.OpenId;
        leg.Crash(Configuration(), Lots(5m));
        leg.After(TimeSpan.FromSeconds(10)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldBeNull();
        leg.Tick(afterSeconds: 1);
        leg.Read(0m);
        leg.Sent().ClientOrderId.ShouldNotBe(first);
    }

    [Fact]
    public void Before_it_is_configured_a_recovered_leg_waits_without_waking()
    {
        var leg = LegDriver.Ready(target: 5m);
        var recovered = leg.Journal.Aggregate(new LegState(leg.State.Leg), (s, e) => s.Apply(e));
        var decision = Heart.Decide(recovered, new LegInput.Recovered(), new Moment(leg.Now, leg.Clock, 100, new("zzzzzzzzzzzzzzzzzz")));
        decision.WakeAt.ShouldBeNull();
        decision.Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Answers_that_come_before_the_configuration_do_no_harm()
    {
        var leg = LegDriver.Ready(target: 5m, held: 2m);
        var intent = leg.Open;
        var recovered = leg.Journal.Aggregate(new LegState(leg.State.Leg), (s, e) => s.Apply(e));
        recovered = Decide(recovered, new LegInput.Recovered());

        // Not filled: a try, but no fault, for nobody has said how many are allowed.
        var closed = Decide(recovered, new LegInput.OrderReported(leg.Report(intent, OrderStatus.Expired, 1m)));
        closed.Fault.ShouldBeNull();
        closed.Open.ShouldBeNull();
        Decide(closed, new LegInput.ReadingArrived(new LegReading(5000, C(9m)))).ActualKnown.ShouldBeFalse();

        var refused = Decide(recovered, new LegInput.SubmitAnswered(intent.Order.ClientOrderId, new SubmitOutcome.Rejected(Rejection(RejectionClass.Split))));
        refused.Fault.ShouldBeNull();
        Decide(recovered, new LegInput.LookupAnswered(intent.Order.ClientOrderId, leg.Now, leg.Clock, new LookupOutcome.NotFound())).Open.ShouldNotBeNull();

        LegState Decide(LegState s, LegInput input) => Heart.Decide(s, input, new Moment(leg.Now, leg.Clock, 1000, new("zzzzzzzzzzzzzzzzzz"))).State;
    }

    private static LegDriver Unknown()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Answer(new SubmitOutcome.Unknown("timeout"));
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
        return leg;
    }

    private static LegDriver Forgotten()
    {
        var leg = Unknown();
        leg.After(Rules.Memory).LookedUp(new LookupOutcome.NotFound());
        return leg;
    }
}
