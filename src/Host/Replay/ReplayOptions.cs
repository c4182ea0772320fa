namespace CSMultiConnector.Host.Replay;

/// <summary>How a history is played.</summary>
/// <param name="File">The history.</param>
/// <param name="Speed">Times real time; null = as fast as possible.</param>
/// <param name="StopAfter">Deals to play in this call; null = all.</param>
/// <param name="DataFolder">Where to go on the next time; null = a folder that is gone at the end.</param>
/// <param name="ContractSizes">MT5 contract sizes by symbol; others have 1.</param>
/// <param name="Settle">How long to wait at the end until everything has converged.</param>
/// <param name="Trial">Where it is copied to; null = Paper.</param>
/// <param name="AllowNetting">A hedging account may be copied to an account with one position an instrument.</param>
internal sealed record ReplayOptions(
    string File,
    decimal? Speed,
    int? StopAfter,
    string? DataFolder,
    IReadOnlyDictionary<string, decimal> ContractSizes,
    TimeSpan Settle,
    Local.TrialVenue? Trial = null,
    bool AllowNetting = false)
{
    /// <summary>Which instruments the history's symbols are traded as.</summary>
    public System.Collections.Immutable.ImmutableArray<Domain.Connectors.MappingOverride> Mapping { get; init; } = [];
}
