using System.Security.Cryptography;
using System.Text;

namespace CSMultiConnector.Venues.Http;

/// <summary>A secret that signs with HMAC-SHA256. Its text form shows nothing.</summary>
internal sealed class HmacKey(string secret)
{
    /// <summary>Length of a signature in hex digits.</summary>
    internal const int HexLength = HMACSHA256.HashSizeInBytes * 2;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    /// <summary>Writes the signature as lower-case hex digits. Allocates nothing.</summary>
    internal void Sign(ReadOnlySpan<byte> payload, Span<byte> hex)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, payload, hash);
        Convert.TryToHexStringLower(hash, hex, out _);
    }

    /// <summary>The signature as text.</summary>
    internal string Sign(string payload)
    {
        Span<byte> hex = stackalloc byte[HexLength];
        Sign(Encoding.UTF8.GetBytes(payload), hex);
        return Encoding.ASCII.GetString(hex);
    }

    public override string ToString() => "a secret";
}
