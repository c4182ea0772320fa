using System.Reflection;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Ports;

namespace CSMultiConnector.Host.Composition;

/// <summary>What the process knows of itself.</summary>
internal sealed class HostFacts(string dataFolder, TimeProvider time) : IHostFacts
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>The version of the program.</summary>
    public static string Version { get; } =
        typeof(HostFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Where terminals connect; set when the server listens.</summary>
    public string Feed { get; set; } = "";

    public HostDto Describe() => new(Version, Environment.ProcessId, _startedAt, dataFolder, Feed, GC.GetTotalMemory(forceFullCollection: false));
}
