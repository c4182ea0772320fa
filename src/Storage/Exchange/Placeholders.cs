using System.Text.RegularExpressions;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>Recognises values that stand in examples and were not replaced: <c>your-api-key</c>, <c>&lt;secret&gt;</c>, <c>changeme</c>, <c>...</c>.</summary>
internal static partial class Placeholders
{
    public static bool Contains(string value) => Form().IsMatch(value);

    /// <summary>The refusal of a placeholder that is no secret; null for any other text.</summary>
    public static string? Refusal(string value) => Contains(value) ? $"\"{value}\" is a placeholder of the documentation: put the real value in its place." : null;

    [GeneratedRegex(
        "^(your[-_ ].*|<.+>|\\{\\{.+\\}\\}|\\.{3,}|…|x{4,}|\\*{3,}|change[-_ ]?me.*|replace[-_ ]?me.*|placeholder|todo|api[-_ ]?key|secret|passphrase)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex Form();
}
