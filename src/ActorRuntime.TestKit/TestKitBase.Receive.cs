using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Takes the next message, or null after <paramref name="max"/>.</summary>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Wait(ReceiveOneAsync(max, cancellationToken));

    /// <summary>Takes the next message, or null after <paramref name="max"/>.</summary>
    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TryReceiveOneAsync(max, cancellationToken).ConfigureAwait(false)).Envelope.Message;

    /// <summary>Takes the next message; false when none came in time.</summary>
    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        (var found, envelope) = Wait(TryReceiveOneAsync(max, cancellationToken));
        return found;
    }

    /// <summary>Takes the next message; false when none came in time. Zero looks at once, an infinite time waits for ever.</summary>
    public async ValueTask<(bool Success, MessageEnvelope Envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        if (!_queue.Reader.TryRead(out var envelope) && limit != TimeSpan.Zero)
        {
            using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (limit != Timeout.InfiniteTimeSpan)
                expiry.CancelAfter(limit);
            try
            {
                envelope = await _queue.Reader.ReadAsync(expiry.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                envelope = null;
            }
        }
        _lastMessage = envelope ?? NullMessageEnvelope.Instance;
        return (envelope is not null, _lastMessage);
    }

    /// <summary>Takes so many messages.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Collect(ReceiveNAsync(numberOfMessages, cancellationToken));

    /// <summary>Takes so many messages within a time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Collect(ReceiveNAsync(numberOfMessages, max, cancellationToken));

    /// <summary>Takes so many messages.</summary>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveAll(numberOfMessages, RemainingOrDefault, cancellationToken);

    /// <summary>Takes so many messages within a time.</summary>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        ReceiveAll(numberOfMessages, Dilated(max), cancellationToken);

    /// <summary>Takes messages as long as the filter gives something, and gives that.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhile(filter, max, null, msgs, cancellationToken);

    /// <summary>Takes messages as long as the filter gives something and none is later than <paramref name="idle"/> after the one before, and gives that.</summary>
    /// <remarks>The message that ends it stays the next one.</remarks>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => Wait(ReceiveWhileCore(filter, max, idle, msgs, cancellationToken));

    /// <summary>Takes messages until one is accepted, and gives that.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Wait(FishForMessageAsync<object>(isMessage, max, hint, cancellationToken));

    /// <summary>Takes messages until one of the type is accepted, and gives that.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Wait(FishForMessageAsync(isMessage, max, hint, cancellationToken));

    /// <summary>Takes messages until one is accepted, and gives that.</summary>
    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    /// <summary>Takes messages until one of the type is accepted, and gives that.</summary>
    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        while (true)
        {
            var left = limit == Timeout.InfiniteTimeSpan ? limit : Max(end - Now, TimeSpan.Zero);
            var (found, envelope) = await TryReceiveOneAsync(left, cancellationToken).ConfigureAwait(false);
            if (!found)
                _assertions.Fail("Timeout ({0}) during fishForMessage, hint: {1}", limit, hint);
            if (envelope.Message is T typed && isMessage(typed))
                return typed;
        }
    }

    private static T Wait<T>(ValueTask<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static IReadOnlyCollection<object> Collect(IAsyncEnumerable<object> messages)
    {
        return Wait(CollectAll(messages));

        static async ValueTask<List<object>> CollectAll(IAsyncEnumerable<object> messages)
        {
            var all = new List<object>();
            await foreach (var message in messages.ConfigureAwait(false))
                all.Add(message);
            return all;
        }
    }

    private async IAsyncEnumerable<object> ReceiveAll(int count, TimeSpan max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = Now + max;
        for (var i = 0; i < count; i++)
        {
            var (found, envelope) = await TryReceiveOneAsync(Max(end - Now, TimeSpan.Zero), cancellationToken).ConfigureAwait(false);
            if (!found)
                _assertions.Fail("Timeout ({0}) while expecting {1} messages. Only got {2}.", max, count, i);
            yield return envelope.Message!;
        }
    }

    private async ValueTask<IReadOnlyList<T>> ReceiveWhileCore<T>(
        Func<object, T?> filter, TimeSpan? max, TimeSpan? idle, int msgs, CancellationToken cancellationToken)
        where T : class
    {
        var end = Now + RemainingOrDilated(max);
        var accepted = new List<T>();
        while (accepted.Count < msgs && Now < end)
        {
            // Looked at first and taken when accepted: the one that ends it must stay.
            var left = Max(end - Now, TimeSpan.Zero);
            using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            expiry.CancelAfter(idle is { } pause && pause < left ? pause : left);
            try
            {
                await _queue.Reader.WaitToReadAsync(expiry.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }
            if (!_queue.Reader.TryPeek(out var envelope) || filter(envelope.Message!) is not { } wanted)
                break;
            _queue.Reader.TryRead(out _);
            _lastMessage = envelope;
            accepted.Add(wanted);
        }
        return accepted;
    }
}
