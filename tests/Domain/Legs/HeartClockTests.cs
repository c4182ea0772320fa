using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>The wall clock is set while the leg works, or between two runs: durations are judged by the monotonic clock.</summary>
public sealed class HeartClockTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    [Fact]
    public void A_clock_set_forward_does_not_prove_that_an_order_under_way_was_never_placed()
    {
        var leg = Unknown();
        leg.Now += TimeSpan.FromSeconds(60);
        leg.After(TimeSpan.FromSeconds(7)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldNotBeNull();
        leg.After(TimeSpan.FromSeconds(0.1)).LookedUp(new LookupOutcome.NotFound());
        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.NeverPlaced);
    }

    [Fact]
    public void A_clock_set_back_keeps_the_order_valid_until_it_says_so_too()
    {
        var leg = Unknown();
        leg.Now -= TimeSpan.FromSeconds(60);
        leg.After(TimeSpan.FromSeconds(60)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldNotBeNull();
        leg.After(TimeSpan.FromSeconds(7.1)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void A_clock_set_back_since_the_decision_does_not_make_our_own_order_an_older_one()
    {
        var leg = Unknown();
        leg.Now -= TimeSpan.FromHours(5);
        leg.Reported(leg.Report(OrderStatus.Filled, 5m));
        leg.State.Fault.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(5m));
        leg.Journal.OfType<IntentClosed>().ShouldHaveSingleItem().End.ShouldBe(IntentEnd.Filled);
    }

    [Fact]
    public void A_clock_set_forward_beyond_the_venues_memory_settles_nothing_that_may_still_arrive()
    {
        var leg = Unknown();
        leg.Now += s_day;
        leg.After(TimeSpan.FromSeconds(7)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Phase.ShouldBe(OrderPhase.Unknown);
        leg.After(TimeSpan.FromSeconds(0.1)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Phase.ShouldBe(OrderPhase.Settling);
    }

    [Fact]
    public void Beyond_the_venues_memory_by_either_clock_not_found_is_no_proof()
    {
        var leg = Unknown();
        leg.After(Rules.Memory);
        leg.Now -= TimeSpan.FromSeconds(60);
        leg.LookedUp(new LookupOutcome.NotFound());
        leg.State.Phase.ShouldBe(OrderPhase.Settling);
    }

    [Fact]
    public void After_a_restart_the_whole_validity_is_waited_for_whatever_the_clock_says()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Now += s_day / 24 / 10;
        leg.Crash(Configuration(), Lots(5m));
        leg.After(TimeSpan.FromSeconds(7)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldNotBeNull();
        leg.After(TimeSpan.FromSeconds(0.1)).LookedUp(new LookupOutcome.NotFound());
        leg.State.Open.ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_clock_that_is_set_neither_shortens_nor_lengthens_a_wait(int days)
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Rest();
        leg.Now += days * s_day;
        leg.Tick(afterSeconds: 29.9).Effects.ShouldBeEmpty();
        leg.Tick(afterSeconds: 0.1).Effects.ShouldHaveSingleItem().ShouldBeOfType<LegEffect.Cancel>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_clock_that_is_set_frees_no_order_of_the_guard_rail_and_holds_none_longer(int days)
    {
        var leg = LegDriver.Ready(target: 5m, configuration: Configuration(limits: Limits with { GuardRails = new GuardRails { MaxOrdersPerMinute = 1 } }));
        leg.Fill();
        leg.Now += days * s_day;
        leg.After(TimeSpan.FromSeconds(59)).Target(6m).Effects.ShouldBeEmpty();
        leg.Last.WakeAt.ShouldBe(leg.Clock + TimeSpan.FromSeconds(1));
        leg.Tick(afterSeconds: 1);
        leg.Sent().Quantity.ShouldBe(C(1m));
    }

    [Fact]
    public void A_clock_set_back_between_two_runs_makes_no_order_of_the_guard_rail_younger_than_the_run()
    {
        var limits = Limits with { GuardRails = new GuardRails { MaxOrdersPerMinute = 1 } };
        var leg = LegDriver.Ready(target: 5m, configuration: Configuration(limits: limits));
        leg.Fill();
        leg.Now -= s_day;
        leg.Crash(Configuration(limits: limits), Lots(6m));
        leg.Read(5m);
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();
        leg.Last.WakeAt.ShouldBe(leg.Clock + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_reading_that_began_before_the_leg_began_anew_says_nothing()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Fill();
        var old = leg.Reading(5m);
        leg.Crash(Configuration(), Lots(7m));
        leg.Feed(new LegInput.ReadingArrived(old));
        leg.State.ActualKnown.ShouldBeFalse();
        leg.Done<LegEffect.Submit>().ShouldBeEmpty();
        leg.Read(5m);
        leg.Sent().Quantity.ShouldBe(C(2m));
    }

    private static LegDriver Unknown()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Answer(new SubmitOutcome.Unknown("timeout"));
        return leg;
    }
}
