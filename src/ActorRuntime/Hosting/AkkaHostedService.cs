using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Starts the actor system with the host, ends it with the host, and ends the host when the system ends by itself.</summary>
public class AkkaHostedService : IHostedService
{
    /// <summary>The system; set by <see cref="StartAsync"/>.</summary>
    protected ActorSystem? ActorSystem;

    /// <summary>How the system is shut down; set by <see cref="StartAsync"/>.</summary>
    protected CoordinatedShutdown? CoordinatedShutdown;

    /// <summary>The host's services.</summary>
    protected readonly IServiceProvider ServiceProvider;

    /// <summary>What the system is made of.</summary>
    protected readonly AkkaConfigurationBuilder ConfigurationBuilder;

    /// <summary>Ends the host.</summary>
    protected readonly IHostApplicationLifetime? HostApplicationLifetime;

    /// <summary>The service's log.</summary>
    protected readonly ILogger<AkkaHostedService> Logger;

    /// <summary>Made by the host.</summary>
    /// <param name="configurationBuilder">What the system is made of.</param>
    /// <param name="serviceProvider">The host's services.</param>
    /// <param name="logger">The service's log.</param>
    /// <param name="applicationLifetime">Ends the host.</param>
    public AkkaHostedService(
        AkkaConfigurationBuilder configurationBuilder, IServiceProvider serviceProvider, ILogger<AkkaHostedService> logger,
        IHostApplicationLifetime? applicationLifetime)
    {
        ConfigurationBuilder = configurationBuilder;
        ServiceProvider = serviceProvider;
        Logger = logger;
        HostApplicationLifetime = applicationLifetime;
    }

    /// <inheritdoc/>
    public virtual async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            ActorSystem = ServiceProvider.GetRequiredService<ActorSystem>();
            CoordinatedShutdown = Akka.Actor.CoordinatedShutdown.Get(ActorSystem);
            await ConfigurationBuilder.StartAsync(ActorSystem).ConfigureAwait(false);
            _ = StopHostWithSystemAsync(ActorSystem);
        }
        catch (Exception e)
        {
            Logger.LogCritical(e, "Unable to start AkkaHostedService - shutting down application");
            HostApplicationLifetime?.StopApplication();
        }
    }

    /// <inheritdoc/>
    public virtual async Task StopAsync(CancellationToken cancellationToken)
    {
        // There is none when the start failed.
        if (CoordinatedShutdown is not null)
            await CoordinatedShutdown.Run(Akka.Actor.CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task StopHostWithSystemAsync(ActorSystem system)
    {
        await system.WhenTerminated.ConfigureAwait(false);
        HostApplicationLifetime?.StopApplication();
    }
}
