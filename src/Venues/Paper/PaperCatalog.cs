using System.Collections.Immutable;
using System.Globalization;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Venues.Paper.Http;

namespace CSMultiConnector.Venues.Paper;

/// <summary>The two Paper products as the catalog offers them.</summary>
public static class PaperCatalog
{
    internal const string PositionModeOption = "positionMode";
    internal const string FeeRateOption = "feeRate";
    internal const string QuoteBalanceOption = "quoteBalance";
    internal const string QuietPeriodOption = "quietPeriod";
    internal const string VisibilityDelayOption = "visibilityDelay";

    private static readonly TimeSpan QuietPeriod = TimeSpan.FromMilliseconds(200);

    private static readonly VenueOption FeeRate = new(FeeRateOption, "Fee as a part of the notional, 0 to 0.1.", "0.001 on spot, 0.0005 on futures", CheckAmount(0m, 0.1m));

    private static readonly ImmutableArray<VenueOption> Timing =
    [
        new(QuietPeriodOption, "How long after an order a reading may still show the state before it; hh:mm:ss.", "00:00:00.200", CheckTime),
        new(VisibilityDelayOption, "How long a look-up may not see a new order; hh:mm:ss. Raise it when a misbehaviour rule hides orders.", "00:00:00", CheckTime),
    ];

    /// <summary>Balances, without a side below zero.</summary>
    public static VenueProduct Spot { get; } = new(
        PaperProductNames.Spot,
        "Paper spot",
        CapabilitiesOf(PaperProduct.Spot, QuietPeriod, TimeSpan.Zero),
        [FeeRate, new(QuoteBalanceOption, "What a new account holds of every quote asset.", "1000000", CheckAmount(0m, 1_000_000_000_000m)), .. Timing],
        NeedsCredentials: false,
        Check,
        (settings, credentials, services) => Create(PaperProduct.Spot, settings, credentials, services));

    /// <summary>Signed positions, one-way or hedge.</summary>
    public static VenueProduct Futures { get; } = new(
        PaperProductNames.Futures,
        "Paper futures",
        CapabilitiesOf(PaperProduct.Futures, QuietPeriod, TimeSpan.Zero),
        [new(PositionModeOption, "oneWay or hedge.", "oneWay", CheckMode), FeeRate, .. Timing],
        NeedsCredentials: false,
        Check,
        (settings, credentials, services) => Create(PaperProduct.Futures, settings, credentials, services));

    internal static VenueCapabilities CapabilitiesOf(PaperProduct product, TimeSpan quietPeriod, TimeSpan visibilityDelay) => new(
        new VenueRules(
            product.Kind(),
            visibilityDelay,
            Memory: TimeSpan.FromDays(90),
            quietPeriod,
            OffersReduceOnly: product == PaperProduct.Futures,
            ClosesBelowMinimum: true,
            CrossesZeroInOneOrder: true,
            HonoursExpiry: true),
        product == PaperProduct.Spot ? [PositionMode.OneWay] : [PositionMode.OneWay, PositionMode.Hedge],
        ListsOnDemand: true,
        Streams: true,
        MaxConcurrentRequests: 64);

    private static IVenueGateway Create(PaperProduct product, ConnectorSettings settings, VenueCredentials? credentials, VenueServices services)
    {
        var account = PaperAccountKey.Of(product, settings.Account);
        var options = settings.VenueOptions;
        var wanted = new PaperAccountOptions
        {
            PositionMode = product == PaperProduct.Futures && options.TryGetValue(PositionModeOption, out var mode) ? ParseMode(mode) : null,
            FeeRate = Amount(options, FeeRateOption),
            QuoteBalance = Amount(options, QuoteBalanceOption),
        };
        var capabilities = CapabilitiesOf(product, Time(options, QuietPeriodOption) ?? QuietPeriod, Time(options, VisibilityDelayOption) ?? TimeSpan.Zero);
        if (settings.ApiUrl.Length > 0)
        {
            return new PaperHttpGateway(new PaperHttpGatewayOptions { Address = new Uri(settings.ApiUrl), Account = account, Wanted = wanted, Capabilities = capabilities, ApiKey = credentials?.Key, Time = services.Time, Lease = services.Lease ?? UnlimitedLease.Instance });
        }

        var exchange = services.PaperExchange ?? throw new InvalidOperationException("No paper venue runs inside this process; set the connector's API address to that of a paper process.");
        return new PaperGateway(exchange, account, wanted, capabilities, lease: services.Lease);
    }

    private static string? Check(ConnectorSettings settings)
    {
        if (settings.Account.Length > 0 && !PaperAccountKey.IsValidName(settings.Account)) return "the name of a Paper account has 1 to 64 letters, digits, '.', '_' or '-'.";
        return settings.ApiUrl.Length == 0 || (Uri.TryCreate(settings.ApiUrl, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            ? null
            : $"'{settings.ApiUrl}' is not the address of a paper process, for example http://127.0.0.1:8080.";
    }

    private static PositionMode ParseMode(string text) => string.Equals(text, "hedge", StringComparison.OrdinalIgnoreCase) ? PositionMode.Hedge : PositionMode.OneWay;

    private static decimal? Amount(ImmutableSortedDictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var text) ? decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : null;

    private static TimeSpan? Time(ImmutableSortedDictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var text) ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? CheckMode(string text) => text is "oneWay" or "hedge" ? null : "must be oneWay or hedge";

    private static Func<string, string?> CheckAmount(decimal min, decimal max) => text =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount >= min && amount <= max
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}");

    private static string? CheckTime(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero && time <= TimeSpan.FromMinutes(10) ? null : "must be a time from 00:00:00 to 00:10:00";
}
