namespace Akka.Actor;

/// <summary>Brings the result of a task into a mailbox: the value, or <see cref="Status.Failure"/> with the exception.</summary>
public static class PipeToSupport
{
    /// <summary>Sends the task's value, or what <paramref name="success"/> or <paramref name="failure"/> makes of the outcome.</summary>
    public static Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, recipient, sender, success, failure);

    /// <summary>Sends the task's value, or what <paramref name="success"/> or <paramref name="failure"/> makes of the outcome.</summary>
    public static Task PipeTo<T>(
        this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe.AsTask(), recipient, sender, success, failure);

    /// <summary>Sends what <paramref name="success"/> makes, if given, or the failure.</summary>
    public static Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, recipient, sender, success, failure);

    /// <summary>Sends what <paramref name="success"/> makes, if given, or the failure.</summary>
    public static Task PipeTo(
        this ValueTask taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe.AsTask(), recipient, sender, success, failure);

    // The outcome is sent from wherever the task ends, never inside the actor that pipes: that one may be busy or gone.
    private static async Task Pipe<T>(
        Task<T> task, ICanTell recipient, IActorRef? sender, Func<T, object>? success, Func<Exception, object>? failure)
    {
        ArgumentNullException.ThrowIfNull(task);
        object outcome;
        try
        {
            var value = await task.ConfigureAwait(false);
            outcome = success is null ? value! : success(value);
        }
        catch (Exception e)
        {
            outcome = failure is null ? new Status.Failure(e) : failure(e);
        }
        recipient.Tell(outcome, sender);
    }

    private static async Task Pipe(
        Task task, ICanTell recipient, IActorRef? sender, Func<object>? success, Func<Exception, object>? failure)
    {
        ArgumentNullException.ThrowIfNull(task);
        object? outcome;
        try
        {
            await task.ConfigureAwait(false);
            outcome = success?.Invoke();
        }
        catch (Exception e)
        {
            outcome = failure is null ? new Status.Failure(e) : failure(e);
        }
        if (outcome is not null)
            recipient.Tell(outcome, sender);
    }
}
