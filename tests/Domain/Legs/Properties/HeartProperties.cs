using System.Globalization;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace CSMultiConnector.Domain.Tests.Legs.Properties;

/// <summary>
/// Any sequence of happenings: safe at every step, and converged soon after they stop. A run is set by its seed: a failure prints
/// <c>Replay: (seed,gamma,size)</c>; <c>CSMC_REPLAY="seed,gamma"</c> runs that sequence again, <c>CSMC_TESTS</c> changes how many.
/// </summary>
public sealed class HeartProperties
{
    private static readonly TimeSpan s_afterChaos = TimeSpan.FromMinutes(30);

    [Fact]
    public void Whatever_happens_the_leg_is_safe_at_every_step_and_converges_when_it_stops() =>
        Check.One(Configured(tests: 1500), Prop.ForAll(Scenario.Any, scenario =>
        {
            var world = Run(scenario);
            world.Heal(s_afterChaos);
            Converged(world);
        }));

    [Fact]
    public void Recovery_from_the_journal_is_the_live_state_but_for_what_is_observed() =>
        Check.One(Configured(tests: 300), Prop.ForAll(Scenario.Any, scenario =>
        {
            var world = new World(scenario.Setup);
            foreach (var act in scenario.Acts)
            {
                world.Do(act);
                JournaledPart(world.Replayed()).ShouldBe(JournaledPart(world.State));
            }
        }));

    [Fact]
    public void The_same_scenario_gives_the_same_journal() =>
        Check.One(Configured(tests: 100), Prop.ForAll(Scenario.Any, scenario => Trace(scenario).ShouldBe(Trace(scenario))));

    private static World Run(Scenario scenario)
    {
        var world = new World(scenario.Setup);
        foreach (var act in scenario.Acts) world.Do(act);
        return world;
    }

    private static string Trace(Scenario scenario) => string.Join('\n', Run(scenario).Journal.Select(e => e.ToString()));

    private static void Converged(World world)
    {
        var s = world.State;
        var setup = world.Setup;
        s.Open.ShouldBeNull();
        s.Fault.ShouldBeNull();
        s.Actual.Value.ShouldBe(world.Venue.Position, "what the leg believes is what the venue holds");

        var goal = world.Target() + world.Foreign;
        if (setup.Side == Identity.PositionSide.Short) goal = Math.Min(goal, 0m);
        else if (setup.Side == Identity.PositionSide.Long || setup.Product == ProductKind.Spot) goal = Math.Max(goal, 0m);
        var off = Math.Abs(goal - world.Venue.Position);
        if (off < setup.Step) return;

        // What is left is more than a step only where the venue takes no order for it.
        var minimum = setup.MinSteps * setup.Step;
        var past = goal * world.Venue.Position < 0m;
        var reducible = past ? Math.Abs(world.Venue.Position) : off;
        var next = past && setup.Crosses ? off : reducible;
        next.ShouldBeLessThan(minimum, $"goal {goal}, position {world.Venue.Position}: {LegView.Of(s, world.Clock).Text}");
        (setup.ClosesBelowMinimum && goal * world.Venue.Position <= 0m && world.Venue.Position != 0m).ShouldBeFalse("what may be closed is closed");
    }

    private static object JournaledPart(LegState s) => string.Join('|', new object?[]
    {
        s.HasBaseline, s.Foreign, s.Uncopied, s.Copied, s.Drift, s.Open, s.VenueOrderId, s.Progress, s.Fault, s.TriesUsed, s.Intents, s.LastOrderAt,
        s.Scale?.Instrument, s.Scale?.ContractSize, s.Scale is null ? "" : string.Join(',', s.Scale.Sources), string.Join(',', s.Closed), string.Join(',', s.RecentIncreases),
    });

    private static Config Configured(int tests)
    {
        var replay = (Environment.GetEnvironmentVariable("CSMC_REPLAY") ?? "20260105,9973").Split(',');
        var count = int.TryParse(Environment.GetEnvironmentVariable("CSMC_TESTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : tests;
        var seed = new Rnd(ulong.Parse(replay[0], CultureInfo.InvariantCulture), ulong.Parse(replay[1], CultureInfo.InvariantCulture));
        return Config.QuickThrowOnFailure.WithMaxTest(count).WithStartSize(5).WithEndSize(120)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(seed, FSharpOption<int>.None)));
    }
}
