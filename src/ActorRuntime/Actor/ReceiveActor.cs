namespace Akka.Actor;

/// <summary>An actor whose handlers are registered by message type, in the constructor and inside <c>Become</c>.</summary>
/// <remarks>The first handler that accepts a message handles it.</remarks>
public abstract class ReceiveActor : UntypedActor
{
    private List<Func<object, bool>>? _configuring;
    private readonly List<Func<object, bool>> _initial = [];
    private bool _closed;

    /// <summary>Called by the actor system only; derived constructors register the handlers.</summary>
    protected ReceiveActor() => _configuring = _initial;

    /// <summary>The handlers of the constructor.</summary>
    protected sealed override void OnReceive(object message) => Dispatch(_initial, message);

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> registers.</summary>
    protected void Become(Action configure) => base.Become(Build(configure));

    /// <summary>Puts the handlers that <paramref name="configure"/> registers on top of the stack.</summary>
    protected void BecomeStacked(Action configure) => base.BecomeStacked(Build(configure));

    /// <summary>Handles messages of a type.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        Add(message =>
        {
            if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed)))
                return false;
            handler(typed);
            return true;
        });
        CloseIfCatchAll(typeof(T), shouldHandle is null);
    }

    /// <summary>Handles messages of a type that the predicate accepts.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of a type; the handler says whether it did.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Add(message => message is T typed && handler(typed));

    /// <summary>Handles messages of a type.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
    {
        Add(message =>
        {
            if (!messageType.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message)))
                return false;
            handler(message);
            return true;
        });
        CloseIfCatchAll(messageType, shouldHandle is null);
    }

    /// <summary>Handles messages of a type that the predicate accepts.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Receive(messageType, handler, shouldHandle);

    /// <summary>Handles messages of a type; the handler says whether it did.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) => Add(message => messageType.IsInstanceOfType(message) && handler(message));

    /// <summary>Handles messages of a type asynchronously; no other message is handled until the task is done.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Receive(message => RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles messages of a type that the predicate accepts asynchronously.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of a type asynchronously.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Receive(messageType, message => RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles messages of a type that the predicate accepts asynchronously.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Handles whatever the handlers before it did not; no handler may follow it.</summary>
    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>Handles whatever the handlers before it did not, asynchronously; no handler may follow it.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync(handler);

    /// <summary>Ends the registration that the constructor began.</summary>
    internal void CloseConfiguration()
    {
        _configuring = null;
        _closed = false;
    }

    private UntypedReceive Build(Action configure)
    {
        var (outer, outerClosed) = (_configuring, _closed);
        var handlers = new List<Func<object, bool>>();
        (_configuring, _closed) = (handlers, false);
        try
        {
            configure();
        }
        finally
        {
            (_configuring, _closed) = (outer, outerClosed);
        }
        return message => Dispatch(handlers, message);
    }

    private void Dispatch(List<Func<object, bool>> handlers, object message)
    {
        foreach (var handler in handlers)
        {
            if (handler(message))
                return;
        }
        Unhandled(message);
    }

    private void Add(Func<object, bool> handler)
    {
        if (_configuring is null)
            throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");
        if (_closed)
            throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
        _configuring.Add(handler);
    }

    private void CloseIfCatchAll(Type type, bool unconditional) => _closed |= unconditional && type == typeof(object);
}
