using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Http;

public sealed class RateLimiterTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly RateLimit s_weight = new(RateKind.Weight, s_minute, 100, "W");
    private static readonly RateLimit s_orders = new(RateKind.Orders, TimeSpan.FromSeconds(10), 2, "O");

    private readonly TestClock _clock = new();
    private readonly RateLimiter _limits;

    public RateLimiterTests() => _limits = new RateLimiter(new VenueClock(_clock), s_weight, s_orders);

    [Fact]
    public void Readings_leave_room_for_orders()
    {
        _limits.Take(new RateCost(80)).ShouldBeNull();
        _limits.Take(new RateCost(1)).ShouldNotBeNull();
        _limits.Take(new RateCost(20, Urgent: true)).ShouldBeNull();
        _limits.Take(new RateCost(1, Urgent: true)).ShouldNotBeNull();
    }

    [Fact]
    public void A_window_begins_anew_at_its_multiple()
    {
        // The clock stands at 03:04:05.
        Use(100);
        _limits.Take(new RateCost(1)).ShouldBe(TimeSpan.FromSeconds(55));
        _clock.Advance(TimeSpan.FromSeconds(54.9));
        _limits.Take(new RateCost(1)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        _limits.Take(new RateCost(1)).ShouldBeNull();
    }

    [Fact]
    public void What_the_venue_counts_replaces_our_count()
    {
        _limits.Take(new RateCost(1)).ShouldBeNull();
        _limits.Settle(new RateCost(1), Now, l => l.Kind == RateKind.Weight ? 79 : null);
        _limits.Take(new RateCost(1)).ShouldBeNull();
        _limits.Take(new RateCost(1)).ShouldNotBeNull("79 are used and one is under way");
    }

    [Fact]
    public void An_answer_that_was_overtaken_does_not_lower_the_weight()
    {
        Use(1, 80);
        _limits.Settle(default, Now, l => l.Kind == RateKind.Weight ? 40 : null);
        _limits.Take(new RateCost(1)).ShouldNotBeNull();
    }

    [Fact]
    public void Orders_that_the_venue_gives_back_count_no_more()
    {
        var order = new RateCost(0, Orders: 1, Urgent: true);
        _limits.Take(order).ShouldBeNull();
        _limits.Take(order).ShouldBeNull();
        _limits.Take(order).ShouldBe(TimeSpan.FromSeconds(5));
        _limits.Settle(order, Now, l => l.Kind == RateKind.Orders ? 2 : null);
        _limits.Settle(order, Now, l => l.Kind == RateKind.Orders ? 0 : null);
        _limits.Take(order).ShouldBeNull();
    }

    [Fact]
    public void An_order_that_was_not_made_is_given_back()
    {
        var order = new RateCost(0, Orders: 2, Urgent: true);
        _limits.Take(order).ShouldBeNull();
        _limits.GiveBack(order);
        _limits.Take(order).ShouldBeNull();
    }

    [Fact]
    public void A_ban_stops_everything_until_it_ends()
    {
        _limits.Close(TimeSpan.FromSeconds(40));
        _limits.Close(TimeSpan.FromSeconds(10));
        _limits.Take(new RateCost(0, 1, Urgent: true)).ShouldBe(TimeSpan.FromSeconds(40));
        _clock.Advance(TimeSpan.FromSeconds(40));
        _limits.Take(new RateCost(0, 1, Urgent: true)).ShouldBeNull();
    }

    [Fact]
    public void A_ban_lasts_as_long_as_it_was_said_whatever_the_clocks_are_set_to()
    {
        var venue = new VenueClock(_clock);
        var limits = new RateLimiter(venue, s_weight);
        limits.Close(TimeSpan.FromSeconds(40));

        // The machine was a day ahead, as the venue's first answer shows.
        venue.Take(_clock.GetUtcNow() - TimeSpan.FromDays(1), venue.Begin(), lastIsWrong: true);
        limits.Take(new RateCost(1)).ShouldBe(TimeSpan.FromSeconds(40));
        _clock.Advance(TimeSpan.FromSeconds(40));
        limits.Take(new RateCost(1)).ShouldBeNull();
    }

    [Fact]
    public void An_answer_that_comes_after_its_window_does_not_use_up_the_next()
    {
        var cost = new RateCost(1, Orders: 1, Urgent: true);
        var taken = Now;
        _limits.Take(cost).ShouldBeNull();
        _clock.Advance(s_minute);
        _limits.Settle(cost, taken, l => l.Capacity);
        _limits.Take(cost).ShouldBeNull();
    }

    [Fact]
    public void New_limits_keep_what_is_used()
    {
        Use(50);
        _limits.Configure([s_weight with { Capacity = 60 }]);
        _limits.Take(new RateCost(1)).ShouldNotBeNull();
        _limits.Take(new RateCost(10, 5, Urgent: true)).ShouldBeNull("there is no limit of orders any more");
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private void Use(int weight, int? told = null)
    {
        var cost = new RateCost(weight, Urgent: true);
        _limits.Take(cost).ShouldBeNull();
        _limits.Settle(cost, Now, l => l.Kind == RateKind.Weight ? told : null);
    }
}
