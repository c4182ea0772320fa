using Akka.Actor;

namespace Akka.Event;

/// <summary>A message that is not worth a report when nobody receives it.</summary>
public interface IDeadLetterSuppression;

/// <summary>A message that nobody received or handled.</summary>
public abstract class AllDeadLetters : IWrappedMessage
{
    /// <summary>Makes the report.</summary>
    protected AllDeadLetters(object message, IActorRef? sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it; null for nobody.</summary>
    public IActorRef? Sender { get; }

    /// <summary>Whom it was for.</summary>
    public IActorRef Recipient { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} from {Sender?.ToString() ?? "NoSender"} to {Recipient}: <{Message}>";
}

/// <summary>A message to an actor that is not there.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>Makes the report.</summary>
    public DeadLetter(object message, IActorRef? sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message to an actor that is not there, whose loss is expected.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    /// <summary>Makes the report.</summary>
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef? sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message that was dropped on purpose.</summary>
public sealed class Dropped : AllDeadLetters
{
    /// <summary>Makes the report.</summary>
    public Dropped(object message, string reason, IActorRef? sender, IActorRef recipient)
        : base(message, sender, recipient) => Reason = reason;

    /// <summary>Why.</summary>
    public string Reason { get; }
}

/// <summary>A message that its recipient did not handle.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    /// <summary>Makes the report.</summary>
    public UnhandledMessage(object message, IActorRef? sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}
