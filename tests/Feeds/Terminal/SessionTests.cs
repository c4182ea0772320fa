using System.Globalization;
using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Feeds.Tests.Terminal;

/// <summary>Lines after the login: what is accepted, what is refused, what is acknowledged.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Every_kind_of_line_reaches_the_hub_as_it_was_meant()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var session = await host.SessionAsync();

        await terminal.SendSymbolAsync();
        await terminal.SendDealAsync(100);
        await terminal.SendAsync("deal-void", "\"ticket\":100");
        await terminal.SendAsync("account", "\"balance\":1000.5,\"equity\":-2,\"marginFree\":0");
        await terminal.SendAsync("pause", "\"id\":\"p1\",\"connector\":\"btc\"");
        await terminal.SendAsync("resume-trading", "\"id\":\"p2\"");
        await terminal.ReadAckAsync(6);

        (await session.MessageAsync()).ShouldBe(new SymbolReported(1, new SymbolFacts(
            new SymbolName("EURUSD"), 100_000m, new Lots(0.01m), new Lots(0.01m), "EUR", "USD", "EUR", 5, "SYMBOL_CALC_MODE_FOREX", "Forex\\EURUSD", "x")));
        (await session.MessageAsync()).ShouldBe(new DealReported(
            2,
            new Magic(1001),
            new Deal(100, 100, 77, new Magic(1001), new SymbolName("EURUSD"), OrderSide.Buy, DealEntry.In, new Lots(0.3m), 1.0835m, 1763650000123, DealReason.Expert, -0.7m, "c"),
            new Level(new Lots(0.3m), default),
            1763642800123));
        (await session.MessageAsync()).ShouldBe(new DealVoided(3, 100));
        (await session.MessageAsync()).ShouldBe(new AccountReported(4, 1000.5m, -2m, 0m));
        (await session.MessageAsync()).ShouldBe(new PauseRequested(5, "p1", "btc", true));
        (await session.MessageAsync()).ShouldBe(new PauseRequested(6, "p2", null, false));
    }

    [Fact]
    public async Task Unknown_keys_are_ignored_and_white_space_is_allowed()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.WriteAsync(" { \"seq\" : 1 , \"future\":null, \"t\" : \"account\",\"balance\":1,\"equity\":1,\"marginFree\":1,\"x\":\"\\u00e9\"}\r");
        (await (await host.SessionAsync()).MessageAsync()).ShouldBe(new AccountReported(1, 1m, 1m, 1m));
    }

    public static TheoryData<string, string, string> RefusedLines() => new()
    {
        { "not json", "bad-json", "" },
        { "[]", "bad-json", "" },
        { "", "bad-json", "" },
        { "{\"t\":\"ping\",\"seq\":1}{}", "bad-json", "" },
        { "{\"t\":\"ping\",\"seq\":1,\"seq\":1}", "bad-json", "once" },
        { "{\"t\":\"ping\",\"seq\":1,\"x\":{}}", "bad-json", "flat" },
        { "{\"t\":\"ping\",\"seq\":1,\"x\":[1]}", "bad-json", "flat" },
        { "{\"t\":\"ping\",\"seq\":1,\"x\":\"\\ud800\"}", "bad-json", "" },
        { "{\"t\":\"hello\",\"seq\":1}", "unknown-type", "deal" },
        { "{\"t\":\"Ping\",\"seq\":1}", "unknown-type", "" },
        { "{\"seq\":1}", "unknown-type", "" },
        { "{\"t\":\"ping\"}", "bad-field", "seq" },
        { "{\"t\":\"ping\",\"seq\":\"1\"}", "bad-field", "seq" },
        { "{\"t\":\"ping\",\"seq\":1.5}", "bad-field", "seq" },
        { "{\"t\":\"account\",\"seq\":1,\"balance\":1,\"equity\":1}", "bad-field", "marginFree" },
        { "{\"t\":\"account\",\"seq\":1,\"balance\":\"1\",\"equity\":1,\"marginFree\":1}", "bad-field", "balance" },
        { "{\"t\":\"account\",\"seq\":1,\"balance\":1e3,\"equity\":1,\"marginFree\":1}", "bad-field", "balance" },
        { "{\"t\":\"account\",\"seq\":1,\"balance\":99999999999999999999999999999,\"equity\":1,\"marginFree\":1}", "bad-field", "balance" },
        { "{\"t\":\"deal-void\",\"seq\":1,\"ticket\":0}", "bad-field", "ticket" },
        { "{\"t\":\"deal-void\",\"seq\":1,\"ticket\":9223372036854775808}", "bad-field", "ticket" },
        { "{\"t\":\"pause\",\"seq\":1}", "bad-field", "id" },
        { "{\"t\":\"pause\",\"seq\":1,\"id\":\"a\",\"connector\":\"No Id\"}", "bad-field", "connector" },
        { "{\"t\":\"position\",\"seq\":1,\"snapshot\":1,\"magic\":1001,\"symbol\":\"EURUSD\",\"long\":1,\"short\":0}", "bad-field", "snapshot" },
        { "{\"t\":\"snapshot-end\",\"seq\":1,\"snapshot\":1,\"lastDeal\":1,\"timeMsc\":1,\"utcMsc\":1}", "bad-field", "snapshot" },
        { "{\"t\":\"snapshot\",\"seq\":1,\"snapshot\":1,\"positions\":-1,\"totals\":0}", "bad-field", "positions" },
    };

    [Theory]
    [MemberData(nameof(RefusedLines))]
    public async Task A_refused_line_says_why_uses_its_number_up_and_is_acknowledged(string line, string code, string mentions)
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.WriteAsync(line);
        var error = await terminal.ReadErrorAsync(code, 1);
        error.GetProperty("text").GetString()!.ShouldContain(mentions);

        await terminal.WriteAsync("{\"t\":\"account\",\"seq\":2,\"balance\":1,\"equity\":1,\"marginFree\":1}");
        await terminal.ReadAckAsync(2);
        (await (await host.SessionAsync()).MessageAsync()).ShouldBe(new AccountReported(2, 1m, 1m, 1m));
    }

    [Theory]
    [InlineData("\"magic\":1001", "\"magic\":1003", "magic")]
    [InlineData("\"magic\":1001", "\"magic\":-1", "magic")]
    [InlineData("\"dealMagic\":1001", "\"dealMagic\":-5", "dealMagic")]
    [InlineData("\"ticket\":100", "\"ticket\":-100", "ticket")]
    [InlineData("\"order\":100", "\"order\":null", "order")]
    [InlineData("\"position\":77", "\"position\":\"77\"", "position")]
    [InlineData("\"symbol\":\"EURUSD\"", "\"symbol\":\"\"", "symbol")]
    [InlineData("\"symbol\":\"EURUSD\"", "\"symbol\":\"EUR\\u0000USD\"", "symbol")]
    [InlineData("\"side\":\"buy\"", "\"side\":\"Buy\"", "side")]
    [InlineData("\"entry\":\"in\"", "\"entry\":\"reverse\"", "entry")]
    [InlineData("\"lots\":0.3", "\"lots\":0", "lots")]
    [InlineData("\"lots\":0.3", "\"lots\":-0.3", "lots")]
    [InlineData("\"lots\":0.3", "\"lots\":3E-1", "lots")]
    [InlineData("\"price\":1.0835", "\"price\":true", "price")]
    [InlineData("\"timeMsc\":1763650000123", "\"timeMsc\":-1", "timeMsc")]
    [InlineData("\"utcMsc\":1763642800123", "\"utc\":1763642800123", "utcMsc")]
    [InlineData("\"reason\":\"expert\"", "\"reason\":\"\"", "reason")]
    [InlineData("\"commission\":-0.7", "\"commission\":\"-0.7\"", "commission")]
    [InlineData("\"comment\":\"c\"", "\"comment\":1", "comment")]
    [InlineData("\"long\":0.3", "\"long\":-0.3", "long")]
    [InlineData("\"short\":0", "\"short\":0.1", "short")]
    public async Task Every_field_of_a_deal_is_checked(string right, string wrong, string field)
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.SendSymbolAsync();
        var fields = RawTerminal.DealFields();
        fields.ShouldContain(right);
        await terminal.SendAsync("deal", fields.Replace(right, wrong, StringComparison.Ordinal));
        (await terminal.ReadErrorAsync("bad-field", 2)).GetProperty("text").GetString()!.ShouldStartWith(field);
    }

    [Fact]
    public async Task Free_text_is_cut_and_cleaned_and_never_a_reason_to_lose_a_deal()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.SendSymbolAsync();
        await terminal.SendAsync("deal", RawTerminal.DealFields().Replace("\"comment\":\"c\"", "\"comment\":\"a\\n\\u0000" + new string('x', 400) + "\"", StringComparison.Ordinal));
        var comment = (await (await host.SessionAsync()).MessageAsync<DealReported>()).Deal.Comment;
        comment.ShouldStartWith("a  xxx");
        comment.Length.ShouldBe(256);
    }

    [Fact]
    public async Task A_symbol_is_described_before_a_deal_names_it()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.SendDealAsync();
        (await terminal.ReadErrorAsync("unknown-symbol", 1)).GetProperty("text").GetString()!.ShouldContain("EURUSD");
        await terminal.SendSymbolAsync();
        await terminal.SendDealAsync();
        await terminal.ReadAckAsync(3);
        (await (await host.SessionAsync()).MessageAsync<DealReported>()).Seq.ShouldBe(3);
    }

    [Fact]
    public async Task A_session_describes_a_bounded_number_of_symbols()
    {
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, MaxSymbols = 2 });
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.SendSymbolAsync("A");
        await terminal.SendSymbolAsync("B");
        await terminal.SendSymbolAsync("C");
        await terminal.ReadErrorAsync("bad-field", 3);
        await terminal.SendSymbolAsync("B");
        await terminal.ReadAckAsync(4);
    }

    [Fact]
    public async Task A_line_out_of_order_is_refused_and_not_acknowledged()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var session = await host.SessionAsync();
        await terminal.SendSymbolAsync();
        await terminal.WriteAsync("{\"t\":\"deal\",\"seq\":3," + RawTerminal.DealFields(5) + "}");
        await terminal.ReadErrorAsync("out-of-order", 3);
        await terminal.WriteAsync("{\"t\":\"deal\",\"seq\":1," + RawTerminal.DealFields(5) + "}");
        await terminal.ReadErrorAsync("out-of-order", 1);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        await terminal.WriteAsync("{\"t\":\"deal\",\"seq\":2," + RawTerminal.DealFields(6) + "}");
        (await terminal.ReadUntilAsync("ack", a => a.GetProperty("seq").GetInt64() > 1)).GetProperty("seq").GetInt64().ShouldBe(2);
        (await session.MessageAsync<DealReported>()).Deal.Ticket.ShouldBe(6);
    }

    [Fact]
    public async Task A_line_may_have_64_KiB_and_a_longer_one_costs_itself()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var start = "{\"t\":\"ping\",\"seq\":1,\"x\":\"";
        await terminal.WriteAsync(start + new string('x', 65_536 - start.Length - 2) + "\"}");
        RawTerminal.TypeOf(await terminal.ReadAsync()).ShouldBe("pong");
        start = "{\"t\":\"ping\",\"seq\":2,\"x\":\"";
        await terminal.WriteAsync(start + new string('x', 65_537 - start.Length - 2) + "\"}");
        await terminal.ReadErrorAsync("too-long", 2);
        await terminal.WriteAsync(start + new string('x', 500_000) + "\"}");
        await terminal.ReadErrorAsync("too-long", 3);
        await terminal.WriteAsync("{\"t\":\"ping\",\"seq\":4}");
        RawTerminal.TypeOf(await terminal.ReadAsync()).ShouldBe("pong");
    }

    [Fact]
    public async Task An_endless_line_costs_its_own_connection()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var block = new byte[256 * 1024];
        Array.Fill(block, (byte)'x');
        for (var i = 0; i < 5; i++) await terminal.WriteBytesAsync(block);
        (await terminal.ReadUntilAsync("bye")).GetProperty("reason").GetString()!.ShouldContain("no end");
        await (await host.SessionAsync()).ClosedAsync();
    }

    [Fact]
    public async Task Too_many_refused_lines_in_a_row_end_the_session()
    {
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, MaxRefusedInARow = 3 });
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.WriteAsync("x");
        await terminal.WriteAsync("x");
        await terminal.WriteAsync("{\"t\":\"ping\",\"seq\":3}");
        for (var i = 0; i < 3; i++) await terminal.WriteAsync("x");
        (await terminal.ReadUntilAsync("bye")).GetProperty("reason").GetString()!.ShouldContain("refused");
    }

    [Fact]
    public async Task Only_what_the_hub_has_stored_is_acknowledged()
    {
        await using var host = await TestHost.StartAsync();
        host.AutoAcknowledge = false;
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var session = await host.SessionAsync();
        await terminal.SendSymbolAsync();
        for (var ticket = 1; ticket <= 3; ticket++) await terminal.SendDealAsync(ticket);
        await terminal.WriteAsync("{\"t\":\"bad\",\"seq\":5}");
        await terminal.ReadErrorAsync("unknown-type", 5);

        session.Session.Acknowledge(2);
        (await terminal.ReadAsync()).GetRawText().ShouldBe("{\"t\":\"ack\",\"seq\":2}");
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        session.Session.Acknowledge(4);
        // The refused line is covered with the line before it: nothing before it is owed any more.
        (await terminal.ReadAsync()).GetRawText().ShouldBe("{\"t\":\"ack\",\"seq\":5}");
        session.Session.Acknowledge(4);
        session.Session.Acknowledge(1_000);
        await terminal.WriteAsync("{\"t\":\"ping\",\"seq\":6}");
        RawTerminal.TypeOf(await terminal.ReadAsync()).ShouldBe("pong");
    }

    [Fact]
    public async Task Lines_that_the_hub_never_sees_are_acknowledged_within_a_second()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        for (var seq = 1; seq <= 4; seq++) await terminal.WriteAsync($"{{\"t\":\"ping\",\"seq\":{seq}}}");
        for (var seq = 1; seq <= 4; seq++) RawTerminal.TypeOf(await terminal.ReadAsync()).ShouldBe("pong");
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        // A line is answered before it is counted: the last one may come with the next acknowledgement.
        var ack = await terminal.ReadAsync();
        (RawTerminal.TypeOf(ack), ack.GetProperty("seq").GetInt64() >= 3).ShouldBe(("ack", true), ack.GetRawText());
    }

    [Fact]
    public async Task With_a_thousand_lines_unjournaled_the_server_stops_reading()
    {
        await using var host = await TestHost.StartAsync();
        host.AutoAcknowledge = false;
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var session = await host.SessionAsync();
        var text = new StringBuilder();
        for (var seq = 1; seq <= 1_500; seq++)
            text.Append(CultureInfo.InvariantCulture, $"{{\"t\":\"account\",\"seq\":{seq},\"balance\":1,\"equity\":1,\"marginFree\":1}}\n");
        await terminal.WriteBytesAsync(Encoding.UTF8.GetBytes(text.ToString()));
        for (var i = 0; i < 1_000; i++) (await session.MessageAsync()).Seq.ShouldBe(i + 1);

        // What the terminal says while nobody listens does not count as silence; only the hub can make the server read on.
        for (var heartbeat = 1; heartbeat <= 6; heartbeat++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(5));
            await terminal.ReadUntilAsync("ping");
        }

        session.Received.ShouldBe(1_000);
        session.IsOver.ShouldBeFalse();
        session.Session.Acknowledge(1);
        (await session.MessageAsync()).Seq.ShouldBe(1_001);
        session.Received.ShouldBe(1_001);
        session.Session.Acknowledge(1_001);
        for (var i = 1_002; i <= 1_500; i++) (await session.MessageAsync()).Seq.ShouldBe(i);
    }

    [Fact]
    public async Task A_terminal_that_leaves_is_reported_with_its_reason()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.SendAsync("bye", "\"reason\":\"chart closed\"");
        (await (await host.SessionAsync()).ClosedAsync()).ShouldContain("chart closed");
        (await terminal.ReadTextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_replaced_session_is_told_and_the_new_one_goes_on()
    {
        await using var host = await TestHost.StartAsync();
        TestSession? old = null;
        host.Admit = (login, session) =>
        {
            old?.Session.Close("replaced");
            old = session;
            return Task.FromResult<SessionAdmission>(new SessionAdmission.Admitted(session, [], []));
        };
        var (first, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = first;
        var (second, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _2 = second;
        (await first.ReadTextAsync()).ShouldBe("{\"t\":\"bye\",\"reason\":\"replaced\"}");
        (await first.ReadTextAsync()).ShouldBeNull();
        (await (await host.SessionAsync()).ClosedAsync()).ShouldBe("replaced");
        await second.SendSymbolAsync();
        await second.ReadAckAsync(1);
        host.Server.ActiveSessions.ShouldBe(1);
    }

    [Fact]
    public async Task A_session_that_is_over_ignores_the_hub()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        var session = await host.SessionAsync();
        await terminal.DisposeAsync();
        await session.ClosedAsync();
        session.Session.Acknowledge(1);
        session.Session.Send(new HostMessage.SnapshotWanted());
        session.Session.Close("late");
        host.Server.ActiveSessions.ShouldBe(0);
    }
}
