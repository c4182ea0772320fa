using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Host.Local;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Venues.Paper;

namespace CSMultiConnector.Host.Demo;

/// <summary>The world of the demo: what can be traded, by whom, and where it is copied to.</summary>
internal sealed class DemoMarket(TrialVenue? trial)
{
    public static readonly TerminalId Terminal = new(5012345, "Demo-Server");

    /// <summary>Two Expert Advisors and a person.</summary>
    public static readonly Magic[] Streams = [new(1001), new(1002), Magic.ByHand];

    // The last one is traded on Paper only: venues of coins do not list it.
    private static readonly (SymbolFacts Facts, decimal Price, decimal Tick)[] s_symbols =
    [
        (Symbol("BTCUSD", 1m, "BTC", 2, "Bitcoin"), 65_000m, 0.01m),
        (Symbol("ETHUSD", 1m, "ETH", 2, "Ether"), 3_200m, 0.01m),
        (Symbol("EURUSD", 100_000m, "EUR", 5, "Euro"), 1.08m, 0.00001m),
    ];

    private static readonly SymbolFacts Bitcoin = s_symbols[0].Facts;

    /// <summary>What the terminal says of its symbols, with the price at which the demo begins.</summary>
    public IReadOnlyList<(SymbolFacts Facts, decimal Price, decimal Tick)> Symbols => trial is null ? s_symbols : s_symbols[..^1];

    /// <summary>All streams on futures, whose coarse bitcoin step leaves residuals; one of the robots and the person on spot, at half size.</summary>
    public ConnectorEntry[] Connectors => trial is { } venue
        ? [venue.Entry(Entry("trial", $"Everything on {venue.Product.Name}", venue.Product.Id, new Domain.Connectors.Route(Terminal.ToString(), [])).Settings)]
        :
        [
            Entry("futures", "Everything on futures", PaperProductNames.Futures, new Domain.Connectors.Route(Terminal.ToString(), [])),
            Entry("spot", "Half of it on spot", PaperProductNames.Spot, new Domain.Connectors.Route(Terminal.ToString(), [1001, 0], 0.5m)),
        ];

    /// <summary>Lists the instruments and their first prices.</summary>
    public async Task OpenAsync(PaperExchange paper, CancellationToken cancellation)
    {
        if (trial is not null) return;
        var coarse = new Instrument(
            new InstrumentId(Bitcoin.Name.Value), ProductKind.Derivative, new AssetName("BTC"), new AssetName("USD"),
            ContractSize: 1m, LotStep: 0.05m, MinQuantity: 0.05m, MaxQuantity: 100m, MinNotional: 5m, Tick: 0.01m, InstrumentStatus.Trading);
        await paper.ListAsync(PaperProduct.Futures, coarse, cancellation);
        foreach (var (facts, price, _) in s_symbols) await SetPriceAsync(paper, facts, price, cancellation);
    }

    /// <summary>Tells both Paper products a price; another venue has its own.</summary>
    public async Task SetPriceAsync(PaperExchange paper, SymbolFacts facts, decimal price, CancellationToken cancellation)
    {
        if (trial is not null) return;
        foreach (var product in (PaperProduct[])[PaperProduct.Futures, PaperProduct.Spot])
            await paper.SetPriceAsync(product, new InstrumentId(facts.Name.Value), new Price(price), cancellation);
    }

    private static SymbolFacts Symbol(string name, decimal contractSize, string @base, int digits, string description) => new(
        new SymbolName(name), contractSize, new Lots(0.01m), new Lots(0.01m), @base, "USD", "USD", digits, "SYMBOL_CALC_MODE_CFD", $"Demo\\{name}", description);

    private static ConnectorEntry Entry(string id, string name, string venue, Domain.Connectors.Route route) => new(
        new ConnectorSettings
        {
            Id = new ConnectorId(id),
            Name = name,
            Tag = "",
            Venue = venue,
            Routes = [route],
            SyncAtStartup = true,
            PlanFirst = false,
            GuardRails = new GuardRails { MaxOrdersPerMinute = LocalHosts.ManyOrders },
        },
        new CredentialsSource.NotGiven());
}
