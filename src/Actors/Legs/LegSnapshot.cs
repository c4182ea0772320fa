using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Legs;

/// <summary>The journaled part of a leg's state, so that recovery need not replay its whole life.</summary>
public sealed record LegSnapshot(
    bool HasBaseline,
    Contracts Foreign,
    Contracts Uncopied,
    Contracts Copied,
    Contracts Drift,
    Scale? Scale,
    Intent? Open,
    string? VenueOrderId,
    FillProgress Progress,
    ImmutableArray<ClosedOrder> Closed,
    LegFaulted? Fault,
    int TriesUsed,
    long Intents,
    ImmutableArray<DateTimeOffset> RecentIncreases,
    DateTimeOffset LastOrderAt)
{
    /// <summary>Takes the journaled part of a state.</summary>
    public static LegSnapshot Of(LegState s) => new(
        s.HasBaseline, s.Foreign, s.Uncopied, s.Copied, s.Drift, s.Scale, s.Open, s.VenueOrderId, s.Progress, s.Closed, s.Fault,
        s.TriesUsed, s.Intents, s.RecentIncreases, s.LastOrderAt);

    /// <summary>The state with this journaled part and nothing observed.</summary>
    public LegState ToState(LegId leg) => new(leg)
    {
        HasBaseline = HasBaseline,
        Foreign = Foreign,
        Uncopied = Uncopied,
        Copied = Copied,
        Drift = Drift,
        Scale = Scale,
        Open = Open,
        VenueOrderId = VenueOrderId,
        Progress = Progress,
        Closed = Closed,
        Fault = Fault,
        TriesUsed = TriesUsed,
        Intents = Intents,
        RecentIncreases = RecentIncreases,
        LastOrderAt = LastOrderAt,
        Phase = Open is null ? OrderPhase.None : OrderPhase.Unknown,
    };
}
