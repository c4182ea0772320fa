using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Http;
using CSMultiConnector.Venues.Http.Streams;

namespace CSMultiConnector.Venues.Binance.Spot;

/// <summary>One spot account: balances are held, market orders are sent by quantity.</summary>
internal sealed class SpotGateway : BinanceGateway
{
    /// <summary>A refused notional so many times the smallest was too large. In between lie the moves of any price since.</summary>
    private const decimal FarAbove = 1_000m;

    internal SpotGateway(BinanceGatewayOptions options)
        : base(options)
    {
    }

    protected override IStreamSource NewStream() => new SpotStream(Line, Network, Time, Fills, CompleteAsync, Note);

    protected override string PermissionRemedy => "permit it to trade spot";

    public override async Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation)
    {
        var reply = await AskAccountAsync(cancellation);
        return reply.Read(BinanceJson.Default.SpotAccountWire) is { } account
            ? VenueAnswer<ImmutableArray<Holding>>.Of([.. account.Balances.Where(b => b.Free + b.Locked != 0m).Select(b => new Holding(b.Asset, PositionSide.Net, new Contracts(b.Free + b.Locked), new Contracts(b.Free)))])
            : Failed<ImmutableArray<Holding>>(reply, "the balances could not be read");
    }

    protected override bool MayTrade(PermissionsWire permissions) => permissions.EnableSpotAndMarginTrading;

    protected override async Task<VenueAnswer<VenueAccount>> ReadAccountAsync(CancellationToken cancellation)
    {
        var reply = await AskAccountAsync(cancellation);
        if (reply.Read(BinanceJson.Default.SpotAccountWire) is not { } account) return Failed<VenueAccount>(reply, "the account could not be read");
        return account.CanTrade
            ? VenueAnswer<VenueAccount>.Of(new VenueAccount(account.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture), PositionMode.OneWay, []))
            : VenueAnswer<VenueAccount>.Failed(FailureKind.Account, $"{Product.Id}: account {account.Uid} may not trade; look at the venue's notices to you, then resume.");
    }

    private Task<BinanceReply> AskAccountAsync(CancellationToken cancellation) =>
        Line.AskAsync(SpotProduct.Account, static form => form.Add("omitZeroBalances"u8, "true"u8), cancellation);

    protected override (ImmutableArray<Instrument> Instruments, ImmutableArray<RateLimitWire> Limits)? ReadInstruments(BinanceReply reply) =>
        reply.Read(BinanceJson.Default.SpotExchangeInfoWire) is { } info ? (SpotInstruments.Of(info), info.RateLimits) : null;

    internal override void WriteOrder(FormWriter form, OrderRequest order) => form
        .Add("symbol"u8, order.Instrument.Value)
        .Add("side"u8, BinanceWords.Side(order.Side))
        .Add("type"u8, "MARKET"u8)
        .Add("quantity"u8, order.Quantity.Value)
        .Add("newClientOrderId"u8, order.ClientOrderId.Value)
        .Add("newOrderRespType"u8, "FULL"u8);

    protected override VenueOrder? ReadOrder(BinanceReply reply)
    {
        if (reply.Read(BinanceJson.Default.SpotOrderWire) is not { } wire) return null;
        foreach (var fill in wire.Fills.IsDefault ? [] : wire.Fills)
            Fills.Add(wire.Symbol, wire.OrderId, new Trade(fill.TradeId, fill.Qty, fill.Price, fill.CommissionAsset, fill.Commission));
        return wire.ToOrder();
    }

    protected override ImmutableArray<VenueOrder>? ReadOrders(BinanceReply reply) => All(reply.Read(BinanceJson.Default.SpotOrderWireArray), w => w.ToOrder());

    // An instrument that is not listed (any more) has no base that is held: its fees are of no leg.
    protected override string? BaseOf(string symbol) => Instruments.GetValueOrDefault(symbol)?.Base.Value;

    protected override async ValueTask<Rejection> RefineAsync(Rejection rejection, OrderRequest order, CancellationToken cancellation)
    {
        if (rejection.Code != "-1013" || Instruments.GetValueOrDefault(order.Instrument.Value) is not { } facts) return rejection;
        var quantity = order.Quantity.Value;
        return rejection.Class switch
        {
            RejectionClass.Permanent when rejection.Text.Contains("LOT_SIZE", StringComparison.Ordinal) && quantity > facts.MaxQuantity => rejection with { Class = RejectionClass.Split },
            RejectionClass.Permanent when rejection.Text.Contains("LOT_SIZE", StringComparison.Ordinal) && quantity < facts.MinQuantity => rejection with { Class = RejectionClass.BelowMinimum },

            // The same filter has an upper end, too, far away; its older form has not.
            RejectionClass.BelowMinimum when !rejection.Text.Contains("MIN_NOTIONAL", StringComparison.Ordinal) => rejection with { Class = await NotionalEndAsync(facts, quantity, cancellation) },
            _ => rejection,
        };
    }

    // By the venue's own price: a terminal's may be off by much where a mapping has a scale, and a piece wrongly taken for too large is cut ever smaller.
    private async ValueTask<RejectionClass> NotionalEndAsync(Instrument facts, decimal quantity, CancellationToken cancellation)
    {
        var reply = await Line.AskAsync(SpotProduct.AveragePrice, form => form.Add("symbol"u8, facts.Id.Value), cancellation);
        if (reply.Read(BinanceJson.Default.SpotAveragePriceWire) is not { Price: > 0m } average) return RejectionClass.Transient;
        return quantity > facts.MinNotional * FarAbove / average.Price ? RejectionClass.Split : RejectionClass.BelowMinimum;
    }
}
