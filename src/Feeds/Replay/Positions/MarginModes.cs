using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay.Positions;

/// <summary>
/// Infers how an account keeps positions. Where nothing shows hedging the account never held two positions of a symbol against
/// each other, and netting describes it as well.
/// </summary>
internal static class MarginModes
{
    /// <summary>From the directions alone: on a netting account an opposite deal is <c>out</c> or <c>in/out</c>, never <c>in</c>.</summary>
    public static MarginMode OfDirections(IEnumerable<DealRow> rows, IEnumerable<OpeningPosition> opening)
    {
        var net = opening.GroupBy(p => p.Symbol).ToDictionary(g => g.Key, g => g.Sum(p => p.Signed.Value));
        return Decide(rows, row =>
        {
            var before = net.GetValueOrDefault(row.Deal.Symbol);
            net[row.Deal.Symbol] = before + row.Deal.Signed.Value;
            return row.Deal.Entry == DealEntry.In && before * row.Deal.Signed.Value < 0m;
        });
    }

    /// <summary>With position ids: two of a symbol open at once show hedging.</summary>
    public static MarginMode OfPositions(IEnumerable<DealRow> rows)
    {
        var open = new Dictionary<SymbolName, Dictionary<long, decimal>>();
        return Decide(rows, row =>
        {
            if (!open.TryGetValue(row.Deal.Symbol, out var positions)) open[row.Deal.Symbol] = positions = [];
            var net = positions.GetValueOrDefault(row.Deal.Position) + row.Deal.Signed.Value;
            if (net == 0m) positions.Remove(row.Deal.Position);
            else positions[row.Deal.Position] = net;
            return positions.Count > 1;
        });
    }

    private static MarginMode Decide(IEnumerable<DealRow> rows, Func<DealRow, bool> showsHedging)
    {
        DealRow? hedging = null, netting = null;
        foreach (var row in rows)
        {
            if (row.Deal.Entry == DealEntry.OutBy || showsHedging(row)) hedging ??= row;
            if (row.Deal.Entry == DealEntry.InOut) netting ??= row;
        }

        if (hedging is not null && netting is not null)
            throw HistoryFormatException.Damaged(
                netting.Place, $"the deal reverses a position, as on netting accounts only, but {hedging.Place} shows a hedging account");
        return hedging is null ? MarginMode.Netting : MarginMode.Hedging;
    }
}
