using System.Globalization;

namespace CSMultiConnector.Simulation.Kernel;

/// <summary>One step of a history.</summary>
internal readonly record struct Noted(TimeSpan At, string What, string Who, decimal Amount);

/// <summary>What happened, as one hash; as lines too when somebody reads along.</summary>
internal sealed class Trace(Timeline timeline, TextWriter? reader, List<Noted>? notes = null)
{
    private readonly DateTimeOffset _begin = timeline.Now;

    public ulong Hash { get; private set; } = 14695981039346656037UL;

    public long Steps { get; private set; }

    public bool Read => reader is not null;

    public void Note(string what, string who = "", decimal amount = 0m, string? detail = null)
    {
        Steps++;
        Mix((ulong)timeline.Now.UtcTicks);
        Mix(what);
        Mix(who);
        Mix((ulong)decimal.ToInt64(amount * 100_000m));
        notes?.Add(new Noted(timeline.Now - _begin, what, who, amount));
        Say(what, who, amount, detail);
    }

    /// <summary>A line for the reader alone: not part of the history.</summary>
    public void Say(string what, string who, decimal amount, string? detail)
    {
        if (reader is null) return;
        var at = (timeline.Now - _begin).TotalSeconds.ToString("0000.000", CultureInfo.InvariantCulture);
        reader.WriteLine($"{at}  {what,-26} {who,-22} {(amount == 0m ? "" : amount.ToString(CultureInfo.InvariantCulture)),10}  {detail}");
    }

    private void Mix(string text)
    {
        foreach (var c in text) Mix((ulong)c);
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211UL;
}
