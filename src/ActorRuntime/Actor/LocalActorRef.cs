using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The handle of one incarnation path of a living actor.</summary>
internal sealed class LocalActorRef : InternalActorRefBase
{
    public LocalActorRef(ActorSystemImpl system, Props props, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, parent);
    }

    public override ActorPath Path { get; }

    public ActorCell Cell { get; }

    internal override IInternalActorRef Parent => Cell.Parent;

    internal override bool IsTerminated => Cell.IsTerminated;

    internal override void SendSystemMessage(SystemMessage message) => Cell.SendSystemMessage(message);

    internal override IActorRef GetChild(string name) => Cell.Child(name);

    protected override void TellInternal(object message, IActorRef? sender) => Cell.SendMessage(message, sender);
}
