using System.Globalization;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>What stands above the tables: the account of a terminal's report, the settings of a tester's.</summary>
internal sealed partial record ReportHeader(bool IsTester, long? Login, string? Server, string? Currency, MarginMode? Margin, Magic? ExpertMagic)
{
    private const int RegexMilliseconds = 1000;

    public static ReportHeader Read(IReadOnlyList<ReportRow> grid, IReadOnlyList<ReportTable> tables)
    {
        var texts = grid.TakeWhile(r => r.Cells.Count < 9).SelectMany(r => r.Cells).Select(c => c.Text).ToList();
        foreach (var text in texts)
        {
            var match = AccountLine().Match(text);
            if (!match.Success || !ReportText.TryId(match.Groups["login"].Value, out var login)) continue;
            var parts = match.Groups["rest"].Value.Split(',', StringSplitOptions.TrimEntries);
            return new ReportHeader(false, login, parts.Length > 1 ? parts[1] : null, parts[0], MarginOf(parts[^1]), null);
        }

        var build = texts.Select(t => ServerLine().Match(t)).FirstOrDefault(m => m.Success);
        var isTester = build is not null || tables.All(t => t.Kind is ReportTableKind.Deals or ReportTableKind.Orders);
        return new ReportHeader(isTester, null, build?.Groups["server"].Value, TesterCurrency(grid), null, ExpertInput(texts));
    }

    private static MarginMode? MarginOf(string text) => text.ToUpperInvariant() switch
    {
        "HEDGE" or "HEDGING" => MarginMode.Hedging,
        "NETTING" or "NET" => MarginMode.Netting,
        "EXCHANGE" => MarginMode.Exchange,
        _ => null,
    };

    /// <summary>In every language the currency stands two rows above the leverage, with the deposit between them.</summary>
    private static string? TesterCurrency(IReadOnlyList<ReportRow> grid)
    {
        for (var i = 2; i < grid.Count; i++)
            if (grid[i].Cells.Count == 2 && Leverage().IsMatch(grid[i].Cells[1].Text))
                return grid[i - 2].Cells.Count == 2 && CurrencyCode().IsMatch(grid[i - 2].Cells[1].Text) ? grid[i - 2].Cells[1].Text : null;
        return null;
    }

    private static Magic? ExpertInput(IEnumerable<string> texts)
    {
        var inputs = texts
            .Select(t => Input().Match(t))
            .Where(m => m.Success && m.Groups["name"].Value.Contains("magic", StringComparison.OrdinalIgnoreCase))
            .Select(m => long.TryParse(m.Groups["value"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : -1)
            .Where(v => v >= 0)
            .Take(2)
            .ToList();
        return inputs.Count == 1 ? new Magic(inputs[0]) : null;
    }

    [GeneratedRegex(@"^(?<login>\d{1,18}) ?\((?<rest>[A-Za-z]{3,8},.*)\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex AccountLine();

    [GeneratedRegex(@"^(?<server>\S.*?) \(\D+ \d+\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex ServerLine();

    [GeneratedRegex(@"^1:\d+(\.\d+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex Leverage();

    [GeneratedRegex("^[A-Za-z]{3,8}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex CurrencyCode();

    [GeneratedRegex(@"^(?<name>[^=\s]+) ?= ?(?<value>\d+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex Input();
}
