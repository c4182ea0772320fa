namespace Akka.Actor;

/// <summary>Sending a message and awaiting its answer.</summary>
public static class Futures
{
    /// <summary>Asks, and gives whatever comes back. Without a timeout it waits as long as <c>akka.actor.ask-timeout</c> says.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks until cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks within a timeout, until cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks for an answer of a type.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks for an answer of a type until cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks for an answer of a type within a timeout of real time.</summary>
    /// <remarks>The task fails with <see cref="AskTimeoutException"/>, with the cause of a <see cref="Status.Failure"/>, or with <see cref="ArgumentException"/> for another type.</remarks>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>Asks with a message that contains the reference to answer to.</summary>
    public static async Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(messageFactory);
        var system = SystemOf(self);
        var future = new FutureActorRef<T>(system?.TempPath() ?? Nobody.Instance.Path, system);
        var wait = timeout ?? system?.Settings.AskTimeout ?? Timeout.InfiniteTimeSpan;
        using var expiry = wait == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(wait);
        using var onExpiry = expiry?.Token.UnsafeRegister(
            static state =>
            {
                var (future, wait) = ((FutureActorRef<T>, TimeSpan))state!;
                future.Fail(new AskTimeoutException($"Timeout after {wait.TotalSeconds} seconds"));
            },
            (future, wait));
        using var onCancel = cancellationToken.UnsafeRegister(
            static (state, token) => ((FutureActorRef<T>)state!).Cancel(token), future);
        self.Tell(messageFactory(future), future);
        // Not through the mailbox of an actor that asks: the clean-up must happen even when that one is gone.
        return await future.Answer.ConfigureAwait(false);
    }

    private static ActorSystemImpl? SystemOf(ICanTell target) => target switch
    {
        LocalActorRef local => local.Cell.System,
        ActorSelection selection => SystemOf(selection.Anchor),
        RootActorRef root => root.System,
        _ => ActorCell.Current?.System,
    };
}
