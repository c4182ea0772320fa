namespace CSMultiConnector.Host.Demo;

/// <summary>How the demo runs.</summary>
/// <param name="For">How long it trades.</param>
/// <param name="Seed">The same seed and time make the same deals.</param>
/// <param name="Settle">How long to wait at the end until everything has converged.</param>
/// <param name="Trial">Where it is copied to; null = Paper.</param>
internal sealed record DemoOptions(TimeSpan For, int Seed, TimeSpan Settle, Local.TrialVenue? Trial);
