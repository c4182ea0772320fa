using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor that takes commands and events apart itself.</summary>
public abstract class PersistentActor : Eventsourced
{
    /// <summary>Called by the actor system only.</summary>
    protected PersistentActor()
    {
    }

    /// <inheritdoc/>
    protected override bool Receive(object message) => ReceiveCommand(message);
}

/// <summary>A persistent actor that takes commands and events apart itself and calls <c>Unhandled</c> for what is not for it.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <summary>Called by the actor system only.</summary>
    protected UntypedPersistentActor()
    {
    }

    /// <summary>The context; valid only while a message of the actor is being handled.</summary>
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <inheritdoc/>
    protected override bool Receive(object message) => ReceiveCommand(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Handles a command; call <c>Unhandled</c> for one that is not for this actor.</summary>
    /// <param name="message">The command.</param>
    protected abstract void OnCommand(object message);

    /// <summary>Handles a snapshot offer, a replayed event or the end of recovery.</summary>
    /// <param name="message">A <see cref="SnapshotOffer"/>, an event, or <see cref="RecoveryCompleted"/>.</param>
    protected abstract void OnRecover(object message);

    /// <summary>Replaces the command behaviour.</summary>
    /// <param name="receive">The new one.</param>
    protected void Become(UntypedReceive receive) => Context.Become(Always(receive));

    /// <summary>Puts a command behaviour on top of the stack.</summary>
    /// <param name="receive">The new one.</param>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(Always(receive));

    private static Receive Always(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
