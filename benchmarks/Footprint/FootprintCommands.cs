using System.CommandLine;

namespace CSMultiConnector.Benchmarks.Footprint;

/// <summary><c>memory</c>, <c>idle</c>.</summary>
internal static class FootprintCommands
{
    public static IEnumerable<Command> All()
    {
        var connectors = Program.Number("--connectors", "Connectors, each with 20 legs.", 100);
        var rest = new Option<bool>("--rest") { Description = "Wait, 13 minutes, until flat legs are laid to rest, and measure again." };
        yield return Program.Measure("memory", "What a leg takes of the managed heap: with a position, flat, laid to rest.",
            (p, r) => LegMemory.MeasureAsync(r, p.GetValue(connectors), p.GetValue(rest)), connectors, rest);

        var seconds = Program.Number("--seconds", "How long.", 60);
        yield return Program.Measure("idle", "Processor time and resident memory of a host whose legs have nothing to do.",
            (p, r) => IdleHost.MeasureAsync(r, p.GetValue(connectors), p.GetValue(seconds)), connectors, seconds);
    }
}
