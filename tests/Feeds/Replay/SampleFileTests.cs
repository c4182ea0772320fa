using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay;

namespace CSMultiConnector.Feeds.Tests.Replay;

/// <summary>The files under tests/data/mt5-history, read from disk as a user's would be.</summary>
public sealed class SampleFileTests
{
    [Theory]
    [InlineData("terminal-hedging.xlsx", HistorySource.TerminalReportXlsx, MarginMode.Hedging, 5, "EURUSD #0: long 0.1, short 0")]
    [InlineData("terminal-hedging.html", HistorySource.TerminalReportHtml, MarginMode.Hedging, 5, "EURUSD #0: long 0.1, short 0")]
    [InlineData("tester-hedging.html", HistorySource.TesterReportHtml, MarginMode.Hedging, 6, "XAUUSD #77: long 0, short 0.2")]
    [InlineData("tester-netting-german.html", HistorySource.TesterReportHtml, MarginMode.Netting, 4, "WIN #9: long 0, short 2")]
    [InlineData("deals-hedging.csv", HistorySource.DealsCsv, MarginMode.Hedging, 5, "EURUSD #501: long 0.1, short 0; EURUSD #502: long 0, short 0.1")]
    public void A_sample_ends_with_these_levels(string file, HistorySource source, MarginMode margin, int deals, string levels)
    {
        var history = HistoryReader.Read(Path.Combine(Folder(), file)).ShouldBeOfType<HistoryReadResult.Success>().History;
        (history.Source, history.Margin, history.Deals.Count, history.BalanceRows).ShouldBe((source, margin, deals, 1));
        string.Join("; ", HistoryLevels.After(history, deals).Levels
            .OrderBy(l => l.Key.Symbol).ThenBy(l => l.Key.Magic)
            .Select(l => $"{l.Key.Symbol} #{l.Key.Magic}: {l.Value}")).ShouldBe(levels);
    }

    private static string Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "tests", "data", "mt5-history")))
                return Path.Combine(at.FullName, "tests", "data", "mt5-history");
        throw new DirectoryNotFoundException("tests/data/mt5-history is not above the test's folder");
    }
}
