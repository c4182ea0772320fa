using System.Collections.Immutable;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Actors.Venue;

/// <summary>What all terminals say at the moment, as one connector needs it. Observed, never journaled.</summary>
public sealed class LevelTable
{
    private const int TicketsRemembered = 8;

    private readonly Dictionary<SourceId, Entry> _levels = [];
    private readonly Dictionary<StreamId, StreamKnowledge> _streams = [];
    private readonly Dictionary<(TerminalId, SymbolName), SymbolFacts> _facts = [];
    private readonly Dictionary<TerminalId, TerminalPicture> _pictures = [];
    private readonly Dictionary<SymbolName, Price> _prices = [];

    /// <summary>The last picture of each terminal.</summary>
    public IEnumerable<TerminalPicture> Pictures => _pictures.Values;

    /// <summary>A terminal's last picture; null before the first.</summary>
    public TerminalPicture? Picture(TerminalId terminal) => _pictures.GetValueOrDefault(terminal);

    /// <summary>Takes a whole picture.</summary>
    public void Take(TerminalPicture picture)
    {
        _pictures[picture.Terminal] = picture;
        foreach (var facts in picture.Symbols.Values) _facts[(picture.Terminal, facts.Name)] = facts;
        foreach (var (symbol, price) in picture.Prices) _prices[symbol] = price;
        foreach (var (magic, knowledge) in picture.Streams) _streams[new StreamId(picture.Terminal, magic)] = knowledge;
        foreach (var l in picture.Levels)
            Put(new SourceId(new StreamId(picture.Terminal, l.Magic), l.Symbol), l.Level, l.Version, null);
    }

    /// <summary>Takes one deal's level. False when a newer one is held already.</summary>
    public bool Take(LevelMoved moved)
    {
        _facts[(moved.Source.Stream.Terminal, moved.Facts.Name)] = moved.Facts;
        if (moved.Price is { } price) _prices[moved.Source.Symbol] = price;
        var version = _streams.TryGetValue(moved.Source.Stream, out var known) ? known.Version : default;
        _streams[moved.Source.Stream] = new StreamKnowledge(moved.Knowledge, version);
        return Put(moved.Source, moved.Level, moved.Version, moved.Ticket);
    }

    /// <summary>How well a stream is known.</summary>
    public LevelKnowledge KnowledgeOf(StreamId stream) =>
        _streams.TryGetValue(stream, out var s) ? s.Knowledge : LevelKnowledge.Unknown;

    /// <summary>The facts of a symbol; null when its terminal has not named it in this run.</summary>
    public SymbolFacts? FactsOf(TerminalId terminal, SymbolName symbol) => _facts.GetValueOrDefault((terminal, symbol));

    /// <summary>What a source holds now.</summary>
    public Level LevelOf(SourceId source) => _levels.TryGetValue(source, out var e) ? e.Level : Level.Flat;

    /// <summary>Last price of a symbol; null when none came yet.</summary>
    public Price? PriceOf(SymbolName symbol) => _prices.TryGetValue(symbol, out var price) ? price : null;

    /// <summary>All sources that were named.</summary>
    public IEnumerable<SourceId> Sources => _levels.Keys;

    /// <summary>What one bound source contributes to its leg.</summary>
    public Contribution ContributionOf(SourceBound bound, Route route, Level preexisting)
    {
        var source = bound.Source;
        var stream = _streams.TryGetValue(source.Stream, out var s) ? s : new StreamKnowledge(LevelKnowledge.Unknown, default);
        var entry = _levels.TryGetValue(source, out var e) ? e : new Entry(Level.Flat, stream.Version, []);
        var contractSize = FactsOf(source.Stream.Terminal, source.Symbol)?.ContractSize ?? bound.ContractSize;
        return new Contribution(
            source, entry.Level, stream.Knowledge, entry.Version, contractSize * route.Multiplier / bound.MappingScale, preexisting, entry.Tickets);
    }

    private bool Put(SourceId source, Level level, LevelVersion version, long? ticket)
    {
        if (_levels.TryGetValue(source, out var held) && version < held.Version) return false;
        var tickets = held?.Tickets ?? [];
        if (ticket is { } t) tickets = (tickets.Length < TicketsRemembered ? tickets : tickets.RemoveAt(0)).Add(t);
        _levels[source] = new Entry(level, version, tickets);
        return true;
    }

    private sealed record Entry(Level Level, LevelVersion Version, ImmutableArray<long> Tickets);
}
