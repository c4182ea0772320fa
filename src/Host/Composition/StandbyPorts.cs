using System.Collections.Immutable;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Ports;

namespace CSMultiConnector.Host.Composition;

/// <summary>What the API of a host that stands by can say: who trades. Every command belongs to that other host.</summary>
internal sealed class StandbyPorts(string dataFolder, TimeProvider time) : IControlPlane, IHostFacts, IExplanations, IFeedClientAdministration
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private volatile LeaseDto _lease = new(LeaseDto.Standby, "", null, null, "");

    /// <summary>Who trades, as far as known.</summary>
    public LeaseDto Lease
    {
        get => _lease;
        set => _lease = value;
    }

    public HostDto Describe() => new(HostFacts.Version, Environment.ProcessId, _startedAt, dataFolder, "", Lease: Lease);

    public Task<HostStatus> GetStatusAsync(CancellationToken cancellation) => Task.FromResult(new HostStatus(time.GetUtcNow(), [], [], Complete: false));

    public Task<CommandResult> ApplyConnectorsAsync(ImmutableArray<ConnectorSettings> connectors, CancellationToken cancellation) => NotHereAsync();

    public Task<CommandResult> PauseAsync(ConnectorId connector, string why, CancellationToken cancellation) => NotHereAsync();

    public Task<CommandResult> ResumeAsync(ConnectorId connector, CancellationToken cancellation) => NotHereAsync();

    public Task<CommandResult> SyncAsync(ConnectorId connector, SyncScope scope, CancellationToken cancellation) => NotHereAsync();

    public Task<CommandResult> ApprovePlanAsync(ConnectorId connector, string planId, CancellationToken cancellation) => NotHereAsync();

    public Task<CommandResult> RejectPlanAsync(ConnectorId connector, string planId, CancellationToken cancellation) => NotHereAsync();

    public Task<ImmutableArray<MappingView>?> GetMappingAsync(ConnectorId connector, CancellationToken cancellation) => Task.FromResult<ImmutableArray<MappingView>?>(null);

    public Task<CommandResult> SetMappingAsync(ConnectorId connector, MappingOverride mapping, CancellationToken cancellation) => NotHereAsync();

    public Task<CommandResult> ResetMappingAsync(ConnectorId connector, SymbolName? symbol, CancellationToken cancellation) => NotHereAsync();

    public Task<CommandResult> ReleaseStreamAsync(StreamId stream, CancellationToken cancellation) => NotHereAsync();

    public Task<ExplanationDto?> ExplainAsync(ConnectorId connector, LegId leg, int orders, CancellationToken cancellation) => Task.FromResult<ExplanationDto?>(null);

    public Task<IReadOnlyList<ClientDto>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ClientDto>>([]);

    public Task<(CommandResult Result, AddedClientDto? Added)> AddAsync(string client, string? secret, CancellationToken cancellation) =>
        Task.FromResult<(CommandResult, AddedClientDto?)>((NotHere(), null));

    public Task<CommandResult> RevokeAsync(string client, CancellationToken cancellation) => NotHereAsync();

    private Task<CommandResult> NotHereAsync() => Task.FromResult(NotHere());

    private CommandResult NotHere() => CommandResult.Unavailable($"This host stands by ({Lease.Text}): give the command to the host that trades.");
}
