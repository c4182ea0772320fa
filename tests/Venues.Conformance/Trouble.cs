using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>What the venue does wrong with the next request of its kind.</summary>
public abstract record Trouble
{
    /// <summary>The order is placed, the answer lost.</summary>
    /// <param name="Way">One of <see cref="VenueHost.WaysToLoseAnswers"/>.</param>
    public sealed record LosesAnswer(string Way) : Trouble;

    /// <summary>The order never comes to life, and nothing says so.</summary>
    /// <param name="Way">One of <see cref="VenueHost.WaysToLoseOrders"/>.</param>
    public sealed record LosesOrder(string Way) : Trouble;

    /// <summary>The order is answered as a row of the product's table says, and not placed.</summary>
    public sealed record Refuses(ErrorRow Row) : Trouble;

    /// <summary>A look-up is answered as a row says.</summary>
    public sealed record RefusesLookUp(LookUpRow Row) : Trouble;

    /// <summary>A cancel is answered as a row says, and not carried out.</summary>
    public sealed record RefusesCancel(CancelRow Row) : Trouble;

    /// <summary>Half of it fills, the rest expires.</summary>
    public sealed record FillsHalfAndExpires : Trouble;

    /// <summary>Nothing of it fills: it expires.</summary>
    public sealed record FillsNothing : Trouble;

    /// <summary>What the stream tells comes twice, or the last first, from <see cref="VenueHost.TellAsync"/> on.</summary>
    public sealed record MuddlesEvents(bool Twice) : Trouble;

    /// <summary>A reading gives no complete answer.</summary>
    public sealed record FailsReading(ReadingFailure Failure) : Trouble;

    /// <summary>A cancel is carried out, its answer lost.</summary>
    public sealed record LosesCancelAnswer : Trouble;

    /// <summary>The order is on its way for so long before the venue looks at it.</summary>
    public sealed record ArrivesLate(TimeSpan By) : Trouble;

    /// <summary>Look-ups do not see the next order until <see cref="VenueHost.ShowOrdersAsync"/>.</summary>
    public sealed record HidesOrder : Trouble;

    /// <summary>The next request is refused, since there were too many; the venue says how long to wait.</summary>
    public sealed record Throttles(TimeSpan Wait, bool Ban) : Trouble;

    /// <summary>The same, as the answer to an order.</summary>
    public sealed record ThrottlesOrder(TimeSpan Wait) : Trouble;
}

/// <summary>One row of a product's error table, as an answer to an order.</summary>
/// <param name="Name">Names the row in a failure: code and message.</param>
/// <param name="Class">What it means for the leg; null = the outcome stays unknown.</param>
public record ErrorRow(string Name, RejectionClass? Class);

/// <summary>One way of a venue to answer a look-up.</summary>
/// <param name="Name">Names the row in a failure.</param>
/// <param name="NotFound">True when it says that there is no such order; false when it says nothing.</param>
public record LookUpRow(string Name, bool NotFound);

/// <summary>One way of a venue to answer a cancel.</summary>
/// <param name="Name">Names the row in a failure.</param>
/// <param name="Outcome">The type of the outcome.</param>
public record CancelRow(string Name, Type Outcome);

/// <summary>What is read.</summary>
public enum Reading
{
    Connect,
    Instruments,
    Holdings,
    OpenOrders,
}

/// <summary>One way of a reading to fail.</summary>
/// <param name="Reading">Which.</param>
/// <param name="Way">How, for the host and for a person.</param>
/// <param name="Kind">What the gateway has to say.</param>
public record ReadingFailure(Reading Reading, string Way, FailureKind Kind = FailureKind.Unavailable);
