using System.Security.Cryptography;
using System.Text;

namespace CSMultiConnector.Portal.Auth;

/// <summary>The bearer token of the API. Compared in constant time; never written anywhere but in its own file.</summary>
public sealed class ApiToken
{
    /// <summary>Random bytes of a token.</summary>
    public const int Bytes = 32;

    /// <summary>Shortest token that is taken, in characters.</summary>
    public const int MinLength = 32;

    private readonly byte[] _digest;

    /// <summary>Takes a token.</summary>
    /// <exception cref="ArgumentException">Shorter than <see cref="MinLength"/>.</exception>
    public ApiToken(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length < MinLength) throw new ArgumentException("An API token has at least 32 characters.", nameof(value));
        _digest = Digest(value);
    }

    /// <summary>A new token: 32 random bytes, base64url.</summary>
    public static string Generate() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>True when the header is <c>Bearer</c> and this token. Takes the same time whatever is wrong with it.</summary>
    public bool Accepts(string? authorization)
    {
        const string scheme = "Bearer ";
        var bearer = authorization is not null && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
        var given = Digest(bearer ? authorization![scheme.Length..].Trim() : "");
        return CryptographicOperations.FixedTimeEquals(given, _digest) && bearer;
    }

    /// <inheritdoc/>
    public override string ToString() => "***";

    // Digests have one length, so the comparison tells nothing about the length of the token either.
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
