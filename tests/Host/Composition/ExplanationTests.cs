using System.Collections.Immutable;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Host.Tests.Api;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Host.Tests.Composition;

public sealed class ExplanationTests : IDisposable
{
    private static readonly ConnectorId Connector = new("c");
    private static readonly LegId Leg = new("BTCUSD", PositionSide.Net);
    private static readonly StreamId Stream = new(new TerminalId(5, "S"), new Magic(1001));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_order_is_told_from_its_deals_to_its_fills()
    {
        await WithHistoryAsync(async history =>
        {
            var first = Intent(1, lots: 0.305m, ticket: 77, target: 0.3m);
            var second = Intent(2, lots: -0.1m, ticket: 78, target: -0.1m);
            await AppendAsync(
                history,
                new IntentDecided(Samples.Noon, first),
                new OrderFilled(Samples.Noon, first.Order.ClientOrderId, new FillProgress(new Contracts(0.3m), Contracts.Zero, new Price(65_000m), [])),
                new IntentClosed(Samples.Noon, first.Order.ClientOrderId, IntentEnd.Filled, null, "the venue says so", false),
                new OrderCostsTold(Samples.Noon, first.Order.ClientOrderId, new Price(65_001m), [new Fee(new AssetName("USDT"), 7.80m)]),
                new DriftBooked(Samples.Noon, new Contracts(0.1m), new Contracts(0.4m)),
                new IntentDecided(Samples.Noon, second));

            var told = (await new ExplanationsOverHistory(history).ExplainAsync(Connector, Leg, 10, CancellationToken.None))!;

            told.Orders.Select(o => o.Number).ShouldBe([2, 1]);
            told.Orders[0].End.ShouldBeNull();
            var order = told.Orders[1];
            order.End.ShouldBe("filled");
            order.Filled.ShouldBe(0.3m);
            order.AveragePrice.ShouldBe(65_001m, "what was told later is known better");
            order.Reason.RoundingResidual.ShouldBe(0.005m);
            order.Steps.Select(s => s.Kind).ShouldBe(["fill", "intent-end", "costs"]);
            order.Steps[^1].Text.ShouldEndWith(": filled at 65001, fee 7.8 USDT");
            var contribution = order.Reason.Contributions.Single();
            contribution.Terminal.ShouldBe("5@S");
            contribution.Deals.ShouldBe([77]);
            contribution.Contracts.ShouldBe(0.305m);
            told.Orders[0].Reason.Contributions.Single().Contracts.ShouldBe(-0.1m);
            told.Events.Select(e => e.Kind).ShouldBe(["drift"]);
        });
    }

    [Fact]
    public async Task Only_as_many_orders_are_told_as_were_asked_for()
    {
        await WithHistoryAsync(async history =>
        {
            await AppendAsync(history, [.. Enumerable.Range(1, 5).Select(n => new IntentDecided(Samples.Noon, Intent(n, 0.1m, n, 0.1m)))]);
            var told = (await new ExplanationsOverHistory(history).ExplainAsync(Connector, Leg, 2, CancellationToken.None))!;
            told.Orders.Select(o => o.Number).ShouldBe([5, 4]);
        });
    }

    [Fact]
    public async Task Of_a_leg_that_never_was_nothing_is_told() =>
        await WithHistoryAsync(async history =>
            (await new ExplanationsOverHistory(history).ExplainAsync(Connector, Leg, 2, CancellationToken.None)).ShouldBeNull());

    private static Intent Intent(long number, decimal lots, long ticket, decimal target)
    {
        var id = ClientOrderId.Create("abcd", "efghij", number);
        var side = lots > 0m ? OrderSide.Buy : OrderSide.Sell;
        var contribution = new Contribution(
            new SourceId(Stream, new SymbolName("BTCUSD")), Level.OfNet(new Lots(lots)), LevelKnowledge.Known, new LevelVersion(1, number), 1m, Level.Flat, [ticket]);
        var reason = new IntentReason(
            [contribution], lots, new Contracts(target), Contracts.Zero, Contracts.Zero, Contracts.Zero, new Contracts(target), Contracts.Zero, 1m);
        var order = new OrderRequest(id, new InstrumentId("BTCUSD"), PositionSide.Net, side, new Contracts(Math.Abs(target)), false, Samples.Noon, null);
        return new Intent(order, number, Samples.Noon, true, reason);
    }

    private static async Task AppendAsync(HistoryStore history, params JournaledEvent[] events)
    {
        await history.AppendAsync(
            events.Select((e, i) => HistoryText.Of(Connector, Leg, e, new HistorySource("leg", i + 1))).ToImmutableArray(), CancellationToken.None);
    }

    private async Task WithHistoryAsync(Func<HistoryStore, Task> test)
    {
        using var folder = DataFolder.Open(Path.Combine(_folder.Path, "data"), TimeProvider.System).Value!;
        await using var history = (await HistoryStore.OpenAsync(
            folder, new HistoryOptions(), TimeProvider.System, NullLogger<HistoryStore>.Instance, CancellationToken.None)).Value!;
        await test(history);
    }
}
