using Akka.Dispatch;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>Whom this actor watches, with the message that it wants instead of <see cref="Terminated"/>.</summary>
    private Dictionary<IActorRef, object?>? _watching;

    private HashSet<IInternalActorRef>? _watchedBy;

    /// <summary>Ends whose notification is in the mailbox but not handled.</summary>
    private Dictionary<IActorRef, object?>? _terminatedQueued;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watching is not null && _watching.Remove(subject))
            subject.AsInternal().SendSystemMessage(new Unwatch(subject.AsInternal(), Self));
        _terminatedQueued?.Remove(subject);
        return subject;
    }

    private IActorRef Watch(IActorRef subject, object? message)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Equals(Self))
            return subject;
        _watching ??= [];
        if (_watching.TryGetValue(subject, out var earlier))
        {
            if (!Equals(earlier, message))
            {
                throw new InvalidOperationException(
                    $"Watch({Self}, {subject}) termination message was not overwritten from [{earlier ?? "Terminated"}] to [{message ?? "Terminated"}]. "
                    + $"If this was intended, unwatch first before using Watch or WatchWith with another message.");
            }
            return subject;
        }
        _watching[subject] = message;
        subject.AsInternal().SendSystemMessage(new Watch(subject.AsInternal(), Self));
        return subject;
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(terminated.ActorRef, out var custom))
            return;
        if (custom is not null)
            _message = custom;
        ReceiveMessage(custom ?? terminated);
    }

    /// <summary>Someone this actor watches, or a child, has stopped.</summary>
    private void HandleDeath(DeathWatchNotification notification)
    {
        var actor = notification.Actor;
        if (_watching is not null && _watching.Remove(actor, out var custom) && !IsTerminating)
        {
            (_terminatedQueued ??= [])[actor] = custom;
            Self.Tell(new Terminated(actor, notification.ExistenceConfirmed, addressTerminated: false), actor);
        }
        if (_children?.Find(actor) is not null)
            HandleChildTerminated(actor);
    }

    private void AddWatcher(Watch watch)
    {
        if (watch.Watchee.Equals(Self) && !watch.Watcher.Equals(Self))
            (_watchedBy ??= []).Add(watch.Watcher);
    }

    private void RemoveWatcher(Unwatch unwatch) => _watchedBy?.Remove(unwatch.Watcher);

    private void TellWatchersOfDeath()
    {
        if (_watchedBy is null)
            return;
        foreach (var watcher in _watchedBy)
        {
            // The parent has been told already.
            if (!watcher.Equals(Parent))
                watcher.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        }
        _watchedBy = null;
    }

    private void UnwatchAll()
    {
        if (_watching is not null)
        {
            foreach (var subject in _watching.Keys)
                subject.AsInternal().SendSystemMessage(new Unwatch(subject.AsInternal(), Self));
        }
        _watching = null;
        _terminatedQueued = null;
    }
}
