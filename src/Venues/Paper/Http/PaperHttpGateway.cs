using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Paper.Http;

/// <summary>How a gateway reaches a <c>paper</c> process.</summary>
public sealed record PaperHttpGatewayOptions
{
    /// <summary>The process's address, for example <c>http://127.0.0.1:8080</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The account; made when connecting.</summary>
    public required PaperAccountKey Account { get; init; }

    /// <summary>How the account is to be kept.</summary>
    public PaperAccountOptions Wanted { get; init; } = new();

    /// <summary>What the venue can do; null = the product's own.</summary>
    public VenueCapabilities? Capabilities { get; init; }

    /// <summary>Sent as <c>X-Paper-Key</c>; null = none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The right to trade.</summary>
    public IAccountLease Lease { get; init; } = UnlimitedLease.Instance;

    /// <summary>An answer that takes longer is none; default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A stream that says nothing, not even a heartbeat, for this long is lost; default 45 s.</summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(45);
}

/// <summary>One account of a simulated venue in another process.</summary>
public sealed class PaperHttpGateway : IVenueGateway
{
    /// <summary>The code by which the venue says that it knows no such order; any other 404 says nothing.</summary>
    internal const string NoOrderCode = "no-order";

    private readonly PaperHttpGatewayOptions _options;
    private readonly PaperHttpLine _line;

    /// <summary>It opens no connection yet.</summary>
    public PaperHttpGateway(PaperHttpGatewayOptions options)
    {
        _options = options;
        _line = new PaperHttpLine(options);
        Capabilities = options.Capabilities ?? (options.Account.Product == PaperProduct.Spot ? PaperCatalog.Spot : PaperCatalog.Futures).Capabilities;
    }

    /// <inheritdoc/>
    public VenueCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public async Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation) =>
        await AskAsync<AccountWire, VenueAccount>(HttpMethod.Post, "account", AccountOptionsWire.Of(_options.Wanted), a => a.ToDomain(), cancellation);

    /// <inheritdoc/>
    public async Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation) =>
        await AskAsync<InstrumentWire[], ImmutableArray<Instrument>>(HttpMethod.Get, "instruments", null, all => [.. all.Select(i => i.ToDomain(_options.Account.Product))], cancellation);

    /// <inheritdoc/>
    public async Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation) =>
        await AskAsync<InstrumentWire, Instrument>(HttpMethod.Post, "instruments", new ListWire(Symbol: SymbolWire.Of(symbol)), i => i.ToDomain(_options.Account.Product), cancellation);

    /// <inheritdoc/>
    public async Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation) =>
        await AskAsync<HoldingWire[], ImmutableArray<Holding>>(HttpMethod.Get, "holdings", null, all => [.. all.Select(h => h.ToDomain())], cancellation);

    /// <inheritdoc/>
    public async Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation) =>
        await AskAsync<ReportWire[], ImmutableArray<OrderReport>>(HttpMethod.Get, "open-orders", null, all => [.. all.Select(o => o.ToDomain())], cancellation);

    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
    {
        var check = new SendCheck(order, _options.Time, _options.Lease);
        SubmitOutcome? refusal = null;
        var body = new GuardedContent(JsonSerializer.SerializeToUtf8Bytes(OrderWire.Of(check.Order), PaperJson.Options), "application/json", () => (refusal = check.Refusal()) is null);
        var reply = await _line.SendAsync(HttpMethod.Post, "orders", body, cancellation);

        // Nobody has refused this order: the venue cannot be reached, which uses none of its tries.
        if (!body.Started) return refusal ?? SendCheck.Denied(RejectionClass.Wait, "not-sent", $"{order.Instrument}: the order was not sent: {reply.Why}");
        if (reply.Read<ReportWire>() is { } report) return new SubmitOutcome.Confirmed(report.ToDomain());
        return reply.Rejection() is { } rejection ? new SubmitOutcome.Rejected(rejection) : new SubmitOutcome.Unknown(reply.Why);
    }

    /// <inheritdoc/>
    public async Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation)
    {
        var reply = await _line.SendAsync(HttpMethod.Get, $"orders/{order.ClientOrderId}", null, cancellation);
        if (reply.Read<ReportWire>() is { } report) return new LookupOutcome.Found(report.ToDomain());
        return reply is { Status: HttpStatusCode.NotFound, Error.Code: NoOrderCode } ? new LookupOutcome.NotFound() : new LookupOutcome.Incomplete(reply.Why);
    }

    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation)
    {
        var reply = await _line.SendAsync(HttpMethod.Delete, $"orders/{order.ClientOrderId}", null, cancellation);
        if (reply.Read<ReportWire>() is { } report) return new CancelOutcome.Accepted(report.ToDomain());
        if (reply is { Status: HttpStatusCode.NotFound, Error.Code: NoOrderCode }) return new CancelOutcome.NothingToCancel();
        return reply.Rejection() is { } rejection ? new CancelOutcome.Rejected(rejection) : new CancelOutcome.Unknown(reply.Why);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation) => PaperEventReader.ReadAsync(_line, _options, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _line.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<VenueAnswer<T>> AskAsync<TWire, T>(HttpMethod method, string path, object? body, Func<TWire, T> toDomain, CancellationToken cancellation)
        where TWire : class
    {
        var content = body is null ? null : new GuardedContent(JsonSerializer.SerializeToUtf8Bytes(body, PaperJson.Options), "application/json", () => true);
        var reply = await _line.SendAsync(method, path, content, cancellation);
        if (reply.Read<TWire>() is { } wire) return VenueAnswer<T>.Of(toDomain(wire));
        return VenueAnswer<T>.Failed(WireNames.Parse<FailureKind>(reply.Error?.Class) ?? FailureKind.Unavailable, reply.Why, reply.Error?.RetryAfter);
    }
}
