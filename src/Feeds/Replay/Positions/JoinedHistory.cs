using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay.Positions;

/// <summary>Deals that know their positions, and what was open before them.</summary>
internal sealed record JoinedHistory(IReadOnlyList<DealRow> Rows, IReadOnlyList<OpeningPosition> Opening);
