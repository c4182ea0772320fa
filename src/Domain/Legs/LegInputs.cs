using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Domain.Legs;

/// <summary>Something that a leg is told.</summary>
public abstract record LegInput
{
    private LegInput()
    {
    }

    /// <summary>The journal has been replayed: an open intent is looked up, everything observed comes anew.</summary>
    public sealed record Recovered : LegInput;

    /// <summary>Instrument, rules or settings.</summary>
    public sealed record Configure(LegConfiguration Configuration) : LegInput;

    /// <summary>What all sources of the leg hold now.</summary>
    public sealed record LevelsChanged(ImmutableArray<Contribution> Contributions, Price? Price) : LegInput;

    /// <summary>The connector lets the leg trade, or not.</summary>
    public sealed record GateChanged(Gate Gate) : LegInput;

    /// <summary>The account was read completely.</summary>
    public sealed record ReadingArrived(LegReading Reading) : LegInput;

    /// <summary>The actual must be read anew before anything is traded (after a reconnect).</summary>
    public sealed record ActualDoubted(string Why) : LegInput;

    /// <summary>The answer to a submission.</summary>
    public sealed record SubmitAnswered(ClientOrderId ClientOrderId, SubmitOutcome Outcome) : LegInput;

    /// <summary>The answer to a look-up that started at <paramref name="StartedAt"/>, by the monotonic clock at <paramref name="StartedUptime"/>.</summary>
    public sealed record LookupAnswered(ClientOrderId ClientOrderId, DateTimeOffset StartedAt, Uptime StartedUptime, LookupOutcome Outcome) : LegInput;

    /// <summary>The answer to a cancel.</summary>
    public sealed record CancelAnswered(ClientOrderId ClientOrderId, CancelOutcome Outcome) : LegInput;

    /// <summary>The venue told of one of our orders by itself.</summary>
    public sealed record OrderReported(OrderReport Report) : LegInput;

    /// <summary>The venue closed (part of) the position: liquidation, auto-deleveraging.</summary>
    public sealed record TakenByVenue(string Why) : LegInput;

    /// <summary>Apply a sync once a reading from version <paramref name="ReadingFrom"/> on is confirmed, if the terms still hold then (null: in any case).</summary>
    public sealed record Sync(SyncOptions Options, long ReadingFrom, SyncTerms? Terms = null) : LegInput;

    /// <summary>A person ends the leg's fault, unless it came after version <paramref name="Asked"/>, when the person asked.</summary>
    public sealed record ClearFault(string Why, long Asked = long.MaxValue) : LegInput;

    /// <summary>The moment that was asked for has come.</summary>
    public sealed record Tick : LegInput;
}

/// <summary>What comes from outside with every input: time, order and identity.</summary>
/// <param name="Now">The wall clock: for records, for the venue, and for what spans a restart.</param>
/// <param name="Uptime">The monotonic clock: for every duration within this run.</param>
/// <param name="Version">A number from the process-wide counter, larger than any given out before.</param>
/// <param name="FreshId">A client order id that has never been given out before.</param>
public readonly record struct Moment(DateTimeOffset Now, Uptime Uptime, long Version, ClientOrderId FreshId);

/// <summary>Something to be done after the events are journaled.</summary>
public abstract record LegEffect
{
    private LegEffect()
    {
    }

    /// <summary>Send the order.</summary>
    public sealed record Submit(OrderRequest Order) : LegEffect;

    /// <summary>Ask what became of the order.</summary>
    public sealed record LookUp(OrderKey Order) : LegEffect;

    /// <summary>Cancel what is open of the order.</summary>
    public sealed record Cancel(OrderKey Order) : LegEffect;

    /// <summary>Have the account read anew.</summary>
    public sealed record RequestReading(string Why) : LegEffect;

    /// <summary>The venue refuses the account as such: the connector must pause.</summary>
    public sealed record ReportAccountProblem(Rejection Rejection) : LegEffect;

    /// <summary>Funds are short: increasing orders of the account wait.</summary>
    public sealed record ReportFundsShort(Rejection Rejection) : LegEffect;
}

/// <summary>What the heart decided.</summary>
/// <param name="Events">What happened, in order; the journaled ones are stored before any effect is carried out.</param>
/// <param name="Effects">What to do then.</param>
/// <param name="State">The state with all events applied.</param>
/// <param name="WakeAt">When to tick at the latest; null = not needed.</param>
public sealed record Decision(ImmutableArray<LegEvent> Events, ImmutableArray<LegEffect> Effects, LegState State, Uptime? WakeAt)
{
    /// <summary>The events to be journaled.</summary>
    public IEnumerable<JournaledEvent> Journaled => Events.OfType<JournaledEvent>();
}
