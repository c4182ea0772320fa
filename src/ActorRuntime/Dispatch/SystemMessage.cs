using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Steers an actor's life; overtakes user messages and is handled even while these are suspended.</summary>
/// <remarks>Linked into its queue through <see cref="Next"/>, so an instance is sent once only.</remarks>
internal abstract class SystemMessage
{
    internal SystemMessage? Next;

    /// <summary>Kept back while the actor is suspended by a failure.</summary>
    internal virtual bool StashWhenFailed => false;

    /// <summary>Kept back while the actor waits for its children to stop before it goes on.</summary>
    internal virtual bool StashWhenWaitingForChildren => false;
}

internal sealed class Create : SystemMessage;

internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;

    internal override bool StashWhenWaitingForChildren => true;
}

internal sealed class Suspend : SystemMessage
{
    internal override bool StashWhenWaitingForChildren => true;
}

internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; } = causedByFailure;

    internal override bool StashWhenWaitingForChildren => true;
}

internal sealed class Terminate : SystemMessage;

internal sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
{
    public IActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    /// <summary>Guards against a failure of an earlier incarnation of that name.</summary>
    public long Uid { get; } = uid;

    internal override bool StashWhenFailed => true;

    internal override bool StashWhenWaitingForChildren => true;
}

internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public IActorRef Actor { get; } = actor;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;
}

/// <summary>A piece of an async handler that is to run inside its actor.</summary>
internal sealed class RunActorTask(ActorTaskScheduler scheduler, Task task) : SystemMessage
{
    public ActorTaskScheduler Scheduler { get; } = scheduler;

    public Task Task { get; } = task;
}
