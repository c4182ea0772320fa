using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.TestKit;
using CSMultiConnector.Actors.Connectors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.Actors.Tests;

/// <summary>One connector's actors under virtual time.</summary>
public sealed class VenueTimeTests() : TestKit("""
    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
    akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    """)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly SymbolFacts s_facts = new(
        new SymbolName("BTCUSD"), 1m, new Lots(0.01m), new Lots(0.01m), "BTC", "USD", "USD", 2, "FOREX", "", "");

    private readonly FakeGateway _gateway = new();

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Attempts_to_connect_come_soon_at_first_and_then_up_to_the_interval()
    {
        _gateway.Away = true;
        var venue = Start(Given.Futures() with { ReconnectionInterval = TimeSpan.FromSeconds(10) });
        foreach (var (seconds, attempt) in new[] { 1, 2, 4, 8, 10, 10 }.Select((s, i) => (s, i + 1)))
        {
            Until(venue, s => _gateway.Connects == attempt && s.Text == $"the venue is away; trying again in {seconds} s");
            Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Status(venue).State.ShouldBe(ConnectorState.Reconnecting);
            _gateway.Connects.ShouldBe(attempt);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        // Once the line is up the first pause is short again.
        Until(venue, s => _gateway.Connects == 7 && s.State == ConnectorState.Reconnecting);
        _gateway.Away = false;
        Clock.Advance(TimeSpan.FromSeconds(10));
        Until(venue, s => s.State == ConnectorState.Running);
    }

    [Fact]
    public void A_flat_leg_with_nothing_to_do_leaves_memory_and_comes_back_with_the_next_level()
    {
        var venue = Start(Given.Futures());
        Until(venue, s => s.State == ConnectorState.Running);
        var terminal = CreateTestProbe();
        var stream = new StreamId(Given.Terminal, new Magic(7));
        venue.Tell(
            new TerminalPicture(
                Given.Terminal, MarginMode.Netting, [stream.Magic], true, true, false,
                ImmutableSortedDictionary<Magic, StreamKnowledge>.Empty.Add(stream.Magic, new StreamKnowledge(LevelKnowledge.Known, new LevelVersion(1, 1))),
                [], ImmutableSortedDictionary<SymbolName, SymbolFacts>.Empty, ImmutableSortedDictionary<SymbolName, Price>.Empty),
            terminal);
        Move(0.5m, 2);
        Settle(s => s is { Converged: true, Legs: [{ Actual.Value: 0.5m }] });
        var leg = Leg();
        Minutes(15);
        Leg().ShouldBe(leg, "a leg that holds something stays");

        Move(0m, 3);
        Settle(s => s is { Converged: true, Legs: [{ Actual.Value: 0m }] });
        Watch(leg);
        Minutes(9);
        ExpectNoMsg(TimeSpan.Zero);
        Minutes(3);
        ExpectTerminated(leg, s_patience);
        Status(venue).Legs.ShouldHaveSingleItem().Converged.ShouldBeTrue();

        Move(0.2m, 4);
        Settle(s => s is { Converged: true, Legs: [{ Actual.Value: 0.2m }] });
        _gateway.Sent.Select(o => (o.Side, o.Quantity.Value)).ShouldBe([(OrderSide.Buy, 0.5m), (OrderSide.Sell, 0.5m), (OrderSide.Buy, 0.2m)]);
        Leg().ShouldNotBe(leg);

        void Move(decimal net, long seq) => venue.Tell(
            new LevelMoved(
                new SourceId(stream, s_facts.Name), Level.OfNet(new Lots(net)), LevelKnowledge.Known, new LevelVersion(1, seq), seq, new Price(100m), s_facts),
            terminal);

        IActorRef Leg()
        {
            Sys.ActorSelection(venue.Path / "legs" / Uri.EscapeDataString("BTCUSD:Net")).Tell(new Identify("leg"), TestActor);
            return ExpectMsg<ActorIdentity>(s_patience).Subject.ShouldNotBeNull();
        }

        // The account is not read without pause: the pause needs time to pass.
        void Settle(Predicate<ConnectorStatus> condition) => AwaitCondition(
            () =>
            {
                Clock.Advance(TimeSpan.FromMilliseconds(100));
                return condition(Status(venue));
            },
            s_patience);

        void Minutes(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Clock.Advance(TimeSpan.FromMinutes(1));
                Status(venue);
            }
        }
    }

    [Fact]
    public void The_venues_stream_is_read_on_only_as_the_actor_takes_its_events()
    {
        var told = 0;
        _gateway.Events = Endless;
        using var stop = new CancellationTokenSource();
        var following = VenueStream.FollowAsync(_gateway, TestActor, 1, stop.Token);
        var said = Enumerable.Range(0, VenueStream.Window).Select(_ => ExpectMsg<VenueSaid>(s_patience)).ToArray();

        // One more is in hand; the gateway is not asked for another.
        AwaitCondition(() => Volatile.Read(ref told) == VenueStream.Window + 1, s_patience);
        ExpectNoMsg(TimeSpan.Zero);
        said[0].Taken();
        ExpectMsg<VenueSaid>(s_patience);
        AwaitCondition(() => Volatile.Read(ref told) == VenueStream.Window + 2, s_patience);
        ExpectNoMsg(TimeSpan.Zero);

        stop.Cancel();
        AwaitCondition(() => following.IsCompleted, s_patience);
        ExpectNoMsg(TimeSpan.Zero);

        async IAsyncEnumerable<VenueEvent> Endless([EnumeratorCancellation] CancellationToken cancellation)
        {
            while (!cancellation.IsCancellationRequested)
            {
                Interlocked.Increment(ref told);
                yield return new VenueEvent.HoldingsChanged("a trade");
                await Task.Yield();
            }
        }
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("list instruments")]
    [InlineData("read open orders")]
    [InlineData("read the account")]
    public void A_call_that_is_never_answered_costs_the_line_and_the_next_one_is_made(string call)
    {
        _gateway.Hangs = call;
        var venue = Start(Given.Futures());
        AwaitCondition(() => _gateway.Hanging.Count == 1, s_patience);
        Clock.Advance(TimeSpan.FromSeconds(59));
        Status(venue).State.ShouldBe(ConnectorState.Starting);
        _gateway.Hanging.Single().IsCancellationRequested.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromSeconds(1));
        Until(venue, s => s.State == ConnectorState.Reconnecting && s.Text == $"the venue was asked to {call} and did not answer within 60 s; trying again in 1 s");
        _gateway.Hanging.Single().IsCancellationRequested.ShouldBeTrue();

        _gateway.Hangs = null;
        Clock.Advance(TimeSpan.FromSeconds(1));
        Until(venue, s => s.State == ConnectorState.Running);
        Clock.Advance(TimeSpan.FromSeconds(61));
        Status(venue).State.ShouldBe(ConnectorState.Running, "what was answered is late no more");
    }

    [Fact]
    public void A_symbol_that_the_venue_never_lists_is_not_traded_until_it_does()
    {
        (_gateway.ListsOnDemand, _gateway.Hangs) = (true, "list");
        var venue = Start(Given.Futures());
        Until(venue, s => s.State == ConnectorState.Running);
        var terminal = CreateTestProbe();
        Feed(venue, terminal, 0.5m);
        AwaitCondition(() => _gateway.Hanging.Count == 1, s_patience);
        Status(venue).Busy.ShouldBeTrue();
        Clock.Advance(TimeSpan.FromSeconds(60));
        Until(venue, s => s.Unmapped.TryGetValue(s_facts.Name, out var why) && why.Contains("did not answer", StringComparison.Ordinal));
        _gateway.Hanging.Single().IsCancellationRequested.ShouldBeTrue();

        _gateway.Hangs = null;
        AwaitCondition(
            () =>
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
                return Status(venue) is { Converged: true, Legs: [{ Actual.Value: 0.5m }] };
            },
            s_patience);
    }

    [Fact]
    public void What_is_listed_on_demand_is_not_delisted_by_a_list_that_does_not_name_it_and_is_known_again_after_a_restart()
    {
        _gateway.ListsOnDemand = true;
        var venue = Start(Given.Futures());
        Until(venue, s => s.State == ConnectorState.Running);
        var terminal = CreateTestProbe();
        Feed(venue, terminal, 0.5m);
        Passing(() => Status(venue) is { Converged: true, Legs: [{ Actual.Value: 0.5m }] });

        // The hourly list comes.
        Clock.Advance(TimeSpan.FromHours(1));
        Feed(venue, terminal, 0.7m, seq: 3);
        Passing(() => Status(venue) is { Converged: true, Legs: [{ Actual.Value: 0.7m }] });

        Watch(venue);
        Sys.Stop(venue);
        ExpectTerminated(venue, s_patience);
        venue = Start(Given.Futures());
        Until(venue, s => s is { State: ConnectorState.Running, Legs: [{ Instrument: null }] });
        var magic = new Magic(7);
        venue.Tell(
            new TerminalPicture(
                Given.Terminal, MarginMode.Netting, [magic], true, true, false,
                ImmutableSortedDictionary<Magic, StreamKnowledge>.Empty.Add(magic, new StreamKnowledge(LevelKnowledge.Known, new LevelVersion(2, 1))),
                [new StreamLevel(magic, s_facts.Name, Level.OfNet(new Lots(0.7m)), new LevelVersion(2, 1))],
                ImmutableSortedDictionary<SymbolName, SymbolFacts>.Empty.Add(s_facts.Name, s_facts), ImmutableSortedDictionary<SymbolName, Price>.Empty),
            terminal);
        Passing(() => Status(venue) is { Converged: true, Legs: [{ Actual.Value: 0.7m, Instrument: not null }] });
        _gateway.Sent.Count.ShouldBe(2);

        void Passing(Func<bool> condition) => AwaitCondition(
            () =>
            {
                Clock.Advance(TimeSpan.FromMilliseconds(100));
                return condition();
            },
            s_patience);
    }

    [Fact]
    public void Connectors_run_again_after_their_parent_has_failed()
    {
        var parent = Sys.ActorOf(ConnectorsActor.Props(new ConnectorSurroundings(
            _ => _gateway, "proc01", new VersionCounter(), CreateTestProbe(), CreateTestProbe(), TimeProvider.System, UnlimitedLease.Instance)));
        parent.Tell(new ApplyConnectors([Given.Futures()]), TestActor);
        ExpectMsg<CommandResult>(s_patience).Ok.ShouldBeTrue();
        AwaitCondition(() => _gateway.Connects == 1, s_patience);

        // A message that is not a list at all makes the handler fail.
        parent.Tell(new ApplyConnectors(default), TestActor);
        AwaitCondition(() => _gateway.Connects == 2, s_patience);
        parent.Tell(new ApplyConnectors([Given.Futures()]), TestActor);
        ExpectMsg<CommandResult>(s_patience).Text.ShouldStartWith("0 connectors started, 0 changed", Case.Sensitive, "it runs as before");
    }

    // A flat stream 7, then its level in the one symbol.
    private static void Feed(IActorRef venue, IActorRef terminal, decimal net, long seq = 2)
    {
        var stream = new StreamId(Given.Terminal, new Magic(7));
        venue.Tell(
            new TerminalPicture(
                Given.Terminal, MarginMode.Netting, [stream.Magic], true, true, false,
                ImmutableSortedDictionary<Magic, StreamKnowledge>.Empty.Add(stream.Magic, new StreamKnowledge(LevelKnowledge.Known, new LevelVersion(1, 1))),
                [], ImmutableSortedDictionary<SymbolName, SymbolFacts>.Empty, ImmutableSortedDictionary<SymbolName, Price>.Empty),
            terminal);
        venue.Tell(
            new LevelMoved(new SourceId(stream, s_facts.Name), Level.OfNet(new Lots(net)), LevelKnowledge.Known, new LevelVersion(1, seq), seq, new Price(100m), s_facts),
            terminal);
    }

    private IActorRef Start(ConnectorSettings settings)
    {
        var connectors = Sys.ActorOf(Props.Create(() => new Granting()));
        return Sys.ActorOf(
            VenueActor.Props(new VenueSurroundings(settings, () => _gateway, "proc01", new VersionCounter(), CreateTestProbe(), connectors, CreateTestProbe(), new VirtualTime(Clock), UnlimitedLease.Instance)), "venue");
    }

    private ConnectorStatus Status(IActorRef venue)
    {
        var probe = CreateTestProbe();
        venue.Tell(new GetConnectorStatus(Given.Paper), probe);
        return probe.ExpectMsg<ConnectorStatus>(s_patience);
    }

    private void Until(IActorRef venue, Predicate<ConnectorStatus> condition) => AwaitCondition(() => condition(Status(venue)), s_patience);

    /// <summary>Gives every holding to whoever asks.</summary>
    private sealed class Granting : ReceiveActor
    {
        public Granting()
        {
            Receive<ClaimHolding>(claim => Sender.Tell(new HoldingClaimed(claim.Holding, claim.Connector)));
            ReceiveAny(_ => { });
        }
    }
}
