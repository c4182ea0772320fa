namespace Akka.Actor;

/// <summary>An actor that takes each message apart itself, in <see cref="OnReceive"/>.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>Called by the actor system only.</summary>
    protected UntypedActor()
    {
    }

    /// <summary>The context; valid only while a message of the actor is being handled.</summary>
    protected static new IUntypedActorContext Context => CurrentCell;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; call <c>Unhandled</c> for one that is not for this actor.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => CurrentCell.Become(receive);

    /// <summary>Puts a behaviour on top of the stack.</summary>
    protected void BecomeStacked(UntypedReceive receive) => CurrentCell.BecomeStacked(receive);

    /// <summary>Runs async work inside the actor; no other message is handled until it is done.</summary>
    protected void RunTask(Func<Task> action) => CurrentCell.RunTask(action);

    /// <summary>Runs work inside the actor.</summary>
    protected void RunTask(Action action) => CurrentCell.RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });
}
