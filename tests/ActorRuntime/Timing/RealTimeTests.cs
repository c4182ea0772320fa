using Akka.Actor;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Timing;

/// <summary>The scheduler of real time: what it does comes at all and can be called off; when exactly is not asserted.</summary>
public sealed class RealTimeTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void Messages_come_once_or_again_and_again()
    {
        Sys.Scheduler.ScheduleTellOnce(Tick, TestActor, "once", ActorRefs.NoSender);
        ExpectMsg("once", Limit);
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Tick, Tick, TestActor, "again", ActorRefs.NoSender);
        for (var i = 0; i < 3; i++)
            ExpectMsg("again", Limit);
        repeated.Cancel();
        repeated.IsCancellationRequested.ShouldBeTrue();
        // What came before the marker was sent in time; after it only the one that was on its way may come, however late.
        TestActor.Tell("marker");
        FishForMessage<string>(m => m == "marker", Limit);
        Sys.Scheduler.ScheduleTellOnce(60 * Tick, TestActor, "end", ActorRefs.NoSender);
        var late = 0;
        FishForMessage<string>(
            m =>
            {
                if (m == "again") late++;
                return m == "end";
            },
            Limit);
        late.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Actions_run_unless_cancelled()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelledRan = false;
        var cancelled = Sys.Scheduler.Advanced.ScheduleOnceCancelable(200 * Tick, () => cancelledRan = true);
        cancelled.Cancel();

        // A machine that stood still for a second cancelled too late: then it has run by now, and not afterwards.
        var ranBefore = cancelledRan;
        Sys.Scheduler.Advanced.ScheduleOnce(210 * Tick, () => ran.SetResult());
        await ran.Task.WaitAsync(Limit);
        cancelledRan.ShouldBe(ranBefore);
    }

    [Fact]
    public void A_negative_delay_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(-1), TestActor, "never", ActorRefs.NoSender));

    [Fact]
    public async Task A_cancelable_cancels_its_token()
    {
        using var cancelable = new Cancelable(Sys.Scheduler);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancelable.Token.Register(() => cancelled.SetResult());
        cancelable.CancelAfter(Tick);
        await cancelled.Task.WaitAsync(Limit);
        cancelable.IsCancellationRequested.ShouldBeTrue();
    }
}
