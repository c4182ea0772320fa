using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Composition;

/// <summary>
/// Stands in for the venue of a connector whose key could not be had: every call says why and reaches nobody, so that the connector
/// is shown as faulted with the reason. Of orders it knows nothing: none is called gone.
/// </summary>
internal sealed class KeylessGateway(VenueCapabilities capabilities, string why) : IVenueGateway
{
    private const string Code = "no-key";

    public VenueCapabilities Capabilities => capabilities;

    public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation) => NoneAsync<VenueAccount>();

    public Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) => NoneAsync<ImmutableArray<Instrument>>();

    public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) => NoneAsync<Instrument>();

    public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation) => NoneAsync<ImmutableArray<Holding>>();

    public Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation) => NoneAsync<ImmutableArray<OrderReport>>();

    public Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation) =>
        Task.FromResult<SubmitOutcome>(new SubmitOutcome.DeniedLocally(new Rejection(RejectionClass.Account, Code, why)));

    public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation) => Task.FromResult<LookupOutcome>(new LookupOutcome.Incomplete(why));

    public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) => Task.FromResult<CancelOutcome>(new CancelOutcome.Unknown(why));

    public async IAsyncEnumerable<VenueEvent> StreamAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<VenueAnswer<T>> NoneAsync<T>() => Task.FromResult(VenueAnswer<T>.Failed(FailureKind.Account, why));
}
