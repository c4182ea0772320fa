namespace Akka.Actor;

/// <summary>An actor with timers; the system sets them before the first message.</summary>
public interface IWithTimers
{
    /// <summary>The timers of this incarnation.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>
/// Messages to oneself at a later time, by key. They end with the incarnation; a timer that was cancelled or replaced
/// delivers nothing, even when its message waits in the mailbox already. For use inside the actor only.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>The keys of the timers that run.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Sends the message again and again.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Sends the message again and again, as if from <paramref name="sender"/>.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the message again and again, the first time after another delay.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Sends the message again and again, the first time after another delay, as if from <paramref name="sender"/>.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the message once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Sends the message once, as if from <paramref name="sender"/>.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    /// <summary>Whether a timer runs under this key.</summary>
    bool IsTimerActive(object key);

    /// <summary>Ends the timer of this key, if any.</summary>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}

/// <summary>What a timer puts into the mailbox; unwrapped when its timer is still the one that runs.</summary>
internal class TimerMessage(TimerScheduler owner, object key, long generation, object message)
    : IWrappedMessage, IAutoReceivedMessage, INoSerializationVerificationNeeded
{
    public TimerScheduler Owner { get; } = owner;

    public object Key { get; } = key;

    public long Generation { get; } = generation;

    public object Message { get; } = message;
}

internal sealed class TimerMessageNotInfluencingTimeout(TimerScheduler owner, object key, long generation, object message)
    : TimerMessage(owner, key, generation, message), INotInfluenceReceiveTimeout;

/// <summary>The timers of one incarnation.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, Entry> _timers = [];
    private long _generation;

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Start(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var entry))
            entry.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var entry in _timers.Values)
            entry.Task.Cancel();
        _timers.Clear();
    }

    /// <summary>The message of a timer that still runs; null for one that was cancelled, replaced or of an earlier incarnation.</summary>
    public object? Accept(TimerMessage timer)
    {
        if (!_timers.TryGetValue(timer.Key, out var entry) || entry.Generation != timer.Generation)
            return null;
        if (!entry.Periodic)
            _timers.Remove(timer.Key);
        return timer.Message;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        Cancel(key);
        var generation = ++_generation;
        var timer = message is INotInfluenceReceiveTimeout
            ? new TimerMessageNotInfluencingTimeout(this, key, generation, message)
            : new TimerMessage(this, key, generation, message);
        var scheduler = cell.System.Scheduler;
        var task = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, cell.Self, timer, sender)
            : scheduler.ScheduleTellOnceCancelable(delay, cell.Self, timer, sender);
        _timers[key] = new Entry(generation, interval is not null, task);
    }

    private readonly record struct Entry(long Generation, bool Periodic, ICancelable Task);
}
