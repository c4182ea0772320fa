using Akka.Actor;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Actor;

public sealed class StashTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Stashed_messages_come_back_in_order_before_waiting_ones_with_their_senders()
    {
        var actor = ActorOf(() => new Stasher(TestActor));
        using var release = new ManualResetEventSlim();
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell(release);
        actor.Tell("open");
        actor.Tell("3");
        release.Set();
        ExpectMsg("1", Limit);
        ExpectMsg("2", Limit);
        ExpectMsg("3", Limit);
        LastSender.ShouldBe(actor);
    }

    [Fact]
    public void Unstash_brings_back_only_the_oldest()
    {
        var actor = ActorOf(() => new Stasher(TestActor));
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell("open one");
        ExpectMsg("1", Limit);
        actor.Tell("3");
        ExpectMsg("3", Limit);
    }

    [Fact]
    public void A_restart_brings_all_stashed_messages_back()
    {
        var actor = ActorOf(() => new Stasher(TestActor));
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell(Fail.Now);
        // The new incarnation is closed again and stashes them anew.
        actor.Tell("open");
        ExpectMsg("1", Limit);
        ExpectMsg("2", Limit);
    }

    [Fact]
    public void One_message_cannot_be_stashed_twice()
    {
        var actor = ActorOf(() => new Stasher(TestActor));
        actor.Tell("twice");
        ExpectMsg("refused", Limit);
    }

    [Fact]
    public void A_message_object_that_was_sent_twice_is_stashed_twice()
    {
        var actor = ActorOf(() => new Stasher(TestActor));
        const string Same = "same";
        actor.Tell(Same);
        actor.Tell(Same);
        actor.Tell("open");
        ExpectMsg(Same, Limit);
        ExpectMsg(Same, Limit);
    }

    [Fact]
    public void What_is_stashed_when_the_actor_stops_becomes_dead_letters()
    {
        var actor = ActorOf(() => new Stasher(TestActor));
        actor.Tell("1");
        EventFilter.DeadLetter<string>(m => m == "1").ExpectOne(Limit, () => actor.Tell(PoisonPill.Instance));
    }

    // AbstractStash.EnqueueFirst of Akka.NET: "it will be ensured that it can be re-received by the actor".
    [Fact]
    public void A_stashed_Terminated_is_told_again_when_it_is_unstashed()
    {
        var child = ActorOf(() => new Recorder(TestActor, "child"));
        ExpectMsg("child starts", Limit);
        var actor = ActorOf(() => new EndStasher(TestActor, child));
        actor.Tell("open");
        ExpectMsg("open", Limit);
        Sys.Stop(child);
        ExpectMsg("child stopped", Limit);
        ExpectMsg("put aside", Limit);
        actor.Tell("unstash");
        ExpectMsg("its end", Limit);
    }

    private sealed class EndStasher : ReceiveActor, IWithStash
    {
        public EndStasher(IActorRef probe, IActorRef subject)
        {
            Context.Watch(subject);
            Receive<Terminated>(_ =>
            {
                Stash.Stash();
                probe.Tell("put aside");
            });
            Receive<string>(t => t == "unstash", _ =>
            {
                Become(() => Receive<Terminated>(_ => probe.Tell("its end")));
                Stash.UnstashAll();
            });
            Receive<string>(probe.Tell);
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Stasher : ReceiveActor, IWithUnboundedStash
    {
        public Stasher(IActorRef probe)
        {
            Receive<Fail>(f => throw f.Cause);
            Receive<ManualResetEventSlim>(gate => gate.Wait(Limit));
            Receive<string>(t => t == "twice", _ =>
            {
                Stash.Stash();
                Should.Throw<IllegalActorStateException>(Stash.Stash);
                Stash.ClearStash();
                probe.Tell("refused");
            });
            Receive<string>(t => t == "open", _ =>
            {
                Become(Open);
                Stash.UnstashAll();
            });
            Receive<string>(t => t == "open one", _ =>
            {
                Become(Open);
                Stash.Unstash();
            });
            Receive<string>(_ => Stash.Stash());

            void Open() => Receive<string>(text => probe.Tell(text));
        }

        public IStash Stash { get; set; } = null!;
    }
}
