using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay;

namespace CSMultiConnector.Feeds.Tests.Replay;

public sealed class TerminalReportTests
{
    /// <summary>Position 90 was opened the day before; 10 and 11 are closed against each other; 12 is closed by its stop.</summary>
    private static SampleReport Windowed()
    {
        var report = SampleReport.Terminal().WithDeals(
            1_000m,
            "EURUSD buy in 0.2 1.10000 10 0.00",
            "EURUSD sell out 0.5 1.09000 100 -50.00",
            "EURUSD sell in 0.1 1.10500 11 0.00",
            "EURUSD sell out_by 0.1 1.10500 101 5.00 close #10 by #11",
            "EURUSD buy out_by 0.1 1.10000 101 0.00 close #11 by #10",
            "#Idx.cash buy in 1 5000.5 12 0.00",
            "#Idx.cash sell out 1 4999.5 102 -1.00 [sl 4999.5]");
        report.Positions.Add($"2025.03.03 10:00:00|90|EURUSD|buy|0.5|1.10000|||{SampleReport.At(3)}|1.09000|0.00|0.00|-50.00");
        report.Positions.Add($"{SampleReport.At(4)}|11|EURUSD|sell|0.1|1.10500|||{SampleReport.At(6)}|1.10000|0.00|0.00|0.00");
        report.Positions.Add($"{SampleReport.At(7)}|12|#Idx.cash|buy|1|5000.5|4999.5||{SampleReport.At(8)}|4999.5|0.00|0.00|-1.00");
        report.OpenPositions.Add($"{SampleReport.At(2)}|10|EURUSD|buy|0.1|1.10000|||1.10100|0.00|1.00|");
        report.Orders.Add($"{SampleReport.At(2)}|10|EURUSD|buy|0.2 / 0.2|market|||{SampleReport.At(2)}|filled|");
        report.Total = "0.00|0.00|0.00|954.00|954.00";
        return report;
    }

    public static TheoryData<string> Containers => ["xlsx", "utf-8", "utf-8 with mark", "utf-16", "utf-16 without mark", "utf-16 big-endian"];

    private static byte[] Contain(SampleReport report, string container) => container switch
    {
        "xlsx" => report.ToXlsx(),
        "utf-8 with mark" => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(report.ToHtml())],
        "utf-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(report.ToHtml())],
        "utf-16 without mark" => Encoding.Unicode.GetBytes(report.ToHtml()),
        "utf-16 big-endian" => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(report.ToHtml())],
        _ => Encoding.UTF8.GetBytes(report.ToHtml()),
    };

    [Theory]
    [MemberData(nameof(Containers))]
    public void A_report_says_the_same_in_every_container(string container)
    {
        var history = SampleReport.Read(Contain(Windowed(), container)).ShouldBeOfType<HistoryReadResult.Success>().History;

        history.Source.ShouldBe(container == "xlsx" ? HistorySource.TerminalReportXlsx : HistorySource.TerminalReportHtml);
        (history.Login, history.Server, history.Currency).ShouldBe((4711, "Sample-Server", "USD"));
        (history.Margin, history.MarginStated).ShouldBe((MarginMode.Hedging, true));
        history.ExpertMagic.ShouldBeNull();
        (history.BalanceRows, history.OtherRows).ShouldBe((1, 0));
        history.Symbols.Select(s => s.Value).ShouldBe(["#Idx.cash", "EURUSD"]);
        history.Deals.Select(d => (d.Ticket, d.Position)).ShouldBe([(2, 10), (3, 90), (4, 11), (5, 10), (6, 11), (7, 12), (8, 12)]);
        history.Deals[^1].ShouldBe(new Deal(
            8, 102, 12, Magic.ByHand, new SymbolName("#Idx.cash"), OrderSide.Sell, DealEntry.Out, new Lots(1m), 4999.5m,
            new DateTimeOffset(2025, 3, 4, 9, 8, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), DealReason.StopLoss, 0m, "[sl 4999.5]"));
        history.OpeningPositions.ShouldBe([new OpeningPosition(
            90, Magic.ByHand, new SymbolName("EURUSD"), OrderSide.Buy, new Lots(0.5m), 1.1m,
            new DateTimeOffset(2025, 3, 3, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds())]);
        HistoryLevels.After(history, 7).Levels.ShouldBe(
            new Dictionary<(SymbolName, Magic), Level> { [(new SymbolName("EURUSD"), Magic.ByHand)] = new(new Lots(0.1m), default) }, ignoreOrder: true);
        HistoryLevels.After(history, 3).Levels.ShouldBe(
            new Dictionary<(SymbolName, Magic), Level> { [(new SymbolName("EURUSD"), Magic.ByHand)] = new(new Lots(0.2m), new Lots(0.1m)) }, ignoreOrder: true);
    }

    [Fact]
    public void A_position_that_stays_open_has_on_top_what_was_closed_of_it()
    {
        var report = SampleReport.Terminal().WithDeals(0m, "EURUSD buy out 0.3 1.10000 5 3.00");
        report.OpenPositions.Add("2025.03.03 10:00:00|90|EURUSD|sell|0.2|1.20000|||1.10100|0.00|1.00|");
        var history = report.History();
        history.OpeningPositions.ShouldHaveSingleItem().Signed.Value.ShouldBe(-0.5m);
        HistoryLevels.After(history, 1).Positions.Values.ShouldHaveSingleItem().Value.ShouldBe(-0.2m);
    }

    [Fact]
    public void An_untouched_position_from_before_is_held_from_the_start()
    {
        var report = SampleReport.Terminal().WithDeals(100m);
        report.OpenPositions.Add("2025.03.03 10:00:00|90|EURUSD|sell|0.2|1.20000|||1.10100|0.00|1.00|");
        var history = report.History();
        history.Deals.ShouldBeEmpty();
        HistoryLevels.After(history, 0).NetPerSymbol[new SymbolName("EURUSD")].Value.ShouldBe(-0.2m);
    }

    [Fact]
    public void A_partial_close_belongs_to_the_position_that_no_other_row_claims()
    {
        var report = SampleReport.Terminal().WithDeals(
            0m,
            "EURUSD buy in 0.3 1.10000 10 0.00",
            "EURUSD buy in 0.3 1.20000 11 0.00",
            "EURUSD sell out 0.1 1.15000 20 5.00",
            "EURUSD sell out 0.3 1.15000 21 -15.00",
            "EURUSD sell out 0.2 1.15000 22 10.00");
        report.Positions.Add($"{SampleReport.At(2)}|11|EURUSD|buy|0.3|1.20000|||{SampleReport.At(4)}|1.15000|0.00|0.00|-15.00");
        report.History().Deals.Select(d => d.Position).ShouldBe([10, 11, 10, 11, 10]);
    }

    [Fact]
    public void A_close_that_can_mean_two_positions_is_an_error_that_names_the_row()
    {
        var report = SampleReport.Terminal().WithDeals(
            0m,
            "EURUSD buy in 0.3 1.10000 10 0.00",
            "EURUSD buy in 0.2 1.10000 11 0.00",
            "EURUSD sell out 0.1 1.15000 20 5.00");
        var failure = report.Failure();
        failure.Kind.ShouldBe(HistoryFailureKind.Ambiguous);
        failure.Where!.ShouldStartWith("row ");
        failure.What.ShouldContain("deal 3");
        failure.What.ShouldContain("10, 11");
    }

    [Fact]
    public void A_netting_report_takes_over_the_position_of_the_day_before()
    {
        var report = SampleReport.Terminal("4711 (USD, Sample-Server, real, Netting)").WithDeals(
            0m,
            "EURUSD buy in 0.3 1.10000 10 0.00",
            "EURUSD sell out 0.1 1.20000 11 5.00",
            "EURUSD sell out 0.4 1.15000 20 5.00",
            "EURUSD sell in 0.4 1.15000 21 0.00",
            "EURUSD buy in/out 0.6 1.15000 22 1.00");
        report.Positions.Add($"2025.03.03 10:00:00|90|EURUSD|buy|0.5|1.10000|||{SampleReport.At(3)}|1.15000|0.00|0.00|10.00");
        var history = report.History();
        history.Margin.ShouldBe(MarginMode.Netting);
        history.OpeningPositions.ShouldHaveSingleItem().Volume.Value.ShouldBe(0.2m);
        history.Deals.Select(d => d.Position).ShouldBe([90, 90, 90, 21, 21]);
        HistoryLevels.After(history, 5).NetPerSymbol[new SymbolName("EURUSD")].Value.ShouldBe(0.2m);
    }

    [Fact]
    public void An_opening_that_is_nowhere_is_an_error_that_names_the_row()
    {
        var failure = SampleReport.Terminal().WithDeals(0m, "EURUSD buy out 0.3 1.10000 5 3.00").Failure();
        failure.Kind.ShouldBe(HistoryFailureKind.Incomplete);
        failure.Message.ShouldContain("row ");
        failure.Advice.ShouldContain("earlier date");
    }

    [Fact]
    public void The_balance_of_every_row_follows_from_the_row_before()
    {
        var report = Windowed();
        report.Deals[2] = report.Deals[2].Replace("-50.00", "-51.00", StringComparison.Ordinal);
        var html = report.Failure();
        html.Kind.ShouldBe(HistoryFailureKind.Damaged);
        html.Where!.ShouldContain("(Balance)");
        html.What.ShouldBe("the balance is 950, but 1000 before and -51 from this row make 949");

        var xlsx = SampleReport.Read(report.ToXlsx()).ShouldBeOfType<HistoryReadResult.Failed>().Failure;
        xlsx.Where.ShouldBe("row 17, cell M17 (Balance)");
    }

    [Fact]
    public void Credit_shows_an_amount_and_leaves_the_balance()
    {
        var report = SampleReport.Terminal().WithDeals(1_000m);
        report.Deals.Add($"{SampleReport.At(1)}|7||credit|||||0.00|0.00|0.00|500.00|1 000.00|bonus");
        var history = report.History();
        (history.BalanceRows, history.OtherRows).ShouldBe((1, 1));
    }

    [Fact]
    public void The_caller_may_name_the_magic()
    {
        Windowed().History(new ReadOptions(Magic: new Magic(7))).Deals.ShouldAllBe(d => d.Magic == new Magic(7));
    }
}
