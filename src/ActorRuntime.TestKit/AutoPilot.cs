using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Reacts to messages of a probe besides their being queued for the test.</summary>
public abstract class AutoPilot
{
    /// <summary>Makes a pilot.</summary>
    protected AutoPilot()
    {
    }

    /// <summary>Ends the reacting.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>Goes on with the present pilot.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <summary>Reacts to a message and names the next pilot.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>Ends the reacting.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    /// <summary>The only value.</summary>
    public static readonly NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>Goes on with the present pilot.</summary>
public sealed class KeepRunning : AutoPilot
{
    /// <summary>The only value.</summary>
    public static readonly KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => throw new InvalidOperationException("Must not be called.");
}

/// <summary>Reacts to a message and names the next pilot.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>A pilot from a function.</summary>
public sealed class DelegateAutoPilot : AutoPilot
{
    private readonly AutoPilotDelegate _run;

    /// <summary>Makes a pilot from a function.</summary>
    public DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) => _run = autoPilotDelegate;

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => _run(sender, message);
}
