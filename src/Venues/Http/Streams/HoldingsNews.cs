using System.Threading.Channels;

namespace CSMultiConnector.Venues.Http.Streams;

/// <summary>
/// Tells that holdings changed: at once, then at most once a pause, so that a busy stranger on the account does not use up the venue's limits in readings.
/// The last change is always told.
/// </summary>
internal sealed class HoldingsNews(ChannelWriter<VenueEvent> to, TimeProvider time, TimeSpan pause) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private string? _next;

    internal void Tell(string why)
    {
        lock (_lock)
        {
            if (_timer is not null)
            {
                _next = why;
                return;
            }

            _timer = time.CreateTimer(_ => Again(), null, pause, Timeout.InfiniteTimeSpan);
        }

        Write(why);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _next = null;
        }
    }

    private void Again()
    {
        string why;
        lock (_lock)
        {
            if (_next is null)
            {
                _timer?.Dispose();
                _timer = null;
                return;
            }

            (why, _next) = (_next, null);
            _timer?.Change(pause, Timeout.InfiniteTimeSpan);
        }

        Write(why);
    }

    // When the queue is full a reading follows anyway, later: try until there is room.
    private void Write(string why)
    {
        if (to.TryWrite(new VenueEvent.HoldingsChanged(why))) return;
        lock (_lock) _next ??= why;
    }
}
