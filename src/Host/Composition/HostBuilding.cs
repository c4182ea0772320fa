using System.Security.Cryptography.X509Certificates;
using CSMultiConnector.Actors;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Auth;
using CSMultiConnector.Portal.Ports;
using CSMultiConnector.Venues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Host.Composition;

/// <summary>Wires the services: the same for every use; the API comes on top where it is wanted.</summary>
internal static class HostBuilding
{
    public static IHost Build(
        HostPlan plan, HostStores stores, SecretGuard guard, ILoggerFactory logs, TimeProvider time, X509Certificate2? apiCertificate, string? apiToken)
    {
        if (apiToken is null)
        {
            var plain = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            AddHost(plain.Services, plan, stores, guard, logs, time);
            return plain.Build();
        }

        var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddHost(web.Services, plan, stores, guard, logs, time);
        AddApi(web, plan.Settings, apiCertificate, new ApiToken(apiToken));
        return MapApi(web);
    }

    /// <summary>What the API needs besides the ports behind it.</summary>
    public static void AddApi(WebApplicationBuilder web, HostSettings settings, X509Certificate2? certificate, ApiToken token)
    {
        web.Services.AddSingleton(token);
        web.Services.AddRoutingCore();
        web.Services.AddPortal();
        web.WebHost.UseKestrelCore();
        Listen(web.WebHost, settings.Api, certificate);
    }

    public static WebApplication MapApi(WebApplicationBuilder web)
    {
        var app = web.Build();
        app.UseRouting();
        app.MapPortal();
        return app;
    }

    /// <summary>Kestrel on one address, with limits that suit small commands.</summary>
    public static void Listen(IWebHostBuilder web, Listener listener, X509Certificate2? certificate)
    {
        if (certificate is not null) web.UseKestrelHttpsConfiguration();
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = PortalApi.MaxRequestBody;
            kestrel.Limits.MaxConcurrentConnections = 256;
            kestrel.Listen(listener.EndPoint, options =>
            {
                if (certificate is not null) options.UseHttps(certificate);
            });
        });
    }

    private static void AddHost(IServiceCollection services, HostPlan plan, HostStores stores, SecretGuard guard, ILoggerFactory logs, TimeProvider time)
    {
        services.AddSingleton(logs);
        services.AddLogging();
        services.AddSingleton(time);
        services.AddSingleton(guard);
        services.AddSingleton<IHostLifetime, NoSignals>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = plan.Settings.StopTimeout);

        services.AddSingleton(stores.Folder);
        services.AddSingleton(stores.Settings);
        services.AddSingleton(stores.Settings.Connectors);
        services.AddSingleton(stores.Settings.FeedClients);
        services.AddSingleton(stores.History);
        services.AddSingleton(stores.Paper);
        services.AddSingleton(stores.Lease);
        services.AddSingleton(plan.Venues);
        services.AddSingleton(p => new VenueServices(time, stores.Paper, p.GetRequiredService<IAccountLease>(), logs));
        services.AddSingleton<VenueGateways>();
        services.AddConnectorActors(provider => Actors(provider, plan, stores));

        services.AddSingleton<FeedClientsOverStore>();
        services.AddSingleton<IFeedClients>(p => p.GetRequiredService<FeedClientsOverStore>());
        services.AddSingleton<IFeedClientAdministration>(p => p.GetRequiredService<FeedClientsOverStore>());
        services.AddSingleton<IExplanations, ExplanationsOverHistory>();
        services.AddSingleton(new HostFacts(stores.Folder.Root, stores.Lease, time));
        services.AddSingleton<IHostFacts>(p => p.GetRequiredService<HostFacts>());
    }

    private static ActorsSetup Actors(IServiceProvider provider, HostPlan plan, HostStores stores)
    {
        var gateways = provider.GetRequiredService<VenueGateways>();
        return new ActorsSetup(
            plan.Settings.Postgres ?? $"Data Source={stores.Folder.JournalPath}",
            plan.Settings.Postgres is null ? "SQLite.MS" : "PostgreSQL.15",
            HostFacts.Version,
            stores.ProcessTag.Value,
            settings => plan.Watch is { } watch ? watch(settings, gateways.Create(settings)) : gateways.Create(settings),
            stores.History,
            stores.Lease);
    }
}

/// <summary>The command line listens for signals itself and then stops the host in order.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
