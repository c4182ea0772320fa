using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Finds actors by the type that stands for them.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    /// <summary>The actor, if it is registered.</summary>
    /// <param name="actor">The actor, or nobody.</param>
    /// <typeparam name="TKey">What stands for it.</typeparam>
    bool TryGet<TKey>(out IActorRef actor);

    /// <summary>The actor, if it is registered.</summary>
    /// <param name="key">What stands for it.</param>
    /// <param name="actor">The actor, or nobody.</param>
    bool TryGet(Type key, out IActorRef actor);

    /// <summary>The actor.</summary>
    /// <typeparam name="TKey">What stands for it.</typeparam>
    /// <exception cref="MissingActorRegistryEntryException">None is registered.</exception>
    IActorRef Get<TKey>();

    /// <summary>The actor, once it is registered.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <typeparam name="TKey">What stands for it.</typeparam>
    Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    /// <summary>The actor, once it is registered.</summary>
    /// <param name="key">What stands for it.</param>
    /// <param name="ct">Ends the wait.</param>
    Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);
}

/// <summary>Finds actors by the type that stands for them, and takes new ones.</summary>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <summary>Registers an actor.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="overwrite">Whether it may replace another.</param>
    /// <typeparam name="TKey">What stands for it.</typeparam>
    /// <exception cref="DuplicateActorRegistryException">Another is registered.</exception>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor; false when another is registered.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="overwrite">Whether it may replace another.</param>
    /// <typeparam name="TKey">What stands for it.</typeparam>
    bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor; false when another is registered.</summary>
    /// <param name="key">What stands for it.</param>
    /// <param name="actor">The actor.</param>
    /// <param name="overwrite">Whether it may replace another.</param>
    bool TryRegister(Type key, IActorRef actor, bool overwrite = false);
}

/// <summary>The actor that a type stands for, as a dependency.</summary>
/// <typeparam name="TActor">The type.</typeparam>
public interface IRequiredActor<TActor>
{
    /// <summary>The actor.</summary>
    /// <exception cref="MissingActorRegistryEntryException">None is registered yet.</exception>
    IActorRef ActorRef { get; }

    /// <summary>The actor, once it is registered.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}
