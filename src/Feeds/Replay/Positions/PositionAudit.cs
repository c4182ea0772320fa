using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay.Positions;

/// <summary>Walks a history once its positions are known: no deal may close what is not open. A row that was lost or altered shows here.</summary>
internal static class PositionAudit
{
    public static void Check(MarginMode margin, IEnumerable<DealRow> rows, IEnumerable<OpeningPosition> opening)
    {
        var isHedging = margin == MarginMode.Hedging;
        var net = new Dictionary<(string Symbol, long Position), decimal>();
        foreach (var p in opening) Add(net, (p.Symbol.Value, isHedging ? p.Position : 0), p.Signed.Value);
        foreach (var row in rows)
        {
            var key = (row.Deal.Symbol.Value, isHedging ? row.Deal.Position : 0);
            CheckDeal(row, net.GetValueOrDefault(key), isHedging);
            Add(net, key, row.Deal.Signed.Value);
        }
    }

    private static void CheckDeal(DealRow row, decimal held, bool isHedging)
    {
        var signed = row.Deal.Signed.Value;
        var opposes = held * signed < 0m;
        switch (row.Deal.Entry)
        {
            case DealEntry.In when opposes:
                throw HistoryFormatException.Damaged(row.Place, $"deal {row.Deal.Ticket} opens against {Held(row, held, isHedging)} of {AmountText.Of(held)} lots");
            case DealEntry.Out or DealEntry.OutBy when held == 0m && isHedging:
                throw HistoryFormatException.Incomplete(row.Place, $"deal {row.Deal.Ticket} closes {Held(row, held, isHedging)}, whose opening is not in the file");
            case DealEntry.Out or DealEntry.OutBy when held == 0m:
                throw HistoryFormatException.Incomplete(row.Place, $"deal {row.Deal.Ticket} closes {row.Deal.Symbol}, whose opening is not in the file");
            case DealEntry.Out or DealEntry.OutBy when !opposes || Math.Abs(signed) > Math.Abs(held):
                throw HistoryFormatException.Damaged(
                    row.Place, $"deal {row.Deal.Ticket} closes {AmountText.Of(row.Deal.Volume.Value)} lots, but {Held(row, held, isHedging)} has {AmountText.Of(held)}");
            case DealEntry.InOut when isHedging:
                throw HistoryFormatException.Damaged(row.Place, $"deal {row.Deal.Ticket} reverses a position, which a hedging account cannot");
            case DealEntry.InOut when !opposes || Math.Abs(signed) <= Math.Abs(held):
                throw HistoryFormatException.Damaged(
                    row.Place, $"deal {row.Deal.Ticket} reverses {row.Deal.Symbol} with {AmountText.Of(row.Deal.Volume.Value)} lots, but {AmountText.Of(held)} are open");
        }
    }

    private static string Held(DealRow row, decimal held, bool isHedging) =>
        isHedging || held == 0m ? $"position {row.Deal.Position} ({row.Deal.Symbol})" : $"the position in {row.Deal.Symbol}";

    private static void Add(Dictionary<(string, long), decimal> net, (string, long) key, decimal signed)
    {
        var sum = net.GetValueOrDefault(key) + signed;
        if (sum == 0m) net.Remove(key);
        else net[key] = sum;
    }
}
