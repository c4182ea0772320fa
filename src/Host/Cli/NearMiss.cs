namespace CSMultiConnector.Host.Cli;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class NearMiss
{
    /// <summary>The known name with the fewest edits, when they are few for its length; else null.</summary>
    public static string? Of(string given, IEnumerable<string> known) => known
        .Select(name => (Name: name, Edits: Edits(given.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(x => x.Edits <= Math.Max(1, x.Name.Length / 3))
        .OrderBy(x => x.Edits)
        .Select(x => x.Name)
        .FirstOrDefault();

    // Levenshtein, one row at a time.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
