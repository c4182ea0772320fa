using Akka.Actor;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Messaging;

public sealed class AsyncHandlerTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void After_an_await_the_sender_and_the_actor_are_still_right_and_nothing_else_was_handled()
    {
        var other = CreateTestProbe();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = ActorOf(() => new Awaiting(TestActor));
        actor.Tell(gate);
        ExpectMsg("waiting", Limit);
        other.Send(actor, "hello");
        gate.SetResult();
        ExpectMsg($"went on for {TestActor.Path.Name}", Limit);
        ExpectMsg($"hello from {((IActorRef)other).Path.Name}", Limit);
        LastSender.ShouldBe(actor);
    }

    [Fact]
    public void Each_of_several_awaits_comes_back_into_the_actor()
    {
        var actor = ActorOf(() => new Awaiting(TestActor));
        actor.Tell(1000);
        ExpectMsg($"1000 rounds for {TestActor.Path.Name}", Limit);
    }

    [Fact]
    public void An_exception_after_an_await_reaches_the_supervisor_and_the_mailbox_goes_on()
    {
        var actor = ActorOf(() => new Awaiting(TestActor));
        EventFilter.Exception<InvalidOperationException>("told to fail").ExpectOne(Limit, () =>
        {
            actor.Tell(Fail.Now);
            actor.Tell("after");
        });
        ExpectMsg("restarts on Fail", Limit);
        ExpectMsg($"after from {TestActor.Path.Name}", Limit);
    }

    [Fact]
    public void A_handler_that_ends_without_waiting_is_like_a_plain_one()
    {
        var actor = ActorOf(() => new Awaiting(TestActor));
        actor.Tell(0);
        actor.Tell("after");
        ExpectMsg($"0 rounds for {TestActor.Path.Name}", Limit);
        ExpectMsg($"after from {TestActor.Path.Name}", Limit);
    }

    [Fact]
    public void An_actor_can_be_stopped_while_it_waits()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = ActorOf(() => new Awaiting(TestActor));
        Watch(actor);
        actor.Tell(gate);
        ExpectMsg("waiting", Limit);
        Sys.Stop(actor);
        ExpectTerminated(actor, Limit);
        gate.SetResult();
    }

    [Fact]
    public async Task A_restart_while_a_handler_waits_drops_the_rest_of_it_and_goes_on_with_the_mailbox()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var supervisor = ActorOf(() => new Supervisor(new AllForOneStrategy(_ => Directive.Restart)));
        var waiting = await supervisor.Ask<IActorRef>(new NewChild(Props.Create(() => new Awaiting(TestActor)), "waiting"), Limit);
        var failing = await supervisor.Ask<IActorRef>(new NewChild(Recorder.With(ActorRefs.Nobody, "failing"), "failing"), Limit);
        waiting.Tell(gate);
        ExpectMsg("waiting", Limit);
        waiting.Tell("next");
        failing.Tell(Fail.Now);
        ExpectMsg("restarts on TaskCompletionSource", Limit);
        ExpectMsg($"next from {TestActor.Path.Name}", Limit);
        gate.SetResult();
        waiting.Tell("last");
        ExpectMsg($"last from {TestActor.Path.Name}", Limit);
    }

    [Fact]
    public void What_fails_before_the_first_await_or_is_cancelled_is_a_failure_too()
    {
        var actor = ActorOf(() => new Changing(TestActor));
        EventFilter.Exception<InvalidOperationException>("at once").ExpectOne(Limit, () => actor.Tell("throw at once"));
        EventFilter.Exception<TaskCanceledException>().ExpectOne(Limit, () => actor.Tell("cancel"));
        actor.Tell("hello");
        ExpectMsg("first hello", Limit);
    }

    [Fact]
    public void After_an_await_a_handler_can_change_the_behaviour_and_put_its_message_aside()
    {
        var actor = ActorOf(() => new Changing(TestActor));
        actor.Tell("stash after an await", TestActor);
        actor.Tell("become after an await");
        actor.Tell("hello");
        ExpectMsg("second stash after an await", Limit);
        LastSender.ShouldBe(actor);
        ExpectMsg("second hello", Limit);
    }

    [Fact]
    public void A_PoisonPill_waits_for_the_handler_to_end()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = ActorOf(() => new Awaiting(TestActor));
        Watch(actor);
        actor.Tell(gate);
        actor.Tell(PoisonPill.Instance);
        ExpectMsg("waiting", Limit);
        gate.SetResult();
        ExpectMsg($"went on for {TestActor.Path.Name}", Limit);
        ExpectTerminated(actor, Limit);
    }

    [Fact]
    public void Identify_and_other_messages_wait_while_a_handler_awaits_but_a_watch_does_not()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = ActorOf(() => new Awaiting(TestActor));
        actor.Tell(gate);
        ExpectMsg("waiting", Limit);
        actor.Tell(new Identify("who"), TestActor);
        Watch(actor);
        Sys.Stop(actor);
        // It stops without having answered; a dead actor's mail says that nobody is there.
        var seen = new[] { ExpectMsg<object>(Limit), ExpectMsg<object>(Limit) };
        seen.OfType<ActorIdentity>().Single().Subject.ShouldBeNull();
        seen.OfType<Terminated>().Single().ActorRef.ShouldBe(actor);
    }

    [Fact]
    public async Task PipeTo_brings_the_value_or_the_failure()
    {
        await Task.FromResult("value").PipeTo(TestActor);
        ExpectMsg("value", Limit);
        await Task.FromResult(2).PipeTo(TestActor, success: n => $"made of {n}");
        ExpectMsg("made of 2", Limit);
        var cause = new InvalidOperationException("broken");
        await Task.FromException<int>(cause).PipeTo(TestActor);
        ExpectMsg<Status.Failure>(f => f.Cause.ShouldBe(cause), Limit);
        await Task.FromException<int>(cause).PipeTo(TestActor, failure: e => $"failed: {e.Message}");
        ExpectMsg("failed: broken", Limit);
        var source = new TaskCompletionSource();
        var piped = source.Task.PipeTo(TestActor, TestActor, success: () => "done");
        source.SetResult();
        await piped;
        ExpectMsg("done", Limit);
        LastSender.ShouldBe(TestActor);
    }

    private sealed class Changing : ReceiveActor, IWithStash
    {
        public Changing(IActorRef probe) => ReceiveAsync<string>(async text =>
        {
            switch (text)
            {
                case "throw at once":
                    throw new InvalidOperationException("at once");
                case "cancel":
                    await Task.FromCanceled(new CancellationToken(canceled: true));
                    break;
                case "stash after an await":
                    await Task.Yield();
                    Stash.Stash();
                    break;
                case "become after an await":
                    await Task.Yield();
                    Become(() => Receive<string>(other => probe.Tell($"second {other}")));
                    Stash.UnstashAll();
                    break;
                default:
                    probe.Tell($"first {text}");
                    break;
            }
        });

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Awaiting : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Awaiting(IActorRef probe)
        {
            _probe = probe;
            ReceiveAsync<TaskCompletionSource>(async gate =>
            {
                probe.Tell("waiting");
                await gate.Task;
                probe.Tell($"went on for {Sender.Path.Name}");
            });
            ReceiveAsync<int>(async rounds =>
            {
                for (var i = 0; i < rounds; i++)
                {
                    await Task.Yield();
                    Context.Self.ShouldBe(Self);
                }
                probe.Tell($"{rounds} rounds for {Sender.Path.Name}");
            });
            ReceiveAsync<Fail>(async fail =>
            {
                await Task.Yield();
                throw fail.Cause;
            });
            Receive<string>(text => probe.Tell($"{text} from {Sender.Path.Name}"));
        }

        protected override void PreRestart(Exception reason, object message) => _probe.Tell($"restarts on {message.GetType().Name}");
    }
}
