using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>
/// The matching core: takes one request after the other, without clock, thread or disk. What changed is in <see cref="PaperState.TakeChanges"/>,
/// what the venue tells of it in <see cref="TakeEvents"/>.
/// </summary>
internal sealed class PaperBook(PaperState state, PaperExchangeOptions options, string exchangeId)
{
    private readonly List<(PaperAccountKey Account, VenueEvent Event)> _events = [];

    internal PaperState State => state;

    internal IReadOnlyList<(PaperAccountKey Account, VenueEvent Event)> TakeEvents()
    {
        var taken = _events.ToArray();
        _events.Clear();
        return taken;
    }

    internal VenueAnswer<VenueAccount> OpenAccount(PaperAccountKey key, PaperAccountOptions wanted)
    {
        if (Listing.Refuse(key, wanted) is { } wrong) return VenueAnswer<VenueAccount>.Failed(FailureKind.Invalid, wrong);
        if (!state.Accounts.TryGetValue(key, out var account))
        {
            if (state.Accounts.Count >= options.MaxAccounts)
                return VenueAnswer<VenueAccount>.Failed(FailureKind.Account, $"{key}: the paper venue keeps at most {options.MaxAccounts} accounts; use one that exists.");
            account = Open(key, wanted);
        }
        else if (wanted.PositionMode is { } mode && mode != account.Facts.Mode)
        {
            if (account.Open.Count > 0 || account.Holdings.Any(h => h.Value.Quantity != 0m))
                return VenueAnswer<VenueAccount>.Failed(FailureKind.Account, $"{key}: the account is in {account.Facts.Mode} mode and holds positions or open orders; close them or set the connector's position mode to {account.Facts.Mode}.");
            state.Put(new PaperChange.AccountPut(account.Facts with { Mode = mode }));
        }

        if (wanted.FeeRate is { } rate && rate != account.Facts.FeeRate) state.Put(new PaperChange.AccountPut(account.Facts with { FeeRate = rate }));
        return VenueAnswer<VenueAccount>.Of(new VenueAccount($"{exchangeId}/{key}", account.Facts.Mode, []));
    }

    internal VenueAnswer<Instrument> List(PaperProduct product, Instrument instrument)
    {
        if (Listing.Refuse(product, instrument) is { } wrong) return VenueAnswer<Instrument>.Failed(FailureKind.Invalid, wrong);
        var old = state.Instrument(product, instrument.Id);
        if (old == instrument) return VenueAnswer<Instrument>.Of(old);
        if (old is null && state.Instruments(product).Count() >= options.MaxInstruments)
            return VenueAnswer<Instrument>.Failed(FailureKind.Invalid, $"{instrument.Id}: the paper venue lists at most {options.MaxInstruments} instruments a product.");
        state.Put(new PaperChange.InstrumentPut(product, instrument));
        foreach (var account in state.Accounts.Keys.Where(k => k.Product == product))
        {
            if (old is not null) Tell(account, new VenueEvent.InstrumentChanged(instrument));
            GiveOpeningBalance(account, instrument);
        }

        return VenueAnswer<Instrument>.Of(instrument);
    }

    /// <summary>An instrument is listed once; later facts of the same symbol do not change it.</summary>
    internal VenueAnswer<Instrument> ListOnDemand(PaperProduct product, SymbolFacts symbol) =>
        state.Instrument(product, new InstrumentId(symbol.Name.Value)) is { } known
            ? VenueAnswer<Instrument>.Of(known)
            : List(product, Listing.FromSymbol(product, symbol));

    internal void SetPrice(PaperProduct product, InstrumentId instrument, decimal price) =>
        state.Put(new PaperChange.PricePut(product, instrument, price, Fed: true));

    internal VenueAnswer<ImmutableArray<Holding>> Holdings(PaperAccountKey key, int changesAgo) => OpenAccount(key, new PaperAccountOptions()) is { IsSuccess: false, Failure: var failure }
        ? VenueAnswer<ImmutableArray<Holding>>.Failed(failure.Kind, failure.Text)
        : VenueAnswer<ImmutableArray<Holding>>.Of(state.Accounts[key].Read(changesAgo, leg => Locked(key, leg.Holding)));

    internal SubmitOutcome Submit(PaperAccountKey key, OrderRequest order, FillPlan plan, DateTimeOffset now)
    {
        if (OpenAccount(key, new PaperAccountOptions()) is { IsSuccess: false, Failure: var failure })
            return Rejected(RejectionClass.Account, "account", failure.Text);
        var account = state.Accounts[key];

        // The duplicate check comes first: any other refusal would say of an order that lives that it never did.
        if (IsUsed(key, order.ClientOrderId)) return Rejected(RejectionClass.Query, "duplicate-id", $"The client order id {order.ClientOrderId} was used before; look that order up.");
        if (now > order.NotAfter) return Rejected(RejectionClass.Transient, "expired", $"{order.Instrument}: the order reached the venue after the end of its validity; send a new one.");
        if (plan.Refuse is { } kind && !plan.RefuseAfterTaking) return Rejected(kind, "scripted", $"{order.Instrument}: refused by the misbehaviour script ({kind}).");
        if (state.Instrument(key.Product, order.Instrument) is not { } instrument)
            return Rejected(RejectionClass.Permanent, "unknown-instrument", $"{order.Instrument} is not listed at {key.Product.Id()}; list it or correct the mapping.");
        if (account.Open.Count >= options.MaxOpenOrders)
            return Rejected(RejectionClass.Wait, "open-orders", $"{key} has {account.Open.Count} open orders, the most that are kept; cancel some.");
        if (PriceFor(key.Product, order) is not { } price) return Rejected(RejectionClass.Wait, "no-price", $"{order.Instrument}: no price yet; feed one.");

        var position = account.QuantityOf(instrument.Leg(order.PositionSide));
        var (freeBase, freeQuote) = key.Product == PaperProduct.Spot ? (Free(key, instrument.Base), Free(key, instrument.Quote)) : (0m, 0m);
        var facts = new OrderChecks.Facts(instrument, account.Facts.Mode, position, freeBase, freeQuote, price);
        if (OrderChecks.Refuse(order, facts) is { } refusal) return new SubmitOutcome.Rejected(refusal);

        state.Put(new PaperChange.NumbersPut(state.LastOrder + 1, state.LastFill));
        var report = new OrderReport(
            order.ClientOrderId, $"p{AmountText.Of(state.LastOrder)}", order.Instrument, order.PositionSide, order.Side, order.Quantity,
            OrderStatus.Open, Contracts.Zero, null, Contracts.Zero, [], now);
        var taken = new PaperOrder(state.LastOrder, key, report, order.ReduceOnly, price, null, now);
        var placed = Carry(taken, instrument, price, plan, now);
        ForgetOld(now);
        return new SubmitOutcome.Confirmed(placed.Report);
    }

    internal LookupOutcome Find(PaperAccountKey key, ClientOrderId id, TimeSpan hidden, DateTimeOffset now)
    {
        if (state.Order(key, id) is { } order) return order.Report.CreatedAt > now - hidden ? new LookupOutcome.NotFound() : new LookupOutcome.Found(order.Report);
        return IsUsed(key, id)
            ? new LookupOutcome.Incomplete($"The order {id} was forgotten by the paper venue; nothing can be said of it.")
            : new LookupOutcome.NotFound();
    }

    internal CancelOutcome Cancel(PaperAccountKey key, ClientOrderId id, DateTimeOffset now)
    {
        if (state.Order(key, id) is not { Report.IsClosed: false } order) return new CancelOutcome.NothingToCancel();
        return new CancelOutcome.Accepted(Close(order, OrderStatus.Cancelled, now).Report);
    }

    /// <summary>Fills the open rests whose time has come.</summary>
    internal void FillDue(DateTimeOffset now)
    {
        while (state.NextDue is { } due && due.At <= now)
        {
            var order = state.Order(due.Number);
            var instrument = state.Instrument(order.Account.Product, order.Report.Instrument)!;
            var price = state.Price(order.Account.Product, instrument.Id)?.Price ?? order.ReservePrice;
            if (CanFillRest(order, instrument, price)) Fill(order with { RestFillsAt = null }, order.Rest, price, now);
            else Close(order, OrderStatus.Expired, now);
        }
    }

    /// <summary>Trades behind the connector's back; the answer is the fill.</summary>
    internal VenueAnswer<PaperFill> Trade(PaperAccountKey key, PaperTrade trade, DateTimeOffset now)
    {
        if (OpenAccount(key, new PaperAccountOptions()) is { IsSuccess: false, Failure: var failure }) return VenueAnswer<PaperFill>.Failed(failure.Kind, failure.Text);
        if (state.Instrument(key.Product, trade.Instrument) is not { } instrument) return VenueAnswer<PaperFill>.Failed(FailureKind.Invalid, $"{trade.Instrument} is not listed at {key.Product.Id()}.");
        if ((trade.Price?.Value ?? state.Price(key.Product, trade.Instrument)?.Price) is not { } price) return VenueAnswer<PaperFill>.Failed(FailureKind.Invalid, $"{trade.Instrument}: no price yet; name one.");
        if (price <= 0m || price > OrderChecks.LargestAmount) return VenueAnswer<PaperFill>.Failed(FailureKind.Invalid, $"{trade.Instrument}: the price must be above zero.");

        // The same checks as for an order, less those of size: a hand or a liquidation trades any amount.
        var account = state.Accounts[key];
        var (freeBase, freeQuote) = key.Product == PaperProduct.Spot ? (Free(key, instrument.Base), Free(key, instrument.Quote)) : (0m, 0m);
        var lax = instrument with { Status = InstrumentStatus.Trading, MinQuantity = 0m, MinNotional = 0m, MaxQuantity = null, LotStep = 0.0000000001m };
        var asOrder = new OrderRequest(default, trade.Instrument, trade.PositionSide, trade.Side, trade.Quantity, trade.Kind == PaperTradeKind.Liquidation, now, null);
        var facts = new OrderChecks.Facts(lax, account.Facts.Mode, account.QuantityOf(instrument.Leg(trade.PositionSide)), freeBase, freeQuote, price);
        if (OrderChecks.Refuse(asOrder, facts) is { } refusal) return VenueAnswer<PaperFill>.Failed(FailureKind.Invalid, refusal.Text);

        var fill = Settlement.Book(state, key, 0, trade, price, now);
        if (state.FillsWithoutOrder > options.OrderMemory) state.Put(new PaperChange.FillForgotten(state.OldestFillWithoutOrder));
        if (trade.Quiet) return VenueAnswer<PaperFill>.Of(fill);
        if (trade.Kind == PaperTradeKind.Liquidation)
        {
            Tell(key, new VenueEvent.TakenByVenue(instrument.Leg(trade.PositionSide), $"Liquidation: {trade.Side} {trade.Quantity} {trade.Instrument}."));
        }
        else
        {
            Tell(key, new VenueEvent.ForeignOrder(string.Empty, trade.Instrument));
            Tell(key, new VenueEvent.HoldingsChanged($"Traded by hand: {trade.Side} {trade.Quantity} {trade.Instrument}."));
        }

        return VenueAnswer<PaperFill>.Of(fill);
    }

    /// <summary>Rounds the part down to the step.</summary>
    private static decimal Part(decimal quantity, decimal fraction, decimal step) => Math.Floor(quantity * fraction / step) * step;

    private static SubmitOutcome Rejected(RejectionClass kind, string code, string text) => new SubmitOutcome.Rejected(new Rejection(kind, code, text));

    private PaperOrder Carry(PaperOrder order, Instrument instrument, decimal price, FillPlan plan, DateTimeOffset now)
    {
        if (plan.Refuse is not null) return Close(order, OrderStatus.Rejected, now);
        var quantity = order.Report.Quantity.Value;
        var part = plan.Fraction is { } fraction ? Part(quantity, fraction, instrument.LotStep) : quantity;
        var open = order with { RestFillsAt = part < quantity && !plan.RestExpires && plan.RestAfter is { } after ? now + after : null };
        if (part == 0m) return plan.RestExpires ? Close(open, OrderStatus.Expired, now) : Put(open);
        return part < quantity && plan.RestExpires ? Fill(open, part, price, now, OrderStatus.Expired) : Fill(open, part, price, now);
    }

    private PaperOrder Fill(PaperOrder order, decimal quantity, decimal price, DateTimeOffset now, OrderStatus? closing = null)
    {
        var report = order.Report;
        var instrument = state.Instrument(order.Account.Product, report.Instrument)!;
        var trade = new PaperTrade(PaperTradeKind.Order, report.Instrument, report.PositionSide, report.Side, new Contracts(quantity));
        var fill = Settlement.Book(state, order.Account, order.Number, trade, price, now);
        var filled = Settlement.Add(report, fill, instrument.Base);
        return Put(order with { Report = closing is { } status ? filled with { Status = status } : filled, UpdatedAt = now });
    }

    private PaperOrder Close(PaperOrder order, OrderStatus status, DateTimeOffset now) =>
        Put(order with { Report = order.Report with { Status = status }, RestFillsAt = null, UpdatedAt = now });

    private PaperOrder Put(PaperOrder order)
    {
        state.Put(new PaperChange.OrderPut(order));
        Tell(order.Account, new VenueEvent.OrderChanged(order.Report));
        return order;
    }

    private bool CanFillRest(PaperOrder order, Instrument instrument, decimal price)
    {
        var (report, rest) = (order.Report, order.Rest);
        if (instrument.Kind == ProductKind.Spot)
        {
            return report.Side == OrderSide.Sell
                ? rest <= Free(order.Account, instrument.Base) + rest
                : Settlement.Notional(instrument, rest, price) <= Free(order.Account, instrument.Quote) + (rest * order.ReservePrice);
        }

        var mustReduce = order.ReduceOnly || OrderChecks.ClosesHedgeLeg(report.PositionSide, report.Side);
        return !mustReduce || OrderChecks.Reduces(report.Side, rest, state.Accounts[order.Account].QuantityOf(instrument.Leg(report.PositionSide)));
    }

    private decimal Free(PaperAccountKey key, AssetName asset) =>
        state.Accounts[key].QuantityOf(new LegId(asset.Value, PositionSide.Net)) - Locked(key, asset.Value);

    /// <summary>What open spot orders keep of an asset: the base of sells, the cost of buys.</summary>
    private decimal Locked(PaperAccountKey key, string asset)
    {
        if (key.Product != PaperProduct.Spot) return 0m;
        var locked = 0m;
        foreach (var number in state.Accounts[key].Open)
        {
            var order = state.Order(number);
            var instrument = state.Instrument(key.Product, order.Report.Instrument)!;
            if (order.Report.Side == OrderSide.Sell && instrument.Base.Value == asset) locked += order.Rest;
            if (order.Report.Side == OrderSide.Buy && instrument.Quote.Value == asset) locked += order.Rest * order.ReservePrice;
        }

        return locked;
    }

    /// <summary>A fed price wins; else the order's own reference, which is remembered; else the last one remembered.</summary>
    private decimal? PriceFor(PaperProduct product, OrderRequest order)
    {
        var known = state.Price(product, order.Instrument);
        if (known is { Fed: true } || order.ReferencePrice is not { } reference || reference.Value <= 0m || reference.Value > OrderChecks.LargestAmount) return known?.Price;
        if (known?.Price != reference.Value) state.Put(new PaperChange.PricePut(product, order.Instrument, reference.Value, Fed: false));
        return reference.Value;
    }

    private bool IsUsed(PaperAccountKey key, ClientOrderId id)
    {
        if (state.Order(key, id) is not null) return true;
        var (prefix, counter) = Split(id);
        return state.Accounts.TryGetValue(key, out var account) && account.ForgottenIds.TryGetValue(prefix, out var last) && string.CompareOrdinal(counter, last) <= 0;
    }

    private void ForgetOld(DateTimeOffset now)
    {
        while (state.OldestClosed is { } oldest && (state.OrderCount > options.OrderMemory || oldest.At < now - options.OrderMemoryAge))
        {
            var order = state.Order(oldest.Number);
            var (prefix, counter) = Split(order.Report.ClientOrderId);
            state.Put(new PaperChange.OrderForgotten(oldest.Number));
            if (!state.Accounts[order.Account].ForgottenIds.TryGetValue(prefix, out var last) || string.CompareOrdinal(last, counter) < 0)
                state.Put(new PaperChange.IdsForgotten(order.Account, prefix, counter));
        }
    }

    private AccountState Open(PaperAccountKey key, PaperAccountOptions wanted)
    {
        var spot = key.Product == PaperProduct.Spot;
        state.Put(new PaperChange.AccountPut(new PaperAccount(
            key,
            wanted.PositionMode ?? PositionMode.OneWay,
            wanted.FeeRate ?? (spot ? PaperAccountOptions.DefaultSpotFeeRate : PaperAccountOptions.DefaultFuturesFeeRate),
            wanted.QuoteBalance ?? PaperAccountOptions.DefaultQuoteBalance,
            0)));
        foreach (var instrument in state.Instruments(key.Product).ToArray()) GiveOpeningBalance(key, instrument);
        return state.Accounts[key];
    }

    private void GiveOpeningBalance(PaperAccountKey key, Instrument instrument)
    {
        var account = state.Accounts[key];
        var leg = new LegId(instrument.Quote.Value, PositionSide.Net);
        if (key.Product != PaperProduct.Spot || account.Holdings.ContainsKey(leg)) return;
        Settlement.Deposit(state, key, instrument.Quote, account.Facts.OpeningQuote);
        Tell(key, new VenueEvent.HoldingsChanged($"Opening balance of {instrument.Quote}."));
    }

    private static (string Prefix, string Counter) Split(ClientOrderId id)
    {
        const int Prefix = ClientOrderId.ConnectorTagLength + ClientOrderId.ProcessTagLength;
        return (id.Value[..Prefix], id.Value[Prefix..]);
    }

    private void Tell(PaperAccountKey account, VenueEvent what) => _events.Add((account, what));
}
