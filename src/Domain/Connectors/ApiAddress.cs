namespace CSMultiConnector.Domain.Connectors;

/// <summary>Addresses of venues' APIs, as people type them.</summary>
public static class ApiAddress
{
    /// <summary>The name of a product's own, live network: the same as no address.</summary>
    public const string Live = "live";

    /// <summary>One text for every way to write an address: scheme and host in lower case, no default port, no slash at the end.</summary>
    /// <param name="typed">The address; empty or <see cref="Live"/> = the venue's own. What is no address is taken as it is.</param>
    public static string Normalised(string typed) =>
        typed == Live ? string.Empty : Uri.TryCreate(typed, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Path).TrimEnd('/') : typed;
}
