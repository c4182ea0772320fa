using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

/// <summary>Rule 18: one account is traded by one connector an instrument, whatever starts, stops or fails.</summary>
public sealed class OneAccountTests
{
    private static readonly ConnectorSettings s_one = Given.Futures("one");
    private static readonly ConnectorSettings s_two = Given.Futures("two");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_second_takes_over_when_the_first_is_removed_and_buys_nothing_that_is_there_already(bool planFirst)
    {
        await using var world = await World.StartAsync(s_one with { PlanFirst = planFirst }, s_two with { PlanFirst = planFirst });
        var (owner, other, terminal) = await TradeAsync(world);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);
        world.Sent.Count.ShouldBe(1);

        (await world.Control.ApplyConnectorsAsync([other with { PlanFirst = planFirst }], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors is [{ Legs: [{ Actual.Value: 0.3m, Drift.IsZero: true }], Unmapped.IsEmpty: true }], "taken over");
        world.Sent.Count.ShouldBe(1);
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.4m);
        await world.UntilAsync(s => s.Converged && world.Sent.Count == 2, "trades now");
        world.Sent.Last().Connector.ShouldBe(other.Id);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.4m);
    }

    [Fact]
    public async Task A_change_of_its_settings_takes_nothing_from_the_first()
    {
        await using var world = await World.StartAsync(s_one, s_two);
        var (owner, other, terminal) = await TradeAsync(world);
        (await world.Control.ApplyConnectorsAsync([owner with { Name = "renamed" }, other], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Connectors.Any(c => c is { Name: "renamed", State: ConnectorState.Running, Legs: [{ State: "idle", Actual.Value: 0.3m }] }), "it runs again");
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.4m);
        await world.UntilAsync(s => s.Connectors.Any(c => c is { Name: "renamed", Legs: [{ State: "idle", Actual.Value: 0.4m }] }), "it trades");
        world.Sent.Select(o => o.Connector).ShouldBe([owner.Id, owner.Id]);
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.4m);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // it could not even claim what it trades
    public async Task After_a_restart_the_second_takes_nothing_from_a_first_that_is_slower(bool silent)
    {
        await using var world = await World.StartAsync(s_one, s_two);
        var (owner, other, _) = await TradeAsync(world);
        await world.StopHostAsync();
        if (silent) world.Sql($"DELETE FROM journal WHERE persistence_id = 'connector/{owner.Id}' AND manifest = 'connector.source-bound.1'");
        world.Script(owner.Id).Connect = () => VenueAnswer<VenueAccount>.Failed(FailureKind.Unavailable, "maintenance");
        await world.StartHostAsync(s_one, s_two);
        var terminal = await world.HoldingAsync((7, "BTCUSD", 0.3m));
        terminal.Deal(2, 7, "BTCUSD", OrderSide.Buy, 0.1m, 0.4m);
        await world.UntilAsync(s => s.Connectors.Any(c => c.Connector == other.Id && Refusal(c).Length > 0 && !c.Busy), "the second says why it does not trade");
        world.Sent.Count.ShouldBe(1);
        if (silent) return;

        world.Script(owner.Id).Connect = null;
        await world.UntilAsync(s => s.Connectors.Any(c => c.Connector == owner.Id && c.Legs is [{ State: "idle", Actual.Value: 0.4m }]), "the first goes on");
        world.Sent.Select(o => o.Connector).ShouldBe([owner.Id, owner.Id]);
    }

    [Fact]
    public async Task One_that_comes_when_the_other_is_gone_buys_nothing_that_is_there_already()
    {
        await using var world = await World.StartAsync(s_one, s_two);
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        await world.UntilAsync(s => s.Connectors.All(c => c.State == ConnectorState.Running && !c.Busy), "both know that the stream held nothing");
        (await world.Control.ApplyConnectorsAsync([s_one], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Connectors is [{ State: ConnectorState.Running }], "one is alone");
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors is [{ Legs: [{ Actual.Value: 0.3m }] }], "it trades");
        (await world.Control.ApplyConnectorsAsync([s_two], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors is [{ Name: "two", Legs: [{ Actual.Value: 0.3m, Drift.IsZero: true }] }], "the other takes over");
        world.Sent.Count.ShouldBe(1);
    }

    // Both hear of a deal at the same moment; one is first.
    private static async Task<(ConnectorSettings Owner, ConnectorSettings Other, Terminal Terminal)> TradeAsync(World world)
    {
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        var status = await world.UntilAsync(
            s => !world.Sent.IsEmpty && s.Connectors.Any(c => c.Legs is [{ Actual.Value: 0.3m, State: "idle" }]) && s.Connectors.Any(c => Refusal(c).Length > 0), "one trades, the other says why not");
        var first = world.Sent.First().Connector;
        Refusal(status.Connectors.Single(c => c.Connector != first)).ShouldContain($"connector {first} trades BTCUSD");
        return first == s_one.Id ? (s_one, s_two, terminal) : (s_two, s_one, terminal);
    }

    private static string Refusal(ConnectorStatus c) =>
        c.Unmapped.Values.Concat(c.Legs.Where(l => l.State == "waiting").Select(l => l.Text)).FirstOrDefault(t => t.Contains("one account is traded by one connector", StringComparison.Ordinal)) ?? "";
}
