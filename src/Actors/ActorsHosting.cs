using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using CSMultiConnector.Actors.Connectors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Storage.History;
using CSMultiConnector.Venues;
using Microsoft.Extensions.DependencyInjection;

namespace CSMultiConnector.Actors;

/// <summary>What the actors need from the composition root.</summary>
/// <param name="JournalConnectionString">Where the journal is.</param>
/// <param name="JournalProvider"><c>SQLite.MS</c> or <c>PostgreSQL.15</c>.</param>
/// <param name="Version">The host's version, shown in terminals.</param>
/// <param name="ProcessTag">The random tag of this process: part of each client order id.</param>
/// <param name="Gateways">Makes the gateway of a connector.</param>
/// <param name="History">Where the history goes; null = to the log only.</param>
/// <param name="Lease">The right to trade; null = nobody can take it.</param>
public sealed record ActorsSetup(
    string JournalConnectionString,
    string JournalProvider,
    string Version,
    string ProcessTag,
    Func<ConnectorSettings, IVenueGateway> Gateways,
    HistoryStore? History,
    IAccountLease? Lease = null);

/// <summary>Registers the actors; host and tests use the same registration.</summary>
public static class ActorsHosting
{
    /// <summary>The name of the actor system.</summary>
    public const string SystemName = "csmulticonnector";

    /// <summary>Adds the actor system, <see cref="IControlPlane"/> and <see cref="ITerminalHub"/>.</summary>
    public static IServiceCollection AddConnectorActors(this IServiceCollection services, Func<IServiceProvider, ActorsSetup> setup)
    {
        services.AddAkka(SystemName, (builder, provider) => builder
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithConnectorActors(setup(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IControlPlane, ControlPlane>();
        services.AddSingleton<ITerminalHub, TerminalHub>();
        return services;
    }

    /// <summary>Adds journal, serializer and the actors under <c>/user</c>: history, terminals, connectors.</summary>
    public static AkkaConfigurationBuilder WithConnectorActors(this AkkaConfigurationBuilder builder, ActorsSetup setup, TimeProvider time) => builder
        .WithSqlPersistence(setup.JournalConnectionString, setup.JournalProvider)
        .WithCustomSerializer("csmc-journal", JournalSerializer.Bindings, system => new JournalSerializer(system))
        .WithActors((system, registry) =>
        {
            var history = system.ActorOf(HistoryActor.Props(setup.History), "history");
            var terminals = system.ActorOf(TerminalsActor.Props(setup.Version, history), "terminals");
            var connectors = system.ActorOf(
                ConnectorsActor.Props(new ConnectorSurroundings(
                    setup.Gateways, setup.ProcessTag, new VersionCounter(), terminals, history, time, setup.Lease ?? UnlimitedLease.Instance)), "connectors");
            registry.Register<HistoryActor>(history);
            registry.Register<TerminalsActor>(terminals);
            registry.Register<ConnectorsActor>(connectors);
        });
}
