using System.Globalization;
using System.Text.Json;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay;

namespace CSMultiConnector.Feeds.Tests.Replay;

/// <summary>
/// Files of real terminals, with positions that another program computed. They lie beside the repository where they may be used;
/// elsewhere the theory has one case that says so.
/// </summary>
public sealed class RecordedFixtureTests
{
    private static readonly string? Folder = FindFolder();

    private static readonly JsonDocument? Expected =
        Folder is null ? null : JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")));

    public static TheoryData<string> Files()
    {
        var data = new TheoryData<string>();
        if (Expected is null) data.Add("");
        else foreach (var file in Expected.RootElement.GetProperty("files").EnumerateObject()) data.Add(file.Name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Positions_of_a_recorded_file_are_those_expected(string file)
    {
        if (file.Length == 0) return;
        var expected = Expected!.RootElement.GetProperty("files").GetProperty(file);
        var history = HistoryReader.Read(Path.Combine(Folder!, file)).ShouldBeOfType<HistoryReadResult.Success>(file).History;

        history.BalanceRows.ShouldBe(expected.GetProperty("balance_rows").GetInt32());
        history.OtherRows.ShouldBe(0);
        history.Deals.Count.ShouldBe(expected.GetProperty("trade_deals").GetInt32());
        history.Deals[0].Ticket.ShouldBe(expected.GetProperty("first_deal").GetInt64());
        history.Deals[^1].Ticket.ShouldBe(expected.GetProperty("last_deal").GetInt64());
        (history.Margin == MarginMode.Hedging).ShouldBe(expected.GetProperty("account_type").GetString()!.StartsWith("hedging", StringComparison.Ordinal));
        history.Deals.CountBy(d => d.Symbol.Value).ToDictionary().ShouldBe(
            expected.GetProperty("trade_deals_by_symbol").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()), ignoreOrder: true);

        ShouldMatch(HistoryLevels.After(history, history.Deals.Count, withOpening: false), expected, "final_net", "");
        ShouldMatch(HistoryLevels.After(history, history.Deals.Count), expected, "final_net", "_with_opening_positions");
        if (expected.TryGetProperty("final_net_per_magic_symbol_of_opening_deal", out var byMagic))
            NetByMagic(HistoryLevels.After(history, history.Deals.Count)).ShouldBe(Numbers(byMagic), ignoreOrder: true);
        foreach (var step in expected.GetProperty("running").EnumerateArray())
        {
            var deals = step.GetProperty("deals_applied").GetInt32();
            history.Deals[deals - 1].Ticket.ShouldBe(step.GetProperty("last_deal").GetInt64());
            ShouldMatch(HistoryLevels.After(history, deals, withOpening: false), step, "net", "");
            ShouldMatch(HistoryLevels.After(history, deals), step, "net", "_with_opening_positions");
            if (step.TryGetProperty("net_per_magic_symbol_of_opening_deal", out var magics))
                NetByMagic(HistoryLevels.After(history, deals)).ShouldBe(Numbers(magics), ignoreOrder: true);
        }

        HistoryLevels AtEvery(int n) => HistoryLevels.After(history, n, withOpening: false);
        var most = Enumerable.Range(1, history.Deals.Count).Max(n => AtEvery(n).Positions.Count);
        most.ShouldBe(expected.GetProperty("max_simultaneous_positions").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Positions_open_before_the_window_are_found(string file)
    {
        if (file.Length == 0) return;
        var expected = Expected!.RootElement.GetProperty("files").GetProperty(file);
        var history = HistoryReader.Read(Path.Combine(Folder!, file)).ShouldBeOfType<HistoryReadResult.Success>(file).History;
        var found = history.OpeningPositions.ToDictionary(
            p => p.Position.ToString(CultureInfo.InvariantCulture), p => (p.Symbol.Value, p.Signed.Value, DateTimeOffset.FromUnixTimeMilliseconds(p.OpenTime).ToString("yyyy.MM.dd HH:mm:ss", CultureInfo.InvariantCulture)));
        var wanted = expected.TryGetProperty("opened_before_the_window", out var before)
            ? before.EnumerateObject().ToDictionary(p => p.Name, p => (p.Value.GetProperty("symbol").GetString()!, Number(p.Value.GetProperty("net")), p.Value.GetProperty("open_time").GetString()!))
            : [];
        found.ShouldBe(wanted, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_file_that_is_cut_is_refused_or_gives_what_is_whole(string file)
    {
        if (file.Length == 0) return;
        const int cuts = 25;
        var content = File.ReadAllBytes(Path.Combine(Folder!, file));
        var whole = SampleReport.Read(content).ShouldBeOfType<HistoryReadResult.Success>().History;
        for (var i = 1; i < cuts; i++)
            if (SampleReport.Read(content[..(content.Length * i / cuts)]) is HistoryReadResult.Success success)
                success.History.Deals.ShouldBe(whole.Deals.Take(success.History.Deals.Count), $"cut {i}");
    }

    private static void ShouldMatch(HistoryLevels levels, JsonElement expected, string prefix, string suffix)
    {
        if (expected.TryGetProperty(prefix + "_per_symbol" + suffix, out var symbols))
            levels.NetPerSymbol.ToDictionary(p => p.Key.Value, p => p.Value.Value).ShouldBe(Numbers(symbols), ignoreOrder: true);
        foreach (var name in new[] { prefix + "_per_position" + suffix, prefix + "_per_position_nonzero" + suffix })
            if (expected.TryGetProperty(name, out var positions))
                levels.Positions.ToDictionary(p => p.Key.Position.ToString(CultureInfo.InvariantCulture), p => p.Value.Value).ShouldBe(Numbers(positions), ignoreOrder: true);
        if (expected.TryGetProperty("open_positions" + suffix, out var count) && count.ValueKind == JsonValueKind.Number)
            levels.Positions.Count.ShouldBe(count.GetInt32());
    }

    private static Dictionary<string, decimal> NetByMagic(HistoryLevels levels) =>
        levels.Levels.ToDictionary(l => $"{l.Key.Magic}|{l.Key.Symbol}", l => l.Value.Net.Value).Where(l => l.Value != 0m).ToDictionary();

    private static Dictionary<string, decimal> Numbers(JsonElement map) => map.EnumerateObject()
        .Select(p => (p.Name, Value: Number(p.Value.ValueKind == JsonValueKind.Object ? p.Value.GetProperty("net") : p.Value)))
        .Where(p => p.Value != 0m).ToDictionary(p => p.Name, p => p.Value);

    private static decimal Number(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static string? FindFolder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            foreach (var folder in new[] { Path.Combine(at.FullName, "..", "shared"), Path.Combine(at.FullName, "shared") })
                if (File.Exists(Path.Combine(folder, "fixtures", "mt5-history", "expected.json")))
                    return Path.GetFullPath(Path.Combine(folder, "fixtures", "mt5-history"));
        return null;
    }
}
