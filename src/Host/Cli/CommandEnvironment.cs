namespace CSMultiConnector.Host.Cli;

/// <summary>Everything a command takes from the process it runs in, so that tests can give it another one.</summary>
/// <param name="Out">Answers: what a pipe would want.</param>
/// <param name="Error">Everything else that is said.</param>
/// <param name="In">Typed or piped input.</param>
/// <param name="Interactive">The output is a terminal: live tables and colours make sense.</param>
/// <param name="Variables">Environment variables.</param>
/// <param name="WorkingFolder">Relative paths start here.</param>
/// <param name="Time">The clock.</param>
internal sealed record CommandEnvironment(
    TextWriter Out,
    TextWriter Error,
    TextReader In,
    bool Interactive,
    IReadOnlyDictionary<string, string> Variables,
    string WorkingFolder,
    TimeProvider Time)
{
    /// <summary>The real process.</summary>
    public static CommandEnvironment OfProcess() => new(
        Console.Out,
        Console.Error,
        Console.In,
        !Console.IsOutputRedirected,
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => e.Value as string ?? "", StringComparer.OrdinalIgnoreCase),
        Directory.GetCurrentDirectory(),
        TimeProvider.System);
}
