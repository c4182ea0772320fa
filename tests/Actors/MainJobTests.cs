using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Actors.Tests;

public sealed class MainJobTests
{
    private static readonly TerminalId s_terminal = Given.Terminal;

    private static ConnectorSettings Futures() => Given.Futures();

    [Fact]
    public async Task A_deal_becomes_an_order_and_the_venue_holds_what_MT5_holds()
    {
        await using var world = await World.StartAsync(Futures());
        var terminal = await world.LoginAsync(s_terminal, MarginMode.Netting, 7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        var seq = terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);

        var status = await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 1 && terminal.Acknowledged >= seq, "one leg at 0.3");

        status.Connectors[0].Legs[0].Actual.Value.ShouldBe(0.3m);
        world.Sent.Count.ShouldBe(1);
        status.Terminals[0].Deals.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_restart_nothing_is_lost_and_nothing_doubled()
    {
        await using var world = await World.StartAsync(Futures());
        var terminal = await world.LoginAsync(s_terminal, MarginMode.Netting, 7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 1, "first leg");
        await world.StopHostAsync();

        await world.StartHostAsync(Futures());
        var again = await world.LoginAsync(s_terminal, MarginMode.Netting, 7);
        var admitted = again.Admission.ShouldBeOfType<Feeds.Terminal.SessionAdmission.Admitted>();
        admitted.Resume[0].Deal.ShouldBe(1);
        admitted.Ledger.Single().Level.Net.Value.ShouldBe(0.3m);
        again.Symbol("BTCUSD");
        again.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        again.Snapshot((7, "BTCUSD", 0.3m));
        var status = await world.UntilConvergedAsync();

        status.Terminals[0].Deals.ShouldBe(1);
        status.Connectors[0].Legs.Single().Actual.Value.ShouldBe(0.3m, World.Describe(status) + world.Log);
        world.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_MT5_held_before_is_not_copied_until_a_sync()
    {
        await using var world = await World.StartAsync(Futures());
        var terminal = await world.LoginAsync(s_terminal, MarginMode.Netting, 7);
        terminal.Symbol("BTCUSD");
        terminal.Snapshot((7, "BTCUSD", 1m));
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.5m, 1.5m);
        var status = await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Any(l => l.Actual.Value == 0.5m), "only the new deal");
        status.Connectors[0].Legs[0].Uncopied.Value.ShouldBe(1m);

        (await world.Control.SyncAsync(new ConnectorId("paper"), SyncScope.StreamLegs, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 1.5m, "everything after the sync");
    }

    [Fact]
    public async Task Paused_stays_paused_over_a_restart_and_resumes()
    {
        await using var world = await World.StartAsync(Futures());
        await world.UntilAsync(s => s.Connectors[0].State == Control.ConnectorState.Running, "running");
        (await world.Control.PauseAsync(new ConnectorId("paper"), "lunch", CancellationToken.None)).Ok.ShouldBeTrue();
        await world.StopHostAsync();
        await world.StartHostAsync(Futures());
        var terminal = await world.LoginAsync(s_terminal, MarginMode.Netting, 7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Connectors[0] is { State: Control.ConnectorState.Paused, Legs: [{ Target.Value: 0.3m }] }, "the leg knows its target");
        world.Sent.ShouldBeEmpty();

        (await world.Control.ResumeAsync(new ConnectorId("paper"), CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 0.3m, "traded after resume");
    }

    [Fact]
    public async Task A_hedging_terminal_and_a_one_way_account_do_not_start_and_the_text_says_how_to_mend_it()
    {
        await using var world = await World.StartAsync(Futures());
        var terminal = await world.LoginAsync(s_terminal, MarginMode.Hedging, 7);
        terminal.Symbol("BTCUSD");
        terminal.HedgeSnapshot((7, "BTCUSD", 1m, 0.5m));
        var status = await world.UntilAsync(s => s.Connectors[0].State == Control.ConnectorState.Faulted, "refused");
        status.Connectors[0].Text.ShouldContain("hedge mode");
        world.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hedging_terminal_feeds_long_and_short_legs()
    {
        var settings = Futures() with { VenueOptions = ImmutableSortedDictionary<string, string>.Empty.Add("positionMode", "hedge"), SyncAtStartup = true };
        await using var world = await World.StartAsync(settings);
        var terminal = await world.LoginAsync(s_terminal, MarginMode.Hedging, 7);
        terminal.Symbol("BTCUSD");
        await world.Exchange.SetPriceAsync(Venues.Paper.PaperProduct.Futures, new InstrumentId("BTCUSD"), new Domain.Amounts.Price(100m), CancellationToken.None);
        terminal.HedgeSnapshot((7, "BTCUSD", 1m, 0.5m));
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.2m);
        await world.UntilAsync(s => s.Connectors[0].Legs.Length == 2, "two legs");
    }
}
