using System.Data.Common;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Storage;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.Lease;
using CSMultiConnector.Storage.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Serilog.Extensions.Logging;

namespace CSMultiConnector.Host.Composition;

/// <summary>
/// The parts of a host, started in order (folder, stores, actors, connectors, terminal server, API) and stopped in the opposite one:
/// terminals get their bye first, then connectors end, then stores close, and the folder is let go last.
/// </summary>
internal sealed class ConnectorHost : IAsyncDisposable
{
    private readonly HostStores _stores;
    private readonly Serilog.Core.Logger _log;
    private readonly ILogger _logger;
    private readonly IHost _host;
    private readonly TerminalServer _feed;
    private readonly TimeSpan _stopTimeout;
    private readonly TimeProvider _time;
    private bool _stopped;

    private ConnectorHost(HostStores stores, Serilog.Core.Logger log, ILogger logger, IHost host, TerminalServer feed, TimeSpan stopTimeout, TimeProvider time)
    {
        (_stores, _log, _logger, _host, _feed, _stopTimeout, _time) = (stores, log, logger, host, feed, stopTimeout, time);
        Control = host.Services.GetRequiredService<IControlPlane>();
    }

    /// <summary>What may be asked of the actors.</summary>
    public IControlPlane Control { get; }

    /// <summary>Where terminals connect.</summary>
    public IPEndPoint Feed => _feed.EndPoint;

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Logs => _host.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>The open stores.</summary>
    public HostStores Stores => _stores;

    /// <summary>Where the API listens; null without API.</summary>
    public Uri? Api { get; private set; }

    /// <summary>Cancelled when the right to trade is lost: stop, and stand by.</summary>
    public CancellationToken LeaseLost => _stores.Lease.Lost;

    /// <summary>Cancelled when the host ends by itself, for example because the actor system did.</summary>
    public CancellationToken Ended => _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    public static async Task<HostStart> StartAsync(HostPlan plan, TimeProvider time, CancellationToken cancellation)
    {
        var (feedCertificate, feedProblem) = Certificates.Load(plan.Settings.Feed.Certificate, "Feed", time);
        var (apiCertificate, apiProblem) = Certificates.Load(plan.Settings.Api.Certificate, "Api", time);
        if ((feedProblem ?? apiProblem) is { } certificateProblem) return new HostStart(null, certificateProblem, ExitCodes.BadInput);

        var folder = DataFolder.Open(plan.Settings.DataFolder, time);
        if (!folder.Ok) return new HostStart(null, folder.Problem.Text, ExitCodes.Failed);
        var guard = new SecretGuard();
        guard.Remember(plan.Settings.Feed.Certificate?.Password);
        guard.Remember(plan.Settings.Api.Certificate?.Password);
        var log = HostLog.Open(plan.Settings.Log, folder.Value.LogsPath, plan.Console, guard);
        var logs = new SerilogLoggerFactory(log);
        string? token = null;
        if (plan.Api)
        {
            (token, var tokenProblem) = ApiTokenFile.ReadOrMake(folder.Value);
            if (tokenProblem is not null) return await RefuseAsync(new HostStart(null, tokenProblem.Text, ExitCodes.Failed));
            guard.Remember(token);
        }

        IAccountLease lease = new FolderLease(folder.Value);
        var again = plan.Patient;
        if (plan.Settings.Postgres is { } postgres)
        {
            guard.Remember(new NpgsqlConnectionStringBuilder(postgres).Password);
            try
            {
                var turn = await new Standby(plan, folder.Value, logs, time).WaitAsync(apiCertificate, token, cancellation);
                if (turn.Lease is null) return await RefuseAsync(new HostStart(null, turn.Problem!.Text, ExitCodes.Failed, again));
                (lease, again) = (turn.Lease, again || turn.Waited);
                plan = plan with { Settings = plan.Settings with { Postgres = JournalFence.Under(postgres, turn.Lease.Epoch) } };
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return await RefuseAsync(new HostStart(null, "", ExitCodes.Ok));
            }
            catch (IOException e)
            {
                return await RefuseAsync(new HostStart(null, $"The host cannot start: {e.Message}", ExitCodes.Failed));
            }
        }

        var opened = await HostStores.OpenAsync(folder.Value, lease, plan.Settings, guard, time, logs, cancellation);
        if (!opened.Ok)
        {
            await log.DisposeAsync();
            return new HostStart(null, opened.Problem.Text, ExitCodes.Failed, again);
        }

        IHost? host = null;
        try
        {
            if (plan.Check is { } check && await check(opened.Value, cancellation) is { } refusal) return await GiveUpAsync(refusal, ExitCodes.BadInput);
            var (connectors, problem) = await TakeConnectorsAsync(plan, opened.Value, cancellation);
            if (problem is not null) return await GiveUpAsync(problem, ExitCodes.BadInput);
            if (plan.Prepare is { } prepare) await prepare(opened.Value, cancellation);
            await opened.Value.CatchUpHistoryAsync(plan.Settings, time, logs, cancellation);
            host = HostBuilding.Build(plan, opened.Value, guard, logs, time, apiCertificate, token);
            try
            {
                await host.StartAsync(cancellation);
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException || e.InnerException is AddressInUseException)
            {
                return await GiveUpAsync(CannotListen("API", "Api", plan.Settings.Api, e.InnerException ?? e), ExitCodes.Failed);
            }

            var feed = new TerminalServer(
                FeedOptions(plan.Settings.Feed, feedCertificate),
                host.Services.GetRequiredService<IFeedClients>(),
                host.Services.GetRequiredService<ITerminalHub>(),
                time,
                logs.CreateLogger<TerminalServer>(),
                HostFacts.Version);
            host.Services.GetRequiredService<FeedClientsOverStore>().Revoked += feed.EndSessionsOf;
            var running = new ConnectorHost(opened.Value, log, logs.CreateLogger<ConnectorHost>(), host, feed, plan.Settings.StopTimeout, time);
            host = null;
            return await running.OpenForBusinessAsync(connectors, plan, apiCertificate, cancellation);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or DbException)
        {
            return await GiveUpAsync($"The host cannot start: {e.Message}", ExitCodes.Failed) with { Again = again && e is DbException };
        }
        catch
        {
            await GiveUpAsync("", ExitCodes.Failed);
            throw;
        }

        async Task<HostStart> RefuseAsync(HostStart start)
        {
            PublishedApi.Withdraw(folder.Value);
            folder.Value.Dispose();
            await log.DisposeAsync();
            return start;
        }

        async Task<HostStart> GiveUpAsync(string problem, int exitCode)
        {
            if (host is not null) await DisposeHostAsync(host);
            await opened.Value.DisposeAsync();
            await log.DisposeAsync();
            return new HostStart(null, problem, exitCode);
        }
    }

    /// <summary>Stops gracefully within the time that the settings give, then closes what is open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        _logger.LogInformation("Stopping");
        using var patience = new CancellationTokenSource(_stopTimeout, _time);
        try
        {
            await _feed.StopAsync(patience.Token);
            await _host.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _logger.LogWarning("Not everything had ended within {Timeout}: the rest is cut off. Nothing is lost: what counts is in the journal", _stopTimeout);
        }

        if (Api is not null) PublishedApi.Withdraw(_stores.Folder);
        await _feed.DisposeAsync();
        await DisposeHostAsync(_host);
        _logger.LogInformation("Stopped");
        await _stores.DisposeAsync();
        await _log.DisposeAsync();
    }

    private static async ValueTask DisposeHostAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else host.Dispose();
    }

    private static async Task<(IReadOnlyList<StoredConnector> Connectors, string? Problem)> TakeConnectorsAsync(
        HostPlan plan, HostStores stores, CancellationToken cancellation)
    {
        if (plan.Connectors is { } given)
        {
            var import = await stores.Settings.Connectors.ImportAsync(OrganizationId.Local, given, ImportMode.DisableOthers, cancellation);
            if (!import.Ok) return ([], import.Problem.Text);
        }

        return (await stores.Settings.Connectors.ListAsync(OrganizationId.Local, cancellation), null);
    }

    private static string CannotListen(string what, string section, Listener listener, Exception why) =>
        $"The {what} cannot listen on {listener.EndPoint}: {why.Message}. Set {section}:Port to another port, or stop what uses it.";

    private static TerminalServerOptions FeedOptions(Listener listener, X509Certificate2? certificate) =>
        new() { Address = listener.Address, Port = listener.Port, Certificate = certificate };

    private async Task<HostStart> OpenForBusinessAsync(
        IReadOnlyList<StoredConnector> connectors, HostPlan plan, X509Certificate2? apiCertificate, CancellationToken cancellation)
    {
        foreach (var warning in _stores.Folder.Warnings) _logger.LogWarning("{Warning}", warning);
        foreach (var problem in await _host.Services.GetRequiredService<VenueGateways>().ReadCredentialsAsync(connectors, cancellation)) _logger.LogError("{Problem}", problem.Text);
        var applied = await Control.ApplyConnectorsAsync([.. connectors.Select(c => plan.Venues.WithDefaults(c.Settings))], cancellation);
        if (!applied.Ok) _logger.LogError("Connectors: {Text}", applied.Text);
        try
        {
            await _feed.StartAsync(cancellation);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            await DisposeAsync();
            return new HostStart(null, CannotListen("feed", "Feed", plan.Settings.Feed, e), ExitCodes.Failed);
        }

        _host.Services.GetRequiredService<HostFacts>().Feed = Feed.ToString();
        if (plan.Api) Api = PublishedApi.Publish(_host, _stores.Folder, apiCertificate);
        _logger.LogInformation(
            "Host {Version} is up: {Count} connectors, terminals connect to {Feed}{Tls}, API at {Api}, data in {Folder}",
            HostFacts.Version, connectors.Count, Feed, plan.Settings.Feed.Certificate is null ? "" : " (TLS)", Api, _stores.Folder.Root);
        return new HostStart(this, "", ExitCodes.Ok);
    }
}
