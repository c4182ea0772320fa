using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Domain.Legs;

/// <summary>
/// Everything a leg knows. The first part comes from the journal; the second is observed and comes anew after a start.
/// Actual = foreign + drift + copied, so goal − actual = target − uncopied − copied: a deal trades its own change.
/// </summary>
public sealed record LegState(LegId Leg)
{
    /// <summary>How many closed orders are remembered for fills that come late.</summary>
    public const int RememberedOrders = 16;

    /// <summary>How many decision times are remembered for the guard rail of orders a minute.</summary>
    public const int RememberedDecisions = 1000;

    // ---- from the journal ----

    /// <summary>True once the baseline is captured.</summary>
    public bool HasBaseline { get; init; }

    /// <summary>Holdings that are not the connector's business.</summary>
    public Contracts Foreign { get; init; }

    /// <summary>Part of the target that is not copied.</summary>
    public Contracts Uncopied { get; init; }

    /// <summary>What is held for MT5: the baseline's common part and all fills since, less fees in base.</summary>
    public Contracts Copied { get; init; }

    /// <summary>Changes of the holdings that none of our fills explains, since the last sync.</summary>
    public Contracts Drift { get; init; }

    /// <summary>How lots become contracts; null before the baseline.</summary>
    public Scale? Scale { get; init; }

    /// <summary>The intent in flight; null when there is none.</summary>
    public Intent? Open { get; init; }

    /// <summary>The venue's id of the open order, once known.</summary>
    public string? VenueOrderId { get; init; }

    /// <summary>What has been filled of the open order.</summary>
    public FillProgress Progress { get; init; } = FillProgress.None;

    /// <summary>The last closed orders, newest last, for fills that come late.</summary>
    public ImmutableArray<ClosedOrder> Closed { get; init; } = [];

    /// <summary>Why the leg does not trade until a sync or a person ends it; null when it does.</summary>
    public LegFaulted? Fault { get; init; }

    /// <summary>Tries used since the last full fill or sync.</summary>
    public int TriesUsed { get; init; }

    /// <summary>How many intents there have been.</summary>
    public long Intents { get; init; }

    /// <summary>When the last increasing orders were decided by the wall clock, newest last: what a restart counts from.</summary>
    public ImmutableArray<DateTimeOffset> RecentIncreases { get; init; } = [];

    // ---- observed ----

    /// <summary>Instrument, rules and settings; null before the connector gave them.</summary>
    public LegConfiguration? Configuration { get; init; }

    /// <summary>What each source holds; default before the first time.</summary>
    public ImmutableArray<Contribution> Contributions { get; init; } = [];

    /// <summary>True once the connector has named the sources of this leg since the start.</summary>
    public bool SourcesKnown { get; init; }

    /// <summary>When the fault was raised, by the process-wide counter; 0 = in an earlier run of the leg.</summary>
    public long FaultVersion { get; init; }

    /// <summary>Whether the connector lets the leg trade.</summary>
    public Gate Gate { get; init; } = Gate.Closed("starting");

    /// <summary>Last known price; null before the first.</summary>
    public Price? Price { get; init; }

    /// <summary>True while the actual is confirmed by the venue.</summary>
    public bool ActualKnown { get; init; }

    /// <summary>Why the actual is not known, for a person.</summary>
    public string ActualUnknownWhy { get; init; } = "the account has not been read since the start";

    /// <summary>Version of the last reading that agreed; 0 = none since the start.</summary>
    public long AcceptedVersion { get; init; }

    /// <summary>When a reading may be asked for again.</summary>
    public Uptime NextReadingAskAt { get; init; }

    /// <summary>On spot: held but not free.</summary>
    public Contracts Locked { get; init; }

    /// <summary>A reading that differs and waits to be seen again.</summary>
    public ReadingSuspected? Suspect { get; init; }

    /// <summary>Readings up to this version are older than the leg's last order event.</summary>
    public long LastOrderVersion { get; init; }

    /// <summary>When the last order event was journaled; default before the first.</summary>
    public DateTimeOffset LastOrderAt { get; init; }

    /// <summary>The last order event of this run, or its begin for a leg that had orders before; the quiet period counts from it. Null before the first order.</summary>
    public Uptime? QuietFrom { get; init; }

    /// <summary>When the open order was decided, or this run began: nobody knows how long ago an order of an earlier run was decided.</summary>
    public Uptime OpenSince { get; init; }

    /// <summary>When the gateway was done with the open order's submission (or this run began); null while it may still write it.</summary>
    public Uptime? SubmissionOver { get; init; }

    /// <summary>When the last increasing orders were decided, newest last: what the guard rail of orders a minute counts.</summary>
    public ImmutableArray<Uptime> Increases { get; init; } = [];

    /// <summary>Where the open order stands.</summary>
    public OrderPhase Phase { get; init; }

    /// <summary>When the next step for the open order is due.</summary>
    public Uptime NextStepAt { get; init; }

    /// <summary>Look-ups or cancels made for the open order since its phase began.</summary>
    public int Attempts { get; init; }

    /// <summary>No new order before this moment.</summary>
    public WaitSeen? Wait { get; init; }

    /// <summary>How many times in a row the venue asked to wait.</summary>
    public int WaitRefusals { get; init; }

    /// <summary>A maximum that the venue taught us; null when its instrument says it all.</summary>
    public Contracts? LearntMaximum { get; init; }

    /// <summary>A difference that the venue refused as too small.</summary>
    public RemainderSeen? RefusedRemainder { get; init; }

    /// <summary>A sync that waits for a confirmed reading.</summary>
    public SyncWaiting? PendingSync { get; init; }

    /// <summary>The last sync that was applied in this run; null before the first.</summary>
    public string? LastSyncId { get; init; }

    /// <summary>The last sync was not applied: what it would have ended was not what had been shown.</summary>
    public bool LastSyncDeclined { get; init; }

    // ---- derived ----

    /// <summary>What is held, as far as the venue has confirmed it; the fills so far of an open order count.</summary>
    public Contracts Actual => Foreign + Drift + Copied;

    /// <summary>What the sources ask; null before instrument and sources are known.</summary>
    public Target? Target => Configuration is null || !SourcesKnown
        ? null
        : Legs.Target.Of(Contributions, Configuration.Instrument, Leg.Side);

    /// <summary>What the leg is driven to; null while the target is not known.</summary>
    public Contracts? Goal => Target is { } target ? GoalFor(target.Rounded, Uncopied, Foreign, Drift) : null;

    /// <summary>A goal within what the leg can hold: spot and long legs not below zero, short legs not above.</summary>
    public Contracts GoalFor(Contracts target, Contracts uncopied, Contracts foreign, Contracts drift)
    {
        var goal = target - uncopied + foreign + drift;
        if (Leg.Side == PositionSide.Short) return goal > Contracts.Zero ? Contracts.Zero : goal;
        var floored = Leg.Side == PositionSide.Long || Configuration?.Instrument.Kind == ProductKind.Spot;
        return floored && goal < Contracts.Zero ? Contracts.Zero : goal;
    }

    /// <summary>True when nothing is held for MT5 and nothing can change that: a new scale moves nothing.</summary>
    public bool HoldsNothing => Copied.IsZero && Uncopied.IsZero && Open is null;
}

/// <summary>A closed order, remembered for fills that come late.</summary>
/// <param name="Intent">The order.</param>
/// <param name="Progress">What was known to be filled.</param>
public sealed record ClosedOrder(Intent Intent, FillProgress Progress);
