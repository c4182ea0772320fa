using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Simulation.Hosting;
using CSMultiConnector.Simulation.Kernel;
using CSMultiConnector.Simulation.Venue;

namespace CSMultiConnector.Simulation.Tests;

/// <summary>The life of one order, with a crash of host or venue at each boundary between effects, and at each two of them.</summary>
public sealed class CrashTests
{
    private static readonly Dictionary<string, VenueTraits> s_venues = new()
    {
        ["futures"] = new VenueTraits(),
        ["no expiry, no reduce-only, no crossing"] = new VenueTraits { HonoursExpiry = false, ReduceOnly = false, Crosses = false, Ids = IdPolicy.OpenOrders },
        ["hedge"] = new VenueTraits { Hedge = true },
        ["spot with its fee in base"] = new VenueTraits { Kind = ProductKind.Spot, ReduceOnly = false, FeeRate = 0.01m, Step = 0.1m, Minimum = 0.1m },
        ["short memory"] = new VenueTraits { Memory = TimeSpan.FromSeconds(130) },
    };

    public static TheoryData<string> Venues => [.. s_venues.Keys, .. VenueVariants.Names];

    private static VenueTraits Traits(string venue) => s_venues.GetValueOrDefault(venue) ?? VenueVariants.Narrow(new VenueTraits(), venue);

    [Theory]
    [MemberData(nameof(Venues))]
    public void Any_one_crash_is_survived(string venue)
    {
        var boundaries = Count(venue);
        boundaries.ShouldBeGreaterThan(20, "an order's life has many boundaries");
        for (var at = 0; at < boundaries; at++)
            foreach (var survives in (bool[])[false, true]) Lives(venue, survives, at);
    }

    [Theory]
    [MemberData(nameof(Venues))]
    public void Any_two_crashes_are_survived(string venue)
    {
        Parallel.For(0, Count(venue), first =>
        {
            // The second may strike the recovery from the first, which has boundaries of its own.
            var boundaries = Count(venue, first);
            for (var second = first + 1; second < boundaries; second++)
                foreach (var survives in (bool[])[false, true]) Lives(venue, survives, first, second);
        });
    }

    [Fact]
    public void The_life_of_an_order_passes_every_boundary()
    {
        var plan = new CrashPlan();
        Runner.Run(Life("futures", plan)).Failure.ShouldBeNull();
        Enum.GetValues<Boundary>().Where(b => plan.Seen[(int)b] == 0).ShouldBeEmpty();
    }

    private static int Count(string venue, params int[] crashes)
    {
        var plan = new CrashPlan(crashes);
        Runner.Run(Life(venue, plan)).Failure.ShouldBeNull();
        return plan.Passed;
    }

    private static void Lives(string venue, bool survives, params int[] at)
    {
        var outcome = Runner.Run(Life(venue, new CrashPlan(at) { UnsyncedSurvives = survives }));
        outcome.Failure.ShouldBeNull($"{venue}, crashes at {string.Join(" and ", at)}, unsynced write {(survives ? "survives" : "is lost")}");
    }

    // One deal before, one deal during: an order is decided, sent, accepted, filled, read.
    private static Scenario Life(string venue, CrashPlan plan) => new()
    {
        Seed = 1,
        Venue = Traits(venue),
        Swarm = false,
        Crashes = plan,
        SyncAtStartup = true,
        LevelBefore = 3,
        HeldBefore = -1,
        DealPause = 0,
        Chaos = TimeSpan.FromSeconds(20),
    };
}
