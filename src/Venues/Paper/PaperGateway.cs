using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper.Streams;

namespace CSMultiConnector.Venues.Paper;

/// <summary>One account of a simulated venue in the same process. Disposing it leaves the venue running.</summary>
public sealed class PaperGateway : IVenueGateway
{
    private readonly PaperExchange _exchange;
    private readonly PaperAccountKey _account;
    private readonly PaperAccountOptions _wanted;
    private readonly TimeSpan _timeout;
    private readonly IAccountLease _lease;

    /// <param name="exchange">The venue.</param>
    /// <param name="account">The account; made when connecting.</param>
    /// <param name="wanted">How the account is to be kept.</param>
    /// <param name="capabilities">What it is said to be able to do; null = the product's own.</param>
    /// <param name="timeout">An answer that takes longer is none; default 10 s.</param>
    /// <param name="lease">The right to trade; null = nobody can take it.</param>
    public PaperGateway(
        PaperExchange exchange, PaperAccountKey account, PaperAccountOptions wanted, VenueCapabilities? capabilities = null, TimeSpan? timeout = null, IAccountLease? lease = null)
    {
        (_exchange, _account, _wanted) = (exchange, account, wanted);
        _timeout = timeout ?? TimeSpan.FromSeconds(10);
        _lease = lease ?? UnlimitedLease.Instance;
        Capabilities = capabilities ?? (account.Product == PaperProduct.Spot ? PaperCatalog.Spot : PaperCatalog.Futures).Capabilities;
    }

    /// <inheritdoc/>
    public VenueCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation) => InTime(_exchange.OpenAccountAsync(_account, _wanted, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) =>
        InTime(_exchange.InstrumentsAsync(_account.Product, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) =>
        InTime(_exchange.ListAsync(_account.Product, symbol, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation) => InTime(_exchange.HoldingsAsync(_account, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation) => InTime(_exchange.OpenOrdersAsync(_account, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var check = new SendCheck(order, _exchange.Time, _lease);
        if (check.Refusal() is { } refusal) return refusal;
        return await InTime(_exchange.SubmitAsync(_account, check.Order, cancellation), why => new SubmitOutcome.Unknown(why), cancellation);
    }

    /// <inheritdoc/>
    public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation) =>
        InTime(_exchange.FindAsync(_account, order.ClientOrderId, cancellation), why => new LookupOutcome.Incomplete(why), cancellation);

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) =>
        InTime(_exchange.CancelAsync(_account, order.ClientOrderId, cancellation), why => new CancelOutcome.Unknown(why), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation)
    {
        // Subscribed here, not at the first read: nothing that happens from the call on is missed.
        return ReadAsync(_exchange.Subscribe(_account), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async IAsyncEnumerable<VenueEvent> ReadAsync(PaperSubscription reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            await foreach (var what in reader.ReadAsync(cancellation))
            {
                if (what is not null) yield return what;
            }
        }
        finally
        {
            _exchange.Unsubscribe(_account, reader);
        }
    }

    private Task<VenueAnswer<T>> InTime<T>(Task<VenueAnswer<T>> call, CancellationToken cancellation) =>
        InTime(call, why => VenueAnswer<T>.Failed(FailureKind.Unavailable, why), cancellation);

    private async Task<T> InTime<T>(Task<T> call, Func<string, T> none, CancellationToken cancellation)
    {
        try
        {
            return await call.WaitAsync(_timeout, _exchange.Time, cancellation);
        }
        catch (TimeoutException)
        {
            return none($"{_account}: no answer of the paper venue within {_timeout.TotalSeconds:0.###} s.");
        }
    }
}
