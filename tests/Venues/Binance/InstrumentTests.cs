using System.Text;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Venues.Binance;
using CSMultiConnector.Venues.Binance.Spot;
using CSMultiConnector.Venues.Binance.UsdM;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Binance;

public sealed class InstrumentTests
{
    internal const string SpotInfo =
        """
        {"timezone":"UTC","serverTime":1,"rateLimits":[
          {"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000},
          {"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50},
          {"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":160000},
          {"rateLimitType":"CONNECTIONS","interval":"MINUTE","intervalNum":5,"limit":300}],
         "exchangeFilters":[],"symbols":[
          {"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","orderTypes":["LIMIT","MARKET"],"isSpotTradingAllowed":true,"permissions":[],"filters":[
            {"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},
            {"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"},
            {"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"71.25000000","stepSize":"0.00000000"},
            {"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.00000000","applyMaxToMarket":false,"avgPriceMins":5},
            {"filterType":"SOMETHING_NEW","value":{"a":[1]}}]},
          {"symbol":"ETHUSDT","status":"BREAK","baseAsset":"ETH","quoteAsset":"USDT","orderTypes":["MARKET"],"isSpotTradingAllowed":true,"filters":[
            {"filterType":"LOT_SIZE","minQty":"0.01","maxQty":"100","stepSize":"0.001"},
            {"filterType":"MARKET_LOT_SIZE","minQty":"0.1","maxQty":"500","stepSize":"0.01"},
            {"filterType":"MIN_NOTIONAL","minNotional":"10","applyToMarket":false,"avgPriceMins":5}]},
          {"symbol":"LIMITUSDT","status":"TRADING","baseAsset":"LIMIT","quoteAsset":"USDT","orderTypes":["LIMIT"],"isSpotTradingAllowed":true,"filters":[{"filterType":"LOT_SIZE","minQty":"1","maxQty":"2","stepSize":"1"}]},
          {"symbol":"MARGINUSDT","status":"TRADING","baseAsset":"MARGIN","quoteAsset":"USDT","orderTypes":["MARKET"],"isSpotTradingAllowed":false,"filters":[{"filterType":"LOT_SIZE","minQty":"1","maxQty":"2","stepSize":"1"}]},
          {"symbol":"币安USDT","status":"TRADING","baseAsset":"币安","quoteAsset":"USDT","orderTypes":["MARKET"],"isSpotTradingAllowed":true,"filters":[{"filterType":"LOT_SIZE","minQty":"1","maxQty":"2","stepSize":"1"}]}]}
        """;

    internal const string UsdmInfo =
        """
        {"timezone":"UTC","serverTime":1,"rateLimits":[
          {"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":2400},
          {"rateLimitType":"ORDERS","interval":"MINUTE","intervalNum":1,"limit":1200}],
         "symbols":[
          {"symbol":"BTCUSDT","contractType":"PERPETUAL","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","marginAsset":"USDT","pricePrecision":2,"quantityPrecision":3,"orderTypes":["LIMIT","MARKET"],"filters":[
            {"minPrice":"402","maxPrice":"1246396.60","filterType":"PRICE_FILTER","tickSize":"0.10"},
            {"stepSize":"0.001","filterType":"LOT_SIZE","maxQty":"1000","minQty":"0.001"},
            {"stepSize":"0.001","filterType":"MARKET_LOT_SIZE","maxQty":"120","minQty":"0.001"},
            {"notional":"50","filterType":"MIN_NOTIONAL"},
            {"multiplierDown":"0.9","multiplierUp":"1.1","multiplierDecimal":"4","filterType":"PERCENT_PRICE"}]},
          {"symbol":"OLDUSDT","contractType":"PERPETUAL","status":"SETTLING","baseAsset":"OLD","quoteAsset":"USDT","orderTypes":["MARKET"],"filters":[{"stepSize":"1","filterType":"LOT_SIZE","maxQty":"1","minQty":"1"}]},
          {"symbol":"GONEUSDT","contractType":"PERPETUAL","status":"CLOSE","baseAsset":"GONE","quoteAsset":"USDT","orderTypes":["MARKET"],"filters":[{"stepSize":"1","filterType":"LOT_SIZE","maxQty":"1","minQty":"1"}]},
          {"symbol":"BTCUSDT_270326","contractType":"CURRENT_QUARTER","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","orderTypes":["MARKET"],"filters":[{"stepSize":"1","filterType":"LOT_SIZE","maxQty":"1","minQty":"1"}]}]}
        """;

    [Fact]
    public void Spot_symbols_become_instruments_by_their_filters()
    {
        var all = SpotInstruments.Of(Read(SpotInfo, BinanceJson.Default.SpotExchangeInfoWire));
        all.Select(i => i.Id.Value).ShouldBe(["BTCUSDT", "ETHUSDT", "币安USDT"]);
        all[0].ShouldBe(new Instrument(
            new InstrumentId("BTCUSDT"), ProductKind.Spot, new AssetName("BTC"), new AssetName("USDT"), 1m, 0.00001m, 0.00001m, 71.25m, 5m, 0.01m, InstrumentStatus.Trading));
        all[0].HoldingName.ShouldBe("BTC");

        // The tighter of both rules of lots; a notional that is not for market orders does not count.
        (all[1].LotStep, all[1].MinQuantity, all[1].MaxQuantity, all[1].MinNotional, all[1].Status).ShouldBe((0.01m, 0.1m, 100m, 0m, InstrumentStatus.Closed));
    }

    [Fact]
    public void Contracts_are_of_one_base_unit_and_precision_is_not_the_tick()
    {
        var all = UsdmInstruments.Of(Read(UsdmInfo, BinanceJson.Default.UsdmExchangeInfoWire));
        all.Select(i => (i.Id.Value, i.Status)).ShouldBe([("BTCUSDT", InstrumentStatus.Trading), ("OLDUSDT", InstrumentStatus.Closed), ("GONEUSDT", InstrumentStatus.Delisted)]);
        all[0].ShouldBe(new Instrument(
            new InstrumentId("BTCUSDT"), ProductKind.Derivative, new AssetName("BTC"), new AssetName("USDT"), 1m, 0.001m, 0.001m, 120m, 50m, 0.10m, InstrumentStatus.Trading));
    }

    [Fact]
    public void Limits_are_read_with_the_headers_that_tell_of_them()
    {
        Read(SpotInfo, BinanceJson.Default.SpotExchangeInfoWire).RateLimits.Select(l => l.ToLimit()).ShouldBe([
            new RateLimit(RateKind.Weight, TimeSpan.FromMinutes(1), 6000, "X-MBX-USED-WEIGHT-1M"),
            new RateLimit(RateKind.Orders, TimeSpan.FromSeconds(10), 50, "X-MBX-ORDER-COUNT-10S"),
            new RateLimit(RateKind.Orders, TimeSpan.FromDays(1), 160_000, "X-MBX-ORDER-COUNT-1D"),
            null]);
    }

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => VenueJson.Read(Encoding.UTF8.GetBytes(json), type).ShouldNotBeNull();
}
