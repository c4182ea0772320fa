using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>When the block of <c>Within</c> ends, on the kit's clock; null outside one.</summary>
    private TimeSpan? _end;

    /// <summary>What is left of the block of <c>Within</c>.</summary>
    /// <exception cref="InvalidOperationException">The test is in no such block.</exception>
    public TimeSpan Remaining => _end is { } end
        ? Max(end - Now, TimeSpan.Zero)
        : throw new InvalidOperationException(@"Remaining may not be called outside of ""within""");

    /// <summary>What is left of the block of <c>Within</c>; outside one the time for a single message.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>A time multiplied by the settings' factor for slow machines.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration == Timeout.InfiniteTimeSpan ? duration : duration * TestKitSettings.TestTimeFactor;

    /// <summary>The given time, dilated; else <see cref="RemainingOrDefault"/>.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration switch
    {
        null => RemainingOrDefault,
        { } given when given == Timeout.InfiniteTimeSpan => given,
        { } given when given < TimeSpan.Zero => throw new ArgumentOutOfRangeException(nameof(duration), duration, "Must be positive or zero."),
        { } given => Dilated(given),
    };

    /// <summary>The given time, else the default timeout; dilated.</summary>
    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => Dilated(timeout ?? TestKitSettings.DefaultTimeout);

    /// <summary>What is left of the block of <c>Within</c>, else the given time.</summary>
    protected TimeSpan RemainingOr(TimeSpan duration) => _end is null ? duration : Remaining;

    /// <summary>Runs a block that must end within a time; expectations in it get what is left.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take a time between two bounds.</summary>
    public void Within(
        TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within<object?>(
            min,
            max,
            () =>
            {
                action();
                return null;
            },
            hint,
            epsilonValue,
            cancellationToken);

    /// <summary>Runs a block that must end within a time, and gives its result.</summary>
    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take a time between two bounds, and gives its result.</summary>
    public T Within<T>(
        TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (start, outer) = Enter(max);
        try
        {
            var result = function();
            CheckElapsed(start, min, max, epsilonValue, hint);
            return result;
        }
        finally
        {
            _end = outer;
        }
    }

    /// <summary>Runs an async block that must end within a time; expectations in it get what is left.</summary>
    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync<object?>(
            max,
            async () =>
            {
                await actionAsync();
                return null;
            },
            epsilonValue,
            cancellationToken);

    /// <summary>Runs an async block that must end within a time, and gives its result.</summary>
    public async Task<T> WithinAsync<T>(
        TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (start, outer) = Enter(max);
        try
        {
            var result = await function();
            CheckElapsed(start, TimeSpan.Zero, max, epsilonValue, null);
            return result;
        }
        finally
        {
            _end = outer;
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until a condition holds, so long at most.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until a condition holds, so long at most.</summary>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), null, null, null, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until a condition holds, so long at most.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until a condition holds, so long at most.</summary>
    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken);

    /// <summary>Waits until a condition holds, so long at most.</summary>
    public async Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        while (!await conditionIsFulfilled().ConfigureAwait(false))
        {
            if (Now >= end)
                _assertions.Fail("Timeout ({0}) waiting for condition. {1}", limit, message);
            await Task.Delay(interval ?? Poll, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Repeats an assertion until it holds.</summary>
    public void AwaitAssert(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(assertion, duration, interval, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Repeats an assertion until it holds.</summary>
    public Task AwaitAssertAsync(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            duration,
            interval,
            cancellationToken);

    /// <summary>Repeats an assertion until it holds.</summary>
    public async Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(duration);
        while (true)
        {
            try
            {
                await assertion().ConfigureAwait(false);
                return;
            }
            catch (Exception) when (Now < end)
            {
                await Task.Delay(interval ?? Poll, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private (TimeSpan Start, TimeSpan? Outer) Enter(TimeSpan max)
    {
        var start = Now;
        var outer = _end;
        var end = start + Dilated(max);
        // An inner block cannot outlast the one around it.
        _end = outer is { } limit && limit < end ? limit : end;
        return (start, outer);
    }

    private void CheckElapsed(TimeSpan start, TimeSpan min, TimeSpan max, TimeSpan? epsilon, string? hint)
    {
        var elapsed = Now - start;
        if (elapsed < min)
            _assertions.Fail("block took {0}, should have been at least {1}. {2}", elapsed, min, hint);
        var limit = Dilated(max) + (epsilon ?? TimeSpan.Zero);
        if (elapsed > limit)
            _assertions.Fail("block took {0}, exceeding {1}. {2}", elapsed, limit, hint);
    }
}
