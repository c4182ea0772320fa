using System.Collections.Concurrent;
using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Client;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Tests.Terminal;

namespace CSMultiConnector.Feeds.Tests.Client;

public sealed class TerminalClientTests
{
    private static readonly SymbolName Eurusd = new("EURUSD");
    private static readonly Magic First = new(1001);
    private static readonly Magic Second = new(1002);
    private const long Day = 24 * 3_600_000L;

    [Fact]
    public async Task A_deal_reaches_the_hub_with_its_stream_and_level_and_comes_back_acknowledged()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        var session = await host.SessionAsync();
        (await session.MessageAsync<SnapshotReported>()).Positions.ShouldBeEmpty();
        await session.MessageAsync<AccountReported>();

        client.Terminal.Apply(Deal(1, First, OrderSide.Buy, DealEntry.In, 0.3m));
        (await session.MessageAsync()).ShouldBeOfType<SymbolReported>().Facts.ShouldBe(Facts());
        var deal = (await session.MessageAsync()).ShouldBeOfType<DealReported>();
        deal.Stream.ShouldBe(First);
        deal.Level.ShouldBe(new Level(new Lots(0.3m), default));
        deal.Deal.ShouldBe(Deal(1, First, OrderSide.Buy, DealEntry.In, 0.3m));
        await client.AllAcknowledgedAsync();
        client.Client.AcknowledgedSeq.ShouldBeGreaterThanOrEqualTo(deal.Seq);
    }

    [Fact]
    public async Task A_deal_that_changes_several_streams_names_the_first_and_a_snapshot_follows()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        var terminal = Netting();
        terminal.Apply(Deal(1, First, OrderSide.Buy, DealEntry.In, 0.1m));
        terminal.Apply(Deal(2, Second, OrderSide.Buy, DealEntry.In, 0.4m));
        await using var client = RunningClient.Start(host, terminal);
        await client.LiveAsync();
        var session = await host.SessionAsync();
        await session.MessageAsync<AccountReported>();

        terminal.Apply(Deal(3, Magic.ByHand, OrderSide.Sell, DealEntry.Out, 0.3m) with { Reason = DealReason.StopOut });
        var deal = await session.MessageAsync<DealReported>();
        (deal.Stream, deal.Deal.Magic, deal.Level).ShouldBe((First, Magic.ByHand, Level.Flat));
        var snapshot = (await session.MessageAsync()).ShouldBeOfType<SnapshotReported>();
        snapshot.Positions.ShouldBe([new ResumePosition(Second, Eurusd, new Level(new Lots(0.2m), default))]);
        snapshot.Totals[Eurusd].ShouldBe(new Level(new Lots(0.2m), default));
        snapshot.LastDeal.ShouldBe(3);
    }

    [Fact]
    public async Task Volume_that_no_stream_owns_shows_in_a_snapshot_at_once()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        var session = await host.SessionAsync();
        await session.MessageAsync<AccountReported>();

        client.Terminal.Apply(Deal(1, new Magic(77), OrderSide.Sell, DealEntry.In, 2m));
        (await session.MessageAsync()).ShouldBeOfType<SymbolReported>();
        (await session.MessageAsync()).ShouldBeOfType<SnapshotReported>().Positions
            .ShouldBe([new ResumePosition(Magic.Unattributed, Eurusd, new Level(default, new Lots(2m)))]);
    }

    [Fact]
    public async Task A_cancelled_deal_is_said_and_a_snapshot_follows()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        var session = await host.SessionAsync();
        client.Terminal.Apply(Deal(1, First, OrderSide.Buy, DealEntry.In, 0.3m));
        await session.MessageAsync<DealReported>();
        client.Terminal.Void(1);
        (await session.MessageAsync<DealVoided>()).Ticket.ShouldBe(1);
        (await session.MessageAsync<SnapshotReported>()).Positions.ShouldBeEmpty();
    }

    [Fact]
    public async Task At_login_the_client_sends_what_the_host_lacks_with_a_day_of_overlap()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        host.Admit = (login, s) => Task.FromResult<SessionAdmission>(
            new SessionAdmission.Admitted(s, [new ResumePoint(First, 20, 10 * Day), new ResumePoint(Second, 0, 0)], []));
        var terminal = Netting();
        terminal.Apply(Deal(10, First, OrderSide.Buy, DealEntry.In, 1m) with { Time = (9 * Day) - 1 });
        terminal.Apply(Deal(11, First, OrderSide.Buy, DealEntry.In, 1m) with { Time = 9 * Day });
        terminal.Apply(Deal(20, First, OrderSide.Buy, DealEntry.In, 1m) with { Time = 10 * Day });
        terminal.Apply(Deal(15, First, OrderSide.Buy, DealEntry.In, 1m) with { Time = 10 * Day });
        terminal.Apply(Deal(21, Second, OrderSide.Sell, DealEntry.Out, 1m) with { Time = (11 * Day) - 1 });
        terminal.Apply(Deal(22, Second, OrderSide.Sell, DealEntry.Out, 1m) with { Time = 12 * Day });
        await using var client = RunningClient.Start(host, terminal);
        await client.LiveAsync();
        var session = await host.SessionAsync();

        (await session.MessageAsync()).ShouldBeOfType<SymbolReported>();
        var tickets = new List<long>();
        FeedMessage message;
        while ((message = await session.MessageAsync()) is DealReported deal)
        {
            tickets.Add(deal.Deal.Ticket);
            // A level, not history: what the stream holds now.
            deal.Level.ShouldBe(deal.Stream == First ? new Level(new Lots(4m), default) : new Level(default, new Lots(2m)));
        }

        tickets.ShouldBe([11, 15, 20, 22]);
        message.ShouldBeOfType<SnapshotReported>().Positions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_owner_may_bring_the_terminal_to_the_hosts_record_before_anything_is_sent()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        host.Admit = (login, s) => Task.FromResult<SessionAdmission>(
            new SessionAdmission.Admitted(s, [new ResumePoint(First, 2, 2), new ResumePoint(Second, 0, 0)], []));
        var terminal = Netting();
        terminal.Open(new HedgingPosition(5, Second, Eurusd, OrderSide.Sell, new Lots(0.5m)));
        IReadOnlyList<ResumePoint>? told = null;
        await using var client = RunningClient.Start(host, terminal, onResume: points =>
        {
            told = points;
            terminal.Apply(Deal(1, First, OrderSide.Buy, DealEntry.In, 1m));
            terminal.Apply(Deal(2, First, OrderSide.Buy, DealEntry.In, 1m));
        });
        await client.LiveAsync();
        told.ShouldBe([new ResumePoint(First, 2, 2), new ResumePoint(Second, 0, 0)]);
        (await (await host.SessionAsync()).MessageAsync<SnapshotReported>()).Positions.ShouldBe(
        [
            new ResumePosition(First, Eurusd, new Level(new Lots(2m), default)),
            new ResumePosition(Second, Eurusd, new Level(default, new Lots(0.5m))),
        ]);
    }

    [Fact]
    public async Task A_restarted_terminal_goes_on_from_the_hosts_ledger()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        host.Admit = (login, s) => Task.FromResult<SessionAdmission>(new SessionAdmission.Admitted(
            s, [new ResumePoint(First, 1, 1), new ResumePoint(Second, 0, 0)], [new ResumePosition(First, Eurusd, new Level(default, new Lots(0.2m)))], 1));
        var terminal = Netting();
        terminal.Apply(Deal(1, First, OrderSide.Buy, DealEntry.In, 1m));
        terminal.Apply(Deal(2, Second, OrderSide.Buy, DealEntry.In, 0.5m));
        await using var client = RunningClient.Start(host, terminal, takeHostLedger: true);
        await client.LiveAsync();
        // 1.5 lots on the account: −0.2 by the host's ledger, 0.5 by the deal above it, the rest belongs to no stream.
        (await (await host.SessionAsync()).MessageAsync<SnapshotReported>()).Positions.ShouldBe(
        [
            new ResumePosition(Magic.Unattributed, Eurusd, new Level(new Lots(1.2m), default)),
            new ResumePosition(First, Eurusd, new Level(default, new Lots(0.2m))),
            new ResumePosition(Second, Eurusd, new Level(new Lots(0.5m), default)),
        ]);
    }

    [Fact]
    public async Task After_a_lost_connection_everything_that_happened_meanwhile_arrives()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        var first = await host.SessionAsync();
        client.Terminal.Apply(Deal(1, First, OrderSide.Buy, DealEntry.In, 1m));
        await first.MessageAsync<DealReported>();

        first.Session.Close("the host is stopping");
        await first.ClosedAsync();
        client.Terminal.Apply(Deal(2, First, OrderSide.Buy, DealEntry.In, 1m));
        var second = await host.SessionAsync();
        second.Session.SessionId.ShouldBeGreaterThan(first.Session.SessionId);
        var tickets = new HashSet<long>();
        while (!tickets.Contains(2)) tickets.Add((await second.MessageAsync<DealReported>()).Deal.Ticket);
        (await second.MessageAsync<SnapshotReported>()).Positions.ShouldBe([new ResumePosition(First, Eurusd, new Level(new Lots(2m), default))]);
        await client.AllAcknowledgedAsync();
    }

    [Fact]
    public async Task What_was_sent_but_not_acknowledged_is_sent_again()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        host.AutoAcknowledge = false;
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        var first = await host.SessionAsync();
        client.Terminal.Apply(Deal(1, First, OrderSide.Buy, DealEntry.In, 1m));
        await first.MessageAsync<DealReported>();
        var waiting = client.AllAcknowledgedAsync();
        waiting.IsCompleted.ShouldBeFalse();

        host.AutoAcknowledge = true;
        first.Session.Close("the host is stopping");
        (await (await host.SessionAsync()).MessageAsync<DealReported>()).Deal.Ticket.ShouldBe(1);
        await waiting;
    }

    [Fact]
    public async Task A_replaced_client_stays_away()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        (await host.SessionAsync()).Session.Close("replaced");
        (await client.EndAsync()).ShouldBe(TerminalClientEnd.Replaced);
        await Should.ThrowAsync<InvalidOperationException>(() => client.Client.WaitUntilLiveAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_critical_error_ends_the_client_and_is_shown()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        (await host.SessionAsync()).Session.Send(new HostMessage.Stop("bad key"));
        (await client.EndAsync()).ShouldBe(TerminalClientEnd.StoppedByHost);
        client.Messages.ShouldContain(new HostMessage.Stop("bad key"));
    }

    [Fact]
    public async Task A_host_that_cannot_prove_the_secret_gets_nothing()
    {
        using var host = new RawHost();
        await using var client = RunningClient.Start(host.Port, Netting());
        await host.LogInAsync("another secret");
        (await host.LineAsync()).ShouldBeNull();
        client.Client.IsLive.ShouldBeFalse();
        await host.AcceptAsync();
        client.Client.LastProblem.ShouldNotBeNull().ShouldContain("could not prove");
    }

    [Fact]
    public async Task A_login_that_can_never_succeed_ends_the_client_and_one_that_may_does_not()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var never = RunningClient.Start(host, new SimulatedTerminal(new TerminalId(1, new string('x', 200)), MarginMode.Netting, [First]));
        (await never.EndAsync()).ShouldBe(TerminalClientEnd.Refused);
        never.Client.LastProblem.ShouldNotBeNull().ShouldContain("server");

        var answers = new Queue<SessionAdmission>([new SessionAdmission.Unavailable("starting"), new SessionAdmission.Busy("another runs")]);
        var admit = host.Admit;
        host.Admit = (login, s) => answers.TryDequeue(out var answer) ? Task.FromResult(answer) : admit(login, s);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_of_the_chart_are_sent_and_answered()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        await using var client = RunningClient.Start(host, Netting());
        await client.LiveAsync();
        var session = await host.SessionAsync();
        var id = client.Client.Request(pause: true, "btc").ShouldNotBeNull();
        var request = await session.MessageAsync<PauseRequested>();
        (request.Id, request.Connector, request.Pause).ShouldBe((id, "btc", true));
        session.Session.Send(new HostMessage.Done(id, true, "paused"));
        session.Session.Send(new HostMessage.Log("info", "hello \"quoted\" Grüße"));
        session.Session.Send(new HostMessage.Stop("end"));
        await client.EndAsync();
        client.Messages.ShouldBe([new HostMessage.Done(id, true, "paused"), new HostMessage.Log("info", "hello \"quoted\" Grüße"), new HostMessage.Stop("end")]);
        client.Client.Request(pause: true).ShouldBeNull();
    }

    [Fact]
    public async Task Many_deals_pass_a_hub_that_acknowledges_late()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        host.AutoAcknowledge = false;
        await using var client = RunningClient.Start(host, Netting(), maxBacklog: 600);
        await client.LiveAsync();
        for (var ticket = 1; ticket <= 3_000; ticket++) client.Terminal.Apply(Deal(ticket, First, OrderSide.Buy, DealEntry.In, 0.01m));

        // More waits than the client puts up with: it synchronises anew, and nothing is missing in the end.
        var seen = new ConcurrentDictionary<long, bool>();
        host.AutoAcknowledge = true;
        while (seen.Count < 3_000)
        {
            var session = await host.SessionAsync();
            session.Session.Acknowledge(long.MaxValue);
            while (!session.IsOver && seen.Count < 3_000)
                if (await session.NextOrClosedAsync() is DealReported deal) seen[deal.Deal.Ticket] = true;
        }

        await client.AllAcknowledgedAsync();
        client.Terminal.LevelOf(First, Eurusd).Long.ShouldBe(new Lots(30m));
    }

    [Fact]
    public async Task Snapshots_and_account_figures_come_by_the_clock_and_on_request()
    {
        var clock = new ManualTimeProvider();
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, Heartbeat = TimeSpan.FromMinutes(1) }, clock);
        await using var client = RunningClient.Start(host, Netting(), time: clock);
        await client.LiveAsync();
        await client.AllAcknowledgedAsync();
        var session = await host.SessionAsync();
        await session.MessageAsync<AccountReported>();

        session.Session.Send(new HostMessage.SnapshotWanted());
        await session.MessageAsync<SnapshotReported>();
        client.Terminal.Account = new AccountFigures(100m, 101.5m, 99m);
        clock.Advance(TimeSpan.FromSeconds(30));
        // In either order: each has its own interval.
        FeedMessage[] both = [await session.MessageAsync(), await session.MessageAsync()];
        both.OfType<SnapshotReported>().Count().ShouldBe(1);
        var account = both.OfType<AccountReported>().Single();
        (account.Balance, account.Equity, account.MarginFree).ShouldBe((100m, 101.5m, 99m));
    }

    [Fact]
    public async Task A_hedging_account_sends_the_listed_streams_and_all_totals()
    {
        await using var host = await TestHost.StartAsync(time: TimeProvider.System);
        var terminal = new SimulatedTerminal(new TerminalId(7, "Hedge"), MarginMode.Hedging, [First]);
        terminal.Describe(Facts());
        terminal.Open(new HedgingPosition(1, First, Eurusd, OrderSide.Buy, new Lots(1m)));
        terminal.Open(new HedgingPosition(2, First, Eurusd, OrderSide.Sell, new Lots(2m)));
        terminal.Open(new HedgingPosition(3, new Magic(77), Eurusd, OrderSide.Sell, new Lots(4m)));
        await using var client = RunningClient.Start(host, terminal);
        await client.LiveAsync();
        var snapshot = await (await host.SessionAsync()).MessageAsync<SnapshotReported>();
        snapshot.Positions.ShouldBe([new ResumePosition(First, Eurusd, new Level(new Lots(1m), new Lots(2m)))]);
        snapshot.Totals[Eurusd].ShouldBe(new Level(new Lots(1m), new Lots(6m)));
    }

    private static SimulatedTerminal Netting()
    {
        var terminal = new SimulatedTerminal(new TerminalId(5012345, "MetaQuotes-Demo"), MarginMode.Netting, [Second, First]);
        terminal.Describe(Facts());
        return terminal;
    }

    private static SymbolFacts Facts() => new(
        Eurusd, 100_000m, new Lots(0.01m), new Lots(0.01m), "EUR", "USD", "EUR", 5, "SYMBOL_CALC_MODE_FOREX", "Forex\\EURUSD", "Euro vs \"US\" Dollar, Grüße");

    private static Deal Deal(long ticket, Magic magic, OrderSide side, DealEntry entry, decimal lots) => new(
        ticket, ticket, 1, magic, Eurusd, side, entry, new Lots(lots), 1.08351m, ticket, DealReason.Expert, -0.07m, "comment");
}
