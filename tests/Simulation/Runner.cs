using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Checking;
using CSMultiConnector.Simulation.Hosting;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation;

/// <summary>What became of one history.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Hash">The hash of its trace.</param>
/// <param name="Steps">Noted steps.</param>
/// <param name="Failure">The broken rule; null when all held.</param>
/// <param name="Faults">How often each fault struck.</param>
/// <param name="Crashes">Crashes at each boundary.</param>
/// <param name="RuleBroken">The failure is one of the checker's rules, not an exception of the product or of this world.</param>
internal sealed record Outcome(ulong Seed, ulong Hash, long Steps, string? Failure, int[] Faults, int[] Crashes, bool RuleBroken);

/// <summary>Runs histories.</summary>
internal static class Runner
{
    public static Outcome Run(ulong seed, PlantedBug bug = PlantedBug.None, TextWriter? reader = null) => Run(Scenario.Draw(seed, bug), reader);

    /// <summary>Runs a history twice; that they differ is a failure that names the first step in which they do.</summary>
    public static Outcome RunTwice(ulong seed, PlantedBug bug = PlantedBug.None)
    {
        var (once, again) = (new List<Noted>(), new List<Noted>());
        var outcome = Run(Scenario.Draw(seed, bug), null, once);
        if (Run(Scenario.Draw(seed, bug), null, again).Hash == outcome.Hash) return outcome;
        var same = once.Zip(again).TakeWhile(p => p.First == p.Second).Count();
        return outcome with { Failure = $"two histories; step {same} is {once.ElementAtOrDefault(same)} and {again.ElementAtOrDefault(same)}" };
    }

    public static Outcome Run(Scenario scenario, TextWriter? reader = null, List<Noted>? notes = null)
    {
        var world = new World(scenario, reader, notes);
        string? failure = null;
        var rule = false;
        try
        {
            world.Run();
        }
        catch (RuleBroken broken)
        {
            failure = broken.Message;
            rule = true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever the product throws is a finding too.
            failure = $"{e.GetType().Name}: {e.Message}{Environment.NewLine}{e.StackTrace}";
        }

        return new Outcome(scenario.Seed, world.Trace.Hash, world.Trace.Steps, failure, world.Dice.Struck, world.CrashesStruck, rule);
    }
}
