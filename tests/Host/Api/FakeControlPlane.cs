using System.Collections.Immutable;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Host.Tests.Api;

/// <summary>Answers with what the test set and remembers what was asked.</summary>
internal sealed class FakeControlPlane : IControlPlane
{
    public HostStatus Status { get; set; } = Samples.Status();

    public CommandResult Answer { get; set; } = CommandResult.Done("done");

    public List<string> Asked { get; } = [];

    public bool Hangs { get; set; }

    public async Task<HostStatus> GetStatusAsync(CancellationToken cancellation)
    {
        if (Hangs) await Task.Delay(Timeout.Infinite, cancellation);
        return Status;
    }

    public Task<CommandResult> ApplyConnectorsAsync(ImmutableArray<ConnectorSettings> connectors, CancellationToken cancellation) =>
        Ask($"apply {connectors.Length}");

    public Task<CommandResult> PauseAsync(ConnectorId connector, string why, CancellationToken cancellation) => Ask($"pause {connector}: {why}");

    public Task<CommandResult> ResumeAsync(ConnectorId connector, CancellationToken cancellation) => Ask($"resume {connector}");

    public Task<CommandResult> SyncAsync(ConnectorId connector, SyncScope scope, CancellationToken cancellation) => Ask($"sync {connector} {scope}");

    public Task<CommandResult> ApprovePlanAsync(ConnectorId connector, string planId, CancellationToken cancellation) => Ask($"approve {connector} {planId}");

    public Task<CommandResult> RejectPlanAsync(ConnectorId connector, string planId, CancellationToken cancellation) => Ask($"reject {connector} {planId}");

    public Task<ImmutableArray<MappingView>?> GetMappingAsync(ConnectorId connector, CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<MappingView>?>(connector.Value == "binance-1"
            ? [new MappingView(new SymbolName("BTCUSD"), new InstrumentId("BTC/USDT"), 1m, "exact", "base and quote agree")]
            : null);

    public Task<CommandResult> SetMappingAsync(ConnectorId connector, MappingOverride mapping, CancellationToken cancellation) =>
        Ask($"map {connector} {mapping.Symbol} -> {mapping.Instrument?.Value ?? "none"} x{mapping.Scale}");

    public Task<CommandResult> ResetMappingAsync(ConnectorId connector, SymbolName? symbol, CancellationToken cancellation) =>
        Ask($"reset {connector} {symbol?.Value ?? "all"}");

    public Task<CommandResult> ReleaseStreamAsync(StreamId stream, CancellationToken cancellation) => Ask($"release {stream}");

    private Task<CommandResult> Ask(string what)
    {
        Asked.Add(what);
        return Task.FromResult(Answer);
    }
}
