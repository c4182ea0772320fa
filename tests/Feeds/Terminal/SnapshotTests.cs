using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Feeds.Tests.Terminal;

/// <summary>A snapshot is applied whole or not at all.</summary>
public sealed class SnapshotTests
{
    private static readonly SymbolName Eurusd = new("EURUSD");

    [Fact]
    public async Task A_whole_snapshot_is_one_message_with_the_number_of_its_last_line()
    {
        await using var host = await TestHost.StartAsync();
        host.AutoAcknowledge = false;
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var session = await host.SessionAsync();
        await terminal.SendSymbolAsync();
        await terminal.SendAsync("snapshot", "\"snapshot\":7,\"positions\":3,\"totals\":1");
        await PositionAsync(terminal, 7, 1001, 0.5m, 0m);
        await PositionAsync(terminal, 7, 1002, 0m, 0.2m);
        await PositionAsync(terminal, 7, -1, 0m, 0.1m);
        await TotalAsync(terminal, 7, 0.2m, 0m);
        var end = await EndAsync(terminal, 7);

        await session.MessageAsync<SymbolReported>();
        var snapshot = (await session.MessageAsync()).ShouldBeOfType<SnapshotReported>();
        (snapshot.Seq, snapshot.LastDeal, snapshot.TimeMsc, snapshot.UtcMsc).ShouldBe((end, 123L, 1763650000123L, 1763642800123L));
        snapshot.Positions.ShouldBe([Position(1001, 0.5m, 0m), Position(1002, 0m, 0.2m), Position(-1, 0m, 0.1m)], ignoreOrder: true);
        snapshot.Totals.ShouldBe(new Dictionary<SymbolName, Level> { [Eurusd] = new(new Lots(0.2m), default) });

        // Until the hub has stored it, none of its lines is acknowledged.
        session.Session.Acknowledge(1);
        (await terminal.ReadAsync()).GetRawText().ShouldBe("{\"t\":\"ack\",\"seq\":1}");
        session.Session.Acknowledge(end - 1);
        session.Session.Acknowledge(end);
        (await terminal.ReadAsync()).GetRawText().ShouldBe($"{{\"t\":\"ack\",\"seq\":{end}}}");
    }

    [Fact]
    public async Task An_empty_snapshot_says_that_everything_is_flat()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.SendAsync("snapshot", "\"snapshot\":1,\"positions\":0,\"totals\":0");
        await EndAsync(terminal, 1);
        var snapshot = (await (await host.SessionAsync()).MessageAsync()).ShouldBeOfType<SnapshotReported>();
        snapshot.Positions.ShouldBeEmpty();
        snapshot.Totals.ShouldBeEmpty();
    }

    [Fact]
    public async Task On_a_netting_account_what_the_streams_do_not_explain_belongs_to_no_stream()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await terminal.SendSymbolAsync();
        await terminal.SendAsync("snapshot", "\"snapshot\":1,\"positions\":1,\"totals\":1");
        await PositionAsync(terminal, 1, 1001, 0.5m, 0m);
        await TotalAsync(terminal, 1, 0.2m, 0m);
        await EndAsync(terminal, 1);
        (await (await host.SessionAsync()).MessageAsync<SnapshotReported>()).Positions.ShouldBe([Position(1001, 0.5m, 0m), Position(-1, 0m, 0.3m)]);
    }

    [Fact]
    public async Task On_a_hedging_account_long_and_short_stand_side_by_side_and_totals_may_be_larger()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint, margin: "hedging");
        await using var _1 = terminal;
        await terminal.SendSymbolAsync();
        await terminal.SendAsync("snapshot", "\"snapshot\":1,\"positions\":1,\"totals\":1");
        await PositionAsync(terminal, 1, 1001, 0.5m, 0.4m);
        await TotalAsync(terminal, 1, 3m, 2m);
        await EndAsync(terminal, 1);
        (await (await host.SessionAsync()).MessageAsync<SnapshotReported>()).Positions.ShouldBe([Position(1001, 0.5m, 0.4m)]);
    }

    public static TheoryData<string, string> Flaws() => new()
    {
        { "unknown symbol", "unknown-symbol" },
        { "too few positions", "bad-field" },
        { "too many positions", "bad-field" },
        { "too few totals", "bad-field" },
        { "the same stream twice", "bad-field" },
        { "another snapshot's line", "bad-field" },
        { "both sides on netting", "bad-field" },
        { "a bad line", "bad-json" },
    };

    [Theory]
    [MemberData(nameof(Flaws))]
    public async Task A_snapshot_with_a_flaw_is_refused_whole_and_another_one_is_wanted(string flaw, string code)
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var session = await host.SessionAsync();
        await terminal.SendSymbolAsync();
        await session.MessageAsync<SymbolReported>();
        await terminal.SendAsync("snapshot", "\"snapshot\":1,\"positions\":2,\"totals\":1");
        await PositionAsync(terminal, 1, 1001, 0.5m, 0m);
        switch (flaw)
        {
            case "unknown symbol":
                await PositionAsync(terminal, 1, 1002, 0.5m, 0m, "GBPUSD");
                break;
            case "too few positions":
                break;
            case "too many positions":
                await PositionAsync(terminal, 1, 1002, 0.5m, 0m);
                await PositionAsync(terminal, 1, -1, 0.5m, 0m);
                break;
            case "the same stream twice":
                await PositionAsync(terminal, 1, 1001, 0.5m, 0m);
                break;
            case "another snapshot's line":
                await PositionAsync(terminal, 2, 1002, 0.5m, 0m);
                break;
            case "both sides on netting":
                await PositionAsync(terminal, 1, 1002, 0.5m, 0.1m);
                break;
            case "a bad line":
                await terminal.SendAsync("position", "\"x\":}");
                break;
            default:
                await PositionAsync(terminal, 1, 1002, 0.5m, 0m);
                break;
        }

        if (flaw != "too few totals") await TotalAsync(terminal, 1, 1m, 0m);
        var end = await EndAsync(terminal, 1);
        await terminal.SendAsync("ping");
        var error = await terminal.ReadUntilAsync("error");
        error.GetProperty("code").GetString().ShouldBe(code, error.GetRawText());
        await terminal.ReadUntilAsync("snapshot-wanted");
        await terminal.ReadUntilAsync("pong");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await terminal.ReadAckAsync(end);
        session.TryMessage(out var message).ShouldBeFalse();

        // And a good one afterwards is applied.
        await terminal.SendAsync("snapshot", "\"snapshot\":3,\"positions\":0,\"totals\":0");
        await EndAsync(terminal, 3);
        (await session.MessageAsync()).ShouldBeOfType<SnapshotReported>().Positions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_line_between_breaks_the_snapshot_but_is_itself_taken()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var session = await host.SessionAsync();
        await terminal.SendSymbolAsync();
        await session.MessageAsync<SymbolReported>();
        await terminal.SendAsync("snapshot", "\"snapshot\":1,\"positions\":1,\"totals\":1");
        await terminal.SendDealAsync(5);
        await terminal.ReadUntilAsync("snapshot-wanted");
        await PositionAsync(terminal, 1, 1001, 0.5m, 0m);
        await TotalAsync(terminal, 1, 0.5m, 0m);
        await EndAsync(terminal, 1);
        await terminal.SendDealAsync(6);
        (await session.MessageAsync()).ShouldBeOfType<DealReported>().Deal.Ticket.ShouldBe(5);
        (await session.MessageAsync()).ShouldBeOfType<DealReported>().Deal.Ticket.ShouldBe(6);
    }

    [Fact]
    public async Task A_terminal_whose_snapshots_are_always_refused_is_not_asked_in_a_loop()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await BadSnapshotAsync(terminal, 1);
        await terminal.ReadUntilAsync("snapshot-wanted");
        await BadSnapshotAsync(terminal, 2);
        await terminal.ReadUntilAsync("error");
        await terminal.SendAsync("ping");
        RawTerminal.TypeOf(await terminal.ReadAsync()).ShouldBe("pong");
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        await terminal.ReadUntilAsync("snapshot-wanted");
    }

    private static async Task BadSnapshotAsync(RawTerminal terminal, int id)
    {
        await terminal.SendAsync("snapshot", $"\"snapshot\":{id},\"positions\":1,\"totals\":0");
        await EndAsync(terminal, id);
    }

    private static Task<int> PositionAsync(RawTerminal terminal, int snapshot, long magic, decimal longs, decimal shorts, string symbol = "EURUSD") =>
        terminal.SendAsync("position", FormattableString.Invariant($"\"snapshot\":{snapshot},\"magic\":{magic},\"symbol\":\"{symbol}\",\"long\":{longs},\"short\":{shorts}"));

    private static Task<int> TotalAsync(RawTerminal terminal, int snapshot, decimal longs, decimal shorts) =>
        terminal.SendAsync("total", FormattableString.Invariant($"\"snapshot\":{snapshot},\"symbol\":\"EURUSD\",\"long\":{longs},\"short\":{shorts}"));

    private static Task<int> EndAsync(RawTerminal terminal, int snapshot) =>
        terminal.SendAsync("snapshot-end", $"\"snapshot\":{snapshot},\"lastDeal\":123,\"timeMsc\":1763650000123,\"utcMsc\":1763642800123");

    private static ResumePosition Position(long magic, decimal longs, decimal shorts) => new(new Magic(magic), Eurusd, new Level(new Lots(longs), new Lots(shorts)));
}
