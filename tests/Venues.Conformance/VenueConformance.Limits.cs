using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues.Conformance;

// Limits, clocks, keys, maintenance: what keeps the venue from answering although nothing is broken.
public abstract partial class VenueConformance
{
    // Much longer than a slow machine takes between two steps of a test: its own time goes by as well.
    private static readonly TimeSpan s_wait = TimeSpan.FromMinutes(20);

    [FeatureTheory(Feature.RateLimits)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_too_many_requests_nothing_is_sent_before_the_venue_allows_it(bool ban)
    {
        await Host.MakeAsync(new Trouble.Throttles(s_wait, ban));
        var refused = await ReadAsync(Reading.Holdings);
        (refused?.Kind, refused?.RetryAfter > s_wait / 2).ShouldBe((FailureKind.RateLimited, true), refused?.ToString());
        await NothingIsSentUntilAllowedAsync();
    }

    [FeatureFact(Feature.RateLimits)]
    public async Task An_order_too_many_waits_and_uses_no_try()
    {
        await Host.MakeAsync(new Trouble.ThrottlesOrder(s_wait));
        var rejection = await RefusedAsync(Orders.Buy(1m));
        (rejection.Class, rejection.RetryAfter > s_wait / 2).ShouldBe((RejectionClass.Wait, true), rejection.ToString());
        await NoOrderIsSentUntilAllowedAsync();
    }

    [Fact]
    public async Task During_maintenance_nothing_is_lost_and_afterwards_it_goes_on()
    {
        await ConfirmedAsync(Orders.Buy(1m));
        await Host.SetMaintenanceAsync(on: true);
        (await ReadAsync(Reading.Holdings))!.Kind.ShouldBe(FailureKind.Unavailable);
        (await ReadAsync(Reading.Connect))!.Kind.ShouldBe(FailureKind.Unavailable);
        var order = Orders.Buy(1m);
        var outcome = await SubmitAsync(order);
        if (outcome is not SubmitOutcome.Unknown)
            (outcome is SubmitOutcome.Rejected { Rejection.Class: RejectionClass.Wait } or SubmitOutcome.DeniedLocally { Reason.Class: RejectionClass.Wait }).ShouldBeTrue(outcome.ToString());
        (await FindAsync(order)).ShouldBeOfType<LookupOutcome.Incomplete>();
        (await CancelAsync(order)).ShouldNotBeOfType<CancelOutcome.Accepted>();
        await Host.SetMaintenanceAsync(on: false);
        await NotFoundAsync(order);
        (await ReadAsync(Reading.Connect)).ShouldBeNull();
        (await Host.HeldAsync()).ShouldBeGreaterThan(0.9m);
        await ConfirmedAsync(Orders.Buy(1m));
        (await Host.CountOrdersAsync()).ShouldBe(2);
    }

    [FeatureTheory(Feature.CheckedClock)]
    [InlineData(-90)]
    [InlineData(90)]
    public async Task A_clock_that_is_off_is_measured_anew(int seconds)
    {
        await ConfirmedAsync(Orders.Buy(1m));
        await Host.SkewVenueClockAsync(TimeSpan.FromSeconds(seconds));

        // The first one may be refused, but never for good; the next ones are timed right.
        if (await SubmitAsync(Orders.Buy(1m)) is SubmitOutcome.Rejected refused)
        {
            refused.Rejection.Class.ShouldBeOneOf(RejectionClass.Transient, RejectionClass.Wait);
            await ConfirmedAsync(Orders.Buy(1m));
        }

        (await ReadAsync(Reading.Holdings)).ShouldBeNull();
        (await Host.CountOrdersAsync()).ShouldBe(2);
    }

    [FeatureFact(Feature.CheckedClock)]
    public async Task A_reading_survives_a_clock_that_is_off()
    {
        await Host.SkewVenueClockAsync(TimeSpan.FromSeconds(-90));
        if (await ReadAsync(Reading.Holdings) is { } failure)
        {
            failure.Kind.ShouldBe(FailureKind.Unavailable, failure.Text);
            (await ReadAsync(Reading.Holdings)).ShouldBeNull();
        }
    }

    [FeatureTheory(Feature.Keys)]
    [InlineData(KeyRights.None)]
    [InlineData(KeyRights.Read)]
    public async Task A_key_that_may_not_trade_is_a_matter_of_the_account(KeyRights rights)
    {
        await Host.SetKeyAsync(rights);
        (await RefusedAsync(Orders.Buy(1m))).Class.ShouldBe(RejectionClass.Account);
        (await ReadAsync(Reading.Connect))!.Kind.ShouldBe(FailureKind.Account);
        if (rights == KeyRights.None) (await ReadAsync(Reading.Holdings))!.Kind.ShouldBe(FailureKind.Account);
        (await Host.CountOrdersAsync()).ShouldBe(0);
        await Host.SetKeyAsync(KeyRights.Trade);
        (await ReadAsync(Reading.Connect)).ShouldBeNull();
        await ConfirmedAsync(Orders.Buy(1m));
    }

    [FeatureFact(Feature.Keys)]
    public async Task A_key_that_may_withdraw_is_warned_of()
    {
        await Host.SetKeyAsync(KeyRights.Withdraw);
        (await Gateway.ConnectAsync(default).InTime()).Value!.Warnings.ShouldContain(w => w.Contains("withdraw", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_long_time_later_everything_still_works()
    {
        var before = Orders.Buy(1m);
        await ConfirmedAsync(before);
        Host.Pass(TimeSpan.FromHours(3));
        var after = Orders.Buy(2m);
        await ConfirmedAsync(after);
        (await FoundAsync(before)).Filled.Value.ShouldBe(1m);
        (await FoundAsync(after)).Filled.Value.ShouldBe(2m);
    }

    // Whether readings have to wait as well is the venue's own matter.
    private async Task NoOrderIsSentUntilAllowedAsync()
    {
        var denied = await DeniedAsync(Orders.Buy(1m));
        (denied.Class, denied.RetryAfter > s_wait / 2).ShouldBe((RejectionClass.Wait, true), denied.ToString());
        Host.Pass(s_wait / 2);
        (await DeniedAsync(Orders.Buy(1m))).Class.ShouldBe(RejectionClass.Wait);

        // Of orders, not of requests: the gateway may ask for the venue's time meanwhile.
        (await Host.CountOrdersAsync()).ShouldBe(0, "not one order before the time that the venue named");
        Host.Pass(s_wait / 2);
        await ConfirmedAsync(Orders.Buy(1m));
    }

    private async Task NothingIsSentUntilAllowedAsync()
    {
        var sent = await Host.CountRequestsAsync();
        (await ReadAsync(Reading.Holdings))!.Kind.ShouldBe(FailureKind.RateLimited);
        var denied = await DeniedAsync(Orders.Buy(1m));
        denied.Class.ShouldBe(RejectionClass.Wait);
        denied.RetryAfter.ShouldNotBeNull();
        (await FindAsync(Orders.Buy(1m))).ShouldBeOfType<LookupOutcome.Incomplete>();
        Host.Pass(s_wait / 2);
        (await ReadAsync(Reading.Holdings))!.Kind.ShouldBe(FailureKind.RateLimited);
        (await Host.CountRequestsAsync()).ShouldBe(sent, "not one request before the time that the venue named");
        (await Host.CountOrdersAsync()).ShouldBe(0);
        Host.Pass(s_wait / 2);
        (await ReadAsync(Reading.Holdings)).ShouldBeNull();
        await ConfirmedAsync(Orders.Buy(1m));
    }
}
