using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Actors.Tests;

public sealed class SyncTests
{
    [Fact]
    public async Task At_startup_over_the_whole_account_what_MT5_does_not_hold_is_closed_before_the_rest_is_opened()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("ETHUSD");
        await world.TradeByHandAsync("BTCUSD", 0.01m);
        await world.StartHostAsync(Given.Futures() with { SyncAtStartup = true, SyncScope = SyncScope.WholeAccount });
        await world.HoldingAsync((7, "ETHUSD", 0.1m));

        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 2 && world.Sent.Count >= 2, "synced");
        Orders(world).ShouldBe([(OrderSide.Sell, 0.01m, "BTCUSD"), (OrderSide.Buy, 0.1m, "ETHUSD")]);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0m);
        (await world.HeldAsync("ETHUSD")).ShouldBe(0.1m);
    }

    [Fact]
    public async Task The_reducing_order_is_finished_before_the_increasing_one_is_sent()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("ETHUSD");
        await world.TradeByHandAsync("BTCUSD", 0.01m);
        var answer = new TaskCompletionSource();
        world.Script().HoldAnswer = order => order.Instrument.Value == "BTCUSD" ? answer.Task : Task.CompletedTask;
        await world.StartHostAsync(Given.Futures() with { SyncAtStartup = true, SyncScope = SyncScope.WholeAccount });
        await world.HoldingAsync((7, "ETHUSD", 0.1m));
        var status = await world.UntilAsync(s => !world.Sent.IsEmpty && s.Connectors[0].Legs is [_, { State: "waiting", ActualKnown: true }], "the other waits");
        status.Connectors[0].Legs[1].Text.ShouldContain("first");
        Orders(world).ShouldBe([(OrderSide.Sell, 0.01m, "BTCUSD")]);

        answer.SetResult();
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 2, "then the increasing one");
    }

    [Fact]
    public async Task In_the_default_scope_what_no_stream_held_is_left_alone()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.ListAsync("ETHUSD");
        await world.TradeByHandAsync("BTCUSD", 0.01m);
        await world.StartHostAsync(Given.Futures() with { SyncAtStartup = true });
        await world.HoldingAsync((7, "ETHUSD", 0.1m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 1 && s.Connectors[0].LastSync is not null, "synced");
        Orders(world).ShouldBe([(OrderSide.Buy, 0.1m, "ETHUSD")]);

        // By hand over the whole account it is closed.
        (await world.Control.SyncAsync(Given.Paper, SyncScope.WholeAccount, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 2 && world.Sent.Count == 2, "closed by hand");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0m);
    }

    [Fact]
    public async Task A_periodic_sync_that_finds_nothing_to_do_leaves_no_trace_in_the_journal()
    {
        var settings = Given.Futures() with { PositionSyncPeriod = TimeSpan.FromMilliseconds(50) };
        await using var world = await World.StartAsync(settings);
        var terminal = await world.LoginAsync(7);
        terminal.Symbol("BTCUSD");
        terminal.Snapshot();
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        var last = await world.UntilAsync(s => s.Converged && s.Connectors[0] is { Legs: [{ Actual.Value: 0.3m }], LastSync: not null }, "copied and synced");
        for (var i = 0; i < 5; i++) last = await world.UntilAsync(s => s.Converged && s.Connectors[0].LastSync > last.Connectors[0].LastSync, "another sync");
        await world.StopHostAsync();
        Syncs(world).ShouldBe(0);

        // What there is to end is ended, and told.
        await world.StartHostAsync(settings);
        terminal = await world.LoginAsync(7);
        terminal.Symbol("BTCUSD");
        terminal.Snapshot((7, "BTCUSD", 0.3m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "known again");
        await world.TradeByHandAsync("BTCUSD", 0.2m);
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 2 && s.Connectors[0].Legs is [{ Actual.Value: 0.3m, Drift.IsZero: true }], "the drift is ended");
        await world.StopHostAsync();
        Syncs(world).ShouldBe(2, "the connector's and the leg's");
    }

    [Fact]
    public async Task Silence_is_not_flat_the_sync_at_startup_waits_for_the_terminal()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.TradeByHandAsync("BTCUSD", 0.5m);
        var settings = Given.Futures() with { SyncAtStartup = true, SyncScope = SyncScope.WholeAccount, Routes = [new Route(Given.Terminal.ToString(), [])] };
        await world.StartHostAsync(settings);
        var status = await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Running, "running");
        status.Connectors[0].Text.ShouldBe("waits for the first complete snapshot of 1001@Demo");
        var terminal = await world.LoginAsync(7);
        terminal.Symbol("BTCUSD");
        world.Sent.ShouldBeEmpty();
        terminal.Snapshot((7, "BTCUSD", 0.5m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].LastSync is not null, "synced");
        world.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_sync_what_both_hold_is_common_and_the_rest_is_left_alone()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.TradeByHandAsync("BTCUSD", 0.2m);
        await world.StartHostAsync(Given.Futures());
        var terminal = await world.HoldingAsync((7, "BTCUSD", 0.5m));
        var status = await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 1, "baseline");
        status.Connectors[0].Legs[0].Uncopied.Value.ShouldBe(0.3m);
        status.Connectors[0].Legs[0].Foreign.Value.ShouldBe(0m);
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Sell, 0.4m, 0.1m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.Value == 0m, "the uncopied part shrinks only as far as it must");
        Orders(world).ShouldBe([(OrderSide.Sell, 0.2m, "BTCUSD")]);
    }

    [Fact]
    public async Task Holdings_from_before_are_kept_if_wanted()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.TradeByHandAsync("BTCUSD", 1m);
        await world.StartHostAsync(Given.Futures() with { KeepForeignHoldings = true });
        var terminal = await world.LoginAsync(7);
        terminal.Symbol("BTCUSD");
        terminal.Snapshot();
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 1.3m }], "on top");
        (await world.Control.SyncAsync(Given.Paper, SyncScope.StreamLegs, CancellationToken.None)).Ok.ShouldBeTrue();
        var status = await world.UntilAsync(s => s.Converged && s.Connectors[0].LastSync is not null, "synced");
        status.Connectors[0].Legs[0].Foreign.Value.ShouldBe(1m);
        world.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_periodic_sync_ends_drift_and_zero_means_never()
    {
        var periodic = Given.Futures("periodic") with { Account = "one", PositionSyncPeriod = TimeSpan.FromMilliseconds(200) };
        var never = Given.Futures("never") with { Account = "main" };
        await using var world = await World.StartAsync(never, periodic);
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Connectors.All(c => c.Legs is [{ Actual.Value: 0.3m, Converged: true }]), "both copied");
        await world.TradeByHandAsync("BTCUSD", 0.2m);
        await world.Exchange.TradeAsync(
            new(Venues.Paper.PaperProduct.Futures, "one"),
            new(Venues.Paper.Matching.PaperTradeKind.ByHand, new("BTCUSD"), Domain.Identity.PositionSide.Net, OrderSide.Buy, new(0.2m)),
            CancellationToken.None);
        await world.UntilAsync(s => s.Connectors[1].Legs[0] is { Actual.Value: 0.3m, Drift.IsZero: true } && world.Sent.Count == 3, "the periodic one trades it away");
        var status = await world.UntilAsync(s => s.Connectors[0].Legs[0].Drift.Value == 0.2m, "the other keeps it");
        status.Connectors[0].LastSync.ShouldBeNull();
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.5m);
    }

    [Fact]
    public async Task A_reconnect_reads_anew_and_keeps_drift()
    {
        await using var world = await World.StartAsync(Given.Futures());
        await world.CopiedAsync(0.3m);
        var connects = world.Script().Connects;
        await world.TradeByHandAsync("BTCUSD", 0.2m, quiet: true);
        world.Exchange.Disconnect(new(Venues.Paper.PaperProduct.Futures, "main"));
        await world.UntilAsync(s => world.Script().Connects > connects && s.Converged && s.Connectors[0].Legs[0].Drift.Value == 0.2m, "drift kept");
        world.Sent.Count.ShouldBe(1);

        // Pausing and resuming does sync.
        (await world.Control.PauseAsync(Given.Paper, "look", CancellationToken.None)).Ok.ShouldBeTrue();
        (await world.Control.ResumeAsync(Given.Paper, CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0] is { Actual.Value: 0.3m, Drift.IsZero: true }, "synced on resume");
    }

    [Fact]
    public async Task A_line_that_breaks_more_often_than_the_period_does_not_end_the_periodic_syncs()
    {
        await using var world = await World.StartAsync(Given.Futures() with { PositionSyncPeriod = TimeSpan.FromSeconds(2) });
        await world.CopiedAsync(0.3m);
        await world.TradeByHandAsync("BTCUSD", 0.2m);

        // Cut as soon as it is up and nothing is under way.
        var status = await world.UntilAsync(
            s =>
            {
                if (s.Connectors[0] is { State: ConnectorState.Running, Busy: false, LastSync: null }) world.Exchange.Disconnect(new(Venues.Paper.PaperProduct.Futures, "main"));
                return s.Connectors[0].LastSync is not null;
            },
            "a periodic sync");
        status.Connectors[0].LastSync.ShouldNotBeNull();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0] is { Actual.Value: 0.3m, Drift.IsZero: true }, "the drift is ended");
    }

    [Fact]
    public async Task A_sync_that_the_line_interrupts_is_made_up_for()
    {
        await using var world = World.Create();
        await world.ListAsync("BTCUSD");
        await world.TradeByHandAsync("BTCUSD", 0.5m);
        var script = world.Script();
        await world.StartHostAsync(Given.Futures() with { SyncAtStartup = true, SyncScope = SyncScope.WholeAccount });
        script.Read = () => VenueAnswer<System.Collections.Immutable.ImmutableArray<Holding>>.Failed(FailureKind.Unavailable, "maintenance");
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        await world.UntilAsync(s => s.Connectors[0].State == ConnectorState.Reconnecting, "the line is lost in the sync");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.5m);
        world.Sent.ShouldBeEmpty();
        script.Read = null;
        await world.UntilAsync(s => s.Converged && s.Connectors[0].LastSync is not null, "made up for");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0m);
    }

    internal static (OrderSide, decimal, string)[] Orders(World world) => [.. world.Sent.Select(o => (o.Order.Side, o.Order.Quantity.Value, o.Order.Instrument.Value))];

    private static long Syncs(World world)
    {
        using var connection = new SqliteConnection($"Data Source={world.JournalFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal WHERE manifest LIKE '%.sync-%'";
        return (long)command.ExecuteScalar()!;
    }
}
