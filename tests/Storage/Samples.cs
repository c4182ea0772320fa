using System.Collections.Immutable;
using System.Text;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Tests;

internal static class Samples
{
    public static CredentialsSource NoCredentials { get; } = new CredentialsSource.NotGiven();

    public static ConnectorSettings Connector(string id = "btc-main", string account = "", string venue = "paper-futures") =>
        new() { Id = new ConnectorId(id), Name = $"Connector {id}", Tag = "", Venue = venue, Account = account.Length == 0 ? id : account };

    /// <summary>Every member differs from its default.</summary>
    public static ConnectorSettings Full { get; } = new()
    {
        Id = new ConnectorId("full"),
        Name = "Voll „ä“ & <x>",
        Tag = "",
        Venue = "paper-spot",
        Enabled = false,
        ApiUrl = "http://127.0.0.1:7001/x",
        Account = "acc-1",
        VenueOptions = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("feeRate", "0.001").Add("positionMode", "hedge"),
        Routes = [new Route("5012345@MetaQuotes-Demo", [0, 1001, long.MaxValue], 0.25m), new Route("7@Other", [], 1.5m)],
        Mapping = [new MappingOverride(new SymbolName("#AAPL"), Instrument: null), new MappingOverride(new SymbolName("PEPEUSD"), new InstrumentId("1000PEPEUSDT"), 1000m)],
        QuoteCurrency = "USDT",
        ProfitCurrency = "USD",
        SyncAtStartup = true,
        SyncScope = SyncScope.WholeAccount,
        KeepForeignHoldings = true,
        AllowNetting = true,
        PlanFirst = false,
        MaxOrderResubmitTries = 7,
        OrderTimeout = TimeSpan.FromSeconds(12.5),
        OrderValidity = TimeSpan.FromSeconds(4),
        ReconnectionInterval = TimeSpan.FromMinutes(2),
        PositionSyncPeriod = TimeSpan.Zero,
        GuardRails = new GuardRails
        {
            MaxOrderNotional = 1000.50m,
            MaxPositionNotional = 5000m,
            MaxOrdersPerMinute = 5,
            AllowedInstruments = [new InstrumentId("BTCUSDT"), new InstrumentId("ETHUSDT")],
            CloseOnly = true,
        },
    };

    public static ConnectorCredentials Keys(string apiKey, string secret = "q7w3-the-hidden-part-9f") => new(
        ImmutableSortedDictionary.Create<string, SecretText>(StringComparer.Ordinal).Add("apiKey", new SecretText(apiKey)).Add("secret", new SecretText(secret)));

    public static ConnectorFileReading Read(string json, ConnectorFileChecks? checks = null) => ConnectorFile.Read(Encoding.UTF8.GetBytes(json), checks);

    /// <summary>Compares by what the file would say, since lists in records compare by reference.</summary>
    public static void ShouldEqual(this ConnectorSettings actual, ConnectorSettings expected)
    {
        ConnectorFile.Write([new ConnectorEntry(actual, NoCredentials)]).ShouldBe(ConnectorFile.Write([new ConnectorEntry(expected, NoCredentials)]));
    }
}
