namespace Akka.Actor;

/// <summary>Receives the answer of one <c>Ask</c>.</summary>
internal sealed class FutureActorRef<T>(ActorPath path, ActorSystemImpl? system) : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path { get; } = path;

    public Task<T> Answer => _answer.Task;

    public void Fail(Exception cause) => _answer.TrySetException(cause);

    public void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        var taken = message switch
        {
            T typed => _answer.TrySetResult(typed),
            Status.Failure failure => _answer.TrySetException(failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            _ => _answer.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]", nameof(message))),
        };
        // An answer that comes too late, or a second one, is not lost in silence; whoever cancelled does not want it.
        if (!taken && !_answer.Task.IsCanceled)
            system?.DeadLetters.Tell(message, this);
    }
}
