using System.Collections.Concurrent;
using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Demo;

/// <summary>
/// Measures how long it takes from a deal in the terminal until an order that follows it reaches a venue. For each order the newest deal
/// behind it counts; what was waited for an older order, or needed no order, is no latency of this path.
/// </summary>
internal sealed class LatencyMeter(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, long> _dealt = new();
    private readonly ConcurrentDictionary<ClientOrderId, long> _arrived = new();

    /// <summary>A deal is about to happen.</summary>
    public void Dealt(long ticket) => _dealt[ticket] = time.GetTimestamp();

    /// <summary>Stands in front of a gateway.</summary>
    public IVenueGateway Watch(IVenueGateway gateway) => new WatchedGateway(gateway, this);

    /// <summary>The times, given which order had which newest deal behind it.</summary>
    public LatencyDto Evaluate(IEnumerable<(ClientOrderId Order, long NewestDeal)> orders)
    {
        var times = orders
            .Where(o => _dealt.ContainsKey(o.NewestDeal) && _arrived.ContainsKey(o.Order))
            .Select(o => time.GetElapsedTime(_dealt[o.NewestDeal], _arrived[o.Order]).TotalMilliseconds)
            .Order()
            .ToArray();
        return times.Length == 0 ? new LatencyDto(0, 0, 0, 0) : new LatencyDto(Percentile(times, 0.5), Percentile(times, 0.99), Round(times[^1]), times.Length);
    }

    private static double Percentile(double[] sorted, double part) => Round(sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)]);

    private static double Round(double milliseconds) => Math.Round(milliseconds, 3);

    private void Arrived(ClientOrderId order) => _arrived.TryAdd(order, time.GetTimestamp());

    private sealed class WatchedGateway(IVenueGateway inner, LatencyMeter meter) : IVenueGateway
    {
        public VenueCapabilities Capabilities => inner.Capabilities;

        public Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
        {
            meter.Arrived(order.ClientOrderId);
            return inner.SubmitAsync(order, cancellation);
        }

        public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation) => inner.ConnectAsync(cancellation);

        public Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) => inner.GetInstrumentsAsync(cancellation);

        public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) => inner.ListOnDemandAsync(symbol, cancellation);

        public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation) => inner.ReadHoldingsAsync(cancellation);

        public Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation) => inner.ReadOpenOrdersAsync(cancellation);

        public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation) => inner.FindAsync(order, cancellation);

        public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) => inner.CancelAsync(order, cancellation);

        public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation) => inner.StreamAsync(cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
