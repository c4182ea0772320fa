using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>One write of a journal: all of it is read back, or nothing.</summary>
internal sealed class Frame(object[] events, DateTimeOffset at)
{
    /// <summary>When it was written, in true time.</summary>
    public DateTimeOffset At { get; } = at;

    public object[] Events { get; } = events;

    public bool Synced { get; set; }

    /// <summary>The checker knows that it is durable.</summary>
    public bool Seen { get; set; }
}

/// <summary>What outlives the process. A write that was not synced may be lost, torn (then it is dropped whole) or there after all.</summary>
internal sealed class SimDisk(Timeline timeline, Trace trace)
{
    private readonly Dictionary<LegId, (LegSnapshot Snapshot, int Frames)> _snapshots = [];

    public Dictionary<string, List<Frame>> Journals { get; } = [];

    /// <summary>What the account held when it was first read; null before.</summary>
    public Dictionary<LegId, Contracts>? Captured { get; set; }

    /// <summary>What each source held when it first fed the connector.</summary>
    public Dictionary<SourceId, Level> Preexisting { get; } = [];

    public HashSet<string> ProcessTags { get; } = [];

    public List<Frame> Journal(string id)
    {
        if (!Journals.TryGetValue(id, out var frames)) Journals[id] = frames = [];
        return frames;
    }

    public Frame Write(string id, IEnumerable<object> events)
    {
        var frame = new Frame([.. events], timeline.Now);
        Journal(id).Add(frame);
        return frame;
    }

    public void SaveSnapshot(LegId leg, LegState state) => _snapshots[leg] = (LegSnapshot.Of(state), Journal(leg.ToString()).Count);

    public (LegSnapshot Snapshot, int Frames)? Snapshot(LegId leg) => _snapshots.TryGetValue(leg, out var s) ? s : null;

    /// <summary>The process died: decides what became of the writes that were under way.</summary>
    public void Crash(Func<bool> survives)
    {
        foreach (var (id, frames) in Journals.OrderBy(j => j.Key, StringComparer.Ordinal))
        {
            foreach (var frame in frames.Where(f => !f.Synced).ToArray())
            {
                if (survives()) frame.Synced = true;
                else frames.Remove(frame);
                trace.Note(frame.Synced ? "unsynced write survives" : "unsynced write lost", id);
            }
        }
    }
}
