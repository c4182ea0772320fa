using System.Text.Json;
using System.Threading.Channels;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Venues.Http;
using CSMultiConnector.Venues.Http.Streams;

namespace CSMultiConnector.Venues.Binance.UsdM;

/// <summary>The user data of a USD-M account, by listen key.</summary>
/// <param name="line">Requests.</param>
/// <param name="network">Where.</param>
/// <param name="time">The clock.</param>
/// <param name="fills">Where trades are noted.</param>
/// <param name="costs">Where orders are noted whose trades are missing.</param>
/// <param name="forced">What the venue closes by itself.</param>
/// <param name="note">Hears what only a log wants to know.</param>
internal sealed class UsdmStream(
    BinanceLine line, BinanceNetwork network, TimeProvider time, FillBook fills, UsdmCosts costs, UsdmForcedOrders forced, Action<string> note) : BinanceStream(time)
{
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);

    // A listen key lives for 60 minutes.
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_keepAliveAgain = TimeSpan.FromMinutes(1);

    private volatile string _listenKey = "";

    public override async Task<(WebSocketLine? Line, string Why)> OpenAsync(CancellationToken cancellation)
    {
        // A key that lives is given again, for another hour.
        var reply = await line.AskAsync(UsdmProduct.TakeListenKey, null, cancellation);
        if (reply.Read(BinanceJson.Default.UsdmListenKeyWire) is not { } key) return (null, $"no listen key: {reply.Why}");
        _listenKey = key.ListenKey;
        var (opened, why) = await WebSocketLine.OpenAsync(
            VenueAddress.WebSocket(network.Stream, UsdmProduct.StreamPath + Uri.EscapeDataString(key.ListenKey)), s_connectWithin, Time, cancellation);
        if (opened is not null) forced.Opened();
        return (opened, why);
    }

    /// <summary>Keeps the listen key alive, and tells what the stream did not; ends when the key is gone.</summary>
    protected override async Task KeepLineAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] all = [KeepKeyAsync(stop.Token), costs.TellAsync(to, stop.Token), forced.TellAsync(to, stop.Token)];
        var first = await Task.WhenAny(all);
        await stop.CancelAsync();
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task KeepKeyAsync(CancellationToken cancellation)
    {
        var pause = s_keepAlive;
        while (true)
        {
            await Task.Delay(pause, Time, cancellation);
            var reply = await line.AskAsync(UsdmProduct.KeepListenKey, null, cancellation);
            pause = reply.IsSuccess ? s_keepAlive : s_keepAliveAgain;

            // Another program of this account may have closed our key and taken a new one, which is kept alive in its place: our line would stay silent.
            var replaced = reply.Read(BinanceJson.Default.UsdmListenKeyWire) is { } kept && kept.ListenKey != _listenKey;
            if (!replaced && reply.Code != UsdmErrors.NoListenKey) continue;
            note("the listen key is gone");
            return;
        }
    }

    protected override async ValueTask<StreamStep> TakeAsync(JsonElement root, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("E", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var moment)) forced.Heard(moment);
        switch (KindOf(root))
        {
            case "ORDER_TRADE_UPDATE":
                await TakeOrderAsync(root, to, cancellation);
                break;
            case "ACCOUNT_UPDATE":
                await TakeAccountAsync(root, to, cancellation);
                break;
            case "listenKeyExpired":
                note("the listen key expired");
                return StreamStep.End;
            case "serverShutdown":
                note("the venue's server goes down; the line is renewed");
                return StreamStep.Renew;
            case "MARGIN_CALL":
                note("the venue sent a margin call: positions may be liquidated");
                break;

                // TRADE_LITE tells a fill early and in part; the same trade comes again with everything in ORDER_TRADE_UPDATE.
        }

        return StreamStep.GoOn;
    }

    private async ValueTask TakeOrderAsync(JsonElement json, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        if (VenueJson.Read(json, BinanceJson.Default.UsdmOrderEventWire) is not { Order: { } execution } || UsdmWords.Side(execution.PositionSide) is not { } side)
        {
            await TellGapAsync(to, cancellation);
            return;
        }

        // Of the orders of others nothing else needs to be understood: the venue's own have states that no order of ours has (NEW_INSURANCE, NEW_ADL).
        var leg = new LegId(execution.Symbol, side);
        if (execution.IsTheVenues)
        {
            if (!execution.IsTrade) return;
            var taken = new VenueEvent.TakenByVenue(leg, $"the venue closed {execution.LastQuantity} of {leg} itself (order {execution.ClientOrderId})");
            if (!await forced.TellAsync(execution.Symbol, execution.OrderId, taken, to, cancellation)) TellNews($"the venue closed more of {leg} itself");
            return;
        }

        if (await TellForeignAsync(execution.ClientOrderId, execution.Symbol, execution.IsTrade, to, cancellation)) return;
        if (execution.ToOrder() is not { IsPossible: true } order)
        {
            await TellGapAsync(to, cancellation);
            return;
        }

        if (execution is { IsTrade: true, TradeId: { } trade, LastQuantity: { } quantity, LastPrice: { } price })
            fills.Add(execution.Symbol, execution.OrderId, new Trade(trade, quantity, price, execution.FeeAsset ?? "", execution.Fee ?? 0m));
        await to.WriteAsync(new VenueEvent.OrderChanged(fills.Complete(order.Report, order.Number, null, out var complete)), cancellation);
        if (!complete) costs.Miss(order);
    }

    // What orders change is told by their own events; funding changes no position.
    private async ValueTask TakeAccountAsync(JsonElement json, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        if (VenueJson.Read(json, BinanceJson.Default.UsdmAccountEventWire) is not { Change: { } change }) await TellGapAsync(to, cancellation);
        else if (change.Reason is not ("ORDER" or "FUNDING_FEE")) TellNews($"the venue says {change.Reason}");
    }
}
