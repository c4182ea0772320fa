using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>The venue's filters: why an order is refused, or null. Pure.</summary>
internal static class OrderChecks
{
    /// <summary>Larger amounts are refused, so that no product of two of them leaves the range of <see cref="decimal"/>.</summary>
    internal const decimal LargestAmount = 1_000_000_000_000m;

    /// <summary>What the checks look at.</summary>
    /// <param name="Instrument">The instrument.</param>
    /// <param name="Mode">The account's position mode.</param>
    /// <param name="Position">What the leg holds (spot: the base asset).</param>
    /// <param name="FreeBase">Spot: base asset that is not locked.</param>
    /// <param name="FreeQuote">Spot: quote asset that is not locked.</param>
    /// <param name="Price">The price that it would fill at.</param>
    internal readonly record struct Facts(Instrument Instrument, PositionMode Mode, decimal Position, decimal FreeBase, decimal FreeQuote, decimal Price);

    internal static Rejection? Refuse(OrderRequest order, Facts facts) =>
        WrongSide(order, facts) ?? WrongStatus(order, facts) ?? WrongDirection(order, facts) ?? WrongSize(order, facts) ?? NoFunds(order, facts);

    /// <summary>True when the order shrinks what is held and does not pass zero.</summary>
    internal static bool Reduces(OrderSide side, decimal quantity, decimal position) =>
        Math.Sign(position) == (side == OrderSide.Buy ? -1 : 1) && quantity <= Math.Abs(position);

    /// <summary>True in hedge mode for an order on the closing side.</summary>
    internal static bool ClosesHedgeLeg(PositionSide leg, OrderSide side) =>
        (leg, side) is (PositionSide.Long, OrderSide.Sell) or (PositionSide.Short, OrderSide.Buy);

    private static Rejection? WrongSide(OrderRequest order, Facts facts)
    {
        var wantsNet = facts.Mode == PositionMode.OneWay;
        if (wantsNet == (order.PositionSide == PositionSide.Net)) return null;
        return wantsNet
            ? No(RejectionClass.Account, "position-mode", $"{order.Instrument}: the account keeps one net position; the order names the side {order.PositionSide}. Set the connector's position mode to one-way.")
            : No(RejectionClass.Account, "position-mode", $"{order.Instrument}: the account is in hedge mode; the order must name Long or Short. Set the connector's position mode to hedge.");
    }

    private static Rejection? WrongStatus(OrderRequest order, Facts facts) => facts.Instrument.Status switch
    {
        InstrumentStatus.Closed => No(RejectionClass.Wait, "closed", $"{order.Instrument} is closed; the order may come again when it trades."),
        InstrumentStatus.Delisted => No(RejectionClass.Permanent, "delisted", $"{order.Instrument} is no longer listed; map the symbol to another instrument."),
        InstrumentStatus.ReduceOnly when !Reduces(order.Side, order.Quantity.Value, facts.Position) =>
            No(RejectionClass.Wait, "reduce-only-instrument", $"{order.Instrument} takes only orders that reduce a position now."),
        _ => null,
    };

    private static Rejection? WrongDirection(OrderRequest order, Facts facts)
    {
        if (facts.Instrument.Kind == ProductKind.Spot) return null;
        var reduces = Reduces(order.Side, order.Quantity.Value, facts.Position);
        if (order.ReduceOnly && !reduces)
            return No(RejectionClass.ReRead, "reduce-only", $"{order.Instrument}: the order is reduce-only, but would not only reduce the position of {AmountText.Of(facts.Position)}.");
        if (ClosesHedgeLeg(order.PositionSide, order.Side) && !reduces)
            return No(RejectionClass.ReRead, "leg-too-small", $"{order.Instrument}: the {order.PositionSide} leg holds {AmountText.Of(facts.Position)}, less than the order closes.");
        return null;
    }

    private static Rejection? WrongSize(OrderRequest order, Facts facts)
    {
        var (instrument, quantity) = (facts.Instrument, order.Quantity.Value);
        if (quantity <= 0m) return No(RejectionClass.Permanent, "quantity", $"{instrument.Id}: the quantity must be above zero.");
        if (instrument.MaxQuantity is { } max && quantity > max)
            return No(RejectionClass.Split, "max-quantity", $"{instrument.Id}: {order.Quantity} is above the largest quantity of {AmountText.Of(max)}.");
        if (quantity > LargestAmount || (double)quantity * (double)instrument.ContractSize * (double)facts.Price > 1e20)
            return No(RejectionClass.Split, "max-quantity", $"{instrument.Id}: {order.Quantity} is more than this venue can count.");
        if (quantity % instrument.LotStep != 0m)
            return No(RejectionClass.Permanent, "lot-step", $"{instrument.Id}: {order.Quantity} is not a multiple of the step {AmountText.Of(instrument.LotStep)}.");
        if (ClosesToFlat(order, facts)) return null;
        if (quantity < instrument.MinQuantity)
            return No(RejectionClass.BelowMinimum, "min-quantity", $"{instrument.Id}: {order.Quantity} is below the smallest quantity of {AmountText.Of(instrument.MinQuantity)}.");
        if (Settlement.Notional(instrument, quantity, facts.Price) < instrument.MinNotional)
            return No(RejectionClass.BelowMinimum, "min-notional", $"{instrument.Id}: {order.Quantity} at {AmountText.Of(facts.Price)} is below the smallest notional of {AmountText.Of(instrument.MinNotional)}.");
        return null;
    }

    private static Rejection? NoFunds(OrderRequest order, Facts facts)
    {
        if (facts.Instrument.Kind != ProductKind.Spot) return null;
        if (order.Side == OrderSide.Sell)
        {
            return order.Quantity.Value <= facts.FreeBase
                ? null
                : No(RejectionClass.Funds, "balance", $"{order.Instrument}: {order.Quantity} {facts.Instrument.Base} to sell, {AmountText.Of(facts.FreeBase)} free.");
        }

        var cost = Settlement.Notional(facts.Instrument, order.Quantity.Value, facts.Price);
        return cost <= facts.FreeQuote
            ? null
            : No(RejectionClass.Funds, "balance", $"{order.Instrument}: the order costs {AmountText.Of(cost)} {facts.Instrument.Quote}, {AmountText.Of(facts.FreeQuote)} free.");
    }

    /// <summary>On spot a fee in base leaves less than a step behind: that counts as flat.</summary>
    private static bool ClosesToFlat(OrderRequest order, Facts facts) =>
        Reduces(order.Side, order.Quantity.Value, facts.Position) &&
        Math.Abs(facts.Position) - order.Quantity.Value is var rest &&
        (facts.Instrument.Kind == ProductKind.Spot ? rest < facts.Instrument.LotStep : rest == 0m);

    private static Rejection No(RejectionClass kind, string code, string text) => new(kind, code, text);
}
