using System.Threading.Channels;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance.UsdM;

/// <summary>
/// Orders that were told before their trades were known. Nobody waits for what they cost: it is told again with price and fees as soon as those are known,
/// mostly from the stream; what the stream missed is read. One a gateway; it works while a stream runs.
/// </summary>
/// <param name="fills">The trades.</param>
/// <param name="readTrades">Puts the trades of an order there; false when they could not be read.</param>
/// <param name="time">The clock.</param>
/// <param name="note">Hears of orders whose costs stay unknown.</param>
internal sealed class UsdmCosts(FillBook fills, Func<VenueOrder, CancellationToken, Task<bool>> readTrades, TimeProvider time, Action<string> note)
{
    private const int Capacity = 64;
    private const int MostTries = 10;

    // Longer than the stream needs, shorter than anybody waits who looks at the history.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly Channel<Missing> _missing = Channel.CreateBounded<Missing>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest }, dropped => Leave(dropped.Order, note));

    /// <summary>An order was told without what it cost.</summary>
    internal void Miss(VenueOrder order) => _missing.Writer.TryWrite(new Missing(order, 0, time.GetTimestamp()));

    /// <summary>Tells what is missing, as it becomes known.</summary>
    internal async Task TellAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        await foreach (var missing in _missing.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                await TellAsync(missing, to, cancellation);
            }
            catch (OperationCanceledException)
            {
                // The next stream goes on.
                _missing.Writer.TryWrite(missing);
                throw;
            }
        }
    }

    private async Task TellAsync(Missing missing, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        var wait = s_pause - time.GetElapsedTime(missing.Since);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
        var report = Complete(missing.Order, out var complete);
        if (!complete && await readTrades(missing.Order, cancellation)) report = Complete(missing.Order, out complete);
        if (complete) await to.WriteAsync(new VenueEvent.OrderChanged(report), cancellation);
        else if (missing.Tries + 1 < MostTries) _missing.Writer.TryWrite(missing with { Tries = missing.Tries + 1, Since = time.GetTimestamp() });
        else Leave(missing.Order, note);
    }

    private Domain.Orders.OrderReport Complete(VenueOrder order, out bool complete) => fills.Complete(order.Report, order.Number, null, out complete);

    private static void Leave(VenueOrder order, Action<string> note) => note($"price and fees of order {order.Report.ClientOrderId} stay unknown: its trades could not be read");

    private readonly record struct Missing(VenueOrder Order, int Tries, long Since);
}
