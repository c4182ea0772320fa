using Akka.Actor;

namespace CSMultiConnector.ActorRuntime.Tests.Support;

/// <summary>An actor whose life and messages a test follows: everything that happens to it is told to a probe.</summary>
internal sealed class Recorder : ReceiveActor
{
    private readonly IActorRef _probe;
    private readonly string _name;

    public Recorder(IActorRef probe, string name)
    {
        _probe = probe;
        _name = name;
        Receive<Fail>(fail => throw fail.Cause);
        Receive<MakeChild>(make => Sender.Tell(Context.ActorOf(Props.Create(() => new Recorder(probe, make.Name)), make.Name)));
        Receive<string>(text => _probe.Tell($"{_name}:{text}"));
    }

    public static Props With(IActorRef probe, string name) => Props.Create(() => new Recorder(probe, name));

    protected override void PreStart() => _probe.Tell($"{_name} starts");

    protected override void PostStop() => _probe.Tell($"{_name} stopped");

    protected override void PostRestart(Exception reason)
    {
        _probe.Tell($"{_name} restarted");
        base.PostRestart(reason);
    }
}

/// <summary>Makes an actor throw.</summary>
internal sealed record Fail(Exception Cause)
{
    public static Fail Now => new(new InvalidOperationException("told to fail"));
}

/// <summary>Makes a recorder make a child; answered with its reference.</summary>
internal sealed record MakeChild(string Name);

/// <summary>A supervisor with a strategy of the test's choice; makes children on demand and passes nothing on.</summary>
internal sealed class Supervisor : ReceiveActor
{
    private readonly SupervisorStrategy _strategy;

    public Supervisor(SupervisorStrategy strategy)
    {
        _strategy = strategy;
        Receive<NewChild>(child => Sender.Tell(Context.ActorOf(child.Props, child.Name)));
    }

    protected override SupervisorStrategy SupervisorStrategy() => _strategy;
}

/// <summary>Makes a supervisor make a child; answered with its reference.</summary>
internal sealed record NewChild(Props Props, string Name);
