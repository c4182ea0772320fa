using System.Globalization;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues.Paper.Misbehaviour;

/// <summary>Where the venue misbehaves.</summary>
public enum PaperPoint
{
    /// <summary>A new order.</summary>
    Submit,

    /// <summary>A cancel.</summary>
    Cancel,

    /// <summary>The look-up of one order.</summary>
    LookUp,

    /// <summary>A reading of holdings.</summary>
    ReadHoldings,

    /// <summary>The opening of an account, with which a gateway connects.</summary>
    Connect,

    /// <summary>One event of a stream.</summary>
    StreamEvent,
}

/// <summary>What goes wrong there.</summary>
public enum PaperEffect
{
    /// <summary>The request waits for <see cref="PaperRule.Delay"/> before the venue takes it. Any request.</summary>
    DelayBefore,

    /// <summary>The answer waits for <see cref="PaperRule.Delay"/> after the venue acted. Any request.</summary>
    DelayAfter,

    /// <summary>The venue acts, but its answer is lost. Submit and Cancel.</summary>
    LoseAnswer,

    /// <summary>The request is lost on its way, and nobody says so. Submit and Cancel.</summary>
    LoseRequest,

    /// <summary>The venue says that it cannot answer now. LookUp, ReadHoldings, Connect.</summary>
    Fail,

    /// <summary>Refused with <see cref="PaperRule.Class"/>. Submit and Cancel.</summary>
    Reject,

    /// <summary>The order gets an id and is then refused. Submit.</summary>
    RejectAfterTaking,

    /// <summary>A <see cref="PaperRule.Fraction"/> fills at once, the rest after <see cref="PaperRule.Delay"/>; with no delay it stays open. Submit.</summary>
    PartialThenOpen,

    /// <summary>A <see cref="PaperRule.Fraction"/> fills at once, the rest expires. Submit.</summary>
    PartialThenExpire,

    /// <summary>Holdings as they were <see cref="PaperRule.Changes"/> changes ago. ReadHoldings.</summary>
    Stale,

    /// <summary>Orders younger than <see cref="PaperRule.Delay"/> are not found. LookUp.</summary>
    Hide,

    /// <summary>The event is lost. StreamEvent.</summary>
    Drop,

    /// <summary>The event comes twice. StreamEvent.</summary>
    Duplicate,

    /// <summary>The event comes after the next one. StreamEvent.</summary>
    Reorder,

    /// <summary>The event is lost and the stream ends. StreamEvent.</summary>
    Disconnect,
}

/// <summary>One line of the script.</summary>
public sealed record PaperRule
{
    /// <summary>Where.</summary>
    public required PaperPoint On { get; init; }

    /// <summary>What.</summary>
    public required PaperEffect Effect { get; init; }

    /// <summary>Only this account's name; null = every one.</summary>
    public string? Account { get; init; }

    /// <summary>Only this instrument (orders); null = every one.</summary>
    public string? Instrument { get; init; }

    /// <summary>How likely it is, 0 to 1; default 1.</summary>
    public decimal Chance { get; init; } = 1m;

    /// <summary>How often it happens before it is used up, at least 1; null = without end.</summary>
    public int? Times { get; init; }

    /// <summary>How many matching requests pass unharmed first; default 0.</summary>
    public int Skip { get; init; }

    /// <summary>For delays, hiding and the filling of the rest; 0 to 1 day.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Part that fills at once, 0 to below 1; default a half.</summary>
    public decimal Fraction { get; init; } = 0.5m;

    /// <summary>Class of a rejection; default transient.</summary>
    public RejectionClass Class { get; init; } = RejectionClass.Transient;

    /// <summary>Age of a stale reading in changes, 1 to 64; default 1.</summary>
    public int Changes { get; init; } = 1;

    /// <summary>Why the rule makes no sense, or null.</summary>
    public string? Refuse()
    {
        if (!Enum.IsDefined(On) || !Enum.IsDefined(Effect) || !Enum.IsDefined(Class)) return "The rule names a point, an effect or a class that does not exist.";
        if (!Array.Exists(Places(Effect), p => p == On)) return $"{Effect} is possible on {string.Join(", ", Places(Effect))}, not on {On}.";
        if (Chance is < 0m or > 1m) return "The chance must be 0 to 1.";
        if (Times is < 1) return "Times must be at least 1; leave it out for a rule without end.";
        if (Skip < 0) return "Skip must not be below zero.";
        if (Delay < TimeSpan.Zero || Delay > TimeSpan.FromDays(1)) return "The delay must be 0 to 1 day.";
        if (Fraction is < 0m or >= 1m) return "The fraction must be 0 to below 1.";
        return Changes is < 1 or > Matching.AccountState.PastKept ? string.Create(CultureInfo.InvariantCulture, $"Changes must be 1 to {Matching.AccountState.PastKept}.") : null;
    }

    private static PaperPoint[] Places(PaperEffect effect) => effect switch
    {
        PaperEffect.DelayBefore or PaperEffect.DelayAfter => [PaperPoint.Submit, PaperPoint.Cancel, PaperPoint.LookUp, PaperPoint.ReadHoldings, PaperPoint.Connect],
        PaperEffect.LoseAnswer or PaperEffect.LoseRequest or PaperEffect.Reject => [PaperPoint.Submit, PaperPoint.Cancel],
        PaperEffect.Fail => [PaperPoint.LookUp, PaperPoint.ReadHoldings, PaperPoint.Connect],
        PaperEffect.RejectAfterTaking or PaperEffect.PartialThenOpen or PaperEffect.PartialThenExpire => [PaperPoint.Submit],
        PaperEffect.Stale => [PaperPoint.ReadHoldings],
        PaperEffect.Hide => [PaperPoint.LookUp],
        _ => [PaperPoint.StreamEvent],
    };
}
