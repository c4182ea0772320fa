using System.CommandLine;

namespace CSMultiConnector.Benchmarks.Engine;

/// <summary><c>messages</c>, <c>persists</c>.</summary>
internal static class EngineCommands
{
    public static IEnumerable<Command> All()
    {
        var messages = Program.Number("--messages", "Messages told; a part of it asked.", 4_000_000);
        yield return Program.Measure("messages", "What the actor engine delivers: tell, ask, ping-pong.", (p, r) => Messages.MeasureAsync(r, p.GetValue(messages)), messages);
        var events = Program.Number("--events", "Events persisted by 20, 100 and 500 actors; a tenth of it by one.", 50_000);
        yield return Program.Measure("persists", "What the SQLite journal stores: one actor and many, and how many syncs of the disk they share.",
            (p, r) => Persists.MeasureAsync(r, p.GetValue(events)), events);
    }
}
