namespace CSMultiConnector.Host.Composition;

/// <summary>A running host, or why it did not start.</summary>
/// <param name="Host">The host; null when there is a problem.</param>
/// <param name="Problem">What happened and what to do; empty when it was told to stop while it stood by.</param>
/// <param name="ExitCode">What the process returns then.</param>
/// <param name="Again">The reason may pass by itself, and this host has waited for its turn before: try again.</param>
internal sealed record HostStart(ConnectorHost? Host, string Problem, int ExitCode, bool Again = false);
