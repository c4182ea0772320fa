using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>What a trade does to what is held. Spot buys pay their fee in the base asset, everything else in the quote asset.</summary>
internal static class Settlement
{
    /// <summary>Books one trade and returns its fill.</summary>
    internal static PaperFill Book(PaperState state, PaperAccountKey key, long order, PaperTrade trade, decimal price, DateTimeOffset now)
    {
        var account = state.Accounts[key];
        var instrument = state.Instrument(key.Product, trade.Instrument)!;
        var quantity = trade.Quantity.Value;
        var notional = Notional(instrument, quantity, price);
        var buys = trade.Side == OrderSide.Buy;
        var rate = account.Facts.FeeRate;
        var fee = instrument.Kind == ProductKind.Spot && buys ? new Fee(instrument.Base, quantity * rate) : new Fee(instrument.Quote, notional * rate);

        var sequence = account.Facts.Sequence + 1;
        state.Put(new PaperChange.AccountPut(account.Facts with { Sequence = sequence }));
        if (instrument.Kind == ProductKind.Spot)
        {
            Move(state, account, new LegId(instrument.Base.Value, PositionSide.Net), buys ? quantity - fee.Amount : -quantity, sequence);
            Move(state, account, new LegId(instrument.Quote.Value, PositionSide.Net), buys ? -notional : notional - fee.Amount, sequence);
        }
        else
        {
            Move(state, account, instrument.Leg(trade.PositionSide), buys ? quantity : -quantity, sequence);
        }

        state.Put(new PaperChange.NumbersPut(state.LastOrder, state.LastFill + 1));
        var fill = new PaperFill(
            state.LastFill, key, order, trade.Kind, trade.Instrument, trade.PositionSide, trade.Side, trade.Quantity, new Price(price), fee, sequence, now);
        state.Put(new PaperChange.FillAdded(fill));
        return fill;
    }

    /// <summary>The order's report after one more fill.</summary>
    internal static OrderReport Add(OrderReport report, PaperFill fill, AssetName baseAsset)
    {
        var before = report.Filled.Value;
        var filled = before + fill.Quantity.Value;
        var average = report.AveragePrice is { } old && old != fill.Price
            ? new Price(((old.Value * before) + (fill.Price.Value * fill.Quantity.Value)) / filled)
            : fill.Price;
        var fee = (report.Fees.Length == 0 ? 0m : report.Fees[0].Amount) + fill.Fee.Amount;
        return report with
        {
            Filled = new Contracts(filled),
            AveragePrice = average,
            FeeInBase = IsBaseFee(fill, baseAsset)
                ? report.FeeInBase + new Contracts(fill.Fee.Amount)
                : report.FeeInBase,
            Fees = [new Fee(fill.Fee.Asset, fee)],
            Status = filled == report.Quantity.Value ? OrderStatus.Filled : report.Status,
        };
    }

    internal static decimal Notional(Instrument instrument, decimal quantity, decimal price) => quantity * instrument.ContractSize * price;

    /// <summary>Gives an account what it starts with of an asset.</summary>
    internal static void Deposit(PaperState state, PaperAccountKey key, AssetName asset, decimal amount)
    {
        var account = state.Accounts[key];
        var sequence = account.Facts.Sequence + 1;
        state.Put(new PaperChange.AccountPut(account.Facts with { Sequence = sequence }));
        Move(state, account, new LegId(asset.Value, PositionSide.Net), amount, sequence);
    }

    private static bool IsBaseFee(PaperFill fill, AssetName baseAsset) => fill.Account.Product == PaperProduct.Spot && fill.Fee.Asset == baseAsset;

    private static void Move(PaperState state, AccountState account, LegId leg, decimal by, long sequence) =>
        state.Put(new PaperChange.HoldingPut(account.Facts.Key, leg, account.QuantityOf(leg) + by, sequence));
}
