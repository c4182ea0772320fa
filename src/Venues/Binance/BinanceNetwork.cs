using System.Collections.Immutable;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance;

/// <summary>Where one product is, live or for tests.</summary>
/// <param name="Name">What <c>apiUrl</c> may say in place of an address.</param>
/// <param name="Rest">Requests.</param>
/// <param name="Stream">User data: scheme and host.</param>
/// <param name="Permissions">Where a key's permissions are told; null = this network does not tell.</param>
internal sealed record BinanceNetwork(string Name, Uri Rest, Uri Stream, Uri? Permissions)
{
    /// <summary>The network that the settings mean. An address that is none of the known ones serves everything itself.</summary>
    /// <param name="known">The product's networks, live first.</param>
    /// <param name="apiUrl">Empty, a name or an address.</param>
    /// <param name="streamUrl">Where streams are, when not at the network's own place; empty = there.</param>
    internal static BinanceNetwork Of(ImmutableArray<BinanceNetwork> known, string apiUrl, string streamUrl)
    {
        var network = apiUrl.Length == 0 ? known[0] : known.FirstOrDefault(n => n.Name == apiUrl);
        if (network is null)
        {
            var address = new Uri(apiUrl);
            network = known.FirstOrDefault(n => Uri.Compare(n.Rest, address, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
                ?? new BinanceNetwork(apiUrl, address, VenueAddress.WebSocket(address, "/"), address);
        }

        return streamUrl.Length == 0 ? network : network with { Stream = new Uri(streamUrl) };
    }

    /// <summary>Why the settings name no network, or null.</summary>
    internal static string? Refusal(ImmutableArray<BinanceNetwork> known, string apiUrl) =>
        apiUrl.Length == 0 || known.Any(n => n.Name == apiUrl) ? null
        : apiUrl.Contains("://", StringComparison.Ordinal) ? VenueAddress.Refusal(apiUrl, "https", "http")
        : $"'{apiUrl}' is no network; there are {string.Join(", ", known.Select(n => n.Name))}, or an address.";
}
