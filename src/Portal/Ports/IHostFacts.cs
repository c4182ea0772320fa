using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Portal.Ports;

/// <summary>What the process knows of itself.</summary>
public interface IHostFacts
{
    /// <summary>Version, process, folder and addresses.</summary>
    HostDto Describe();
}
