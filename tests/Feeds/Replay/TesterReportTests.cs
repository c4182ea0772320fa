using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay;

namespace CSMultiConnector.Feeds.Tests.Replay;

public sealed class TesterReportTests
{
    private static readonly SymbolName Gold = new("XAUUSD");

    /// <summary>One lot of gold makes 100 a point; the first round trip alone shows it.</summary>
    private static SampleReport Hedging(params string[] more) => SampleReport.Tester("InpLots=0.1", "InpMagicNumber=77").WithDeals(
        1_000m,
        ["XAUUSD buy in 0.1 2000.00 2 0.00", "XAUUSD sell out 0.1 2001.00 3 10.00", "XAUUSD buy in 0.1 2002.00 4 0.00", "XAUUSD sell in 0.1 2003.00 5 0.00", .. more]);

    [Fact]
    public void Settings_and_mode_are_read()
    {
        var history = Hedging().History();
        history.Source.ShouldBe(HistorySource.TesterReportHtml);
        (history.Login, history.Server, history.Currency, history.ExpertMagic).ShouldBe((null, "Sample-Demo", "EUR", new Magic(77)));
        (history.Margin, history.MarginStated).ShouldBe((MarginMode.Hedging, false));
        history.Deals.ShouldAllBe(d => d.Magic == new Magic(77) && d.Reason == DealReason.Expert);
        HistoryLevels.After(history, 4).Levels[(Gold, new Magic(77))].ShouldBe(new Level(new Lots(0.1m), new Lots(0.1m)));
    }

    [Fact]
    public void A_tester_report_may_be_a_workbook()
    {
        var history = SampleReport.Read(Hedging().ToXlsx()).ShouldBeOfType<HistoryReadResult.Success>().History;
        history.Source.ShouldBe(HistorySource.TesterReportXlsx);
        history.ExpertMagic.ShouldBe(new Magic(77));
        history.Deals.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("Magic=5", null, 5L)]
    [InlineData("EXPERT_MAGIC_ID=5", null, 5L)]
    [InlineData("MagicA=5", "MagicB=6", null)]
    [InlineData("Magic=-5", null, null)]
    [InlineData("MagicName=abc", null, null)]
    [InlineData("MagicName=abc", "Magic=12", 12L)]
    [InlineData("Number=5", null, null)]
    [InlineData("Magic=99999999999999999999", null, null)]
    public void The_magic_is_the_one_input_that_names_it(string first, string? second, long? expected)
    {
        var report = SampleReport.Tester(second is null ? [first] : [first, second]).WithDeals(0m, "XAUUSD buy in 0.1 2000.00 2 0.00");
        var history = report.History();
        history.ExpertMagic.ShouldBe(expected is null ? null : new Magic(expected.Value));
        history.Deals[0].Magic.ShouldBe(new Magic(expected ?? 0));
    }

    [Fact]
    public void A_close_is_joined_by_its_profit()
    {
        var history = Hedging(
            "XAUUSD buy in 0.1 2004.00 6 0.00",
            "XAUUSD sell out 0.1 2005.00 7 10.00",
            "XAUUSD sell out 0.1 2005.00 8 30.00",
            "XAUUSD buy out 0.1 2001.00 9 20.00").History();
        history.Deals.Select(d => d.Position).ShouldBe([2, 2, 4, 5, 6, 6, 4, 5]);
        HistoryLevels.After(history, 7).Positions.ShouldBe(new Dictionary<(SymbolName, long), Lots> { [(Gold, 5)] = new(-0.1m) }, ignoreOrder: true);
    }

    [Fact]
    public void A_partial_close_is_joined_by_its_profit()
    {
        Hedging("XAUUSD buy in 0.3 2004.00 6 0.00", "XAUUSD sell out 0.1 2005.00 7 10.00", "XAUUSD sell out 0.2 2006.00 8 40.00", "XAUUSD sell out 0.1 2006.00 9 40.00")
            .History().Deals.Select(d => d.Position).ShouldBe([2, 2, 4, 5, 6, 6, 6, 4]);
    }

    [Fact]
    public void The_factor_needs_no_single_position()
    {
        var history = SampleReport.Tester().WithDeals(
            0m,
            "XAUUSD sell in 0.1 2010.00 2 0.00",
            "XAUUSD buy in 0.1 2000.00 3 0.00",
            "XAUUSD buy in 0.1 2002.00 4 0.00",
            "XAUUSD sell out 0.1 2005.00 5 30.00",
            "XAUUSD sell out 0.1 2005.00 6 50.00").History();
        history.Deals.Select(d => d.Position).ShouldBe([2, 3, 4, 4, 3]);
    }

    [Fact]
    public void Rates_may_change_a_little_between_closes()
    {
        var history = SampleReport.Tester().WithDeals(
            0m,
            "EURJPY buy in 0.1 160.000 2 0.00",
            "EURJPY sell out 0.1 161.000 3 62.11",
            "EURJPY buy in 0.1 160.000 4 0.00",
            "EURJPY sell out 0.1 162.000 5 125.00",
            "EURJPY sell in 0.1 162.000 6 0.00",
            "EURJPY buy in 0.1 160.000 7 0.00",
            "EURJPY buy in 0.1 161.000 8 0.00",
            "EURJPY sell out 0.1 162.000 9 62.30",
            "EURJPY sell out 0.1 162.000 10 124.60").History();
        history.Deals.Select(d => d.Position).ShouldBe([2, 2, 4, 4, 6, 7, 8, 8, 7]);
    }

    [Fact]
    public void Positions_alike_in_everything_are_closed_in_turn()
    {
        Hedging("XAUUSD buy in 0.1 2002.00 6 0.00", "XAUUSD sell out 0.1 2005.00 7 30.00", "XAUUSD sell out 0.1 2005.00 8 30.00")
            .History().Deals.Select(d => d.Position).ShouldBe([2, 2, 4, 5, 6, 4, 6]);
    }

    [Fact]
    public void A_close_that_can_mean_two_positions_is_an_error_that_names_the_row()
    {
        var failure = Hedging("XAUUSD buy in 0.3 2002.00 6 0.00", "XAUUSD sell out 0.1 2005.00 7 30.00").Failure();
        failure.Kind.ShouldBe(HistoryFailureKind.Ambiguous);
        failure.Where!.ShouldMatch(@"^row \d+ \(line \d+\)$");
        failure.What.ShouldBe("deal 7 can have closed any of the positions 4, 6");
    }

    [Fact]
    public void A_profit_that_fits_no_position_is_an_error_that_names_the_row()
    {
        var failure = Hedging("XAUUSD buy in 0.1 2004.00 6 0.00", "XAUUSD sell out 0.1 2005.00 7 20.00").Failure();
        failure.Kind.ShouldBe(HistoryFailureKind.Damaged);
        failure.What.ShouldBe("the profit 20 of deal 7 fits none of the open positions 4, 6");
    }

    private static SampleReport Netting(string headings) => WithHeadings(headings).WithDeals(
        1_000m,
        "WIN buy in 3 100000 2 0.00",
        "WIN buy in 1 100100 3 0.00",
        "WIN sell out 1 100200 4 35.00",
        "WIN sell in/out 5 100200 5 100.00",
        "WIN buy out 2 100100 6 40.00 tp 100100",
        "WIN buy in 2 100100 7 0.00");

    private static SampleReport WithHeadings(string headings)
    {
        var report = SampleReport.Tester("magicNum=9");
        report.Headings = headings;
        return report;
    }

    [Theory]
    [InlineData(SampleReport.TesterHeadings)]
    [InlineData(SampleReport.GermanHeadings)]
    [InlineData("Время|Сделка|Символ|Тип|Направление|Объем|Цена|Ордер|Комиссия|Своп|Прибыль|Баланс|Комментарий")]
    public void A_netting_report_has_one_position_a_symbol_in_any_language(string headings)
    {
        var history = Netting(headings).History();
        (history.Margin, history.MarginStated).ShouldBe((MarginMode.Netting, false));
        history.Deals.Select(d => d.Position).ShouldBe([2, 2, 2, 2, 2, 7]);
        history.Deals[4].Reason.ShouldBe(DealReason.TakeProfit);
        var nets = Enumerable.Range(0, 7).Select(n => HistoryLevels.After(history, n).NetPerSymbol.Values.SingleOrDefault().Value);
        nets.ShouldBe([0m, 3m, 4m, 3m, -2m, 0m, 2m]);
        HistoryLevels.After(history, 4).Levels[(new SymbolName("WIN"), new Magic(9))].ShouldBe(new Level(default, new Lots(2m)));
    }

    [Theory]
    [InlineData("WIN sell out 4 100200 9 0.00", "has 3")]
    [InlineData("WIN buy out 1 100200 9 0.00", "has 3")]
    [InlineData("WIN sell in/out 3 100200 9 0.00", "3 are open")]
    [InlineData("OTHER sell out 1 100200 9 0.00", "whose opening is not in the file")]
    [InlineData("OTHER sell in/out 1 100200 9 0.00", "0 are open")]
    public void A_netting_deal_that_closes_what_is_not_open_is_an_error(string deal, string what)
    {
        var failure = SampleReport.Tester().WithDeals(0m, "WIN buy in 3 100000 2 0.00", deal).Failure();
        failure.What.ShouldContain("deal 2 ");
        failure.What.ShouldContain(what);
    }

    [Fact]
    public void Signs_of_both_modes_contradict_each_other()
    {
        var failure = SampleReport.Tester().WithDeals(
            0m, "WIN buy in 3 100000 2 0.00", "WIN sell in 1 100000 3 0.00", "WIN sell in/out 5 100000 4 0.00").Failure();
        failure.Kind.ShouldBe(HistoryFailureKind.Damaged);
        failure.What.ShouldContain("hedging");
    }

    [Fact]
    public void The_caller_may_say_the_mode()
    {
        var report = SampleReport.Tester().WithDeals(0m, "WIN buy in 3 100000 2 0.00", "WIN buy in 1 100000 3 0.00");
        report.History().Margin.ShouldBe(MarginMode.Netting);
        report.History(new ReadOptions(MarginMode.Hedging)).Deals.Select(d => d.Position).ShouldBe([2, 3]);
    }
}
