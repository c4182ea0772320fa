using Akka.Actor;

namespace Akka.Persistence;

/// <summary>The journal or the snapshot store did not answer a recovering actor in time.</summary>
public sealed class RecoveryTimedOutException : AkkaException
{
    /// <summary>Without a message.</summary>
    public RecoveryTimedOutException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What did not come.</param>
    /// <param name="cause">Why, if known.</param>
    public RecoveryTimedOutException(string message, Exception? cause = null) : base(message, cause!)
    {
    }
}
