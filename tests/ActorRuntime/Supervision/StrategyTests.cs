using Akka.Actor;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Supervision;

public sealed class StrategyTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_restart_keeps_the_mailbox_and_skips_the_failing_message()
    {
        var child = await Child(new OneForOneStrategy(_ => Directive.Restart), () => new Counter(TestActor));
        child.Tell("count");
        child.Tell(Fail.Now);
        child.Tell("count");
        child.Tell("count");
        ExpectMsg(1, Limit);
        ExpectMsg(1, Limit);
        ExpectMsg(2, Limit);
    }

    [Fact]
    public async Task Resume_keeps_the_state()
    {
        var child = await Child(new OneForOneStrategy(_ => Directive.Resume), () => new Counter(TestActor));
        child.Tell("count");
        child.Tell(Fail.Now);
        child.Tell("count");
        ExpectMsg(1, Limit);
        ExpectMsg(2, Limit);
    }

    [Fact]
    public async Task Stop_ends_the_child()
    {
        var child = await Child(new OneForOneStrategy(_ => Directive.Stop), () => new Counter(TestActor));
        Watch(child);
        child.Tell(Fail.Now);
        ExpectTerminated(child, Limit);
    }

    [Fact]
    public async Task Escalate_fails_the_supervisor_with_the_same_exception()
    {
        var top = ActorOf(() => new Supervisor(new OneForOneStrategy(e => e is TimeoutException ? Directive.Stop : Directive.Resume)));
        var middle = await top.Ask<IActorRef>(new NewChild(Props.Create(() => new Supervisor(new OneForOneStrategy(_ => Directive.Escalate))), "middle"), Limit);
        var child = await middle.Ask<IActorRef>(new NewChild(Props.Create(() => new Counter(TestActor)), "child"), Limit);
        Watch(middle);
        child.Tell("count");
        ExpectMsg(1, Limit);
        // The top resumes: middle and child go on with their state.
        child.Tell(Fail.Now);
        child.Tell("count");
        ExpectMsg(2, Limit);
        child.Tell(new Fail(new TimeoutException("told to fail")));
        ExpectTerminated(middle, Limit);
    }

    [Fact]
    public async Task One_for_one_leaves_the_siblings_alone()
    {
        var supervisor = ActorOf(() => new Supervisor(new OneForOneStrategy(_ => Directive.Restart)));
        var one = await supervisor.Ask<IActorRef>(new NewChild(Props.Create(() => new Counter(TestActor)), "one"), Limit);
        var two = await supervisor.Ask<IActorRef>(new NewChild(Props.Create(() => new Counter(TestActor)), "two"), Limit);
        two.Tell("count");
        ExpectMsg(1, Limit);
        one.Tell(Fail.Now);
        one.Tell("count");
        ExpectMsg(1, Limit);
        two.Tell("count");
        ExpectMsg(2, Limit);
    }

    [Fact]
    public async Task All_for_one_restarts_the_siblings_too()
    {
        var supervisor = ActorOf(() => new Supervisor(new AllForOneStrategy(_ => Directive.Restart)));
        var one = await supervisor.Ask<IActorRef>(new NewChild(Recorder.With(TestActor, "one"), "one"), Limit);
        ExpectMsg("one starts", Limit);
        await supervisor.Ask<IActorRef>(new NewChild(Recorder.With(TestActor, "two"), "two"), Limit);
        ExpectMsg("two starts", Limit);
        one.Tell(Fail.Now);
        ExpectMsgAllOf(
            Limit, "one stopped", "one restarted", "one starts", "two stopped", "two restarted", "two starts");
    }

    [Fact]
    public async Task Too_many_restarts_in_the_window_stop_the_child()
    {
        var child = await Child(new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart), () => new Counter(TestActor));
        Watch(child);
        for (var i = 0; i < 2; i++)
        {
            child.Tell(Fail.Now);
            child.Tell("count");
            ExpectMsg(1, Limit);
        }
        child.Tell(Fail.Now);
        ExpectTerminated(child, Limit);
    }

    [Fact]
    public async Task No_restart_at_all_is_allowed_with_a_limit_of_zero()
    {
        var child = await Child(new OneForOneStrategy(0, null, _ => Directive.Restart), () => new Counter(TestActor));
        Watch(child);
        child.Tell(Fail.Now);
        ExpectTerminated(child, Limit);
    }

    [Fact]
    public void The_default_restarts_on_ordinary_exceptions()
    {
        var actor = ActorOf(Recorder.With(TestActor, "a"));
        ExpectMsg("a starts", Limit);
        actor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        ExpectMsg("a restarted", Limit);
        ExpectMsg("a starts", Limit);
    }

    [Fact]
    public void The_stopping_strategy_of_props_replaces_the_actors_own()
    {
        var supervisor = Sys.ActorOf(
            Props.Create(() => new Supervisor(new OneForOneStrategy(_ => Directive.Resume))).WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy));
        supervisor.Tell(new NewChild(Props.Create(() => new Counter(TestActor)), "child"));
        var child = ExpectMsg<IActorRef>(Limit);
        Watch(child);
        child.Tell(Fail.Now);
        ExpectTerminated(child, Limit);
    }

    [Fact]
    public async Task A_restart_stops_the_children_first()
    {
        var parent = ActorOf(Recorder.With(TestActor, "parent"));
        ExpectMsg("parent starts", Limit);
        var child = await parent.Ask<IActorRef>(new MakeChild("child"), Limit);
        ExpectMsg("child starts", Limit);
        Watch(child);
        parent.Tell(Fail.Now);
        parent.Tell(new MakeChild("child"));
        // PreRestart tells the child to stop and goes on: which of the two is through first is open.
        ExpectMsgAllOf(Limit, "parent stopped", "child stopped");
        // Old child's end, new incarnation, new child of the same name: the two tellers are different actors.
        var rest = ReceiveN(5, Limit);
        rest.OfType<Terminated>().ShouldHaveSingleItem().ActorRef.ShouldBe(child);
        rest.OfType<IActorRef>().ShouldHaveSingleItem().ShouldNotBe(child);
        rest.OfType<string>().ShouldBe(["parent restarted", "parent starts", "child starts"]);
    }

    [Fact]
    public async Task Failing_in_PostRestart_stops_the_actor()
    {
        var child = await Child(SupervisorStrategy.DefaultStrategy, () => new BrokenRestart());
        Watch(child);
        EventFilter.Exception<PostRestartException>().ExpectOne(Limit, () => child.Tell(Fail.Now));
        ExpectTerminated(child, Limit);
    }

    [Fact]
    public async Task Failing_in_PreRestart_does_not_stop_the_restart()
    {
        var child = await Child(SupervisorStrategy.DefaultStrategy, () => new BrokenPreRestart(TestActor));
        EventFilter.Exception<PreRestartException>().ExpectOne(Limit, () => child.Tell(Fail.Now));
        child.Tell("alive");
        ExpectMsg("alive", Limit);
    }

    [Fact]
    public async Task PreRestart_gets_the_exception_and_the_message()
    {
        var child = await Child(SupervisorStrategy.DefaultStrategy, () => new TellsRestart(TestActor));
        var fail = Fail.Now;
        child.Tell(fail);
        ExpectMsg(new RestartSeen(fail.Cause, fail), Limit);
    }

    [Fact]
    public async Task The_decider_sees_the_child_as_the_sender()
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var supervisor = ActorOf(() => new SenderSeer(seen));
        var child = await supervisor.Ask<IActorRef>(new NewChild(Props.Create(() => new Counter(TestActor)), "child"), Limit);
        child.Tell(Fail.Now);
        (await seen.Task.WaitAsync(Limit)).ShouldBe(child.Path.ToString());
    }

    private async Task<IActorRef> Child<T>(SupervisorStrategy strategy, System.Linq.Expressions.Expression<Func<T>> factory)
        where T : ActorBase
    {
        var supervisor = ActorOf(() => new Supervisor(strategy));
        return await supervisor.Ask<IActorRef>(new NewChild(Props.Create(factory), "child"), Limit);
    }

    private sealed class Counter : ReceiveActor
    {
        private int _count;

        public Counter(IActorRef probe)
        {
            Receive<Fail>(f => throw f.Cause);
            Receive<string>(_ => probe.Tell(++_count));
        }
    }

    private sealed class BrokenRestart : ReceiveActor
    {
        public BrokenRestart() => Receive<Fail>(f => throw f.Cause);

        protected override void PostRestart(Exception reason) => throw new InvalidOperationException("cannot restart");
    }

    private sealed class BrokenPreRestart : ReceiveActor
    {
        public BrokenPreRestart(IActorRef probe)
        {
            Receive<Fail>(f => throw f.Cause);
            Receive<string>(text => probe.Tell(text));
        }

        protected override void PreRestart(Exception reason, object message) => throw new InvalidOperationException("cannot clean up");
    }

    private sealed record RestartSeen(Exception Cause, object Message);

    private sealed class TellsRestart : ReceiveActor
    {
        private readonly IActorRef _probe;

        public TellsRestart(IActorRef probe)
        {
            _probe = probe;
            Receive<Fail>(f => throw f.Cause);
        }

        protected override void PreRestart(Exception reason, object message) => _probe.Tell(new RestartSeen(reason, message));
    }

    private sealed class SenderSeer : ReceiveActor
    {
        private readonly TaskCompletionSource<string> _seen;

        public SenderSeer(TaskCompletionSource<string> seen)
        {
            _seen = seen;
            Receive<NewChild>(child => Sender.Tell(Context.ActorOf(child.Props, child.Name)));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            _seen.TrySetResult(Sender.Path.ToString());
            return Directive.Stop;
        });
    }
}
