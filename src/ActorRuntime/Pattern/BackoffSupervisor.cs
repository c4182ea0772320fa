using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>What both kinds of backing off share: one child, its restart count, and the passing on of messages.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private protected BackoffSupervisorBase(BackoffSettings settings)
    {
        settings.Validate();
        Settings = settings;
    }

    internal BackoffSettings Settings { get; }

    /// <summary>The child; null while it is away.</summary>
    protected IActorRef? Child { get; set; }

    /// <summary>The child's name.</summary>
    protected string ChildName => Settings.ChildName;

    /// <summary>How the child is made.</summary>
    protected Props ChildProps => Settings.ChildProps;

    /// <summary>What answers while the child is away.</summary>
    protected object? ReplyWhileStopped => Settings.ReplyWhileStopped;

    /// <summary>Which message makes the child's next end final.</summary>
    protected Func<object, bool>? FinalStopMessage => Settings.FinalStopMessage;

    /// <summary>When earlier starts are forgotten.</summary>
    protected IBackoffReset Reset => Settings.Reset;

    /// <summary>How often the child was started again.</summary>
    protected int RestartCountN { get; set; }

    /// <summary>Whether the child's next end is final.</summary>
    protected bool FinalStopMessageReceived { get; set; }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        StartChild();
        base.PreStart();
    }

    /// <summary>Handles the supervisor's own messages and passes the others on.</summary>
    protected bool HandleBackoff(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.StartChild:
                StartChild();
                if (Reset is AutoReset auto)
                    Context.System.Scheduler.ScheduleTellOnce(auto.ResetBackoff, Self, new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
                break;
            case BackoffSupervisor.Reset when Reset is ManualReset:
                RestartCountN = 0;
                break;
            case BackoffSupervisor.Reset:
                Unhandled(message);
                break;
            case BackoffSupervisor.ResetRestartCount reset:
                // Only when the child has not been started again since.
                if (reset.Current == RestartCountN)
                    RestartCountN = 0;
                break;
            case BackoffSupervisor.GetRestartCount:
                Sender.Tell(new BackoffSupervisor.RestartCount(RestartCountN));
                break;
            case BackoffSupervisor.GetCurrentChild:
                Sender.Tell(new BackoffSupervisor.CurrentChild(Child));
                break;
            default:
                PassOn(message);
                break;
        }
        return true;
    }

    internal void ScheduleStart()
    {
        Context.System.Scheduler.ScheduleTellOnce(Settings.DelayBefore(RestartCountN), Self, BackoffSupervisor.StartChild.Instance, Self);
        RestartCountN++;
    }

    internal bool MayStartAgain(int maxNrOfRetries) => maxNrOfRetries < 0 || RestartCountN + 1 <= maxNrOfRetries;

    private void StartChild() => Child ??= Context.Watch(Context.ActorOf(ChildProps, ChildName));

    private void PassOn(object message)
    {
        if (Child is null)
        {
            if (ReplyWhileStopped is not null)
                Sender.Tell(ReplyWhileStopped);
            else
                Context.System.DeadLetters.Forward(message);
            if (FinalStopMessage?.Invoke(message) == true)
                Context.Stop(Self);
        }
        else if (Child.Equals(Sender))
        {
            // The parent sees the supervisor, which stays, as the sender.
            Context.Parent.Tell(message);
        }
        else
        {
            Child.Forward(message);
            FinalStopMessageReceived |= FinalStopMessage?.Invoke(message) == true;
        }
    }
}

/// <summary>Starts its child again after a delay that grows with every start.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly SupervisorStrategy _strategy;

    /// <summary>Starts the child again when it has stopped.</summary>
    public BackoffSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
        : this(new BackoffSettings(OnFailure: false, childProps, childName, minBackoff, maxBackoff, randomFactor))
    {
    }

    internal BackoffSupervisor(BackoffSettings settings)
        : base(settings) => _strategy = settings.Strategy;

    /// <summary>Props of a supervisor that starts its child again when it has stopped.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Make(new BackoffSettings(OnFailure: false, childProps, childName, minBackoff, maxBackoff, randomFactor));

    /// <summary>Props of a supervisor that starts its child again when it has stopped, at most so often.</summary>
    public static Props Props(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries));

    /// <summary>Props of a supervisor with these options.</summary>
    public static Props Props(BackoffOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Make(options.Settings);
    }

    /// <summary>Props of a supervisor that deals with the child's exceptions by a strategy.</summary>
    public static Props PropsWithSupervisorStrategy(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, SupervisorStrategy strategy) =>
        Make(new BackoffSettings(OnFailure: false, childProps, childName, minBackoff, maxBackoff, randomFactor) { Strategy = strategy });

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => _strategy;

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child))
            return HandleBackoff(message);
        Child = null;
        var limit = (_strategy as OneForOneStrategy)?.MaxNumberOfRetries ?? -1;
        if (!FinalStopMessageReceived && MayStartAgain(limit))
            ScheduleStart();
        else
            Context.Stop(Self);
        return true;
    }

    private static Props Make(BackoffSettings settings)
    {
        settings.Validate();
        return settings.OnFailure
            ? Actor.Props.Create(() => new BackoffOnFailureSupervisor(settings))
            : Actor.Props.Create(() => new BackoffSupervisor(settings));
    }

    /// <summary>Asks for the child; answered with <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The only value.</summary>
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The child.</summary>
    public sealed class CurrentChild
    {
        /// <summary>Makes the answer.</summary>
        public CurrentChild(IActorRef? @ref) => Ref = @ref;

        /// <summary>The child; null while it is away.</summary>
        public IActorRef? Ref { get; }
    }

    /// <summary>Makes a supervisor with manual reset forget earlier starts.</summary>
    public new sealed class Reset
    {
        /// <summary>The only value.</summary>
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Asks how often the child was started again; answered with <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The only value.</summary>
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>How often the child was started again.</summary>
    public sealed class RestartCount
    {
        /// <summary>Makes the answer.</summary>
        public RestartCount(int count) => Count = count;

        /// <summary>How often.</summary>
        public int Count { get; }
    }

    /// <summary>The delay is over.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        /// <summary>The only value.</summary>
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    /// <summary>The child has run long enough.</summary>
    public sealed class ResetRestartCount : IDeadLetterSuppression
    {
        /// <summary>Makes the message.</summary>
        public ResetRestartCount(int current) => Current = current;

        /// <summary>The count when the child was started.</summary>
        public int Current { get; }
    }
}

/// <summary>Starts its child again when it has thrown; where the strategy says restart, it stops the child and waits.</summary>
internal sealed class BackoffOnFailureSupervisor(BackoffSettings settings) : BackoffSupervisorBase(settings)
{
    private IActorRef? _restarting;

    protected override SupervisorStrategy SupervisorStrategy()
    {
        var strategy = (OneForOneStrategy)Settings.Strategy;
        return new OneForOneStrategy(-1, strategy.WithinTimeRangeMilliseconds, cause => Decide(strategy, cause));
    }

    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child ?? _restarting))
            return HandleBackoff(message);
        Child = null;
        if (_restarting is null)
        {
            Context.Stop(Self);
            return true;
        }
        _restarting = null;
        ScheduleStart();
        return true;
    }

    private Directive Decide(OneForOneStrategy strategy, Exception cause)
    {
        var directive = strategy.Decider.Decide(cause);
        if (directive != Directive.Restart)
            return directive;
        if (!MayStartAgain(strategy.MaxNumberOfRetries))
        {
            Context.Stop(Self);
            return Directive.Stop;
        }
        _restarting = Child;
        Child = null;
        return Directive.Stop;
    }
}
