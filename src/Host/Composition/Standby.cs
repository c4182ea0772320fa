using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Auth;
using CSMultiConnector.Portal.Ports;
using CSMultiConnector.Storage;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.Lease;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Host.Composition;

/// <summary>The lease, or why it cannot be had.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Problem">Why not.</param>
/// <param name="Waited">It stood by before.</param>
internal sealed record StandbyEnd(HostLease? Lease, StoreProblem? Problem, bool Waited);

/// <summary>
/// Waits for the right to trade with a database that several hosts share. Meanwhile nothing of the engine runs and no terminal is taken in; the
/// API answers probes and says who trades.
/// </summary>
internal sealed class Standby(HostPlan plan, DataFolder folder, ILoggerFactory logs, TimeProvider time)
{
    private readonly ILogger _logger = logs.CreateLogger<Standby>();
    private readonly StandbyPorts _ports = new(folder.Root, time);

    /// <summary>Ends when the right is ours. A database that cannot be asked at first is a problem, later a reason to wait.</summary>
    public async Task<StandbyEnd> WaitAsync(X509Certificate2? certificate, string? token, CancellationToken cancellation)
    {
        var options = new LeaseOptions { Duration = plan.Settings.LeaseDuration };
        var seat = new LeaseSeat(plan.Settings.Postgres!, HostFacts.Owner, options, time, logs.CreateLogger<HostLease>());
        var look = await seat.TryTakeAsync(cancellation);
        if (look.Lease is not null || (look.Problem is not null && !plan.Patient)) return new StandbyEnd(look.Lease, look.Problem, Waited: false);

        Show(look);
        await using var api = token is null ? null : Build(plan.Settings, certificate, token);
        if (api is not null)
        {
            await api.StartAsync(cancellation);
            plan.Say?.Invoke($"Standing by: {_ports.Lease.Text}; the API listens on {PublishedApi.Publish(api, folder, certificate)}");
        }

        while (look.Lease is null)
        {
            await seat.PauseAsync(look.Holder, cancellation);
            look = await seat.TryTakeAsync(cancellation);
            Show(look);
        }

        _logger.LogWarning("Taking over: the right to trade is ours, epoch {Epoch}", look.Lease.Epoch);
        if (api is not null) await api.StopAsync(cancellation);
        return new StandbyEnd(look.Lease, null, Waited: true);
    }

    private void Show(LeaseLook look)
    {
        var text = look.Problem?.Text ?? (look.Holder is { Owner.Length: > 0 } other ? $"{other.Owner} trades with this database" : "nobody trades at the moment");
        if (look.Lease is null && text != _ports.Lease.Text) _logger.LogWarning("Standing by: {Text}", text);
        _ports.Lease = new LeaseDto(
            LeaseDto.Standby, look.Holder?.Owner ?? "", look.Holder?.Epoch, look.Holder is { } holder ? time.GetUtcNow() + holder.Left : null, text);
    }

    private WebApplication Build(HostSettings settings, X509Certificate2? certificate, string token)
    {
        var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        web.Services.AddSingleton(logs);
        web.Services.AddLogging();
        web.Services.AddSingleton(time);
        web.Services.AddSingleton<IHostLifetime, NoSignals>();
        web.Services.AddSingleton<Actors.Control.IControlPlane>(_ports);
        web.Services.AddSingleton<IHostFacts>(_ports);
        web.Services.AddSingleton<IExplanations>(_ports);
        web.Services.AddSingleton<IFeedClientAdministration>(_ports);
        HostBuilding.AddApi(web, settings, certificate, new ApiToken(token));
        return HostBuilding.MapApi(web);
    }
}
