using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Domain.Legs;

/// <summary>What a leg needs to know before it can work.</summary>
/// <param name="Instrument">The instrument that the leg is traded through.</param>
/// <param name="Rules">What the venue product promises.</param>
/// <param name="Limits">The connector's settings that concern a leg.</param>
/// <param name="BaselineHolding">What the account held of this leg when the connector's baseline was captured.</param>
public sealed record LegConfiguration(Instrument Instrument, VenueRules Rules, LegLimits Limits, Contracts BaselineHolding);

/// <summary>A connector's settings that concern a leg.</summary>
/// <param name="MaxOrderResubmitTries">New orders that may follow a refused or unfilled one.</param>
/// <param name="OrderTimeout">Not filled within this time: cancelled.</param>
/// <param name="OrderValidity">How long an order may wait before its first byte leaves.</param>
/// <param name="SyncAtStartup">Nothing is foreign or uncopied.</param>
/// <param name="GuardRails">Limits that stop increasing orders.</param>
public sealed record LegLimits(
    int MaxOrderResubmitTries,
    TimeSpan OrderTimeout,
    TimeSpan OrderValidity,
    bool SyncAtStartup,
    GuardRails GuardRails)
{
    /// <summary>Takes them from a connector's settings.</summary>
    public static LegLimits Of(ConnectorSettings settings) => new(
        settings.MaxOrderResubmitTries, settings.OrderTimeout, settings.OrderValidity, settings.SyncAtStartup, settings.GuardRails);
}

/// <summary>What the connector allows a leg at the moment. What is in flight is followed up in any case.</summary>
/// <param name="Open">New orders may be started.</param>
/// <param name="Why">Why not, for a person; empty when open.</param>
/// <param name="IncreasesHeld">Only reducing orders (a sync reduces first); null when increases are free, else why not.</param>
/// <param name="FundsBlockedUntil">Increasing orders wait for funds until then (of this run); null when not.</param>
public sealed record Gate(bool Open, string Why, string? IncreasesHeld = null, Uptime? FundsBlockedUntil = null)
{
    /// <summary>Everything may be traded.</summary>
    public static Gate Free { get; } = new(true, "");

    /// <summary>Nothing may be started.</summary>
    public static Gate Closed(string why) => new(false, why);
}

/// <summary>What one reading of the account says about one leg.</summary>
/// <param name="Version">Taken from the process-wide counter when the request started.</param>
/// <param name="Quantity">Signed contracts held.</param>
/// <param name="Free">On spot what is not locked; null elsewhere.</param>
/// <param name="Sequence">The venue's own sequence of the figure, if it has one.</param>
public sealed record LegReading(long Version, Contracts Quantity, Contracts? Free = null, long? Sequence = null);

/// <summary>Where the open order of a leg stands.</summary>
public enum OrderPhase
{
    /// <summary>No order is in flight.</summary>
    None,

    /// <summary>Handed to the gateway; no answer yet.</summary>
    Sending,

    /// <summary>Open at the venue.</summary>
    Resting,

    /// <summary>A cancel was asked for; the order is not proved closed.</summary>
    Cancelling,

    /// <summary>Nobody knows what became of it: it is looked up.</summary>
    Unknown,

    /// <summary>Beyond the venue's memory: readings settle it.</summary>
    Settling,
}
