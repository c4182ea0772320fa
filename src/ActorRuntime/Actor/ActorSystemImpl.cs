using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The system itself: guardians, scheduler, bus, extensions, and the order of its end.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ConcurrentQueue<Action> _onTermination = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RootActorRef _root;
    private readonly ActorPath _tempPath;
    private long _uid;
    private long _temp;
    private int _terminating;

    public ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        Name = name;
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.HasValue && bootstrap.Value.Config.HasValue ? bootstrap.Value.Config.Value : Config.Empty;
        Settings = new Settings(this, config, setup);
        EventStream = new EventStream(debug: false);
        EventStream.SetLogLevel(Logging.LogLevelFor(Settings.LogLevel));
        Log = Logging.GetLogger(EventStream, "ActorSystem(" + name + ")");
        Scheduler = TypeNames.Create<IScheduler>(Settings.SchedulerClass, Settings.Config, Log);
        StartTime = Scheduler.MonotonicClock;
        var rootPath = new RootActorPath(new Address("akka", name));
        _tempPath = rootPath / "temp";
        _root = new RootActorRef(this, rootPath);
        DeadLetters = new DeadLetterActorRef(this, rootPath / "deadLetters");
        SystemGuardian = new LocalActorRef(this, Props.Create<GuardianActor>(), _root, new ChildActorPath(rootPath, "system", NextUid()));
        UserGuardian = new LocalActorRef(this, Props.Create<GuardianActor>(), _root, new ChildActorPath(rootPath, "user", NextUid()));
        Serialization = new Serialization.Serialization(this);
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override Serialization.Serialization Serialization { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override Task WhenTerminated => _terminated.Task;

    public LocalActorRef UserGuardian { get; }

    public LocalActorRef SystemGuardian { get; }

    public RootActorRef Root => _root;

    /// <summary>Whether the end has begun.</summary>
    public bool IsTerminating => Volatile.Read(ref _terminating) != 0;

    public void Start()
    {
        SystemGuardian.Cell.Start();
        UserGuardian.Cell.Start();
        LoggerStart.Run(this);
        foreach (var extension in Settings.Config.GetStringList("akka.extensions"))
            RegisterExtension(TypeNames.Create<IExtensionId>(extension));
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
            CoordinatedShutdown.Get(this);
    }

    public long NextUid() => Interlocked.Increment(ref _uid);

    public ActorPath TempPath() => new ChildActorPath(_tempPath, FormattableString.Invariant($"${Interlocked.Increment(ref _temp)}"), 0);

    public override IActorRef ActorOf(Props props, string? name = null) => UserGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => SystemGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => new(_root, actorPath.Elements);

    public override ActorSelection ActorSelection(string actorPath) => Actor.ActorSelection.From(this, UserGuardian, actorPath);

    public override void Stop(IActorRef actor)
    {
        if (actor is LocalActorRef { Parent: LocalActorRef parent } && (parent == UserGuardian || parent == SystemGuardian))
            parent.Tell(new StopChild(actor), ActorRefs.NoSender);
        else
            actor.AsInternal().Stop();
    }

    public override Task Terminate() =>
        Settings.CoordinatedShutdownRunByActorSystemTerminate && Settings.CoordinatedShutdownTerminateActorSystem
            ? CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance)
            : FinalTerminate();

    /// <summary>Stops all actors, without running the coordinated shutdown.</summary>
    public Task FinalTerminate()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0)
            UserGuardian.Stop();
        return WhenTerminated;
    }

    public void GuardianFailed(IActorRef guardian, Exception cause)
    {
        EventStream.Publish(new Error(cause, guardian.Path.ToString(), typeof(GuardianActor), "Guardian failed. Shutting down system"));
        guardian.AsInternal().Stop();
        _ = FinalTerminate();
    }

    public void GuardianTerminated(LocalActorRef guardian)
    {
        if (guardian == UserGuardian)
        {
            Volatile.Write(ref _terminating, 1);
            SystemGuardian.Stop();
            return;
        }
        (Scheduler as IDisposable)?.Dispose();
        while (_onTermination.TryDequeue(out var code))
        {
            try
            {
                code();
            }
            catch (Exception e)
            {
                Log.Error(e, "Code registered for the system's end failed.");
            }
        }
        _terminated.TrySetResult();
    }

    public override void RegisterOnTermination(Action code)
    {
        if (WhenTerminated.IsCompleted)
            throw new InvalidOperationException("ActorSystem already terminated.");
        _onTermination.Enqueue(code);
    }

    /// <summary>A message that its recipient does not receive any more.</summary>
    public void SendToDeadLetters(object message, IActorRef? sender, IActorRef recipient)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), DeadLetters);
                break;
            case AllDeadLetters:
                // It was for a subscriber that has ended; the others have it already.
                break;
            case IDeadLetterSuppression suppressed:
                EventStream.Publish(new SuppressedDeadLetter(suppressed, sender, recipient));
                break;
            default:
                EventStream.Publish(new DeadLetter(message, sender, recipient));
                break;
        }
    }

    /// <summary>A system message to an actor that has ended: only who asks to watch it gets an answer.</summary>
    public void HandleDeadSystemMessage(SystemMessage message)
    {
        if (message is Watch watch)
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
    }

    public override object RegisterExtension(IExtensionId extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;
    }

    public override object GetExtension(IExtensionId extensionId) => TryGetExtension(extensionId.ExtensionType, out var extension)
        ? extension!
        : throw new ArgumentException($"No extension of type {extensionId.ExtensionType} is registered.", nameof(extensionId));

    public override T? GetExtension<T>()
        where T : class => TryGetExtension<T>(out var extension) ? extension : null;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object? extension)
    {
        extension = _extensions.TryGetValue(extensionType, out var lazy) ? lazy.Value : null;
        return extension is not null;
    }

    public override bool TryGetExtension<T>(out T? extension)
        where T : class
    {
        var found = TryGetExtension(typeof(T), out var value);
        extension = value as T;
        return found;
    }

    public override string ToString() => Root.Path.Address.ToString();
}

/// <summary>Stops a top-level actor inside the guardian's own turn.</summary>
internal sealed record StopChild(IActorRef Child);

/// <summary>The parent of all user actors, and the one of all system actors.</summary>
internal sealed class GuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is StopChild stop)
            Context.Stop(stop.Child);
        else
            Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
        return true;
    }
}
