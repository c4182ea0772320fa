using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>Rules 1 to 9: one order after the other, each from goal − confirmed actual.</summary>
public sealed class HeartOrderTests
{
    [Fact]
    public void A_difference_becomes_one_journaled_intent_and_one_submission_with_the_same_id()
    {
        var leg = LegDriver.Ready(target: 5m);

        var order = leg.Sent();
        order.Side.ShouldBe(OrderSide.Buy);
        order.Quantity.ShouldBe(C(5m));
        order.ReduceOnly.ShouldBeFalse();
        order.NotAfter.ShouldBe(leg.Now + Limits.OrderValidity);
        leg.Journal.OfType<IntentDecided>().ShouldHaveSingleItem().Intent.Order.ShouldBe(order);
        leg.State.Phase.ShouldBe(OrderPhase.Sending);
    }

    [Fact]
    public void The_intent_says_what_led_to_it()
    {
        var leg = LegDriver.Ready(target: 5m, held: 2m);

        var reason = leg.Open.Reason;
        reason.TargetExact.ShouldBe(5m);
        reason.Target.ShouldBe(C(5m));
        reason.Goal.ShouldBe(C(5m));
        reason.Actual.ShouldBe(C(2m));
        reason.Contributions.ShouldHaveSingleItem().Source.ShouldBe(Source(1));
        leg.Open.Number.ShouldBe(1);
        leg.Open.Increasing.ShouldBeTrue();
    }

    [Fact]
    public void A_filled_order_settles_the_leg()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Fill();

        leg.State.Open.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(5m));
        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.Filled);
        leg.Last.Effects.ShouldBeEmpty();
        leg.Last.WakeAt.ShouldBeNull();
    }

    [Fact]
    public void Levels_that_arrive_while_an_order_is_in_flight_wait_and_only_the_newest_counts()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Target(6m).Effects.ShouldBeEmpty();
        leg.Target(9m).Effects.ShouldBeEmpty();
        leg.Fill();

        leg.Sent().Quantity.ShouldBe(C(4m));
    }

    [Fact]
    public void The_next_order_is_goal_less_confirmed_actual_and_never_the_rest_of_the_order()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest(filled: 4m);
        leg.Target(8m);
        leg.Cancelled(new CancelOutcome.Accepted(leg.Report(OrderStatus.Cancelled, 4m)));

        leg.Sent().Quantity.ShouldBe(C(4m));
    }

    [Fact]
    public void Fills_of_an_open_order_count_at_once()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest(filled: 4m);

        leg.State.Actual.ShouldBe(C(4m));
        leg.State.Phase.ShouldBe(OrderPhase.Resting);
        leg.Journal.OfType<OrderAcknowledged>().ShouldHaveSingleItem().VenueOrderId.ShouldBe("v-1");
    }

    [Fact]
    public void An_order_not_filled_within_the_timeout_is_cancelled_and_stays_in_flight_until_it_is_proved_closed()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest();
        leg.Tick(afterSeconds: 29).Effects.ShouldBeEmpty();
        leg.Tick(afterSeconds: 1);

        leg.Done<LegEffect.Cancel>().ShouldHaveSingleItem().Order.VenueOrderId.ShouldBe("v-1");
        leg.State.Phase.ShouldBe(OrderPhase.Cancelling);
        leg.Cancelled(new CancelOutcome.Unknown("timeout"));
        leg.State.Open.ShouldNotBeNull();
        leg.Tick(afterSeconds: 15);
        leg.Done<LegEffect.LookUp>().ShouldHaveSingleItem();
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Cancelled, 3m)));
        leg.State.Open.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(3m));
        leg.State.TriesUsed.ShouldBe(1);
    }

    [Fact]
    public void A_goal_that_turns_round_cancels_what_rests_and_uses_no_try()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest(filled: 4m);
        leg.Target(-3m);
        leg.Done<LegEffect.Cancel>().ShouldHaveSingleItem();
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();

        leg.Cancelled(new CancelOutcome.Accepted(leg.Report(OrderStatus.Cancelled, 4m)));
        leg.State.TriesUsed.ShouldBe(0);
        var order = leg.Sent();
        order.Side.ShouldBe(OrderSide.Sell);
        order.Quantity.ShouldBe(C(7m));
    }

    [Fact]
    public void What_rests_is_cancelled_when_it_would_carry_the_leg_past_a_nearer_goal()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest(filled: 2m);
        leg.Target(5m);

        leg.Done<LegEffect.Cancel>().ShouldHaveSingleItem();
        leg.Cancelled(new CancelOutcome.Accepted(leg.Report(OrderStatus.Cancelled, 2m)));
        leg.State.TriesUsed.ShouldBe(0);
        leg.Sent().Quantity.ShouldBe(C(3m));
    }

    [Fact]
    public void A_goal_that_moves_farther_leaves_what_rests_alone()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest(filled: 2m);

        leg.Target(12m).Effects.ShouldBeEmpty();
        leg.State.Phase.ShouldBe(OrderPhase.Resting);
    }

    [Fact]
    public void A_submission_that_is_never_answered_is_looked_up_after_the_order_timeout()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Last.WakeAt.ShouldBe(leg.Clock + Limits.OrderTimeout);
        leg.Tick(afterSeconds: 29).Effects.ShouldBeEmpty();
        leg.Tick(afterSeconds: 1);

        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
        leg.Done<LegEffect.LookUp>().ShouldHaveSingleItem();
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Filled, 5m)));
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Fact]
    public void Crossing_zero_is_one_order()
    {
        var leg = LegDriver.Ready(target: -4m, held: 3m);
        var order = leg.Sent();
        order.Side.ShouldBe(OrderSide.Sell);
        order.Quantity.ShouldBe(C(7m));
        order.ReduceOnly.ShouldBeFalse();
    }

    [Fact]
    public void Above_the_maximum_the_rest_follows()
    {
        var leg = LegDriver.Ready(10m, configuration: Configuration(instrument: Future with { MaxQuantity = 4.5m }));
        leg.Sent().Quantity.ShouldBe(C(4m));
        leg.Fill();
        leg.Sent().Quantity.ShouldBe(C(4m));
        leg.Fill();
        leg.Sent().Quantity.ShouldBe(C(2m));
    }

    [Fact]
    public void A_cancel_that_the_venue_only_acknowledges_is_followed_up_with_growing_pauses()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest();
        leg.Tick(afterSeconds: 30);

        // Answers take no time here: only a pause keeps the leg from asking for ever.
        var asked = new List<string>();
        while (leg.Last.Effects is [var effect] && asked.Count < 20)
        {
            asked.Add(effect.GetType().Name);
            if (effect is LegEffect.Cancel) leg.Cancelled(new CancelOutcome.Accepted(null));
            else leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Open, 0m)));
        }

        asked.ShouldBe(["Cancel", "LookUp", "Cancel"]);
        leg.State.Phase.ShouldBe(OrderPhase.Cancelling);
        leg.Last.WakeAt.ShouldNotBeNull().ShouldBeGreaterThan(leg.Clock);
    }

    [Fact]
    public void Nothing_to_cancel_is_no_evidence_and_leads_to_a_look_up()
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest();
        leg.Tick(afterSeconds: 30);
        leg.Cancelled(new CancelOutcome.NothingToCancel());

        leg.Done<LegEffect.LookUp>().ShouldHaveSingleItem();
        leg.State.Open.ShouldNotBeNull();
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Filled, 10m)));
        leg.State.Actual.ShouldBe(C(10m));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refused_cancel_is_asked_again_until_the_order_is_proved_closed(bool rejected)
    {
        var leg = LegDriver.Ready(target: 10m);
        leg.Rest();
        leg.Tick(afterSeconds: 30);
        leg.Cancelled(rejected ? new CancelOutcome.Rejected(Rejection(RejectionClass.Transient)) : new CancelOutcome.Unknown("503"));
        leg.Last.Effects.ShouldBeEmpty();
        leg.Tick(afterSeconds: 15);
        leg.Done<LegEffect.LookUp>().ShouldHaveSingleItem();
        leg.LookedUp(new LookupOutcome.Found(leg.Report(OrderStatus.Open, 1m)));
        if (leg.Done<LegEffect.Cancel>().Count == 0) leg.Tick(afterSeconds: 15);
        leg.Done<LegEffect.Cancel>().Count.ShouldBe(1);
    }

    [Fact]
    public void A_late_fill_of_a_closed_order_counts_and_the_account_is_read_before_the_next_order()
    {
        var leg = LegDriver.Ready(target: 10m);
        var intent = leg.Open;
        leg.Answer(new SubmitOutcome.Confirmed(leg.Report(OrderStatus.Expired, 4m)));
        leg.State.Actual.ShouldBe(C(4m));
        leg.Reported(leg.Report(intent, OrderStatus.Expired, 7m));

        leg.State.Actual.ShouldBe(C(7m));
        leg.Tick(afterSeconds: 5);
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();
        leg.Read(7m);
        leg.Sent().Quantity.ShouldBe(C(3m));
    }

    [Fact]
    public void A_late_fill_takes_back_the_drift_that_had_stood_for_it()
    {
        var leg = LegDriver.Ready(4m, configuration: Configuration(instrument: Coin));
        var intent = leg.Open;
        leg.Answer(new SubmitOutcome.Confirmed(leg.Report(OrderStatus.Cancelled, 0m)));
        leg.ReadUntilBelieved(1m, 1m);
        leg.State.Drift.ShouldBe(C(1m));
        leg.State.Open.ShouldNotBeNull();
        leg.Fill();

        leg.Reported(leg.Report(intent, OrderStatus.Cancelled, 1m));
        leg.State.Drift.ShouldBe(C(0m));
        leg.State.Actual.ShouldBe(C(5m));
        leg.Read(5m, 5m);
        leg.State.Fault.ShouldBeNull();

        // Four were asked for and five are held: one too many goes back.
        leg.Sent().ShouldSatisfyAllConditions(o => o.Side.ShouldBe(OrderSide.Sell), o => o.Quantity.ShouldBe(C(1m)));
    }

    [Fact]
    public void A_report_that_knows_less_than_we_do_changes_nothing()
    {
        var leg = LegDriver.Ready(10m, configuration: Configuration(instrument: Coin));
        leg.Answer(new SubmitOutcome.Confirmed(leg.Report(OrderStatus.Open, 6m, fee: 0.006m)));
        leg.Reported(leg.Report(OrderStatus.Open, 4m, fee: 0.004m));
        leg.State.Actual.ShouldBe(C(5.994m));

        // The answer of the submission knows the fills, but not yet the fee.
        leg.Reported(leg.Report(OrderStatus.Open, 6m, fee: 0m));
        leg.State.Actual.ShouldBe(C(5.994m));
        leg.Reported(leg.Report(OrderStatus.Cancelled, 4m));
        leg.State.Open.ShouldNotBeNull();
    }

    [Fact]
    public void Reports_of_strangers_change_nothing()
    {
        var leg = LegDriver.Ready(target: 5m);
        var before = leg.State;
        var stranger = leg.Report(OrderStatus.Filled, 5m) with { ClientOrderId = new("zzzzzzzzzzzzzzzzzz") };
        leg.Reported(stranger).Events.ShouldBeEmpty();
        leg.State.ShouldBe(before);
    }

    [Fact]
    public void A_fee_in_the_base_asset_lowers_what_is_held()
    {
        var leg = LegDriver.Ready(10m, configuration: Configuration(instrument: Coin));
        leg.Answer(new SubmitOutcome.Confirmed(leg.Report(OrderStatus.Filled, 10m, fee: 0.004m)));

        leg.State.Actual.ShouldBe(C(9.996m));
        leg.State.Open.ShouldBeNull();
        LegView.Of(leg.State, leg.Clock).Untradable.ShouldBe(C(0.004m));
    }

    [Fact]
    public void A_short_that_spot_cannot_hold_is_told()
    {
        var leg = LegDriver.Ready(target: -1m, configuration: Configuration(instrument: Coin));
        var view = LegView.Of(leg.State, leg.Clock);
        (view.State, view.Text, view.Converged).ShouldBe(("idle", "MT5 is short by 1: spot holds no short", true));
        leg.State.Intents.ShouldBe(0);
    }
}
