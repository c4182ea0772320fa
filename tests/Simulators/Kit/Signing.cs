using System.Security.Cryptography;
using System.Text;

namespace CSMultiConnector.Simulators.Kit;

/// <summary>What venues sign with, and a comparison that takes the same time whatever differs.</summary>
internal static class Signing
{
    /// <summary>HMAC-SHA256 as lower-case hex.</summary>
    public static string HmacSha256Hex(string secret, string payload) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(payload)));

    /// <summary>Whether the hex text, in any case, is the payload's signature.</summary>
    public static bool IsHmacSha256Hex(string secret, string payload, string signature)
    {
        if (signature.Length != 64) return false;
        Span<byte> given = stackalloc byte[32], expected = stackalloc byte[32];
        if (Convert.FromHexString(signature, given, out _, out var written) != System.Buffers.OperationStatus.Done || written != 32) return false;
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(payload), expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
