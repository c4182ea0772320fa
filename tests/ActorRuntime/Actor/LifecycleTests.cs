using Akka.Actor;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Actor;

public sealed class LifecycleTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Messages_of_one_sender_arrive_in_their_order()
    {
        var actor = ActorOf(Recorder.With(TestActor, "a"));
        ExpectMsg("a starts", Limit);
        for (var i = 0; i < 500; i++)
            actor.Tell(i.ToString());
        for (var i = 0; i < 500; i++)
            ExpectMsg($"a:{i}", Limit);
    }

    [Fact]
    public async Task Nothing_is_lost_or_handled_twice_when_many_send_at_once()
    {
        const int senders = 8, each = 20_000;
        var done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = ActorOf(() => new Summing(senders * each, done));
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() =>
        {
            for (var i = 1; i <= each; i++)
                actor.Tell(i, ActorRefs.NoSender);
        })));
        (await done.Task.WaitAsync(Limit)).ShouldBe(senders * (each * (each + 1L) / 2));
    }

    [Fact]
    public void Stop_ends_after_the_current_message_and_the_rest_become_dead_letters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters.Ref, typeof(Akka.Event.DeadLetter));
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var actor = ActorOf(() => new Gate(TestActor, entered, release));
        actor.Tell("first");
        entered.Wait(Limit).ShouldBeTrue();
        actor.Tell("second");
        Watch(actor);
        release.Set();
        ExpectMsg("handled first", Limit);
        ExpectTerminated(actor, Limit);
        letters.ExpectMsg<Akka.Event.DeadLetter>(d => d.Message.ShouldBe("second"), Limit);
    }

    [Fact]
    public void PoisonPill_waits_for_the_messages_before_it()
    {
        var actor = ActorOf(Recorder.With(TestActor, "a"));
        ExpectMsg("a starts", Limit);
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("3");
        ExpectMsg("a:1", Limit);
        ExpectMsg("a:2", Limit);
        ExpectMsg("a stopped", Limit);
        Watch(actor);
        ExpectTerminated(actor, Limit);
    }

    [Fact]
    public void Kill_fails_the_actor_which_its_supervisor_stops()
    {
        var actor = ActorOf(Recorder.With(TestActor, "a"));
        ExpectMsg("a starts", Limit);
        EventFilter.Exception<ActorKilledException>().ExpectOne(Limit, () => actor.Tell(Kill.Instance));
        ExpectMsg("a stopped", Limit);
    }

    [Fact]
    public async Task Children_stop_before_their_parent()
    {
        var parent = ActorOf(Recorder.With(TestActor, "parent"));
        ExpectMsg("parent starts", Limit);
        var child = await parent.Ask<IActorRef>(new MakeChild("child"), Limit);
        ExpectMsg("child starts", Limit);
        await child.Ask<IActorRef>(new MakeChild("grandchild"), Limit);
        ExpectMsg("grandchild starts", Limit);
        Sys.Stop(parent);
        ExpectMsg("grandchild stopped", Limit);
        ExpectMsg("child stopped", Limit);
        ExpectMsg("parent stopped", Limit);
    }

    [Fact]
    public void Become_replaces_and_stacks_behaviours()
    {
        var actor = ActorOf<Moods>();
        actor.Tell("who");
        ExpectMsg("base", Limit);
        actor.Tell("push happy");
        actor.Tell("push sad");
        actor.Tell("who");
        ExpectMsg("sad", Limit);
        actor.Tell("pop");
        actor.Tell("who");
        ExpectMsg("happy", Limit);
        actor.Tell("become calm");
        actor.Tell("who");
        ExpectMsg("calm", Limit);
        actor.Tell("pop");
        actor.Tell("who");
        ExpectMsg("base", Limit);
    }

    [Fact]
    public void A_handler_may_be_registered_only_while_configuring()
    {
        var actor = ActorOf<LateRegistration>();
        EventFilter.Exception<InvalidOperationException>().ExpectOne(Limit, () => actor.Tell("register"));
    }

    [Fact]
    public void No_handler_may_follow_one_that_takes_everything() =>
        EventFilter.Exception<ActorInitializationException>().ExpectOne(Limit, () => ActorOf<TwoCatchAlls>());

    [Fact]
    public async Task A_constructor_cannot_be_called_outside_the_system()
    {
        // A thread of its own: the kit makes the test's thread count as inside its test actor.
        var thrown = new TaskCompletionSource<Exception?>();
        var thread = new Thread(() => thrown.SetResult(Record.Exception(() => new Moods())));
        thread.Start();
        (await thrown.Task.WaitAsync(Limit)).ShouldBeOfType<ActorInitializationException>();
    }

    [Fact]
    public async Task The_system_ends_when_all_actors_have_stopped()
    {
        var system = ActorSystem.Create("other");
        var ended = false;
        system.RegisterOnTermination(() => ended = true);
        var actor = system.ActorOf(Recorder.With(TestActor, "a"));
        ExpectMsg("a starts", Limit);
        await system.Terminate().WaitAsync(Limit);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
        ended.ShouldBeTrue();
        ExpectMsg("a stopped", Limit);
        Watch(actor);
        ExpectTerminated(actor, Limit);
    }

    private sealed class Summing : UntypedActor
    {
        private readonly TaskCompletionSource<long> _done;
        private int _left;
        private long _sum;

        public Summing(int count, TaskCompletionSource<long> done) => (_left, _done) = (count, done);

        protected override void OnReceive(object message)
        {
            _sum += (int)message;
            if (--_left == 0)
                _done.SetResult(_sum);
        }
    }

    private sealed class Gate : ReceiveActor
    {
        public Gate(IActorRef probe, ManualResetEventSlim entered, ManualResetEventSlim release) => Receive<string>(text =>
        {
            entered.Set();
            release.Wait(Limit);
            Context.Stop(Self);
            probe.Tell("handled " + text);
        });
    }

    private sealed class Moods : ReceiveActor
    {
        public Moods() => Mood("base");

        private void Mood(string mood)
        {
            Receive<string>(t => t == "who", _ => Sender.Tell(mood));
            Receive<string>(t => t == "pop", _ => UnbecomeStacked());
            Receive<string>(t => t.StartsWith("push "), t => BecomeStacked(() => Mood(t["push ".Length..])));
            Receive<string>(t => t.StartsWith("become "), t => Become(() => Mood(t["become ".Length..])));
        }
    }

    private sealed class LateRegistration : ReceiveActor
    {
        public LateRegistration() => Receive<string>(_ => Receive<int>(_ => { }));
    }

    private sealed class TwoCatchAlls : ReceiveActor
    {
        public TwoCatchAlls()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }
}
