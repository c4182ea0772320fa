using System.Threading.Channels;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance.UsdM;

/// <summary>
/// What the venue closed by itself (liquidation, auto-deleveraging) while nobody listened: read whenever a line opens after an earlier one, back to the last
/// moment that the stream is known to have told everything. An order is told once, whether it was heard or found. One a gateway; it works while a stream runs.
/// </summary>
/// <param name="line">Requests.</param>
/// <param name="visibilityDelay">How long the venue's lists may lack what is new.</param>
/// <param name="time">The clock.</param>
/// <param name="note">Hears of readings that fail; they are tried again.</param>
internal sealed class UsdmForcedOrders(BinanceLine line, TimeSpan visibilityDelay, TimeProvider time, Action<string> note)
{
    /// <summary>The most orders of one answer.</summary>
    private const int Page = 100;

    /// <summary>About an hour: by then a sync has long traded what was drift.</summary>
    private const int MostTries = 60;

    private const int Remembered = 256;

    // The venue tells of at most seven days, and an event is dated a little before it is sent.
    private static readonly TimeSpan s_memory = TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_overlap = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<(string Symbol, long Order)> _told = [];
    private readonly Queue<(string Symbol, long Order)> _age = new();

    // The moments since when something may have been missed. When many wait, the oldest covers the rest.
    private readonly Channel<long> _gaps = Channel.CreateBounded<long>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropWrite });

    private long? _began;
    private long _heard;

    /// <summary>A line tells from now on.</summary>
    internal void Opened()
    {
        lock (_lock)
        {
            if (_began is { } began) _gaps.Writer.TryWrite(Math.Max(began, _heard - (long)s_overlap.TotalMilliseconds));
            else _began = _heard = line.Clock.Milliseconds;
        }
    }

    /// <summary>The stream told something of this moment, venue time: it missed nothing before.</summary>
    internal void Heard(long at)
    {
        lock (_lock) _heard = Math.Max(_heard, Math.Min(at, line.Clock.Milliseconds));
    }

    /// <summary>Tells that an order of the venue's own took of a leg, unless it was told before; false then.</summary>
    internal async ValueTask<bool> TellAsync(string symbol, long order, VenueEvent.TakenByVenue taken, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        lock (_lock)
            if (_told.Contains((symbol, order))) return false;
        await to.WriteAsync(taken, cancellation);
        lock (_lock)
        {
            if (!_told.Add((symbol, order))) return true;
            _age.Enqueue((symbol, order));
            if (_age.Count > Remembered) _told.Remove(_age.Dequeue());
        }

        return true;
    }

    /// <summary>Tells what was missed.</summary>
    internal async Task TellAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        await foreach (var since in _gaps.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                // Twice: what is new may not be in the venue's list at once.
                await ReadAsync(since, to, cancellation);
                await Task.Delay(visibilityDelay, time, cancellation);
                await ReadAsync(since, to, cancellation);
            }
            catch (OperationCanceledException)
            {
                // The next stream goes on.
                _gaps.Writer.TryWrite(since);
                throw;
            }
        }
    }

    private async Task ReadAsync(long since, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        var pause = s_firstRetry;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var from = Math.Max(since, line.Clock.Milliseconds - (long)s_memory.TotalMilliseconds);
            var reply = await line.AskAsync(UsdmProduct.ForcedOrders, form => form.Add("startTime"u8, from).Add("limit"u8, Page), cancellation);
            if (reply.Read(BinanceJson.Default.UsdmForcedOrderWireArray) is { } orders && orders.All(o => UsdmWords.Side(o.PositionSide) is not null))
            {
                await TellAsync(orders, to, cancellation);
                return;
            }

            note($"what the venue closed by itself while nobody listened could not be read yet: {reply.Why}");
            await Task.Delay(pause > reply.RetryAfter.GetValueOrDefault() ? pause : reply.RetryAfter!.Value, time, cancellation);
            pause = pause * 2 < s_longestRetry ? pause * 2 : s_longestRetry;
        }

        note("what the venue closed by itself while nobody listened stays unknown: it counts as drift");
    }

    private async Task TellAsync(UsdmForcedOrderWire[] orders, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        if (orders.Length >= Page) note($"the venue closed positions by {Page} orders or more while nobody listened; only so many are told");
        foreach (var order in orders.Where(o => o.ExecutedQty > 0m))
        {
            var leg = new LegId(order.Symbol, UsdmWords.Side(order.PositionSide)!.Value);
            var taken = new VenueEvent.TakenByVenue(leg, $"the venue closed {AmountText.Of(order.ExecutedQty)} of {leg} itself while nobody listened (order {order.ClientOrderId})");
            await TellAsync(order.Symbol, order.OrderId, taken, to, cancellation);
        }
    }
}
