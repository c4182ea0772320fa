using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// One living actor: its mailbox, behaviour, children, watches and failure state. Everything here runs inside the
/// actor's turn, one thread at a time, except what is marked otherwise.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    /// <summary>The dispatcher's id with which an actor runs on the thread of whoever sends to it.</summary>
    public const string CallingThreadDispatcher = "akka.test.calling-thread-dispatcher";

    /// <summary>Who sends outside any actor; a test's own actor, which must stay so after an await.</summary>
    private static readonly AsyncLocal<IActorRef?> s_ambientSender = new();

    [ThreadStatic]
    private static ActorCell? t_current;

    private readonly Mailbox _mailbox;
    private ActorBase? _actor;
    private Receive? _behaviour;
    private Stack<Receive>? _lowerBehaviours;
    private object? _message;
    private IActorRef? _sender;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, IInternalActorRef parent)
    {
        System = system;
        Self = self;
        Props = props;
        Parent = parent;
        _mailbox = new Mailbox(this, inline: string.Equals(props.Dispatcher, CallingThreadDispatcher, StringComparison.Ordinal));
    }

    /// <summary>The actor whose message this thread handles.</summary>
    public static ActorCell? Current
    {
        get => t_current;
        set => t_current = value;
    }

    public static IActorRef? CurrentSelfOrNoSender => t_current is { } cell ? cell.Self : s_ambientSender.Value;

    public static IActorRef? CurrentSenderOrNoSender => t_current is { _message: not null } cell ? cell._sender : null;

    /// <summary>Makes an actor the sender of what this flow of execution sends outside any actor.</summary>
    public static void SetAmbientSender(IActorRef? sender) => s_ambientSender.Value = sender;

    public ActorSystemImpl System { get; }

    public LocalActorRef Self { get; }

    public Props Props { get; }

    public IInternalActorRef Parent { get; }

    /// <summary>The living incarnation; null before creation and after the end.</summary>
    public ActorBase? Actor => _actor;

    public object? CurrentMessage
    {
        get => _message;
        set => _message = value;
    }

    public IActorRef Sender => _sender ?? System.DeadLetters;

    /// <summary>May be read on any thread.</summary>
    public bool IsTerminated => _mailbox.IsClosed;

    IActorRef IActorContext.Self => Self;

    IActorRef IActorContext.Parent => Parent;

    ActorSystem IActorContext.System => System;

    public Envelope CurrentEnvelope => new(_message!, _sender);

    /// <summary>Counts what was taken from the mailbox: tells two deliveries of one message object apart.</summary>
    public long CurrentDelivery { get; private set; }

    /// <summary>Begins the actor's life. Any thread.</summary>
    public void Start() => _mailbox.EnqueueSystem(new Create());

    /// <summary>Any thread.</summary>
    public void SendMessage(object message, IActorRef? sender) => _mailbox.Enqueue(message, sender);

    /// <summary>Any thread.</summary>
    public void SendSystemMessage(SystemMessage message) => _mailbox.EnqueueSystem(message);

    /// <summary>Puts envelopes before all waiting messages, in the given order. A <see cref="Terminated"/> among them will be handled again.</summary>
    public void EnqueueFirst(IReadOnlyList<Envelope> envelopes)
    {
        foreach (var envelope in envelopes)
        {
            if (envelope.Message is Terminated terminated)
                (_terminatedQueued ??= [])[terminated.ActorRef] = null;
        }
        _mailbox.EnqueueFirst(envelopes);
    }

    public void Become(Receive receive) => _behaviour = receive;

    public void BecomeStacked(Receive receive)
    {
        if (_behaviour is not null)
            (_lowerBehaviours ??= new Stack<Receive>()).Push(_behaviour);
        _behaviour = receive;
    }

    public void UnbecomeStacked() => _behaviour = _lowerBehaviours is { Count: > 0 } ? _lowerBehaviours.Pop() : _actor!.InvokeReceive;

    public void Become(UntypedReceive receive) => Become(Handled(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handled(receive));

    public ActorSelection ActorSelection(ActorPath actorPath) => System.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Akka.Actor.ActorSelection.From(System, Self, actorPath);

    public void Invoke(in Envelope envelope)
    {
        var message = envelope.Message;
        _message = message;
        _sender = envelope.Sender;
        CurrentDelivery++;
        var keepsTimeout = _receiveTimeout is null || message is INotInfluenceReceiveTimeout;
        if (!keepsTimeout)
            CancelReceiveTimeout();
        try
        {
            if (message is IAutoReceivedMessage)
                AutoReceive(message);
            else
                ReceiveMessage(message);
            if (_awaiting != 0)
                return;
            _message = null;
            _sender = null;
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
        if (!keepsTimeout || _receiveTimeout is not null)
            CheckReceiveTimeout(reschedule: !keepsTimeout);
    }

    /// <summary>Hands a message to the actor as if it were the one being handled.</summary>
    public void ReceiveMessage(object message) => _actor!.InvokeAroundReceive(_behaviour!, message);

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case TimerMessage timer:
                if (timer.Owner.Accept(timer) is { } unwrapped)
                {
                    // A stash takes the current message, which must be what the handler sees.
                    _message = unwrapped;
                    if (unwrapped is IAutoReceivedMessage and not TimerMessage)
                        AutoReceive(unwrapped);
                    else
                        ReceiveMessage(unwrapped);
                }
                break;
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            case PoisonPill:
                Self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private static Receive Handled(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private ActorBase NewActor()
    {
        _behaviour = null;
        _lowerBehaviours = null;
        var actor = Props.CreateActor();
        if (actor is ReceiveActor receiveActor)
            receiveActor.CloseConfiguration();
        // A behaviour that the constructor chose has precedence.
        _behaviour ??= actor.InvokeReceive;
        if (actor is IActorStash { Stash: null } stashing)
            stashing.Stash = new Stash(this);
        if (actor is IWithTimers timed)
            timed.Timers = _timers ??= new TimerScheduler(this);
        return actor;
    }

    private void CreateActor()
    {
        try
        {
            var actor = NewActor();
            _actor = actor;
            actor.AroundPreStart();
            CheckReceiveTimeout(reschedule: true);
        }
        catch (Exception e)
        {
            ReleaseActor();
            _actor = null;
            throw e is ActorInitializationException ? e : new ActorInitializationException(Self, "Exception during creation", e);
        }
    }

    /// <summary>Ends what belongs to one incarnation.</summary>
    private void ReleaseActor()
    {
        _timers?.CancelAll();
        _timers = null;
        ForgetAwaiting();
    }

    private void PublishError(Exception cause, string message) =>
        System.EventStream.Publish(new Error(cause, Self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), message));
}
