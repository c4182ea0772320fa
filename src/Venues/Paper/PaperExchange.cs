using System.Collections.Immutable;
using System.Security.Cryptography;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper.Matching;
using CSMultiConnector.Venues.Paper.Misbehaviour;
using CSMultiConnector.Venues.Paper.Storage;
using CSMultiConnector.Venues.Paper.Streams;

namespace CSMultiConnector.Venues.Paper;

/// <summary>
/// A simulated venue with any number of accounts: spot and futures, filled at fed prices. What it answered is stored before it answers.
/// Safe for concurrent use; made once a data file.
/// </summary>
public sealed class PaperExchange : IAsyncDisposable
{
    private readonly PaperExchangeOptions _options;
    private readonly PaperLoop _loop;
    private readonly PaperStreams _streams;

    private PaperExchange(PaperExchangeOptions options, IPaperStore store)
    {
        _options = options;
        Misbehaviour = new PaperMisbehaviour(options.Seed);
        _streams = new PaperStreams(options, Misbehaviour);
        _loop = new PaperLoop(options, store, _streams);
    }

    /// <summary>The script by which it misbehaves; empty at first.</summary>
    public PaperMisbehaviour Misbehaviour { get; }

    /// <summary>The venue's clock.</summary>
    public TimeProvider Time => _options.Time;

    /// <summary>Opens the venue with what its file holds.</summary>
    /// <exception cref="PaperStorageException">The file cannot be opened or read.</exception>
    public static PaperExchange Open(PaperExchangeOptions options)
    {
        var id = options.ExchangeId ?? RandomNumberGenerator.GetHexString(8, lowercase: true);
        return Open(options, options.DataFile is { } file ? SqlitePaperStore.Open(file, id) : new MemoryPaperStore(id));
    }

    internal static PaperExchange Open(PaperExchangeOptions options, IPaperStore store)
    {
        try
        {
            return new PaperExchange(options, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens an account or sets what is named; an account also comes into being when it is first used.</summary>
    public async Task<VenueAnswer<VenueAccount>> OpenAccountAsync(PaperAccountKey account, PaperAccountOptions wanted, CancellationToken cancellation)
    {
        var drawn = Misbehaviour.Draw(PaperPoint.Connect, account, null);
        await WaitAsync(drawn, PaperEffect.DelayBefore, cancellation);
        if (drawn.Has(PaperEffect.Fail)) return VenueAnswer<VenueAccount>.Failed(FailureKind.Unavailable, $"{account}: the misbehaviour script keeps the account away; try again.");
        var answer = await AskAsync((book, _) => book.OpenAccount(account, wanted), cancellation);
        await WaitAsync(drawn, PaperEffect.DelayAfter, cancellation);
        return answer;
    }

    /// <summary>The instruments that are listed.</summary>
    public Task<VenueAnswer<ImmutableArray<Instrument>>> InstrumentsAsync(PaperProduct product, CancellationToken cancellation) =>
        AskAsync((book, _) => VenueAnswer<ImmutableArray<Instrument>>.Of([.. book.State.Instruments(product).OrderBy(i => i.Id)]), cancellation);

    /// <summary>Lists an instrument, or changes its facts or status.</summary>
    public Task<VenueAnswer<Instrument>> ListAsync(PaperProduct product, Instrument instrument, CancellationToken cancellation) =>
        AskAsync((book, _) => book.List(product, instrument), cancellation);

    /// <summary>Lists the instrument of an MT5 symbol, once.</summary>
    public Task<VenueAnswer<Instrument>> ListAsync(PaperProduct product, SymbolFacts symbol, CancellationToken cancellation) =>
        AskAsync((book, _) => book.ListOnDemand(product, symbol), cancellation);

    /// <summary>Feeds a price; false when it is out of range (above zero, at most 1,000,000,000,000).</summary>
    public async Task<VenueAnswer<Price>> SetPriceAsync(PaperProduct product, InstrumentId instrument, Price price, CancellationToken cancellation)
    {
        if (price.Value <= 0m || price.Value > OrderChecks.LargestAmount || instrument.Value is not { Length: >= 1 and <= 64 })
            return VenueAnswer<Price>.Failed(FailureKind.Invalid, $"{instrument}: a price must be above zero and at most {OrderChecks.LargestAmount}, for a symbol of 1 to 64 characters.");
        return await AskAsync(
            (book, _) =>
            {
                book.SetPrice(product, instrument, price.Value);
                return VenueAnswer<Price>.Of(price);
            },
            cancellation);
    }

    /// <summary>All that the account holds.</summary>
    public async Task<VenueAnswer<ImmutableArray<Holding>>> HoldingsAsync(PaperAccountKey account, CancellationToken cancellation)
    {
        var drawn = Misbehaviour.Draw(PaperPoint.ReadHoldings, account, null);
        await WaitAsync(drawn, PaperEffect.DelayBefore, cancellation);
        if (drawn.Has(PaperEffect.Fail)) return VenueAnswer<ImmutableArray<Holding>>.Failed(FailureKind.Unavailable, $"{account}: the misbehaviour script keeps the holdings away; read again.");
        var answer = await AskAsync((book, _) => book.Holdings(account, drawn.Find(PaperEffect.Stale)?.Changes ?? 0), cancellation);
        await WaitAsync(drawn, PaperEffect.DelayAfter, cancellation);
        return answer;
    }

    /// <summary>Takes an order. What a caller cancels after it was handed over goes on: a venue does not see who stopped waiting.</summary>
    public async Task<SubmitOutcome> SubmitAsync(PaperAccountKey account, OrderRequest order, CancellationToken cancellation)
    {
        var drawn = Misbehaviour.Draw(PaperPoint.Submit, account, order.Instrument.Value);
        return await AwayFrom(SubmitAsync(account, order, drawn), cancellation);
    }

    /// <summary>What became of an order.</summary>
    public async Task<LookupOutcome> FindAsync(PaperAccountKey account, ClientOrderId order, CancellationToken cancellation)
    {
        var drawn = Misbehaviour.Draw(PaperPoint.LookUp, account, null);
        await WaitAsync(drawn, PaperEffect.DelayBefore, cancellation);
        if (drawn.Has(PaperEffect.Fail)) return new LookupOutcome.Incomplete($"{account}: the misbehaviour script keeps the look-up away; ask again.");
        var answer = await _loop.RunAsync((book, now) => book.Find(account, order, drawn.Delay(PaperEffect.Hide), now), cancellation);
        await WaitAsync(drawn, PaperEffect.DelayAfter, cancellation);
        return answer.Value ?? new LookupOutcome.Incomplete(answer.Why);
    }

    /// <summary>Cancels what is open of an order.</summary>
    public async Task<CancelOutcome> CancelAsync(PaperAccountKey account, ClientOrderId order, CancellationToken cancellation)
    {
        var drawn = Misbehaviour.Draw(PaperPoint.Cancel, account, null);
        return await AwayFrom(CancelAsync(account, order, drawn), cancellation);
    }

    /// <summary>Orders ever taken and still remembered, oldest first: those with a number above <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    public Task<VenueAnswer<ImmutableArray<PaperOrder>>> OrdersAsync(PaperAccountKey account, long after, int limit, CancellationToken cancellation) =>
        AskAsync((book, _) => VenueAnswer<ImmutableArray<PaperOrder>>.Of([.. book.State.OrdersAfter(after).Where(o => o.Account == account).Take(limit)]), cancellation);

    /// <summary>The account's orders that are open and bear an id of our form.</summary>
    public Task<VenueAnswer<ImmutableArray<OrderReport>>> OpenOrdersAsync(PaperAccountKey account, CancellationToken cancellation) => AskAsync(
        (book, _) => VenueAnswer<ImmutableArray<OrderReport>>.Of([
            .. book.State.OrdersAfter(0).Where(o => o.Account == account && !o.Report.IsClosed && ClientOrderId.IsValid(o.Report.ClientOrderId.Value)).Select(o => o.Report)]),
        cancellation);

    /// <summary>Fills, oldest first: those with a number above <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    public Task<VenueAnswer<ImmutableArray<PaperFill>>> FillsAsync(PaperAccountKey account, long after, int limit, CancellationToken cancellation) =>
        AskAsync((book, _) => VenueAnswer<ImmutableArray<PaperFill>>.Of([.. book.State.FillsAfter(after).Where(f => f.Account == account).Take(limit)]), cancellation);

    /// <summary>Trades by hand or by liquidation, behind the connector's back.</summary>
    public Task<VenueAnswer<PaperFill>> TradeAsync(PaperAccountKey account, PaperTrade trade, CancellationToken cancellation) =>
        AskAsync((book, now) => book.Trade(account, trade, now), cancellation);

    /// <summary>Ends the account's streams, as a lost line does.</summary>
    public void Disconnect(PaperAccountKey account) => _streams.EndAll(account);

    /// <summary>Stops taking requests, answers those taken, ends the streams and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _streams.EndAll();
        await _loop.DisposeAsync();
    }

    internal PaperSubscription Subscribe(PaperAccountKey account) => _streams.Subscribe(account);

    internal void Unsubscribe(PaperAccountKey account, PaperSubscription reader) => _streams.Remove(account, reader);

    /// <summary>The caller may stop waiting; the work goes on.</summary>
    private static async Task<T> AwayFrom<T>(Task<T> work, CancellationToken cancellation) => await work.WaitAsync(cancellation);

    private async Task<SubmitOutcome> SubmitAsync(PaperAccountKey account, OrderRequest order, ImmutableArray<PaperRule> drawn)
    {
        try
        {
            await WaitAsync(drawn, PaperEffect.DelayBefore, _loop.Closing);
            if (drawn.Has(PaperEffect.LoseRequest)) return new SubmitOutcome.Unknown("The line broke.");
            var answer = await _loop.RunAsync((book, now) => book.Submit(account, order, drawn.Fills(), now), CancellationToken.None);
            await WaitAsync(drawn, PaperEffect.DelayAfter, _loop.Closing);
            if (answer.Value is null) return answer.Taken ? new SubmitOutcome.Unknown(answer.Why) : new SubmitOutcome.DeniedLocally(new Rejection(RejectionClass.Transient, "unavailable", answer.Why));
            return drawn.Has(PaperEffect.LoseAnswer) ? new SubmitOutcome.Unknown("The line broke.") : answer.Value;
        }
        catch (OperationCanceledException)
        {
            return new SubmitOutcome.Unknown("The paper venue stopped before it answered.");
        }
    }

    private async Task<CancelOutcome> CancelAsync(PaperAccountKey account, ClientOrderId order, ImmutableArray<PaperRule> drawn)
    {
        try
        {
            await WaitAsync(drawn, PaperEffect.DelayBefore, _loop.Closing);
            if (drawn.Has(PaperEffect.LoseRequest)) return new CancelOutcome.Unknown("The line broke.");
            if (drawn.Find(PaperEffect.Reject) is { } reject) return new CancelOutcome.Rejected(reject.Rejection());
            var answer = await _loop.RunAsync((book, now) => book.Cancel(account, order, now), CancellationToken.None);
            await WaitAsync(drawn, PaperEffect.DelayAfter, _loop.Closing);
            return answer.Value is null || drawn.Has(PaperEffect.LoseAnswer) ? new CancelOutcome.Unknown(answer.Value is null ? answer.Why : "The line broke.") : answer.Value;
        }
        catch (OperationCanceledException)
        {
            return new CancelOutcome.Unknown("The paper venue stopped before it answered.");
        }
    }

    private async Task<VenueAnswer<T>> AskAsync<T>(Func<PaperBook, DateTimeOffset, VenueAnswer<T>> question, CancellationToken cancellation)
    {
        var answer = await _loop.RunAsync<object>((book, now) => question(book, now), cancellation);
        return answer.Value is VenueAnswer<T> known ? known : VenueAnswer<T>.Failed(FailureKind.Unavailable, answer.Why);
    }

    private async Task WaitAsync(ImmutableArray<PaperRule> drawn, PaperEffect effect, CancellationToken cancellation)
    {
        var delay = drawn.Delay(effect);
        if (delay > TimeSpan.Zero) await Task.Delay(delay, _options.Time, cancellation);
    }
}
