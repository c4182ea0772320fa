using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>Handles every message by doing nothing.</summary>
public class BlackHoleActor : ActorBase
{
    /// <summary>How to make one.</summary>
    public static Props Props => Props.Create<BlackHoleActor>();

    /// <inheritdoc/>
    protected override bool Receive(object message) => true;
}

/// <summary>Sends every message back to its sender.</summary>
public class SimpleEchoActor : ReceiveActor
{
    /// <summary>Made by the actor system.</summary>
    public SimpleEchoActor() => ReceiveAny(message => Sender.Tell(message, Self));

    /// <summary>How to make one.</summary>
    public static Props Props() => Actor.Props.Create<SimpleEchoActor>();
}

/// <summary>Passes every message on.</summary>
public class ForwardActor : ReceiveActor
{
    /// <summary>Made by the actor system.</summary>
    public ForwardActor(IActorRef target) => ReceiveAny(target.Forward);

    /// <summary>How to make one.</summary>
    public static Props Props(IActorRef target) => Actor.Props.Create(() => new ForwardActor(target));
}
