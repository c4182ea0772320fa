using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Tests;

public sealed class StreamTests
{
    [Fact]
    public async Task Streams_go_their_own_ways_with_their_own_multipliers()
    {
        var first = Given.Futures("first") with { Account = "one", Routes = [new Route(Given.Terminal.ToString(), [1], 2m), new Route("*", [0], 1m)] };
        var second = Given.Futures("second") with { Account = "two", Routes = [new Route("*", [2], 0.5m)] };
        await using var world = await World.StartAsync(first, second);
        var terminal = await world.LoginAsync(0, 1, 2, 3);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 1, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        terminal.Deal(2, 2, "BTCUSD", OrderSide.Sell, 0.4m, -0.4m);
        terminal.Deal(3, 0, "BTCUSD", OrderSide.Buy, 0.05m, 0.05m);
        terminal.Deal(4, 3, "BTCUSD", OrderSide.Buy, 7m, 7m);
        terminal.Deal(5, -1, "BTCUSD", OrderSide.Buy, 9m, 9m);

        // The first copies magic 1 twice and what is traded by hand once; the second half of magic 2; nobody magic 3 or what no stream owns.
        await world.UntilAsync(s => s.Converged && s.Connectors.All(c => c.Legs.Length == 1) && s.Connectors[0].Legs[0].Actual.Value == 0.25m, "both copied");
        (await world.HeldAsync("BTCUSD", account: "one")).ShouldBe(0.25m);
        (await world.HeldAsync("BTCUSD", account: "two")).ShouldBe(-0.2m);
    }

    [Fact]
    public async Task A_stream_that_is_no_longer_listed_holds_its_legs_until_a_person_releases_it()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(1, 2);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Symbol("ETHUSD");
        terminal.Deal(1, 1, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        terminal.Deal(2, 2, "ETHUSD", OrderSide.Buy, 0.2m, 0.2m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 2, "both copied");
        terminal.End();

        // The snapshot follows the login at once and names stream 2 only: silence about 1 is not "flat".
        var again = await world.LoginAsync(2);
        again.Symbol("ETHUSD");
        again.Snapshot((2, "ETHUSD", 0.2m));
        var status = await world.UntilAsync(
            s => s.Connectors[0].Legs is [{ LevelKnowledge: LevelKnowledge.Unfed }, { LevelKnowledge: LevelKnowledge.Known }], "the first leg holds");
        status.Connectors[0].Legs[0].Text.ShouldContain("no longer lists 1001@Demo#1");
        status.Terminals[0].Warnings.ShouldContain(w => w.Contains("no longer lists magic 1", StringComparison.Ordinal));
        (await world.HeldAsync("BTCUSD")).ShouldBe(0.3m);

        // The other stream of the terminal goes on.
        again.Deal(3, 2, "ETHUSD", OrderSide.Buy, 0.1m, 0.3m);
        await world.UntilAsync(s => s.Connectors[0].Legs[1] is { Converged: true, Actual.Value: 0.3m }, "the other stream is copied");

        (await world.Control.ReleaseStreamAsync(new StreamId(Given.Terminal, new Magic(2)), CancellationToken.None)).Code.ShouldBe("conflict");
        (await world.Control.ReleaseStreamAsync(new StreamId(Given.Terminal, new Magic(99)), CancellationToken.None)).Code.ShouldBe("not-found", "a mistyped magic is no stream");
        (await world.Control.ReleaseStreamAsync(new StreamId(Given.Terminal, new Magic(1)), CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs[0].Actual.IsZero, "released means flat");
        (await world.HeldAsync("BTCUSD")).ShouldBe(0m);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_released_stream_stays_released_until_it_is_listed_again(bool accountChanged)
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(1, 2);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 1, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        terminal.Deal(2, 2, "BTCUSD", OrderSide.Buy, 0.2m, 0.2m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.5m }], "both copied");
        terminal.End();
        var second = await world.LoginAsync(2);
        second.Symbol("BTCUSD");
        second.Snapshot((2, "BTCUSD", 0.2m));
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ LevelKnowledge: LevelKnowledge.Unfed }], "held");
        (await world.Control.ReleaseStreamAsync(new StreamId(Given.Terminal, new Magic(1)), CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.2m }], "released");

        // It does not hold the leg that it shares with another, whatever restarts.
        if (accountChanged)
        {
            second.End("account-changed");
        }
        else
        {
            await world.StopHostAsync();
            await world.StartHostAsync(Given.Futures());
        }

        var third = await world.LoginAsync(2);
        third.Symbol("BTCUSD");
        third.Snapshot((2, "BTCUSD", 0.2m));
        third.Deal(3, 2, "BTCUSD", OrderSide.Sell, 0.2m, 0m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0m }], "the other stream closes");

        // Listed again it counts again, from its snapshot on.
        third.End();
        var fourth = await world.LoginAsync(1, 2);
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ LevelKnowledge: LevelKnowledge.Unknown }], "not known yet");
        fourth.Symbol("BTCUSD");
        fourth.Snapshot((1, "BTCUSD", 0.3m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.3m }], "follows again");
    }

    [Fact]
    public async Task Listing_a_stream_again_ends_its_hold()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(1, 2);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 1, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs.Length == 1, "copied");
        terminal.End();
        var without = await world.LoginAsync(2);
        without.Snapshot();
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ LevelKnowledge: LevelKnowledge.Unfed }], "held");

        // The hold outlives a restart of the host: who is listed is journaled.
        await world.StopHostAsync();
        await world.StartHostAsync(Given.Futures());
        var still = await world.LoginAsync(2);
        still.Snapshot();
        await world.UntilAsync(s => s.Connectors[0].Legs is [{ LevelKnowledge: LevelKnowledge.Unfed, ActualKnown: true }], "held after the restart");
        still.End();

        var again = await world.LoginAsync(1, 2);
        again.Symbol("BTCUSD");
        again.Snapshot((1, "BTCUSD", 0.1m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.1m }], "follows again");
        world.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Another_set_of_magics_is_refused_while_a_session_lives()
    {
        await using var world = await World.StartAsync(Given.Futures());
        var terminal = await world.LoginAsync(1);
        (await world.TryLoginAsync(Given.Terminal, MarginMode.Netting, false, 1, 2)).Admission.ShouldBeOfType<SessionAdmission.Busy>().Text.ShouldContain("magics 1");
        terminal.ClosedWith.ShouldBeNull();

        // The same set replaces the session: the Expert Advisor was moved to another chart.
        var same = await world.LoginAsync(1);
        terminal.ClosedWith.ShouldBe("replaced");
        terminal.Snapshot((1, "BTCUSD", 5m));
        same.Symbol("BTCUSD");
        same.Snapshot();
        var seq = same.Deal(1, 1, "BTCUSD", OrderSide.Buy, 0.1m, 0.1m);
        await world.UntilAsync(s => s.Converged && same.Acknowledged == seq && s.Connectors[0].Legs is [{ Actual.Value: 0.1m }], "only the new session counts");
        terminal.Acknowledged.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_stream_came_to_hold_while_no_route_covered_it_is_not_copied_when_one_does_again()
    {
        var both = Given.Futures();
        var one = both with { Routes = [new Route("*", [1])] };
        await using var world = await World.StartAsync(both);
        var terminal = await world.LoginAsync(1, 2);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 1, "BTCUSD", OrderSide.Buy, 0.2m, 0.2m);
        terminal.Deal(2, 2, "BTCUSD", OrderSide.Buy, 1m, 1m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 1.2m }], "both copied");

        // Its part is closed with the change of the routes; then it trades on, unseen by the connector.
        (await world.Control.ApplyConnectorsAsync([one], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.2m }], "only the first");
        terminal.Deal(3, 2, "BTCUSD", OrderSide.Buy, 2m, 3m);
        var orders = world.Sent.Count;
        (await world.Control.ApplyConnectorsAsync([both], CancellationToken.None)).Ok.ShouldBeTrue();
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Target.Value: 3.2m, Uncopied.Value: 3m, Actual.Value: 0.2m }], "nothing of it is ordered");
        world.Sent.Count.ShouldBe(orders);

        terminal.Deal(4, 2, "BTCUSD", OrderSide.Buy, 0.5m, 3.5m);
        await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ Actual.Value: 0.7m }], "its deals from now on are");
    }
}
