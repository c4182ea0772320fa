using Akka.Actor;
using Akka.TestKit;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Timing;

public sealed class TimerTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public TimerTests()
        : base(Virtual.Time)
    {
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_single_timer_fires_once_at_its_time()
    {
        var actor = Timed();
        Do(actor, t => t.StartSingleTimer("key", "tick", 2 * Second));
        Time.Advance(Second);
        Quiet(actor);
        Time.Advance(Second);
        ExpectMsg("tick", Limit);
        Time.Advance(10 * Second);
        Quiet(actor);
        Do(actor, t => t.IsTimerActive("key").ShouldBeFalse());
    }

    [Fact]
    public void A_periodic_timer_fires_again_and_again_until_cancelled()
    {
        var actor = Timed();
        Do(actor, t => t.StartPeriodicTimer("key", "tick", Second));
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(Second);
            ExpectMsg("tick", Limit);
        }
        Do(actor, t =>
        {
            t.IsTimerActive("key").ShouldBeTrue();
            t.Cancel("key");
        });
        Time.Advance(Second);
        Quiet(actor);
    }

    [Fact]
    public void A_message_of_a_replaced_or_cancelled_timer_is_dropped_even_from_the_mailbox()
    {
        var actor = Timed();
        Do(actor, t =>
        {
            t.StartSingleTimer("replaced", "old", Second);
            t.StartSingleTimer("cancelled", "never", Second);
        });
        using var release = new ManualResetEventSlim();
        actor.Tell(new Work(t =>
        {
            release.Wait(Limit);
            t.StartSingleTimer("replaced", "new", Second);
            t.Cancel("cancelled");
        }));
        // Both messages are in the mailbox behind the work that makes them void.
        Time.Advance(Second);
        release.Set();
        ExpectMsg("done", Limit);
        Quiet(actor);
        Time.Advance(Second);
        ExpectMsg("new", Limit);
    }

    [Fact]
    public void Timers_of_an_earlier_incarnation_never_fire()
    {
        var actor = Timed();
        using var release = new ManualResetEventSlim();
        Do(actor, t =>
        {
            t.StartSingleTimer("queued", "queued", Second);
            t.StartSingleTimer("later", "later", 2 * Second);
        });
        actor.Tell(new Work(_ => release.Wait(Limit)));
        actor.Tell(Fail.Now);
        Time.Advance(Second);
        release.Set();
        ExpectMsg("done", Limit);
        Quiet(actor);
        Time.Advance(2 * Second);
        Quiet(actor);
    }

    [Fact]
    public void Timers_end_with_the_actor()
    {
        var actor = Timed();
        Do(actor, t => t.StartPeriodicTimer("key", "tick", Second));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor, Limit);
        EventFilter.DeadLetter().Expect(0, () => Time.Advance(10 * Second));
    }

    [Fact]
    public void The_receive_timeout_counts_from_the_last_message_that_influences_it()
    {
        var actor = Timed();
        SetIdle(actor, 2 * Second);
        Time.Advance(Second);
        Quiet(actor);
        Settle(actor);
        // The ping restarted it, the ignored message did not.
        Time.Advance(Second);
        Settle(actor);
        Time.Advance(Second);
        ExpectMsg("receive timeout", Limit);
    }

    [Fact]
    public void The_receive_timeout_repeats_and_can_be_ended()
    {
        var actor = Timed();
        SetIdle(actor, Second);
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(Second);
            ExpectMsg("receive timeout", Limit);
            Settle(actor);
        }
        SetIdle(actor, null);
        Time.Advance(5 * Second);
        Quiet(actor);
    }

    [Fact]
    public void The_scheduler_tells_at_its_time_unless_cancelled()
    {
        Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "once", ActorRefs.NoSender);
        var cancelled = Sys.Scheduler.ScheduleTellOnceCancelable(Second, TestActor, "never", ActorRefs.NoSender);
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(2 * Second, Second, TestActor, "again", ActorRefs.NoSender);
        cancelled.Cancel();
        Time.Advance(Second);
        ExpectMsg("once", Limit);
        Time.Advance(Second);
        ExpectMsg("again", Limit);
        Time.Advance(Second);
        ExpectMsg("again", Limit);
        repeated.Cancel();
        Time.Advance(Second);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void Virtual_time_moves_only_when_told_and_never_back()
    {
        var start = Time.Now;
        Time.Advance(Second);
        Time.Now.ShouldBe(start + Second);
        Time.AdvanceTo(start + (3 * Second));
        Time.Now.ShouldBe(start + (3 * Second));
        Should.Throw<InvalidOperationException>(() => Time.AdvanceTo(start));
    }

    private IActorRef Timed() => ActorOf(() => new TimedActor(TestActor));

    private void Do(IActorRef actor, Action<ITimerScheduler> work)
    {
        actor.Tell(new Work(work));
        ExpectMsg("done", Limit);
    }

    private void SetIdle(IActorRef actor, TimeSpan? timeout)
    {
        actor.Tell(new Idle(timeout));
        ExpectMsg("idle set", Limit);
        Settle(actor);
    }

    /// <summary>The timeout is set after a message was handled, so only the next message shows that it is.</summary>
    private void Settle(IActorRef actor)
    {
        actor.Tell(new Ignored());
        ExpectMsg("ignored", Limit);
    }

    /// <summary>The actor has handled all that was sent, and said nothing.</summary>
    private void Quiet(IActorRef actor)
    {
        actor.Tell("ping");
        ExpectMsg("ping", Limit);
    }

    private sealed record Work(Action<ITimerScheduler> Do);

    private sealed record Idle(TimeSpan? Timeout);

    private sealed record Ignored : INotInfluenceReceiveTimeout;

    private sealed class TimedActor : ReceiveActor, IWithTimers
    {
        public TimedActor(IActorRef probe)
        {
            Receive<Work>(work =>
            {
                work.Do(Timers);
                probe.Tell("done");
            });
            Receive<Fail>(f => throw f.Cause);
            Receive<Idle>(idle =>
            {
                SetReceiveTimeout(idle.Timeout);
                probe.Tell("idle set");
            });
            Receive<Ignored>(_ => probe.Tell("ignored"));
            Receive<ReceiveTimeout>(_ => probe.Tell("receive timeout"));
            Receive<string>(text => probe.Tell(text));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }
}
