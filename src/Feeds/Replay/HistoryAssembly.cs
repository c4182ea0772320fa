using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay.Positions;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay;

/// <summary>Makes a history of what a parser found: order, margin mode, positions, and the checks that need all of them.</summary>
internal static class HistoryAssembly
{
    /// <summary>Of the rows of a terminal's or tester's report.</summary>
    public static RecordedHistory OfReport(IReadOnlyList<ReportRow> grid, bool isWorkbook, ReadOptions options, CancellationToken cancellation)
    {
        var tables = ReportTable.FindAll(grid);
        var deals = tables.Where(t => t.Kind == ReportTableKind.Deals).ToList();
        if (deals.Count != 1)
            throw new HistoryFormatException(
                HistoryFailureKind.UnknownFormat, deals.Count == 0 ? null : deals[1].Place,
                deals.Count == 0 ? "the report has no deals table" : "the report has more than one deals table",
                "Save the whole history (Report in the context menu of the History tab) or the tester's whole report");
        if (ReportTable.StrayDeal(grid, tables) is { } stray)
            throw HistoryFormatException.Damaged(stray.Place, "a deal stands outside of the deals table: rows between are lost or altered");
        var header = ReportHeader.Read(grid, tables);
        var magic = options.Magic ?? header.ExpertMagic ?? Magic.ByHand;
        var read = ReportDeals.Read(deals[0], header.IsTester, header.IsTester ? DealReason.Expert : DealReason.Other, magic, cancellation);
        var rows = InOrder(read.Trades);
        var positions = ReportPositions.Read(tables, cancellation);
        var margin = header.Margin ?? options.Margin ?? MarginModes.OfDirections(rows, HedgingJoin.Opening(rows, positions, magic));
        var joined = margin == MarginMode.Hedging
            ? HedgingJoin.Join(rows, positions, magic, cancellation)
            : NettingJoin.Join(rows, positions, magic);
        var source = (header.IsTester, isWorkbook) switch
        {
            (true, true) => HistorySource.TesterReportXlsx,
            (true, false) => HistorySource.TesterReportHtml,
            (false, true) => HistorySource.TerminalReportXlsx,
            _ => HistorySource.TerminalReportHtml,
        };
        return Finish(source, margin, header, joined, read);
    }

    /// <summary>Of the rows of a CSV file, which name magic and position.</summary>
    public static RecordedHistory OfCsv(DealRows read, ReadOptions options)
    {
        var rows = InOrder(read.Trades);
        var margin = options.Margin ?? MarginModes.OfPositions(rows);
        var nothing = new ReportHeader(false, null, null, null, null, null);
        return Finish(HistorySource.DealsCsv, margin, nothing, new JoinedHistory(rows, []), read);
    }

    private static RecordedHistory Finish(HistorySource source, MarginMode margin, ReportHeader header, JoinedHistory joined, DealRows read)
    {
        PositionAudit.Check(margin, joined.Rows, joined.Opening);
        var symbols = joined.Rows.Select(r => r.Deal.Symbol).Concat(joined.Opening.Select(p => p.Symbol)).Distinct().Order();
        return new RecordedHistory(
            source, margin, header.Margin is not null, header.Currency, header.Login, header.Server, header.ExpertMagic,
            [.. joined.Rows.Select(r => r.Deal)], joined.Opening, read.BalanceRows, read.OtherRows, [.. symbols]);
    }

    private static List<DealRow> InOrder(IEnumerable<DealRow> rows) => [.. rows.OrderBy(r => r.Deal.Time).ThenBy(r => r.Deal.Ticket)];
}
