namespace CSMultiConnector.Simulators.Binance;

/// <summary>A request ends where its first rule is broken, with the venue's status, code and message.</summary>
internal sealed class Refusal(int status, int code, string message) : Exception(message)
{
    public Refusal(int code, string message)
        : this(400, code, message)
    {
    }

    public int Status => status;

    public int Code => code;

    public int? RetryAfterSeconds { get; init; }

    /// <summary>The same as an absolute time, for the WebSocket API.</summary>
    public long? RetryAfterMs { get; init; }

    public static Refusal Mandatory(string name) => new(-1102, $"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.");

    public static Refusal Illegal(string name, string range) => new(-1100, $"Illegal characters found in parameter '{name}'; legal range is '{range}'.");

    public static Refusal NotRequired(string name) => new(-1106, $"Parameter '{name}' sent when not required.");

    public static Refusal Combination() => new(-1128, "Combination of optional parameters invalid.");

    public static Refusal Symbol() => new(-1121, "Invalid symbol.");
}
