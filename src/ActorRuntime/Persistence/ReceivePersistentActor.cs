using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor whose command and event handlers are registered by type, in the constructor and inside <c>Become</c>.</summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly MessageHandlers _initialCommands = new();
    private readonly MessageHandlers _recoveries = new();
    private MessageHandlers? _configuring;

    /// <summary>Called by the actor system only; derived constructors register the handlers.</summary>
    protected ReceivePersistentActor() => _configuring = _initialCommands;

    /// <summary>Gives a command to the handlers of the constructor.</summary>
    /// <param name="message">The command.</param>
    protected sealed override void OnCommand(object message)
    {
        if (!_initialCommands.TryHandle(message)) Unhandled(message);
    }

    /// <summary>Gives a recovery message to its handlers.</summary>
    /// <param name="message">A <see cref="SnapshotOffer"/>, an event, or <see cref="RecoveryCompleted"/>.</param>
    protected sealed override void OnRecover(object message)
    {
        if (!TryRecover(message)) Unhandled(message);
    }

    /// <summary>Replaces the command behaviour by the handlers that <paramref name="configure"/> registers.</summary>
    /// <param name="configure">Registers them.</param>
    protected void Become(Action configure) => Become((Receive)Configure(configure).TryHandle);

    /// <summary>Puts the handlers that <paramref name="configure"/> registers on top of the stack.</summary>
    /// <param name="configure">Registers them.</param>
    protected void BecomeStacked(Action configure) => BecomeStacked((Receive)Configure(configure).TryHandle);

    /// <summary>Handles commands of a type.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Commands.Add(typeof(T), o => handler((T)o), Untyped(shouldHandle));

    /// <summary>Handles commands of a type that the predicate accepts.</summary>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <param name="handler">The handler.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Handles commands of a type.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(messageType, handler, shouldHandle);

    /// <summary>Handles commands of a type that the predicate accepts.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <param name="handler">The handler.</param>
    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Commands.Add(messageType, handler, shouldHandle);

    /// <summary>Handles commands of a type; the handler says whether it did.</summary>
    /// <param name="handler">The handler.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void Command<T>(Func<T, bool> handler) => Commands.Add(o => o is T t && handler(t));

    /// <summary>Handles commands of a type; the handler says whether it did.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="handler">The handler.</param>
    protected void Command(Type messageType, Func<object, bool> handler) => Commands.Add(o => messageType.IsInstanceOfType(o) && handler(o));

    /// <summary>Handles every command that the handlers before it did not; none may follow it.</summary>
    /// <param name="handler">The handler.</param>
    protected void Command(Action<object> handler) => Commands.Add(typeof(object), handler, shouldHandle: null);

    /// <summary>Handles every command that the handlers before it did not; none may follow it.</summary>
    /// <param name="handler">The handler.</param>
    protected void CommandAny(Action<object> handler) => Commands.Add(typeof(object), handler, shouldHandle: null);

    /// <summary>Handles every command that the handlers before it did not, asynchronously; none may follow it.</summary>
    /// <param name="handler">The handler; no other message is taken until its task ends.</param>
    protected void CommandAnyAsync(Func<object, Task> handler) => Commands.Add(typeof(object), o => RunTask(() => handler(o)), shouldHandle: null);

    /// <summary>Handles commands of a type asynchronously.</summary>
    /// <param name="handler">The handler; no other message is taken until its task ends.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Commands.Add(typeof(T), o => RunTask(() => handler((T)o)), Untyped(shouldHandle));

    /// <summary>Handles commands of a type that the predicate accepts, asynchronously.</summary>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <param name="handler">The handler; no other message is taken until its task ends.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    /// <summary>Handles commands of a type asynchronously.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="handler">The handler; no other message is taken until its task ends.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(messageType, o => RunTask(() => handler(o)), shouldHandle);

    /// <summary>Handles commands of a type that the predicate accepts, asynchronously.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <param name="handler">The handler; no other message is taken until its task ends.</param>
    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        CommandAsync(messageType, handler, shouldHandle);

    /// <summary>Handles replayed events of a type, <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Recoveries.Add(typeof(T), o => handler((T)o), Untyped(shouldHandle));

    /// <summary>Handles replayed events of a type that the predicate accepts.</summary>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <param name="handler">The handler.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Handles replayed events of a type.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Recoveries.Add(messageType, handler, shouldHandle);

    /// <summary>Handles replayed events of a type that the predicate accepts.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="shouldHandle">Which of them; null: all.</param>
    /// <param name="handler">The handler.</param>
    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Recoveries.Add(messageType, handler, shouldHandle);

    /// <summary>Handles replayed events of a type; the handler says whether it did.</summary>
    /// <param name="handler">The handler.</param>
    /// <typeparam name="T">Their type.</typeparam>
    protected void Recover<T>(Func<T, bool> handler) => Recoveries.Add(o => o is T t && handler(t));

    /// <summary>Handles replayed events of a type; the handler says whether it did.</summary>
    /// <param name="messageType">Their type.</param>
    /// <param name="handler">The handler.</param>
    protected void Recover(Type messageType, Func<object, bool> handler) => Recoveries.Add(o => messageType.IsInstanceOfType(o) && handler(o));

    /// <summary>Handles every recovery message that the handlers before it did not; none may follow it.</summary>
    /// <param name="handler">The handler.</param>
    protected void RecoverAny(Action<object> handler) => Recoveries.Add(typeof(object), handler, shouldHandle: null);

    /// <inheritdoc/>
    internal sealed override void EndConstruction() => _configuring = null;

    /// <inheritdoc/>
    internal sealed override bool TryRecover(object message) => _recoveries.TryHandle(message);

    private MessageHandlers Commands => _configuring
        ?? throw new InvalidOperationException("You may only call Command-methods when constructing the actor and inside Become().");

    private MessageHandlers Recoveries => _configuring is null
        ? throw new InvalidOperationException("You may only call Recover-methods when constructing the actor and inside Become().")
        : _recoveries;

    private static Predicate<object>? Untyped<T>(Predicate<T>? shouldHandle) => shouldHandle is null ? null : o => shouldHandle((T)o);

    private MessageHandlers Configure(Action configure)
    {
        var outer = _configuring;
        var handlers = _configuring = new MessageHandlers();
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }

        return handlers;
    }
}
