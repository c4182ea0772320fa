using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues.Conformance;

// What nobody answered: it stays unknown until the venue is asked.
public abstract partial class VenueConformance
{
    [Fact]
    public async Task Every_lost_answer_is_unknown_and_the_order_is_found() => await EachAsync(Host.WaysToLoseAnswers, async way =>
    {
        await Host.MakeAsync(new Trouble.LosesAnswer(way));
        var order = Orders.Buy(1m);
        var outcome = await SubmitAsync(order);
        outcome.ShouldBeOfType<SubmitOutcome.Unknown>(outcome.ToString()).Why.ShouldNotBeEmpty();
        var report = await FoundAsync(order);
        report.Filled.ShouldBe(new Contracts(1m));
        (await Host.CountOrdersAsync()).ShouldBe(1, "no layer sends an order again");
        (await Host.HeldAsync()).ShouldBe(1m - report.FeeInBase.Value);
    });

    [Fact]
    public async Task Every_lost_order_is_unknown_and_not_found() => await EachAsync(Host.WaysToLoseOrders, async way =>
    {
        await Host.MakeAsync(new Trouble.LosesOrder(way));
        var order = Orders.Buy(1m);
        var outcome = await SubmitAsync(order);
        outcome.ShouldBeOfType<SubmitOutcome.Unknown>(outcome.ToString()).Why.ShouldNotBeEmpty();
        await NotFoundAsync(order);
        (await Host.CountOrdersAsync()).ShouldBe(0, "no layer sends an order again");
    });

    [FeatureFact(Feature.LateVisibility)]
    public async Task An_order_that_is_not_visible_yet_is_found_later()
    {
        Gateway.Capabilities.Rules.VisibilityDelay.ShouldBeGreaterThan(TimeSpan.Zero, "the heart has to know how long not found means nothing");
        await Host.MakeAsync(new Trouble.HidesOrder());
        await Host.MakeAsync(new Trouble.LosesAnswer(Host.WaysToLoseAnswers[0]));
        var order = Orders.Buy(1m);
        (await SubmitAsync(order)).ShouldBeOfType<SubmitOutcome.Unknown>();
        (await FindAsync(order)).ShouldNotBeOfType<LookupOutcome.Found>();
        await Host.ShowOrdersAsync();
        (await FoundAsync(order)).Filled.ShouldBe(new Contracts(1m));
    }

    [Fact]
    public async Task To_the_end_of_its_memory_the_venue_finds_every_order_and_afterwards_it_answers()
    {
        var filled = Orders.Buy(1m);
        await ConfirmedAsync(filled);
        await Host.MakeAsync(new Trouble.FillsNothing());
        var expired = Orders.Buy(1m);
        await SubmitAsync(expired);
        Host.Pass(Gateway.Capabilities.Rules.Memory - TimeSpan.FromHours(1));
        (await FoundAsync(filled)).Filled.ShouldBe(filled.Quantity);
        var ended = await FoundAsync(expired);
        (ended.Status, ended.Filled).ShouldBe((OrderStatus.Expired, Contracts.Zero));

        // Beyond it that a look-up does not find an order means nothing any more, but a look-up is answered: only then holdings may settle an order.
        Host.Pass(TimeSpan.FromHours(2));
        foreach (var order in new[] { filled, expired })
        {
            var outcome = await FindAsync(order);
            if (outcome is LookupOutcome.Found found) (found.Report.ClientOrderId, found.Report.Filled.IsZero).ShouldBe((order.ClientOrderId, order == expired));
            else outcome.ShouldBeOfType<LookupOutcome.NotFound>(outcome.ToString());
        }
    }

    [Fact]
    public async Task A_look_up_says_not_found_only_where_the_venue_does() => await EachAsync(Host.LookUpErrors, async row =>
    {
        await Host.MakeAsync(new Trouble.RefusesLookUp(row));
        var outcome = await FindAsync(Orders.Buy(1m));
        (outcome is LookupOutcome.NotFound, outcome is LookupOutcome.Incomplete).ShouldBe((row.NotFound, !row.NotFound), outcome.ToString());
    });

    [Fact]
    public async Task What_was_never_sent_is_not_found_and_not_cancelled()
    {
        var order = Orders.Buy(1m);
        await NotFoundAsync(order);
        (await CancelAsync(order)).ShouldBeOfType<CancelOutcome.NothingToCancel>();
    }

    [Fact]
    public async Task A_lost_cancel_is_unknown_until_the_order_is_looked_up()
    {
        var order = Orders.Buy(2m);
        await Host.RestAsync(order);
        await Host.MakeAsync(new Trouble.LosesCancelAnswer());
        (await CancelAsync(order)).ShouldBeOfType<CancelOutcome.Unknown>();
        (await FoundAsync(order)).Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Fact]
    public async Task A_refused_cancel_says_what_the_venue_said() => await EachAsync(Host.CancelErrors, async row =>
    {
        await Host.MakeAsync(new Trouble.RefusesCancel(row));
        var outcome = await CancelAsync(Orders.Buy(1m));
        outcome.GetType().ShouldBe(row.Outcome, outcome.ToString());
    });
}
