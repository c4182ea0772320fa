using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Matching;

namespace CSMultiConnector.Venues.Tests.Paper;

public sealed class PaperListingTests
{
    [Theory]
    [InlineData("EURUSD", "EUR", "USD", "EUR", "USD")]
    [InlineData("GER40", "EUR", "EUR", "GER40", "EUR")]
    [InlineData("AAPL.OQ", "", "USD", "AAPL.OQ", "USD")]
    [InlineData("ODD", "", "", "ODD", "USD")]
    public void Base_and_quote_come_from_the_facts_or_from_the_symbol(string name, string baseCurrency, string profitCurrency, string expectedBase, string expectedQuote)
    {
        var symbol = new SymbolFacts(new SymbolName(name), 100_000m, new Lots(0.10m), new Lots(0.01m), baseCurrency, profitCurrency, "", 5, "FOREX", "", "");
        var instrument = Listing.FromSymbol(PaperProduct.Spot, symbol);
        instrument.ShouldBe(new Instrument(
            new InstrumentId(name), ProductKind.Spot, new AssetName(expectedBase), new AssetName(expectedQuote), 1m, 1_000m, 10_000m, null, 0m, 0.00001m, InstrumentStatus.Trading));
        AmountText.Of(instrument.LotStep).ShouldBe("1000");
    }

    [Fact]
    public async Task A_fed_price_wins_over_the_orders_own_which_is_remembered()
    {
        await using var exchange = PaperExchange.Open(new PaperExchangeOptions());
        await exchange.ListAsync(PaperProduct.Futures, Samples.Instrument(PaperProduct.Futures), default);
        (await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m), default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Wait);
        (await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(2, OrderSide.Buy, 1m) with { ReferencePrice = new Price(50m) })).AveragePrice.ShouldBe(new Price(50m));
        (await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(3, OrderSide.Buy, 1m))).AveragePrice.ShouldBe(new Price(50m));
        (await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(4, OrderSide.Buy, 1m) with { ReferencePrice = new Price(60m) })).AveragePrice.ShouldBe(new Price(60m));
        await exchange.SetPriceAsync(PaperProduct.Futures, PaperDesk.Symbol, new Price(70m), default);
        (await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(5, OrderSide.Buy, 1m) with { ReferencePrice = new Price(60m) })).AveragePrice.ShouldBe(new Price(70m));
    }

    [Fact]
    public async Task The_position_mode_changes_only_while_nothing_is_held()
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions()).ReadyAsync();
        var hedge = new PaperAccountOptions { PositionMode = PositionMode.Hedge };
        (await exchange.OpenAccountAsync(PaperDesk.Futures, new PaperAccountOptions(), default)).Value!.PositionMode.ShouldBe(PositionMode.OneWay);
        (await exchange.OpenAccountAsync(PaperDesk.Futures, hedge, default)).Value!.PositionMode.ShouldBe(PositionMode.Hedge);
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m, PositionSide.Long));
        (await exchange.OpenAccountAsync(PaperDesk.Futures, new PaperAccountOptions { PositionMode = PositionMode.OneWay }, default)).Failure!.Kind.ShouldBe(FailureKind.Account);
        (await exchange.OpenAccountAsync(PaperDesk.Spot, hedge, default)).Failure!.Kind.ShouldBe(FailureKind.Invalid);
    }

    [Fact]
    public async Task A_spot_account_starts_with_its_quote_balance_once()
    {
        await using var exchange = PaperExchange.Open(new PaperExchangeOptions());
        await exchange.OpenAccountAsync(PaperDesk.Spot, new PaperAccountOptions { QuoteBalance = 500m, FeeRate = 0m }, default);
        await exchange.ReadyAsync();
        (await exchange.HeldAsync(PaperDesk.Spot, "USD")).ShouldBe(500m);
        await exchange.DoneAsync(PaperDesk.Spot, PaperDesk.Order(1, OrderSide.Buy, 5m));
        (await exchange.HeldAsync(PaperDesk.Spot, "USD")).ShouldBe(0m);
        await exchange.ListAsync(PaperProduct.Spot, Samples.Instrument(PaperProduct.Spot) with { Id = new InstrumentId("OTHERUSD"), Base = new AssetName("OTHER") }, default);
        (await exchange.HeldAsync(PaperDesk.Spot, "USD")).ShouldBe(0m);
        (await exchange.HeldAsync(PaperDesk.Spot, "TST")).ShouldBe(5m);
    }

    [Fact]
    public async Task Senseless_instruments_and_prices_are_refused_with_a_reason()
    {
        await using var exchange = PaperExchange.Open(new PaperExchangeOptions { MaxInstruments = 1 });
        var good = Samples.Instrument(PaperProduct.Spot);
        foreach (var wrong in new[] { good with { LotStep = 0m }, good with { ContractSize = 2m }, good with { Quote = good.Base }, good with { Kind = ProductKind.Derivative }, good with { MaxQuantity = 0.01m } })
            (await exchange.ListAsync(PaperProduct.Spot, wrong, default)).Failure!.Kind.ShouldBe(FailureKind.Invalid);
        (await exchange.ListAsync(PaperProduct.Spot, good, default)).IsSuccess.ShouldBeTrue();
        (await exchange.ListAsync(PaperProduct.Spot, good with { Id = new InstrumentId("MORE") }, default)).Failure!.Text.ShouldContain("at most 1");
        (await exchange.SetPriceAsync(PaperProduct.Spot, good.Id, new Price(0m), default)).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public async Task Amounts_that_no_venue_has_do_no_harm()
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions()).ReadyAsync();
        await exchange.ListAsync(PaperProduct.Futures, Samples.Instrument(PaperProduct.Futures) with { MaxQuantity = null, ContractSize = 1_000_000_000m }, default);
        await exchange.SetPriceAsync(PaperProduct.Futures, PaperDesk.Symbol, new Price(1_000_000_000_000m), default);
        (await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1_000_000_000_000m), default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Split);
        (await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(2, OrderSide.Buy, decimal.MaxValue), default)).ShouldBeOfType<SubmitOutcome.Rejected>();
        (await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(3, OrderSide.Buy, -1m), default)).ShouldBeOfType<SubmitOutcome.Rejected>();
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(0m);
    }
}
