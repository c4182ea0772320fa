namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private TimeSpan? _receiveTimeout;
    private ICancelable? _receiveTimeoutTask;
    private TimerScheduler? _timers;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The receive timeout must be above zero, or null to end it.");
        CancelReceiveTimeout();
        _receiveTimeout = timeout;
    }

    /// <summary>Starts the timeout if none runs; <paramref name="reschedule"/> starts it anew.</summary>
    private void CheckReceiveTimeout(bool reschedule)
    {
        if (_receiveTimeout is not { } timeout || _terminated || (_receiveTimeoutTask is not null && !reschedule))
            return;
        CancelReceiveTimeout();
        _receiveTimeoutTask = System.Scheduler.ScheduleTellOnceCancelable(timeout, Self, Akka.Actor.ReceiveTimeout.Instance, Self);
    }

    private void CancelReceiveTimeout()
    {
        _receiveTimeoutTask?.Cancel();
        _receiveTimeoutTask = null;
    }
}
