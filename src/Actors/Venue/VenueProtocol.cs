using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Actors.Venue;

// Between a venue actor and its legs.

/// <summary>A leg has recovered: it needs configuration, levels, gate and reading.</summary>
public sealed record LegReady(LegId Leg);

/// <summary>The newest levels of a leg; the next are offered after <see cref="LevelsTaken"/>.</summary>
/// <param name="Number">Names the offer.</param>
/// <param name="Contributions">What all its sources hold.</param>
/// <param name="Price">Last price, if a deal brought one.</param>
public sealed record LevelsOffered(long Number, ImmutableArray<Contribution> Contributions, Price? Price);

/// <summary>The leg has decided about an offer and journaled what followed.</summary>
public sealed record LevelsTaken(LegId Leg, long Number);

/// <summary>A leg changed.</summary>
public sealed record LegChanged(LegView View);

/// <summary>A leg needs a new reading of the account.</summary>
public sealed record ReadingWanted(LegId Leg, string Why);

/// <summary>The venue refuses the account as such.</summary>
public sealed record AccountRefused(LegId Leg, Rejection Rejection);

/// <summary>Funds are short.</summary>
public sealed record FundsShort(LegId Leg, Rejection Rejection);

/// <summary>What would a sync with these options order? Answered by <see cref="SyncProposed"/>.</summary>
public sealed record ProposeSync(SyncOptions Options);

/// <summary>A leg's answer to <see cref="ProposeSync"/>.</summary>
public sealed record SyncProposed(string SyncId, SyncProposal Proposal);

/// <summary>The right to trade was lost, could not be renewed for too long, or is sure again: look at it.</summary>
public sealed record LeaseChanged;

// Commands to a venue actor. Each is answered by a CommandResult unless noted.

/// <summary>No new orders from now on, over restarts too.</summary>
public sealed record Pause(ConnectorId Connector, string Why) : IConnectorCommand;

/// <summary>Trade again.</summary>
public sealed record Resume(ConnectorId Connector) : IConnectorCommand;

/// <summary>Sync by hand.</summary>
public sealed record SyncNow(ConnectorId Connector, SyncScope Scope) : IConnectorCommand;

/// <summary>Yes to the plan with this id.</summary>
public sealed record ApprovePlan(ConnectorId Connector, string PlanId) : IConnectorCommand;

/// <summary>No to the plan with this id.</summary>
public sealed record RejectPlan(ConnectorId Connector, string PlanId) : IConnectorCommand;

/// <summary>Asks how symbols are mapped; answered by <see cref="MappingReport"/>.</summary>
public sealed record GetMapping(ConnectorId Connector) : IConnectorCommand;

/// <summary>Map a symbol by hand.</summary>
public sealed record SetMapping(ConnectorId Connector, MappingOverride Mapping) : IConnectorCommand;

/// <summary>Forget what was resolved: one symbol, or all when null.</summary>
public sealed record ResetMapping(ConnectorId Connector, SymbolName? Symbol) : IConnectorCommand;

/// <summary>Asks for the connector's status; answered by <see cref="Control.ConnectorStatus"/>.</summary>
public sealed record GetConnectorStatus(ConnectorId Connector) : IConnectorCommand;

/// <summary>How symbols are mapped.</summary>
public sealed record MappingReport(ImmutableArray<Control.MappingView> Mapping);

/// <summary>A command that names its connector.</summary>
public interface IConnectorCommand
{
    /// <summary>The connector.</summary>
    ConnectorId Connector { get; }
}
