using System.Globalization;
using System.Text;

namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>One row of a report, whatever the file format. Columns count from 0; what is empty is not stored.</summary>
internal sealed class ReportRow(int number, int? line)
{
    private readonly List<(int Column, string Text)> _cells = [];

    /// <summary>The cells that have a text, in ascending order of columns.</summary>
    public IReadOnlyList<(int Column, string Text)> Cells => _cells;

    /// <summary>Where it stands, for a person.</summary>
    public string Place => line is { } l
        ? string.Create(CultureInfo.InvariantCulture, $"row {number} (line {l})")
        : string.Create(CultureInfo.InvariantCulture, $"row {number}");

    public string this[int column]
    {
        get
        {
            foreach (var (at, text) in _cells)
                if (at == column)
                    return text;
            return "";
        }
    }

    public void Add(int column, string raw)
    {
        var text = Normalize(raw);
        if (text.Length == 0) return;
        if (text.Length > HistoryLimits.MaxCellLength)
            throw HistoryFormatException.TooLarge(CellPlace(column), "the cell has more characters than any cell of a report");
        if (column >= HistoryLimits.MaxColumns || _cells.Count >= HistoryLimits.MaxColumns)
            throw HistoryFormatException.TooLarge(Place, "the row has more columns than any row of a report");
        if (_cells.Count > 0 && _cells[^1].Column >= column)
            throw HistoryFormatException.Damaged(Place, "two cells stand in one column");
        _cells.Add((column, text));
    }

    /// <summary>A cell's place: <c>cell F45</c> in a sheet; the row and the column's heading elsewhere.</summary>
    public string CellPlace(int column, string? heading = null)
    {
        var name = heading is null ? "" : $" ({heading})";
        return line is null
            ? string.Create(CultureInfo.InvariantCulture, $"row {number}, cell {Letters(column)}{number}{name}")
            : string.Create(CultureInfo.InvariantCulture, $"{Place}, column {column + 1}{name}");
    }

    private static string Letters(int column)
    {
        var text = "";
        for (var n = column + 1; n > 0; n = (n - 1) / 26) text = (char)('A' + ((n - 1) % 26)) + text;
        return text;
    }

    /// <summary>One space for every run of blanks, the no-break ones of thousands included.</summary>
    private static string Normalize(string raw)
    {
        var text = new StringBuilder(raw.Length);
        foreach (var c in raw)
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text.Length > 0 && text[^1] != ' ') text.Append(' ');
        }

        return text.ToString().TrimEnd(' ');
    }
}
