using System.Collections.Immutable;

namespace CSMultiConnector.Venues.Paper.Misbehaviour;

/// <summary>
/// The script by which a simulated venue misbehaves. It can be changed at any time, keeps at most <see cref="MaxRules"/> rules and is not
/// stored. With the same seed and the same order of requests it does the same. Safe for concurrent use.
/// </summary>
public sealed class PaperMisbehaviour
{
    /// <summary>Most rules at a time.</summary>
    public const int MaxRules = 100;

    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly List<Line> _lines = [];

    internal PaperMisbehaviour(int seed) => _random = new Random(seed);

    /// <summary>The rules that are not used up.</summary>
    public ImmutableArray<PaperRule> Rules
    {
        get
        {
            lock (_lock) return [.. _lines.Select(l => l.Rule)];
        }
    }

    /// <summary>Adds a rule; the answer says why not, or is null.</summary>
    public string? Add(PaperRule rule)
    {
        if (rule.Refuse() is { } wrong) return wrong;
        lock (_lock)
        {
            if (_lines.Count >= MaxRules) return $"There are {MaxRules} rules already; clear them first.";
            _lines.Add(new Line(rule));
            return null;
        }
    }

    /// <summary>Removes all rules.</summary>
    public void Clear()
    {
        lock (_lock) _lines.Clear();
    }

    /// <summary>What goes wrong with this request: every rule that applies, in the order of the script.</summary>
    internal ImmutableArray<PaperRule> Draw(PaperPoint point, PaperAccountKey account, string? instrument)
    {
        lock (_lock)
        {
            if (_lines.Count == 0) return [];
            var drawn = ImmutableArray.CreateBuilder<PaperRule>();
            foreach (var line in _lines)
            {
                var rule = line.Rule;
                if (rule.On != point || (rule.Account ?? account.Name) != account.Name || (instrument is not null && (rule.Instrument ?? instrument) != instrument)) continue;
                if (line.Skipped < rule.Skip)
                {
                    line.Skipped++;
                    continue;
                }

                if (rule.Chance < 1m && (decimal)_random.NextDouble() >= rule.Chance) continue;
                line.Used++;
                drawn.Add(rule);
            }

            _lines.RemoveAll(l => l.Rule.Times is { } times && l.Used >= times);
            return drawn.ToImmutable();
        }
    }

    private sealed class Line(PaperRule rule)
    {
        internal PaperRule Rule => rule;

        internal int Skipped { get; set; }

        internal int Used { get; set; }
    }
}
