using System.Diagnostics.CodeAnalysis;

namespace CSMultiConnector.Portal.Api;

/// <summary>What the id of a feed client looks like.</summary>
public static class ClientName
{
    /// <summary>Longest id.</summary>
    public const int MaxLength = 64;

    /// <summary>What is allowed, for a person.</summary>
    public const string Allowed = "A client id has 1 to 64 characters of A-Z, a-z, 0-9, '_' and '-'.";

    /// <summary>True when the text may be a client's id.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: >= 1 and <= MaxLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
