using System.Security.Cryptography;
using System.Text;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>Proofs that a side knows the client's secret: HMAC-SHA256 over a purpose, the other side's nonce and the line itself.</summary>
internal static class FeedProof
{
    /// <summary>The purpose of a terminal's proof.</summary>
    public const string OfTerminal = "csmc-feed-1|";

    /// <summary>The purpose of the host's proof.</summary>
    public const string OfHost = "csmc-host-1|";

    /// <summary>Hexadecimal digits of a nonce.</summary>
    public const int NonceDigits = 32;

    private const int ProofBytes = HMACSHA256.HashSizeInBytes;

    /// <summary>A nonce that was never used.</summary>
    public static string NewNonce() => RandomNumberGenerator.GetHexString(NonceDigits, lowercase: true);

    /// <summary>What is appended to a line's bytes before its closing brace: the proof as last key, and the brace.</summary>
    public static byte[] Suffix(ReadOnlySpan<byte> secret, string purpose, string nonce, ReadOnlySpan<byte> before) =>
        Encoding.ASCII.GetBytes($",\"proof\":\"{Convert.ToHexStringLower(Compute(secret, purpose, nonce, before))}\"}}");

    /// <summary>
    /// Splits a signed line; false when its last key is not a proof of 64 hexadecimal digits. A quotation mark inside a JSON string is
    /// escaped, so the last <c>,"proof"</c> of a flat line that parses can only be the key.
    /// </summary>
    public static bool TrySplit(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> before, out byte[] proof)
    {
        proof = [];
        before = default;
        if (!FlatLine.TryParse(line, out var flat, out _) || flat.LastKey != "proof") return false;
        var start = line.LastIndexOf(",\"proof\""u8);
        if (start < 0 || !flat.TryGet("proof", out var value) || value.Text.Length != 2 * ProofBytes || !value.Text.All(char.IsAsciiHexDigit)) return false;
        before = line[..start];
        proof = Convert.FromHexString(value.Text);
        return true;
    }

    /// <summary>True when <paramref name="proof"/> is the proof; takes the same time for every wrong one.</summary>
    public static bool Verify(ReadOnlySpan<byte> secret, string purpose, string nonce, ReadOnlySpan<byte> before, ReadOnlySpan<byte> proof) =>
        CryptographicOperations.FixedTimeEquals(Compute(secret, purpose, nonce, before), proof);

    private static byte[] Compute(ReadOnlySpan<byte> secret, string purpose, string nonce, ReadOnlySpan<byte> before)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes(purpose));
        hmac.AppendData(Encoding.ASCII.GetBytes(nonce));
        hmac.AppendData("|"u8);
        hmac.AppendData(before);
        return hmac.GetHashAndReset();
    }
}
