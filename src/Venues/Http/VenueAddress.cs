using System.Net;

namespace CSMultiConnector.Venues.Http;

/// <summary>Rules for the addresses of venues.</summary>
internal static class VenueAddress
{
    /// <summary>Why the address may not be used, or null. Keys and signatures go over encrypted lines only, except to this machine itself.</summary>
    internal static string? Refusal(string text, params string[] schemes)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || !schemes.Contains(address.Scheme, StringComparer.Ordinal))
            return $"'{text}' is not an address with {string.Join(" or ", schemes)}.";
        if (address.PathAndQuery is not ("/" or "") || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            return $"'{text}' must name scheme, host and port only.";
        return address.Scheme is "http" or "ws" && !IsLoopback(address)
            ? $"'{text}' is not encrypted; {address.Scheme} is for this machine itself only, use {address.Scheme}s."
            : null;
    }

    internal static Uri WebSocket(Uri address, string path) =>
        new($"{(address.Scheme is "https" or "wss" ? "wss" : "ws")}://{address.Authority}{path}");

    private static bool IsLoopback(Uri address) =>
        string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
