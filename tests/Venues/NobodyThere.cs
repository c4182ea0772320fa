using System.Net;
using System.Net.Sockets;

namespace CSMultiConnector.Venues.Tests;

/// <summary>An address at which nobody listens: the port is held, so that nobody else gets it meanwhile.</summary>
internal sealed class NobodyThere : IDisposable
{
    private readonly Socket _held = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal NobodyThere() => _held.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    internal Uri Address => new($"http://{_held.LocalEndPoint}");

    public void Dispose() => _held.Dispose();
}
