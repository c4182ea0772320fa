using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Expects described log events while something runs.</summary>
public interface IEventFilterApplier
{
    /// <summary>Describes further events that count as well.</summary>
    EventFilterFactory And { get; }

    /// <summary>Expects one event.</summary>
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects one event within a time.</summary>
    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects so many events.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects so many events within a time.</summary>
    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects one event.</summary>
    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Expects one event within a time.</summary>
    Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Expects so many events.</summary>
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Expects so many events within a time.</summary>
    Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);
}

internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<Predicate<object>> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(testkit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) => Expect(1, timeout, action, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, testkit.TestKitSettings.TestEventFilterLeeway, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default)
    {
        var counter = Subscribe();
        try
        {
            action();
            counter.Await(expectedCount, testkit.Dilated(timeout), cancellationToken).GetAwaiter().GetResult();
        }
        finally
        {
            system.EventStream.Unsubscribe(counter);
        }
        Check(expectedCount, timeout, counter.Count);
    }

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, testkit.TestKitSettings.TestEventFilterLeeway, actionAsync, cancellationToken);

    public async Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default)
    {
        var counter = Subscribe();
        try
        {
            await action();
            await counter.Await(expectedCount, testkit.Dilated(timeout), cancellationToken);
        }
        finally
        {
            system.EventStream.Unsubscribe(counter);
        }
        Check(expectedCount, timeout, counter.Count);
    }

    private EventCounter Subscribe()
    {
        var counter = new EventCounter(((ActorSystemImpl)system).TempPath(), filters);
        system.EventStream.Subscribe(counter, typeof(LogEvent));
        system.EventStream.Subscribe(counter, typeof(DeadLetter));
        return counter;
    }

    private void Check(int expected, TimeSpan timeout, int count)
    {
        if (count < expected)
            testkit.Assert.Fail("Timeout ({0}) while waiting for {1} matching log events. Only received {2}.", timeout, expected, count);
        else if (count > expected)
            testkit.Assert.Fail("Received {0} matching log events more than the {1} expected.", count - expected, expected);
    }
}

/// <summary>Counts the events that a filter accepts.</summary>
internal sealed class EventCounter(ActorPath path, IReadOnlyList<Predicate<object>> filters) : MinimalActorRef
{
    private readonly SemaphoreSlim _changed = new(0);
    private int _count;

    public override ActorPath Path { get; } = path;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Completes when the count is reached or the time is over.</summary>
    public async Task Await(int count, TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var seen = 0; seen < count; seen++)
        {
            if (!await _changed.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
                return;
        }
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (!filters.Any(f => f(message)))
            return;
        Interlocked.Increment(ref _count);
        _changed.Release();
    }
}
