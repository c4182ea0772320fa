using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time moves only when the test says so. One <see cref="Advance"/> delivers what was due when it began,
/// in the order of due times; something repeated is delivered once an advance and then counts from the new time.
/// </summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly object _lock = new();
    private readonly PriorityQueue<Item, (long Due, long Number)> _items = new();
    private DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private long _number;

    /// <summary>Makes a scheduler at the present time; made by the actor system.</summary>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _ = (schedulerConfig, log);

    /// <inheritdoc/>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
                return _now;
        }
    }

    /// <summary>Real time: advancing does not move it.</summary>
    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <summary>Real time: advancing does not move it.</summary>
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <summary>The time of the scheduler.</summary>
    protected DateTimeOffset TimeNow => Now;

    /// <summary>Moves time on and delivers what is due, on this thread.</summary>
    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        var due = new List<Item>();
        lock (_lock)
        {
            _now += offset;
            while (_items.TryPeek(out var item, out var key) && key.Due <= _now.UtcTicks)
            {
                _items.Dequeue();
                due.Add(item);
            }
        }
        foreach (var item in due)
        {
            if (item.Cancelable is { IsCancellationRequested: true })
                continue;
            if (item.Receiver is not null)
                item.Receiver.Tell(item.Work, item.Sender);
            else
                ((Action)item.Work)();
            if (item.Interval is { } interval && item.Cancelable is not { IsCancellationRequested: true })
                Add(interval, item);
        }
    }

    /// <summary>Moves time on to a moment and delivers what is due.</summary>
    /// <exception cref="InvalidOperationException">The moment is past.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        var offset = when - Now;
        if (offset < TimeSpan.Zero)
            throw new InvalidOperationException("You can't reverse time...");
        Advance(offset);
    }

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        Add(delay, new Item(receiver, message, sender, null, null));

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, new Item(receiver, message, sender, null, cancelable));

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        Add(initialDelay, new Item(receiver, message, sender, interval, null));

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(initialDelay, new Item(receiver, message, sender, interval, cancelable));

    /// <summary>Runs an action once. As in Akka.NET, this scheduler does not look at the handle of a single action.</summary>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => ScheduleOnce(delay, action);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, new Item(null, action, null, null, null));

    /// <summary>Runs work once. As in Akka.NET, this scheduler does not look at the handle of a single action.</summary>
    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => ScheduleOnce(delay, action.Run);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, IRunnable action) => ScheduleOnce(delay, action.Run);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, new Item(null, action, null, interval, cancelable));

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        ScheduleRepeatedly(initialDelay, interval, action.Run, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        ScheduleRepeatedly(initialDelay, interval, action.Run, null);

    private void Add(TimeSpan delay, Item item)
    {
        lock (_lock)
            _items.Enqueue(item, ((_now + delay).UtcTicks, _number++));
    }

    private sealed record Item(ICanTell? Receiver, object Work, IActorRef? Sender, TimeSpan? Interval, ICancelable? Cancelable);
}
