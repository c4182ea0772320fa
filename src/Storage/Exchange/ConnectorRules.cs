using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>Rules that concern more than one key, or more than one connector.</summary>
internal static class ConnectorRules
{
    public static string? CheckUrl(string text)
    {
        // A name without "://" is one of the venue's networks; the venue knows which there are.
        if (!text.Contains("://", StringComparison.Ordinal)) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0) return $"\"{text}\" is not an address such as https://host:port.";
        return url.UserInfo.Length > 0 ? "the address holds a user name or password: put it into credentials." : null;
    }

    public static void CheckCredentials(ConnectorCredentials credentials, string path, ProblemList problems)
    {
        if (credentials.Values.IsEmpty) problems.Add(path, $"found no key; allowed are {string.Join(", ", ConnectorCredentials.Names)}, or leave credentials out.");
    }

    public static void CheckSettings(ConnectorSettings settings, string path, ProblemList problems)
    {
        CheckRoutes(settings, JsonPath.Member(path, "routes"), problems);
        var mapping = JsonPath.Member(path, "mapping");
        foreach (var (index, item) in settings.Mapping.Index())
        {
            var first = settings.Mapping.Select(m => m.Symbol).ToList().IndexOf(item.Symbol);
            if (first < index) problems.Add(JsonPath.Member(JsonPath.Item(mapping, index), "symbol"), $"\"{item.Symbol}\" is mapped by {JsonPath.Item(mapping, first)} already; keep one.");
        }
    }

    /// <summary>
    /// Why the two may not both run: they would trade the same instruments of the same account against each other. Null when they may.
    /// </summary>
    /// <param name="one">A connector.</param>
    /// <param name="oneKeys">Names its keys without telling them: equal for equal keys.</param>
    /// <param name="other">Another one.</param>
    /// <param name="otherKeys">Names the other's keys.</param>
    public static string? Conflict(ConnectorSettings one, string oneKeys, ConnectorSettings other, string otherKeys)
    {
        if (!one.Enabled || !other.Enabled || one.Id == other.Id) return null;
        if (one.Venue != other.Venue || !SameUrl(one.ApiUrl, other.ApiUrl) || one.Account != other.Account) return null;
        // An empty account is the default one of the keys: other keys, another account, as far as can be told before connecting.
        if (one.Account.Length == 0 && !string.Equals(oneKeys, otherKeys, StringComparison.Ordinal)) return null;
        var shared = Shared(one, other);
        if (shared is null) return null;
        var account = one.Account.Length == 0 ? "the default account" : $"account \"{one.Account}\"";
        return $"connectors \"{one.Id}\" and \"{other.Id}\" would both trade {shared} of {account} at {one.Venue}: one account's instrument is traded by one connector. "
            + "Give each guardRails.allowedInstruments of its own, name other accounts, or disable one.";
    }

    private static void CheckRoutes(ConnectorSettings settings, string path, ProblemList problems)
    {
        foreach (var (index, route) in settings.Routes.Index())
        {
            var at = JsonPath.Item(path, index);
            if (route.Magics.Distinct().Count() != route.Magics.Length) problems.Add(JsonPath.Member(at, "magics"), "a magic appears twice; keep one.");
            for (var earlier = 0; earlier < index; earlier++)
            {
                if (Overlap(settings.Routes[earlier], route))
                    problems.Add(at, $"feeds streams that {JsonPath.Item(path, earlier)} feeds already: which multiplier counts would be unclear. Keep terminals or magics apart.");
            }
        }
    }

    private static bool Overlap(Route a, Route b) =>
        (a.Terminal == "*" || b.Terminal == "*" || string.Equals(a.Terminal, b.Terminal, StringComparison.Ordinal))
        && (a.Magics.IsDefaultOrEmpty || b.Magics.IsDefaultOrEmpty || a.Magics.Intersect(b.Magics).Any());

    private static bool SameUrl(string a, string b) => string.Equals(ApiAddress.Normalised(a), ApiAddress.Normalised(b), StringComparison.OrdinalIgnoreCase);

    private static string? Shared(ConnectorSettings one, ConnectorSettings other)
    {
        var (a, b) = (one.GuardRails.AllowedInstruments, other.GuardRails.AllowedInstruments);
        if (a.IsDefaultOrEmpty && b.IsDefaultOrEmpty) return "all instruments";
        var shared = a.IsDefaultOrEmpty ? [.. b] : b.IsDefaultOrEmpty ? [.. a] : a.Intersect(b).ToList();
        return shared.Count == 0 ? null : string.Join(", ", shared.Take(5)) + (shared.Count > 5 ? ", …" : "");
    }
}
