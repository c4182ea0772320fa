using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues;

/// <summary>
/// One account at one venue. Every call either answers completely or says that it could not: no member throws for a failure
/// of the venue or of the network (cancellation does throw). Safe for concurrent use.
/// </summary>
public interface IVenueGateway : IAsyncDisposable
{
    /// <summary>What this venue product can do.</summary>
    VenueCapabilities Capabilities { get; }

    /// <summary>Connects and reads who we are there. Called again after every loss of the line.</summary>
    Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation);

    /// <summary>All instruments (those listed so far where the venue lists on demand).</summary>
    Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation);

    /// <summary>Lists an instrument for an MT5 symbol; only where <see cref="VenueCapabilities.ListsOnDemand"/>.</summary>
    Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation);

    /// <summary>All holdings of the account, complete or failed: what it does not name is not held.</summary>
    Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation);

    /// <summary>The account's open orders whose client order id has our form, complete or failed; other connectors' and other hosts' among them.</summary>
    Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation);

    /// <summary>Sends one market order. As the last act before the first byte leaves, its <see cref="SendCheck"/> must allow it; after the answer nothing of it is written.</summary>
    Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation);

    /// <summary>What became of an order, over every look-up that the venue documents.</summary>
    Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation);

    /// <summary>Cancels what is open of an order.</summary>
    Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation);

    /// <summary>
    /// What the venue tells by itself, from the call on; ends when cancelled or when the line is lost (then connect and read anew).
    /// </summary>
    IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation);
}

/// <summary>What a gateway can do; validation and conformance tests are driven by it.</summary>
/// <param name="Rules">The rules that the heart follows for this product.</param>
/// <param name="PositionModes">The position modes that accounts of this product can have.</param>
/// <param name="ListsOnDemand">Instruments come into being when asked for (Paper).</param>
/// <param name="Streams">The venue tells of orders and holdings by itself.</param>
/// <param name="MaxConcurrentRequests">How many requests may be under way at once, at least 1.</param>
public sealed record VenueCapabilities(
    VenueRules Rules,
    ImmutableArray<PositionMode> PositionModes,
    bool ListsOnDemand,
    bool Streams,
    int MaxConcurrentRequests);

/// <summary>Who we are at the venue.</summary>
/// <param name="AccountId">The venue's own account id; one account is traded by one connector per instrument.</param>
/// <param name="PositionMode">How the account keeps the two sides.</param>
/// <param name="Warnings">What a person should know (for example: the key may withdraw).</param>
public sealed record VenueAccount(string AccountId, PositionMode PositionMode, ImmutableArray<string> Warnings);

/// <summary>What is held of one thing.</summary>
/// <param name="Name">Instrument symbol; on spot the asset.</param>
/// <param name="Side">Net, or Long/Short in hedge mode.</param>
/// <param name="Quantity">Signed contracts (Short: not above zero).</param>
/// <param name="Free">On spot what is not locked; null elsewhere.</param>
/// <param name="Sequence">The venue's own sequence of this figure, if it has one.</param>
public sealed record Holding(string Name, PositionSide Side, Contracts Quantity, Contracts? Free = null, long? Sequence = null)
{
    /// <summary>The leg that this holding is.</summary>
    public LegId Leg => new(Name, Side);
}

/// <summary>An answer, or why there is none.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public readonly record struct VenueAnswer<T>
{
    private VenueAnswer(T? value, VenueFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>The answer; default when there is a failure.</summary>
    public T? Value { get; }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public VenueFailure? Failure { get; }

    /// <summary>True when there is an answer.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Failure is null;

    /// <summary>A complete answer.</summary>
    public static VenueAnswer<T> Of(T value) => new(value, null);

    /// <summary>No answer.</summary>
    public static VenueAnswer<T> Failed(FailureKind kind, string text, TimeSpan? retryAfter = null) => new(default, new VenueFailure(kind, text, retryAfter));
}

/// <summary>What kind of failure kept an answer away.</summary>
public enum FailureKind
{
    /// <summary>Network, time-out, 5xx, maintenance: try again.</summary>
    Unavailable,

    /// <summary>Rate limit: try again after the named time.</summary>
    RateLimited,

    /// <summary>Bad key, no permission, wrong position mode: a person must act.</summary>
    Account,

    /// <summary>The request makes no sense there (unknown instrument, unsupported).</summary>
    Invalid,
}

/// <summary>Why a venue gave no answer.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Text">For a person: what happened, to what, and what to do; without secrets.</param>
/// <param name="RetryAfter">How long to wait at least, when the venue says.</param>
public sealed record VenueFailure(FailureKind Kind, string Text, TimeSpan? RetryAfter);

/// <summary>What a venue tells by itself.</summary>
public abstract record VenueEvent
{
    private VenueEvent()
    {
    }

    /// <summary>Something became of an order; ours or not (the id's tag tells).</summary>
    public sealed record OrderChanged(OrderReport Report) : VenueEvent;

    /// <summary>An order whose client order id is not of our form, or carries none.</summary>
    public sealed record ForeignOrder(string ClientOrderId, InstrumentId Instrument) : VenueEvent;

    /// <summary>Holdings may have changed for a reason other than our orders: read anew.</summary>
    public sealed record HoldingsChanged(string Why) : VenueEvent;

    /// <summary>The venue itself closed (part of) a position: liquidation or auto-deleveraging.</summary>
    public sealed record TakenByVenue(LegId Leg, string Why) : VenueEvent;

    /// <summary>An instrument's facts or status changed.</summary>
    public sealed record InstrumentChanged(Instrument Instrument) : VenueEvent;

    /// <summary>Events may have been missed: read holdings and open orders anew.</summary>
    public sealed record Gap(string Why) : VenueEvent;
}
