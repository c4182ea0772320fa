using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CSMultiConnector.Venues.Paper.Streams;

/// <summary>One reader of an account's events. It never slows the venue down: what does not fit ends in one <see cref="VenueEvent.Gap"/>.</summary>
internal sealed class PaperSubscription(int capacity)
{
    private readonly Channel<VenueEvent?> _events = Channel.CreateBounded<VenueEvent?>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private VenueEvent? _heldBack;
    private volatile bool _overflown;

    /// <summary>Hands over one event; called by one writer at a time.</summary>
    internal void Write(VenueEvent what)
    {
        Enqueue(what);
        if (Interlocked.Exchange(ref _heldBack, null) is { } held) Enqueue(held);
    }

    /// <summary>Hands it over after the next one.</summary>
    internal void HoldBack(VenueEvent what)
    {
        if (Interlocked.Exchange(ref _heldBack, what) is { } held) Enqueue(held);
    }

    /// <summary>Wakes the reader with nothing, so that a dead line shows.</summary>
    internal void Beat() => _events.Writer.TryWrite(null);

    /// <summary>The stream ends after what was handed over.</summary>
    internal void End() => _events.Writer.TryComplete();

    /// <summary>The events in order; null is a beat. Ends without an exception when cancelled or ended.</summary>
    internal async IAsyncEnumerable<VenueEvent?> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await MoreAsync(cancellation))
        {
            while (!cancellation.IsCancellationRequested && _events.Reader.TryRead(out var what))
            {
                yield return what;
                if (!_overflown || _events.Reader.Count > 0) continue;

                // The flag falls before the gap is told: what comes from now on is in the channel.
                _overflown = false;
                yield return new VenueEvent.Gap("Events were lost because they were not read in time: read holdings and open orders anew.");
            }
        }
    }

    private async ValueTask<bool> MoreAsync(CancellationToken cancellation)
    {
        try
        {
            return await _events.Reader.WaitToReadAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Enqueue(VenueEvent what)
    {
        if (_overflown || !_events.Writer.TryWrite(what)) _overflown = true;
    }
}
