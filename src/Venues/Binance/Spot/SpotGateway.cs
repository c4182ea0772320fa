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

    protected override Rejection Refine(Rejection rejection, OrderRequest order)
    {
        if (rejection.Code != "-1013" || Instruments.GetValueOrDefault(order.Instrument.Value) is not { } facts) return rejection;
        var quantity = order.Quantity.Value;
        return rejection.Class switch
        {
            RejectionClass.Permanent when rejection.Text.Contains("LOT_SIZE", StringComparison.Ordinal) && quantity > facts.MaxQuantity => rejection with { Class = RejectionClass.Split },
            RejectionClass.Permanent when rejection.Text.Contains("LOT_SIZE", StringComparison.Ordinal) && quantity < facts.MinQuantity => rejection with { Class = RejectionClass.BelowMinimum },

            // The same filter has an upper end, too, far away; its older form has not. The price is a terminal's: it may be off by much, and a piece that is wrongly
            // taken for too large is cut ever smaller.
            RejectionClass.BelowMinimum when !rejection.Text.Contains("MIN_NOTIONAL", StringComparison.Ordinal) && order.ReferencePrice is { } price && quantity * price.Value > facts.MinNotional * FarAbove => rejection with { Class = RejectionClass.Split },
            _ => rejection,
        };
    }
}
