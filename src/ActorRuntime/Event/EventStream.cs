using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Brings events to those who asked for their kind.</summary>
/// <typeparam name="TEvent">The events.</typeparam>
/// <typeparam name="TClassifier">The kind of an event.</typeparam>
/// <typeparam name="TSubscriber">Who receives.</typeparam>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    /// <summary>Makes a bus.</summary>
    protected EventBus()
    {
    }

    /// <summary>Sends an event to all who asked for its kind.</summary>
    public virtual void Publish(TEvent @event) => PublishCore(@event);

    /// <summary>Asks for a kind of events; false when that was asked before.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier) => SubscribeCore(subscriber, classifier);

    /// <summary>Ends all subscriptions; false when there were none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber) => UnsubscribeCore(subscriber);

    /// <summary>Ends a subscription; false when there was none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier) => UnsubscribeCore(subscriber, classifier);

    private protected abstract void PublishCore(TEvent @event);

    private protected abstract bool SubscribeCore(TSubscriber subscriber, TClassifier classifier);

    private protected abstract bool UnsubscribeCore(TSubscriber subscriber);

    private protected abstract bool UnsubscribeCore(TSubscriber subscriber, TClassifier classifier);
}

/// <summary>A bus whose subscribers are actors.</summary>
/// <typeparam name="TEvent">The events.</typeparam>
/// <typeparam name="TClassifier">The kind of an event.</typeparam>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef>
{
    /// <summary>Makes a bus.</summary>
    protected ActorEventBus()
    {
    }
}

/// <summary>A bus that log events travel on.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private readonly object _lock = new();
    private readonly Dictionary<Type, HashSet<IActorRef>> _subscribers = [];
    private readonly ConcurrentDictionary<Type, IActorRef[]> _receiversByEvent = new();

    /// <summary>Makes a bus that passes events of level information and above.</summary>
    public LoggingBus()
    {
    }

    /// <summary>The lowest level that loggers receive.</summary>
    public LogLevel LogLevel { get; private set; } = LogLevel.InfoLevel;

    /// <summary>Sets the lowest level that loggers receive.</summary>
    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    /// <summary>Sends an event to all who asked for its type, a base type or an interface of it.</summary>
    private protected override void PublishCore(object @event)
    {
        if (@event is LogEvent log && log.LogLevel() < LogLevel)
            return;
        foreach (var receiver in Receivers(@event.GetType()))
            receiver.Tell(@event, ActorRefs.NoSender);
    }

    private protected override bool SubscribeCore(IActorRef subscriber, Type classifier)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(classifier);
        (subscriber as LocalActorRef)?.Cell.MarkSubscribed();
        lock (_lock)
        {
            if (!_subscribers.TryGetValue(classifier, out var subscribers))
                _subscribers[classifier] = subscribers = [];
            if (!subscribers.Add(subscriber))
                return false;
            _receiversByEvent.Clear();
        }
        // One that has ended, or ends at this moment, is not kept for ever.
        if (subscriber is LocalActorRef { Cell.IsTerminated: true })
            UnsubscribeCore(subscriber);
        return true;
    }

    private protected override bool UnsubscribeCore(IActorRef subscriber)
    {
        lock (_lock)
        {
            var removed = false;
            foreach (var subscribers in _subscribers.Values)
                removed |= subscribers.Remove(subscriber);
            if (removed)
                _receiversByEvent.Clear();
            return removed;
        }
    }

    private protected override bool UnsubscribeCore(IActorRef subscriber, Type classifier)
    {
        lock (_lock)
        {
            if (!_subscribers.TryGetValue(classifier, out var subscribers) || !subscribers.Remove(subscriber))
                return false;
            _receiversByEvent.Clear();
            return true;
        }
    }

    private IActorRef[] Receivers(Type eventType)
    {
        if (_receiversByEvent.TryGetValue(eventType, out var known))
            return known;
        lock (_lock)
        {
            var receivers = new HashSet<IActorRef>();
            foreach (var (type, subscribers) in _subscribers)
            {
                if (type.IsAssignableFrom(eventType))
                    receivers.UnionWith(subscribers);
            }
            return _receiversByEvent[eventType] = [.. receivers];
        }
    }
}

/// <summary>The system's bus for log events, dead letters and whatever actors publish.</summary>
public class EventStream : LoggingBus
{
    /// <summary>Makes a bus.</summary>
    public EventStream(bool debug) => _ = debug;
}

/// <summary>Subscriptions by type argument.</summary>
public static class EventStreamExtensions
{
    /// <summary>Asks for events of a type.</summary>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Ends the subscription to a type.</summary>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
