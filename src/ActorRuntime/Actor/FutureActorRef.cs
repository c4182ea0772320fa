namespace Akka.Actor;

/// <summary>Receives the answer of one <c>Ask</c>.</summary>
internal sealed class FutureActorRef<T>(ActorPath path) : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path { get; } = path;

    public Task<T> Answer => _answer.Task;

    public void Fail(Exception cause) => _answer.TrySetException(cause);

    public void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        switch (message)
        {
            case T typed:
                _answer.TrySetResult(typed);
                break;
            case Status.Failure failure:
                _answer.TrySetException(failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message."));
                break;
            default:
                _answer.TrySetException(new ArgumentException(
                    $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]", nameof(message)));
                break;
        }
    }
}
