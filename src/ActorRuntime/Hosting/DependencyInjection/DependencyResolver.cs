using Akka.Actor;
using Akka.Actor.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.DependencyInjection;

/// <summary>A host's services, for actors.</summary>
public interface IDependencyResolver
{
    /// <summary>A service.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    T GetService<T>();

    /// <summary>A service.</summary>
    /// <param name="type">Its type.</param>
    object GetService(Type type);

    /// <summary>Props of an actor whose constructor takes the arguments and services.</summary>
    /// <param name="type">The actor's type.</param>
    /// <param name="args">The arguments that are no services.</param>
    Props Props(Type type, params object[] args);

    /// <summary>Props of an actor whose constructor takes services.</summary>
    /// <param name="type">The actor's type.</param>
    Props Props(Type type);

    /// <summary>Props of an actor whose constructor takes the arguments and services.</summary>
    /// <param name="args">The arguments that are no services.</param>
    /// <typeparam name="T">The actor's type.</typeparam>
    Props Props<T>(params object[] args) where T : ActorBase;
}

/// <summary>Services of a <see cref="IServiceProvider"/>.</summary>
public class ServiceProviderDependencyResolver : IDependencyResolver
{
    /// <summary>Wraps the provider.</summary>
    /// <param name="serviceProvider">The provider.</param>
    public ServiceProviderDependencyResolver(IServiceProvider serviceProvider) => ServiceProvider = serviceProvider;

    /// <summary>The provider.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <inheritdoc/>
    public T GetService<T>() => ServiceProvider.GetService<T>()!;

    /// <inheritdoc/>
    public object GetService(Type type) => ServiceProvider.GetService(type)!;

    /// <inheritdoc/>
    public Props Props(Type type, params object[] args) => Actor.Props.CreateBy(new ServiceActorProducer(ServiceProvider, type, args));

    /// <inheritdoc/>
    public Props Props(Type type) => Props(type, []);

    /// <inheritdoc/>
    public Props Props<T>(params object[] args) where T : ActorBase => Props(typeof(T), args);

    private sealed class ServiceActorProducer(IServiceProvider services, Type type, object[] args) : IIndirectActorProducer
    {
        public Type ActorType => type;

        public ActorBase Produce() => (ActorBase)ActivatorUtilities.CreateInstance(services, type, args);

        public void Release(ActorBase actor)
        {
        }
    }
}

/// <summary>Gives a system its host's services.</summary>
public class DependencyResolverSetup : Setup
{
    private DependencyResolverSetup(IDependencyResolver resolver) => DependencyResolver = resolver;

    /// <summary>The services.</summary>
    public IDependencyResolver DependencyResolver { get; }

    /// <summary>Services of a provider.</summary>
    /// <param name="provider">The provider.</param>
    public static DependencyResolverSetup Create(IServiceProvider provider) => new(new ServiceProviderDependencyResolver(provider));

    /// <summary>Services of a resolver.</summary>
    /// <param name="provider">The resolver.</param>
    public static DependencyResolverSetup Create(IDependencyResolver provider) => new(provider);
}

/// <summary>A system's access to its host's services.</summary>
public sealed class DependencyResolver : IExtension
{
    /// <summary>Wraps a resolver.</summary>
    /// <param name="resolver">The resolver.</param>
    public DependencyResolver(IDependencyResolver resolver) => Resolver = resolver;

    /// <summary>The services.</summary>
    public IDependencyResolver Resolver { get; }

    /// <summary>A system's access.</summary>
    /// <param name="actorSystem">The system.</param>
    public static DependencyResolver For(ActorSystem actorSystem) => actorSystem.WithExtension<DependencyResolver, DependencyResolverExtension>();

    /// <summary>Props of an actor whose constructor takes the arguments and services.</summary>
    /// <param name="args">The arguments that are no services.</param>
    /// <typeparam name="T">The actor's type.</typeparam>
    public Props Props<T>(params object[] args) where T : ActorBase => Resolver.Props<T>(args);

    /// <summary>Props of an actor whose constructor takes services.</summary>
    /// <typeparam name="T">The actor's type.</typeparam>
    public Props Props<T>() where T : ActorBase => Resolver.Props<T>();

    /// <summary>Props of an actor whose constructor takes services.</summary>
    /// <param name="type">The actor's type.</param>
    public Props Props(Type type) => Resolver.Props(type);

    /// <summary>Props of an actor whose constructor takes the arguments and services.</summary>
    /// <param name="type">The actor's type.</param>
    /// <param name="args">The arguments that are no services.</param>
    public Props Props(Type type, params object[] args) => Resolver.Props(type, args);
}

/// <summary>Makes a system's <see cref="DependencyResolver"/>.</summary>
public sealed class DependencyResolverExtension : ExtensionIdProvider<DependencyResolver>
{
    /// <inheritdoc/>
    public override DependencyResolver CreateExtension(ExtendedActorSystem system)
    {
        var setup = system.Settings.Setup.Get<DependencyResolverSetup>();
        return setup.HasValue
            ? new DependencyResolver(setup.Value.DependencyResolver)
            : throw new InvalidOperationException($"The actor system '{system.Name}' was made without a {nameof(DependencyResolverSetup)}. Add one to its setup.");
    }
}
