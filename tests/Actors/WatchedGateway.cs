using System.Collections.Concurrent;
using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

/// <summary>Passes everything on and notes each order that is sent.</summary>
public sealed class WatchedGateway(IVenueGateway inner, ConnectorId connector, ConcurrentQueue<OrderSent> sent) : IVenueGateway
{
    public VenueCapabilities Capabilities => inner.Capabilities;

    public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation) => inner.ConnectAsync(cancellation);

    public Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) => inner.GetInstrumentsAsync(cancellation);

    public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) => inner.ListOnDemandAsync(symbol, cancellation);

    public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation) => inner.ReadHoldingsAsync(cancellation);

    public Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
    {
        sent.Enqueue(new OrderSent(connector, order));
        return inner.SubmitAsync(order, cancellation);
    }

    public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation) => inner.FindAsync(order, cancellation);

    public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) => inner.CancelAsync(order, cancellation);

    public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation) => inner.StreamAsync(cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
