using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Stands for an actor that is not there: what is sent to it becomes a dead letter.</summary>
internal class EmptyLocalActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    internal override bool IsTerminated => true;

    internal override void SendSystemMessage(SystemMessage message) => system.HandleDeadSystemMessage(message);

    protected override void TellInternal(object message, IActorRef? sender) => system.SendToDeadLetters(message, sender, this);
}

/// <summary>Publishes what nobody received on the event stream.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : EmptyLocalActorRef(system, path)
{
    private readonly ActorSystemImpl _system = system;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is AllDeadLetters letter)
            _system.EventStream.Publish(letter);
        else
            base.TellInternal(message, sender);
    }
}

/// <summary>The one that walks the tree from outside: supervises the guardians and ends the system after them.</summary>
internal sealed class RootActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public ActorSystemImpl System => system;

    public override ActorPath Path { get; } = path;

    internal override IActorRef GetChild(string name) => name switch
    {
        "user" => system.UserGuardian,
        "system" => system.SystemGuardian,
        "deadLetters" => system.DeadLetters,
        _ => Nobody.Instance,
    };

    internal override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                system.GuardianFailed(failed.Child, failed.Cause);
                break;
            case DeathWatchNotification { Actor: LocalActorRef guardian }:
                system.GuardianTerminated(guardian);
                break;
            case Watch:
                break;
        }
    }
}
