namespace CSMultiConnector.Storage.Exchange;

/// <summary>Finds what somebody probably meant: names of settings, keys, commands.</summary>
public static class NearMiss
{
    private const int LongestName = 64;

    /// <summary>The known name that differs least from what was found, when that is little for its length; else null.</summary>
    /// <param name="found">What was written.</param>
    /// <param name="names">What is known.</param>
    public static string? Of(string found, IEnumerable<string> names)
    {
        var plain = Plain(found);
        if (plain.Length is 0 or > LongestName) return null;
        var (name, distance) = names
            .Select(n => (Name: n, Distance: Distance(plain, Plain(n))))
            .OrderBy(n => n.Distance)
            .ThenBy(n => n.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return name is not null && distance <= Math.Max(1, Math.Min(plain.Length, name.Length) / 3) ? name : null;
    }

    /// <summary><c> (did you mean "x"?)</c>, or nothing when no name is near.</summary>
    internal static string Hint(string found, IEnumerable<string> names) => Of(found, names) is { } name ? $" (did you mean \"{name}\"?)" : "";

    // Case, '_' and '-' are the commonest difference: api_url, ApiUrl.
    private static string Plain(string text) => text.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Insertions, deletions, changes and swaps of neighbours that lead from one text to the other.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
