using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>Rules 7 and 8, and the guard rails: one difference, at most one order.</summary>
public sealed class SizingTests
{
    public static TheoryData<decimal, decimal, string?, decimal> Differences { get; } = new()
    {
        { 0m, 0m, null, 0m },
        { 5m, 0m, "Buy", 5m },
        { 5.9m, 0m, "Buy", 5m }, // toward zero
        { -5.9m, 0m, "Sell", 5m },
        { 5m, 7m, "Sell", 2m },
        { 0m, 7m, "Sell", 7m },
        { 0m, -7m, "Buy", 7m },
        { 3m, -4m, "Buy", 7m }, // across zero in one order
        { -3m, 0.5m, "Sell", 3m }, // what is below the step does not keep the leg from its goal
        { 0m, 0.5m, null, 0m },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_difference_becomes_an_order_rounded_toward_zero(decimal target, decimal actual, string? side, decimal quantity)
    {
        var next = Sizing.Next(State(target, actual), Clock);
        if (side is null) next.ShouldNotBeOfType<SizedStep.Order>();
        else Order(next).ShouldSatisfyAllConditions(o => o.Side.ToString().ShouldBe(side), o => o.Quantity.ShouldBe(C(quantity)));
    }

    [Fact]
    public void Settled_and_untradable_are_told_apart()
    {
        Sizing.Next(State(5m, 5m), Clock).ShouldBeOfType<SizedStep.Settled>();
        Sizing.Next(State(0m, 0.4m), Clock).ShouldBeOfType<SizedStep.Untradable>().Why.ShouldContain("lot step");
        Sizing.Next(new LegState(Future.Leg(PositionSide.Net)), Clock).ShouldBeOfType<SizedStep.Held>();
    }

    [Theory]
    [InlineData(5, 7, true, false)]
    [InlineData(9, 7, false, true)]
    [InlineData(-2, 7, false, true)]
    [InlineData(0, -7, true, false)]
    public void Only_an_order_that_shrinks_is_reduce_only(decimal target, decimal actual, bool reduceOnly, bool increasing)
    {
        var order = Order(Sizing.Next(State(target, actual), Clock));
        order.ReduceOnly.ShouldBe(reduceOnly);
        order.Increasing.ShouldBe(increasing);
        Order(Sizing.Next(State(target, actual, rules: Rules with { OffersReduceOnly = false }), Clock)).ReduceOnly.ShouldBeFalse();
    }

    [Theory]
    [InlineData(PositionSide.Long, 6, 4, "Buy", 2, false)]
    [InlineData(PositionSide.Long, 1, 4, "Sell", 3, true)]
    [InlineData(PositionSide.Short, 6, -4, "Sell", 2, false)]
    [InlineData(PositionSide.Short, 1, -4, "Buy", 3, true)]
    public void A_hedge_leg_opens_and_closes_on_its_own_side(PositionSide side, decimal lots, decimal actual, string expected, decimal quantity, bool reduceOnly)
    {
        var s = State(0m, actual, side: side) with { Contributions = [Hedged(side == PositionSide.Long ? lots : 50m, side == PositionSide.Long ? 50m : lots)] };
        var order = Order(Sizing.Next(s, Clock));
        order.Side.ToString().ShouldBe(expected);
        order.Quantity.ShouldBe(C(quantity));
        order.ReduceOnly.ShouldBe(reduceOnly);
    }

    [Fact]
    public void Where_zero_is_not_crossed_in_one_order_the_reducing_part_goes_first()
    {
        var order = Order(Sizing.Next(State(-3m, 4m, rules: Rules with { CrossesZeroInOneOrder = false }), Clock));
        order.Quantity.ShouldBe(C(4m));
        order.ReduceOnly.ShouldBeTrue();
    }

    [Theory]
    [InlineData(4, 9, 4)] // the maximum takes no more than the reducing part
    [InlineData(10, 9, 10)] // and here part of what lies past zero
    public void A_crossing_order_is_capped_like_any_other(decimal maximum, decimal actual, decimal quantity)
    {
        var order = Order(Sizing.Next(State(-9m, actual, Future with { MaxQuantity = maximum }), Clock));
        order.Quantity.ShouldBe(C(quantity));
        order.ReduceOnly.ShouldBe(quantity <= actual);
    }

    [Fact]
    public void A_part_below_the_minimum_does_not_stop_a_crossing_order_above_it()
    {
        Order(Sizing.Next(State(-1m, 4m, Future with { MinQuantity = 3m }), Clock)).Quantity.ShouldBe(C(5m));
        Order(Sizing.Next(State(-9m, 1m, Future with { MinQuantity = 3m, MaxQuantity = 7m }), Clock)).Quantity.ShouldBe(C(7m));
    }

    [Theory]
    [InlineData(2, 0, 3, 0, false, false)]
    [InlineData(3, 0, 3, 0, false, true)]
    [InlineData(0, 2, 3, 0, false, false)] // closing, but the venue makes no exception
    [InlineData(0, 2, 3, 0, true, true)]
    [InlineData(1, 2, 3, 0, true, false)] // reducing, but not to flat
    [InlineData(4, 0, 1, 500, false, false)] // worth 400
    [InlineData(5, 0, 1, 500, false, true)]
    [InlineData(0, 4, 1, 500, true, true)]
    public void Below_the_minima_only_a_closing_order_goes_and_only_where_the_venue_takes_it(
        decimal target, decimal actual, decimal minQuantity, decimal minNotional, bool closesBelow, bool goes)
    {
        var s = State(target, actual, Future with { MinQuantity = minQuantity, MinNotional = minNotional }, Rules with { ClosesBelowMinimum = closesBelow }) with { Price = new Price(100m) };
        (Sizing.Next(s, Clock) is SizedStep.Order).ShouldBe(goes);
        if (!goes) Sizing.Next(s, Clock).ShouldBeOfType<SizedStep.Untradable>();
    }

    [Fact]
    public void Without_a_price_the_notional_is_the_venues_to_judge() =>
        Order(Sizing.Next(State(1m, 0m, Future with { MinNotional = 500m }), Clock)).Quantity.ShouldBe(C(1m));

    [Fact]
    public void The_contract_size_counts_in_the_notional() =>
        Sizing.Next(State(2m, 0m, Future with { ContractSize = 0.1m, MinNotional = 500m }, lotsPerContract: 0.1m) with { Price = new Price(100m) }, Clock)
            .ShouldBeOfType<SizedStep.Untradable>();

    [Fact]
    public void A_maximum_below_the_step_waits_for_a_person_and_is_no_order_of_nothing() =>
        Sizing.Next(State(5m, 0m, Future with { MinQuantity = 0m, MaxQuantity = 0.5m }), Clock).ShouldBeOfType<SizedStep.Held>();

    public static TheoryData<decimal, decimal> Locks { get; } = new()
    {
        { 0m, 5m },
        { 2m, 3m },
        { 4.999m, 0m },
    };

    [Theory]
    [MemberData(nameof(Locks))]
    public void On_spot_no_more_is_sold_than_is_free(decimal locked, decimal quantity)
    {
        // Also where the venue's rules say that a derivative may cross zero.
        var s = State(0m, 5m, Coin with { MinQuantity = 0.01m }) with { Locked = C(locked) };
        var next = Sizing.Next(s, Clock);
        if (quantity == 0m) next.ShouldBeOfType<SizedStep.Held>().Why.ShouldContain("locked");
        else Order(next).ShouldSatisfyAllConditions(o => o.Quantity.ShouldBe(C(quantity)), o => o.Increasing.ShouldBeFalse());
    }

    [Fact]
    public void A_short_on_spot_is_clamped_at_zero() =>
        Order(Sizing.Next(State(-4m, 5m, Coin), Clock)).Quantity.ShouldBe(C(5m));

    [Theory]
    [InlineData(InstrumentStatus.Closed, false, false)]
    [InlineData(InstrumentStatus.Delisted, false, false)]
    [InlineData(InstrumentStatus.ReduceOnly, false, true)]
    [InlineData(InstrumentStatus.Trading, true, true)]
    public void The_instruments_status_says_what_is_taken(InstrumentStatus status, bool increases, bool reduces)
    {
        (Sizing.Next(State(5m, 0m, Future with { Status = status }), Clock) is SizedStep.Order).ShouldBe(increases);
        (Sizing.Next(State(0m, 5m, Future with { Status = status }), Clock) is SizedStep.Order).ShouldBe(reduces);
    }

    public static TheoryData<string> Rails { get; } = ["close-only", "instruments", "order", "position", "a minute", "increases held", "funds"];

    [Theory]
    [MemberData(nameof(Rails))]
    public void A_guard_rail_holds_increases_never_a_reducing_order_and_splits_what_crosses_zero(string rail)
    {
        Sizing.Next(Railed(rail, 15m, 10m), Clock).ShouldBeOfType<SizedStep.Held>();
        Order(Sizing.Next(Railed(rail, 0m, 20m), Clock)).ShouldSatisfyAllConditions(o => o.Quantity.ShouldBe(C(20m)), o => o.Increasing.ShouldBeFalse());
        Order(Sizing.Next(Railed(rail, -15m, 10m), Clock)).ShouldSatisfyAllConditions(o => o.Quantity.ShouldBe(C(10m)), o => o.ReduceOnly.ShouldBeTrue());
    }

    [Fact]
    public void The_largest_order_is_judged_whole_also_across_zero()
    {
        var rails = new GuardRails { MaxOrderNotional = 1000m };
        Order(Sizing.Next(Railed(-6m, 5m, rails), Clock)).ShouldSatisfyAllConditions(o => o.Quantity.ShouldBe(C(5m)), o => o.Increasing.ShouldBeFalse());
        Order(Sizing.Next(Railed(-5m, 5m, rails), Clock)).Quantity.ShouldBe(C(10m));
    }

    [Fact]
    public void Without_a_price_a_notional_rail_holds()
    {
        var s = Railed(5m, 0m, new GuardRails { MaxOrderNotional = 1000m }) with { Price = null };
        Sizing.Next(s, Clock).ShouldBeOfType<SizedStep.Held>().Why.ShouldContain("no price");
    }

    [Fact]
    public void The_rail_of_orders_a_minute_says_when_it_ends()
    {
        var s = Railed(5m, 0m, new GuardRails { MaxOrdersPerMinute = 2 }) with
        {
            Increases = [At(-90), At(-50), At(-20)],
        };
        var until = Sizing.Next(s, Clock).ShouldBeOfType<SizedStep.Held>().Until.ShouldNotBeNull();
        until.ShouldBe(At(10));
        Sizing.Next(s, until).ShouldBeOfType<SizedStep.Order>();
    }

    [Fact]
    public void A_held_crossing_whose_reducing_part_is_too_small_waits_until_the_hold_ends()
    {
        var s = State(-9m, 1m, Future with { MinQuantity = 3m }) with { Gate = Gate.Free with { FundsBlockedUntil = At(30) } };
        Sizing.Next(s, Clock).ShouldBeOfType<SizedStep.Held>().Until.ShouldBe(At(30));
    }

    private static SizedStep.Order Order(SizedStep step) => step.ShouldBeOfType<SizedStep.Order>();

    private static LegState Railed(string rail, decimal target, decimal actual) => rail switch
    {
        "close-only" => Railed(target, actual, new GuardRails { CloseOnly = true }),
        "instruments" => Railed(target, actual, new GuardRails { AllowedInstruments = [new("ETHUSDT")] }),
        "order" => Railed(target, actual, new GuardRails { MaxOrderNotional = 499m }),
        "position" => Railed(target, actual, new GuardRails { MaxPositionNotional = 1499m }),
        "a minute" => Railed(target, actual, new GuardRails { MaxOrdersPerMinute = 1 }) with { Increases = [At(-1)] },
        "increases held" => State(target, actual) with { Gate = Gate.Free with { IncreasesHeld = "a sync reduces first" } },
        _ => State(target, actual) with { Gate = Gate.Free with { FundsBlockedUntil = At(1) } },
    };

    private static LegState Railed(decimal target, decimal actual, GuardRails rails)
    {
        var s = State(target, actual) with { Price = new Price(100m) };
        return s with { Configuration = s.Configuration! with { Limits = Limits with { GuardRails = rails } } };
    }

    private static Uptime At(double seconds) => Clock + TimeSpan.FromSeconds(seconds);

    private static LegState State(
        decimal target, decimal actual, Instrument? instrument = null, VenueRules? rules = null, PositionSide side = PositionSide.Net, decimal lotsPerContract = 1m) =>
        new((instrument ?? Future).Leg(side))
        {
            Configuration = Configuration(0m, instrument, rules),
            Contributions = [Lots(target, perLot: lotsPerContract)],
            SourcesKnown = true,
            HasBaseline = true,
            ActualKnown = true,
            Copied = C(actual),
            Gate = Gate.Free,
        };
}
