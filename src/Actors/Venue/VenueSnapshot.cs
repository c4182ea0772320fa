using System.Collections.Immutable;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Actors.Venue;

/// <summary>A connector's journaled state, so that recovery need not replay every sync of its life.</summary>
public sealed record VenueSnapshot(
    string? PausedWhy,
    string? AccountId,
    ImmutableArray<CapturedHolding>? Captured,
    bool FirstPlanSettled,
    DateTimeOffset? LastSync,
    ImmutableArray<SourceBound> Sources,
    ImmutableArray<KnownLeg> Legs,
    ImmutableArray<KnownBaseline> Baselines,
    ImmutableArray<string> ProcessTags,
    ImmutableArray<KnownOwner>? Owners = null) : IJournalRecord;

/// <summary>A leg that exists.</summary>
/// <param name="Leg">Which.</param>
/// <param name="Instrument">What it is traded through.</param>
/// <param name="Stream">A stream feeds it or ever fed it.</param>
/// <param name="Moved">It is on hold because a source moved, or another connector traded it before.</param>
public sealed record KnownLeg(LegId Leg, InstrumentId Instrument, bool Stream, bool Moved);

/// <summary>Who trades a holding of the account.</summary>
public sealed record KnownOwner(string Holding, ConnectorId Owner);

/// <summary>What a stream held when it first fed the connector.</summary>
public sealed record KnownBaseline(StreamId Stream, ImmutableArray<SymbolLevel> Levels);
