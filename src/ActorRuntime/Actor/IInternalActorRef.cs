using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>What the engine itself needs of a reference.</summary>
internal interface IInternalActorRef : IActorRef
{
    IInternalActorRef Parent { get; }

    bool IsTerminated { get; }

    void SendSystemMessage(SystemMessage message);

    /// <summary>The child of that name, or <see cref="Nobody"/>.</summary>
    IActorRef GetChild(string name);
}

internal static class InternalActorRefExtensions
{
    public static IInternalActorRef AsInternal(this IActorRef actor) => actor as IInternalActorRef
        ?? throw new ArgumentException($"{actor.GetType()} was not made by this actor system.", nameof(actor));

    public static void Stop(this IInternalActorRef actor) => actor.SendSystemMessage(new Terminate());

    public static void Suspend(this IInternalActorRef actor) => actor.SendSystemMessage(new Suspend());

    public static void Resume(this IInternalActorRef actor, Exception? causedByFailure) => actor.SendSystemMessage(new Resume(causedByFailure));

    public static void Restart(this IInternalActorRef actor, Exception cause) => actor.SendSystemMessage(new Recreate(cause));
}
