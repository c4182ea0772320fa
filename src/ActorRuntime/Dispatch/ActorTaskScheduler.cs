using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Brings the continuations of one async handler back into its actor's turns.</summary>
/// <remarks>One a handler: it carries the message, the sender and the incarnation that the handler belongs to.</remarks>
internal sealed class ActorTaskScheduler(ActorCell cell, ActorBase? actor, object? message, IActorRef? sender) : TaskScheduler
{
    private bool _starting;

    public ActorCell Cell { get; } = cell;

    public object? Message { get; } = message;

    public IActorRef? Sender { get; } = sender;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>A handler that began while the incarnation was being made belongs to it as well.</summary>
    public bool IsFor(ActorBase? current) => current is not null && (actor is null || ReferenceEquals(actor, current));

    /// <summary>Runs the synchronous part of the handler on this thread.</summary>
    public void Start(Task task)
    {
        _starting = true;
        task.RunSynchronously(this);
        _starting = false;
    }

    public void Run(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task) => Cell.SendSystemMessage(new RunActorTask(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && (_starting || ReferenceEquals(Current, this)) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
