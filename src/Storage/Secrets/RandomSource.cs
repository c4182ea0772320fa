using System.Security.Cryptography;

namespace CSMultiConnector.Storage.Secrets;

/// <summary>Where random bytes come from; a test gives its own.</summary>
public interface IRandomSource
{
    /// <summary>Fills the span.</summary>
    void Fill(Span<byte> bytes);
}

/// <summary>The operating system's cryptographic source.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}

/// <summary>Random text.</summary>
internal static class RandomText
{
    private const string TagCharacters = "abcdefghijklmnopqrstuvwxyz0123456789";

    // The largest multiple of 36 in a byte: what lies above is drawn again, so that each character is equally likely.
    private const int Fair = 252;

    /// <summary>Characters of <c>[a-z0-9]</c>.</summary>
    public static string Tag(IRandomSource source, int length)
    {
        var text = new char[length];
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < length;)
        {
            source.Fill(one);
            if (one[0] < Fair) text[i++] = TagCharacters[one[0] % TagCharacters.Length];
        }

        return new string(text);
    }

    /// <summary>That many random bytes as base64url without padding.</summary>
    public static string Base64Url(IRandomSource source, int bytes)
    {
        var buffer = new byte[bytes];
        source.Fill(buffer);
        return System.Buffers.Text.Base64Url.EncodeToString(buffer);
    }
}
