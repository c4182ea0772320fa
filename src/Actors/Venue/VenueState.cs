using System.Collections.Immutable;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Actors.Venue;

/// <summary>A person, a chart button or a critical error paused the connector.</summary>
public sealed record ConnectorPaused(DateTimeOffset At, string Why) : IJournalRecord;

/// <summary>The connector trades again.</summary>
public sealed record ConnectorResumed(DateTimeOffset At) : IJournalRecord;

/// <summary>A process of ours makes client order ids with this tag.</summary>
public sealed record ProcessTagTaken(DateTimeOffset At, string Tag) : IJournalRecord;

/// <summary>The venue's own id of the account; it never changes for a connector.</summary>
public sealed record AccountBound(DateTimeOffset At, string AccountId) : IJournalRecord;

/// <summary>What the account held before the connector, all of it.</summary>
public sealed record HoldingsCaptured(DateTimeOffset At, ImmutableArray<CapturedHolding> Holdings) : IJournalRecord;

/// <summary>One thing that was held.</summary>
public sealed record CapturedHolding(LegId Leg, Contracts Quantity);

/// <summary>What a stream held when it first fed the connector: there before, not copied (unless a startup sync is set).</summary>
public sealed record StreamBaselined(DateTimeOffset At, StreamId Stream, ImmutableArray<SymbolLevel> Levels) : IJournalRecord;

/// <summary>No route covers the stream any more. When one does again, what the stream holds then was there before.</summary>
public sealed record StreamLeft(DateTimeOffset At, StreamId Stream) : IJournalRecord;

/// <summary>A level in one symbol.</summary>
public sealed record SymbolLevel(SymbolName Symbol, Level Level);

/// <summary>A source feeds these legs through this instrument from now on.</summary>
/// <param name="At">When.</param>
/// <param name="Source">Stream and symbol.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Legs">The legs: one in one-way mode, long and short in hedge mode; none once the symbol is excluded.</param>
/// <param name="ContractSize">MT5 base units a lot when it was bound.</param>
/// <param name="MappingScale">MT5 base units per base unit of the instrument.</param>
/// <param name="MovedFrom">Legs that it fed before and that held something for it: the move waits on hold for a sync; null when there are none.</param>
/// <param name="NothingBefore">All that it holds is copied by now: on its new legs nothing of it counts as held before.</param>
public sealed record SourceBound(
    DateTimeOffset At,
    SourceId Source,
    InstrumentId Instrument,
    ImmutableArray<LegId> Legs,
    decimal ContractSize,
    decimal MappingScale,
    ImmutableArray<LegId>? MovedFrom = null,
    bool NothingBefore = false) : IJournalRecord;

/// <summary>The legs of moved sources trade again: a sync was applied to them, and what they had to close is closed.</summary>
public sealed record MoveAccepted(DateTimeOffset At, ImmutableArray<LegId> Legs) : IJournalRecord;

/// <summary>Who trades a holding of the account, when it is or was not this connector: whoever comes first after a restart does not take it.</summary>
/// <param name="At">When.</param>
/// <param name="Holding">What is held.</param>
/// <param name="Owner">Who trades it.</param>
/// <param name="TakenOver">This connector does from now on, and another did: its legs of the holding are on hold until a sync.</param>
public sealed record HoldingOwned(DateTimeOffset At, string Holding, ConnectorId Owner, bool TakenOver) : IJournalRecord;

/// <summary>A leg exists from now on.</summary>
public sealed record LegOpened(DateTimeOffset At, LegId Leg, InstrumentId Instrument) : IJournalRecord;

/// <summary>The first plan was accepted, or there was nothing to accept.</summary>
public sealed record FirstPlanSettled(DateTimeOffset At) : IJournalRecord;

/// <summary>A sync was handed to its legs.</summary>
public sealed record SyncStarted(DateTimeOffset At, string SyncId, string Why, SyncScope Scope, string? PlanId) : IJournalRecord;

/// <summary>What is journaled of a connector. Changed by <see cref="Apply"/> only.</summary>
public sealed class VenueState
{
    /// <summary>Most process tags remembered: as many starts of the host. Ids of older processes are treated as foreign.</summary>
    public const int MaxProcessTags = 10_000;

    private readonly Dictionary<SourceId, SourceBound> _sources = [];
    private readonly Dictionary<LegId, InstrumentId> _legs = [];
    private readonly Dictionary<StreamId, ImmutableDictionary<SymbolName, Level>> _baselines = [];
    private readonly HashSet<LegId> _streamLegs = [];
    private readonly HashSet<LegId> _moved = [];
    private readonly Dictionary<string, ConnectorId> _owners = new(StringComparer.Ordinal);
    private readonly Queue<string> _processTags = new();

    /// <summary>Why the connector is paused; null when it is not.</summary>
    public string? PausedWhy { get; private set; }

    /// <summary>The venue's own id of the account; null before the first connection.</summary>
    public string? AccountId { get; private set; }

    /// <summary>What the account held before; null before the first complete reading.</summary>
    public ImmutableDictionary<LegId, Contracts>? Captured { get; private set; }

    /// <summary>The first plan is settled.</summary>
    public bool FirstPlanSettled { get; private set; }

    /// <summary>When the last sync was started.</summary>
    public DateTimeOffset? LastSync { get; private set; }

    /// <summary>All sources that were ever bound.</summary>
    public IReadOnlyDictionary<SourceId, SourceBound> Sources => _sources;

    /// <summary>All legs that exist, with their instrument.</summary>
    public IReadOnlyDictionary<LegId, InstrumentId> Legs => _legs;

    /// <summary>True for a leg that a stream feeds or ever fed.</summary>
    public bool IsStreamLeg(LegId leg) => _streamLegs.Contains(leg);

    /// <summary>True for a leg on hold because a source moved to it or away from it, or another connector traded it before.</summary>
    public bool IsMoved(LegId leg) => _moved.Contains(leg);

    /// <summary>Who traded a holding of the account when that was last asked; null when nobody else ever did.</summary>
    public ConnectorId? OwnerOf(string holding) => _owners.TryGetValue(holding, out var owner) ? owner : null;

    /// <summary>The legs on hold because a source moved to them or away from them, or another connector traded them before.</summary>
    public IReadOnlyCollection<LegId> MovedLegs => _moved;

    /// <summary>True when a process of ours made ids with this tag.</summary>
    public bool KnowsProcess(string tag) => _processTags.Contains(tag);

    /// <summary>The streams whose levels from before are captured.</summary>
    public IReadOnlyCollection<StreamId> Baselined => _baselines.Keys;

    /// <summary>True when the stream's levels from before are captured.</summary>
    public bool IsBaselined(StreamId stream) => _baselines.ContainsKey(stream);

    /// <summary>What the source held before the connector knew it.</summary>
    public Level Preexisting(SourceId source) =>
        _sources.TryGetValue(source, out var bound) && bound.NothingBefore ? Level.Flat
        : _baselines.TryGetValue(source.Stream, out var levels) ? levels.GetValueOrDefault(source.Symbol) : Level.Flat;

    /// <summary>Applies a journaled event.</summary>
    public void Apply(object e)
    {
        switch (e)
        {
            case ConnectorPaused paused:
                PausedWhy = paused.Why;
                break;
            case ConnectorResumed:
                PausedWhy = null;
                break;
            case ProcessTagTaken taken:
                _processTags.Enqueue(taken.Tag);
                if (_processTags.Count > MaxProcessTags) _processTags.Dequeue();
                break;
            case AccountBound bound:
                AccountId = bound.AccountId;
                break;
            case HoldingsCaptured captured:
                Captured = captured.Holdings.ToImmutableDictionary(h => h.Leg, h => h.Quantity);
                break;
            case StreamBaselined baselined:
                _baselines[baselined.Stream] = baselined.Levels.ToImmutableDictionary(l => l.Symbol, l => l.Level);
                break;
            case StreamLeft left:
                _baselines.Remove(left.Stream);
                foreach (var source in _sources.Values.Where(s => s.Source.Stream == left.Stream && s.NothingBefore).ToArray())
                    _sources[source.Source] = source with { NothingBefore = false };
                break;
            case SourceBound bound:
                _sources[bound.Source] = bound;
                foreach (var leg in bound.Legs) _legs[leg] = bound.Instrument;
                _streamLegs.UnionWith(bound.Legs);
                if (bound.MovedFrom is { } from) _moved.UnionWith(bound.Legs.Concat(from));
                break;
            case MoveAccepted accepted:
                _moved.ExceptWith(accepted.Legs);
                break;
            case HoldingOwned owned:
                _owners[owned.Holding] = owned.Owner;
                var legs = _legs.Keys.Where(leg => leg.Holding == owned.Holding);
                if (owned.TakenOver) _moved.UnionWith(legs);
                else _moved.ExceptWith(legs);
                break;
            case LegOpened opened:
                _legs[opened.Leg] = opened.Instrument;
                break;
            case Venue.FirstPlanSettled:
                FirstPlanSettled = true;
                break;
            case SyncStarted started:
                LastSync = started.At;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(e), e.GetType().Name, "A connector event that has no rule.");
        }
    }

    /// <summary>The state as a snapshot.</summary>
    public VenueSnapshot ToSnapshot() => new(
        PausedWhy,
        AccountId,
        Captured is null ? null : [.. Captured.OrderBy(h => h.Key).Select(h => new CapturedHolding(h.Key, h.Value))],
        FirstPlanSettled,
        LastSync,
        [.. _sources.Values.OrderBy(s => s.Source)],
        [.. _legs.OrderBy(l => l.Key).Select(l => new KnownLeg(l.Key, l.Value, _streamLegs.Contains(l.Key), _moved.Contains(l.Key)))],
        [.. _baselines.OrderBy(b => b.Key).Select(b => new KnownBaseline(b.Key, [.. b.Value.OrderBy(l => l.Key).Select(l => new SymbolLevel(l.Key, l.Value))]))],
        [.. _processTags],
        [.. _owners.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => new KnownOwner(o.Key, o.Value))]);

    /// <summary>Starts from a snapshot; before any event.</summary>
    public void Restore(VenueSnapshot snapshot)
    {
        (PausedWhy, AccountId, FirstPlanSettled, LastSync) = (snapshot.PausedWhy, snapshot.AccountId, snapshot.FirstPlanSettled, snapshot.LastSync);
        Captured = snapshot.Captured?.ToImmutableDictionary(h => h.Leg, h => h.Quantity);
        foreach (var source in snapshot.Sources) _sources[source.Source] = source;
        foreach (var leg in snapshot.Legs)
        {
            _legs[leg.Leg] = leg.Instrument;
            if (leg.Stream) _streamLegs.Add(leg.Leg);
            if (leg.Moved) _moved.Add(leg.Leg);
        }

        foreach (var b in snapshot.Baselines) _baselines[b.Stream] = b.Levels.ToImmutableDictionary(l => l.Symbol, l => l.Level);
        foreach (var tag in snapshot.ProcessTags) _processTags.Enqueue(tag);
        foreach (var owner in snapshot.Owners ?? []) _owners[owner.Holding] = owner.Owner;
    }
}
