using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

/// <summary>Notes each order that is sent, does what the script says, and passes everything else on.</summary>
public sealed class WatchedGateway(IVenueGateway inner, ConnectorId connector, ConcurrentQueue<OrderSent> sent, GatewayScript script, bool onlyListed) : IVenueGateway
{
    public VenueCapabilities Capabilities => onlyListed ? inner.Capabilities with { ListsOnDemand = false } : inner.Capabilities;

    public Task<VenueAnswer<VenueAccount>> ConnectAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref script.Connects);
        return script.Connect?.Invoke() is { } answer ? Task.FromResult(answer) : inner.ConnectAsync(cancellation);
    }

    public async Task<VenueAnswer<ImmutableArray<Instrument>>> GetInstrumentsAsync(CancellationToken cancellation)
    {
        var listed = await inner.GetInstrumentsAsync(cancellation);
        return listed.IsSuccess ? VenueAnswer<ImmutableArray<Instrument>>.Of([.. listed.Value.Select(i => script.Lists is { } lists ? lists(i) : i).OfType<Instrument>()]) : listed;
    }

    public async Task<VenueAnswer<Instrument>> ListOnDemandAsync(SymbolFacts symbol, CancellationToken cancellation)
    {
        Interlocked.Increment(ref script.Listings);
        if (script.HoldListing is { } hold) await hold.WaitAsync(cancellation);
        return await inner.ListOnDemandAsync(symbol, cancellation);
    }

    public Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref script.Reads);
        if (script.HoldRead is { } held) return held.WaitAsync(cancellation);
        return script.Read?.Invoke() is { } answer ? Task.FromResult(answer) : inner.ReadHoldingsAsync(cancellation);
    }

    public async Task<SubmitOutcome> SubmitAsync(OrderRequest order, CancellationToken cancellation)
    {
        sent.Enqueue(new OrderSent(connector, order));
        if (script.Submit?.Invoke(order) is { } scripted) return scripted;
        var outcome = await inner.SubmitAsync(order, cancellation);
        if (script.HoldAnswer is { } hold) await hold(order).WaitAsync(cancellation);
        return outcome;
    }

    public async Task<VenueAnswer<ImmutableArray<OrderReport>>> ReadOpenOrdersAsync(CancellationToken cancellation)
    {
        if (script.HoldOpenOrders is { } hold) await hold.WaitAsync(cancellation);
        return script.OpenOrders?.Invoke() is { } answer ? answer : await inner.ReadOpenOrdersAsync(cancellation);
    }

    public Task<LookupOutcome> FindAsync(OrderKey order, CancellationToken cancellation)
    {
        Interlocked.Increment(ref script.LookUps);
        return inner.FindAsync(order, cancellation);
    }

    public Task<CancelOutcome> CancelAsync(OrderKey order, CancellationToken cancellation) => inner.CancelAsync(order, cancellation);

    public IAsyncEnumerable<VenueEvent> StreamAsync(CancellationToken cancellation)
    {
        var merged = Channel.CreateBounded<VenueEvent>(1000);
        script.Follow(merged);
        return ReadAsync(merged, inner.StreamAsync(cancellation), cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async IAsyncEnumerable<VenueEvent> ReadAsync(
        Channel<VenueEvent> merged, IAsyncEnumerable<VenueEvent> events, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pump = PumpAsync(merged.Writer, events, cancellation);
        try
        {
            await foreach (var e in merged.Reader.ReadAllAsync(cancellation)) yield return e;
        }
        finally
        {
            script.Leave(merged);
            await pump;
        }
    }

    private static async Task PumpAsync(ChannelWriter<VenueEvent> to, IAsyncEnumerable<VenueEvent> events, CancellationToken cancellation)
    {
        try
        {
            await foreach (var e in events.WithCancellation(cancellation)) await to.WriteAsync(e, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The connector no longer listens.
        }

        to.TryComplete();
    }
}
