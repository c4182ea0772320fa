using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay;

namespace CSMultiConnector.Feeds.Tests.Replay;

public sealed class DealsCsvTests
{
    private const string Heading = "ticket,order,time,time_msc,type,entry,magic,position_id,reason,volume,price,commission,swap,profit,fee,symbol,comment,external_id";

    private static HistoryReadResult Read(params string[] lines) => ReadText(string.Join('\n', lines));

    private static HistoryReadResult ReadText(string text, Encoding? encoding = null)
    {
        encoding ??= new UTF8Encoding(false);
        return SampleReport.Read([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
    }

    private static RecordedHistory History(params string[] lines) => Read(lines).ShouldBeOfType<HistoryReadResult.Success>().History;

    private static HistoryFailure Failure(params string[] lines) => Read(lines).ShouldBeOfType<HistoryReadResult.Failed>().Failure;

    private static string Line(int ticket, int type, int entry, int magic, int position, string volume, string symbol = "EURUSD", string comment = "") =>
        $"{ticket},{ticket + 100},17450000{ticket},17450000{ticket}123,{type},{entry},{magic},{position},3,{volume},1.1,0.0,0.0,0.0,0.0,{symbol},{comment},";

    [Fact]
    public void Volume_counts_under_the_magic_of_the_opening_deal()
    {
        var history = History(Heading, Line(10, 2, 0, 0, 0, "0.0", ""), Line(11, 0, 0, 5, 111, "0.3"), Line(12, 1, 0, 6, 112, "0.1"), Line(13, 1, 1, 0, 111, "0.1"));
        (history.Source, history.Margin, history.MarginStated).ShouldBe((HistorySource.DealsCsv, MarginMode.Hedging, false));
        (history.BalanceRows, history.Login, history.Server, history.Currency).ShouldBe((1, null, null, null));
        history.Deals[2].ShouldBe(new Deal(
            13, 113, 111, Magic.ByHand, new SymbolName("EURUSD"), OrderSide.Sell, DealEntry.Out, new Lots(0.1m), 1.1m, 1745000013123, DealReason.Expert, 0m, ""));
        HistoryLevels.After(history, 3).Levels.ShouldBe(
            new Dictionary<(SymbolName, Magic), Level>
            {
                [(new SymbolName("EURUSD"), new Magic(5))] = new(new Lots(0.2m), default),
                [(new SymbolName("EURUSD"), new Magic(6))] = new(default, new Lots(0.1m)),
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Deals_come_in_order_of_time_then_ticket()
    {
        History(Heading, Line(13, 1, 1, 0, 111, "0.1"), Line(11, 0, 0, 5, 111, "0.3"), Line(12, 1, 1, 0, 111, "0.1"))
            .Deals.Select(d => d.Ticket).ShouldBe([11, 12, 13]);
        var second = "200,1,1745000000,1745000000000,0,0,0,7,0,0.1,1.1,0,0,0,0,EURUSD,,";
        History(Heading, second, second.Replace("200,1,", "199,2,", StringComparison.Ordinal)).Deals.Select(d => d.Ticket).ShouldBe([199, 200]);
    }

    [Fact]
    public void Nothing_that_shows_hedging_is_netting()
    {
        var history = History(Heading, Line(11, 0, 0, 5, 111, "0.3"), Line(12, 1, 2, 5, 111, "0.5"), Line(13, 0, 1, 5, 111, "0.2"), Line(14, 0, 0, 6, 114, "0.2"));
        history.Margin.ShouldBe(MarginMode.Netting);
        HistoryLevels.After(history, 2).NetPerSymbol[new SymbolName("EURUSD")].Value.ShouldBe(-0.2m);
        HistoryLevels.After(history, 4).Levels.ShouldHaveSingleItem().Key.Magic.ShouldBe(new Magic(6));
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public void Any_usual_delimiter_and_encoding_will_do(char delimiter)
    {
        var text = string.Join("\r\n", Heading, Line(11, 0, 0, 5, 111, "0.3")).Replace(',', delimiter);
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode })
            ReadText(text, encoding).ShouldBeOfType<HistoryReadResult.Success>().History.Deals.ShouldHaveSingleItem().Volume.Value.ShouldBe(0.3m);
    }

    [Fact]
    public void A_data_frame_may_have_changed_the_form()
    {
        var history = History(
            ",symbol,ticket,order,time,type,entry,magic,position_id,volume,price",
            "0,EURUSD,11,0,2025-04-17 18:09:03,0.0,0,5.0,111,0.30000000000000004,1.1353900000000001");
        history.Deals.ShouldHaveSingleItem().ShouldBe(new Deal(
            11, 0, 111, new Magic(5), new SymbolName("EURUSD"), OrderSide.Buy, DealEntry.In, new Lots(0.3m), 1.13539m,
            new DateTimeOffset(2025, 4, 17, 18, 9, 3, TimeSpan.Zero).ToUnixTimeMilliseconds(), DealReason.Other, 0m, ""));
    }

    [Fact]
    public void Quoted_comments_may_have_delimiters_and_line_breaks()
    {
        var history = History(Heading, Line(11, 0, 0, 5, 111, "0.3", comment: "\"a, \"\"b\"\"\nc\""), Line(12, 1, 1, 5, 111, "0.3"));
        history.Deals[0].Comment.ShouldBe("a, \"b\"\nc");
        history.Deals.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("11,111,1745000011,1745000011123,0,0,5,111,3,0.3x,1.1,0,0,0,0,EURUSD,,", "line 2, column volume", "\"0.3x\" is wrong: no number")]
    [InlineData("11,111,1745000011,1745000011123,0,0,5,111,3,-0.3,1.1,0,0,0,0,EURUSD,,", "line 2, column volume", "not above zero")]
    [InlineData("11,111,1745000011,1745000011123,0,7,5,111,3,0.3,1.1,0,0,0,0,EURUSD,,", "line 2, column entry", "none of")]
    [InlineData("11,111,1745000011,1745000011123,44,0,5,111,3,0.3,1.1,0,0,0,0,EURUSD,,", "line 2, column type", "no deal type")]
    [InlineData("11,111,1745000011,1745000011123,0,0,5,,3,0.3,1.1,0,0,0,0,EURUSD,,", "line 2, column position_id", "empty")]
    [InlineData("11,111,1745000011,1745000011123,0,0,5,111,3,0.3,1.1,0,0,0,0,,,", "line 2, column symbol", "empty")]
    [InlineData("11,111,noon,noon,0,0,5,111,3,0.3,1.1,0,0,0,0,EURUSD,,", "line 2, column time", "no time")]
    [InlineData("11,111,1745000011,1745000011123,0,0,5,111,3,0.3,1.1,0,0,0,0,EURU", "line 2", "16 fields, the heading 18")]
    [InlineData("11,111,1745000011,1745000011123,0,0,5,111,3,0.3,1.1,0,0,0,0,EURUSD,\"a,", "line 2", "well-formed")]
    [InlineData("11,111,1745000011,1745000011123,1,1,5,111,3,0.3,1.1,0,0,0,0,EURUSD,,", "line 2", "whose opening is not in the file")]
    public void An_error_names_line_and_column(string line, string where, string what)
    {
        var failure = Failure(Heading, line);
        failure.Where.ShouldBe(where);
        failure.What.ShouldContain(what);
        failure.Message.ShouldStartWith($"sample, {where}: ");
    }

    [Theory]
    [InlineData("position_id")]
    [InlineData("volume")]
    [InlineData("symbol")]
    public void A_missing_column_is_named(string column)
    {
        var failure = Failure(Heading.Replace(column, "x", StringComparison.Ordinal), Line(11, 0, 0, 5, 111, "0.3"));
        failure.What.ShouldBe($"the column {column} is missing");
    }

    [Fact]
    public void A_ticket_stands_once()
    {
        Failure(Heading, Line(11, 0, 0, 5, 111, "0.3"), Line(11, 0, 0, 5, 111, "0.3")).Where.ShouldBe("line 3, column ticket");
    }

    [Fact]
    public void A_position_cannot_lose_more_than_it_has()
    {
        var failure = Failure(
            Heading, Line(11, 0, 0, 5, 111, "0.3"), Line(12, 0, 0, 5, 112, "0.3"), Line(13, 1, 1, 5, 111, "0.4"));
        (failure.Kind, failure.Where).ShouldBe((HistoryFailureKind.Damaged, "line 4"));
    }

    [Fact]
    public void A_heading_alone_is_an_empty_history() => History(Heading).Deals.ShouldBeEmpty();
}
