using System.Net;
using System.Net.Sockets;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>What counts as one address: an IPv4 address however it is written, and the /64 network of an IPv6 one, which one peer has whole.</summary>
internal static class PeerAddress
{
    private const int NetworkBytes = 8;

    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
