using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Events in memory, as objects, for as long as the actor system lives.</summary>
internal sealed class InMemoryJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);

    public void Write(JournalWrite write)
    {
        Exception? failure = null;
        lock (_gate)
        {
            var stream = StreamOf(write.PersistenceId);
            var events = write.Items.OfType<AtomicWrite>().SelectMany(a => a.Events).ToList();
            if (events.Any(e => stream.Events.ContainsKey(e.SequenceNr)))
            {
                failure = new InvalidOperationException(
                    $"'{write.PersistenceId}' already has an event with one of the sequence numbers that were written: a second actor writes under the same id.");
            }
            else
            {
                foreach (var e in events)
                {
                    stream.Events.Add(e.SequenceNr, e.Payload);
                    stream.Highest = Math.Max(stream.Highest, e.SequenceNr);
                }
            }
        }

        if (failure is null) JournalReplies.Stored(write, rejections: null);
        else JournalReplies.Failed(write, failure);
    }

    public void Replay(ReplayRequest request)
    {
        List<StoredEvent> page;
        long highest;
        lock (_gate)
        {
            var stream = StreamOf(request.PersistenceId);
            highest = stream.Highest;
            page = [];
            for (var n = Math.Max(request.From, stream.FirstKept); n <= Math.Min(request.To, highest) && page.Count < request.Max; n++)
                if (stream.Events.TryGetValue(n, out var payload)) page.Add(new HeldEvent(n, payload));
        }

        request.Actor.Tell(new ReplayedPage(page, highest, request.ActorInstanceId), ActorRefs.NoSender);
    }

    public void Delete(string persistenceId, long toSequenceNr, IActorRef actor)
    {
        lock (_gate)
        {
            var stream = StreamOf(persistenceId);
            for (; stream.FirstKept <= Math.Min(toSequenceNr, stream.Highest); stream.FirstKept++) stream.Events.Remove(stream.FirstKept);
        }

        actor.Tell(new DeleteMessagesSuccess(toSequenceNr), ActorRefs.NoSender);
    }

    private Stream StreamOf(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream)) _streams.Add(persistenceId, stream = new Stream());
        return stream;
    }

    private sealed class Stream
    {
        public Dictionary<long, object> Events { get; } = [];

        public long FirstKept { get; set; } = 1;

        public long Highest { get; set; }
    }

    private sealed class HeldEvent(long sequenceNr, object payload) : StoredEvent(sequenceNr)
    {
        public override object ReadPayload() => payload;
    }
}
