using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace CSMultiConnector.Host.Logging;

/// <summary>
/// The last net before text leaves the process: secrets in use are replaced wherever they turn up, and so is what stands behind a name
/// that sounds like one. No code is meant to rely on it.
/// </summary>
internal sealed partial class SecretGuard
{
    /// <summary>How many secrets are remembered; beyond that the patterns have to do.</summary>
    public const int MaxRemembered = 4096;

    private const int ShortestSecret = 6;
    private const string Mask = "***";

    private readonly ConcurrentDictionary<string, byte> _secrets = new(StringComparer.Ordinal);

    /// <summary>A secret that this process uses. Very short texts are not taken: they would garble every line.</summary>
    public void Remember(string? secret)
    {
        if (secret is { Length: >= ShortestSecret } && _secrets.Count < MaxRemembered) _secrets.TryAdd(secret, 0);
    }

    /// <summary>The text without secrets.</summary>
    public string Scrub(string text)
    {
        foreach (var (secret, _) in _secrets) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return Named().Replace(text, static m => m.Groups["name"].Value + Mask);
    }

    // name=value, "name": "value", name: value, Authorization: Bearer value
    [GeneratedRegex(
        """(?<name>(?:\b|["'_-])(?:api[-_]?key|api[-_]?secret|secret(?:[-_]?key)?|passphrase|password|private[-_]?key|access[-_]?token|api[-_]?token|proof|signature|listen[-_]?key|x-mbx-apikey|bearer)["']?\s*(?:[:=]\s*|\s)["']?(?:bearer\s+)?)(?!\*\*\*)[A-Za-z0-9+/_=.~-]{6,}""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Named();
}
