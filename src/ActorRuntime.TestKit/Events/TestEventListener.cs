using Akka.Event;

namespace Akka.TestKit;

/// <summary>The logger of a test's system.</summary>
public class TestEventListener : DefaultLogger
{
    /// <inheritdoc/>
    protected override bool Receive(object message) => base.Receive(message);
}
