using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using CSMultiConnector.Actors.Connectors;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Actors.Control;

/// <summary>The control plane over the actors: the only place that asks them and waits.</summary>
public sealed class ControlPlane(IRequiredActor<ConnectorsActor> connectors, IRequiredActor<TerminalsActor> terminals, TimeProvider time) : IControlPlane
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_syncPatience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<HostStatus> GetStatusAsync(CancellationToken cancellation)
    {
        // Terminals first: a level that they have forwarded by then is in front of the question to the connectors.
        var seen = await Ask<Gathered<TerminalStatus>>(await terminals.GetAsync(cancellation), new GetTerminals(), s_patience, cancellation);
        var target = await connectors.GetAsync(cancellation);
        var running = await Ask<Gathered<ConnectorStatus>>(target, new GetConnectors(), s_patience, cancellation);
        return new HostStatus(
            time.GetUtcNow(),
            [.. seen.Answers.OrderBy(t => t.Terminal)],
            [.. running.Answers.OrderBy(c => c.Connector)],
            seen.Complete && running.Complete);
    }

    /// <inheritdoc/>
    public Task<CommandResult> ApplyConnectorsAsync(ImmutableArray<ConnectorSettings> settings, CancellationToken cancellation) =>
        Command(new ApplyConnectors(settings), cancellation);

    /// <inheritdoc/>
    public Task<CommandResult> PauseAsync(ConnectorId connector, string why, CancellationToken cancellation) =>
        Command(new Pause(connector, why), cancellation);

    /// <inheritdoc/>
    public Task<CommandResult> ResumeAsync(ConnectorId connector, CancellationToken cancellation) => Command(new Resume(connector), cancellation);

    /// <inheritdoc/>
    public Task<CommandResult> SyncAsync(ConnectorId connector, SyncScope scope, CancellationToken cancellation) =>
        Command(new SyncNow(connector, scope), cancellation);

    /// <inheritdoc/>
    public Task<CommandResult> ApprovePlanAsync(ConnectorId connector, string planId, CancellationToken cancellation) =>
        Command(new ApprovePlan(connector, planId), cancellation, s_syncPatience);

    /// <inheritdoc/>
    public Task<CommandResult> RejectPlanAsync(ConnectorId connector, string planId, CancellationToken cancellation) =>
        Command(new RejectPlan(connector, planId), cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableArray<MappingView>?> GetMappingAsync(ConnectorId connector, CancellationToken cancellation)
    {
        var answer = await Ask<object>(await connectors.GetAsync(cancellation), new GetMapping(connector), s_patience, cancellation);
        return answer is MappingReport report ? report.Mapping : null;
    }

    /// <inheritdoc/>
    public Task<CommandResult> SetMappingAsync(ConnectorId connector, MappingOverride mapping, CancellationToken cancellation) =>
        Command(new SetMapping(connector, mapping), cancellation);

    /// <inheritdoc/>
    public Task<CommandResult> ResetMappingAsync(ConnectorId connector, SymbolName? symbol, CancellationToken cancellation) =>
        Command(new ResetMapping(connector, symbol), cancellation);

    /// <inheritdoc/>
    public async Task<CommandResult> ReleaseStreamAsync(StreamId stream, CancellationToken cancellation) =>
        await AskResult(await terminals.GetAsync(cancellation), new ReleaseStream(stream), s_patience, cancellation);

    private async Task<CommandResult> Command(object command, CancellationToken cancellation, TimeSpan? patience = null) =>
        await AskResult(await connectors.GetAsync(cancellation), command, patience ?? s_patience, cancellation);

    private static async Task<CommandResult> AskResult(IActorRef actor, object question, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await Ask<CommandResult>(actor, question, patience, cancellation);
        }
        catch (AskTimeoutException)
        {
            return CommandResult.Unavailable("The command was handed over but not answered in time; look at the status before you repeat it.");
        }
    }

    private static Task<T> Ask<T>(IActorRef actor, object question, TimeSpan patience, CancellationToken cancellation) =>
        actor.Ask<T>(question, patience, cancellation);
}
