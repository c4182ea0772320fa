using Akka.Actor;
using Akka.Event;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Supervision;

/// <summary>What a supervisor logs of its children's failures, and how far a failure goes up.</summary>
public sealed class FailureLogTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Stop)]
    public async Task A_failure_that_restarts_or_stops_is_an_error_with_its_cause_and_the_childs_path(Directive directive)
    {
        var child = await ChildAsync(new OneForOneStrategy(_ => directive));
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        child.Tell(Fail.Now);
        ExpectMsg<Error>(
            error =>
            {
                error.Cause.ShouldBeOfType<InvalidOperationException>();
                error.Message.ToString().ShouldBe("told to fail");
                error.LogSource.ShouldBe(child.Path.ToString());
            },
            Limit);
    }

    [Fact]
    public async Task A_failure_that_is_passed_over_is_a_warning()
    {
        var child = await ChildAsync(new OneForOneStrategy(_ => Directive.Resume));
        EventFilter.Warning("told to fail").ExpectOne(Limit, () => child.Tell(Fail.Now));
    }

    [Fact]
    public async Task Without_logging_nothing_is_logged()
    {
        var child = await ChildAsync(new OneForOneStrategy(_ => Directive.Restart, loggingEnabled: false));
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
        child.Tell(Fail.Now);
        child.Tell("after");
        ExpectMsg("child:after", Limit);
    }

    [Fact]
    public async Task The_guardian_restarts_an_actor_whose_failure_nobody_below_dealt_with()
    {
        var top = ActorOf(() => new Supervisor(new OneForOneStrategy(_ => Directive.Escalate)));
        var child = await top.Ask<IActorRef>(new NewChild(Recorder.With(TestActor, "child"), "child"), Limit);
        ExpectMsg("child starts", Limit);
        Watch(child);
        // The top is restarted, and with that its children are stopped.
        child.Tell(Fail.Now);
        ExpectMsg("child stopped", Limit);
        ExpectTerminated(child, Limit);
        (await top.Ask<IActorRef>(new NewChild(Recorder.With(TestActor, "other"), "child"), Limit)).ShouldNotBe(child);
    }

    [Fact]
    public async Task All_for_one_stops_all()
    {
        var supervisor = ActorOf(() => new Supervisor(new AllForOneStrategy(_ => Directive.Stop)));
        var children = new List<IActorRef>();
        foreach (var name in new[] { "one", "two", "three" })
        {
            children.Add(await supervisor.Ask<IActorRef>(new NewChild(Akka.TestKit.TestActors.BlackHoleActor.Props, name), Limit));
            Watch(children[^1]);
        }
        children[1].Tell(Kill.Instance);
        var ended = new[] { ExpectMsg<Terminated>(Limit), ExpectMsg<Terminated>(Limit), ExpectMsg<Terminated>(Limit) };
        ended.Select(t => t.ActorRef).ShouldBe(children, ignoreOrder: true);
    }

    [Fact]
    public async Task A_decider_of_pairs_takes_the_first_that_fits_else_the_default()
    {
        var decider = Decider.From(Directive.Stop, Directive.Resume.When<OperationCanceledException>(), Directive.Restart.When<TaskCanceledException>());
        decider.Decide(new TaskCanceledException()).ShouldBe(Directive.Resume);
        decider.Decide(new OperationCanceledException()).ShouldBe(Directive.Resume);
        decider.Decide(new TimeoutException()).ShouldBe(Directive.Stop);
        var child = await ChildAsync(new OneForOneStrategy(decider));
        Watch(child);
        child.Tell(new Fail(new OperationCanceledException()));
        child.Tell("goes on");
        ExpectMsg("child:goes on", Limit);
        child.Tell(new Fail(new TimeoutException()));
        ExpectMsg("child stopped", Limit);
        ExpectTerminated(child, Limit);
    }

    [Fact]
    public async Task Failures_of_two_children_at_once_are_dealt_with_one_by_one()
    {
        var supervisor = ActorOf(() => new Supervisor(new AllForOneStrategy(_ => Directive.Restart)));
        var one = await supervisor.Ask<IActorRef>(new NewChild(Recorder.With(TestActor, "one"), "one"), Limit);
        var two = await supervisor.Ask<IActorRef>(new NewChild(Recorder.With(TestActor, "two"), "two"), Limit);
        for (var i = 0; i < 20; i++)
        {
            one.Tell(Fail.Now);
            two.Tell(Fail.Now);
        }
        one.Tell("done");
        two.Tell("done");
        var seen = new HashSet<string>();
        FishForMessage(m => m is string text && text.EndsWith(":done", StringComparison.Ordinal) && seen.Add(text) && seen.Count == 2, Limit);
    }

    private async Task<IActorRef> ChildAsync(SupervisorStrategy strategy)
    {
        var supervisor = ActorOf(() => new Supervisor(strategy));
        var child = await supervisor.Ask<IActorRef>(new NewChild(Props.Create(() => new Quiet(TestActor)), "child"), Limit);
        return child;
    }

    private sealed class Quiet : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Quiet(IActorRef probe)
        {
            _probe = probe;
            Receive<Fail>(fail => throw fail.Cause);
            Receive<string>(text => probe.Tell($"child:{text}"));
        }

        protected override void PreRestart(Exception reason, object message)
        {
        }

        protected override void PostStop() => _probe.Tell("child stopped");
    }
}
