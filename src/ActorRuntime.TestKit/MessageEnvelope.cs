using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that a test actor received.</summary>
public abstract class MessageEnvelope
{
    /// <summary>Makes an envelope.</summary>
    protected MessageEnvelope()
    {
    }

    /// <summary>The message.</summary>
    public abstract object? Message { get; }

    /// <summary>Who sent it.</summary>
    public abstract IActorRef Sender { get; }
}

/// <summary>A message that was received.</summary>
public class RealMessageEnvelope : MessageEnvelope
{
    /// <summary>Makes an envelope.</summary>
    public RealMessageEnvelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <inheritdoc/>
    public override object? Message { get; }

    /// <inheritdoc/>
    public override IActorRef Sender { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<{Message}> from {Sender}";
}

/// <summary>No message was received.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    /// <summary>The only value.</summary>
    public static readonly NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    /// <inheritdoc/>
    public override object? Message => null;

    /// <inheritdoc/>
    public override IActorRef Sender => throw new InvalidOperationException("Last message did not have a sender: nothing was received.");

    /// <inheritdoc/>
    public override string ToString() => "<null>";
}
