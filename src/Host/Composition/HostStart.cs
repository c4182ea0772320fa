namespace CSMultiConnector.Host.Composition;

/// <summary>A running host, or why it did not start.</summary>
/// <param name="Host">The host; null when there is a problem.</param>
/// <param name="Problem">What happened and what to do.</param>
/// <param name="ExitCode">What the process returns then.</param>
internal sealed record HostStart(ConnectorHost? Host, string Problem, int ExitCode);
