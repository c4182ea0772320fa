using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal.Protocol;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>Puts the lines of a snapshot together: it becomes one message when it is whole and consistent, and nothing otherwise.</summary>
internal sealed class SnapshotAssembler(bool netting, Func<SymbolName, bool> isKnown)
{
    private TerminalLine.SnapshotBegin? _begin;
    private bool _refused;
    private readonly Dictionary<(Magic, SymbolName), Level> _positions = [];
    private readonly Dictionary<SymbolName, Level> _totals = [];

    /// <summary>A snapshot is open and still good.</summary>
    public bool IsOpen => _begin is not null && !_refused;

    /// <summary>Number of the line that opened it.</summary>
    public long FirstSeq => _begin?.Seq ?? 0;

    /// <summary>Volume that no stream owned although the terminal did not say so, by symbol; after a complete snapshot.</summary>
    public IReadOnlyList<SymbolName> Corrected { get; private set; } = [];

    /// <summary>Opens a snapshot.</summary>
    public void Begin(TerminalLine.SnapshotBegin begin)
    {
        Clear();
        Corrected = [];
        _begin = begin;
    }

    /// <summary>A line of the open snapshot was refused, or a line of another kind came: the snapshot is refused whole.</summary>
    public void Refuse() => _refused = true;

    /// <summary>Adds a stream's level; the problem when the line is refused.</summary>
    public LineProblem? Add(TerminalLine.SnapshotPosition line)
    {
        if (NotOpen(line.Snapshot) is { } problem) return problem;
        if (_refused) return null;
        if (line.Magic == Magic.Unattributed && !netting) return Bad("magic: allowed is 0 or above on a hedging account");
        if (Check(line.Symbol, line.Level) is { } bad) return bad;
        if (_positions.Count == _begin!.Positions) return Bad("positions: more position lines came than were announced");
        return _positions.TryAdd((line.Magic, line.Symbol), line.Level) ? null : Bad("magic: a magic and symbol stand once in a snapshot");
    }

    /// <summary>Adds a total of the terminal; the problem when the line is refused.</summary>
    public LineProblem? Add(TerminalLine.SnapshotTotal line)
    {
        if (NotOpen(line.Snapshot) is { } problem) return problem;
        if (_refused) return null;
        if (Check(line.Symbol, line.Level) is { } bad) return bad;
        if (_totals.Count == _begin!.Totals) return Bad("totals: more total lines came than were announced");
        return _totals.TryAdd(line.Symbol, line.Level) ? null : Bad("symbol: a total stands once in a snapshot");
    }

    /// <summary>Closes the snapshot: the message when it is whole, the problem when this line is refused, neither when it had been refused before.</summary>
    public SnapshotReported? End(TerminalLine.SnapshotEnd line, out LineProblem? problem)
    {
        problem = NotOpen(line.Snapshot);
        if (problem is not null || _refused)
        {
            Clear();
            return null;
        }

        if (_positions.Count != _begin!.Positions || _totals.Count != _begin.Totals)
        {
            problem = Bad($"positions, totals: {_begin.Positions} and {_begin.Totals} lines were announced, {_positions.Count} and {_totals.Count} came");
            Clear();
            return null;
        }

        if (netting) BookDifferences();
        var message = new SnapshotReported(
            line.Seq,
            [.. _positions.Where(p => !p.Value.IsFlat).Select(p => new ResumePosition(p.Key.Item1, p.Key.Item2, p.Value))],
            new Dictionary<SymbolName, Level>(_totals),
            line.LastDeal,
            line.TimeMsc,
            line.UtcMsc);
        Clear();
        return message;
    }

    // The sum over all magics and −1 is the terminal's total, whatever the terminal's own ledger says.
    private void BookDifferences()
    {
        var sums = _positions.GroupBy(p => p.Key.Item2).ToDictionary(g => g.Key, g => g.Sum(p => p.Value.Net.Value));
        var corrected = new List<SymbolName>();
        foreach (var symbol in _totals.Keys.Union(sums.Keys))
        {
            var difference = _totals.GetValueOrDefault(symbol).Net.Value - sums.GetValueOrDefault(symbol);
            if (difference == 0m) continue;
            var key = (Magic.Unattributed, symbol);
            _positions[key] = Level.OfNet(new Lots(_positions.GetValueOrDefault(key).Net.Value + difference));
            corrected.Add(symbol);
        }

        Corrected = corrected;
    }

    private LineProblem? NotOpen(string snapshot) =>
        _begin is null ? Bad("snapshot: no snapshot is open")
        : _begin.Snapshot != snapshot ? Bad("snapshot: allowed is the one that is open")
        : null;

    private LineProblem? Check(SymbolName symbol, Level level) =>
        !isKnown(symbol) ? new LineProblem(FeedErrors.UnknownSymbol, $"symbol: no symbol line described {symbol}")
        : netting ? LevelRules.OfNetting(level)
        : null;

    private void Clear()
    {
        _begin = null;
        _refused = false;
        _positions.Clear();
        _totals.Clear();
    }

    private static LineProblem Bad(string text) => new(FeedErrors.BadField, text);
}

/// <summary>What a level must be like.</summary>
internal static class LevelRules
{
    /// <summary>On a netting account one of long and short is zero.</summary>
    public static LineProblem? OfNetting(Level level) =>
        level.Long.Value != 0m && level.Short.Value != 0m
            ? new LineProblem(FeedErrors.BadField, "short: allowed is 0 beside a long figure on a netting account")
            : null;
}
