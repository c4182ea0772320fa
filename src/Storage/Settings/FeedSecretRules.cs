using System.Text.RegularExpressions;

namespace CSMultiConnector.Storage.Settings;

/// <summary>What a feed client's secret must be: nobody guesses it, not even offline from a recorded login.</summary>
internal static partial class FeedSecretRules
{
    /// <summary>Shortest secret, in characters.</summary>
    public const int MinLength = 16;

    /// <summary>Longest secret, in characters.</summary>
    public const int MaxLength = 256;

    private const int MinDistinct = 8;

    // What remains when well-known words and runs are taken out: less than this is a decorated default.
    private const int MinRest = 8;

    private static readonly string[] Runs =
        ["abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "01234567890", "09876543210", "qwertyuiop", "qwertzuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm"];

    /// <summary>Why the secret is refused; null when it is taken. Never repeats the secret.</summary>
    public static string? Refusal(string secret)
    {
        if (secret.Length < MinLength) return $"The secret is shorter than {MinLength} characters. Leave it empty to have one made.";
        if (secret.Length > MaxLength) return $"The secret is longer than {MaxLength} characters.";
        if (secret.Any(c => c is < '!' or > '~')) return "The secret holds a blank or a character outside ASCII: the terminal might send other bytes for it. Use letters, digits and signs.";
        if (secret.Distinct().Count() < MinDistinct) return $"The secret has fewer than {MinDistinct} different characters. Leave it empty to have one made.";
        return Rest(secret.ToLowerInvariant()).Length < MinRest
            ? "The secret is made of well-known words or rows of keys. Leave it empty to have one made."
            : null;
    }

    private static string Rest(string secret)
    {
        var rest = KnownWords().Replace(secret, "");
        for (var length = rest.Length; length >= 4; length--)
        {
            for (var start = 0; start + length <= rest.Length;)
            {
                var part = rest.Substring(start, length);
                if (Runs.Any(run => run.Contains(part, StringComparison.Ordinal)) || part.All(c => c == part[0])) rest = rest.Remove(start, length);
                else start++;
            }
        }

        return rest;
    }

    [GeneratedRegex(
        "change[-_]?(me|it|this)|password|passwort|passw0rd|p@ssw0rd|passwd|secret|default|example|placeholder|your[-_]|letmein|welcome|admin|master|monkey|dragon|metatrader|csmulticonnector|connector|trading|client|terminal|token|test|demo|user|root|guest|[-_.!]",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex KnownWords();
}
