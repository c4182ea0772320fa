using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Tests.Instruments;

/// <summary>MT5 symbol to instrument: by currencies, never by the symbol's name.</summary>
public sealed class SymbolMapperTests
{
    private static readonly ConnectorSettings s_settings = new()
    {
        Id = new ConnectorId("one"), Name = "One", Tag = "one0", Venue = "any", Routes = [], QuoteCurrency = "USDT", ProfitCurrency = "USD",
    };

    private static readonly ImmutableArray<Instrument> s_listed =
    [
        Listed("BTCUSDT", "BTC", "USDT"), Listed("ETHUSDT", "ETH", "USDT"), Listed("ETHBTC", "ETH", "BTC"), Listed("1000PEPEUSDT", "1000PEPE", "USDT"), Listed("EURUSDT", "EUR", "USDT"),
    ];

    [Theory]
    [InlineData("BTCUSD")]
    [InlineData("BTCUSD.pro")]
    [InlineData("#BTCUSDm")]
    [InlineData("Bitcoin")]
    [InlineData("XBT/USD-ECN")]
    public void Whatever_a_broker_calls_it_the_currencies_count(string symbol) => Found(Symbol(symbol, "BTC", "USD")).ShouldBe(("BTCUSDT", 1m, "exact"));

    [Theory]
    [InlineData("BTC", "EUR", "BTC/EUR")]
    [InlineData("btc", "USD", "btc/USDT")]
    [InlineData("XBT", "USD", "XBT/USDT")]
    [InlineData("PEPE", "USD", "PEPE/USDT")]
    [InlineData("BT", "USD", "BT/USDT")]
    [InlineData("BTC", "usd", "BTC/usd")]
    public void Assets_match_exactly_or_not_at_all(string baseCurrency, string profitCurrency, string named) =>
        Missing(Symbol("BTCUSD", baseCurrency, profitCurrency)).ShouldContain(named);

    [Theory]
    [InlineData("", "USD")]
    [InlineData("BTC", "")]
    public void A_symbol_without_currencies_is_mapped_by_hand(string baseCurrency, string profitCurrency) =>
        Missing(Symbol("BTCUSD", baseCurrency, profitCurrency)).ShouldContain("map it by hand");

    [Fact]
    public void Only_the_profit_currency_is_replaced_and_only_where_both_names_are_set()
    {
        Found(Symbol("ETHBTC", "ETH", "BTC")).Instrument.ShouldBe("ETHBTC");
        Missing(Symbol("BTCUSD", "BTC", "USD"), s_settings with { QuoteCurrency = "" }).ShouldContain("BTC/USD");
        Missing(Symbol("BTCUSD", "BTC", "USD"), s_settings with { ProfitCurrency = "" }).ShouldContain("BTC/USD");
        Found(Symbol("BTCUSDT", "BTC", "USDT"), s_settings with { QuoteCurrency = "", ProfitCurrency = "" }).Instrument.ShouldBe("BTCUSDT");
    }

    [Fact]
    public void Several_that_fit_are_named_and_none_is_taken()
    {
        var why = Missing(Symbol("BTCUSD", "BTC", "USD"), listed: [.. s_listed, Listed("BTCUSDT_260327", "BTC", "USDT")]);
        why.ShouldContain("BTCUSDT, BTCUSDT_260327");
        why.ShouldContain("map it by hand");
    }

    [Fact]
    public void What_is_delisted_does_not_fit_and_what_is_closed_does()
    {
        ImmutableArray<Instrument> listed = [Listed("BTCUSDT", "BTC", "USDT", InstrumentStatus.Delisted), Listed("ETHUSDT", "ETH", "USDT", InstrumentStatus.Closed)];
        Missing(Symbol("BTCUSD", "BTC", "USD"), listed: listed).ShouldContain("BTC/USDT");
        Found(Symbol("ETHUSD", "ETH", "USD"), listed: listed).Instrument.ShouldBe("ETHUSDT");
        Found(Symbol("BTCUSD", "BTC", "USD"), listed: [.. listed, Listed("BTCUSDT2", "BTC", "USDT")]).Instrument.ShouldBe("BTCUSDT2");
    }

    [Fact]
    public void A_persons_word_counts_before_the_currencies_and_brings_its_scale()
    {
        var pepe = Symbol("PEPEUSD", "PEPE", "USD");
        Found(pepe, byHand: new MappingOverride(pepe.Name, new InstrumentId("1000PEPEUSDT"), 1000m)).ShouldBe(("1000PEPEUSDT", 1000m, "override"));
        var bitcoin = Symbol("BTCUSD", "BTC", "USD");
        Found(bitcoin, byHand: new MappingOverride(bitcoin.Name, new InstrumentId("ETHUSDT"))).ShouldBe(("ETHUSDT", 1m, "override"));
        Missing(bitcoin, byHand: new MappingOverride(bitcoin.Name, new InstrumentId("GONE"))).ShouldContain("no instrument GONE");
        SymbolMapper.Map(bitcoin, s_listed, s_settings, new MappingOverride(bitcoin.Name, null)).ShouldBeOfType<SymbolMapping.Excluded>();
    }

    private static Instrument Listed(string symbol, string baseAsset, string quoteAsset, InstrumentStatus status = InstrumentStatus.Trading) => new(
        new InstrumentId(symbol), ProductKind.Derivative, new AssetName(baseAsset), new AssetName(quoteAsset), 1m, 0.001m, 0.001m, 100m, 5m, 0.1m, status);

    private static SymbolFacts Symbol(string name, string baseCurrency, string profitCurrency) =>
        new(new SymbolName(name), 1m, new Lots(0.01m), new Lots(0.01m), baseCurrency, profitCurrency, "USD", 2, "CFD", "", "");

    private static (string Instrument, decimal Scale, string Source) Found(
        SymbolFacts symbol, ConnectorSettings? settings = null, ImmutableArray<Instrument>? listed = null, MappingOverride? byHand = null)
    {
        var found = SymbolMapper.Map(symbol, listed ?? s_listed, settings ?? s_settings, byHand).ShouldBeOfType<SymbolMapping.Found>();
        return (found.Instrument.Id.Value, found.Scale, found.Source);
    }

    private static string Missing(SymbolFacts symbol, ConnectorSettings? settings = null, ImmutableArray<Instrument>? listed = null, MappingOverride? byHand = null) =>
        SymbolMapper.Map(symbol, listed ?? s_listed, settings ?? s_settings, byHand).ShouldBeOfType<SymbolMapping.NotFound>().Why;
}
