namespace CSMultiConnector.Venues.Binance;

/// <summary>What can be seen of a pasted key before the venue is asked.</summary>
internal static class BinanceKey
{
    /// <summary>Why nothing can be signed with this secret, and what to do; null when it may be the secret of an HMAC key.</summary>
    internal static string? Refusal(VenueCredentials credentials)
    {
        var secret = credentials.Secret;
        if (!secret.StartsWith("-----BEGIN", StringComparison.Ordinal)) return null;
        var what = secret.Contains("PUBLIC KEY", StringComparison.Ordinal) ? "a public key" : secret.Contains("ENCRYPTED", StringComparison.Ordinal) ? "an encrypted private key" : "a private key (RSA or Ed25519)";
        return $"the secret is {what} in PEM form; only system generated keys (HMAC) are supported: make one under API Management and enter its secret key, a line of 64 letters and digits.";
    }
}
