using Akka.Event;

namespace Akka.Actor;

/// <summary>What happens to a child that failed.</summary>
public enum Directive
{
    /// <summary>It goes on with its state; the message is lost.</summary>
    Resume,

    /// <summary>It is replaced by a fresh incarnation; the mailbox stays, the message is lost.</summary>
    Restart,

    /// <summary>The supervisor itself fails with the same exception.</summary>
    Escalate,

    /// <summary>It is stopped.</summary>
    Stop,
}

/// <summary>Chooses a directive for an exception.</summary>
public interface IDecider
{
    /// <summary>The directive for this exception.</summary>
    Directive Decide(Exception cause);
}

/// <summary>How a supervisor deals with failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops on <see cref="ActorInitializationException"/>, <see cref="ActorKilledException"/> and <see cref="DeathPactException"/>; restarts on all else.</summary>
    public static readonly IDecider DefaultDecider = Actor.Decider.From(
        Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    /// <summary>One for one with the <see cref="DefaultDecider"/>, restarting without limit.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>One for one, stopping on every exception.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    /// <summary>Makes a strategy.</summary>
    protected SupervisorStrategy()
    {
    }

    /// <summary>Chooses the directive.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are logged.</summary>
    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>The directive for a failure of a child.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Logs a failure: an error when the child restarts or stops, a warning when it resumes.</summary>
    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
            return;
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        LogEvent entry = directive == Directive.Resume
            ? new Warning(child.Path.ToString(), GetType(), message)
            : new Error(cause, child.Path.ToString(), GetType(), message);
        context.System.EventStream.Publish(entry);
    }

    /// <summary>Carries the directive out; false to escalate.</summary>
    internal bool HandleFailure(
        IActorContext context, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyList<ChildRestartStats> children)
    {
        var directive = Handle(child, cause);
        LogFailure(context, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.AsInternal().Resume(cause);
                return true;
            case Directive.Restart:
                ProcessFailure(context, restart: true, child, cause, stats, children);
                return true;
            case Directive.Stop:
                ProcessFailure(context, restart: false, child, cause, stats, children);
                return true;
            default:
                return false;
        }
    }

    internal abstract void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyList<ChildRestartStats> children);

    private protected static void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var actor = child.AsInternal();
        if (suspendFirst)
            actor.Suspend();
        actor.Restart(cause);
    }

    private protected static int Milliseconds(TimeSpan? withinTimeRange) =>
        withinTimeRange is { } range && range > TimeSpan.Zero ? (int)Math.Min(range.TotalMilliseconds, int.MaxValue) : -1;
}
