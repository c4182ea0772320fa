using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// What came while the actor recovered or stored an event, apart from the actor's own stash. The same message object may wait
/// more than once: senders do share instances.
/// </summary>
internal sealed class WaitingCommands(ActorCell cell)
{
    private Queue<Envelope> _envelopes = new();

    /// <summary>Keeps the current message.</summary>
    public void Keep() => _envelopes.Enqueue(cell.CurrentEnvelope);

    /// <summary>Puts messages before those that wait, in the given order.</summary>
    public void Prepend(IEnumerable<Envelope> envelopes) => _envelopes = new Queue<Envelope>(envelopes.Concat(_envelopes));

    /// <summary>Puts the oldest message before all others in the mailbox.</summary>
    public void ReturnOne()
    {
        if (_envelopes.TryDequeue(out var envelope)) cell.EnqueueFirst([envelope]);
    }

    /// <summary>Puts all messages, in their order, before all others in the mailbox.</summary>
    public void ReturnAll()
    {
        cell.EnqueueFirst([.. _envelopes]);
        _envelopes.Clear();
    }
}
