using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>What every gateway must do, whatever the venue: one class a product derives from it and says what the product lacks. Tests of a feature are there only where it is.</summary>
public abstract partial class VenueConformance : IAsyncLifetime
{
    private readonly List<string> _said = [];
    private VenueHost? _host;
    private OrderMaker? _orders;

    protected VenueHost Host => _host!;

    protected OrderMaker Orders => _orders!;

    protected IVenueGateway Gateway => Host.Gateway;

    protected bool IsSpot => Gateway.Capabilities.Rules.Kind == ProductKind.Spot;

    public async Task InitializeAsync()
    {
        await BeginAsync();
        (await Gateway.ConnectAsync(default).InTime()).Failure?.Text.ShouldBeNull("the gateway connects");
        (await Gateway.GetInstrumentsAsync(default).InTime()).Failure?.Text.ShouldBeNull("and reads what can be traded, as connectors do");
    }

    public async Task DisposeAsync()
    {
        if (_host is null) return;
        var (logged, unmet) = (_host.Logged, _host.Unmet);
        await _host.DisposeAsync();
        unmet.ShouldBe(0, "trouble that nothing met proves nothing");
        foreach (var secret in _host.Secrets)
        {
            _said.ShouldAllBe(text => !text.Contains(secret, StringComparison.Ordinal), "no text for a person tells a secret");
            logged.Contains(secret, StringComparison.Ordinal).ShouldBeFalse("no line of the log tells a secret");
        }
    }

    protected abstract Task<VenueHost> StartAsync();

    [Fact]
    public void What_the_class_says_is_what_the_gateway_declares_and_every_feature_and_lack_has_a_test()
    {
        var lacks = FeatureTests.LacksOf(GetType());
        Enum.GetValues<Feature>().Where(f => Host.Declares(f) == lacks.ContainsKey(f)).ShouldBeEmpty("the gateway declares otherwise");
        lacks.Values.ShouldAllBe(why => why.Length > 10);
        var there = FeatureTests.Of(GetType()).Where(t => t.Test.IsThereIn(lacks)).ToArray();
        Enum.GetValues<Feature>().Where(f => !there.Any(t => t.Test.Proves(f, lacks.ContainsKey(f)))).ShouldBeEmpty("nothing proves it");
    }

    [Fact]
    public async Task The_runner_finds_the_tests_of_what_the_product_has_and_no_others()
    {
        var lacks = FeatureTests.LacksOf(GetType());
        var found = await Discovery.TestsOfAsync(GetType());
        foreach (var (method, test) in FeatureTests.Of(GetType())) found.Contains(method.Name).ShouldBe(test.IsThereIn(lacks), method.Name);
    }

    [Fact]
    public void The_tables_of_the_host_are_there()
    {
        Host.Errors.Select(e => e.Name).ShouldBeUnique();
        Host.Errors.Select(e => e.Class).Distinct().Count(c => c is not null).ShouldBeGreaterThan(4, "a table of one class is none");
        Host.WaysToLoseAnswers.ShouldNotBeEmpty();
        Host.WaysToLoseOrders.ShouldNotBeEmpty();
        Host.ReadingFailures.Select(f => f.Reading).ShouldContain(Reading.Holdings);
    }

    [Fact]
    public async Task Connecting_says_who_we_are_and_again_the_same()
    {
        var first = await Gateway.ConnectAsync(default).InTime();
        var second = await Gateway.ConnectAsync(default).InTime();
        first.Value!.AccountId.ShouldNotBeEmpty();
        first.Value.PositionMode.ShouldBe(Host.Mode);
        first.Value.Warnings.ShouldBeEmpty();
        Gateway.Capabilities.PositionModes.ShouldContain(Host.Mode);
        second.Value!.AccountId.ShouldBe(first.Value.AccountId);
    }

    [Fact]
    public async Task Cancellation_throws_whatever_was_asked()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var (order, token) = (Orders.Buy(1m), cancelled.Token);
        await Should.ThrowAsync<OperationCanceledException>(() => Gateway.SubmitAsync(order, token));
        await Should.ThrowAsync<OperationCanceledException>(() => Gateway.FindAsync(Orders.Key(order), token));
        await Should.ThrowAsync<OperationCanceledException>(() => Gateway.CancelAsync(Orders.Key(order), token));
        await Should.ThrowAsync<OperationCanceledException>(() => Gateway.ReadHoldingsAsync(token));
        await Should.ThrowAsync<OperationCanceledException>(() => Gateway.ReadOpenOrdersAsync(token));
        (await Host.CountOrdersAsync()).ShouldBe(0);
    }

    protected async Task<OrderReport> ConfirmedAsync(OrderRequest order)
    {
        var outcome = await SubmitAsync(order);
        return outcome.ShouldBeOfType<SubmitOutcome.Confirmed>(outcome.ToString()).Report;
    }

    /// <summary>The venue refused it, or a local check did before: both say the class.</summary>
    protected async Task<Rejection> RefusedAsync(OrderRequest order) => await SubmitAsync(order) switch
    {
        SubmitOutcome.Rejected rejected => rejected.Rejection,
        SubmitOutcome.DeniedLocally denied => denied.Reason,
        var other => throw new ShouldAssertException($"refused or denied was expected, but it is {other}"),
    };

    protected async Task<Rejection> DeniedAsync(OrderRequest order)
    {
        var outcome = await SubmitAsync(order);
        return outcome.ShouldBeOfType<SubmitOutcome.DeniedLocally>(outcome.ToString()).Reason;
    }

    protected async Task<SubmitOutcome> SubmitAsync(OrderRequest order)
    {
        var outcome = await Gateway.SubmitAsync(order, default).InTime();
        _said.Add(outcome.ToString());
        return outcome;
    }

    protected async Task<LookupOutcome> FindAsync(OrderRequest order)
    {
        var outcome = await Gateway.FindAsync(Orders.Key(order), default).InTime();
        _said.Add(outcome.ToString());
        return outcome;
    }

    protected async Task<CancelOutcome> CancelAsync(OrderRequest order)
    {
        var outcome = await Gateway.CancelAsync(Orders.Key(order), default).InTime();
        _said.Add(outcome.ToString());
        return outcome;
    }

    protected async Task<OrderReport> FoundAsync(OrderRequest order)
    {
        var outcome = await FindAsync(order);
        return outcome.ShouldBeOfType<LookupOutcome.Found>(outcome.ToString()).Report;
    }

    protected async Task NotFoundAsync(OrderRequest order)
    {
        var outcome = await FindAsync(order);
        outcome.ShouldBeOfType<LookupOutcome.NotFound>(outcome.ToString());
    }

    protected async Task<VenueFailure?> ReadAsync(Reading reading)
    {
        var failure = reading switch
        {
            Reading.Connect => (await Gateway.ConnectAsync(default).InTime()).Failure,
            Reading.Instruments => (await Gateway.GetInstrumentsAsync(default).InTime()).Failure,
            Reading.Holdings => (await Gateway.ReadHoldingsAsync(default).InTime()).Failure,
            _ => (await Gateway.ReadOpenOrdersAsync(default).InTime()).Failure,
        };
        if (failure is not null) _said.Add(failure.ToString());
        return failure;
    }

    protected async Task<IAsyncEnumerator<VenueEvent>> ListenAsync(CancellationToken cancellation = default)
    {
        var events = Gateway.StreamAsync(cancellation).GetAsyncEnumerator(CancellationToken.None);
        if (Host.StreamBeginsWithGap) (await events.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        return events;
    }

    /// <summary>Runs a check on a venue of its own for each case, and names all that fail.</summary>
    protected async Task EachAsync<T>(IEnumerable<T> cases, Func<T, Task> check)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var one in cases)
        {
            count++;
            try
            {
                // The first one runs on the venue that is there.
                if (count > 1) await AnewAsync();
                await check(one);
            }
            catch (Exception e) when (e is ShouldAssertException or TimeoutException)
            {
                wrong.Add($"{one}: {e.Message}");
            }
        }

        count.ShouldBeGreaterThan(0, "there is nothing to check");
        wrong.ShouldBeEmpty();
    }

    private async Task AnewAsync()
    {
        await DisposeAsync();
        await InitializeAsync();
    }

    private async Task BeginAsync()
    {
        _host = await StartAsync();
        _orders = new OrderMaker(_host);
    }
}
