using System.Text;
using CSMultiConnector.Feeds.Replay;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Tests.Replay;

/// <summary>Whatever a file has become, reading it ends with a value: a failure, or what is truly there.</summary>
public sealed class DamagedHistoryTests
{
    private const int Cuts = 150;
    private const int Flips = 300;

    public static TheoryData<string> Samples => ["terminal.xlsx", "terminal.html", "tester.html", "tester-utf16.html", "deals.csv"];

    private static byte[] Content(string sample)
    {
        var terminal = SampleReport.Terminal().WithDeals(500m, "EURUSD buy in 0.2 1.10000 10 0.00", "EURUSD sell out 0.2 1.20000 11 20.00");
        terminal.Positions.Add($"{SampleReport.At(2)}|10|EURUSD|buy|0.2|1.10000|||{SampleReport.At(3)}|1.20000|0.00|0.00|20.00");
        terminal.Total = "0.00|0.00|0.00|520.00|520.00";
        var tester = SampleReport.Tester("Magic=3").WithDeals(
            500m, "EURUSD buy in 0.2 1.10000 10 0.00", "EURUSD sell in 0.2 1.20000 11 0.00", "EURUSD sell out 0.2 1.20000 12 20.00");
        return sample switch
        {
            "terminal.xlsx" => terminal.ToXlsx(),
            "terminal.html" => Encoding.UTF8.GetBytes(terminal.ToHtml()),
            "tester.html" => Encoding.UTF8.GetBytes(tester.ToHtml()),
            "tester-utf16.html" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(tester.ToHtml())],
            _ => Encoding.UTF8.GetBytes(
                """
                ticket,order,time,time_msc,type,entry,magic,position_id,reason,volume,price,commission,swap,profit,fee,symbol,comment,external_id
                11,111,1745000011,1745000011123,0,0,5,111,3,0.3,1.1,0,0,0,0,EURUSD,"opened, by hand",x1
                12,112,1745000012,1745000012123,1,1,5,111,3,0.3,1.1,0,0,0,0,EURUSD,,x2

                """),
        };
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_cut_file_is_refused_or_gives_what_is_whole(string sample)
    {
        var content = Content(sample);
        var whole = SampleReport.Read(content).ShouldBeOfType<HistoryReadResult.Success>().History;
        for (var i = 0; i < Cuts; i++)
        {
            var length = (int)((long)content.Length * i / Cuts);
            switch (SampleReport.Read(content[..length]))
            {
                case HistoryReadResult.Failed failed:
                    failed.Failure.What.ShouldNotBeEmpty();
                    failed.Failure.Advice.ShouldNotBeEmpty();
                    break;
                case HistoryReadResult.Success success when sample == "deals.csv":
                    // Nothing in a CSV says how long it should be; what is there must be true.
                    success.History.Deals.ShouldBe(whole.Deals.Take(success.History.Deals.Count));
                    break;
                case HistoryReadResult.Success success:
                    success.History.Deals.ShouldBe(whole.Deals, $"cut at {length}");
                    success.History.OpeningPositions.ShouldBe(whole.OpeningPositions);
                    break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Flipped_bytes_never_throw(string sample)
    {
        var content = Content(sample);
        var random = new Random(20250304);
        for (var i = 0; i < Flips; i++)
        {
            var damaged = content.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            SampleReport.Read(damaged).ShouldNotBeNull($"flip {i}");
        }
    }

    /// <summary>Every cell of a tester's deals table, replaced in turn: what the replay depends on must not change unnoticed.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("999999999999999999999999999999")]
    public void A_spoilt_cell_is_an_error_that_names_its_row(string spoilt)
    {
        var names = SampleReport.TesterHeadings.Split('|');
        for (var column = 0; column < names.Length - 1; column++)
        {
            var report = SampleReport.Tester().WithDeals(500m, "EURUSD buy in 0.2 1.10000 10 0.00", "EURUSD sell out 0.2 1.20000 11 20.00");
            var cells = report.Deals[2].Split('|');
            cells[column] = spoilt;
            report.Deals[2] = string.Join('|', cells);
            if (names[column] == "Symbol" && spoilt.Length is > 0 and < 40)
            {
                report.Failure().What.ShouldContain("whose opening is not in the file");
                continue;
            }

            var failure = report.Failure();
            failure.Where!.ShouldStartWith("row ", Case.Sensitive, names[column]);
            failure.Kind.ShouldBeOneOf(HistoryFailureKind.Damaged, HistoryFailureKind.Incomplete);
        }
    }

    [Fact]
    public void A_lost_row_shows_in_the_balance()
    {
        var report = SampleReport.Tester().WithDeals(500m, "EURUSD buy in 0.2 1.10000 10 0.00", "EURUSD sell out 0.2 1.20000 11 20.00", "EURUSD buy in 0.2 1.10000 12 0.00");
        report.Deals.RemoveAt(2);
        report.Failure().What.ShouldContain("the balance is 520");
    }

    [Fact]
    public void Lost_rows_at_the_end_show_in_the_total()
    {
        var report = SampleReport.Tester().WithDeals(500m, "EURUSD buy in 0.2 1.10000 10 0.00", "EURUSD sell out 0.2 1.20000 11 20.00");
        report.Total = "0.00|0.00|20.00|520.00";
        report.History().Deals.Count.ShouldBe(2);
        report.Deals.RemoveAt(2);
        report.Failure().What.ShouldContain("rows are missing");
    }

    [Fact]
    public void A_deal_outside_of_the_table_is_an_error()
    {
        var report = SampleReport.Tester().WithDeals(500m, "EURUSD buy in 0.2 1.10000 10 0.00", "EURUSD sell out 0.2 1.20000 11 20.00");
        var html = report.ToHtml();
        var row = html.IndexOf("<tr bgcolor", html.IndexOf("EURUSD", StringComparison.Ordinal), StringComparison.Ordinal);
        var read = SampleReport.Read(Encoding.UTF8.GetBytes(html.Insert(row, "<tr><td></td></tr>")));
        read.ShouldBeOfType<HistoryReadResult.Failed>().Failure.What.ShouldContain("outside of the deals table");
    }

    [Fact]
    public void A_ticket_stands_once()
    {
        var report = SampleReport.Tester().WithDeals(500m, "EURUSD buy in 0.2 1.10000 10 0.00");
        report.Deals.Add(report.Deals[^1]);
        report.Failure().Where!.ShouldEndWith("(Deal)");
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        var report = SampleReport.Tester().WithDeals(500m, "EURUSD buy in 0.2 1.10000 10 0.00");
        report.Headings = report.Headings.Replace("|Swap", "", StringComparison.Ordinal);
        report.Failure().What.ShouldBe("the deals table has no column Swap");
    }

    [Fact]
    public void A_report_without_deals_table_says_so()
    {
        var failure = SampleReport.Read("<html><body><table><tr><td>Hello</td></tr></table></body></html>"u8.ToArray()).ShouldBeOfType<HistoryReadResult.Failed>().Failure;
        (failure.Kind, failure.What).ShouldBe((HistoryFailureKind.UnknownFormat, "the report has no deals table"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no history at all\n1,2,3\n")]
    [InlineData("date,open,high,low,close\n2025-01-01,1,2,3,4\n")]
    [InlineData("{\"deals\":[]}")]
    public void Other_files_are_no_history(string text)
    {
        var failure = SampleReport.Read(Encoding.UTF8.GetBytes(text)).ShouldBeOfType<HistoryReadResult.Failed>().Failure;
        failure.Kind.ShouldBe(HistoryFailureKind.UnknownFormat);
        failure.Advice.ShouldContain("history_deals_get");
    }

    [Fact]
    public void An_archive_must_be_a_workbook()
    {
        SampleReport.Read(SampleReport.Archive(("readme.txt", "hello"))).ShouldBeOfType<HistoryReadResult.Failed>().Failure.What.ShouldContain("no worksheet");
    }

    [Fact]
    public void A_missing_file_is_a_failure_value()
    {
        var failure = HistoryReader.Read(Path.Combine(Path.GetTempPath(), "no-such-folder", "none.html")).ShouldBeOfType<HistoryReadResult.Failed>().Failure;
        (failure.Kind, failure.File, failure.What).ShouldBe((HistoryFailureKind.Unreadable, "none.html", "there is no such file"));
        HistoryReader.Read(Path.GetTempPath()).ShouldBeOfType<HistoryReadResult.Failed>().Failure.What.ShouldBe("the file cannot be read");
    }

    [Fact]
    public void An_archive_with_too_many_entries_is_refused()
    {
        var entries = Enumerable.Range(0, HistoryLimits.MaxArchiveEntries + 1).Select(i => ($"xl/worksheets/sheet{i}.xml", (string?)null)).ToArray();
        SampleReport.Read(SampleReport.Archive(entries)).ShouldBeOfType<HistoryReadResult.Failed>().Failure.Kind.ShouldBe(HistoryFailureKind.TooLarge);
    }

    [Fact]
    public void What_an_archive_unpacks_to_is_bounded()
    {
        using var stream = new BudgetedStream(new MemoryStream(new byte[100]), new UnpackBudget(64), "sheet1.xml");
        var read = stream.Read(new byte[64], 0, 64);
        read.ShouldBe(64);
        Should.Throw<HistoryFormatException>(() => stream.Read(new byte[64], 0, 64)).For("f").Kind.ShouldBe(HistoryFailureKind.TooLarge);
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<div></b>")]
    [InlineData("<table><tr><td>")]
    public void Endless_nesting_is_refused(string element)
    {
        var html = "<html><body>" + string.Concat(Enumerable.Repeat(element, 100_000)) + "</html>";
        SampleReport.Read(Encoding.UTF8.GetBytes(html)).ShouldBeOfType<HistoryReadResult.Failed>().Failure.Kind.ShouldBe(HistoryFailureKind.TooLarge);
    }

    [Fact]
    public void A_cancelled_reading_throws_as_cancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var stream = new MemoryStream(Content("tester.html"));
        Should.Throw<OperationCanceledException>(() => HistoryReader.Read(stream, "sample", null, stop.Token));
    }
}
