using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Http;
using CSMultiConnector.Venues.Http.Streams;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues.Binance;

/// <summary>What a gateway is made with.</summary>
internal sealed record BinanceGatewayOptions
{
    internal required BinanceLineOptions Line { get; init; }

    internal required VenueCapabilities Capabilities { get; init; }

    internal IAccountLease Lease { get; init; } = UnlimitedLease.Instance;

    /// <summary>Where it says what only a log wants to know.</summary>
    internal ILogger? Log { get; init; }

    /// <summary>How long a stream's line is used; the venue cuts it after 24 h.</summary>
    internal TimeSpan StreamLifetime { get; init; } = TimeSpan.FromHours(23);

    /// <summary>Pause between requests that keep the line warm and the clock measured.</summary>
    internal TimeSpan Warmth { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What both products do alike: orders, look-ups, cancels. The products say how their orders are written and read.</summary>
internal abstract class BinanceGateway : IVenueGateway
{
    /// <summary>An order is taken within its validity, at most a minute; a little more for clocks that differ.</summary>
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_after = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_tradesAfterAnswer = TimeSpan.FromMilliseconds(50);

    private const int HistoryPage = 1000;

    /// <summary>The most trades of one answer.</summary>
    private const int TradesPage = 1000;

    /// <summary>The most answers that are read for the trades of one order.</summary>
    private const int MostTradesPages = 20;

    private readonly BinanceGatewayOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Action<FormWriter, OrderRequest> _writeOrder;
    private Task? _warming;
    private EventStream? _stream;

    protected BinanceGateway(BinanceGatewayOptions options)
    {
        _options = options;
        _writeOrder = WriteOrder;
        Line = new BinanceLine(options.Line);
    }

    public VenueCapabilities Capabilities => _options.Capabilities;

    protected BinanceProduct Product => _options.Line.Product;

    protected BinanceNetwork Network => _options.Line.Network;

    protected TimeProvider Time => _options.Line.Time;

    protected BinanceLine Line { get; }

    protected FillBook Fills { get; } = new();

    /// <summary>The instruments as read last.</summary>
    protected ImmutableDictionary<string, Instrument> Instruments { get; private set; } = ImmutableDictionary<string, Instrument>.Empty;

    public async Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation)
    {
        if (BinanceKey.Refusal(_options.Line.Credentials) is { } wrong) return VenueAnswer<VenueAccount>.Failed(FailureKind.Account, $"{Product.Id}: {wrong}");
        var clock = await Line.MeasureClockAsync(lastIsWrong: true, cancellation);
        if (!Line.Clock.IsMeasured) return Failed<VenueAccount>(clock, "the venue's clock could not be read");
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (await Line.AskPermissionsAsync(cancellation) is { } told)
        {
            if (told.Read(BinanceJson.Default.PermissionsWire) is { } permissions)
            {
                if (!MayTrade(permissions)) return VenueAnswer<VenueAccount>.Failed(FailureKind.Account, $"{Product.Id}: the API key may not trade here; {PermissionRemedy}, then resume.");
                if (permissions.EnableWithdrawals) warnings.Add("The API key may withdraw: take that permission away, this program never needs it.");
            }
            else if (told.Failure("").Kind == FailureKind.Account)
            {
                return Failed<VenueAccount>(told, "the venue refuses the API key");
            }
            else
            {
                warnings.Add($"What the API key may do could not be read ({told.Why}): make sure that it may not withdraw.");
            }
        }

        var offset = Line.Clock.Offset;
        if (offset.Duration() > TimeSpan.FromSeconds(1))
        {
            warnings.Add(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"This machine's clock is {offset.Duration().TotalSeconds:0.0} s {(offset > TimeSpan.Zero ? "behind" : "ahead of")} the venue's: requests are dated by the venue's, but set the clock right."));
        }

        var account = await ReadAccountAsync(cancellation);
        if (!account.IsSuccess) return account;
        _warming ??= KeepWarmAsync();
        return VenueAnswer<VenueAccount>.Of(account.Value with { Warnings = [.. account.Value.Warnings, .. warnings] });
    }

    public async Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation)
    {
        var reply = await Line.AskAsync(Product.Endpoints.ExchangeInfo, null, cancellation);
        if (ReadInstruments(reply) is not { } read) return Failed<ImmutableArray<Instrument>>(reply, "the instruments could not be read");
        Line.Configure(read.Limits);
        Instruments = read.Instruments.ToImmutableDictionary(i => i.Id.Value, StringComparer.Ordinal);
        return VenueAnswer<ImmutableArray<Instrument>>.Of(read.Instruments);
    }

    public Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) =>
        Task.FromResult(VenueAnswer<Instrument>.Failed(FailureKind.Invalid, $"{Product.Id}: instruments are not listed on demand."));

    public abstract Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation);

    public async Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation)
    {
        var reply = await Line.AskAsync(Product.Endpoints.AllOpenOrders, null, cancellation);
        return ReadOrders(reply) is { } orders
            ? VenueAnswer<ImmutableArray<OrderReport>>.Of([.. orders.Select(o => o.Report).Where(o => ClientOrderId.IsValid(o.ClientOrderId.Value))])
            : Failed<ImmutableArray<OrderReport>>(reply, "the open orders could not be read");
    }

    public async Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (order.PositionSide != PositionSide.Net && !Capabilities.PositionModes.Contains(PositionMode.Hedge))
            return SendCheck.Denied(RejectionClass.Account, "position-mode", $"{order.Instrument}: {Product.Id} keeps no {order.PositionSide} side; nothing was sent.");
        var (reply, refusal) = await Line.SubmitAsync(new SendCheck(order, Time, _options.Lease), _writeOrder, cancellation);
        if (refusal is not null) return refusal;
        if (ReadOrder(reply!) is { } placed && placed.Answers(order.ClientOrderId, order.Instrument))
        {
            // The answer of futures names neither fee nor price; the stream does, at about the same time.
            if (Volatile.Read(ref _stream) is { IsRunning: true } && BaseOf(order.Instrument.Value) is null && !placed.Report.Filled.IsZero)
                await Fills.WaitAsync(order.Instrument.Value, placed.Number, placed.Report.Filled.Value, s_tradesAfterAnswer, Time, cancellation);
            var report = await CompleteAsync(placed, cancellation);
            return report is null ? new SubmitOutcome.Unknown($"{order.Instrument}: the order was taken, but its trades could not be read") : new SubmitOutcome.Confirmed(report);
        }

        if (reply!.Refusal() is not { } rejection) return new SubmitOutcome.Unknown($"{order.Instrument}: {reply.Why}");
        if (reply.Has(ErrorEffect.FactsWrong)) _ = RefreshInstrumentsAsync();
        return new SubmitOutcome.Rejected(await RefineAsync(rejection, order, cancellation));
    }

    public async Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation)
    {
        var named = await Line.AskAsync(Product.Endpoints.Order, form => Name(form, order), cancellation);
        if (ReadOrder(named) is { } found && found.Answers(order.ClientOrderId, order.Instrument)) return await FoundAsync(found, cancellation);
        if (Product.Forgotten.Length > 0 && named.Code == Product.Forgotten) return new LookupOutcome.NotFound();
        if (!named.Has(ErrorEffect.NoSuchOrder)) return new LookupOutcome.Incomplete($"{order.ClientOrderId}: {named.Why}");

        // The venue's memories fill one after the other: only when none of them names it, there is none.
        var open = await Line.AskAsync(Product.Endpoints.OpenOrders, form => form.Add("symbol"u8, order.Instrument.Value), cancellation);
        if (ReadOrders(open) is not { } opened) return new LookupOutcome.Incomplete($"{order.ClientOrderId}: {open.Why}");
        if (opened.FirstOrDefault(o => o.Report.ClientOrderId == order.ClientOrderId) is { Report: not null } resting) return await FoundAsync(resting, cancellation);

        var from = (order.SentAt + Line.Clock.Offset - s_before).ToUnixTimeMilliseconds();
        var until = (order.SentAt + Line.Clock.Offset + s_after).ToUnixTimeMilliseconds();
        var all = await Line.AskAsync(
            Product.Endpoints.AllOrders,
            form => form.Add("symbol"u8, order.Instrument.Value).Add("startTime"u8, from).Add("endTime"u8, until).Add("limit"u8, HistoryPage),
            cancellation);
        if (ReadOrders(all) is not { } history) return new LookupOutcome.Incomplete($"{order.ClientOrderId}: {all.Why}");
        if (history.FirstOrDefault(o => o.Report.ClientOrderId == order.ClientOrderId) is { Report: not null } closed) return await FoundAsync(closed, cancellation);
        return history.Length < HistoryPage ? new LookupOutcome.NotFound() : new LookupOutcome.Incomplete($"{order.ClientOrderId}: more orders than one answer holds");
    }

    public async Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation)
    {
        var reply = await Line.AskAsync(Product.Endpoints.CancelOrder, form => Name(form, order), cancellation);
        if (ReadOrder(reply) is { } cancelled && cancelled.Answers(order.ClientOrderId, order.Instrument)) return new CancelOutcome.Accepted(await CompleteAsync(cancelled, cancellation));
        if (reply.Has(ErrorEffect.NothingToCancel)) return new CancelOutcome.NothingToCancel();
        if (reply.HeldBack) return new CancelOutcome.Rejected(new Rejection(RejectionClass.Wait, "rate-limit", reply.Why, reply.RetryAfter));
        return reply.Refusal() is { } refusal ? new CancelOutcome.Rejected(refusal) : new CancelOutcome.Unknown($"{order.ClientOrderId}: {reply.Why}");
    }

    public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation)
    {
        var stream = new EventStream(NewStream(), _options.StreamLifetime, Time, why => Note($"the stream: {why}"));
        Volatile.Write(ref _stream, stream);
        return stream.ReadAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested) return;
        await _disposed.CancelAsync();
        if (_warming is { } warming) await warming;
        Line.Dispose();
        _disposed.Dispose();
    }

    /// <summary>Of the key's permissions, the one that this product needs.</summary>
    protected abstract bool MayTrade(PermissionsWire permissions);

    /// <summary>What a person does about a missing one.</summary>
    protected abstract string PermissionRemedy { get; }

    /// <summary>How the product tells by itself; one for each time that somebody listens.</summary>
    protected abstract IStreamSource NewStream();

    protected abstract Task<VenueAnswer<VenueAccount>> ReadAccountAsync(CancellationToken cancellation);

    protected abstract (ImmutableArray<Instrument> Instruments, ImmutableArray<RateLimitWire> Limits)? ReadInstruments(BinanceReply reply);

    /// <summary>Everything of an order but time stamp, window and signature.</summary>
    internal abstract void WriteOrder(FormWriter form, OrderRequest order);

    /// <summary>One order of an answer; null when there is none or it cannot be understood.</summary>
    protected abstract VenueOrder? ReadOrder(BinanceReply reply);

    /// <summary>All orders of an answer; null when it is none or one of them cannot be understood.</summary>
    protected abstract ImmutableArray<VenueOrder>? ReadOrders(BinanceReply reply);

    /// <summary>The asset in which a fee lowers what is held; null where fees never do.</summary>
    protected abstract string? BaseOf(string symbol);

    /// <summary>The report with its fees; null when they matter and are not known yet.</summary>
    protected async Task<OrderReport?> CompleteAsync(VenueOrder order, CancellationToken cancellation)
    {
        var asset = BaseOf(order.Report.Instrument.Value);
        var report = Fills.Complete(order.Report, order.Number, asset, out var complete);
        if (complete) return report;
        if (asset is null)
        {
            ToldWithoutCosts(order);
            return report;
        }

        if (!await ReadTradesAsync(order, cancellation)) return null;
        report = Fills.Complete(order.Report, order.Number, asset, out complete);
        return complete ? report : null;
    }

    /// <summary>An order was told whose price and fees are not known yet, where nothing depends on them.</summary>
    protected virtual void ToldWithoutCosts(VenueOrder order)
    {
    }

    protected VenueAnswer<T> Failed<T>(BinanceReply reply, string what)
    {
        var failure = reply.Failure($"{Product.Id}: {what}");
        return VenueAnswer<T>.Failed(failure.Kind, failure.Text, failure.RetryAfter);
    }

    protected void Note(string text) => _options.Log?.LogInformation("{Venue}: {Text}", Product.Id, text);

    /// <summary>The facts of a refused order say which part of a filter refused it; the venue has one code for all of them.</summary>
    protected virtual ValueTask<Rejection> RefineAsync(Rejection rejection, OrderRequest order, CancellationToken cancellation) => ValueTask.FromResult(rejection);

    /// <summary>Every order of a list; null when there is no list, or one of them cannot be understood.</summary>
    protected static ImmutableArray<VenueOrder>? All<TWire>(TWire[]? wires, Func<TWire, VenueOrder?> read)
    {
        if (wires is null) return null;
        var orders = wires.Select(read).OfType<VenueOrder>().ToImmutableArray();
        return orders.Length == wires.Length ? orders : null;
    }

    /// <summary>Puts the trades of an order into <see cref="Fills"/>; false when they could not be read.</summary>
    protected async Task<bool> ReadTradesAsync(VenueOrder order, CancellationToken cancellation)
    {
        long? from = null;
        for (var pages = 0; pages < MostTradesPages; pages++)
        {
            var reply = await Line.AskAsync(Product.Endpoints.Trades, form => NameTrades(form, order, from), cancellation);
            if (reply.Read(BinanceJson.Default.TradeWireArray) is not { } trades) return false;
            foreach (var trade in trades) Fills.Add(trade.Symbol, trade.OrderId, new Trade(trade.Id, trade.Qty, trade.Price, trade.CommissionAsset, trade.Commission));
            if (trades.Length < TradesPage) return true;

            // The newest, says the venue, but not of what: from here on page by page, from the first.
            from = from is null ? 0 : trades.Max(t => t.Id) + 1;
        }

        Note($"order {order.Report.ClientOrderId} has more than {MostTradesPages * TradesPage} trades; not all of them were read");
        return true;
    }

    private static void NameTrades(FormWriter form, VenueOrder order, long? from)
    {
        form.Add("symbol"u8, order.Report.Instrument.Value).Add("orderId"u8, order.Number);
        if (from is { } first) form.Add("fromId"u8, first);
        form.Add("limit"u8, TradesPage);
    }

    private async Task<LookupOutcome> FoundAsync(VenueOrder found, CancellationToken cancellation)
    {
        var (id, told) = (found.Report.ClientOrderId, found.Report);
        if (!found.IsPossible) return new LookupOutcome.Incomplete($"{id}: the venue tells of it what cannot be: {told.Status} with {told.Filled} of {told.Quantity}");
        return await CompleteAsync(found, cancellation) is { } report
            ? new LookupOutcome.Found(report)
            : new LookupOutcome.Incomplete($"{id}: found, but its trades cannot be read yet");
    }

    private static void Name(FormWriter form, OrderKey order) => form.Add("symbol"u8, order.Instrument.Value).Add("origClientOrderId"u8, order.ClientOrderId.Value);

    // A refusal showed that our facts of an instrument are old: read them, and tell what changed.
    private async Task RefreshInstrumentsAsync()
    {
        var before = Instruments;
        try
        {
            var answer = await GetInstrumentsAsync(_disposed.Token);
            if (!answer.IsSuccess) return;
            foreach (var changed in answer.Value.Where(i => !before.TryGetValue(i.Id.Value, out var old) || old != i)) Volatile.Read(ref _stream)?.TryTell(new VenueEvent.InstrumentChanged(changed));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The gateway is closed.
        }
    }

    private async Task KeepWarmAsync()
    {
        using var timer = new PeriodicTimer(_options.Warmth, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_disposed.Token)) await Line.MeasureClockAsync(lastIsWrong: false, _disposed.Token);
        }
        catch (OperationCanceledException)
        {
            // The gateway is closed.
        }
    }
}

/// <summary>An order as the venue tells it, with the venue's number.</summary>
/// <param name="Number">The venue's number; unique within its symbol.</param>
/// <param name="Report">What it says.</param>
internal sealed record VenueOrder(long Number, OrderReport Report)
{
    /// <summary>False when it fills more or less than an order can: then it says nothing.</summary>
    internal bool IsPossible => Report.Filled.Value >= 0m && Report.Filled <= Report.Quantity && (Report.Status != OrderStatus.Filled || Report.Filled == Report.Quantity);

    /// <summary>True when it is about that order, and possible.</summary>
    internal bool Answers(ClientOrderId order, InstrumentId instrument) => Report.ClientOrderId == order && Report.Instrument == instrument && IsPossible;
}
