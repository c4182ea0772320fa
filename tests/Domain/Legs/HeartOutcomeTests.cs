using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>Every class of refusal, and what it costs.</summary>
public sealed class HeartOutcomeTests
{
    [Fact]
    public void A_transient_refusal_is_tried_again_with_a_new_id_after_a_growing_pause_and_at_last_faults()
    {
        var leg = LegDriver.Ready(target: 5m);
        var ids = new HashSet<string> { leg.OpenId.Value };
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < Limits.MaxOrderResubmitTries; i++)
        {
            leg.Refuse(RejectionClass.Transient);
            leg.State.Open.ShouldBeNull();
            leg.Last.Effects.ShouldBeEmpty();
            pauses.Add(leg.Last.WakeAt.ShouldNotBeNull() - leg.Clock);
            leg.After(pauses[^1]).Tick();
            ids.Add(leg.Sent().ClientOrderId.Value).ShouldBeTrue();
        }

        pauses.ShouldBe(pauses.Order());
        pauses[0].ShouldBeGreaterThan(TimeSpan.Zero);
        pauses[^1].ShouldBeGreaterThan(pauses[0]);
        leg.Refuse(RejectionClass.Transient);
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.TriesExhausted);
        leg.Tick(afterSeconds: 3600).Effects.ShouldBeEmpty();
        leg.State.Intents.ShouldBe(4);
    }

    [Fact]
    public void New_levels_do_not_reset_the_tries_and_a_full_fill_does()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Refuse(RejectionClass.Transient);
        leg.Target(6m);
        leg.State.TriesUsed.ShouldBe(1);
        leg.Tick(afterSeconds: 1);
        leg.Fill();
        leg.State.TriesUsed.ShouldBe(0);
    }

    [Fact]
    public void An_unfilled_rest_uses_a_try()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Answer(new SubmitOutcome.Confirmed(leg.Report(OrderStatus.Expired, 4m)));
        leg.State.TriesUsed.ShouldBe(1);
        leg.State.Actual.ShouldBe(C(4m));
        leg.Journal.OfType<IntentClosed>().Last().End.ShouldBe(IntentEnd.Unfilled);
        leg.Tick(afterSeconds: 1);
        leg.Sent().Quantity.ShouldBe(C(6m));
    }

    [Fact]
    public void An_order_that_was_taken_and_then_refused_is_rejected()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest();
        leg.Reported(leg.Report(OrderStatus.Rejected, 0m));
        leg.Journal.OfType<IntentClosed>().Last().End.ShouldBe(IntentEnd.Rejected);
        leg.State.TriesUsed.ShouldBe(1);
    }

    [Theory]
    [InlineData(RejectionClass.Transient)]
    [InlineData(RejectionClass.Wait)]
    public void The_venue_says_how_long_to_wait_at_least(RejectionClass @class)
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Refuse(@class, TimeSpan.FromSeconds(60));
        leg.Tick(afterSeconds: 59).Effects.ShouldBeEmpty();
        leg.Tick(afterSeconds: 1);
        leg.Sent().Quantity.ShouldBe(C(5m));
    }

    [Fact]
    public void A_wait_uses_no_try_and_never_ends_at_once()
    {
        var leg = LegDriver.Ready(target: 5m);
        for (var i = 0; i < 10; i++)
        {
            leg.Refuse(RejectionClass.Wait, i % 2 == 0 ? null : TimeSpan.Zero);
            leg.State.TriesUsed.ShouldBe(0);
            leg.Last.Effects.ShouldBeEmpty();
            var until = leg.Last.WakeAt.ShouldNotBeNull();
            until.ShouldBeGreaterThan(leg.Clock);
            leg.After(until - leg.Clock).Tick();
            leg.Done<LegEffect.Submit>().Count.ShouldBe(1);
        }

        leg.State.Fault.ShouldBeNull();
    }

    [Fact]
    public void Denied_locally_is_told_apart_from_rejected()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Answer(new SubmitOutcome.DeniedLocally(Rejection(RejectionClass.Wait)));
        leg.Journal.OfType<IntentClosed>().Last().End.ShouldBe(IntentEnd.DeniedLocally);
        leg.State.Actual.ShouldBe(C(0m));
    }

    [Fact]
    public void Re_read_distrusts_the_actual_until_the_account_is_read_anew()
    {
        var leg = LegDriver.Ready(target: 0m, held: 5m, side: PositionSide.Long);
        leg.Sent().ReduceOnly.ShouldBeTrue();
        var early = leg.Reading(5m);
        leg.Refuse(RejectionClass.ReRead);

        leg.State.ActualKnown.ShouldBeFalse();
        leg.Done<LegEffect.RequestReading>().Count.ShouldBe(1);
        leg.Feed(new LegInput.ReadingArrived(early));
        leg.State.ActualKnown.ShouldBeFalse();
        leg.ReadUntilBelieved(0m);
        leg.Journal.OfType<DriftBooked>().ShouldHaveSingleItem().Delta.ShouldBe(C(-5m));
        leg.State.Actual.ShouldBe(C(0m), "what was to be closed is gone already");
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void A_closing_order_that_the_venue_cut_to_what_is_held_is_taken_and_the_account_read_anew()
    {
        var leg = LegDriver.Ready(target: 0m, held: 5m, side: PositionSide.Long);
        leg.Answer(new SubmitOutcome.Confirmed(leg.Report(OrderStatus.Filled, 2m) with { Quantity = C(2m) }));

        leg.State.Fault.ShouldBeNull();
        leg.State.ActualKnown.ShouldBeFalse("more is gone than was known of");
        leg.ReadUntilBelieved(0m);
        leg.Journal.OfType<DriftBooked>().ShouldHaveSingleItem().Delta.ShouldBe(C(-3m));
        leg.State.Actual.ShouldBe(C(0m));
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void A_duplicate_id_is_asked_about_and_not_sent_again()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Refuse(RejectionClass.Query);
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
        leg.Done<LegEffect.LookUp>().Count.ShouldBe(1);
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Filled, 5m)));
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Fact]
    public void Above_the_maximum_halves_until_it_fits_and_uses_no_try()
    {
        var leg = LegDriver.Ready(target: 9m);
        leg.Refuse(RejectionClass.Split);
        leg.Sent().Quantity.ShouldBe(C(4m));
        leg.Refuse(RejectionClass.Split);
        leg.Sent().Quantity.ShouldBe(C(2m));
        leg.State.TriesUsed.ShouldBe(0);
        leg.Fill();
        leg.Sent().Quantity.ShouldBe(C(2m));
    }

    [Fact]
    public void What_cannot_be_halved_faults()
    {
        var leg = LegDriver.Ready(target: 1m);
        leg.Refuse(RejectionClass.Split);
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.Rejected);
    }

    [Fact]
    public void A_piece_that_is_refused_as_too_small_is_no_remainder_and_the_next_sync_forgets_the_maximum()
    {
        var leg = LegDriver.Ready(target: 8m);
        leg.Refuse(RejectionClass.Split);
        leg.Sent().Quantity.ShouldBe(C(4m));
        leg.Refuse(RejectionClass.BelowMinimum);
        leg.State.Fault.ShouldNotBeNull().Text.ShouldContain("mapping");
        LegView.Of(leg.State, leg.Clock).Converged.ShouldBeFalse();
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(0m);
        leg.Sent().Quantity.ShouldBe(C(8m));
    }

    [Fact]
    public void A_piece_below_the_least_waits_and_is_not_called_converged()
    {
        var leg = LegDriver.Ready(target: 8m);
        leg.Refuse(RejectionClass.Split);
        leg.Refuse(RejectionClass.Transient);
        leg.Feed(new LegInput.Configure(Configuration(instrument: Future with { MinQuantity = 5m })));
        leg.Tick(60);
        var view = LegView.Of(leg.State, leg.Clock);
        (view.State, view.Converged).ShouldBe(("waiting", false));
    }

    [Fact]
    public void A_sync_that_a_person_asked_for_forgets_the_maximum_so_that_no_hold_by_it_lasts_for_ever()
    {
        var leg = LegDriver.Ready(target: 8m);
        leg.Refuse(RejectionClass.Split);
        leg.Refuse(RejectionClass.Transient);
        leg.Feed(new LegInput.Configure(Configuration(instrument: Future with { MinQuantity = 5m })));
        leg.Tick(60);
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(0m);
        leg.State.LearntMaximum.ShouldBe(C(4m));
        leg.Feed(new LegInput.Sync(PeriodicSync with { ByPerson = true }, leg.Version + 1));
        leg.Read(0m);
        leg.Sent().Quantity.ShouldBe(C(8m));
    }

    [Fact]
    public void A_refusal_for_funds_does_not_shorten_the_accounts_longer_wait()
    {
        var leg = LegDriver.Ready(target: 5m);
        var longer = leg.Clock + TimeSpan.FromMinutes(5);
        leg.Feed(new LegInput.GateChanged(Gate.Free with { FundsBlockedUntil = longer }));
        leg.Refuse(RejectionClass.Funds);
        leg.State.Gate.FundsBlockedUntil.ShouldBe(longer);
    }

    [Fact]
    public void A_learnt_maximum_belongs_to_its_instrument()
    {
        var leg = LegDriver.Ready(target: 9m);
        leg.Refuse(RejectionClass.Split);
        leg.State.LearntMaximum.ShouldBe(C(4m));
        leg.Feed(new LegInput.Configure(Configuration(instrument: Future with { Status = Domain.Instruments.InstrumentStatus.Closed })));
        leg.State.LearntMaximum.ShouldBe(C(4m));
        leg.Feed(new LegInput.Configure(Configuration(instrument: Future with { Id = new("BTCUSDC") })));
        leg.State.LearntMaximum.ShouldBeNull();
    }

    [Fact]
    public void Below_the_minimum_is_left_until_the_goal_changes_also_through_periodic_syncs()
    {
        var leg = LegDriver.Ready(target: 2m);
        leg.Refuse(RejectionClass.BelowMinimum);
        leg.Last.Effects.ShouldBeEmpty();
        leg.State.Fault.ShouldBeNull();
        leg.State.TriesUsed.ShouldBe(0);
        LegView.Of(leg.State, leg.Clock).Untradable.ShouldBe(C(2m));
        leg.Tick(afterSeconds: 3600).Effects.ShouldBeEmpty();

        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(0m);
        leg.State.PendingSync.ShouldBeNull();
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();

        leg.Target(3m);
        leg.Sent().Quantity.ShouldBe(C(3m));
    }

    [Fact]
    public void A_person_may_have_a_refused_remainder_tried_again()
    {
        var leg = LegDriver.Ready(target: 2m);
        leg.Refuse(RejectionClass.BelowMinimum);
        leg.Feed(new LegInput.Sync(PersonsSync, leg.Version + 1));
        leg.Read(0m);
        leg.Sent().Quantity.ShouldBe(C(2m));
    }

    [Fact]
    public void A_closing_order_refused_as_too_small_is_not_repeated_although_the_venue_should_have_taken_it()
    {
        var leg = LegDriver.Ready(0m, held: 2m, Configuration(instrument: Future with { MinQuantity = 5m }, rules: Rules with { ClosesBelowMinimum = true }));
        leg.Sent().Quantity.ShouldBe(C(2m));
        leg.Refuse(RejectionClass.BelowMinimum);
        leg.Last.Effects.ShouldBeEmpty();
        leg.Tick(afterSeconds: 3600).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void A_venue_that_goes_on_asking_to_wait_is_asked_ever_less_often()
    {
        var leg = LegDriver.Ready(target: 5m);
        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            leg.Refuse(RejectionClass.Wait);
            var until = leg.Last.WakeAt.ShouldNotBeNull();
            pauses.Add((until - leg.Clock).TotalSeconds);
            leg.After(until - leg.Clock).Tick();
        }

        pauses.ShouldBe([5, 10, 20, 40, 80, 160, 300, 300, 300]);
        leg.State.TriesUsed.ShouldBe(0);

        // An order that the venue takes begins the count anew.
        leg.Fill();
        leg.Target(6m);
        leg.Refuse(RejectionClass.Wait);
        (leg.Last.WakeAt.ShouldNotBeNull() - leg.Clock).TotalSeconds.ShouldBe(5);
    }

    [Fact]
    public void A_permanent_refusal_faults_in_the_venues_own_words()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Refuse(RejectionClass.Permanent);
        var fault = leg.State.Fault.ShouldNotBeNull();
        fault.Kind.ShouldBe(FaultKind.Rejected);
        fault.Code.ShouldBe("-1000");
        fault.Text.ShouldContain("the venue says Permanent");
        leg.Target(6m).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Short_funds_hold_increasing_orders_for_a_while_and_let_reducing_ones_go_on()
    {
        var leg = LegDriver.Ready(target: 8m, held: 5m);
        leg.Refuse(RejectionClass.Funds);
        leg.Done<LegEffect.ReportFundsShort>().Count.ShouldBe(1);
        leg.State.TriesUsed.ShouldBe(0);
        leg.State.Fault.ShouldBeNull();
        var blockedUntil = leg.Last.WakeAt.ShouldNotBeNull();
        leg.Tick(afterSeconds: 1).Effects.ShouldBeEmpty();
        leg.Target(3m);
        leg.Sent().ShouldSatisfyAllConditions(o => o.Side.ShouldBe(OrderSide.Sell), o => o.Quantity.ShouldBe(C(2m)));
        leg.Fill();
        leg.Target(8m).Effects.ShouldBeEmpty();
        leg.After(blockedUntil - leg.Clock);
        leg.Tick();
        leg.Sent().Quantity.ShouldBe(C(5m));
    }

    [Fact]
    public void Short_funds_for_a_reducing_order_use_a_try()
    {
        var leg = LegDriver.Ready(target: 0m, held: 5m);
        leg.Refuse(RejectionClass.Funds);
        leg.State.TriesUsed.ShouldBe(1);
        leg.Tick(afterSeconds: 1);
        leg.Sent().Side.ShouldBe(OrderSide.Sell);
    }

    [Fact]
    public void Trouble_with_the_account_closes_the_gate_and_is_reported()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Refuse(RejectionClass.Account);
        leg.Done<LegEffect.ReportAccountProblem>().ShouldHaveSingleItem().Rejection.Class.ShouldBe(RejectionClass.Account);
        leg.State.Gate.Open.ShouldBeFalse();
        leg.Tick(afterSeconds: 3600).Effects.ShouldBeEmpty();
        leg.Feed(new LegInput.GateChanged(Gate.Free));
        leg.Sent().Quantity.ShouldBe(C(5m));
    }

    [Fact]
    public void A_refusal_proves_nothing_once_the_order_was_seen_alive()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Answer(new SubmitOutcome.Unknown("timeout"));
        leg.Reported(leg.Report(OrderStatus.Open, 2m));
        leg.Refuse(RejectionClass.Permanent);
        leg.State.Open.ShouldNotBeNull();
        leg.State.Fault.ShouldBeNull();
    }

    [Fact]
    public void A_refusal_after_a_fill_was_journaled_is_looked_up()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Reported(leg.Report(OrderStatus.Open, 2m));
        leg.Crash(Configuration(), Lots(5m));
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
        leg.Refuse(RejectionClass.Transient);
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
        leg.State.Open.ShouldNotBeNull();
    }

    [Fact]
    public void A_refusal_that_comes_after_the_line_was_lost_still_ends_the_intent()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Answer(new SubmitOutcome.Unknown("timeout"));
        leg.Refuse(RejectionClass.Transient);
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void Answers_about_other_orders_change_nothing()
    {
        var leg = LegDriver.Ready(target: 5m);
        var other = new Domain.Identity.ClientOrderId("zzzzzzzzzzzzzzzzzz");
        leg.Feed(new LegInput.SubmitAnswered(other, new SubmitOutcome.Rejected(Rejection(RejectionClass.Account)))).Events.ShouldBeEmpty();
        leg.Feed(new LegInput.LookupAnswered(other, leg.Now, leg.Clock, new LookupOutcome.NotFound())).Events.ShouldBeEmpty();
        leg.Feed(new LegInput.CancelAnswered(other, new CancelOutcome.NothingToCancel())).Events.ShouldBeEmpty();
    }
}
