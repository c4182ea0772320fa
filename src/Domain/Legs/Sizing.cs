using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Legs;

/// <summary>The next step from actual towards goal.</summary>
public abstract record SizedStep
{
    private SizedStep()
    {
    }

    /// <summary>Goal and actual agree to the lot step.</summary>
    public sealed record Settled : SizedStep;

    /// <summary>A difference that the venue accepts no order for: shown, not retried.</summary>
    public sealed record Untradable(string Why) : SizedStep;

    /// <summary>The difference waits for something; <paramref name="Until"/> when time alone may end it.</summary>
    public sealed record Held(string Why, Uptime? Until = null) : SizedStep;

    /// <summary>One order.</summary>
    public sealed record Order(OrderSide Side, Contracts Quantity, bool ReduceOnly, bool Increasing) : SizedStep;
}

/// <summary>Turns a difference into at most one order that never goes beyond the goal. Pure; looks at nothing but the state.</summary>
public static class Sizing
{
    /// <summary>The window of the guard rail of orders a minute.</summary>
    public static readonly TimeSpan GuardRailWindow = TimeSpan.FromMinutes(1);

    /// <summary>The next step of a leg whose configuration, goal and actual are known.</summary>
    public static SizedStep Next(LegState s, Uptime now)
    {
        if (s.Configuration is not { } configuration || s.Goal is not { } goal) return new SizedStep.Held("the leg is not configured yet");
        var instrument = configuration.Instrument;
        var actual = s.Actual;
        var difference = goal - actual;
        var wanted = Target.RoundToStep(Math.Abs(difference.Value), instrument.LotStep);
        if (wanted.IsZero)
            return difference.IsZero ? new SizedStep.Settled() : new SizedStep.Untradable($"{difference} is below the lot step {AmountText.Of(instrument.LotStep)}");

        var side = difference.Sign > 0 ? OrderSide.Buy : OrderSide.Sell;
        var reducible = actual.Sign == -difference.Sign ? Target.RoundToStep(Math.Abs(actual.Value), instrument.LotStep) : Contracts.Zero;
        reducible = NotMoreThanFree(s, instrument, side, reducible);

        if (reducible.IsZero)
        {
            // On spot a sale can only reduce: what is not free waits.
            if (instrument.Kind == ProductKind.Spot && side == OrderSide.Sell) return new SizedStep.Held("the balance is locked by other orders at the venue");
            return Increase(s, configuration, side, wanted, now);
        }

        // On spot nothing lies past zero; elsewhere one order goes past it where the venue and the guard rails allow it whole.
        var first = Reduce(s, configuration, side, wanted < reducible ? wanted : reducible, goal);
        var crosses = instrument.Kind != ProductKind.Spot && configuration.Rules.CrossesZeroInOneOrder && Cap(s, instrument, wanted) > reducible;
        if (!crosses) return first;
        var whole = Increase(s, configuration, side, wanted, now);
        return whole is SizedStep.Order || (whole is SizedStep.Held && first is not SizedStep.Order) ? whole : first;
    }

    /// <summary>True when other orders at the venue lock what is to be sold: only a reading can tell when that ends.</summary>
    public static bool IsLocked(LegState s) =>
        s.Configuration is { Instrument: { Kind: ProductKind.Spot } instrument } && s.Goal is { } goal && goal < s.Actual && !s.Locked.IsZero
        && Target.RoundToStep((s.Actual - goal).Value, instrument.LotStep) > Target.RoundToStep(Math.Max(0m, (s.Actual - s.Locked).Value), instrument.LotStep);

    private static SizedStep Reduce(LegState s, LegConfiguration configuration, OrderSide side, Contracts wanted, Contracts goal)
    {
        var instrument = configuration.Instrument;
        if (NotTradable(instrument, increasing: false) is { } held) return held;
        var quantity = Cap(s, instrument, wanted);

        // An order that flattens the leg may be below the minima where the venue says so.
        var flattens = quantity >= Target.RoundToStep(Math.Abs(s.Actual.Value), instrument.LotStep);
        var exempt = flattens && configuration.Rules.ClosesBelowMinimum && (goal.IsZero || goal.Sign != s.Actual.Sign) && !WasRefused(s);
        if (!exempt && TooSmall(s, instrument, quantity) is { } small) return NotARemainder(small, quantity, wanted);
        return new SizedStep.Order(side, quantity, configuration.Rules.OffersReduceOnly, Increasing: false);
    }

    private static SizedStep Increase(LegState s, LegConfiguration configuration, OrderSide side, Contracts wanted, Uptime now)
    {
        var instrument = configuration.Instrument;
        if (NotTradable(instrument, increasing: true) is { } held) return held;
        var quantity = Cap(s, instrument, wanted);
        if (TooSmall(s, instrument, quantity) is { } small) return NotARemainder(small, quantity, wanted);
        if (s.Gate.IncreasesHeld is { } why) return new SizedStep.Held(why);
        if (s.Gate.FundsBlockedUntil is { } until && now < until)
            return new SizedStep.Held("funds at the venue are short; reducing orders go on", until);
        return GuardRail(s, configuration, quantity, wanted, now) ?? new SizedStep.Order(side, quantity, ReduceOnly: false, Increasing: true);
    }

    private static SizedStep? GuardRail(LegState s, LegConfiguration configuration, Contracts quantity, Contracts wanted, Uptime now)
    {
        var rails = configuration.Limits.GuardRails;
        var instrument = configuration.Instrument;
        if (rails.CloseOnly) return new SizedStep.Held("guard rail: close-only is set");
        if (rails.AllowedInstruments.Length > 0 && !rails.AllowedInstruments.Contains(instrument.Id))
            return new SizedStep.Held($"guard rail: {instrument.Id} is not among the allowed instruments");

        if (rails.MaxOrderNotional is not null || rails.MaxPositionNotional is not null)
        {
            if (s.Price is not { } price) return new SizedStep.Held($"guard rail: no price of {instrument.Id} is known yet");
            var unit = instrument.ContractSize * price.Value;
            if (rails.MaxOrderNotional is { } order && quantity.Value * unit > order)
                return new SizedStep.Held($"guard rail: an order of {quantity} is worth {AmountText.Of(quantity.Value * unit)}, the largest allowed is {AmountText.Of(order)}");
            var after = s.Goal is { } goal ? Math.Abs(goal.Value) : wanted.Value;
            if (rails.MaxPositionNotional is { } position && after * unit > position)
                return new SizedStep.Held($"guard rail: a position of {AmountText.Of(after)} is worth {AmountText.Of(after * unit)}, the largest allowed is {AmountText.Of(position)}");
        }

        var counted = s.Increases.Count(t => t > now - GuardRailWindow);
        if (counted < rails.MaxOrdersPerMinute) return null;
        var oldest = s.Increases.Where(t => t > now - GuardRailWindow).Order().Skip(Math.Max(0, counted - rails.MaxOrdersPerMinute)).FirstOrDefault(now);
        return new SizedStep.Held($"guard rail: {counted} increasing orders within a minute, {rails.MaxOrdersPerMinute} are allowed", oldest + GuardRailWindow);
    }

    private static SizedStep? NotTradable(Instrument instrument, bool increasing) => instrument.Status switch
    {
        InstrumentStatus.Closed => new SizedStep.Held($"{instrument.Id} is closed at the venue"),
        InstrumentStatus.Delisted => new SizedStep.Held($"{instrument.Id} is no longer listed at the venue"),
        InstrumentStatus.ReduceOnly when increasing => new SizedStep.Held($"{instrument.Id} takes only reducing orders at the venue"),
        _ => null,
    };

    // What was cut to the most that one order takes is not what is left at the end.
    private static SizedStep NotARemainder(SizedStep.Untradable small, Contracts quantity, Contracts wanted) =>
        quantity < wanted ? new SizedStep.Held($"the most that one order takes is below the least: {small.Why}") : small;

    private static SizedStep.Untradable? TooSmall(LegState s, Instrument instrument, Contracts quantity)
    {
        if (quantity.IsZero) return new SizedStep.Untradable("the venue's maximum is below the lot step");
        if (quantity.Value < instrument.MinQuantity)
            return new SizedStep.Untradable($"{quantity} is below the venue's minimum of {AmountText.Of(instrument.MinQuantity)}");
        if (s.Price is { } price && instrument.MinNotional > 0m && quantity.Value * instrument.ContractSize * price.Value < instrument.MinNotional)
            return new SizedStep.Untradable($"{quantity} is worth less than the venue's minimum of {AmountText.Of(instrument.MinNotional)}");
        return WasRefused(s) ? new SizedStep.Untradable($"the venue refused {quantity} as too small") : null;
    }

    private static bool WasRefused(LegState s) => s.RefusedRemainder is { } refused && refused.Goal == s.Goal && refused.Actual == s.Actual;

    private static Contracts NotMoreThanFree(LegState s, Instrument instrument, OrderSide side, Contracts quantity)
    {
        if (instrument.Kind != ProductKind.Spot || side != OrderSide.Sell || s.Locked.IsZero) return quantity;
        var free = Target.RoundToStep(Math.Max(0m, (s.Actual - s.Locked).Value), instrument.LotStep);
        return free < quantity ? free : quantity;
    }

    private static Contracts Cap(LegState s, Instrument instrument, Contracts quantity)
    {
        var maximum = Maximum(s, instrument);
        return quantity > maximum ? maximum : quantity;
    }

    private static Contracts Maximum(LegState s, Instrument instrument)
    {
        var maximum = Math.Min(instrument.MaxQuantity ?? decimal.MaxValue, s.LearntMaximum?.Value ?? decimal.MaxValue);
        return maximum == decimal.MaxValue ? new Contracts(maximum) : Target.RoundToStep(maximum, instrument.LotStep);
    }
}
