using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;
using CSMultiConnector.Venues.Paper;

namespace CSMultiConnector.Benchmarks.Footprint;

/// <summary>A venue that fills everything and remembers one figure a leg, so that what is measured is the host's memory and not a venue's.</summary>
internal sealed class StillVenue(string account, ImmutableArray<Instrument> instruments) : IVenueGateway
{
    private readonly Dictionary<InstrumentId, Contracts> _held = [];
    private readonly Lock _lock = new();

    public VenueCapabilities Capabilities { get; } = PaperCatalog.Futures.Capabilities;

    public static Instrument Instrument(SymbolFacts symbol) => new(
        new InstrumentId($"{symbol.BaseCurrency}USD"), PaperProduct.Futures.Kind(), new AssetName(symbol.BaseCurrency), new AssetName("USD"),
        1m, 0.01m, 0.01m, null, 0m, 0.01m, InstrumentStatus.Trading);

    public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation) =>
        Task.FromResult(VenueAnswer<VenueAccount>.Of(new VenueAccount(account, PositionMode.OneWay, [])));

    public Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) =>
        Task.FromResult(VenueAnswer<ImmutableArray<Instrument>>.Of(instruments));

    public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) =>
        Task.FromResult(VenueAnswer<Instrument>.Of(instruments.First(i => i.Id == Instrument(symbol).Id)));

    public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult(VenueAnswer<ImmutableArray<Holding>>.Of(
                [.. instruments.Where(i => _held.ContainsKey(i.Id)).Select(i => new Holding(i.HoldingName, PositionSide.Net, _held[i.Id], null, null))]));
        }
    }

    public Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation) =>
        Task.FromResult(VenueAnswer<ImmutableArray<OrderReport>>.Of([]));

    public Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var change = order.Side == OrderSide.Buy ? order.Quantity : -order.Quantity;
            _held[order.Instrument] = _held.GetValueOrDefault(order.Instrument) + change;
        }

        return Task.FromResult<SubmitOutcome>(new SubmitOutcome.Confirmed(new OrderReport(
            order.ClientOrderId, order.ClientOrderId.Value, order.Instrument, order.PositionSide, order.Side, order.Quantity, OrderStatus.Filled, order.Quantity,
            new Price(100.25m), default, [], TimeProvider.System.GetUtcNow())));
    }

    public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation) => Task.FromResult<LookupOutcome>(new LookupOutcome.NotFound());

    public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) => Task.FromResult<CancelOutcome>(new CancelOutcome.NothingToCancel());

    public async IAsyncEnumerable<VenueEvent> StreamAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        yield break;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
