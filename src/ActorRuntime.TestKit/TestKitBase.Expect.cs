using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Expects a message of a type.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(duration, hint, cancellationToken));

    /// <summary>Expects a message of a type.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            duration,
            hint,
            static (_, _) => { },
            cancellationToken);

    /// <summary>Expects a message equal to this one.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(message, timeout, hint, cancellationToken));

    /// <summary>Expects a message equal to this one.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, _) => _assertions.AssertEqual(message, m, Text(hint)),
            cancellationToken);

    /// <summary>Expects a message of a type that the predicate accepts.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(isMessage, timeout, hint, cancellationToken));

    /// <summary>Expects a message of a type that the predicate accepts.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, _) => _assertions.AssertTrue(isMessage(m), "Got a message of the expected type <{2}>. Also expected the predicate to return true, but it did not accept the message {0}. {1}", m, hint, typeof(T)),
            cancellationToken);

    /// <summary>Expects a message of a type and asserts on it.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(assert, timeout, hint, cancellationToken));

    /// <summary>Expects a message of a type and asserts on it.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, _) => assert(m),
            cancellationToken);

    /// <summary>Expects a message of a type that the predicate accepts together with its sender.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(isMessageAndSender, timeout, hint, cancellationToken));

    /// <summary>Expects a message of a type that the predicate accepts together with its sender.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, s) => _assertions.AssertTrue(isMessageAndSender(m, s), "Got a message of the expected type <{2}>. Also expected the predicate to return true, but it did not accept the message {0}. {1}", m, hint, typeof(T)),
            cancellationToken);

    /// <summary>Expects a message of a type and asserts on it and its sender.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(assertMessageAndSender, timeout, hint, cancellationToken));

    /// <summary>Expects a message of a type and asserts on it and its sender.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, s) => assertMessageAndSender(m, s),
            cancellationToken);

    /// <summary>Expects a message that the comparer finds equal to this one.</summary>
    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(expected, comparer, timeout, hint, cancellationToken));

    /// <summary>Expects a message that the comparer finds equal to this one.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, _) => _assertions.AssertEqual(expected, m, comparer, Text(hint)),
            cancellationToken);

    /// <summary>Expects a message of a type from a sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(sender, duration, hint, cancellationToken));

    /// <summary>Expects a message of a type from a sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            duration,
            hint,
            (_, s) => AssertSender(sender, s, hint),
            cancellationToken);

    /// <summary>Expects a message equal to this one from a sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(sender, message, timeout, hint, cancellationToken));

    /// <summary>Expects a message equal to this one from a sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, s) =>
            {
                AssertSender(sender, s, hint);
                _assertions.AssertEqual(message, m, Text(hint));
            },
            cancellationToken);

    /// <summary>Expects a message of a type that the predicate accepts from a sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgFromAsync<T>(sender, isMessage, timeout, hint, cancellationToken));

    /// <summary>Expects a message of a type that the predicate accepts from a sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(
            timeout,
            hint,
            (m, s) =>
            {
                AssertSender(sender, s, hint);
                _assertions.AssertTrue(isMessage(m), "The predicate did not accept the message {0}. {1}", m, hint);
            },
            cancellationToken);

    /// <summary>Expects an actor's end.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Wait(ExpectTerminatedAsync(target, timeout, hint, cancellationToken));

    /// <summary>Expects an actor's end.</summary>
    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<Terminated>(timeout, hint, (t, _) => _assertions.AssertEqual(target, t.ActorRef, Text(hint)), cancellationToken);

    /// <summary>Expects that no message comes.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => ExpectNoMsgAsync(cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects that no message comes for a time.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(duration, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects that no message comes for a time.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Expects that no message comes.</summary>
    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => ExpectNoMessage(RemainingOrDefault, cancellationToken);

    /// <summary>Expects that no message comes for a time.</summary>
    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNoMessage(Dilated(duration), cancellationToken);

    /// <summary>Expects that no message comes for a time.</summary>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Expects a message that is one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAnyOfAsync(messages, cancellationToken));

    /// <summary>Expects a message that is one of these.</summary>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) => Expect<T>(
        null,
        null,
        (m, _) => _assertions.AssertTrue(messages.Contains(m), "not found {0} in ({1})", m, string.Join(", ", messages)),
        cancellationToken);

    /// <summary>Expects these messages in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectMsgAllOf((IReadOnlyCollection<T>)messages);

    /// <summary>Expects these messages in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Wait(ExpectAll(RemainingOrDefault, messages, cancellationToken));

    /// <summary>Expects these messages in any order within a time.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        ExpectMsgAllOf(max, (IReadOnlyCollection<T>)messages);

    /// <summary>Expects these messages in any order within a time.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Wait(ExpectAll(Dilated(max), messages, cancellationToken));

    private static string Text(string? hint) => hint ?? string.Empty;

    private void AssertSender(IActorRef expected, IActorRef actual, string? hint) =>
        _assertions.AssertEqual(expected, actual, static (e, a) => e.Equals(a), Text(hint));

    private async ValueTask<T> Expect<T>(TimeSpan? timeout, string? hint, Action<T, IActorRef> assert, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        var (found, envelope) = await TryReceiveOneAsync(timeout, cancellationToken).ConfigureAwait(false);
        if (!found)
            _assertions.Fail("Failed: Timeout {0} while waiting for a message of type {1} {2}", limit, typeof(T), hint);
        if (envelope.Message is not T typed)
        {
            _assertions.Fail(
                "Failed: Expected a message of type {0}, but received {{{1}}} (type {2}) instead {3} from {4}",
                typeof(T),
                envelope.Message,
                envelope.Message!.GetType(),
                hint,
                envelope.Sender);
            throw new InvalidOperationException("A failed assertion must throw.");
        }
        assert(typed, envelope.Sender);
        return typed;
    }

    private async ValueTask ExpectNoMessage(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (_queue.Reader.TryRead(out var envelope) || duration == TimeSpan.Zero)
        {
            AssertNone(envelope, duration);
            return;
        }
        using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        expiry.CancelAfter(duration);
        try
        {
            AssertNone(await _queue.Reader.ReadAsync(expiry.Token).ConfigureAwait(false), duration);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _lastMessage = NullMessageEnvelope.Instance;
        }
    }

    private void AssertNone(MessageEnvelope? envelope, TimeSpan duration)
    {
        if (envelope is not null)
            _assertions.Fail("Failed: Expected no messages during {0}, instead we received {1}", duration, envelope);
    }

    private async ValueTask<IReadOnlyCollection<T>> ExpectAll<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken)
    {
        var received = new List<object>();
        await foreach (var message in ReceiveAll(messages.Count, max, cancellationToken).ConfigureAwait(false))
            received.Add(message);
        var missing = messages.Where(m => !received.Contains(m!)).ToArray();
        var unexpected = received.Where(r => r is not T typed || !messages.Contains(typed)).ToArray();
        _assertions.AssertTrue(
            missing.Length == 0 && unexpected.Length == 0,
            "not found [{0}], found unexpected [{1}]",
            string.Join(", ", missing),
            string.Join(", ", unexpected));
        return received.Cast<T>().ToArray();
    }
}
