using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Tests;

/// <summary>The last look before an order leaves: neither a set wall clock nor a stopped monotonic one lets a late order pass.</summary>
public sealed class SendCheckTests
{
    private static readonly TimeSpan s_validity = TimeSpan.FromSeconds(5);

    private readonly TwoClocks _time = new();
    private readonly SwitchedLease _lease = new();

    [Theory]
    [InlineData(5, 5, true)]
    [InlineData(6, 6, false)]
    [InlineData(0, 6, false)]
    [InlineData(-3600, 6, false)]
    [InlineData(6, 0, false)]
    public void An_order_leaves_within_its_validity_by_both_clocks(int wallSeconds, int monotonicSeconds, bool leaves)
    {
        var check = Check();

        _time.Move(TimeSpan.FromSeconds(wallSeconds), TimeSpan.FromSeconds(monotonicSeconds));

        (check.Refusal() is null).ShouldBe(leaves);
        if (!leaves) check.Refusal()!.Reason.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("expired"), r => r.Class.ShouldBe(RejectionClass.Transient));
    }

    [Fact]
    public void Nothing_leaves_without_the_right_to_trade_and_no_try_is_used()
    {
        var check = Check();
        check.Refusal().ShouldBeNull();

        _lease.IsHeld = false;

        check.Refusal().ShouldNotBeNull().Reason.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("no-lease"), r => r.Class.ShouldBe(RejectionClass.Wait));
    }

    [Fact]
    public void The_venue_hears_of_no_validity_beyond_the_right_to_trade()
    {
        Check().Order.NotAfter.ShouldBe(_time.GetUtcNow() + s_validity, "nothing ends before it");

        _lease.EndsAt = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
        Check().Order.NotAfter.ShouldBe(_lease.EndsAt.Value);

        _lease.EndsAt = _time.GetUtcNow() + TimeSpan.FromSeconds(9);
        Check().Order.NotAfter.ShouldBe(_time.GetUtcNow() + s_validity);
    }

    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(3, 1, 2)]
    [InlineData(1, 3, 2)]
    [InlineData(-3600, 1, 4)]
    public void The_venue_is_told_what_is_left_by_the_clock_that_says_less(int wallSeconds, int monotonicSeconds, int left)
    {
        var check = Check();
        _time.Move(TimeSpan.FromSeconds(wallSeconds), TimeSpan.FromSeconds(monotonicSeconds));
        check.Left.ShouldBe(TimeSpan.FromSeconds(left));
    }

    [Fact]
    public void What_is_left_ends_with_the_right_to_trade()
    {
        _lease.EndsAt = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
        var check = Check();
        _time.Move(TimeSpan.FromSeconds(-10), TimeSpan.FromSeconds(1));
        check.Left.ShouldBe(TimeSpan.FromSeconds(1));
    }

    private SendCheck Check() => new(
        new OrderRequest(
            ClientOrderId.Create("test", "run001", 1), new InstrumentId("BTCUSD"), PositionSide.Net, OrderSide.Buy, new Contracts(1m), false, _time.GetUtcNow() + s_validity, null),
        _time,
        _lease);

    private sealed class TwoClocks : TimeProvider
    {
        private DateTimeOffset _wall = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        private long _monotonic = 1_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _monotonic;

        public void Move(TimeSpan wall, TimeSpan monotonic) => (_wall, _monotonic) = (_wall + wall, _monotonic + monotonic.Ticks);
    }
}
