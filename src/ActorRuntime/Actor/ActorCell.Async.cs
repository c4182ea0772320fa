using Akka.Dispatch;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>Async handlers that have not ended; user messages wait for them.</summary>
    private int _awaiting;

    private bool _subscribed;

    /// <summary>The event stream notes that it must be told of this actor's end. Any thread.</summary>
    public void MarkSubscribed() => _subscribed = true;

    /// <summary>
    /// Runs an async handler: its synchronous part at once, the rest in later turns, with the current message and
    /// sender. No user message is handled until it ends; what it throws is a failure of the actor.
    /// </summary>
    public void RunTask(Func<Task> action)
    {
        var scheduler = new ActorTaskScheduler(this, _actor, _message, _sender);
        var start = new Task<Task>(action);
        scheduler.Start(start);
        var handler = start.GetAwaiter().GetResult() ?? Task.CompletedTask;
        if (handler.IsCompleted)
        {
            handler.GetAwaiter().GetResult();
            return;
        }
        _awaiting++;
        _mailbox.SetSuspended(true);
        _ = handler.ContinueWith(
            static (task, state) => ((ActorTaskScheduler)state!).Cell.FinishTask(task, (ActorTaskScheduler)state),
            scheduler,
            CancellationToken.None,
            TaskContinuationOptions.None,
            scheduler);
    }

    private void RunContinuation(RunActorTask message)
    {
        var scheduler = message.Scheduler;
        // An incarnation that is gone does not go on.
        if (!scheduler.IsFor(_actor))
            return;
        var (current, sender) = (_message, _sender);
        (_message, _sender) = (scheduler.Message, scheduler.Sender);
        scheduler.Run(message.Task);
        if (_awaiting == 0 && _failed is null)
            ClearMessage();
        else if (_failed is null)
            (_message, _sender) = (current, sender);
    }

    private void FinishTask(Task task, ActorTaskScheduler scheduler)
    {
        _awaiting--;
        UpdateSuspension();
        if (!task.IsCompletedSuccessfully)
            HandleInvokeFailure(task.Exception?.InnerException ?? new TaskCanceledException(task));
        CheckReceiveTimeout(reschedule: scheduler.Message is not INotInfluenceReceiveTimeout);
    }

    private void ForgetAwaiting()
    {
        _awaiting = 0;
        UpdateSuspension();
    }
}
