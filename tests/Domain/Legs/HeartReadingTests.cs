using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>Rules 10, 11, 13: what a reading may and may not do.</summary>
public sealed class HeartReadingTests
{
    [Fact]
    public void Nothing_is_sent_before_the_account_was_read()
    {
        var leg = NotRead();
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();
        LegView.Of(leg.State, leg.Clock).ActualKnown.ShouldBeFalse();
        leg.Read(0m);
        leg.Sent().Quantity.ShouldBe(C(5m));
    }

    [Fact]
    public void A_missing_reading_is_asked_for_again_and_never_taken_as_flat()
    {
        var leg = NotRead();
        var asked = 0;
        for (var i = 0; i < 100; i++) asked += leg.Tick(afterSeconds: 1).Effects.OfType<LegEffect.RequestReading>().Count();

        asked.ShouldBeInRange(15, 25);
        leg.State.ActualKnown.ShouldBeFalse();
        leg.State.Intents.ShouldBe(0);
    }

    [Fact]
    public void A_reading_older_than_the_last_order_event_is_ignored()
    {
        var leg = LegDriver.Ready(target: 5m);
        var old = leg.Reading(0m);
        leg.Fill();
        leg.Feed(new LegInput.ReadingArrived(old)).Events.ShouldBeEmpty();
        leg.State.Suspect.ShouldBeNull();
    }

    [Fact]
    public void Readings_during_an_order_are_ignored()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Read(17m).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_reading_that_was_overtaken_by_a_newer_one_is_ignored()
    {
        var leg = LegDriver.Ready();
        var old = leg.Reading(3m);
        leg.Read(0m);
        leg.Feed(new LegInput.ReadingArrived(old)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_reading_that_differs_holds_the_leg_until_a_second_one_agrees()
    {
        var leg = LegDriver.Ready(held: 5m, target: 5m);
        leg.Read(4m);
        leg.State.Suspect.ShouldNotBeNull();
        leg.State.Drift.ShouldBe(C(0m));
        leg.Target(6m).Effects.OfType<LegEffect.Submit>().ShouldBeEmpty();
        leg.Tick(afterSeconds: 1);
        leg.Done<LegEffect.RequestReading>().Count.ShouldBe(1);
        leg.Read(4m);

        leg.Journal.OfType<DriftBooked>().ShouldHaveSingleItem().Delta.ShouldBe(C(-1m));
        leg.Sent().Quantity.ShouldBe(C(1m), "the deal trades its own change, not the drift");
    }

    [Fact]
    public void What_was_closed_by_hand_at_the_venue_is_not_closed_once_more_when_MT5_closes_it()
    {
        var leg = LegDriver.Ready(target: 1m);
        leg.Fill();
        leg.After(TimeSpan.FromMinutes(1));
        leg.ReadUntilBelieved(0m);
        leg.State.Drift.ShouldBe(C(-1m));

        leg.Target(0.5m).Effects.OfType<LegEffect.Submit>().ShouldBeEmpty();
        leg.Target(0m).Effects.OfType<LegEffect.Submit>().ShouldBeEmpty("selling again would open the other side");
        leg.State.Actual.ShouldBe(C(0m));
        leg.State.Goal.ShouldBe(C(0m));

        leg.Target(1m);
        leg.Sent().ShouldBe(leg.Open.Order);
        leg.Open.Order.Quantity.ShouldBe(C(1m), "what opens after it is copied whole");
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(-1, 3)]
    public void What_somebody_closes_of_his_own_beside_ours_is_not_opened_again(int side, decimal his)
    {
        var foreign = 3m * side;
        var leg = LegDriver.Ready(held: foreign, configuration: Configuration(foreign, limits: Limits with { SyncAtStartup = false }));
        leg.Target(1m * side);
        leg.Fill();
        leg.State.Foreign.ShouldBe(C(foreign));
        var left = (4m - his) * side;
        leg.After(TimeSpan.FromMinutes(1));
        leg.ReadUntilBelieved(left);

        leg.State.Drift.ShouldBe(C(-his * side));
        leg.State.Open.ShouldBeNull();
        leg.State.Goal.ShouldBe(C(left));
        leg.Target(2m * side);
        leg.Sent().Quantity.ShouldBe(C(1m), "a deal trades its own change");
        leg.Fill();
        leg.Target(0m);
        leg.Sent().Quantity.ShouldBe(C(2m));
        leg.Fill();
        leg.State.Actual.ShouldBe(C((3m - his) * side));
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void Drift_of_a_person_on_our_own_side_is_left_alone_when_MT5_closes()
    {
        var leg = LegDriver.Ready(target: 1m);
        leg.Fill();
        leg.After(TimeSpan.FromMinutes(1));
        leg.ReadUntilBelieved(3m);
        leg.Target(0m);
        leg.Sent().Quantity.ShouldBe(C(1m));
        leg.Fill();
        leg.State.Actual.ShouldBe(C(2m));
        leg.State.Drift.ShouldBe(C(2m));
    }

    [Fact]
    public void A_second_reading_that_agrees_with_what_was_expected_ends_the_suspicion()
    {
        var leg = LegDriver.Ready(held: 5m, target: 5m);
        leg.Read(4m);
        leg.Read(5m);
        leg.State.Suspect.ShouldBeNull();
        leg.State.Drift.ShouldBe(C(0m));
    }

    [Fact]
    public void Two_readings_that_differ_from_each_other_prove_nothing()
    {
        var leg = LegDriver.Ready(held: 5m, target: 5m);
        leg.Read(4m);
        leg.Read(3m);
        leg.Read(4m);
        leg.State.Drift.ShouldBe(C(0m));
        leg.Read(4m);
        leg.State.Drift.ShouldBe(C(-1m));
    }

    [Fact]
    public void The_second_reading_must_have_begun_after_the_first_was_seen()
    {
        var leg = LegDriver.Ready(held: 5m, target: 5m);
        var first = leg.Reading(4m);
        var atTheSameTime = leg.Reading(4m);
        leg.Feed(new LegInput.ReadingArrived(first));
        leg.Feed(new LegInput.ReadingArrived(atTheSameTime));
        leg.State.Drift.ShouldBe(C(0m));
        leg.Read(4m);
        leg.State.Drift.ShouldBe(C(-1m));
    }

    [Fact]
    public void Within_the_quiet_period_after_an_order_no_differing_reading_counts_however_often_it_is_seen()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Fill();
        for (var i = 0; i < 5; i++) leg.Read(0m);
        var begunInTheQuietPeriod = leg.Reading(0m);
        leg.Tick(afterSeconds: 3);
        leg.Feed(new LegInput.ReadingArrived(begunInTheQuietPeriod));
        leg.State.Drift.ShouldBe(C(0m));
        leg.Read(5m);
        leg.State.Suspect.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(5m));
    }

    [Fact]
    public void After_the_quiet_period_two_readings_count()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Fill();
        leg.ReadUntilBelieved(3m);
        leg.State.Drift.ShouldBe(C(-2m));
        leg.State.Goal.ShouldBe(C(3m));
    }

    [Fact]
    public void The_goal_carries_the_drift_until_a_sync_ends_it()
    {
        var leg = LegDriver.Ready(held: 5m, target: 5m);
        leg.ReadUntilBelieved(2m);
        leg.State.Goal.ShouldBe(C(2m));
        leg.State.Open.ShouldBeNull();

        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(2m);
        leg.State.Drift.ShouldBe(C(0m));
        leg.State.Actual.ShouldBe(C(2m));
        leg.Sent().Quantity.ShouldBe(C(3m));
    }

    [Fact]
    public void An_actual_in_doubt_is_read_anew_and_a_reading_begun_before_does_not_end_the_doubt()
    {
        var leg = LegDriver.Ready(held: 5m, target: 5m);
        var before = leg.Reading(5m);
        leg.Feed(new LegInput.ActualDoubted("the line was down"));
        leg.Done<LegEffect.RequestReading>().Count.ShouldBe(1);
        leg.Feed(new LegInput.ReadingArrived(before));
        leg.State.ActualKnown.ShouldBeFalse();
        leg.Target(6m).Effects.ShouldBeEmpty();
        leg.Read(5m);
        leg.Sent().Quantity.ShouldBe(C(1m));
    }

    [Fact]
    public void An_unexplained_fall_of_a_spot_balance_faults_until_a_person_resumes()
    {
        var leg = LegDriver.Ready(5m, held: 5m, Configuration(instrument: Coin));
        leg.ReadUntilBelieved(3m, 3m);
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.TakenByVenue);

        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(3m, 3m);
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();
        leg.State.Fault.ShouldNotBeNull();
    }

    [Fact]
    public void A_balance_that_other_orders_lock_is_looked_at_again_until_it_is_free()
    {
        var leg = LegDriver.Ready(5m, held: 5m, Configuration(instrument: Coin));
        leg.Read(5m, free: 0m);
        leg.Target(3m);
        leg.State.Open.ShouldBeNull();
        for (var i = 0; i < 3; i++)
        {
            leg.After(leg.Last.WakeAt.ShouldNotBeNull() - leg.Clock).Tick();
            leg.Done<LegEffect.RequestReading>().Count.ShouldBe(1);
            leg.Read(5m, free: 0m);
        }

        leg.Read(5m, free: 5m);
        leg.Sent().Quantity.ShouldBe(C(2m));
    }

    [Fact]
    public void An_unexplained_rise_of_a_spot_balance_is_drift_and_no_fault()
    {
        var leg = LegDriver.Ready(5m, held: 5m, Configuration(instrument: Coin));
        leg.ReadUntilBelieved(8m, 8m);
        leg.State.Fault.ShouldBeNull();
        leg.State.Drift.ShouldBe(C(3m));
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void A_fault_that_only_a_person_ends_replaces_one_that_a_sync_would_end()
    {
        var leg = LegDriver.Ready(6m, held: 5m, Configuration(instrument: Coin));
        leg.Refuse(RejectionClass.Permanent);
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.Rejected);
        leg.ReadUntilBelieved(1m, 1m);
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.TakenByVenue);
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(1m, 1m);
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void A_fault_that_a_sync_would_end_does_not_replace_one_that_only_a_person_ends()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Rest();
        leg.Feed(new LegInput.TakenByVenue("liquidated"));
        for (var i = 0; i < 5 && leg.State.Open is not null; i++) leg.Reported(leg.Report(OrderStatus.Cancelled, 0m));
        leg.State.Open.ShouldBeNull();
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.TakenByVenue);

        var strict = LegDriver.Ready(5m, configuration: Configuration(limits: Limits with { MaxOrderResubmitTries = 0 }));
        strict.Feed(new LegInput.TakenByVenue("liquidated"));
        strict.Refuse(RejectionClass.Transient);
        strict.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.TakenByVenue);
        strict.Feed(new LegInput.Sync(PeriodicSync, strict.Version + 1));
        strict.Read(0m);
        strict.State.Fault.ShouldNotBeNull();
        strict.State.Intents.ShouldBe(1);
    }

    [Fact]
    public void What_the_venue_took_is_not_bought_back_until_a_person_resumes()
    {
        var leg = LegDriver.Ready(target: 5m, held: 5m);
        var before = leg.Reading(5m);
        leg.Feed(new LegInput.TakenByVenue("liquidated"));
        leg.Feed(new LegInput.TakenByVenue("liquidated"));
        leg.Raised<LegFaulted>().ShouldBeEmpty("the same news twice is one fault");
        leg.Feed(new LegInput.ReadingArrived(before));
        leg.State.ActualKnown.ShouldBeFalse();
        leg.ReadUntilBelieved(0m);
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(0m);
        leg.Tick(afterSeconds: 3600);
        leg.State.Intents.ShouldBe(0);

        leg.Feed(new LegInput.Sync(PersonsSync, leg.Version + 1));
        leg.Read(0m);
        leg.State.Fault.ShouldBeNull();
        leg.Sent().Quantity.ShouldBe(C(5m));
    }

    [Fact]
    public void A_sync_asked_for_before_the_fault_was_known_does_not_end_it()
    {
        var leg = LegDriver.Ready(target: 5m, held: 5m);
        leg.Feed(new LegInput.Sync(PersonsSync, leg.Version + 1));
        leg.Feed(new LegInput.TakenByVenue("liquidated"));
        leg.ReadUntilBelieved(0m);
        leg.State.PendingSync.ShouldBeNull();
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.TakenByVenue);
        leg.State.Intents.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_person_asked_for_earlier_ends_no_fault_that_came_since_however_late_it_arrives(bool sync)
    {
        var leg = LegDriver.Ready(target: 5m, held: 5m);
        var asked = leg.Version;
        leg.Feed(new LegInput.TakenByVenue("liquidated"));
        leg.ReadUntilBelieved(0m);
        Ask(asked);
        leg.State.Fault.ShouldNotBeNull();
        leg.State.Intents.ShouldBe(0);
        Ask(leg.Version + 1);
        leg.State.Fault.ShouldBeNull();

        void Ask(long version)
        {
            leg.Feed(sync ? new LegInput.Sync(PersonsSync with { Asked = version }, leg.Version + 1) : new LegInput.ClearFault("seen", version));
            leg.Read(0m);
        }
    }

    [Fact]
    public void When_the_line_is_back_used_up_tries_and_the_venues_wish_to_wait_are_over()
    {
        var leg = LegDriver.Ready(target: 5m, configuration: Configuration(limits: Limits with { MaxOrderResubmitTries = 0 }));
        leg.Refuse(RejectionClass.Transient);
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.TriesExhausted);
        leg.Feed(new LegInput.ActualDoubted("the line was down"));
        leg.State.Fault.ShouldBeNull();
        leg.Read(0m);
        leg.Sent();

        for (var i = 0; i < 3; i++)
        {
            leg.Refuse(RejectionClass.Wait);
            leg.Feed(new LegInput.ActualDoubted("the line was down"));
            leg.Read(0m);
            leg.Sent();
        }

        // What the venue refused for good it has refused, whatever the line did.
        leg.Refuse(RejectionClass.Permanent);
        leg.Feed(new LegInput.ActualDoubted("the line was down"));
        leg.State.Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.Rejected);
    }

    [Fact]
    public void Ending_a_fault_reads_the_account_first()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Refuse(RejectionClass.Permanent);
        leg.Feed(new LegInput.ClearFault("tried again by hand"));
        leg.State.Fault.ShouldBeNull();
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();
        leg.Done<LegEffect.RequestReading>().Count.ShouldBe(1);
        leg.Read(0m);
        leg.Sent().Quantity.ShouldBe(C(5m));
        leg.Feed(new LegInput.ClearFault("again")).Events.OfType<FaultCleared>().ShouldBeEmpty();
    }

    private static LegDriver NotRead()
    {
        var leg = new LegDriver(Future.Leg(Domain.Identity.PositionSide.Net));
        leg.Feed(new LegInput.Configure(Configuration()));
        leg.Levels(Lots(5m));
        leg.Feed(new LegInput.GateChanged(Gate.Free));
        return leg;
    }
}
