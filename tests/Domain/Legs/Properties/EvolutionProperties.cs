using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using FsCheck;
using FsCheck.Fluent;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs.Properties;

/// <summary>Apply takes any event in any order, and every kind of event has a rule.</summary>
public sealed class EvolutionProperties
{
    private static readonly Func<int, LegEvent>[] s_events =
    [
        a => new BaselineCaptured(At(a), C(a), C(a - 3), C(2), Scale.Of([Lots(a)], Future)),
        a => new SourcesJoined(At(a), Scale.Of([Lots(a), Lots(a, 2)], Future), C(a)),
        a => new ScaleAccepted(At(a), Scale.Of([Lots(a)], Coin), "yes"),
        a => new UncopiedShrunk(At(a), C(a)),
        a => new IntentDecided(At(a), Intent(a)),
        a => new OrderAcknowledged(At(a), Id(a), "v"),
        a => new OrderFilled(At(a), Id(a), FillProgress.None with { Filled = C(a) }),
        a => new OrderCostsTold(At(a), Id(a), null, [new Fee(new("USDT"), a)]),
        a => new IntentClosed(At(a), Id(a), (IntentEnd)(a % 6), null, "", a % 2 == 0),
        a => new DriftBooked(At(a), C(a - 5), C(a)),
        a => new DriftAbsorbed(At(a), C(a - 4)),
        a => new SyncApplied(At(a), new SyncOptions("s", a % 2 == 0, a % 3 == 0, a % 5 == 0, a % 4 == 0)),
        a => new LegFaulted(At(a), (FaultKind)(a % 4), "", ""),
        a => new FaultCleared(At(a), ""),
        a => new ConfigurationSeen(Configuration(a)),
        a => new ContributionsSeen([Lots(a)]),
        a => new GateSeen(a % 2 == 0 ? Gate.Free : Gate.Closed("no")),
        a => new PriceSeen(new Price(a + 1)),
        a => new ReadingAccepted(a, C(0)),
        a => new ReadingSuspected(new LegReading(a, C(a))),
        a => new ReadingAsked(Ran(a)),
        a => new RecoverySeen(At(a), Ran(a), a),
        a => new OrderTimed(Ran(a), a % 2 == 0 ? Intent(a) : null),
        a => new SubmissionEnded(Ran(a)),
        a => new FaultTimed(a),
        a => new ActualLost("why"),
        a => new OrderPhaseSeen((OrderPhase)(a % 6), Ran(a), a, a),
        a => new WaitSeen(Ran(a), "why"),
        a => new MaximumSeen(C(a)),
        a => new RemainderSeen(C(a), C(0)),
        a => new SyncWaiting(PeriodicSync, a, a % 2 == 0 ? null : new SyncTerms(C(a), C(0), C(0), null)),
        a => new SyncSeen("s"),
        a => new SyncDeclined("s"),
    ];

    [Fact]
    public void Every_kind_of_event_is_tried() =>
        typeof(LegEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(LegEvent)) && !t.IsAbstract).Select(t => t.Name).Order()
            .ShouldBe(s_events.Select(e => e(1).GetType().Name).Order());

    [Fact]
    public void Any_events_in_any_order_apply_and_the_result_can_be_decided_on_and_shown()
    {
        var one = from e in Gen.Elements(s_events) from a in Gen.Choose(0, 11) select e(a);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Arb.From(Gen.ArrayOf(one)), events =>
        {
            var s = events.Aggregate(new LegState(Future.Leg(PositionSide.Net)), (s, e) => s.Apply(e));
            s.Closed.Length.ShouldBeLessThanOrEqualTo(LegState.RememberedOrders);
            s.Actual.ShouldBe(s.Foreign + s.Drift + s.Copied);
            LegView.Of(s, Clock).Leg.ShouldBe(s.Leg);
            SyncProposal.Of(s, PersonsSync, Clock).Leg.ShouldBe(s.Leg);
            Heart.Decide(s, new LegInput.Tick(), new Moment(Start, Clock, 1000, Id(99))).State.Leg.ShouldBe(s.Leg);
        }));
    }

    private static Uptime Ran(int a) => Clock + TimeSpan.FromSeconds(a);

    private static DateTimeOffset At(int a) => Start.AddSeconds(a);

    private static ClientOrderId Id(int a) => ClientOrderId.Create("test", "proc01", a % 4);

    private static Intent Intent(int a) => new(
        new OrderRequest(Id(a), Future.Id, PositionSide.Net, (OrderSide)(a % 2), C(a + 1), false, At(a + 5), null), a, At(a), a % 2 == 0,
        new IntentReason([], 0m, C(0), C(0), C(0), C(0), C(0), C(0), 1m));
}
