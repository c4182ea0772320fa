using CSMultiConnector.Venues.Paper.Misbehaviour;

namespace CSMultiConnector.Venues.Paper.Streams;

/// <summary>The readers of all accounts' events. Safe for concurrent use.</summary>
internal sealed class PaperStreams(PaperExchangeOptions options, PaperMisbehaviour misbehaviour)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PaperAccountKey, List<PaperSubscription>> _readers = [];
    private bool _ended;

    internal PaperSubscription Subscribe(PaperAccountKey account)
    {
        var reader = new PaperSubscription(options.StreamBuffer);
        lock (_lock)
        {
            if (_ended)
            {
                reader.End();
                return reader;
            }

            if (!_readers.TryGetValue(account, out var readers)) _readers[account] = readers = [];
            readers.Add(reader);
            if (readers.Count > options.StreamsPerAccount) End(readers, 0);
        }

        return reader;
    }

    internal void Remove(PaperAccountKey account, PaperSubscription reader)
    {
        lock (_lock)
        {
            if (_readers.TryGetValue(account, out var readers) && readers.Remove(reader) && readers.Count == 0) _readers.Remove(account);
        }
    }

    internal void Publish(PaperAccountKey account, VenueEvent what)
    {
        lock (_lock)
        {
            if (!_readers.TryGetValue(account, out var readers)) return;
            var drawn = misbehaviour.Draw(PaperPoint.StreamEvent, account, null);
            if (drawn.Has(PaperEffect.Disconnect)) EndAll(account);
            else if (!drawn.Has(PaperEffect.Drop)) readers.ForEach(r => Hand(r, what, drawn.Has(PaperEffect.Duplicate), drawn.Has(PaperEffect.Reorder)));
        }
    }

    /// <summary>Ends the streams of one account.</summary>
    internal void EndAll(PaperAccountKey account)
    {
        lock (_lock)
        {
            if (!_readers.Remove(account, out var readers)) return;
            readers.ForEach(r => r.End());
        }
    }

    /// <summary>Ends all streams for good.</summary>
    internal void EndAll()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var account in _readers.Keys.ToArray()) EndAll(account);
        }
    }

    private static void Hand(PaperSubscription reader, VenueEvent what, bool twice, bool later)
    {
        if (later)
        {
            reader.HoldBack(what);
            return;
        }

        reader.Write(what);
        if (twice) reader.Write(what);
    }

    private static void End(List<PaperSubscription> readers, int index)
    {
        readers[index].End();
        readers.RemoveAt(index);
    }
}
