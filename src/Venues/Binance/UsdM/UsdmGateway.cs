using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Http;
using CSMultiConnector.Venues.Http.Streams;

namespace CSMultiConnector.Venues.Binance.UsdM;

/// <summary>One USD-M futures account, one-way or hedge.</summary>
internal sealed class UsdmGateway : BinanceGateway
{
    private readonly UsdmCosts _costs;
    private readonly UsdmForcedOrders _forced;
    private PositionMode? _mode;

    internal UsdmGateway(BinanceGatewayOptions options)
        : base(options)
    {
        _costs = new UsdmCosts(Fills, ReadTradesAsync, Time, Note);
        _forced = new UsdmForcedOrders(Line, options.Capabilities.Rules.VisibilityDelay, Time, Note);
    }

    protected override IStreamSource NewStream() => new UsdmStream(Line, Network, Time, Fills, _costs, _forced, Note);

    protected override void ToldWithoutCosts(VenueOrder order) => _costs.Miss(order);

    protected override string PermissionRemedy => "permit it to trade futures";

    public override async Task<VenueAnswer<ImmutableArray<Holding>>> ReadHoldingsAsync(CancellationToken cancellation)
    {
        var reply = await Line.AskAsync(UsdmProduct.Positions, null, cancellation);
        if (reply.Read(BinanceJson.Default.UsdmPositionWireArray) is not { } rows) return Failed<ImmutableArray<Holding>>(reply, "the positions could not be read");

        // A row that names no position or order is left out by the venue; those of the other mode are empty.
        var holdings = ImmutableArray.CreateBuilder<Holding>();
        foreach (var row in rows.Where(r => r.PositionAmt != 0m))
        {
            if (UsdmWords.Side(row.PositionSide) is not { } side)
                return VenueAnswer<ImmutableArray<Holding>>.Failed(FailureKind.Unavailable, $"{Product.Id}: the position side '{row.PositionSide}' of {row.Symbol} is not known; the reading says nothing.");
            if (_mode is { } mode && (side == PositionSide.Net) != (mode == PositionMode.OneWay))
                return VenueAnswer<ImmutableArray<Holding>>.Failed(FailureKind.Account, $"{Product.Id}: the account's position mode was changed; set it back or resume to begin with the new one.");
            holdings.Add(new Holding(row.Symbol, side, new Contracts(row.PositionAmt)));
        }

        return VenueAnswer<ImmutableArray<Holding>>.Of(holdings.ToImmutable());
    }

    protected override bool MayTrade(PermissionsWire permissions) => permissions.EnableFutures;

    protected override async Task<VenueAnswer<VenueAccount>> ReadAccountAsync(CancellationToken cancellation)
    {
        var config = await Line.AskAsync(UsdmProduct.AccountConfig, null, cancellation);
        if (config.Read(BinanceJson.Default.UsdmAccountConfigWire) is not { } account) return Failed<VenueAccount>(config, "the account could not be read");
        if (!account.CanTrade) return VenueAnswer<VenueAccount>.Failed(FailureKind.Account, $"{Product.Id}: the account may not trade futures; look at the venue's notices to you, then resume.");

        // The account's own code stands beside its balances and nowhere else.
        var balance = await Line.AskAsync(UsdmProduct.Balance, null, cancellation);
        if (balance.Read(BinanceJson.Default.UsdmBalanceWireArray) is not { } balances) return Failed<VenueAccount>(balance, "the account's code could not be read");
        if (balances.Select(b => b.AccountAlias).FirstOrDefault(a => a.Length > 0) is not { } alias)
            return VenueAnswer<VenueAccount>.Failed(FailureKind.Account, $"{Product.Id}: the futures account holds nothing yet; open it and transfer funds, then resume.");
        _mode = account.DualSidePosition ? PositionMode.Hedge : PositionMode.OneWay;
        return VenueAnswer<VenueAccount>.Of(new VenueAccount(alias, _mode.Value, []));
    }

    protected override (ImmutableArray<Instrument> Instruments, ImmutableArray<RateLimitWire> Limits)? ReadInstruments(BinanceReply reply) =>
        reply.Read(BinanceJson.Default.UsdmExchangeInfoWire) is { } info ? (UsdmInstruments.Of(info), info.RateLimits) : null;

    internal override void WriteOrder(FormWriter form, OrderRequest order)
    {
        form.Add("symbol"u8, order.Instrument.Value).Add("side"u8, BinanceWords.Side(order.Side));

        // In hedge mode the position side says which way an order goes, and reduce-only is not allowed beside it.
        if (order.PositionSide != PositionSide.Net) form.Add("positionSide"u8, order.PositionSide == PositionSide.Long ? "LONG"u8 : "SHORT"u8);
        else if (order.ReduceOnly) form.Add("reduceOnly"u8, "true"u8);
        form.Add("type"u8, "MARKET"u8)
            .Add("quantity"u8, order.Quantity.Value)
            .Add("newClientOrderId"u8, order.ClientOrderId.Value)
            .Add("newOrderRespType"u8, "RESULT"u8);
    }

    protected override VenueOrder? ReadOrder(BinanceReply reply) => reply.Read(BinanceJson.Default.UsdmOrderWire)?.ToOrder();

    protected override ImmutableArray<VenueOrder>? ReadOrders(BinanceReply reply) => All(reply.Read(BinanceJson.Default.UsdmOrderWireArray), w => w.ToOrder());

    // Fees come out of the margin: they never lower a position.
    protected override string? BaseOf(string symbol) => null;
}
