using System.Net;
using CSMultiConnector.Host.Configuration;

namespace CSMultiConnector.Host.Local;

/// <summary>Settings of a host that lives for one command: a free port, no API.</summary>
internal static class LocalHosts
{
    /// <summary>The largest number of orders a minute and leg that settings allow: history is played faster than anybody trades.</summary>
    public const int ManyOrders = 6000;

    public static HostSettings Settings(string dataFolder) => new()
    {
        DataFolder = dataFolder,
        Feed = new Listener(IPAddress.Loopback, 0, null),
        Api = new Listener(IPAddress.Loopback, 0, null),
    };
}
