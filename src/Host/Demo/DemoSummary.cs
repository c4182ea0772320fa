using CSMultiConnector.Host.Replay;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Demo;

/// <summary>What the demo came to.</summary>
/// <param name="Converged">Every leg holds its goal, but for the remainders that are shown.</param>
/// <param name="Deals">Deals made in the simulated terminal, all recorded by the host.</param>
/// <param name="Orders">Orders decided.</param>
/// <param name="Streams">How many streams there were.</param>
/// <param name="PerStream">How many deals each stream made.</param>
/// <param name="Positions">What MT5 holds at the end; flat ones are left out.</param>
/// <param name="Legs">Where each leg stands.</param>
/// <param name="LatencyMs">From a deal in the terminal until its order reached the venue, milliseconds.</param>
/// <param name="Seconds">How long it traded.</param>
/// <param name="Seed">The seed of its deals.</param>
/// <param name="Problems">What keeps it from converging, in words.</param>
internal sealed record DemoSummary(
    bool Converged,
    long Deals,
    long Orders,
    int Streams,
    IReadOnlyList<DemoStreamDto> PerStream,
    IReadOnlyList<PositionDto> Positions,
    IReadOnlyList<LegDto> Legs,
    LatencyDto LatencyMs,
    double Seconds,
    int Seed,
    IReadOnlyList<string> Problems);

/// <summary>One stream of the demo.</summary>
/// <param name="Magic">Its magic; 0 = by hand.</param>
/// <param name="Deals">Its deals.</param>
internal sealed record DemoStreamDto(long Magic, long Deals);

/// <summary>Percentiles of a time, milliseconds.</summary>
/// <param name="P50">Half were faster.</param>
/// <param name="P99">99 of 100 were faster.</param>
/// <param name="Max">The slowest.</param>
/// <param name="Count">How many were measured.</param>
internal sealed record LatencyDto(double P50, double P99, double Max, int Count);
