using Akka;
using Akka.Actor;

namespace CSMultiConnector.ActorRuntime.Tests.Systems;

public sealed class CoordinatedShutdownTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Phases_run_in_their_order_and_end_the_system()
    {
        var system = ActorSystem.Create("shutdown");
        var shutdown = CoordinatedShutdown.Get(system);
        var ran = new List<string>();
        Add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "last");
        Add(CoordinatedShutdown.PhaseServiceUnbind, "second");
        Add(CoordinatedShutdown.PhaseBeforeServiceUnbind, "first");
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Limit);
        ran.ShouldBe(["first", "second", "last"]);
        shutdown.ShutdownReason.ShouldBe(CoordinatedShutdown.ClrExitReason.Instance);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();

        void Add(string phase, string name) => shutdown.AddTask(phase, name, () =>
        {
            ran.Add(name);
            return Task.FromResult(Done.Instance);
        });
    }

    [Fact]
    public async Task Ending_the_system_runs_the_shutdown()
    {
        var system = ActorSystem.Create("shutdown");
        var ran = false;
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "task", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await system.Terminate().WaitAsync(Limit);
        await system.WhenTerminated.WaitAsync(Limit);
        ran.ShouldBeTrue();
        CoordinatedShutdown.Get(system).ShutdownReason.ShouldBe(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    [Fact]
    public async Task A_task_that_fails_or_hangs_does_not_hold_the_others_up()
    {
        var system = ActorSystem.Create("shutdown", "akka.coordinated-shutdown.phases.service-stop.timeout = 50 ms");
        var shutdown = CoordinatedShutdown.Get(system);
        var reached = false;
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => throw new InvalidOperationException("told to fail"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "hangs", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "reached", () =>
        {
            reached = true;
            return Task.FromResult(Done.Instance);
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Limit);
        reached.ShouldBeTrue();
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task It_can_begin_at_a_later_phase()
    {
        var system = ActorSystem.Create("shutdown");
        var shutdown = CoordinatedShutdown.Get(system);
        var ran = new List<string>();
        foreach (var phase in new[] { CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseBeforeActorSystemTerminate })
        {
            shutdown.AddTask(phase, phase, () =>
            {
                ran.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        }
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop).WaitAsync(Limit);
        ran.ShouldBe([CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseBeforeActorSystemTerminate]);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_phase_waits_for_all_its_tasks_before_the_next_begins()
    {
        var system = ActorSystem.Create("shutdown", "akka.coordinated-shutdown.default-phase-timeout = 60 s");
        var shutdown = CoordinatedShutdown.Get(system);
        var gate = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (begun, next) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), false);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "slow", () => gate.Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "quick", () =>
        {
            begun.SetResult();
            return Task.FromResult(Done.Instance);
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "next", () =>
        {
            next = gate.Task.IsCompleted;
            return Task.FromResult(Done.Instance);
        });
        var run = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        await begun.Task.WaitAsync(Limit);
        system.WhenTerminated.IsCompleted.ShouldBeFalse();
        gate.SetResult(Done.Instance);
        await run.WaitAsync(Limit);
        next.ShouldBeTrue();
    }

    [Fact]
    public async Task It_runs_once_and_only_known_phases()
    {
        var system = ActorSystem.Create("shutdown");
        var shutdown = CoordinatedShutdown.Get(system);
        Should.Throw<Exception>(() => shutdown.AddTask("no-such-phase", "task", () => Task.FromResult(Done.Instance)));
        var first = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        var second = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        await Task.WhenAll(first, second).WaitAsync(Limit);
        shutdown.ShutdownReason.ShouldBe(CoordinatedShutdown.UnknownReason.Instance);
    }
}
