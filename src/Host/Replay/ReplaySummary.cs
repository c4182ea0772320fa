using CSMultiConnector.Feeds.Client;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Replay;

/// <summary>What a replay came to.</summary>
/// <param name="Converged">Nothing is left to do: every leg holds its goal, but for the remainders that are shown.</param>
/// <param name="File">The history.</param>
/// <param name="Terminal"><c>login@server</c>.</param>
/// <param name="Margin">netting, exchange, hedging.</param>
/// <param name="Deals">Deals that the host has recorded, earlier calls included.</param>
/// <param name="Played">Deals played by this call.</param>
/// <param name="Remaining">Deals of the file that are not played yet.</param>
/// <param name="Orders">Orders decided, earlier calls included.</param>
/// <param name="Positions">What MT5 holds at the end; flat ones are left out.</param>
/// <param name="Legs">Where each leg stands.</param>
/// <param name="Problems">What keeps it from converging, in words.</param>
internal sealed record ReplaySummary(
    bool Converged,
    string File,
    string Terminal,
    string Margin,
    long Deals,
    int Played,
    int Remaining,
    long Orders,
    IReadOnlyList<PositionDto> Positions,
    IReadOnlyList<LegDto> Legs,
    IReadOnlyList<string> Problems);

/// <summary>What one stream holds in one symbol.</summary>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Magic">The stream's magic.</param>
/// <param name="Long">Long lots.</param>
/// <param name="Short">Short lots.</param>
internal sealed record PositionDto(string Symbol, long Magic, decimal Long, decimal Short)
{
    /// <summary>What a terminal holds now, by symbol and magic.</summary>
    public static IReadOnlyList<PositionDto> Of(SimulatedTerminal terminal) =>
        [.. terminal.Read().Levels.Where(l => !l.Level.IsFlat)
            .Select(l => new PositionDto(l.Symbol.Value, l.Stream.Value, l.Level.Long.Value, l.Level.Short.Value))
            .OrderBy(p => p.Symbol, StringComparer.Ordinal).ThenBy(p => p.Magic)];
}
