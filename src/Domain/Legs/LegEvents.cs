using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Domain.Legs;

/// <summary>Something that happened to a leg. State changes through events only.</summary>
public abstract record LegEvent;

/// <summary>An event that is journaled before its effects are carried out; recovery applies these and nothing else.</summary>
/// <param name="At">When it was decided.</param>
public abstract record JournaledEvent(DateTimeOffset At) : LegEvent;

/// <summary>An event that is not journaled: it comes anew after a start.</summary>
public abstract record ObservedEvent : LegEvent;

/// <summary>The leg's baseline was fixed, once for its life.</summary>
/// <param name="At">When.</param>
/// <param name="Foreign">Holdings at the venue that are not the connector's business.</param>
/// <param name="Uncopied">Part of the target that is not copied.</param>
/// <param name="Copied">Part of the holdings that stands for MT5 levels.</param>
/// <param name="Scale">How lots become contracts.</param>
public sealed record BaselineCaptured(DateTimeOffset At, Contracts Foreign, Contracts Uncopied, Contracts Copied, Scale Scale) : JournaledEvent(At);

/// <summary>Sources joined the leg; what they held before the connector knew them is not copied.</summary>
public sealed record SourcesJoined(DateTimeOffset At, Scale Scale, Contracts UncopiedAdded) : JournaledEvent(At);

/// <summary>A changed scale counts from now on.</summary>
public sealed record ScaleAccepted(DateTimeOffset At, Scale Scale, string Why) : JournaledEvent(At);

/// <summary>The target shrank, and the uncopied part with it.</summary>
public sealed record UncopiedShrunk(DateTimeOffset At, Contracts Uncopied) : JournaledEvent(At);

/// <summary>An order was decided. Journaled before it is sent.</summary>
public sealed record IntentDecided(DateTimeOffset At, Intent Intent) : JournaledEvent(At);

/// <summary>The venue has the order and it is still open.</summary>
public sealed record OrderAcknowledged(DateTimeOffset At, ClientOrderId ClientOrderId, string VenueOrderId) : JournaledEvent(At);

/// <summary>More of an order filled; figures are cumulative. Also for an order that had already been closed (a late fill).</summary>
public sealed record OrderFilled(DateTimeOffset At, ClientOrderId ClientOrderId, FillProgress Progress) : JournaledEvent(At);

/// <summary>What the fills of an order cost is known better than before; also of an order that is closed. It moves nothing and nothing waits for it.</summary>
/// <param name="At">When.</param>
/// <param name="ClientOrderId">Which.</param>
/// <param name="AveragePrice">Average price; null when the venue has not told it.</param>
/// <param name="Fees">All fees, cumulative.</param>
public sealed record OrderCostsTold(DateTimeOffset At, ClientOrderId ClientOrderId, Price? AveragePrice, ImmutableArray<Fee> Fees) : JournaledEvent(At);

/// <summary>An intent's end is proved.</summary>
/// <param name="At">When.</param>
/// <param name="ClientOrderId">Which.</param>
/// <param name="End">How it ended.</param>
/// <param name="Rejection">The venue's words, when it was refused.</param>
/// <param name="Evidence">What proves the end, for a person.</param>
/// <param name="TryUsed">Whether this end used one of the tries.</param>
public sealed record IntentClosed(
    DateTimeOffset At,
    ClientOrderId ClientOrderId,
    IntentEnd End,
    Rejection? Rejection,
    string Evidence,
    bool TryUsed) : JournaledEvent(At);

/// <summary>The holdings changed and none of our fills explains it.</summary>
public sealed record DriftBooked(DateTimeOffset At, Contracts Delta, Contracts Reading) : JournaledEvent(At);

/// <summary>What somebody else took of our holdings is no longer asked for by MT5 either: this part of the drift counts as copied.</summary>
/// <param name="At">When.</param>
/// <param name="Amount">Moved from drift to copied; the actual stays.</param>
public sealed record DriftAbsorbed(DateTimeOffset At, Contracts Amount) : JournaledEvent(At);

/// <summary>A sync was applied: drift ended, and with the options also uncopied and foreign.</summary>
public sealed record SyncApplied(DateTimeOffset At, SyncOptions Options) : JournaledEvent(At);

/// <summary>The leg stops trading until a sync or a person ends it.</summary>
public sealed record LegFaulted(DateTimeOffset At, FaultKind Kind, string Code, string Text) : JournaledEvent(At);

/// <summary>The fault is over.</summary>
public sealed record FaultCleared(DateTimeOffset At, string Why) : JournaledEvent(At);

/// <summary>Why a leg faulted.</summary>
public enum FaultKind
{
    /// <summary>The tries of resubmitting are used up: a sync ends it.</summary>
    TriesExhausted,

    /// <summary>The venue refuses for good: a sync ends it.</summary>
    Rejected,

    /// <summary>An order found at the venue is not the one that was sent: a person ends it.</summary>
    OrderMismatch,

    /// <summary>The venue took (part of) the position, or a spot balance fell unexplained: a person ends it.</summary>
    TakenByVenue,

    /// <summary>Beyond the venue's memory every look-up of an order fails: a person ends it, or an answer of the venue.</summary>
    OrderUnresolved,
}

/// <summary>What a sync ends besides drift.</summary>
/// <param name="SyncId">Names the sync.</param>
/// <param name="EndUncopied">MT5 levels from before count from now on.</param>
/// <param name="EndForeign">Holdings from before are driven to what MT5 asks.</param>
/// <param name="AcceptScale">A changed scale counts from now on.</param>
/// <param name="ByPerson">A person asked: faults that need one end too.</param>
/// <param name="Asked">Version of the moment when the person asked: a fault that came later does not end.</param>
public sealed record SyncOptions(string SyncId, bool EndUncopied, bool EndForeign, bool AcceptScale, bool ByPerson, long Asked = long.MaxValue);

/// <summary>What a sync would end at a leg: what a person saw, or need not have been asked about.</summary>
/// <param name="Drift">Unexplained changes.</param>
/// <param name="Uncopied">MT5 levels from before; zero when the sync leaves them.</param>
/// <param name="Foreign">Holdings from before; zero when the sync leaves them.</param>
/// <param name="ScaleChange">What changed in the scale; null when nothing, or when the sync accepts no change.</param>
public sealed record SyncTerms(Contracts Drift, Contracts Uncopied, Contracts Foreign, string? ScaleChange)
{
    /// <summary>There is nothing to end.</summary>
    public bool IsNothing => Drift.IsZero && Uncopied.IsZero && Foreign.IsZero && ScaleChange is null;

    /// <summary>What the sync would end now.</summary>
    public static SyncTerms Of(LegState s, SyncOptions options) => new(
        s.Drift,
        options.EndUncopied ? s.Uncopied : Contracts.Zero,
        options.EndForeign ? s.Foreign : Contracts.Zero,
        options.AcceptScale ? Heart.ScaleChange(s) : null);
}

/// <summary>Instrument, rules or settings as they are now.</summary>
public sealed record ConfigurationSeen(LegConfiguration Configuration) : ObservedEvent;

/// <summary>The journal was replayed: what it dates is placed on the clock of this run.</summary>
/// <param name="At">When, by the wall clock.</param>
/// <param name="Uptime">When, by the clock of this run.</param>
/// <param name="Version">Readings up to this version began before and say nothing to a leg with a past.</param>
public sealed record RecoverySeen(DateTimeOffset At, Uptime Uptime, long Version) : ObservedEvent;

/// <summary>When an order event happened, by the clock of this run.</summary>
/// <param name="At">When.</param>
/// <param name="Decided">The intent, when it is one that was decided.</param>
public sealed record OrderTimed(Uptime At, Intent? Decided = null) : ObservedEvent;

/// <summary>A fault was raised in this run.</summary>
/// <param name="Version">When, by the process-wide counter.</param>
public sealed record FaultTimed(long Version) : ObservedEvent;

/// <summary>What the streams hold now.</summary>
public sealed record ContributionsSeen(ImmutableArray<Contribution> Contributions) : ObservedEvent;

/// <summary>The connector lets the leg trade, or not.</summary>
public sealed record GateSeen(Gate Gate) : ObservedEvent;

/// <summary>A price is known.</summary>
public sealed record PriceSeen(Price Price) : ObservedEvent;

/// <summary>A reading agreed with what was expected (or its difference was booked): the actual is known.</summary>
/// <param name="Version">The reading's version.</param>
/// <param name="Locked">On spot what is not free.</param>
public sealed record ReadingAccepted(long Version, Contracts Locked) : ObservedEvent;

/// <summary>A reading differs and has to be seen again before it counts.</summary>
/// <param name="Reading">What it said.</param>
/// <param name="ConfirmedFrom">The first version of a reading that can confirm it; null within the quiet period, when none can.</param>
public sealed record ReadingSuspected(LegReading Reading, long? ConfirmedFrom = null) : ObservedEvent;

/// <summary>A reading was asked for; the next time at the earliest then.</summary>
public sealed record ReadingAsked(Uptime NextAskAt) : ObservedEvent;

/// <summary>The actual is not known any more.</summary>
public sealed record ActualLost(string Why) : ObservedEvent;

/// <summary>Where the open order stands.</summary>
public sealed record OrderPhaseSeen(OrderPhase Phase, Uptime NextStepAt, int Attempts, long Version) : ObservedEvent;

/// <summary>The gateway is done with the open order's submission, whatever came of it: from now on it writes nothing more of it.</summary>
public sealed record SubmissionEnded(Uptime At) : ObservedEvent;

/// <summary>No new order before this moment.</summary>
/// <param name="Until">The moment.</param>
/// <param name="Why">For a person.</param>
/// <param name="Refusals">How many times in a row the venue asked to wait; 0 when the wait has another reason.</param>
public sealed record WaitSeen(Uptime Until, string Why, int Refusals = 0) : ObservedEvent;

/// <summary>The venue takes no more than this in one order.</summary>
public sealed record MaximumSeen(Contracts Maximum) : ObservedEvent;

/// <summary>The venue refused this difference as too small: left until the goal changes.</summary>
public sealed record RemainderSeen(Contracts Goal, Contracts Actual) : ObservedEvent;

/// <summary>A sync waits for a confirmed reading.</summary>
/// <param name="Options">What it ends.</param>
/// <param name="ReadingFrom">The first version of a reading that counts for it.</param>
/// <param name="Terms">It is applied only while these hold; null = whatever there is to end.</param>
public sealed record SyncWaiting(SyncOptions Options, long ReadingFrom, SyncTerms? Terms = null) : ObservedEvent;

/// <summary>A sync found nothing to end: it is not history.</summary>
/// <param name="SyncId">The sync.</param>
public sealed record SyncSeen(string SyncId) : ObservedEvent;

/// <summary>A sync was not applied: what it would end is not what was shown any more.</summary>
/// <param name="SyncId">The sync.</param>
public sealed record SyncDeclined(string SyncId) : ObservedEvent;
