using Akka.Actor;
using Akka.Pattern;
using Akka.TestKit;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Supervision;

public sealed class BackoffTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(8);

    public BackoffTests()
        : base(Virtual.Time)
    {
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task OnStop_with_a_stopping_strategy_backs_off_when_the_child_throws_and_when_it_stops()
    {
        var supervisor = Start(OnStop().WithManualReset());
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        Time.Advance(Min);
        var child = await ChildIsBack(supervisor, 1);
        Sys.Stop(child);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 2);
        Time.Advance(2 * Min);
        await ChildIsBack(supervisor, 2);
    }

    [Fact]
    public async Task The_delay_doubles_up_to_the_longest()
    {
        var supervisor = Start(OnStop().WithManualReset());
        await ChildIsBack(supervisor, 0);
        var starts = 0;
        foreach (var seconds in new[] { 1, 2, 4, 8, 8 })
        {
            supervisor.Tell(Fail.Now);
            ExpectMsg("a stopped", Limit);
            await ChildIsAway(supervisor, ++starts);
            Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            await ChildIsAway(supervisor, starts);
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await ChildIsBack(supervisor, starts);
        }
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        (await RestartCount(supervisor)).ShouldBe(0);
    }

    [Fact]
    public async Task The_count_resets_once_the_child_has_run_long_enough()
    {
        var supervisor = Start(OnStop().WithAutoReset(TimeSpan.FromSeconds(20)));
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        Time.Advance(Min);
        await ChildIsBack(supervisor, 1);
        Time.Advance(TimeSpan.FromSeconds(20));
        (await RestartCount(supervisor)).ShouldBe(0);
    }

    [Fact]
    public async Task After_the_last_retry_the_supervisor_stops()
    {
        var stopping = new OneForOneStrategy(1, -1, _ => Directive.Stop);
        var supervisor = Start(OnStop().WithSupervisorStrategy(stopping).WithManualReset());
        Watch(supervisor);
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        Time.Advance(Min);
        await ChildIsBack(supervisor, 1);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        ExpectTerminated(supervisor, Limit);
    }

    [Fact]
    public async Task While_the_child_is_away_the_chosen_reply_answers()
    {
        var supervisor = Start(OnStop().WithReplyWhileStopped("away").WithManualReset());
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        (await supervisor.Ask<string>("anyone", Limit)).ShouldBe("away");
    }

    [Fact]
    public async Task Without_a_reply_messages_to_an_absent_child_are_dead_letters()
    {
        var supervisor = Start(OnStop().WithManualReset());
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        EventFilter.DeadLetter<string>(m => m == "anyone").ExpectOne(Limit, () => supervisor.Tell("anyone"));
    }

    [Fact]
    public async Task A_final_stop_message_ends_the_supervisor_with_the_child()
    {
        var supervisor = Start(OnStop().WithFinalStopMessage(m => m is PoisonPill or "last").WithManualReset());
        Watch(supervisor);
        var child = await ChildIsBack(supervisor, 0);
        supervisor.Tell("last");
        ExpectMsg("a:last", Limit);
        Sys.Stop(child);
        ExpectMsg("a stopped", Limit);
        ExpectTerminated(supervisor, Limit);
    }

    [Fact]
    public async Task OnFailure_backs_off_on_a_throw_and_ends_with_a_child_that_stops()
    {
        var supervisor = Start(Backoff.OnFailure(Recorder.With(TestActor, "a"), "child", Min, Max, 0, -1).WithManualReset());
        Watch(supervisor);
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        Time.Advance(Min);
        var child = await ChildIsBack(supervisor, 1);
        Sys.Stop(child);
        ExpectMsg("a stopped", Limit);
        ExpectTerminated(supervisor, Limit);
    }

    [Fact]
    public async Task A_manual_reset_forgets_earlier_starts()
    {
        var supervisor = Start(OnStop().WithManualReset());
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        Time.Advance(Min);
        await ChildIsBack(supervisor, 1);
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        (await RestartCount(supervisor)).ShouldBe(0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        Time.Advance(Min);
        await ChildIsBack(supervisor, 1);
    }

    [Fact]
    public async Task OnFailure_ends_after_the_last_retry()
    {
        var supervisor = Start(Backoff.OnFailure(Recorder.With(TestActor, "a"), "child", Min, Max, 0, 1).WithManualReset());
        Watch(supervisor);
        await ChildIsBack(supervisor, 0);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        await ChildIsAway(supervisor, 1);
        Time.Advance(Min);
        await ChildIsBack(supervisor, 1);
        supervisor.Tell(Fail.Now);
        ExpectMsg("a stopped", Limit);
        ExpectTerminated(supervisor, Limit);
    }

    [Fact]
    public async Task The_random_factor_lengthens_the_delay_and_never_shortens_it()
    {
        var supervisor = Start(Backoff.OnStop(Recorder.With(TestActor, "a"), "child", Min, Max, 1, -1)
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)).WithManualReset());
        await ChildIsBack(supervisor, 0);
        for (var n = 0; n < 5; n++)
        {
            supervisor.Tell(Fail.Now);
            ExpectMsg("a stopped", Limit);
            await ChildIsAway(supervisor, 1);
            Time.Advance(Min - TimeSpan.FromTicks(1));
            await ChildIsAway(supervisor, 1);
            Time.Advance(Min + TimeSpan.FromTicks(1));
            await ChildIsBack(supervisor, 1);
            supervisor.Tell(BackoffSupervisor.Reset.Instance);
        }
    }

    [Fact]
    public async Task What_the_child_tells_its_supervisor_goes_to_the_supervisors_parent()
    {
        var child = Props.Create(() => new Talker());
        var parent = ActorOf(() => new Listener(TestActor, BackoffSupervisor.Props(child, "child", Min, Max, 0)));
        var supervisor = await parent.Ask<IActorRef>("where is it", Limit);
        supervisor.Tell("speak", ActorRefs.NoSender);
        ExpectMsg("spoken", Limit);
        // It stands for the child, which may be another one when an answer comes.
        LastSender.ShouldBe(supervisor);
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(IActorRef probe, Props child)
        {
            var below = Context.ActorOf(child);
            Receive<string>(text => text == "where is it", _ => Sender.Tell(below));
            ReceiveAny(probe.Forward);
        }
    }

    private sealed class Talker : ReceiveActor
    {
        public Talker() => Receive<string>(_ => Context.Parent.Tell("spoken"));
    }

    [Theory]
    [InlineData(0, 8, 0.2)]
    [InlineData(9, 8, 0.2)]
    [InlineData(1, 8, 1.5)]
    public void Delays_out_of_order_are_refused(int min, int max, double randomFactor) => Should.Throw<ArgumentException>(() =>
        BackoffSupervisor.Props(Recorder.With(TestActor, "a"), "child", TimeSpan.FromSeconds(min), TimeSpan.FromSeconds(max), randomFactor));

    private BackoffOptions OnStop() => Backoff
        .OnStop(Recorder.With(TestActor, "a"), "child", Min, Max, randomFactor: 0, maxNrOfRetries: -1)
        .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop));

    private IActorRef Start(BackoffOptions options) => Sys.ActorOf(BackoffSupervisor.Props(options));

    private async Task<IActorRef> ChildIsBack(IActorRef supervisor, int restarts)
    {
        ExpectMsg("a starts", Limit);
        (await RestartCount(supervisor)).ShouldBe(restarts);
        var current = await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Limit);
        return current.Ref.ShouldNotBeNull();
    }

    /// <summary>The supervisor has noticed the child's end and set its timer.</summary>
    private async Task ChildIsAway(IActorRef supervisor, int restarts)
    {
        await AwaitConditionAsync(async () => await RestartCount(supervisor) == restarts, Limit);
        var current = await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Limit);
        current.Ref.IsNobody().ShouldBeTrue();
    }

    private static async Task<int> RestartCount(IActorRef supervisor) =>
        (await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Limit)).Count;
}
