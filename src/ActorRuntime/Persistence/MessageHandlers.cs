namespace Akka.Persistence;

/// <summary>Handlers by message type, tried in the order in which they were added.</summary>
internal sealed class MessageHandlers
{
    private readonly List<Func<object, bool>> _handlers = [];
    private bool _takesAll;

    /// <summary>Adds a handler that says whether it handled the message.</summary>
    /// <exception cref="InvalidOperationException">An earlier handler takes every message.</exception>
    public void Add(Func<object, bool> handler)
    {
        if (_takesAll)
            throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
        _handlers.Add(handler);
    }

    /// <summary>Adds a handler of messages of a type that the predicate accepts.</summary>
    public void Add(Type type, Action<object> handler, Predicate<object>? shouldHandle)
    {
        Add(message =>
        {
            if (!type.IsInstanceOfType(message) || shouldHandle?.Invoke(message) == false) return false;
            handler(message);
            return true;
        });
        _takesAll |= type == typeof(object) && shouldHandle is null;
    }

    /// <summary>Gives the message to the first handler that takes it.</summary>
    public bool TryHandle(object message)
    {
        foreach (var handler in _handlers)
            if (handler(message)) return true;
        return false;
    }
}
