using Akka.Actor;

namespace Akka.Persistence
{
    /// <summary>
    /// What came while the actor recovered or stored an event, apart from the actor's own stash. The same message object may wait
    /// more than once: senders do share instances.
    /// </summary>
    internal sealed class WaitingCommands(ActorCell cell)
    {
        private readonly Queue<Envelope> _envelopes = new();

        /// <summary>Keeps the current message.</summary>
        public void Keep() => _envelopes.Enqueue(cell.CurrentEnvelope);

        /// <summary>Puts the oldest message before all others in the mailbox.</summary>
        public void ReturnOne()
        {
            if (_envelopes.TryDequeue(out var envelope)) Return([envelope]);
        }

        /// <summary>Puts all messages, in their order, before all others in the mailbox.</summary>
        public void ReturnAll()
        {
            Return([.. _envelopes]);
            _envelopes.Clear();
        }

        private void Return(Envelope[] envelopes)
        {
            foreach (var envelope in envelopes)
                if (envelope.Message is Terminated terminated) cell.ExpectAgain(terminated);
            if (envelopes.Length > 0) cell.EnqueueFirst(envelopes);
        }
    }
}

namespace Akka.Actor
{
    /// <summary>What persistence needs of a cell.</summary>
    internal sealed partial class ActorCell
    {
        /// <summary>Lets the notice of an end, which a cell takes once, through a second time.</summary>
        internal void ExpectAgain(Terminated terminated) => (_terminatedQueued ??= [])[terminated.ActorRef] = null;
    }
}
