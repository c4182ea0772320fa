namespace CSMultiConnector.Portal.Api;

/// <summary>Everything the host does at a moment.</summary>
/// <param name="At">When this was put together (UTC).</param>
/// <param name="Host">The process that answers.</param>
/// <param name="Converged">Nothing is left to do anywhere.</param>
/// <param name="Complete">False when somebody did not answer in time: the rest is true, but not everything.</param>
/// <param name="Terminals">Every terminal that was ever seen.</param>
/// <param name="Connectors">Every connector that is configured.</param>
public sealed record StatusDto(DateTimeOffset At, HostDto Host, bool Converged, bool Complete, IReadOnlyList<TerminalDto> Terminals, IReadOnlyList<ConnectorDto> Connectors);

/// <summary>The running host.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="StartedAt">When it started (UTC).</param>
/// <param name="DataFolder">Its data folder.</param>
/// <param name="Feed">Address and port on which terminals connect; empty while it stands by.</param>
/// <param name="HeapBytes">Managed memory in use; 0 = not told.</param>
/// <param name="Lease">Who has the right to trade.</param>
public sealed record HostDto(string Version, int Pid, DateTimeOffset StartedAt, string DataFolder, string Feed, long HeapBytes = 0, LeaseDto? Lease = null);

/// <summary>The right to trade.</summary>
/// <param name="State">held; doubtful (held, but it could not be renewed: no order is begun); standby (another host trades, or the database does not answer).</param>
/// <param name="Owner">Who holds it; empty when nobody knows.</param>
/// <param name="Epoch">Grows with each host that takes it; null beside SQLite, where the data folder's lock is the right.</param>
/// <param name="Until">When it ends unless it is renewed (UTC); null beside SQLite.</param>
/// <param name="Text">For a person; empty when all is well.</param>
public sealed record LeaseDto(string State, string Owner, long? Epoch, DateTimeOffset? Until, string Text)
{
    /// <summary>The state of a host that waits for its turn.</summary>
    public const string Standby = "standby";
}

/// <summary>One terminal.</summary>
/// <param name="Terminal"><c>login@server</c>.</param>
/// <param name="Margin">netting, exchange, hedging; null before the first login.</param>
/// <param name="Connected">A session is live.</param>
/// <param name="Synchronised">A complete snapshot of this session was applied.</param>
/// <param name="Deals">Deals recorded over its whole life.</param>
/// <param name="Streams">Its streams.</param>
/// <param name="Warnings">What a person should know.</param>
public sealed record TerminalDto(
    string Terminal,
    string? Margin,
    bool Connected,
    bool Synchronised,
    long Deals,
    IReadOnlyList<StreamDto> Streams,
    IReadOnlyList<string> Warnings);

/// <summary>One stream of a terminal.</summary>
/// <param name="Magic">Its magic; −1 = what no stream owns.</param>
/// <param name="Deals">Deals recorded.</param>
/// <param name="LastDeal">Largest recorded ticket.</param>
/// <param name="Knowledge">unknown, known, stale, unfed.</param>
/// <param name="Levels">What it holds; symbols that are flat are left out.</param>
public sealed record StreamDto(long Magic, long Deals, long LastDeal, string Knowledge, IReadOnlyList<LevelDto> Levels);

/// <summary>Lots held in one symbol.</summary>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Long">Long lots.</param>
/// <param name="Short">Short lots.</param>
public sealed record LevelDto(string Symbol, decimal Long, decimal Short);

/// <summary>One connector.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Venue">The venue product.</param>
/// <param name="Account">The venue's own account id; empty before the first connection.</param>
/// <param name="State">starting, running, paused, reconnecting, standby, faulted, stopped.</param>
/// <param name="Text">Why, for a person.</param>
/// <param name="Converged">It runs and each leg has nothing left to do.</param>
/// <param name="Busy">Levels, mappings or a sync are under way.</param>
/// <param name="Orders">Orders decided over its whole life.</param>
/// <param name="LastSync">When the last sync was applied; null before the first. One that found nothing to do is not remembered over a restart.</param>
/// <param name="Legs">Its legs.</param>
/// <param name="Plan">A plan that waits for a yes; null when there is none.</param>
/// <param name="Unmapped">Symbols that have no instrument.</param>
/// <param name="Warnings">What a person should know.</param>
public sealed record ConnectorDto(
    string Id,
    string Name,
    string Venue,
    string Account,
    string State,
    string Text,
    bool Converged,
    bool Busy,
    long Orders,
    DateTimeOffset? LastSync,
    IReadOnlyList<LegDto> Legs,
    PlanDto? Plan,
    IReadOnlyList<UnmappedDto> Unmapped,
    IReadOnlyList<string> Warnings);

/// <summary>A symbol without an instrument.</summary>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record UnmappedDto(string Symbol, string Reason);

/// <summary>One leg; quantities are contracts of its instrument.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="Leg"><c>holding:Side</c>, as <c>explain</c> takes it.</param>
/// <param name="Instrument">What it is traded through; null before it is known.</param>
/// <param name="Side">net, long, short.</param>
/// <param name="Target">What MT5 asks, rounded to the lot step; null while not known.</param>
/// <param name="Goal">What it is driven to; null while not known.</param>
/// <param name="Actual">What it holds, as far as confirmed.</param>
/// <param name="ActualKnown">False while the actual is not confirmed.</param>
/// <param name="RoundingResidual">Exact less rounded target: shown, never traded.</param>
/// <param name="Untradable">Goal less actual that the venue accepts no order for.</param>
/// <param name="Uncopied">Part of the target that is not copied.</param>
/// <param name="Foreign">Holdings from before the connector.</param>
/// <param name="Drift">Unexplained changes since the last sync.</param>
/// <param name="State">idle, working, waiting, faulted.</param>
/// <param name="Text">Why it waits or what it does.</param>
/// <param name="Phase">none, sending, resting, cancelling, unknown, settling.</param>
/// <param name="OpenOrder">Client order id of the order in flight.</param>
/// <param name="ScaleChange">What changed in the scale; null when nothing.</param>
/// <param name="Levels">Worst knowledge among its sources: known, stale, unknown, unfed.</param>
/// <param name="Orders">Orders decided so far.</param>
/// <param name="Converged">Nothing left to do.</param>
public sealed record LegDto(
    string Connector,
    string Leg,
    string? Instrument,
    string Side,
    decimal? Target,
    decimal? Goal,
    decimal Actual,
    bool ActualKnown,
    decimal RoundingResidual,
    decimal Untradable,
    decimal Uncopied,
    decimal Foreign,
    decimal Drift,
    string State,
    string Text,
    string Phase,
    string? OpenOrder,
    string? ScaleChange,
    string Levels,
    long Orders,
    bool Converged);

/// <summary>Orders that wait for a yes.</summary>
/// <param name="Id">Names exactly these orders: other orders, other id.</param>
/// <param name="Connector">Whose orders.</param>
/// <param name="Why">What made the plan.</param>
/// <param name="Scope">streamLegs or wholeAccount.</param>
/// <param name="MadeAt">When (UTC).</param>
/// <param name="Orders">The orders, reducing ones first.</param>
public sealed record PlanDto(string Id, string Connector, string Why, string Scope, DateTimeOffset MadeAt, IReadOnlyList<PlannedOrderDto> Orders);

/// <summary>One order of a plan.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Instrument">What would be traded; null when not known.</param>
/// <param name="Side">buy or sell.</param>
/// <param name="Quantity">Contracts; 0 = no order.</param>
/// <param name="Actual">What the leg holds.</param>
/// <param name="Goal">What it would be driven to.</param>
/// <param name="Reduces">The order shrinks the leg.</param>
/// <param name="Why">Reasons.</param>
/// <param name="NotKnown">Why nothing can be said yet; null when it can.</param>
public sealed record PlannedOrderDto(
    string Leg,
    string? Instrument,
    string Side,
    decimal Quantity,
    decimal Actual,
    decimal? Goal,
    bool Reduces,
    string Why,
    string? NotKnown);
