using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;

namespace CSMultiConnector.Actors.Tests;

/// <summary>Spot: what is held is assets, and one of them is the money.</summary>
public sealed class SpotTests
{
    [Theory]
    [InlineData("EURUSD", "USDJPY")]
    [InlineData("USDJPY", "EURUSD")]
    public async Task Whatever_pays_for_a_leg_is_no_leg_whichever_came_first(string first, string second)
    {
        await using var world = World.Create();
        await world.ListAsync("EURUSD", 1.1m, PaperProduct.Spot);
        await world.ListAsync("USDJPY", 150m, PaperProduct.Spot, quote: "JPY");
        await world.StartHostAsync(Given.Spot("paper") with { QuoteCurrency = "", ProfitCurrency = "" });
        var terminal = await world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("EURUSD");
        terminal.Symbol("USDJPY", quote: "JPY");
        terminal.Deal(1, 7, first, OrderSide.Buy, 1m, 1m);
        var status = await world.UntilAsync(s => s.Connectors[0].Legs.Length == 1 && !s.Connectors[0].Busy, "the first is a leg");
        terminal.Deal(2, 7, second, OrderSide.Buy, 2m, 2m);
        status = await world.UntilAsync(s => !s.Connectors[0].Unmapped.IsEmpty, "the second is refused");
        status.Connectors[0].Unmapped.Single().Key.Value.ShouldBe(second);
        status.Connectors[0].Unmapped.Single().Value.ShouldContain("paid with");
        status.Connectors[0].Legs.Single().Leg.Holding.ShouldBe(first[..3]);
        world.Sent.ShouldAllBe(o => o.Order.Instrument.Value == first);
    }

    [Fact]
    public async Task A_sync_of_the_whole_account_does_not_sell_the_money()
    {
        await using var world = World.Create();
        await world.ListAsync("EURUSD", 1.1m, PaperProduct.Spot);
        await world.ListAsync("GBPUSD", 1.3m, PaperProduct.Spot);
        await world.ListAsync("USDJPY", 150m, PaperProduct.Spot, quote: "JPY");
        await world.TradeByHandAsync("GBPUSD", 3m, product: PaperProduct.Spot);
        (await world.HeldAsync("USD", PaperProduct.Spot)).ShouldBeGreaterThan(0m);
        await world.StartHostAsync(Given.Spot("paper") with { QuoteCurrency = "", ProfitCurrency = "", SyncAtStartup = true, SyncScope = SyncScope.WholeAccount });
        await world.HoldingAsync((7, "EURUSD", 1m));
        await world.UntilAsync(s => s.Converged && s.Connectors[0].LastSync is not null && world.Sent.Count >= 2, "synced");
        world.Sent.Select(o => (o.Order.Side, o.Order.Instrument.Value)).ShouldBe([(OrderSide.Sell, "GBPUSD"), (OrderSide.Buy, "EURUSD")]);
    }
}
