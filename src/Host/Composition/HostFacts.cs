using System.Reflection;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Ports;
using CSMultiConnector.Storage.Lease;

namespace CSMultiConnector.Host.Composition;

/// <summary>What the process knows of itself.</summary>
internal sealed class HostFacts(string dataFolder, IAccountLease lease, TimeProvider time) : IHostFacts
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>The version of the program.</summary>
    public static string Version { get; } =
        typeof(HostFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>This process, as the hosts of a shared database call each other.</summary>
    public static string Owner { get; } = $"{Environment.MachineName} process {Environment.ProcessId}";

    /// <summary>Where terminals connect; set when the server listens.</summary>
    public string Feed { get; set; } = "";

    public HostDto Describe() => new(Version, Environment.ProcessId, _startedAt, dataFolder, Feed, GC.GetTotalMemory(forceFullCollection: false), Describe(lease));

    private static LeaseDto Describe(IAccountLease lease)
    {
        var why = lease.HoldsBack;
        var state = why is null ? "held" : lease.IsHeld ? "doubtful" : LeaseDto.Standby;
        return new LeaseDto(state, Owner, (lease as HostLease)?.Epoch, lease.EndsAt, why ?? "");
    }
}
