namespace Akka.Actor;

/// <summary>The base of the actor system's own exceptions.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    protected AkkaException()
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    protected AkkaException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>An actor could not be created; by default its supervisor stops it.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Makes an exception without a message.</summary>
    public ActorInitializationException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    public ActorInitializationException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Makes an exception about an actor.</summary>
    public ActorInitializationException(IActorRef? actor, string? message, Exception? cause = null)
        : base(actor is null ? message : $"{actor}: {message}", cause) => Actor = actor;

    /// <summary>The actor that could not be created, if known.</summary>
    public IActorRef? Actor { get; set; }
}

/// <summary><c>PreRestart</c> threw; the restart goes on.</summary>
public class PreRestartException : ActorInitializationException
{
    /// <summary>Makes the exception.</summary>
    public PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
        : base(actor, $"exception in preRestart({cause.GetType()}, {optionalMessage?.GetType().ToString() ?? "None"})", cause)
    {
        RestartException = restartException;
        OptionalMessage = optionalMessage;
    }

    /// <summary>What <c>PreRestart</c> threw.</summary>
    public Exception RestartException { get; }

    /// <summary>The message whose handling led to the restart, if any.</summary>
    public object? OptionalMessage { get; }
}

/// <summary>The new incarnation could not be created or its <c>PostRestart</c> threw.</summary>
public class PostRestartException : ActorInitializationException
{
    /// <summary>Makes the exception.</summary>
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({originalCause.GetType()})", cause) => OriginalCause = originalCause;

    /// <summary>What led to the restart.</summary>
    public Exception OriginalCause { get; }
}

/// <summary>The actor was sent a <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    /// <summary>Makes an exception without a message.</summary>
    public ActorKilledException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ActorKilledException(string message)
        : base(message)
    {
    }
}

/// <summary>No actor is where a selection points.</summary>
public class ActorNotFoundException : AkkaException
{
    /// <summary>Makes an exception without a message.</summary>
    public ActorNotFoundException()
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    public ActorNotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>An <c>Ask</c> got no answer in time.</summary>
public class AskTimeoutException : AkkaException
{
    /// <summary>Makes an exception with a message.</summary>
    public AskTimeoutException(string message)
        : base(message)
    {
    }
}

/// <summary>A watched actor stopped and its <see cref="Terminated"/> was not handled.</summary>
public class DeathPactException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    public DeathPactException(IActorRef deadActor)
        : base($"Monitored actor [{deadActor}] terminated") => DeadActor = deadActor;

    /// <summary>The actor that stopped.</summary>
    public IActorRef DeadActor { get; }
}

/// <summary>Something was done that the actor's state does not allow.</summary>
public class IllegalActorStateException : AkkaException
{
    /// <summary>Makes an exception with a message.</summary>
    public IllegalActorStateException(string message)
        : base(message)
    {
    }
}

/// <summary>The name of an actor is malformed or taken.</summary>
public class InvalidActorNameException : AkkaException
{
    /// <summary>Makes an exception with a message.</summary>
    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    public InvalidActorNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A message that cannot be sent, such as null.</summary>
public class InvalidMessageException : AkkaException
{
    /// <summary>Makes an exception without a message.</summary>
    public InvalidMessageException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public InvalidMessageException(string message)
        : base(message)
    {
    }
}

/// <summary>The scheduler cannot do what was asked, for instance after it was shut down.</summary>
public sealed class SchedulerException : AkkaException
{
    /// <summary>Makes an exception with a message.</summary>
    public SchedulerException(string message)
        : base(message)
    {
    }
}
