using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Terminals;

/// <summary>What the streams of one terminal hold, and how well that is known in this run. Not journaled: it comes anew after a start.</summary>
public sealed class TerminalLevels
{
    private readonly Dictionary<(Magic Magic, SymbolName Symbol), (Level Level, LevelVersion Version)> _levels = [];
    private readonly Dictionary<Magic, StreamKnowledge> _streams = [];
    private ImmutableSortedSet<Magic> _released = [];

    /// <summary>A complete snapshot was applied since the host's start.</summary>
    public bool Synchronised { get; private set; }

    /// <summary>Starts from the ledger: shown, but not known.</summary>
    public void Begin(TerminalLedger ledger)
    {
        foreach (var e in ledger.Entries) _levels[(e.Magic, e.Symbol)] = (e.Level, default);
        foreach (var magic in ledger.Streams) _streams[magic] = new StreamKnowledge(LevelKnowledge.Unknown, default);
        foreach (var magic in ledger.Released) _streams[magic] = new StreamKnowledge(LevelKnowledge.Known, default);
        TakeLists(ledger);
    }

    /// <summary>A session begins: what was known goes on counting until its first snapshot.</summary>
    public void SessionBegins() => Degrade();

    /// <summary>The line is down: known levels become stale and go on counting.</summary>
    public void SessionEnds() => Degrade();

    /// <summary>The terminal shows another account from now on: nothing is known until it comes back with a snapshot.</summary>
    public void Forget()
    {
        foreach (var (magic, s) in _streams.ToArray())
            if (s.Knowledge is LevelKnowledge.Known or LevelKnowledge.Stale && !_released.Contains(magic)) _streams[magic] = s with { Knowledge = LevelKnowledge.Unknown };
        Synchronised = false;
    }

    /// <summary>A deal line's level. Returns how well it is known now.</summary>
    public LevelKnowledge Take(Magic magic, SymbolName symbol, Level level, LevelVersion version)
    {
        if (!_levels.TryGetValue((magic, symbol), out var held) || held.Version <= version) _levels[(magic, symbol)] = (level, version);
        return _streams.TryGetValue(magic, out var s) ? s.Knowledge : LevelKnowledge.Unknown;
    }

    /// <summary>A complete snapshot: what it does not name of the listed magics is flat.</summary>
    public void TakeSnapshot(IReadOnlyList<ResumePosition> positions, IReadOnlyList<Magic> listed, LevelVersion version)
    {
        var named = positions.ToDictionary(p => (p.Magic, p.Symbol), p => p.Level);
        foreach (var key in _levels.Keys.ToArray())
            if (!IsUnfed(key.Magic) && !named.ContainsKey(key)) _levels[key] = (Level.Flat, version);
        foreach (var (key, level) in named) _levels[key] = (level, version);
        foreach (var magic in listed) _streams[magic] = new StreamKnowledge(LevelKnowledge.Known, version);
        Synchronised = true;
    }

    /// <summary>Streams that are no longer listed: their levels stay and their legs hold. Released ones that are listed again are unknown until a snapshot.</summary>
    public void TakeLists(TerminalLedger ledger)
    {
        var unfed = ledger.Unfed;
        foreach (var magic in _released.Except(ledger.Released))
            if (_streams.TryGetValue(magic, out var s)) _streams[magic] = s with { Knowledge = LevelKnowledge.Unknown };
        _released = ledger.Released;
        foreach (var magic in unfed)
            if (!IsUnfed(magic)) _streams[magic] = new StreamKnowledge(LevelKnowledge.Unfed, VersionOf(magic));
        foreach (var (magic, s) in _streams.Where(s => s.Value.Knowledge == LevelKnowledge.Unfed && !unfed.Contains(s.Key)).ToArray())
            _streams[magic] = s with { Knowledge = LevelKnowledge.Unknown };
    }

    /// <summary>A person released a stream: it is flat, and that is known.</summary>
    public void Release(Magic magic)
    {
        var version = VersionOf(magic);
        version = version with { Seq = version.Seq + 1 };
        foreach (var key in _levels.Keys.Where(k => k.Magic == magic).ToArray()) _levels[key] = (Level.Flat, version);
        _streams[magic] = new StreamKnowledge(LevelKnowledge.Known, version);
    }

    /// <summary>Knowledge by stream.</summary>
    public ImmutableSortedDictionary<Magic, StreamKnowledge> Streams() => _streams.ToImmutableSortedDictionary();

    /// <summary>All levels, those that became flat included.</summary>
    public ImmutableArray<StreamLevel> Entries() =>
        [.. _levels.Select(l => new StreamLevel(l.Key.Magic, l.Key.Symbol, l.Value.Level, l.Value.Version)).OrderBy(l => l.Magic).ThenBy(l => l.Symbol)];

    private void Degrade()
    {
        foreach (var (magic, s) in _streams.ToArray())
            if (s.Knowledge == LevelKnowledge.Known && !_released.Contains(magic)) _streams[magic] = s with { Knowledge = LevelKnowledge.Stale };
    }

    private bool IsUnfed(Magic magic) => _streams.TryGetValue(magic, out var s) && s.Knowledge == LevelKnowledge.Unfed;

    private LevelVersion VersionOf(Magic magic)
    {
        var newest = default(LevelVersion);
        foreach (var (key, value) in _levels)
            if (key.Magic == magic && value.Version > newest) newest = value.Version;
        return newest;
    }
}
