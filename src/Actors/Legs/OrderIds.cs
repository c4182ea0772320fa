using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Actors.Legs;

/// <summary>
/// Gives out the client order ids of one connector. The counter is the process's: an actor that is started again with the same tags
/// gives out no id a second time. Safe for concurrent use.
/// </summary>
public sealed class OrderIds(string connectorTag, string processTag, VersionCounter counter)
{

    /// <summary>The tag of this process.</summary>
    public string ProcessTag => processTag;

    /// <summary>The tag of the connector.</summary>
    public string ConnectorTag => connectorTag;

    /// <summary>An id that was never given out before.</summary>
    public ClientOrderId Next() => ClientOrderId.Create(connectorTag, processTag, counter.Next());
}

/// <summary>The process-wide counter that orders readings and order events. Safe for concurrent use.</summary>
public sealed class VersionCounter
{
    private long _last;

    /// <summary>A number larger than any given out before, from 1.</summary>
    public long Next() => Interlocked.Increment(ref _last);
}
