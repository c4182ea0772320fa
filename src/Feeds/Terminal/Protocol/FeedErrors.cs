namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>The codes of <c>error</c> lines.</summary>
public static class FeedErrors
{
    /// <summary>The line is not one flat JSON object.</summary>
    public const string BadJson = "bad-json";

    /// <summary>The line has more than 64 KiB.</summary>
    public const string TooLong = "too-long";

    /// <summary>No line has this <c>t</c>, or none at this point.</summary>
    public const string UnknownType = "unknown-type";

    /// <summary>A key is missing or its value is not allowed.</summary>
    public const string BadField = "bad-field";

    /// <summary>The line names a symbol that no <c>symbol</c> line described.</summary>
    public const string UnknownSymbol = "unknown-symbol";

    /// <summary><c>seq</c> is not the number that follows.</summary>
    public const string OutOfOrder = "out-of-order";

    /// <summary>The proof is wrong, the client unknown, or too many logins failed just now.</summary>
    public const string Unauthorised = "unauthorised";

    /// <summary>The host does not speak this version.</summary>
    public const string UnsupportedProtocol = "unsupported-protocol";

    /// <summary>Another session took this one's place.</summary>
    public const string Replaced = "replaced";

    /// <summary>Another session of the terminal, with other magics, is running.</summary>
    public const string Busy = "busy";
}
