using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>
/// The rows of a workbook's first sheet. The parts are read directly, because a cell's text is wanted as it was written
/// (a number that went through binary floating point has lost its decimals) and errors name the cell.
/// </summary>
internal static class XlsxGrid
{
    private const string SheetFolder = "xl/worksheets/";

    public static List<ReportRow> Read(Stream file, CancellationToken cancellation)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > HistoryLimits.MaxArchiveEntries)
            throw HistoryFormatException.TooLarge(null, "the archive has more entries than any report");
        var parts = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in archive.Entries)
            parts.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
        var sheet = parts.Keys
            .Where(n => n.StartsWith(SheetFolder, StringComparison.OrdinalIgnoreCase) && n.EndsWith(".xml", StringComparison.OrdinalIgnoreCase))
            .OrderBy(n => n.Length).ThenBy(n => n, StringComparer.Ordinal)
            .FirstOrDefault()
            ?? throw new HistoryFormatException(
                HistoryFailureKind.UnknownFormat, null, "this archive is no workbook: it has no worksheet", "Save the report as Open XML (MS Office Excel 2007) or as HTML");

        var budget = new UnpackBudget();
        var strings = parts.TryGetValue("xl/sharedStrings.xml", out var shared) ? ReadStrings(shared, budget, cancellation) : [];
        return ReadSheet(parts[sheet], strings, budget, cancellation);
    }

    private static List<string> ReadStrings(ZipArchiveEntry entry, UnpackBudget budget, CancellationToken cancellation)
    {
        using var xml = Open(entry, budget);
        var strings = new List<string>();
        StringBuilder? current = null;
        while (Next(xml, entry.FullName))
        {
            cancellation.ThrowIfCancellationRequested();
            if (xml.NodeType == XmlNodeType.Element)
            {
                // Phonetic hints are no part of the text.
                if (xml.LocalName == "rPh") xml.Skip();
                else if (xml.LocalName == "si") current = new StringBuilder();
            }

            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA) current?.Append(xml.Value);
            if (xml.LocalName != "si" || (xml.NodeType != XmlNodeType.EndElement && !xml.IsEmptyElement)) continue;
            strings.Add(current?.ToString() ?? "");
            current = null;
            if (strings.Count > HistoryLimits.MaxRows) throw HistoryFormatException.TooLarge(entry.FullName, "too many texts");
        }

        return strings;
    }

    private static List<ReportRow> ReadSheet(ZipArchiveEntry entry, List<string> strings, UnpackBudget budget, CancellationToken cancellation)
    {
        using var xml = Open(entry, budget);
        var rows = new List<ReportRow>();
        var (row, number, column, kind, inValue) = ((ReportRow?)null, 0, -1, "", false);
        var text = new StringBuilder();
        while (Next(xml, entry.FullName))
        {
            cancellation.ThrowIfCancellationRequested();
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when xml.LocalName == "row":
                    number = RowNumber(xml.GetAttribute("r"), number);
                    row = new ReportRow(number, line: null);
                    rows.Add(row);
                    column = -1;
                    if (rows.Count > HistoryLimits.MaxRows) throw HistoryFormatException.TooLarge(row.Place, "the sheet has too many rows");
                    break;
                case XmlNodeType.Element when xml.LocalName == "c" && row is not null:
                    column = ColumnOf(xml.GetAttribute("r"), column, row);
                    kind = xml.GetAttribute("t") ?? "n";
                    text.Clear();
                    break;
                case XmlNodeType.Element when xml.LocalName is "v" or "t":
                    inValue = !xml.IsEmptyElement;
                    break;
                case XmlNodeType.EndElement when xml.LocalName is "v" or "t":
                    inValue = false;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when inValue:
                    text.Append(xml.Value);
                    break;
                case XmlNodeType.EndElement when xml.LocalName == "c" && row is not null && text.Length > 0:
                    row.Add(column, kind == "s" ? Shared(strings, text.ToString(), row, column) : text.ToString());
                    break;
            }
        }

        return rows;
    }

    private static string Shared(List<string> strings, string index, ReportRow row, int column) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < strings.Count
            ? strings[i]
            : throw HistoryFormatException.Damaged(row.CellPlace(column), $"the cell refers to text {index}, which the workbook does not have");

    private static int RowNumber(string? text, int before)
    {
        if (text is null) return before + 1;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > before
            ? number
            : throw HistoryFormatException.Damaged($"row {text}", "rows do not stand in ascending order");
    }

    /// <summary>Empty cells are left out of a row, so the reference counts, not the place in the row.</summary>
    private static int ColumnOf(string? reference, int before, ReportRow row)
    {
        if (reference is null) return before + 1;
        var (column, length) = (0, 0);
        while (length < reference.Length && char.IsAsciiLetterUpper(reference[length]) && length < 4)
            column = (column * 26) + reference[length++] - 'A' + 1;
        return length is > 0 and < 4 && column - 1 > before
            ? column - 1
            : throw HistoryFormatException.Damaged(row.Place, $"the cell reference {reference} is wrong or out of order");
    }

    private static bool Next(XmlReader xml, string part)
    {
        try
        {
            return xml.Read();
        }
        catch (XmlException e)
        {
            throw HistoryFormatException.Damaged(
                string.Create(CultureInfo.InvariantCulture, $"part {part}, line {e.LineNumber}"), "the XML is cut off or not well-formed");
        }
    }

    private static XmlReader Open(ZipArchiveEntry entry, UnpackBudget budget) => XmlReader.Create(
        new BudgetedStream(entry.Open(), budget, entry.FullName),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true, IgnoreComments = true });
}
