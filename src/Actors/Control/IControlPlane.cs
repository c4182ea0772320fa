using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Actors.Control;

/// <summary>What the outside (HTTP API, command line) may ask of the running actors. Every member answers within a bounded time.</summary>
public interface IControlPlane
{
    /// <summary>Everything, at one moment.</summary>
    Task<HostStatus> GetStatusAsync(CancellationToken cancellation);

    /// <summary>Starts, changes and stops connectors so that exactly these run.</summary>
    Task<CommandResult> ApplyConnectorsAsync(ImmutableArray<ConnectorSettings> connectors, CancellationToken cancellation);

    /// <summary>No new orders; what is in flight is followed up. Stays so over restarts.</summary>
    Task<CommandResult> PauseAsync(ConnectorId connector, string why, CancellationToken cancellation);

    /// <summary>Trades again; ends faults that need a person; a sync follows (as a plan where plans come first).</summary>
    Task<CommandResult> ResumeAsync(ConnectorId connector, CancellationToken cancellation);

    /// <summary>Starts a sync by hand.</summary>
    Task<CommandResult> SyncAsync(ConnectorId connector, SyncScope scope, CancellationToken cancellation);

    /// <summary>Says yes to the plan with this id.</summary>
    Task<CommandResult> ApprovePlanAsync(ConnectorId connector, string planId, CancellationToken cancellation);

    /// <summary>Drops the plan; the legs stay as they are.</summary>
    Task<CommandResult> RejectPlanAsync(ConnectorId connector, string planId, CancellationToken cancellation);

    /// <summary>How symbols are mapped.</summary>
    Task<ImmutableArray<MappingView>?> GetMappingAsync(ConnectorId connector, CancellationToken cancellation);

    /// <summary>Maps a symbol by hand; an instrument of null excludes it.</summary>
    Task<CommandResult> SetMappingAsync(ConnectorId connector, MappingOverride mapping, CancellationToken cancellation);

    /// <summary>Forgets what was resolved (one symbol, or all): it is resolved anew.</summary>
    Task<CommandResult> ResetMappingAsync(ConnectorId connector, SymbolName? symbol, CancellationToken cancellation);

    /// <summary>A stream that its Expert Advisor no longer lists counts as flat from now on.</summary>
    Task<CommandResult> ReleaseStreamAsync(StreamId stream, CancellationToken cancellation);
}
