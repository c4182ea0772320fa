using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Tests;

public sealed class TerminalTests
{
    private const string FailDeals = """
        CREATE TRIGGER no_deals BEFORE INSERT ON journal WHEN NEW.manifest = 'terminal.deal-recorded.1'
        BEGIN SELECT RAISE(ABORT, 'no deals today'); END;
        """;

    [Fact]
    public async Task A_deal_is_recorded_once_over_replays_restarts_and_whatever_order_of_tickets()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(20, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        terminal.Deal(10, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.2m);
        terminal.Deal(20, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.2m);
        var seq = terminal.Deal(30, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.3m);
        await world.UntilAsync(s => s.Converged && terminal.Acknowledged == seq && s.Terminals[0].Deals == 3, "three deals");
        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());

        var again = await world.LoginAsync(7);
        again.Admitted.Resume.Single().Deal.ShouldBe(30);
        again.Symbol("BTCUSD");
        again.Deal(10, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.3m);
        again.Deal(30, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.3m);
        again.Deal(15, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.3m);
        seq = again.Snapshot((7, "BTCUSD", 0.3m));
        var status = await world.UntilAsync(s => s.Converged && again.Acknowledged == seq, "acknowledged");

        // Ticket 15 had never come; its being older than the cursor does not matter.
        status.Terminals[0].Deals.ShouldBe(4);
        status.Terminals[0].Streams.Single(s => s.Magic.Value == 7).LastDeal.ShouldBe(30);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_that_the_journal_did_not_take()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.StopHostAsync();
        world.Sql(FailDeals);
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Symbol("BTCUSD");
        var stored = terminal.Snapshot();
        await world.UntilAsync(_ => terminal.Acknowledged == stored, "the snapshot is stored");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        terminal.Snapshot((7, "BTCUSD", 0.1m));
        await world.UntilAsync(_ => terminal.ClosedWith is not null, "the session is closed");
        terminal.Acknowledged.ShouldBe(stored);
        await world.StopHostAsync();

        world.Sql("DROP TRIGGER no_deals");
        await world.StartHostAsync(Given.Futures());
        var again = await world.LoginAsync(7);
        again.Admitted.Resume.Single().Deal.ShouldBe(0);
        again.Symbol("BTCUSD");
        again.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        var seq = again.Snapshot((7, "BTCUSD", 0.1m));
        await world.UntilAsync(s => again.Acknowledged == seq && s.Terminals[0].Deals == 1, "recorded now");
    }

    [Fact]
    public async Task The_terminal_comes_back_by_itself_after_its_journal_failed()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.StopHostAsync();
        world.Sql(FailDeals.Replace("'terminal.deal-recorded.1'", "'terminal.deal-recorded.1' AND instr(CAST(NEW.message AS TEXT), '\"ticket\":13') > 0", StringComparison.Ordinal));
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Symbol("BTCUSD");
        terminal.Snapshot();
        terminal.Deal(13, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        await world.UntilAsync(_ => terminal.ClosedWith is not null, "the session is closed");

        var status = await world.UntilAsync(s => s is { Complete: true, Terminals: [{ Connected: false, Synchronised: false }] }, "back after a pause");
        status.Terminals[0].Deals.ShouldBe(0);
        var again = await world.LoginAsync(7);
        again.Symbol("BTCUSD");
        again.Snapshot();
        again.Deal(14, 7, "BTCUSD", OrderSide.Buy, 0.2m, 0.2m);
        await world.UntilAsync(s => s.Converged && s.Terminals[0].Deals == 1 && s.Connectors[0].Legs is [{ Actual.Value: 0.2m }], "goes on");
    }

    [Fact]
    public async Task A_line_that_is_down_makes_levels_stale_and_legs_go_on()
    {
        var settings = Given.Futures() with { MaxOrderResubmitTries = 0 };
        await using var world = await World.StartAsync(settings);
        var terminal = await world.CopiedAsync(0.3m);
        terminal.End();
        await world.UntilAsync(s => s.Connectors[0].Legs[0].LevelKnowledge == LevelKnowledge.Stale, "stale");

        // Somebody sells at the venue meanwhile; a sync by hand brings back what the last level asks.
        await world.TradeByHandAsync("BTCUSD", -0.1m);
        await world.UntilAsync(s => s.Connectors[0].Legs[0].Drift.Value == -0.1m, "drift is booked and shown");
        (await world.Control.SyncAsync(Given.Paper, Domain.Connectors.SyncScope.StreamLegs, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 0.3m, "back at the last level");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
    }

    [Fact]
    public async Task After_a_restart_no_order_goes_before_the_first_complete_snapshot()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.CopiedAsync(0.3m);
        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());
        var before = world.Sent.Count;

        var again = await world.LoginAsync(7);
        again.Symbol("BTCUSD");
        var seq = again.Deal(2, 7, "BTCUSD", OrderSide.Sell, 0.3m, 0m);
        var status = await world.UntilAsync(s => again.Acknowledged == seq && s.Connectors[0].Legs is [{ ActualKnown: true, Target.Value: 0m }], "the leg has heard of it");
        status.Connectors[0].Legs[0].LevelKnowledge.ShouldBe(LevelKnowledge.Unknown);
        status.Connectors[0].Legs[0].Text.ShouldContain("no complete snapshot");
        world.Sent.Count.ShouldBe(before);

        again.Snapshot();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.IsZero, "closed after the snapshot");
    }

    [Fact]
    public async Task A_snapshot_corrects_the_ledger_and_the_legs_follow()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        terminal.Snapshot((7, "BTCUSD", 0.1m), (-1, "BTCUSD", 0.2m));
        var status = await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.1m }], "follows the snapshot");
        status.Terminals[0].Warnings.ShouldContain(w => w.Contains("belong to no stream", StringComparison.Ordinal));
        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());

        var again = await world.LoginAsync(7);
        again.Admitted.Ledger.Select(e => (e.Magic.Value, e.Level.Net.Value)).ShouldBe([(-1, 0.2m), (7, 0.1m)]);
    }

    [Fact]
    public async Task What_a_stream_that_is_no_longer_listed_held_is_not_handed_over_once_its_terminal_says_that_it_is_gone()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(1, 2);
        terminal.Symbol("BTCUSD");
        terminal.SnapshotUpTo(10, (1, "BTCUSD", 0.1m), (2, "BTCUSD", 0.2m));
        await world.UntilAsync(s => s.Terminals[0].Streams.Count(t => t.Levels.Count == 1) == 2, "both hold");
        terminal.End();

        // On a netting account the ledger goes on naming the second one for as long as it holds something.
        var without = await world.LoginAsync(1);
        without.Admitted.Ledger.Select(e => (e.Magic.Value, e.Level.Net.Value)).ShouldBe([(1, 0.1m), (2, 0.2m)]);
        without.Symbol("BTCUSD");
        without.SnapshotUpTo(10, (1, "BTCUSD", 0.1m), (2, "BTCUSD", 0.2m));
        var seq = without.SnapshotUpTo(11, (1, "BTCUSD", 0.1m));
        await world.UntilAsync(_ => without.Acknowledged == seq, "the second one closed what it held");

        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());
        var anew = await world.LoginAsync(1);
        anew.Admitted.LedgerDeal.ShouldBe(11);
        anew.Admitted.Ledger.Select(e => (e.Magic.Value, e.Level.Net.Value)).ShouldBe([(1, 0.1m)]);

        // For its legs the level stays until a person releases it.
        var status = await world.UntilAsync(s => s.Terminals is [{ Streams.Length: 2 }], "both are shown");
        status.Terminals[0].Streams.Single(t => t.Magic == new Magic(2)).Levels[new SymbolName("BTCUSD")].ShouldBe(Level.OfNet(new Lots(0.2m)));
    }

    [Fact]
    public async Task An_Expert_Advisor_that_begins_anew_gets_a_ledger_and_the_deal_it_ends_with()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Symbol("BTCUSD");
        terminal.Snapshot();
        terminal.Deal(10, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        var seq = terminal.Deal(11, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.2m);
        await world.UntilAsync(_ => terminal.Acknowledged == seq, "two deals");
        terminal.Said.OfType<HostMessage.SnapshotWanted>().Count().ShouldBe(1, "no snapshot has named its newest deal yet");
        terminal.SnapshotUpTo(11, (7, "BTCUSD", 0.2m));

        // The line of deal 12 has the level after deal 13, whose own line the terminal never sends.
        seq = terminal.Deal(12, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.9m);
        await world.UntilAsync(_ => terminal.Acknowledged == seq, "three deals");

        // Deals 12 and 13 are applied to this by the Expert Advisor itself: neither is in it.
        ShouldHandOver(await world.LoginAsync(7));
        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());
        ShouldHandOver(await world.LoginAsync(7));

        static void ShouldHandOver(Terminal anew)
        {
            anew.Admitted.LedgerDeal.ShouldBe(11);
            anew.Admitted.Ledger.ShouldBe([new ResumePosition(new Magic(7), new SymbolName("BTCUSD"), Level.OfNet(new Lots(0.2m)))]);
            anew.Admitted.Resume.Single().Deal.ShouldBe(12);
        }
    }

    [Fact]
    public void A_terminals_snapshot_keeps_the_last_prices()
    {
        var ledger = new TerminalLedger();
        foreach (var (ticket, price) in new[] { (7L, 100m), (9L, 101m), (8L, 99m), (10L, 0m) })
        {
            ledger.Apply(new DealRecorded(
                default, new Magic(7),
                new Deal(ticket, 0, 0, new Magic(7), new SymbolName("BTCUSD"), OrderSide.Buy, DealEntry.In, new Lots(0.1m), price, ticket, DealReason.Expert, 0m, ""),
                Level.OfNet(new Lots(0.3m)), 0));
        }

        var restored = new TerminalLedger();
        restored.Restore(ledger.ToSnapshot());
        restored.Prices.ShouldHaveSingleItem().ShouldBe(new(new SymbolName("BTCUSD"), new Price(99m)));
    }

    [Fact]
    public async Task Chart_buttons_pause_and_resume_and_are_answered()
    {
        var one = Given.Futures("one") with { Account = "one" };
        var two = Given.Futures("two") with { Account = "two" };
        var other = Given.Futures("other") with { Account = "three", Routes = [new("5@Elsewhere", [])] };
        await using var world = await World.StartAsync(one, two, other);
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        await world.UntilAsync(_ => Rows(terminal).Length >= 2, "rows of the panel");

        terminal.Press("a", "one", pause: true);
        await world.UntilAsync(s => Done(terminal, "a") is not null && s.Connectors.Select(c => c.State).SequenceEqual([ConnectorState.Paused, ConnectorState.Running, ConnectorState.Running]), "only one paused");
        Done(terminal, "a")!.Ok.ShouldBeTrue();
        await world.UntilAsync(_ => Rows(terminal).Any(r => r is { Connector: "one", State: "paused" }), "the panel shows it");

        terminal.Press("b", null, pause: true);
        await world.UntilAsync(s => Done(terminal, "b") is not null && s.Connectors.Count(c => c.State == ConnectorState.Paused) == 2, "all that this terminal feeds");
        terminal.Press("c", "other", pause: true);
        await world.UntilAsync(_ => Done(terminal, "c") is not null, "answered");
        Done(terminal, "c")!.Ok.ShouldBeFalse();

        terminal.Press("d", null, pause: false);
        await world.UntilAsync(s => Done(terminal, "d") is { Ok: true } && s.Connectors.All(c => c.State == ConnectorState.Running), "running again");
        Rows(terminal).ShouldNotContain(r => r.Connector == "other");
    }

    [Fact]
    public async Task A_critical_error_stops_what_the_terminal_feeds_and_tells_it_to_end()
    {
        var one = Given.Futures("one") with { Account = "one", Routes = [new(Given.Terminal.ToString(), [])] };
        var two = Given.Futures("two") with { Account = "two", Routes = [new(Given.Terminal.ToString(), [])] };
        var other = Given.Futures("other") with { Account = "three", Routes = [new("5@Elsewhere", [])] };
        await using var world = await World.StartAsync(one, two, other);
        var bystander = await world.LoginAsync(new(5, "Elsewhere"), MarginMode.Netting, 7);
        bystander.Snapshot();
        var terminal = await world.TryLoginAsync(Given.Terminal, MarginMode.Netting, stopOnCritical: true, 7);
        world.Script(one.Id).Submit = _ => new SubmitOutcome.Rejected(new Rejection(RejectionClass.Account, "-2015", "Invalid key"));
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        var status = await world.UntilAsync(
            s => s.Connectors.Select(c => c.State).SequenceEqual([ConnectorState.Paused, ConnectorState.Running, ConnectorState.Paused]), "one and two are paused");
        status.Connectors[0].Text.ShouldContain("Invalid key");
        await world.UntilAsync(_ => terminal.Said.OfType<HostMessage.Stop>().Any(), "told to end");
        terminal.Said.OfType<HostMessage.Log>().ShouldContain(l => l.Level == "error" && l.Text.Contains("-2015", StringComparison.Ordinal));
        bystander.Said.OfType<HostMessage.Log>().ShouldBeEmpty();
        bystander.Said.OfType<HostMessage.Stop>().ShouldBeEmpty();
        world.Sent.Count(o => o.Connector == one.Id).ShouldBe(1);
    }

    [Fact]
    public async Task A_connector_that_is_gone_is_shown_as_stopped_and_not_to_later_sessions()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        await world.UntilAsync(_ => Rows(terminal).Any(r => r.State == "running"), "shown");
        (await world.Control.ApplyConnectorsAsync([], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(_ => Rows(terminal)[^1].State == "stopped", "shown as stopped");
        terminal.Press("a", null, pause: true);
        await world.UntilAsync(_ => Done(terminal, "a") is { Ok: false }, "answered although nobody is left");
        var later = await world.LoginAsync(7);
        Rows(later).ShouldBeEmpty();
    }

    private static HostMessage.Status[] Rows(Terminal terminal) => [.. terminal.Said.OfType<HostMessage.Status>()];

    private static HostMessage.Done? Done(Terminal terminal, string id) => terminal.Said.OfType<HostMessage.Done>().FirstOrDefault(d => d.Id == id);
}
