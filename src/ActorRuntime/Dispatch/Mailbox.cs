using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// The messages of one actor and the turns in which they are handled: at most one thread at a time, system messages
/// first, at most <see cref="Throughput"/> user messages a turn. Sending takes no lock.
/// </summary>
/// <remarks>
/// User messages are a linked queue of many producers and one consumer: a producer exchanges the tail and then links
/// itself; the consumer is whoever holds the <see cref="Scheduled"/> bit.
/// </remarks>
internal sealed class Mailbox : IThreadPoolWorkItem
{
    public const int Throughput = 30;

    private const int Scheduled = 1;
    private const int Suspended = 2;
    private const int Closed = 4;

    private static readonly SystemMessage ClosedQueue = new Create();

    private readonly ActorCell _cell;
    private readonly bool _inline;
    private readonly object _closeLock = new();
    private int _status;
    private Node _head = new();
    private Node _tail;
    private SystemMessage? _system;
    private Stack<Envelope>? _front;

    /// <param name="cell">The actor.</param>
    /// <param name="inline">Whether turns run on the sender's thread, as tests want it of their probes.</param>
    public Mailbox(ActorCell cell, bool inline)
    {
        _cell = cell;
        _inline = inline;
        _tail = _head;
    }

    public bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    // The tail, not the link: a producer's fence stands between its exchange of the tail and its look at the status,
    // while the link may still be on its way. Without that, a wake-up could be lost.
    private bool HasMessages => _front is { Count: > 0 } || !ReferenceEquals(Volatile.Read(ref _tail), Volatile.Read(ref _head));

    public void Enqueue(object message, IActorRef? sender)
    {
        var node = new Node { Envelope = new Envelope(message, sender) };
        var previous = Interlocked.Exchange(ref _tail, node);
        Volatile.Write(ref previous.Next, node);
        var status = Volatile.Read(ref _status);
        if (status == 0)
            TrySchedule();
        else if ((status & Closed) != 0)
            DrainToDeadLetters();
    }

    public void EnqueueSystem(SystemMessage message)
    {
        while (true)
        {
            var first = Volatile.Read(ref _system);
            if (ReferenceEquals(first, ClosedQueue))
            {
                _cell.System.HandleDeadSystemMessage(message);
                return;
            }
            message.Next = first;
            if (Interlocked.CompareExchange(ref _system, message, first) == first)
                break;
        }
        TrySchedule();
    }

    /// <summary>Puts envelopes before all waiting ones, in the given order. Inside the actor's turn only.</summary>
    public void EnqueueFirst(IReadOnlyList<Envelope> envelopes)
    {
        _front ??= new Stack<Envelope>();
        for (var i = envelopes.Count - 1; i >= 0; i--)
            _front.Push(envelopes[i]);
    }

    /// <summary>Stops or resumes the handling of user messages. Inside the actor's turn only.</summary>
    public void SetSuspended(bool suspended)
    {
        if (suspended)
            Interlocked.Or(ref _status, Suspended);
        else
            Interlocked.And(ref _status, ~Suspended);
    }

    /// <summary>Takes no more messages; those that wait and those that come go to dead letters.</summary>
    public void Close()
    {
        Interlocked.Or(ref _status, Closed);
        var message = Reverse(Interlocked.Exchange(ref _system, ClosedQueue));
        while (message is not null)
        {
            var next = message.Next;
            message.Next = null;
            _cell.System.HandleDeadSystemMessage(message);
            message = next;
        }
        DrainToDeadLetters();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var previous = ActorCell.Current;
        ActorCell.Current = _cell;
        try
        {
            ProcessSystemMessages();
            for (var left = Throughput; left > 0 && (_status & (Suspended | Closed)) == 0 && TryDequeue(out var envelope); left--)
            {
                _cell.Invoke(in envelope);
                if (Volatile.Read(ref _system) is not null)
                    ProcessSystemMessages();
            }
        }
        finally
        {
            ActorCell.Current = previous;
            Interlocked.And(ref _status, ~Scheduled);
            if (HasWork())
                TrySchedule();
        }
    }

    private bool HasWork()
    {
        var status = Volatile.Read(ref _status);
        if ((status & Closed) != 0)
            return false;
        return Volatile.Read(ref _system) is not null || ((status & Suspended) == 0 && HasMessages);
    }

    private void TrySchedule()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & (Scheduled | Closed)) != 0)
                return;
            if (Interlocked.CompareExchange(ref _status, status | Scheduled, status) == status)
            {
                if (_inline)
                    ((IThreadPoolWorkItem)this).Execute();
                else
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    private void ProcessSystemMessages()
    {
        while (Volatile.Read(ref _system) is not null && !IsClosed)
        {
            var message = Reverse(Interlocked.Exchange(ref _system, null));
            while (message is not null)
            {
                var next = message.Next;
                message.Next = null;
                if (IsClosed)
                    _cell.System.HandleDeadSystemMessage(message);
                else
                    _cell.SystemInvoke(message);
                message = next;
            }
        }
    }

    private bool TryDequeue(out Envelope envelope)
    {
        if (_front is not null && _front.TryPop(out envelope))
            return true;
        var next = Volatile.Read(ref _head.Next);
        if (next is null)
        {
            if (ReferenceEquals(Volatile.Read(ref _tail), _head))
            {
                envelope = default;
                return false;
            }
            // A producer is between exchanging the tail and linking itself.
            var spin = default(SpinWait);
            while ((next = Volatile.Read(ref _head.Next)) is null)
                spin.SpinOnce();
        }
        envelope = next.Envelope;
        next.Envelope = default;
        // An old node must not keep the younger ones alive for the garbage collector.
        _head.Next = null;
        Volatile.Write(ref _head, next);
        return true;
    }

    private void DrainToDeadLetters()
    {
        // Only a closed mailbox gets here: a late sender and the actor's last turn must not drain at the same time.
        lock (_closeLock)
        {
            while (TryDequeue(out var envelope))
                _cell.System.SendToDeadLetters(envelope.Message, envelope.Sender, _cell.Self);
        }
    }

    private static SystemMessage? Reverse(SystemMessage? message)
    {
        SystemMessage? reversed = null;
        while (message is not null)
        {
            var next = message.Next;
            message.Next = reversed;
            reversed = message;
            message = next;
        }
        return reversed;
    }

    private sealed class Node
    {
        public Envelope Envelope;
        public Node? Next;
    }
}
