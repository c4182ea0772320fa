using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Hosting.Logging;
using Akka.Serialization;
using Akka.Util;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Starts actors.</summary>
/// <param name="system">The system.</param>
/// <param name="registry">Where they are registered.</param>
public delegate Task ActorStarter(ActorSystem system, IActorRegistry registry);

/// <summary>Starts actors that have dependencies.</summary>
/// <param name="system">The system.</param>
/// <param name="registry">Where they are registered.</param>
/// <param name="resolver">The host's services.</param>
public delegate Task ActorStarterWithResolver(ActorSystem system, IActorRegistry registry, IDependencyResolver resolver);

/// <summary>Runs after the actors were started.</summary>
/// <param name="system">The system.</param>
/// <param name="registry">Its registry.</param>
public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);

/// <summary>How configuration is joined with what is there.</summary>
public enum HoconAddMode
{
    /// <summary>What is there wins.</summary>
    Append,

    /// <summary>The new configuration wins.</summary>
    Prepend,

    /// <summary>Only the new configuration counts.</summary>
    Replace,
}

/// <summary>What a host's actor system is made of. Used once, before the host starts.</summary>
public sealed class AkkaConfigurationBuilder
{
    /// <summary>Setups given to the system; at most one of a type.</summary>
    public readonly HashSet<Setup> Setups = [];

    private readonly List<SerializerRegistration> _serializers = [];
    private readonly List<Type> _extensions = [];
    private readonly List<ActorStarterWithResolver> _starters = [];
    private readonly List<StartupTask> _startupTasks = [];

    /// <summary>Begins a configuration.</summary>
    /// <param name="serviceCollection">The host's services.</param>
    /// <param name="actorSystemName">The system's name.</param>
    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
    {
        ServiceCollection = serviceCollection;
        ActorSystemName = actorSystemName;
    }

    /// <summary>The configuration so far.</summary>
    public Option<Config> Configuration { get; private set; } = Option<Config>.None;

    internal IServiceCollection ServiceCollection { get; }

    internal string ActorSystemName { get; }

    /// <summary>Whether the system's log goes to the host's logger factory.</summary>
    internal bool UseHostLoggerFactory { get; set; }

    /// <summary>Adds a task that runs after all actors were started.</summary>
    /// <param name="startupTask">The task.</param>
    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask) => AddStartup((system, registry) =>
    {
        startupTask(system, registry);
        return Task.CompletedTask;
    });

    /// <summary>Adds a task that runs after all actors were started.</summary>
    /// <param name="startupTask">The task.</param>
    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        _startupTasks.Add(startupTask);
        return this;
    }

    /// <summary>Adds a starter of actors; starters run in the order in which they were added.</summary>
    /// <param name="starter">The starter.</param>
    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter) => StartActors((system, registry, _) =>
    {
        starter(system, registry);
        return Task.CompletedTask;
    });

    /// <summary>Adds a starter of actors; starters run in the order in which they were added.</summary>
    /// <param name="starter">The starter.</param>
    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry, IDependencyResolver> starter) => StartActors((system, registry, resolver) =>
    {
        starter(system, registry, resolver);
        return Task.CompletedTask;
    });

    /// <summary>Adds a starter of actors; starters run in the order in which they were added.</summary>
    /// <param name="starter">The starter.</param>
    public AkkaConfigurationBuilder StartActors(ActorStarter starter) => StartActors((system, registry, _) => starter(system, registry));

    /// <summary>Adds a starter of actors; starters run in the order in which they were added.</summary>
    /// <param name="starter">The starter.</param>
    public AkkaConfigurationBuilder StartActors(ActorStarterWithResolver starter)
    {
        _starters.Add(starter);
        return this;
    }

    /// <summary>Adds a serializer of a project's own types.</summary>
    /// <param name="serializerIdentifier">Its name.</param>
    /// <param name="boundTypes">What it serializes: types, their descendants, implementations of marker interfaces.</param>
    /// <param name="serializerFactory">Makes it.</param>
    public AkkaConfigurationBuilder WithCustomSerializer(
        string serializerIdentifier, IEnumerable<Type> boundTypes, Func<ExtendedActorSystem, Serializer> serializerFactory)
    {
        _serializers.Add(new SerializerRegistration(serializerIdentifier, [.. boundTypes], serializerFactory));
        return this;
    }

    /// <summary>Starts an extension with the system.</summary>
    /// <typeparam name="T">The extension's id.</typeparam>
    public AkkaConfigurationBuilder WithExtension<T>() where T : IExtensionId => WithExtensions(typeof(T));

    /// <summary>Starts extensions with the system.</summary>
    /// <param name="extensions">The extensions' ids, which have a constructor without parameters.</param>
    /// <exception cref="ArgumentException">A type is no extension id.</exception>
    public AkkaConfigurationBuilder WithExtensions(params Type[] extensions)
    {
        foreach (var type in extensions)
        {
            if (!typeof(IExtensionId).IsAssignableFrom(type) || type.IsAbstract || !type.IsClass)
                throw new ArgumentException($"'{type}' is not a class that implements {nameof(IExtensionId)}.", nameof(extensions));
            if (!_extensions.Contains(type)) _extensions.Add(type);
        }

        return this;
    }

    internal void AddSetup(Setup setup)
    {
        Setups.RemoveWhere(s => s.GetType() == setup.GetType());
        Setups.Add(setup);
    }

    internal void AddConfig(Config config, HoconAddMode mode) => Configuration = mode switch
    {
        HoconAddMode.Replace => config,
        _ when Configuration.IsEmpty => config,
        HoconAddMode.Append => Configuration.Value.WithFallback(config),
        HoconAddMode.Prepend => config.WithFallback(Configuration.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    internal ActorSystem Build(IServiceProvider services)
    {
        var bootstrap = BootstrapSetup.Create();
        if (Configuration.HasValue) bootstrap = bootstrap.WithConfig(Configuration.Value);
        AddSetup(DependencyResolverSetup.Create(services));
        if (UseHostLoggerFactory) AddSetup(new LoggerFactorySetup(services.GetRequiredService<ILoggerFactory>()));
        if (_serializers.Count > 0) AddSetup(SerializationSetup.Create(MakeSerializers));

        var setup = ActorSystemSetup.Create([bootstrap, .. Setups]);
        var system = ActorSystem.Create(ActorSystemName, setup);
        foreach (var extension in _extensions) system.RegisterExtension((IExtensionId)Activator.CreateInstance(extension)!);
        return system;
    }

    internal async Task StartAsync(ActorSystem system)
    {
        var registry = ActorRegistry.For(system);
        var resolver = DependencyResolver.For(system).Resolver;
        foreach (var starter in _starters) await starter(system, registry, resolver).ConfigureAwait(false);
        foreach (var task in _startupTasks) await task(system, registry).ConfigureAwait(false);
    }

    private ImmutableHashSet<SerializerDetails> MakeSerializers(ExtendedActorSystem system) =>
        [.. _serializers.Select(s => SerializerDetails.Create(s.Name, s.Factory(system), s.BoundTypes))];

    private sealed record SerializerRegistration(string Name, ImmutableHashSet<Type> BoundTypes, Func<ExtendedActorSystem, Serializer> Factory);
}
