namespace Akka.Actor;

/// <summary>Stopping an actor and awaiting its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/>; true once the actor has stopped.</summary>
    /// <exception cref="TaskCanceledException">It did not stop in time.</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => GracefulStop(target, timeout, PoisonPill.Instance);

    /// <summary>Sends a message that makes the actor stop; true once it has.</summary>
    /// <exception cref="TaskCanceledException">It did not stop in time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var expiry = new CancellationTokenSource(timeout);
        var watcher = new TerminationWatcher(target);
        target.AsInternal().SendSystemMessage(new Dispatch.Watch(target.AsInternal(), watcher));
        target.Tell(stopMessage, ActorRefs.NoSender);
        using (expiry.Token.UnsafeRegister(static (state, token) => ((TerminationWatcher)state!).Cancel(token), watcher))
            return await watcher.Ended.ConfigureAwait(false);
    }
}

/// <summary>Awaiting the end of an actor.</summary>
public static class WatchAsyncSupport
{
    /// <summary>True once the actor has stopped; false when cancelled before.</summary>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var watcher = new TerminationWatcher(target);
        target.AsInternal().SendSystemMessage(new Dispatch.Watch(target.AsInternal(), watcher));
        using (token.UnsafeRegister(static state => ((TerminationWatcher)state!).GiveUp(), watcher))
            return await watcher.Ended.ConfigureAwait(false);
    }
}

/// <summary>A watcher outside the tree of actors.</summary>
internal sealed class TerminationWatcher(IActorRef target) : MinimalActorRef
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>No two are equal, though none has a place: watchers are kept in sets.</summary>
    public override ActorPath Path { get; } = new ChildActorPath(
        Nobody.Instance.Path, "watcher", (target as LocalActorRef)?.Cell.System.NextUid() ?? 0);

    public Task<bool> Ended => _ended.Task;

    public void Cancel(CancellationToken token) => _ended.TrySetCanceled(token);

    public void GiveUp() => _ended.TrySetResult(false);

    internal override void SendSystemMessage(Dispatch.SystemMessage message)
    {
        if (message is Dispatch.DeathWatchNotification)
            _ended.TrySetResult(true);
    }
}
