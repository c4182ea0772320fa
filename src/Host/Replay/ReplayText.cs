using System.Globalization;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Commands;

namespace CSMultiConnector.Host.Replay;

/// <summary>The summary of a replay for a person.</summary>
internal static class ReplayText
{
    public static void Write(TextWriter o, ReplaySummary s)
    {
        o.WriteLine($"{Path.GetFileName(s.File)}: {s.Terminal} ({s.Margin}), {s.Deals} deals recorded, {s.Played} of them now, {s.Remaining} left; {s.Orders} orders");
        WritePositions(o, s.Positions);
        o.WriteLine("\nThe venue holds:");
        if (s.Legs.Count == 0) o.WriteLine("  nothing that the history asks for");
        StatusText.WriteLegs(o, s.Legs, "  ");
        o.WriteLine(s.Converged ? "\nConverged." : "\nNot converged:");
        foreach (var problem in s.Problems) o.WriteLine($"  {problem}");
    }

    /// <summary>What the terminal holds, stream by stream.</summary>
    public static void WritePositions(TextWriter o, IReadOnlyList<PositionDto> held)
    {
        o.WriteLine("\nMT5 holds at the end:");
        var positions = new TextTable("symbol", "magic", "long", "short");
        foreach (var p in held) positions.Add(p.Symbol, p.Magic.ToString(CultureInfo.InvariantCulture), StatusText.Number(p.Long), StatusText.Number(p.Short));
        if (positions.IsEmpty) o.WriteLine("  nothing");
        else positions.Write(o, "  ");
    }
}
