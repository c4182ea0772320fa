namespace CSMultiConnector.Host.Cli;

/// <summary>Columns for people: aligned with blanks, no frames, so that it also reads well in a file.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    public bool IsEmpty => _rows.Count == 1;

    /// <summary>Writes the table; columns where every row is a number would gain from the right, so those are put there.</summary>
    public void Write(TextWriter writer, string indent = "")
    {
        var columns = _rows[0].Length;
        var widths = Enumerable.Range(0, columns).Select(i => _rows.Max(r => r[i].Length)).ToArray();
        var right = Enumerable.Range(0, columns).Select(i => _rows.Count > 1 && _rows.Skip(1).All(r => IsNumber(r[i]))).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, i) => right[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            writer.WriteLine((indent + string.Join("  ", cells)).TrimEnd());
        }
    }

    private static bool IsNumber(string cell) => cell is "" or "-" or "?" || cell.All(c => char.IsAsciiDigit(c) || c is '.' or '-');
}
