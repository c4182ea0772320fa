namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>The tables of a report that matter here.</summary>
internal enum ReportTableKind
{
    Deals,
    Positions,
    OpenPositions,
    Orders,
}

/// <summary>A table of a report: its headings, its rows, and the row of sums if there is one.</summary>
internal sealed record ReportTable(
    ReportTableKind Kind, IReadOnlyList<(int Column, string Text)> Headings, IReadOnlyList<ReportRow> Rows, ReportRow? Total, string Place)
{
    private const int FewestHeadings = 10;
    private const int KeyColumns = 4;

    /// <summary>Every table of the report, in order.</summary>
    public static List<ReportTable> FindAll(IReadOnlyList<ReportRow> grid)
    {
        var tables = new List<ReportTable>();
        for (var i = 0; i < grid.Count; i++)
        {
            if (!IsHeading(grid[i])) continue;
            var body = i + 1;
            var kind = KindByName(grid[i]) ?? (body < grid.Count ? KindByContent(grid[i], grid[body]) : null);
            if (kind is null) continue;
            var headings = grid[i].Cells;
            var end = body;
            while (end < grid.Count && IsDataRow(headings, grid[end])) end++;
            var total = end < grid.Count && IsTotal(headings, grid[end]) ? grid[end] : null;
            tables.Add(new ReportTable(kind.Value, headings, [.. grid.Skip(body).Take(end - body)], total, grid[i].Place));
            i = end - 1;
        }

        return tables;
    }

    /// <summary>A heading has texts only; every row of data has a time in it.</summary>
    private static bool IsHeading(ReportRow row) =>
        row.Cells.Count >= FewestHeadings && row.Cells.All(c => !c.Text.Any(char.IsAsciiDigit));

    private static ReportTableKind? KindByName(ReportRow row)
    {
        bool Has(string name) => row.Cells.Any(c => c.Text == name);
        if (Has("Deal") || Has("Direction")) return ReportTableKind.Deals;
        if (Has("Position")) return Has("Market Price") ? ReportTableKind.OpenPositions : ReportTableKind.Positions;
        return Has("Order") ? ReportTableKind.Orders : null;
    }

    /// <summary>Headings are translated, values are not: the first row tells the table in any language.</summary>
    private static ReportTableKind? KindByContent(ReportRow heading, ReportRow first)
    {
        string At(int index) => index < heading.Cells.Count ? first[heading.Cells[index].Column] : "";
        if (!ReportText.TryTime(At(0), out _) || !ReportText.TryId(At(1), out _)) return null;
        if (At(4).Contains('/', StringComparison.Ordinal) && ReportText.Entry(At(4)) is null) return ReportTableKind.Orders;
        if (ReportText.Entry(At(4)) is not null || (At(2).Length == 0 && At(4).Length == 0 && At(3).Length > 0)) return ReportTableKind.Deals;
        if (ReportText.Side(At(3)) is null || !ReportText.TryNumber(At(4), out _)) return null;
        return ReportText.TryTime(At(8), out _) ? ReportTableKind.Positions : ReportTableKind.OpenPositions;
    }

    /// <summary>Any of the leading cells makes a row of data, so that a row with a lost cell is reported, not passed over.</summary>
    private static bool IsDataRow(IReadOnlyList<(int Column, string Text)> headings, ReportRow row) =>
        row.Cells.Count > 1 && !IsHeading(row) && headings.Take(KeyColumns).Any(h => row[h.Column].Length > 0);

    private static bool IsTotal(IReadOnlyList<(int Column, string Text)> headings, ReportRow row) =>
        row.Cells.Count > 1 && headings.Take(KeyColumns).All(h => row[h.Column].Length == 0) && row.Cells.All(c => ReportText.TryNumber(c.Text, out _));

    /// <summary>A deal that stands anywhere else than in the deals table shows that rows were lost between.</summary>
    public static ReportRow? StrayDeal(IReadOnlyList<ReportRow> grid, IReadOnlyList<ReportTable> tables)
    {
        var known = tables.SelectMany(t => t.Rows).ToHashSet();
        return grid.FirstOrDefault(r =>
            r.Cells.Count > 7 && !known.Contains(r)
            && ReportText.TryTime(r.Cells[0].Text, out _) && ReportText.TryId(r.Cells[1].Text, out _)
            && r.Cells.Any(c => ReportText.Entry(c.Text) is not null));
    }
}
