using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Composition;

/// <summary>What to put together: <c>run</c>, <c>demo</c> and <c>replay</c> differ in this and in nothing else.</summary>
internal sealed record HostPlan
{
    /// <summary>Folder, addresses, log.</summary>
    public required HostSettings Settings { get; init; }

    /// <summary>Offer the HTTP API.</summary>
    public bool Api { get; init; }

    /// <summary>Connectors that win over what is stored; null = what is stored counts.</summary>
    public ImmutableArray<ConnectorEntry>? Connectors { get; init; }

    /// <summary>The venues that connectors can use.</summary>
    public VenueCatalog Venues { get; init; } = VenueCatalog.CreateDefault();

    /// <summary>Looks at the open stores before anything is changed in them; a text = why not to go on.</summary>
    public Func<HostStores, CancellationToken, Task<string?>>? Check { get; init; }

    /// <summary>Done once the stores are open and before the first connector starts.</summary>
    public Func<HostStores, CancellationToken, Task>? Prepare { get; init; }

    /// <summary>Stands between the actors and each gateway, to watch what is sent; null = nobody.</summary>
    public Func<ConnectorSettings, IVenueGateway, IVenueGateway>? Watch { get; init; }

    /// <summary>Waits for a database that does not answer, instead of refusing to start: for a host that has been up before.</summary>
    public bool Patient { get; init; }

    /// <summary>Hears what a person who started it should know; null = nobody.</summary>
    public Action<string>? Say { get; init; }

    /// <summary>Where log lines for people go besides the files; null = nowhere.</summary>
    public TextWriter? Console { get; init; }
}
