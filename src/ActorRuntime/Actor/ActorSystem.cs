using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share. Made with <see cref="Create(string)"/>.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    /// <summary>Made by the engine only.</summary>
    protected ActorSystem()
    {
    }

    /// <summary>The name.</summary>
    public abstract string Name { get; }

    /// <summary>The settings.</summary>
    public abstract Settings Settings { get; }

    /// <summary>The serializers.</summary>
    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>The bus of log events, dead letters and whatever actors publish.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Where messages go that nobody receives.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>The scheduler.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The system's own log.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>Completes when all actors have stopped.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>When the system was made, on its scheduler's monotonic clock.</summary>
    public TimeSpan StartTime { get; protected private set; }

    /// <summary>How long ago that is.</summary>
    public TimeSpan Uptime => Scheduler.MonotonicClock - StartTime;

    /// <summary>Makes a system with default settings.</summary>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>Makes a system.</summary>
    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));

    /// <summary>Makes a system.</summary>
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <summary>Makes a system.</summary>
    /// <exception cref="ArgumentException">The name is empty or has other characters than letters, digits, - and _.</exception>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!char.IsAsciiLetterOrDigit(name[0]) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-' or '_')", nameof(name));
        }
        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Stops an actor after its current message.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Ends the system: stops all actors, user actors first. Runs the coordinated shutdown if the settings say so.</summary>
    public abstract Task Terminate();

    /// <summary>Runs code once all actors have stopped.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Makes an extension known, made at most once.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>A registered extension.</summary>
    /// <exception cref="ArgumentException">It is not registered.</exception>
    public abstract object GetExtension(IExtensionId extensionId);

    /// <summary>A registered extension; null when there is none.</summary>
    public abstract T? GetExtension<T>()
        where T : class, IExtension;

    /// <summary>Whether an extension of a type is registered.</summary>
    public abstract bool HasExtension(Type type);

    /// <summary>Whether an extension of a type is registered.</summary>
    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    /// <summary>A registered extension, if any.</summary>
    public abstract bool TryGetExtension(Type extensionType, out object? extension);

    /// <summary>A registered extension, if any.</summary>
    public abstract bool TryGetExtension<T>(out T? extension)
        where T : class, IExtension;

    /// <summary>Ends the system without waiting.</summary>
    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A system as extensions see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    /// <summary>Made by the engine only.</summary>
    protected ExtendedActorSystem()
    {
    }

    /// <summary>Makes an actor that belongs to the system: it outlives all user actors.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <summary>Makes an actor that belongs to the system.</summary>
    public abstract IActorRef SystemActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new();
}

/// <summary>Making actors by type argument.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Makes a child of a type with a parameterless constructor.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>(), name);
}
