namespace Akka.Actor;

/// <summary>Something that a message can be sent to.</summary>
public interface ICanTell
{
    /// <summary>Sends a message without waiting; it is handled at most once.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>A handle of one incarnation of an actor.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>
{
    /// <summary>Where the actor is, with the uid of its incarnation.</summary>
    ActorPath Path { get; }
}

/// <summary>Well-known references.</summary>
public static class ActorRefs
{
    /// <summary>Stands for "no actor" where a reference is expected.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>No sender: replies go to dead letters.</summary>
    public static readonly IActorRef? NoSender;
}

/// <summary>Helpers around <see cref="ActorRefs.Nobody"/>.</summary>
public static class ActorRefExtensions
{
    /// <summary>Whether the reference is null or <see cref="ActorRefs.Nobody"/>.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;

    /// <summary>The reference, or what <paramref name="elseValue"/> gives when it is nobody.</summary>
    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) =>
        actorRef is null or Nobody ? elseValue() : actorRef;
}

/// <summary>Sending with the current actor as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends a message; the sender is the actor whose message is being handled, if any.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.CurrentSelfOrNoSender);

    /// <summary>Passes a message on; the sender stays the one of the message being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.CurrentSenderOrNoSender);
}

/// <summary>What all references share: identity is path and uid.</summary>
public abstract class ActorRefBase : IActorRef, IComparable
{
    /// <summary>Makes a reference.</summary>
    protected ActorRefBase()
    {
    }

    /// <inheritdoc/>
    public abstract ActorPath Path { get; }

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException("Message is null.");
        TellInternal(message, sender);
    }

    /// <summary>Delivers a message that is known not to be null.</summary>
    protected abstract void TellInternal(object message, IActorRef? sender);

    /// <summary>Whether the other is the same incarnation of the same path.</summary>
    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path.Uid, Path.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is IActorRef other
        ? CompareTo(other)
        : throw new ArgumentException("Object must be an actor reference.", nameof(obj));

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other)
    {
        var byPath = Path.CompareTo(other?.Path);
        return byPath != 0 || other is null ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"[{Path}#{Path.Uid}]");
}

/// <summary>A reference inside this process.</summary>
public abstract class InternalActorRefBase : ActorRefBase, IInternalActorRef
{
    /// <summary>Makes a reference.</summary>
    protected InternalActorRefBase()
    {
    }

    internal abstract IInternalActorRef Parent { get; }

    internal abstract bool IsTerminated { get; }

    internal abstract void SendSystemMessage(Dispatch.SystemMessage message);

    internal abstract IActorRef GetChild(string name);

    bool IInternalActorRef.IsTerminated => IsTerminated;

    IInternalActorRef IInternalActorRef.Parent => Parent;

    void IInternalActorRef.SendSystemMessage(Dispatch.SystemMessage message) => SendSystemMessage(message);

    IActorRef IInternalActorRef.GetChild(string name) => GetChild(name);
}

/// <summary>A reference without an actor behind it; what is not overridden does nothing.</summary>
public abstract class MinimalActorRef : InternalActorRefBase
{
    /// <summary>Makes a reference.</summary>
    protected MinimalActorRef()
    {
    }

    internal override IInternalActorRef Parent => Nobody.Instance;

    internal override bool IsTerminated => false;

    internal override void SendSystemMessage(Dispatch.SystemMessage message)
    {
    }

    internal override IActorRef GetChild(string name) => Nobody.Instance;

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef? sender)
    {
    }
}

/// <summary>The reference that is no actor; messages to it vanish.</summary>
public sealed class Nobody : MinimalActorRef
{
    /// <summary>The only value.</summary>
    public static readonly Nobody Instance = new();

    private readonly RootActorPath _path = new(new Address("akka", "all-systems"), "/Nobody");

    private Nobody()
    {
    }

    /// <inheritdoc/>
    public override ActorPath Path => _path;
}
