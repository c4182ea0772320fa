using System.Diagnostics;
using System.Linq.Expressions;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>A system, an actor that queues what it receives, and what a test expects of that queue.</summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private readonly ITestKitAssertions _assertions;
    private readonly Channel<MessageEnvelope> _queue = Channel.CreateUnbounded<MessageEnvelope>();
    private MessageEnvelope _lastMessage = NullMessageEnvelope.Instance;
    private ActorSystem? _system;
    private IActorRef? _testActor;
    private TestKitSettings? _settings;

    /// <summary>Makes a kit for a system, or with one of its own.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    /// <summary>Makes a kit with a system of its own.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    /// <summary>Makes a kit with a system of its own.</summary>
    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName, testActorName)
    {
    }

    private TestKitBase(ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup setup, string? actorSystemName, string? testActorName)
    {
        _assertions = assertions;
        // A test may derive the kit's start; it finds all that it needs set.
        InitializeTest(system, setup, actorSystemName, testActorName);
    }

    /// <summary>The configuration that a kit's own system falls back to.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString(
        """
        akka {
          loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
          coordinated-shutdown {
            terminate-actor-system = off
            run-by-actor-system-terminate = off
          }
          test {
            timefactor = 1.0
            filter-leeway = 3s
            single-expect-default = 3s
            default-timeout = 5s
          }
        }
        """);

    /// <summary>The time on the kit's clock, which is real.</summary>
    public static TimeSpan Now => TimeSpan.FromSeconds((double)Stopwatch.GetTimestamp() / Stopwatch.Frequency);

    /// <summary>The system.</summary>
    public ActorSystem Sys => _system!;

    /// <summary>The actor whose messages the test expects.</summary>
    public IActorRef TestActor => _testActor!;

    /// <summary>The settings.</summary>
    public TestKitSettings TestKitSettings => _settings!;

    /// <summary>The system's log.</summary>
    public ILoggingAdapter Log => Sys.Log;

    /// <summary>Whether messages wait that the test has not looked at.</summary>
    public bool HasMessages => _queue.Reader.Count > 0;

    /// <summary>The message that the test looked at last; null when it found none.</summary>
    public object? LastMessage => _lastMessage.Message;

    /// <summary>Who sent it.</summary>
    public IActorRef LastSender => _lastMessage.Sender;

    /// <summary>Expects log events.</summary>
    public EventFilterFactory EventFilter => new(this);

    internal ITestKitAssertions Assert => _assertions;

    /// <summary>Sets system and test actor; called by the constructor.</summary>
    protected virtual void InitializeTest(ActorSystem? system, ActorSystemSetup config, string? actorSystemName, string? testActorName)
    {
        if (system is null)
        {
            var bootstrap = config.Get<BootstrapSetup>();
            var withDefaults = (bootstrap.HasValue ? bootstrap.Value : BootstrapSetup.Create()).WithConfigFallback(DefaultConfig);
            system = ActorSystem.Create(actorSystemName ?? "test", config.WithSetup(withDefaults));
        }
        _system = system;
        _settings = TestKitExtension.For(system);
        _testActor = CreateTestActor(testActorName);
        if (this is not INoImplicitSender)
            ActorCell.SetAmbientSender(_testActor);
    }

    /// <summary>Makes another actor that queues into this kit.</summary>
    public IActorRef CreateTestActor(string? name)
    {
        var system = (ExtendedActorSystem)Sys;
        name ??= FormattableString.Invariant($"testActor{((ActorSystemImpl)system).NextUid()}");
        return system.SystemActorOf(
            Props.Create(() => new InternalTestActor(_queue.Writer)).WithDispatcher(ActorCell.CallingThreadDispatcher), name);
    }

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf(Props props, string? name) => Sys.ActorOf(props, name);

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>());

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>(string name)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>Makes a probe: another queue with expectations of its own.</summary>
    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>Makes a probe in a system.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) =>
        new(system, _assertions, name ?? FormattableString.Invariant($"probe-{((ActorSystemImpl)system).NextUid()}"));

    /// <summary>Drops messages that the function accepts, unseen.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => TestActor.Tell(new SetIgnore(shouldIgnoreMessage), ActorRefs.NoSender);

    /// <summary>Drops messages of a type that the function accepts, unseen.</summary>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) => IgnoreMessages(m => m is TMsg typed && shouldIgnoreMessage(typed));

    /// <summary>Drops messages of a type, unseen.</summary>
    public void IgnoreMessages<TMsg>() => IgnoreMessages(static m => m is TMsg);

    /// <summary>Drops no messages any more.</summary>
    public void IgnoreNoMessages() => TestActor.Tell(new SetIgnore(null), ActorRefs.NoSender);

    /// <summary>Reacts to messages besides their being queued.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new SetAutoPilot(pilot), ActorRefs.NoSender);

    /// <summary>Makes the test actor watch an actor; returns once it does.</summary>
    public IActorRef Watch(IActorRef actorToWatch) => WatchAsync(actorToWatch).GetAwaiter().GetResult();

    /// <summary>Makes the test actor watch an actor; completes once it does.</summary>
    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) => Request(done => new WatchRequest(actorToWatch, done));

    /// <summary>Ends a watch of the test actor.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch) => UnwatchAsync(actorToUnwatch).GetAwaiter().GetResult();

    /// <summary>Ends a watch of the test actor.</summary>
    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) => Request(done => new UnwatchRequest(actorToUnwatch, done));

    /// <summary>Ends the system and waits for it.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) => Shutdown(Sys, duration, verifySystemShutdown);

    /// <summary>Ends a system and waits for it; fails the test if it does not end in time and <paramref name="verifySystemShutdown"/> is set.</summary>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var limit = duration ?? Dilated(TestKitSettings.DefaultTimeout);
        try
        {
            Task.Run(() => system.Terminate()).WaitAsync(limit).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            if (verifySystemShutdown)
                _assertions.Fail("Failed to stop [{0}] within [{1}]", system.Name, limit);
        }
    }

    private Task<IActorRef> Request(Func<TaskCompletionSource<IActorRef>, object> request)
    {
        var done = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        TestActor.Tell(request(done), ActorRefs.NoSender);
        return done.Task;
    }
}
