using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Actors.Control;

/// <summary>What the host does at a moment.</summary>
/// <param name="At">When this was put together (UTC).</param>
/// <param name="Terminals">Every terminal that was ever seen.</param>
/// <param name="Connectors">Every connector that is configured.</param>
/// <param name="Complete">False when somebody did not answer in time: the rest is true, but not everything.</param>
public sealed record HostStatus(
    DateTimeOffset At,
    ImmutableArray<TerminalStatus> Terminals,
    ImmutableArray<ConnectorStatus> Connectors,
    bool Complete)
{
    /// <summary>True when everybody answered and nothing is left to do anywhere.</summary>
    public bool Converged => Complete && Connectors.All(c => c.State == ConnectorState.Stopped || c.Converged);
}

/// <summary>One terminal.</summary>
/// <param name="Terminal">Account and server.</param>
/// <param name="Margin">How the account keeps positions; null before the first login.</param>
/// <param name="Connected">A session is live.</param>
/// <param name="Synchronised">A complete snapshot was applied since the host's start.</param>
/// <param name="Deals">Deals recorded, over its whole life.</param>
/// <param name="Streams">Its streams.</param>
/// <param name="Warnings">What a person should know (unattributed volume, unfed streams).</param>
public sealed record TerminalStatus(
    TerminalId Terminal,
    MarginMode? Margin,
    bool Connected,
    bool Synchronised,
    long Deals,
    ImmutableArray<StreamStatus> Streams,
    ImmutableArray<string> Warnings);

/// <summary>One stream.</summary>
/// <param name="Magic">Its magic; −1 = what no stream owns.</param>
/// <param name="Deals">Deals recorded.</param>
/// <param name="LastDeal">Largest recorded ticket.</param>
/// <param name="Knowledge">How well its levels are known.</param>
/// <param name="Levels">Levels that are not flat, by symbol.</param>
public sealed record StreamStatus(
    Magic Magic,
    long Deals,
    long LastDeal,
    LevelKnowledge Knowledge,
    ImmutableSortedDictionary<SymbolName, Level> Levels);

/// <summary>Where a connector stands.</summary>
public enum ConnectorState
{
    /// <summary>Connecting and checking.</summary>
    Starting,

    /// <summary>Trading.</summary>
    Running,

    /// <summary>A person, a chart button or a critical error paused it; stays so over restarts.</summary>
    Paused,

    /// <summary>The line to the venue is down; tries again by itself.</summary>
    Reconnecting,

    /// <summary>This host may not trade at the moment: another may, or its own right could not be renewed.</summary>
    Standby,

    /// <summary>Not started: a person must mend something first.</summary>
    Faulted,

    /// <summary>Disabled.</summary>
    Stopped,
}

/// <summary>One connector.</summary>
/// <param name="Connector">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Venue">The venue product.</param>
/// <param name="Account">The venue's own account id; empty before the first connection.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Text">Why, for a person.</param>
/// <param name="Legs">Its legs.</param>
/// <param name="Plan">A plan that waits for a yes; null when there is none.</param>
/// <param name="Unmapped">Symbols that have no instrument, with the reason.</param>
/// <param name="Warnings">What a person should know.</param>
/// <param name="Orders">Orders decided over its whole life.</param>
/// <param name="LastSync">When the last sync was applied; null before the first. One that found nothing to do is not remembered over a restart.</param>
/// <param name="Busy">Levels, mappings or a sync are under way.</param>
public sealed record ConnectorStatus(
    ConnectorId Connector,
    string Name,
    string Venue,
    string Account,
    ConnectorState State,
    string Text,
    ImmutableArray<LegView> Legs,
    PlanView? Plan,
    ImmutableSortedDictionary<SymbolName, string> Unmapped,
    ImmutableArray<string> Warnings,
    long Orders,
    DateTimeOffset? LastSync,
    bool Busy)
{
    /// <summary>True when it runs and each leg has nothing left to do.</summary>
    public bool Converged => State == ConnectorState.Running && !Busy && Plan is null && Unmapped.IsEmpty && Legs.All(l => l.Converged);
}

/// <summary>Orders that wait for a yes. The yes names the id, and the id is made from the orders: other orders, other id.</summary>
/// <param name="Id">Names exactly these orders.</param>
/// <param name="Connector">Whose orders.</param>
/// <param name="Why">What made the plan.</param>
/// <param name="Scope">Which legs the sync concerns.</param>
/// <param name="Orders">The orders, reducing ones first.</param>
/// <param name="MadeAt">When.</param>
public sealed record PlanView(
    string Id,
    ConnectorId Connector,
    string Why,
    SyncScope Scope,
    ImmutableArray<SyncProposal> Orders,
    DateTimeOffset MadeAt);

/// <summary>How an MT5 symbol is mapped at a connector.</summary>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Instrument">The venue's symbol; null = none.</param>
/// <param name="Scale">MT5 base units per base unit of the instrument.</param>
/// <param name="Source">override, exact, listed, excluded or none.</param>
/// <param name="Text">Why there is none, or how it was found.</param>
public sealed record MappingView(SymbolName Symbol, InstrumentId? Instrument, decimal Scale, string Source, string Text);

/// <summary>The answer to a command.</summary>
/// <param name="Ok">It was carried out (or accepted).</param>
/// <param name="Text">What happened, for a person.</param>
/// <param name="Code">For programs: ok, not-found, invalid, conflict, unavailable.</param>
public sealed record CommandResult(bool Ok, string Text, string Code)
{
    /// <summary>Carried out.</summary>
    public static CommandResult Done(string text) => new(true, text, "ok");

    /// <summary>There is no such thing.</summary>
    public static CommandResult NotFound(string text) => new(false, text, "not-found");

    /// <summary>The command makes no sense.</summary>
    public static CommandResult Invalid(string text) => new(false, text, "invalid");

    /// <summary>Not in this state.</summary>
    public static CommandResult Conflict(string text) => new(false, text, "conflict");

    /// <summary>Not now.</summary>
    public static CommandResult Unavailable(string text) => new(false, text, "unavailable");
}
