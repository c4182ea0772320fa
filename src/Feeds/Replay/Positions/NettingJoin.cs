using System.Globalization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay.Positions;

/// <summary>
/// Positions of a netting report: one a symbol at a time. Its id is the order that opened it, as in the terminal, and stays
/// when it is reversed.
/// </summary>
internal static class NettingJoin
{
    public static JoinedHistory Join(IReadOnlyList<DealRow> rows, IReadOnlyList<PositionRow> positions, Magic magic)
    {
        var opening = Opening(rows, positions, magic);
        var open = opening.ToDictionary(p => p.Symbol, p => (Id: p.Position, Net: p.Signed.Value));
        var joined = new List<DealRow>(rows.Count);
        foreach (var row in rows)
        {
            var (id, net) = open.GetValueOrDefault(row.Deal.Symbol);
            if (net == 0m) id = row.Deal.Order;
            open[row.Deal.Symbol] = (id, net + row.Deal.Signed.Value);
            joined.Add(row with { Deal = row.Deal with { Position = id } });
        }

        return new JoinedHistory(joined, opening);
    }

    /// <summary>The section names the position; its deals tell what it held before them, as it is flat at its end.</summary>
    private static List<OpeningPosition> Opening(IReadOnlyList<DealRow> rows, IReadOnlyList<PositionRow> positions, Magic magic)
    {
        var opening = new Dictionary<SymbolName, OpeningPosition>();
        foreach (var position in OpenedBefore.Of(rows, positions))
        {
            var deals = rows.Where(r => r.Deal.Symbol == position.Symbol && (position.Close is null || r.Deal.Time <= position.Close.Time)).ToList();
            if (position.Close is not null) deals = deals[..(deals.FindLastIndex(r => r.Deal.Entry != DealEntry.In) + 1)];
            var atEnd = position.Close is not null ? 0m : position.Side == OrderSide.Buy ? position.Volume.Value : -position.Volume.Value;
            var signed = atEnd - deals.Sum(r => r.Deal.Signed.Value);
            if (signed == 0m) continue;
            var held = new OpeningPosition(
                position.Position, magic, position.Symbol, signed > 0m ? OrderSide.Buy : OrderSide.Sell, new Lots(Math.Abs(signed)), position.OpenPrice, position.OpenTime);
            if (!opening.TryAdd(position.Symbol, held))
                throw HistoryFormatException.Damaged(
                    position.Place,
                    string.Create(CultureInfo.InvariantCulture, $"position {position.Position} was open before the first deal together with another in {position.Symbol}, on a netting account"));
        }

        return [.. opening.Values.OrderBy(p => p.Position)];
    }
}

/// <summary>The positions of a report that were open before its first deal.</summary>
internal static class OpenedBefore
{
    /// <summary>No deal of the report opened them, and they are not younger than its first deal.</summary>
    public static IEnumerable<PositionRow> Of(IReadOnlyList<DealRow> rows, IReadOnlyList<PositionRow> positions)
    {
        var opened = rows.Where(r => r.Deal.Entry == DealEntry.In).Select(r => r.Deal.Order).ToHashSet();
        var first = rows.Count == 0 ? long.MaxValue : rows[0].Deal.Time;
        return positions.Where(p => !opened.Contains(p.Position) && p.OpenTime <= first);
    }
}
