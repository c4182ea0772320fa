using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>How a position ended.</summary>
internal sealed record PositionClose(long Time, decimal Price, decimal Profit);

/// <summary>A row of the positions table, or, without an end, of the table of open positions.</summary>
internal sealed record PositionRow(
    string Place, long Position, SymbolName Symbol, OrderSide Side, Lots Volume, decimal OpenPrice, long OpenTime, PositionClose? Close);

/// <summary>Reads both position tables. Their columns go by place: headings occur twice and are translated.</summary>
internal static class ReportPositions
{
    private const int CloseTime = 8;
    private const int ClosePrice = 9;
    private const int Profit = 12;

    public static List<PositionRow> Read(IEnumerable<ReportTable> tables, CancellationToken cancellation)
    {
        var positions = new List<PositionRow>();
        foreach (var table in tables.Where(t => t.Kind is ReportTableKind.Positions or ReportTableKind.OpenPositions))
            foreach (var row in table.Rows)
            {
                cancellation.ThrowIfCancellationRequested();
                positions.Add(ReadRow(table, row));
            }

        return positions;
    }

    private static PositionRow ReadRow(ReportTable table, ReportRow row)
    {
        var read = new Cells(table, row);
        var side = ReportText.Side(read.Text(3)) ?? throw read.Wrong(3, "neither buy nor sell");
        var symbol = read.Text(2);
        if (symbol.Length == 0) throw read.Wrong(2, "no symbol");
        var volume = read.Number(4);
        if (volume <= 0m) throw read.Wrong(4, "not above zero");
        var close = table.Kind == ReportTableKind.Positions
            ? new PositionClose(read.Time(CloseTime), read.Number(ClosePrice), read.Number(Profit))
            : null;
        return new PositionRow(row.Place, read.Id(1), new SymbolName(symbol), side, new Lots(volume), read.Number(5), read.Time(0), close);
    }

    private readonly struct Cells(ReportTable table, ReportRow row)
    {
        public string Text(int index) => index < table.Headings.Count ? row[table.Headings[index].Column] : "";

        public decimal Number(int index) => ReportText.TryNumber(Text(index), out var value) ? value : throw Wrong(index, "no number");

        public long Id(int index) => ReportText.TryId(Text(index), out var value) ? value : throw Wrong(index, "no position number");

        public long Time(int index) => ReportText.TryTime(Text(index), out var value) ? value : throw Wrong(index, "no time like 2025.01.31 23:59:59");

        public HistoryFormatException Wrong(int index, string problem)
        {
            if (index >= table.Headings.Count)
                return HistoryFormatException.Damaged(table.Place, $"the positions table has {table.Headings.Count} columns, too few");
            var (column, heading) = table.Headings[index];
            var text = Text(index);
            return HistoryFormatException.Damaged(row.CellPlace(column, heading), text.Length == 0 ? $"the cell is empty ({problem})" : $"the cell is wrong: {problem}");
        }
    }
}
