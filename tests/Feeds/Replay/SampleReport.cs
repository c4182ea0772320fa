using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using CSMultiConnector.Feeds.Replay;

namespace CSMultiConnector.Feeds.Tests.Replay;

/// <summary>Writes small reports in the layouts of terminal and tester, from tables of texts.</summary>
internal sealed class SampleReport
{
    public const string DealHeadings = "Time|Deal|Symbol|Type|Direction|Volume|Price|Order|Commission|Fee|Swap|Profit|Balance|Comment";
    public const string TesterHeadings = "Time|Deal|Symbol|Type|Direction|Volume|Price|Order|Commission|Swap|Profit|Balance|Comment";
    public const string GermanHeadings = "Zeit|Geschäft|Symbol|Typ|Richtung|Volumen|Preis|Auftrag|Kommission|Swap|Gewinn|Kontostand|Kommentar";
    public const string PositionHeadings = "Time|Position|Symbol|Type|Volume|Price|S / L|T / P|Time|Price|Commission|Swap|Profit";
    public const string OpenHeadings = "Time|Position|Symbol|Type|Volume|Price|S / L|T / P|Market Price|Swap|Profit|Comment";
    public const string OrderHeadings = "Open Time|Order|Symbol|Type|Volume|Price|S / L|T / P|Time|State|Comment";

    public List<string> Header { get; } = [];

    public string Headings { get; set; } = TesterHeadings;

    public List<string> Deals { get; } = [];

    public List<string> Positions { get; } = [];

    public List<string> OpenPositions { get; } = [];

    public List<string> Orders { get; } = [];

    public string? Total { get; set; }

    public static SampleReport Tester(params string[] inputs)
    {
        var report = new SampleReport();
        report.Header.AddRange(["Strategy Tester Report", "Sample-Demo (Build 4410)", "Expert:|Sample"]);
        report.Header.AddRange(inputs.Select((input, i) => (i == 0 ? "Inputs:|" : "|") + input));
        report.Header.AddRange(["Company:|Sample Ltd", "Currency:|EUR", "Initial Deposit:|1 000.00", "Leverage:|1:30"]);
        return report;
    }

    public static SampleReport Terminal(string account = "4711 (USD, Sample-Server, demo, Hedge)")
    {
        var report = new SampleReport { Headings = DealHeadings };
        report.Header.AddRange(["Trade History Report", "Name:|Account holder", "Account:|" + account, "Company:|Sample Ltd"]);
        return report;
    }

    /// <summary>Deal rows with running tickets, times and balance: <c>symbol type direction volume price order profit [comment]</c>.</summary>
    public SampleReport WithDeals(decimal deposit, params string[] deals)
    {
        var balance = deposit;
        var fee = Headings.Contains("Fee", StringComparison.Ordinal) ? "|0.00" : "";
        if (deposit != 0m) Deals.Add($"{At(0)}|1||balance|||||0.00{fee}|0.00|{Money(deposit)}|{Money(deposit)}|");
        foreach (var deal in deals)
        {
            var p = deal.Split(' ', 8);
            balance += decimal.Parse(p[6], CultureInfo.InvariantCulture);
            var n = Deals.Count + 1;
            Deals.Add($"{At(n)}|{n}|{p[0]}|{p[1]}|{p[2].Replace('_', ' ')}|{p[3]}|{p[4]}|{p[5]}|0.00{fee}|0.00|{p[6]}|{Money(balance)}|{(p.Length > 7 ? p[7] : "")}");
        }

        return this;
    }

    /// <summary>The time of the n-th deal row.</summary>
    public static string At(int minute) =>
        new DateTime(2025, 3, 4, 9, 0, 0, DateTimeKind.Utc).AddMinutes(minute).ToString("yyyy.MM.dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Money(decimal amount) => amount.ToString("#,##0.00", CultureInfo.InvariantCulture).Replace(',', ' ');

    public HistoryReadResult Read(ReadOptions? options = null) => Read(Encoding.UTF8.GetBytes(ToHtml()), options);

    public RecordedHistory History(ReadOptions? options = null) => Read(options).ShouldBeOfType<HistoryReadResult.Success>().History;

    public HistoryFailure Failure() => Read().ShouldBeOfType<HistoryReadResult.Failed>().Failure;

    public static HistoryReadResult Read(byte[] content, ReadOptions? options = null)
    {
        using var stream = new MemoryStream(content);
        return HistoryReader.Read(stream, "sample", options);
    }

    private IEnumerable<(string Title, string Headings, List<string> Rows, string? Total)> Tables()
    {
        if (Positions.Count > 0) yield return ("Positions", PositionHeadings, Positions, null);
        if (Orders.Count > 0) yield return ("Orders", OrderHeadings, Orders, null);
        yield return ("Deals", Headings, Deals, Total);
        if (OpenPositions.Count > 0) yield return ("Open Positions", OpenHeadings, OpenPositions, null);
    }

    public string ToHtml()
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html>\n<head><title>Report</title><style><!-- td { font: 8pt } --></style></head>\n<body>\n<table>\n");
        foreach (var line in Header) html.Append(string.Concat("<tr>", Cells(line, "colspan=\"3\""), "</tr>\n"));
        html.Append("</table>\n<table>\n");
        foreach (var (title, headings, rows, total) in Tables())
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th colspan=\"13\"><div><b>{title}</b></div></th></tr>\n<tr>{Cells(headings, "nowrap")}</tr>\n");
            foreach (var row in rows) html.Append(CultureInfo.InvariantCulture, $"<tr bgcolor=\"#FFFFFF\">{Cells(row, "", hidden: title == "Positions")}</tr>\n");
            if (total is not null) html.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"8\"></td>{Cells(total, "")}</tr>\n");
            html.Append("<tr><td style=\"height: 10px\"></td></tr>\n");
        }

        return html.Append("</table>\n</body>\n</html>\n").ToString();
    }

    private static string Cells(string row, string attributes, bool hidden = false)
    {
        var cells = row.Split('|').Select(c => $"<td {attributes}><b>{WebUtility.HtmlEncode(c).Replace(" ", "&nbsp;", StringComparison.Ordinal)}</b></td>").ToList();
        if (hidden) cells.Insert(4, "<td class=\"hidden\" colspan=\"8\">for the terminal only 1</td>");
        return string.Concat(cells);
    }

    /// <summary>A workbook as terminals write it: UTF-16 parts, entries for folders, empty cells left out.</summary>
    public byte[] ToXlsx()
    {
        var strings = new List<string>();
        var sheet = new StringBuilder("<?xml version=\"1.0\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\n");
        var number = 0;
        void Row(string row)
        {
            number++;
            sheet.Append(CultureInfo.InvariantCulture, $"<row r=\"{number}\">");
            foreach (var (i, text) in row.Split('|').Index())
            {
                if (text.Length == 0) continue;
                var isNumber = decimal.TryParse(text, CultureInfo.InvariantCulture, out _) && !text.Contains(' ', StringComparison.Ordinal) && i > 0;
                if (!isNumber) strings.Add(text);
                sheet.Append(isNumber
                    ? $"<c r=\"{(char)('A' + i)}{number}\"><v>{text}</v></c>"
                    : $"<c r=\"{(char)('A' + i)}{number}\" t=\"s\"><v>{strings.Count - 1}</v></c>");
            }

            sheet.Append("</row>\n");
        }

        foreach (var line in Header) Row(line.Replace("|", "|||", StringComparison.Ordinal));
        foreach (var (title, headings, rows, total) in Tables())
        {
            Row(title);
            Row(headings);
            foreach (var row in rows) Row(row.Replace(" 000", "000", StringComparison.Ordinal));
            if (total is not null) Row("||||||||" + total.Replace(" ", "", StringComparison.Ordinal));
        }

        sheet.Append("</sheetData></worksheet>");
        var shared = string.Concat(strings.Select(s => $"<si><t>{WebUtility.HtmlEncode(s)}</t></si>\n"));
        return Archive(
            ("xl/", null),
            ("xl/worksheets/", null),
            ("xl/sharedStrings.xml", $"<?xml version=\"1.0\"?>\n<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{shared}</sst>"),
            ("xl/worksheets/sheet1.xml", sheet.ToString()));
    }

    public static byte[] Archive(params (string Name, string? Text)[] parts)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in parts)
            {
                var entry = archive.CreateEntry(name);
                if (text is null) continue;
                using var writer = new StreamWriter(entry.Open(), Encoding.Unicode);
                writer.Write(text);
            }

        return stream.ToArray();
    }
}
