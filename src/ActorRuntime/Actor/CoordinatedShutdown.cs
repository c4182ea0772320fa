using Akka.Event;

namespace Akka.Actor;

/// <summary>Ends a system in named phases, one after the other; the tasks of a phase run side by side.</summary>
/// <remarks>A task that fails or outlives its phase's timeout is logged; the next phase follows nevertheless.</remarks>
public sealed class CoordinatedShutdown : IExtension
{
    /// <summary>The first phase.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Stop accepting connections.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Wait for requests in progress.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>End what is left of connections.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Before a cluster would end; here just a phase.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Here just a phase.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>Here just a phase.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>Here just a phase.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>Here just a phase.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>Here just a phase.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>Before the actors stop.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The actors stop.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private static readonly string[] Phases =
    [
        PhaseBeforeServiceUnbind, PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop, PhaseBeforeClusterShutdown,
        PhaseClusterShardingShutdownRegion, PhaseClusterLeave, PhaseClusterExiting, PhaseClusterExitingDone, PhaseClusterShutdown,
        PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate,
    ];

    private readonly object _lock = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = new(StringComparer.Ordinal);
    private Task<Done>? _run;

    internal CoordinatedShutdown(ExtendedActorSystem system) => System = system;

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Why the shutdown ran; null while it has not begun.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>The longest that a shutdown takes: all phases with tasks at their timeouts.</summary>
    public TimeSpan TotalTimeout => Phases.Where(_tasks.ContainsKey).Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));

    /// <summary>The shutdown of a system.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>Adds a task to a phase.</summary>
    /// <exception cref="Configuration.ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        ArgumentNullException.ThrowIfNull(task);
        CheckPhase(phase);
        lock (_lock)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
                _tasks[phase] = tasks = [];
            tasks.Add((taskName, task));
        }
    }

    /// <summary>How long a phase may take.</summary>
    public TimeSpan Timeout(string phase)
    {
        CheckPhase(phase);
        var config = System.Settings.Config;
        return config.GetTimeSpan(
            $"akka.coordinated-shutdown.phases.{phase}.timeout", config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout"));
    }

    /// <summary>Runs the phases, from a given one if told; a second call gives the first one's task.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (fromPhase is not null)
            CheckPhase(fromPhase);
        TaskCompletionSource<Done> completion;
        lock (_lock)
        {
            if (_run is not null)
                return _run;
            ShutdownReason = reason;
            completion = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
            _run = completion.Task;
        }
        // Away from the caller, who may be inside an actor.
        _ = Task.Run(() => RunPhases(fromPhase, completion));
        return completion.Task;
    }

    private async Task RunPhases(string? fromPhase, TaskCompletionSource<Done> completion)
    {
        try
        {
            foreach (var phase in Phases.SkipWhile(p => fromPhase is not null && !string.Equals(p, fromPhase, StringComparison.Ordinal)))
                await RunPhase(phase).ConfigureAwait(false);
            completion.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            completion.TrySetException(e);
        }
    }

    private async Task RunPhase(string phase)
    {
        (string Name, Func<Task<Done>> Task)[] tasks;
        lock (_lock)
            tasks = _tasks.TryGetValue(phase, out var added) ? [.. added] : [];
        if (tasks.Length == 0)
            return;
        try
        {
            await Task.WhenAll(tasks.Select(t => RunTask(phase, t.Name, t.Task))).WaitAsync(Timeout(phase)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            System.Log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase, Timeout(phase));
        }
    }

    private async Task RunTask(string phase, string name, Func<Task<Done>> task)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            System.Log.Warning(e, "Task [{0}] failed in phase [{1}]: {2}", name, phase, e.Message);
        }
    }

    private static void CheckPhase(string phase)
    {
        if (!Phases.Contains(phase, StringComparer.Ordinal))
            throw new Configuration.ConfigurationException($"Unknown phase [{phase}], known phases [{string.Join(",", Phases)}].");
    }

    /// <summary>Why a shutdown runs.</summary>
    public class Reason
    {
        /// <summary>Makes a reason.</summary>
        protected Reason()
        {
        }
    }

    /// <summary>Nobody said why.</summary>
    public class UnknownReason : Reason
    {
        /// <summary>The only value.</summary>
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary>The system was told to end.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only value.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process ends.</summary>
    public class ClrExitReason : Reason
    {
        /// <summary>The only value.</summary>
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}

/// <summary>Makes the shutdown of a system.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    /// <inheritdoc/>
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system)
    {
        var shutdown = new CoordinatedShutdown(system);
        if (system.Settings.CoordinatedShutdownTerminateActorSystem)
        {
            shutdown.AddTask(CoordinatedShutdown.PhaseActorSystemTerminate, "terminate-system", async () =>
            {
                await ((ActorSystemImpl)system).FinalTerminate().ConfigureAwait(false);
                return Done.Instance;
            });
        }
        return shutdown;
    }
}
