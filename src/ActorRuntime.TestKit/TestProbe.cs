using Akka.Actor;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>A queue of its own beside the test's, to be given to actors as a reference.</summary>
public class TestProbe : TestKitBase, INoImplicitSender, IActorRef, IInternalActorRef
{
    /// <summary>Makes a probe.</summary>
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    /// <summary>The reference.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who sent the message that the test looked at last.</summary>
    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => TestActor.Path;

    IInternalActorRef IInternalActorRef.Parent => Internal.Parent;

    bool IInternalActorRef.IsTerminated => Internal.IsTerminated;

    private IInternalActorRef Internal => (IInternalActorRef)TestActor;

    /// <summary>Sends from this probe.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the sender of the message that the test looked at last.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Passes the message that the test looked at last on, with its sender.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastMessage!);

    /// <summary>Passes a message on as from the sender of the message that the test looked at last.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    /// <summary>Orders as the reference does.</summary>
    public int CompareTo(object? obj) => obj is IActorRef other
        ? TestActor.CompareTo(other)
        : throw new ArgumentException("Object must be an actor reference.", nameof(obj));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IActorRef other && TestActor.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <inheritdoc/>
    public override string? ToString() => TestActor.ToString();

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => TestActor.Equals(other);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Internal.SendSystemMessage(message);

    IActorRef IInternalActorRef.GetChild(string name) => Internal.GetChild(name);
}
