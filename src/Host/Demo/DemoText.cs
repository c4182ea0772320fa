using CSMultiConnector.Host.Commands;
using CSMultiConnector.Host.Replay;

namespace CSMultiConnector.Host.Demo;

/// <summary>The summary of the demo for a person.</summary>
internal static class DemoText
{
    public static void Write(TextWriter o, DemoSummary s)
    {
        o.WriteLine($"\n{s.Deals} deals of {s.Streams} streams became {s.Orders} orders.");
        o.WriteLine($"From a deal in the terminal to the order at the venue: {s.LatencyMs.P50} ms (median), {s.LatencyMs.P99} ms (99 %), {s.LatencyMs.Max} ms (slowest of {s.LatencyMs.Count}).");
        ReplayText.WritePositions(o, s.Positions);
        o.WriteLine("\nThe venue holds:");
        StatusText.WriteLegs(o, s.Legs, "  ", nameConnector: true);
        o.WriteLine();
        o.WriteLine("  residual: what a venue's lot step cannot express; untradable: what it accepts no order for. Both are shown, never traded.");
        o.WriteLine(s.Converged ? "\nConverged: every leg holds what MT5 asks for." : "\nNot converged:");
        foreach (var problem in s.Problems) o.WriteLine($"  {problem}");
    }
}
