using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Tests.Legs.Kit;
using static CSMultiConnector.Domain.Tests.Legs.Kit.Given;

namespace CSMultiConnector.Domain.Tests.Legs;

/// <summary>What the streams ask of a leg, and what a change of scale is.</summary>
public sealed class TargetTests
{
    public static TheoryData<decimal, decimal, decimal, decimal, decimal, decimal> Conversions { get; } = new()
    {
        { 0.1m, 100000m, 1m, 0.001m, 10000m, 10000m },
        { 0.015m, 1m, 1m, 0.01m, 0.01m, 0.015m }, // toward zero
        { -0.015m, 1m, 1m, 0.01m, -0.01m, -0.015m },
        { 1m, 1m, 0.001m, 1m, 1000m, 1000m }, // a contract is a thousandth
        { 0.3m, 1m, 1m, 0.1m, 0.3m, 0.3m }, // no binary fractions
        { 2m, 1m, 5m, 1m, 0m, 0.4m },
        { 7m, 1m, 1m, 5m, 5m, 7m },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void Lots_become_contracts(decimal lots, decimal perLot, decimal contractSize, decimal step, decimal rounded, decimal exact)
    {
        var target = Target.Of([Lots(lots, perLot: perLot)], Future with { ContractSize = contractSize, LotStep = step }, PositionSide.Net);
        target.Rounded.ShouldBe(C(rounded));
        target.Exact.ShouldBe(exact);
        target.RoundingResidual.ShouldBe(exact - rounded);
    }

    [Fact]
    public void The_sum_is_exact_and_rounded_once()
    {
        // Each alone would be rounded away.
        var sources = Enumerable.Range(1, 10).Select(i => Lots(0.1m, magic: i)).ToArray();
        Target.Of([.. sources], Future, PositionSide.Net).Rounded.ShouldBe(C(1m));
        Target.Of([Lots(3m, 1), Lots(-5m, 2)], Future, PositionSide.Net).Rounded.ShouldBe(C(-2m));
    }

    [Fact]
    public void On_spot_the_sum_is_clamped_and_not_each_source()
    {
        Target.Of([Lots(3m, 1), Lots(-5m, 2)], Coin, PositionSide.Net).Rounded.ShouldBe(C(0m));
        Target.Of([Lots(3m, 1), Lots(-5m, 2)], Coin, PositionSide.Net).RoundingResidual.ShouldBe(-2m);
        Target.Of([Lots(5m, 1), Lots(-3m, 2)], Coin, PositionSide.Net).Rounded.ShouldBe(C(2m));
    }

    [Theory]
    [InlineData(PositionSide.Long, 3)]
    [InlineData(PositionSide.Short, -5)]
    [InlineData(PositionSide.Net, -2)]
    public void Each_side_takes_its_own_figure(PositionSide side, decimal expected) =>
        Target.Of([Hedged(3m, 5m)], Future, side).Rounded.ShouldBe(C(expected));

    [Fact]
    public void A_source_that_joins_is_no_change_of_scale_and_every_other_difference_is()
    {
        var before = Scale.Of([Lots(1m, 1), Lots(1m, 2)], Future);
        Scale.Of([Lots(9m, 1), Lots(9m, 2)], Future).ChangedFrom(before).ShouldBeNull();
        Scale.Of([Lots(1m, 1), Lots(1m, 2), Lots(1m, 3)], Future).ChangedFrom(before).ShouldBeNull();
        Scale.Of([Lots(1m, 1), Lots(1m, 2), Lots(1m, 3)], Future).SameAs(before).ShouldBeFalse();
        Scale.Of([Lots(1m, 1)], Future).ChangedFrom(before).ShouldNotBeNull().ShouldContain("no longer feeds");
        Scale.Of([Lots(1m, 1), Lots(1m, 2, perLot: 2m)], Future).ChangedFrom(before).ShouldNotBeNull().ShouldContain("from 1 to 2");
        Scale.Of([Lots(1m, 1), Lots(1m, 2)], Future with { ContractSize = 2m }).ChangedFrom(before).ShouldNotBeNull().ShouldContain("contract size");
        Scale.Of([Lots(1m, 1), Lots(1m, 2)], Future with { Id = new("BTCUSDC") }).ChangedFrom(before).ShouldNotBeNull().ShouldContain("BTCUSDC");
    }
}
