using System.Collections.Frozen;
using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>The rows of all tables of an HTML report, in the order of the page. Spans count as columns; hidden cells do not.</summary>
internal static class HtmlGrid
{
    private const string End = "</html>";
    private const int MaxSpan = 100;
    private const int MaxTagName = 20;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ClosesItself =
        new[] { "br", "img", "meta", "link", "hr", "col", "input", "p", "tr", "td", "th", "tbody", "thead" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static List<ReportRow> Read(string html, CancellationToken cancellation)
    {
        // The parser mends what is missing, so a cut file must be noticed before.
        if (!html.AsSpan().TrimEnd().EndsWith(End, StringComparison.OrdinalIgnoreCase))
            throw HistoryFormatException.Damaged(LastLine(html), "the report is cut off: its end (</html>) is missing");
        GuardDepth(html, cancellation);
        var parser = new HtmlParser(new HtmlParserOptions { IsKeepingSourceReferences = true, IsScripting = false });
        using var document = parser.ParseDocument(html);
        var rows = new List<ReportRow>();
        foreach (var element in document.All)
        {
            cancellation.ThrowIfCancellationRequested();
            if (element is not IHtmlTableRowElement tr) continue;
            if (rows.Count >= HistoryLimits.MaxRows) throw HistoryFormatException.TooLarge(null, "the report has too many rows");
            rows.Add(ReadRow(tr, rows.Count + 1));
        }

        return rows;
    }

    private static ReportRow ReadRow(IHtmlTableRowElement tr, int number)
    {
        var row = new ReportRow(number, tr.SourceReference?.Position.Line ?? 0);
        var column = 0;
        foreach (var child in tr.Children)
        {
            // Terminals keep facts for their own use in hidden cells, in some rows only.
            if (child is not IHtmlTableCellElement cell || cell.ClassList.Contains("hidden")) continue;
            row.Add(column, cell.TextContent);
            column += Span(cell);
        }

        return row;
    }

    private static int Span(IHtmlTableCellElement cell) =>
        int.TryParse(cell.GetAttribute("colspan"), NumberStyles.None, CultureInfo.InvariantCulture, out var span)
            ? Math.Clamp(span, 1, MaxSpan)
            : 1;

    /// <summary>
    /// A tree of unbounded depth would exhaust the stack and the time. Unclosed elements are counted by name, without those that
    /// the parser closes by itself: never less than the true depth, and a few in a report.
    /// </summary>
    private static void GuardDepth(string html, CancellationToken cancellation)
    {
        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        var (depth, at) = (0, 0);
        while ((at = html.IndexOf('<', at)) >= 0 && ++at < html.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var closes = html[at] == '/';
            var name = TagName(html.AsSpan(closes ? at + 1 : at));
            if (name.IsEmpty || ClosesItself.Contains(name)) continue;
            open.TryGetValue(name, out var count);
            if (closes && count == 0) continue;
            open[name] = closes ? count - 1 : count + 1;
            depth += closes ? -1 : 1;
            if (depth > HistoryLimits.MaxHtmlDepth)
                throw HistoryFormatException.TooLarge(null, "the page nests its elements deeper than any report");
        }
    }

    private static ReadOnlySpan<char> TagName(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && length < MaxTagName && char.IsAsciiLetterOrDigit(text[length])) length++;
        return length > 0 && char.IsAsciiLetter(text[0]) ? text[..length] : default;
    }

    private static string LastLine(string html) =>
        string.Create(CultureInfo.InvariantCulture, $"line {html.AsSpan().Count('\n') + 1}");
}
