using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

/// <summary>One account of two instruments of the same asset. Fills at once, answers not always, and says when more is held than anybody ever asked for.</summary>
internal sealed class StormVenue(int seed)
{
    private static readonly ImmutableArray<Instrument> s_instruments = [Listed("BTCUSD"), Listed("BTCPERP")];

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, decimal> _held = s_instruments.ToDictionary(i => i.Id.Value, _ => 0m);
    private readonly Dictionary<ClientOrderId, OrderReport?> _orders = [];
    private readonly List<string> _log = [];

    /// <summary>Every order fills and is answered.</summary>
    public bool Calm { get; set; }

    public bool Away { get; set; }

    /// <summary>The most that MT5 has asked for so far.</summary>
    public decimal Most { get; set; }

    /// <summary>The first rule that was broken; null when none was.</summary>
    public string? Broken { get; private set; }

    public decimal Held(string instrument)
    {
        lock (_lock) return _held[instrument];
    }

    public decimal Total
    {
        get
        {
            lock (_lock) return _held.Values.Sum();
        }
    }

    public void Note(string line)
    {
        lock (_lock) _log.Add(line);
    }

    public string Log
    {
        get
        {
            lock (_lock) return string.Join('\n', _log);
        }
    }

    public IVenueGateway For(ConnectorSettings settings) => new Gateway(this, settings.Id);

    private static Instrument Listed(string id) =>
        new(new(id), ProductKind.Derivative, new("BTC"), new(id == "BTCUSD" ? "USD" : "PERP"), 1m, 0.1m, 0.1m, null, 0m, 0.01m, InstrumentStatus.Trading);

    private SubmitOutcome Submit(ConnectorId connector, OrderRequest order)
    {
        lock (_lock)
        {
            var fate = Calm ? 0 : _random.Next(20);
            var (placed, answered) = (fate != 17, fate < 16);
            if (!_orders.TryAdd(order.ClientOrderId, null)) Broken ??= $"{order.ClientOrderId} is sent twice";
            _log.Add($"  {connector} {order.Side} {order.Quantity} {order.Instrument} {order.ClientOrderId}{(placed ? "" : " is lost")}{(answered ? "" : ", no answer")}");
            if (fate == 18) return new SubmitOutcome.Rejected(new Rejection(RejectionClass.Transient, "-1", "busy"));
            if (placed) Fill(order);
            return answered ? new SubmitOutcome.Confirmed(_orders[order.ClientOrderId]!) : new SubmitOutcome.Unknown("no answer");
        }
    }

    private void Fill(OrderRequest order)
    {
        var held = _held[order.Instrument.Value] += order.Side == OrderSide.Buy ? order.Quantity.Value : -order.Quantity.Value;
        var total = _held.Values.Sum();
        if (held < 0m) Broken ??= $"{order.ClientOrderId} makes {held} of {order.Instrument}, and nobody ever was short";
        if (total > Most) Broken ??= $"{order.ClientOrderId} makes {total} held, and {Most} is the most that was ever asked for";
        _orders[order.ClientOrderId] = new OrderReport(
            order.ClientOrderId, "v" + _orders.Count, order.Instrument, order.PositionSide, order.Side, order.Quantity, OrderStatus.Filled, order.Quantity, new Price(100m), Contracts.Zero, [], null);
    }

    private sealed class Gateway(StormVenue venue, ConnectorId connector) : IVenueGateway
    {
        public VenueCapabilities Capabilities => new(
            new VenueRules(ProductKind.Derivative, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), TimeSpan.FromSeconds(1), true, true, true, true),
            [PositionMode.OneWay], ListsOnDemand: false, Streams: false, MaxConcurrentRequests: 4);

        public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation) => Answer(new VenueAccount("account", PositionMode.OneWay, []));

        public Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) => Answer(s_instruments);

        public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation)
        {
            lock (venue._lock)
                return Answer<ImmutableArray<Holding>>([.. venue._held.Where(h => h.Value != 0m).Select(h => new Holding(h.Key, PositionSide.Net, new Contracts(h.Value)))]);
        }

        public Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation) => Answer(ImmutableArray<OrderReport>.Empty);

        public Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation) => Task.FromResult(venue.Submit(connector, order));

        public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation)
        {
            lock (venue._lock)
            {
                return Task.FromResult<LookupOutcome>(
                    venue.Away ? new LookupOutcome.Incomplete("away")
                    : venue._orders.GetValueOrDefault(order.ClientOrderId) is { } report ? new LookupOutcome.Found(report)
                    : new LookupOutcome.NotFound());
            }
        }

        public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) => Task.FromResult<CancelOutcome>(new CancelOutcome.NothingToCancel());

        public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Task<VenueAnswer<T>> Answer<T>(T value) =>
            Task.FromResult(venue.Away ? VenueAnswer<T>.Failed(FailureKind.Unavailable, "away") : VenueAnswer<T>.Of(value));
    }
}
