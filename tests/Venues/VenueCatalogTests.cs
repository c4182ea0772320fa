using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Http;

namespace CSMultiConnector.Venues.Tests;

public sealed class VenueCatalogTests
{
    private static readonly VenueCatalog Catalog = VenueCatalog.CreateDefault();

    [Fact]
    public void All_products_are_there_with_their_rules()
    {
        Catalog.Products.Select(p => p.Id).ShouldBe(["binance-spot", "binance-usdm", "paper-futures", "paper-spot"]);
        Catalog.Find("paper-spot")!.Capabilities.Rules.Kind.ShouldBe(ProductKind.Spot);
        Catalog.Find("paper-spot")!.Capabilities.Rules.OffersReduceOnly.ShouldBeFalse();
        Catalog.Find("paper-futures")!.Capabilities.PositionModes.ShouldBe([PositionMode.OneWay, PositionMode.Hedge]);
        Catalog.Find("nowhere").ShouldBeNull();
    }

    [Theory]
    [InlineData("paper-futures", "positionMode", "hedge", null)]
    [InlineData("paper-futures", "positionMode", "both", "oneWay or hedge")]
    [InlineData("paper-spot", "positionMode", "oneWay", "allowed are feeRate, quoteBalance")]
    [InlineData("paper-spot", "feeRate", "0.002", null)]
    [InlineData("paper-spot", "feeRate", "0,002", "0 to 0.1")]
    [InlineData("paper-spot", "feeRate", "0.2", "0 to 0.1")]
    [InlineData("paper-spot", "quoteBalance", "-1", "must be a number")]
    [InlineData("paper-futures", "quoteBalance", "1", "no option 'quoteBalance'")]
    [InlineData("paper-spot", "quietPeriod", "00:00:01", null)]
    [InlineData("paper-spot", "quietPeriod", "1 s", "must be a time")]
    [InlineData("nowhere", "x", "y", "known are binance-spot, binance-usdm, paper-futures, paper-spot")]
    public void Options_are_checked_and_what_is_allowed_is_said(string venue, string option, string value, string? wrong)
    {
        var found = Catalog.Validate(Settings(venue) with { VenueOptions = ImmutableSortedDictionary<string, string>.Empty.Add(option, value) });
        if (wrong is null) found.ShouldBeEmpty();
        else found.ShouldHaveSingleItem().ShouldContain(wrong);
    }

    [Fact]
    public void Account_and_address_are_checked()
    {
        Catalog.Validate(Settings("paper-spot") with { Account = "a b" }).ShouldHaveSingleItem().ShouldContain("account");
        Catalog.Validate(Settings("paper-spot") with { ApiUrl = "ftp://x" }).ShouldHaveSingleItem().ShouldContain("address");
        Catalog.Validate(Settings("paper-spot") with { ApiUrl = "http://127.0.0.1:1" }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("live", null)]
    [InlineData("testnet", null)]
    [InlineData("demo", null)]
    [InlineData("https://example.com", null)]
    [InlineData("http://127.0.0.1:9443", null)]
    [InlineData("http://example.com", "not encrypted")]
    [InlineData("moon", "there are live, testnet, demo")]
    public void Networks_are_known_by_name_or_address(string apiUrl, string? wrong)
    {
        foreach (var venue in new[] { "binance-spot", "binance-usdm" })
        {
            var found = Catalog.Validate(Settings(venue) with { ApiUrl = apiUrl });
            if (wrong is null) found.ShouldBeEmpty();
            else found.ShouldHaveSingleItem().ShouldContain(wrong);
        }
    }

    [Fact]
    public void A_product_has_currencies_of_its_own_where_none_are_set()
    {
        var settings = Catalog.WithDefaults(Settings("binance-usdm"));
        (settings.QuoteCurrency, settings.ProfitCurrency).ShouldBe(("USDT", "USD"));
        settings = Catalog.WithDefaults(Settings("binance-spot") with { QuoteCurrency = "", ProfitCurrency = "EUR" });
        (settings.QuoteCurrency, settings.ProfitCurrency).ShouldBe(("", "EUR"));
        Catalog.WithDefaults(Settings("paper-spot")).QuoteCurrency.ShouldBe("");
    }

    [Fact]
    public void Without_a_key_no_gateway_is_made() =>
        Should.Throw<ArgumentException>(() => Catalog.Create(Settings("binance-spot"), null, new VenueServices(TimeProvider.System))).Message.ShouldContain("needs an API key");

    [Fact]
    public async Task Settings_reach_the_account()
    {
        await using var exchange = PaperExchange.Open(new PaperExchangeOptions());
        var services = new VenueServices(TimeProvider.System, exchange);
        var settings = Settings("paper-futures") with
        {
            Account = "x1",
            VenueOptions = ImmutableSortedDictionary<string, string>.Empty.Add("positionMode", "hedge").Add("quietPeriod", "00:00:02").Add("visibilityDelay", "00:00:03"),
        };
        await using var gateway = Catalog.Create(settings, null, services);
        gateway.ShouldBeOfType<PaperGateway>();
        var account = (await gateway.ConnectAsync(default)).Value!;
        account.PositionMode.ShouldBe(PositionMode.Hedge);
        account.AccountId.ShouldEndWith("/paper-futures/x1");
        gateway.Capabilities.Rules.QuietPeriod.ShouldBe(TimeSpan.FromSeconds(2));
        gateway.Capabilities.Rules.VisibilityDelay.ShouldBe(TimeSpan.FromSeconds(3));
        await using var remote = Catalog.Create(settings with { ApiUrl = "http://127.0.0.1:1" }, null, services);
        remote.ShouldBeOfType<PaperHttpGateway>();
        Should.Throw<ArgumentException>(() => Catalog.Create(settings with { Venue = "nowhere" }, null, services));
        Should.Throw<InvalidOperationException>(() => Catalog.Create(settings, null, new VenueServices(TimeProvider.System)));
    }

    [Fact]
    public void Credentials_do_not_show_themselves() => $"{new VenueCredentials("k-123", "s-456", "p-789")}".ShouldNotContain("1");

    private static ConnectorSettings Settings(string venue) => new() { Id = new ConnectorId("c1"), Name = "c1", Tag = "c001", Venue = venue };
}
