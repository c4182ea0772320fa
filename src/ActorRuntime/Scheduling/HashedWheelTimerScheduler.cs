using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The scheduler of real time. Rests on the runtime's timers, which start and stop in constant time.</summary>
internal sealed class HashedWheelTimerScheduler : IScheduler, IAdvancedScheduler, IDisposable
{
    private readonly ILoggingAdapter _log;
    private readonly HashSet<Entry> _entries = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private bool _disposed;

    /// <summary>Makes a scheduler; made by the actor system.</summary>
    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log)
    {
        _ = scheduler;
        _log = log;
    }

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <inheritdoc/>
    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <inheritdoc/>
    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(_start);

    /// <inheritdoc/>
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        Schedule(delay, null, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Schedule(delay, null, receiver, message, sender, cancelable);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        Schedule(initialDelay, interval, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, receiver, message, sender, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Schedule(delay, null, null, action, null, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => Schedule(delay, null, null, action, null, null);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Schedule(delay, null, null, (Action)action.Run, null, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Schedule(delay, null, null, (Action)action.Run, null, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, null, action, null, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Schedule(initialDelay, interval, null, action, null, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, null, (Action)action.Run, null, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        Schedule(initialDelay, interval, null, (Action)action.Run, null, null);

    /// <summary>Calls all scheduled work off.</summary>
    public void Dispose()
    {
        Entry[] entries;
        lock (_entries)
        {
            _disposed = true;
            entries = [.. _entries];
            _entries.Clear();
        }
        foreach (var entry in entries)
            entry.Stop();
    }

    /// <param name="delay">Zero or more.</param>
    /// <param name="interval">Above zero; null for once.</param>
    /// <param name="receiver">Who gets <paramref name="work"/> as a message; null when it is an action to run.</param>
    /// <param name="work">The message or the action.</param>
    /// <param name="sender">The message's sender.</param>
    /// <param name="cancelable">Calls the work off.</param>
    private void Schedule(TimeSpan delay, TimeSpan? interval, ICanTell? receiver, object work, IActorRef? sender, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } period)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero, nameof(interval));
        if (cancelable is { IsCancellationRequested: true })
            return;
        var entry = new Entry(this, receiver, work, sender, cancelable, interval is not null);
        lock (_entries)
        {
            if (_disposed)
                throw new SchedulerException("The scheduler has been shut down.");
            _entries.Add(entry);
        }
        entry.Attach();
        entry.Start(delay, interval ?? Timeout.InfiniteTimeSpan);
    }

    private sealed class Entry(
        HashedWheelTimerScheduler owner, ICanTell? receiver, object work, IActorRef? sender, ICancelable? cancelable, bool repeats)
    {
        private Timer? _timer;
        private CancellationTokenRegistration _registration;
        private bool _stopped;

        public void Attach()
        {
            if (cancelable is Cancelable own)
                own.OnCancel(Remove);
            else if (cancelable is not null)
                _registration = cancelable.Token.UnsafeRegister(static state => ((Entry)state!).Remove(), this);
        }

        public void Start(TimeSpan delay, TimeSpan interval)
        {
            lock (this)
            {
                if (_stopped)
                    return;
                // The timer must not hold on to whatever context the caller had.
                var flows = !ExecutionContext.IsFlowSuppressed();
                if (flows)
                    ExecutionContext.SuppressFlow();
                _timer = new Timer(static state => ((Entry)state!).Fire(), this, delay, interval);
                if (flows)
                    ExecutionContext.RestoreFlow();
            }
        }

        public void Stop()
        {
            lock (this)
            {
                _stopped = true;
                _timer?.Dispose();
            }
        }

        public void Remove()
        {
            lock (owner._entries)
                owner._entries.Remove(this);
            Stop();
        }

        private void Fire()
        {
            if (!repeats)
            {
                Remove();
                (cancelable as Cancelable)?.Forget(Remove);
                _registration.Unregister();
            }
            if (cancelable is { IsCancellationRequested: true } || (repeats && _stopped))
                return;
            try
            {
                if (receiver is not null)
                    receiver.Tell(work, sender);
                else
                    ((Action)work)();
            }
            catch (Exception e)
            {
                owner._log.Error(e, "A scheduled action failed.");
            }
        }
    }
}
