using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The configuration that a system starts with. Immutable.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config, Option<ProviderSelection> provider)
    {
        Config = config;
        ActorRefProvider = provider;
    }

    /// <summary>The configuration, if set.</summary>
    public Option<Config> Config { get; }

    /// <summary>How references are made, if set; this engine knows local ones only.</summary>
    public Option<ProviderSelection> ActorRefProvider { get; }

    /// <summary>A setup without settings.</summary>
    public static BootstrapSetup Create() => new(Option<Config>.None, Option<ProviderSelection>.None);

    /// <summary>The same with a configuration.</summary>
    public BootstrapSetup WithConfig(Config config) => new(config, ActorRefProvider);

    /// <summary>The same, with a configuration for what the present one lacks.</summary>
    public BootstrapSetup WithConfigFallback(Config config) => new(Config.HasValue ? Config.Value.WithFallback(config) : config, ActorRefProvider);

    /// <summary>The same with another way of making references.</summary>
    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, name);
}

/// <summary>How a system makes references.</summary>
public abstract class ProviderSelection
{
    private protected ProviderSelection()
    {
    }

    /// <summary>References to actors in this process.</summary>
    public sealed class Local : ProviderSelection
    {
        /// <summary>The only value.</summary>
        public static readonly Local Instance = new();

        private Local()
        {
        }
    }
}
