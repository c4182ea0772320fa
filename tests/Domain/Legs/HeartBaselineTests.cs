using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>Rules 12, 14, 16, 17: what was there before, how well levels are known, changed scales, the gate.</summary>
public sealed class HeartBaselineTests
{
    private static readonly LegLimits s_asItIs = Limits with { SyncAtStartup = false };

    [Theory]
    [InlineData(5, 3, 2, 0, 3)] // held, asked → foreign, uncopied, common
    [InlineData(3, 5, 0, 2, 3)]
    [InlineData(4, -2, 4, -2, 0)]
    [InlineData(0, 5, 0, 5, 0)]
    [InlineData(5, 0, 5, 0, 0)]
    [InlineData(-5, -3, -2, 0, -3)]
    public void Without_a_sync_at_startup_nothing_is_traded_and_what_differs_is_foreign_or_uncopied(
        decimal held, decimal asked, decimal foreign, decimal uncopied, decimal common)
    {
        var leg = Before(held, asked);
        var baseline = leg.Journal.OfType<BaselineCaptured>().ShouldHaveSingleItem();
        (baseline.Foreign, baseline.Uncopied, baseline.Copied).ShouldBe((C(foreign), C(uncopied), C(common)));
        leg.State.Open.ShouldBeNull();
        leg.State.Actual.ShouldBe(C(held));
        LegView.Of(leg.State, leg.Clock).Converged.ShouldBeTrue();
    }

    [Fact]
    public void With_a_sync_at_startup_the_leg_is_driven_to_what_MT5_holds() => LegDriver.Ready(target: 3m, held: 5m).Sent().Quantity.ShouldBe(C(2m));

    [Fact]
    public void A_baseline_waits_for_every_terminals_first_complete_snapshot()
    {
        var leg = new LegDriver(Future.Leg(Domain.Identity.PositionSide.Net));
        leg.Feed(new LegInput.Configure(Configuration(limits: s_asItIs)));
        leg.Levels(Lots(5m, 1, preexisting: 5m), Lots(0m, 2, LevelKnowledge.Unknown));
        leg.State.HasBaseline.ShouldBeFalse();
        leg.Levels(Lots(5m, 1, preexisting: 5m), Lots(4m, 2, preexisting: 4m));
        leg.State.Uncopied.ShouldBe(C(9m));
    }

    [Fact]
    public void A_restart_reuses_the_baseline()
    {
        var leg = Before(held: 5m, asked: 3m);
        leg.Crash(Configuration(99m, limits: s_asItIs), Lots(3m, preexisting: 3m));
        leg.Read(5m);
        leg.Journal.OfType<BaselineCaptured>().Count().ShouldBe(1);
        leg.State.Foreign.ShouldBe(C(2m));
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void Uncopied_shrinks_with_the_target_never_grows_again_and_never_passes_zero()
    {
        var leg = Before(held: 0m, asked: 5m);
        leg.Target(8m, preexisting: 5m);
        leg.Sent().Quantity.ShouldBe(C(3m));
        leg.Fill();
        leg.Target(2m, preexisting: 5m);
        leg.State.Uncopied.ShouldBe(C(2m));
        leg.Sent().ShouldSatisfyAllConditions(o => o.Side.ShouldBe(OrderSide.Sell), o => o.Quantity.ShouldBe(C(3m)));
        leg.Fill();
        leg.Target(4m, preexisting: 5m);
        leg.State.Uncopied.ShouldBe(C(2m));
        leg.Fill();
        leg.Target(-1m, preexisting: 5m);
        leg.State.Uncopied.ShouldBe(C(0m));
        leg.Sent().Quantity.ShouldBe(C(3m));
    }

    [Fact]
    public void A_sync_ends_uncopied_and_foreign_unless_foreign_is_kept()
    {
        var leg = Before(held: 5m, asked: 3m);
        leg.Feed(new LegInput.Sync(PeriodicSync with { EndForeign = false }, leg.Version + 1));
        leg.Read(5m);
        leg.State.Foreign.ShouldBe(C(2m));
        leg.State.Open.ShouldBeNull();
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.State.PendingSync.ShouldNotBeNull("a sync waits for a reading that began after it");
        leg.Read(5m);
        leg.Sent().ShouldSatisfyAllConditions(o => o.Side.ShouldBe(OrderSide.Sell), o => o.Quantity.ShouldBe(C(2m)));

        var uncopied = Before(held: 3m, asked: 5m);
        uncopied.Feed(new LegInput.Sync(PeriodicSync, uncopied.Version + 1));
        uncopied.Read(3m);
        uncopied.Sent().Quantity.ShouldBe(C(2m));
    }

    [Fact]
    public void A_sync_waits_for_the_order_in_flight_and_a_periodic_one_does_not_replace_a_persons()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Feed(new LegInput.Sync(PersonsSync, leg.Version + 1));
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(0m);
        leg.State.PendingSync.ShouldNotBeNull().Options.ShouldBe(PersonsSync);
        leg.Fill();
        leg.Read(5m);
        (leg.State.PendingSync, leg.State.LastSyncId).ShouldBe((null, PersonsSync.SyncId));
        leg.Journal.ShouldNotContain(e => e is SyncApplied, "there was nothing to end");
    }

    [Fact]
    public void A_sync_that_was_shown_ends_what_was_shown_and_nothing_that_came_up_since()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Fill();
        leg.Read(5m);
        var shown = SyncProposal.Of(leg.State, PeriodicSync, leg.Clock).Terms;
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1, shown));

        // Bought by somebody else between the proposal and the reading that the sync waits for.
        leg.ReadUntilBelieved(7m);
        leg.Journal.ShouldNotContain(e => e is SyncApplied);
        leg.State.Drift.ShouldBe(C(2m));
        leg.State.Open.ShouldBeNull();
        var view = LegView.Of(leg.State, leg.Clock);
        (view.LastSyncId, view.LastSyncDeclined).ShouldBe((PeriodicSync.SyncId, true));

        // Shown now, it is ended.
        leg.Feed(new LegInput.Sync(PersonsSync, leg.Version + 1, SyncProposal.Of(leg.State, PersonsSync, leg.Clock).Terms));
        leg.Read(7m);
        leg.Journal.OfType<SyncApplied>().ShouldHaveSingleItem().Options.ShouldBe(PersonsSync);
        leg.Sent().Quantity.ShouldBe(C(2m));
        LegView.Of(leg.State, leg.Clock).LastSyncDeclined.ShouldBeFalse();
    }

    [Fact]
    public void A_sync_gives_new_tries()
    {
        var leg = LegDriver.Ready(5m, configuration: Configuration(limits: Limits with { MaxOrderResubmitTries = 0 }));
        leg.Refuse(RejectionClass.Transient);
        leg.State.Fault.ShouldNotBeNull();
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(0m);
        leg.State.Fault.ShouldBeNull();
        leg.Sent().Quantity.ShouldBe(C(5m));
    }

    [Theory]
    [InlineData(LevelKnowledge.Known, true)]
    [InlineData(LevelKnowledge.Stale, true)]
    [InlineData(LevelKnowledge.Unknown, false)]
    [InlineData(LevelKnowledge.Unfed, false)]
    public void Unknown_and_unfed_levels_hold_the_leg_and_stale_ones_go_on_counting(LevelKnowledge knowledge, bool trades)
    {
        var leg = LegDriver.Ready();
        leg.Levels(Lots(0m, 1, knowledge), Lots(4m, 2));
        var before = leg.State.Intents;
        leg.Levels(Lots(1m, 1, knowledge, seq: 2), Lots(4m, 2, seq: 2));
        (leg.State.Intents > 0).ShouldBe(trades, $"{before}");
        LegView.Of(leg.State, leg.Clock).LevelKnowledge.ShouldBe(knowledge);
    }

    [Fact]
    public void An_unknown_level_does_not_shrink_what_is_uncopied()
    {
        var leg = Before(held: 0m, asked: 5m);
        leg.Levels(Lots(0m, 1, LevelKnowledge.Unknown, seq: 2, preexisting: 5m));
        leg.State.Uncopied.ShouldBe(C(5m));
    }

    [Fact]
    public void An_older_level_never_replaces_a_newer_one()
    {
        var leg = LegDriver.Ready();
        leg.Levels(Lots(5m, seq: 7));
        leg.Fill();
        leg.Levels(Lots(1m, seq: 6)).Effects.ShouldBeEmpty();
        leg.State.Target.ShouldNotBeNull().Rounded.ShouldBe(C(5m));
        leg.Levels(Lots(1m, seq: 6) with { Version = new LevelVersion(2, 1) });
        leg.Sent().Quantity.ShouldBe(C(4m));
    }

    [Fact]
    public void What_a_joining_source_held_before_is_not_copied()
    {
        var leg = LegDriver.Ready(4m, held: 4m, Configuration(limits: s_asItIs));
        leg.Target(4m, preexisting: 4m);
        var copied = leg.State.Actual;
        leg.Levels(leg.State.Contributions[0], Lots(7m, 2, LevelKnowledge.Unknown));
        leg.Journal.OfType<SourcesJoined>().ShouldBeEmpty("its level is not known yet");
        leg.Levels(leg.State.Contributions[0], Lots(7.5m, 2, preexisting: 7.5m, seq: 2));
        leg.Journal.OfType<SourcesJoined>().ShouldHaveSingleItem().UncopiedAdded.ShouldBe(C(7m));
        leg.State.Actual.ShouldBe(copied);
    }

    [Fact]
    public void A_changed_scale_holds_the_leg_until_a_sync_accepts_it()
    {
        var leg = LegDriver.Ready(target: 4m, held: 4m);
        leg.Levels(Lots(5m, seq: 2, perLot: 2m)).Effects.ShouldBeEmpty();
        LegView.Of(leg.State, leg.Clock).ScaleChange.ShouldNotBeNull();
        leg.Feed(new LegInput.Sync(PeriodicSync, leg.Version + 1));
        leg.Read(4m);
        leg.State.Open.ShouldBeNull();

        SyncProposal.Of(leg.State, PersonsSync, leg.Clock).ShouldSatisfyAllConditions(p => p.Quantity.ShouldBe(C(6m)), p => p.Reduces.ShouldBeFalse(), p => p.NotKnown.ShouldBeNull());
        leg.Feed(new LegInput.Sync(PersonsSync, leg.Version + 1));
        leg.Read(4m);
        leg.Sent().Quantity.ShouldBe(C(6m));
    }

    [Fact]
    public void What_the_venue_no_longer_lists_keeps_its_scale_and_is_not_traded()
    {
        var size = Future with { ContractSize = 0.5m };
        var leg = LegDriver.Ready(target: 4m, held: 8m, configuration: Configuration(held: 8m, instrument: size));
        var gone = Instrument.Gone(size.Id, size.Kind, "BTCUSDT");
        leg.Feed(new LegInput.Configure(Configuration(held: 8m, instrument: gone)));
        LegView.Of(leg.State, leg.Clock).ScaleChange.ShouldBeNull();
        leg.Levels(Lots(6m, seq: 2)).Effects.OfType<LegEffect.Submit>().ShouldBeEmpty();
        leg.State.Goal.ShouldBe(C(12m));
        LegView.Of(leg.State, leg.Clock).Text.ShouldContain("no longer listed");

        // Listed again, with another size: that is a change of scale.
        leg.Feed(new LegInput.Configure(Configuration(held: 8m, instrument: size with { ContractSize = 1m })));
        LegView.Of(leg.State, leg.Clock).ScaleChange.ShouldNotBeNull().ShouldContain("from 0.5 to 1");
    }

    [Fact]
    public void While_nothing_is_held_a_changed_scale_counts_at_once_and_joining_sources_still_bring_what_they_held()
    {
        var leg = LegDriver.Ready(0m, configuration: Configuration(limits: s_asItIs));
        leg.Levels(Lots(0m, seq: 2, perLot: 2m), Lots(3m, 2, preexisting: 3m));
        leg.Journal.OfType<ScaleAccepted>().Count().ShouldBe(1);
        leg.State.Uncopied.ShouldBe(C(3m));
        leg.State.Open.ShouldBeNull();
    }

    [Fact]
    public void While_the_gate_is_closed_nothing_starts_and_what_is_in_flight_is_followed_up()
    {
        var leg = LegDriver.Ready(target: 5m);
        leg.Rest(filled: 1m);
        leg.Feed(new LegInput.GateChanged(Gate.Closed("paused by a person")));
        leg.Tick(afterSeconds: 30);
        leg.Done<LegEffect.Cancel>().Count.ShouldBe(1);
        leg.Cancelled(new CancelOutcome.Accepted(leg.Report(OrderStatus.Cancelled, 2m)));
        leg.State.Actual.ShouldBe(C(2m));
        leg.Tick(afterSeconds: 60).Effects.ShouldBeEmpty();
        LegView.Of(leg.State, leg.Clock).Text.ShouldBe("paused by a person");
        leg.Feed(new LegInput.GateChanged(Gate.Free));
        leg.Sent().Quantity.ShouldBe(C(3m));
    }

    private static LegDriver Before(decimal held, decimal asked)
    {
        var leg = new LegDriver(Future.Leg(Domain.Identity.PositionSide.Net));
        leg.Feed(new LegInput.Configure(Configuration(held, limits: s_asItIs)));
        leg.Levels(Lots(asked, preexisting: asked));
        leg.Feed(new LegInput.GateChanged(Gate.Free));
        leg.Read(held);
        return leg;
    }
}
