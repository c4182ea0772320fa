namespace Akka.Actor;

/// <summary>Keeps messages for later, in the order in which they came.</summary>
public interface IStash
{
    /// <summary>Puts the current message aside.</summary>
    /// <exception cref="IllegalActorStateException">The current message was put aside already.</exception>
    void Stash();

    /// <summary>Puts the oldest message back, before all that wait in the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all messages back, in their order, before all that wait in the mailbox.</summary>
    void UnstashAll();

    /// <summary>Puts those messages back that the predicate accepts; drops the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Takes all messages out.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Adds messages before those that are here.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);

    /// <summary>How many messages are here.</summary>
    int Count { get; }

    /// <summary>Whether nothing is here.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether something is here.</summary>
    bool NonEmpty { get; }

    /// <summary>How many messages fit; -1 for any number.</summary>
    int Capacity { get; }

    /// <summary>Whether no more messages fit.</summary>
    bool IsFull { get; }
}

/// <summary>An actor with a stash; the system sets it before the first message.</summary>
public interface IActorStash
{
    /// <summary>The stash.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash, whatever its mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash;

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IWithUnrestrictedStash;

/// <summary>An actor with a stash without a limit.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash;

/// <summary>Makes stashes besides the one that the system sets.</summary>
public static class StashFactory
{
    /// <summary>Makes a stash for the actor of this context.</summary>
    public static IStash CreateStash<T>(this IActorContext context)
        where T : ActorBase => context.CreateStash(typeof(T));

    /// <summary>Makes a stash for the actor of this context.</summary>
    public static IStash CreateStash(this IActorContext context, IActorStash actorInstance) => context.CreateStash(actorInstance.GetType());

    /// <summary>Makes a stash for the actor of this context.</summary>
    public static IStash CreateStash(this IActorContext context, Type actorType) => context is ActorCell cell
        ? new Stash(cell)
        : throw new ArgumentException($"No stash for {actorType}: the context was not made by this actor system.", nameof(context));
}

/// <summary>The stash of one incarnation.</summary>
internal sealed class Stash(ActorCell cell) : IStash
{
    private LinkedList<Envelope> _envelopes = new();
    private long _stashedDelivery;

    public int Count => _envelopes.Count;

    public bool IsEmpty => _envelopes.Count == 0;

    public bool NonEmpty => _envelopes.Count > 0;

    public int Capacity => -1;

    public bool IsFull => false;

    void IStash.Stash()
    {
        var current = cell.CurrentEnvelope;
        if (_stashedDelivery == cell.CurrentDelivery)
            throw new IllegalActorStateException($"Can't stash the same message {current.Message} more than once");
        _stashedDelivery = cell.CurrentDelivery;
        _envelopes.AddLast(current);
    }

    public void Unstash()
    {
        if (_envelopes.First is not { } first)
            return;
        _envelopes.RemoveFirst();
        cell.EnqueueFirst([first.Value]);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_envelopes.Count > 0)
            cell.EnqueueFirst(ClearStash().Where(predicate).ToArray());
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var envelopes = _envelopes;
        _envelopes = new LinkedList<Envelope>();
        return envelopes;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse())
            _envelopes.AddFirst(envelope);
    }
}
