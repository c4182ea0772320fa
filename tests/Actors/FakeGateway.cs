using System.Collections.Concurrent;
using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

/// <summary>A venue without any time of its own: fills every order at once. For tests under virtual time.</summary>
internal sealed class FakeGateway : IVenueGateway
{
    private static readonly Instrument s_instrument = new(
        new("BTCUSD"), ProductKind.Derivative, new("BTC"), new("USD"), 1m, 0.01m, 0.01m, null, 0m, 0.01m, InstrumentStatus.Trading);

    private readonly Lock _lock = new();
    private decimal _held;

    public bool Away { get; set; }

    /// <summary>What the venue tells by itself; null = it has no stream.</summary>
    public Func<CancellationToken, IAsyncEnumerable<VenueEvent>>? Events { get; set; }

    public int Connects;

    public ConcurrentQueue<OrderRequest> Sent { get; } = new();

    /// <summary>The instrument is listed when it is asked for.</summary>
    public bool ListsOnDemand { get; set; }

    /// <summary>The call that is never answered; null = every one is.</summary>
    public string? Hangs { get; set; }

    /// <summary>Calls that are not answered: their tokens.</summary>
    public ConcurrentQueue<CancellationToken> Hanging { get; } = new();

    public VenueCapabilities Capabilities => new(
        new VenueRules(ProductKind.Derivative, TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.Zero, true, true, true, true),
        [PositionMode.OneWay], ListsOnDemand, Streams: false, MaxConcurrentRequests: 4);

    public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref Connects);
        return AnswerAsync("connect", cancellation, () => Away
            ? VenueAnswer<VenueAccount>.Failed(FailureKind.Unavailable, "the venue is away")
            : VenueAnswer<VenueAccount>.Of(new VenueAccount("account", PositionMode.OneWay, [])));
    }

    public Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) =>
        AnswerAsync("list instruments", cancellation, () => VenueAnswer<ImmutableArray<Instrument>>.Of(ListsOnDemand ? [] : [s_instrument]));

    public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) =>
        AnswerAsync("list", cancellation, () => VenueAnswer<Instrument>.Of(s_instrument));

    public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation) => AnswerAsync("read the account", cancellation, () =>
    {
        lock (_lock) return VenueAnswer<ImmutableArray<Holding>>.Of(_held == 0m ? [] : [new Holding("BTCUSD", PositionSide.Net, new Contracts(_held))]);
    });

    public Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
    {
        Sent.Enqueue(order);
        lock (_lock) _held += order.Side == OrderSide.Buy ? order.Quantity.Value : -order.Quantity.Value;
        return Task.FromResult<SubmitOutcome>(new SubmitOutcome.Confirmed(new OrderReport(
            order.ClientOrderId, "v", order.Instrument, order.PositionSide, order.Side, order.Quantity, OrderStatus.Filled, order.Quantity, new Price(100m), Contracts.Zero, [], null)));
    }

    public Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation) =>
        AnswerAsync("read open orders", cancellation, () => VenueAnswer<ImmutableArray<OrderReport>>.Of([]));

    public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation) => Task.FromResult<LookupOutcome>(new LookupOutcome.NotFound());

    public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) => Task.FromResult<CancelOutcome>(new CancelOutcome.NothingToCancel());

    public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation) => Events is { } events ? events(cancellation) : throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> AnswerAsync<T>(string call, CancellationToken cancellation, Func<T> answer)
    {
        if (Hangs != call) return Task.FromResult(answer());
        Hanging.Enqueue(cancellation);
        return new TaskCompletionSource<T>().Task;
    }
}
