using System.Collections.Immutable;
using System.Globalization;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Binance.Spot;
using CSMultiConnector.Venues.Binance.UsdM;
using CSMultiConnector.Venues.Http;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues.Binance;

/// <summary>The two Binance products as the catalog offers them.</summary>
public static class BinanceCatalog
{
    internal const string LogHeadersOption = "logHeaders";
    internal const string StreamUrlOption = "streamUrl";
    internal const string AnswerTimeoutOption = "answerTimeout";
    internal const string QuietPeriodOption = "quietPeriod";
    internal const string VisibilityDelayOption = "visibilityDelay";

    private const string DefaultQuote = "USDT";
    private const string DefaultProfit = "USD";

    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quietPeriod = TimeSpan.FromSeconds(2);

    // "Asynchronous, some delay is normal", without a figure.
    private static readonly TimeSpan s_visibilityDelay = TimeSpan.FromSeconds(10);

    private static readonly ImmutableArray<VenueOption> s_options =
    [
        new(LogHeadersOption, "on = write the headers of requests and answers to the log, without keys and signatures.", "off", text => text is "on" or "off" ? null : "must be on or off"),
        new(StreamUrlOption, "Where user data are streamed from, as wss://host:port; empty = where the product has it.", "", text => text.Length == 0 ? null : VenueAddress.Refusal(text, "wss", "ws") is null ? null : "must be wss://host:port (ws:// to this machine only)"),
        new(AnswerTimeoutOption, "An answer that takes longer is none; hh:mm:ss.", "00:00:10", CheckTime(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1))),
        new(QuietPeriodOption, "How long after an order a reading may still show the state before it; hh:mm:ss.", "00:00:02", CheckTime(TimeSpan.Zero, TimeSpan.FromMinutes(10))),
        new(VisibilityDelayOption, "How long a look-up may not see a new order; hh:mm:ss.", "00:00:10", CheckTime(TimeSpan.Zero, TimeSpan.FromMinutes(10))),
    ];

    /// <summary>Spot balances.</summary>
    public static VenueProduct Spot { get; } = new(
        SpotProduct.Product.Id,
        "Binance spot",
        SpotCapabilities(s_quietPeriod, s_visibilityDelay),
        s_options,
        NeedsCredentials: true,
        settings => Check(SpotProduct.Product, settings),
        (settings, credentials, services) => new SpotGateway(Options(SpotProduct.Product, SpotCapabilities, settings, credentials!, services)))
    {
        QuoteCurrency = DefaultQuote,
        ProfitCurrency = DefaultProfit,
    };

    /// <summary>USD-M futures.</summary>
    public static VenueProduct UsdM { get; } = new(
        UsdmProduct.Product.Id,
        "Binance USD-M futures",
        UsdmCapabilities(s_quietPeriod, s_visibilityDelay),
        s_options,
        NeedsCredentials: true,
        settings => Check(UsdmProduct.Product, settings),
        (settings, credentials, services) => new UsdmGateway(Options(UsdmProduct.Product, UsdmCapabilities, settings, credentials!, services)))
    {
        QuoteCurrency = DefaultQuote,
        ProfitCurrency = DefaultProfit,
    };

    private static VenueCapabilities SpotCapabilities(TimeSpan quietPeriod, TimeSpan visibilityDelay) => new(
        new VenueRules(
            ProductKind.Spot,
            visibilityDelay,
            Memory: TimeSpan.FromDays(90),
            quietPeriod,
            OffersReduceOnly: false,
            ClosesBelowMinimum: false,
            CrossesZeroInOneOrder: false,
            HonoursExpiry: true),
        [PositionMode.OneWay],
        ListsOnDemand: false,
        Streams: true,
        MaxConcurrentRequests: 64);

    // Orders that end without a fill are forgotten after three days.
    private static VenueCapabilities UsdmCapabilities(TimeSpan quietPeriod, TimeSpan visibilityDelay) => new(
        new VenueRules(
            ProductKind.Derivative,
            visibilityDelay,
            Memory: TimeSpan.FromDays(3),
            quietPeriod,
            OffersReduceOnly: true,
            ClosesBelowMinimum: true,
            CrossesZeroInOneOrder: true,
            HonoursExpiry: true),
        [PositionMode.OneWay, PositionMode.Hedge],
        ListsOnDemand: false,
        Streams: true,
        MaxConcurrentRequests: 64);

    private static BinanceGatewayOptions Options(
        BinanceProduct product, Func<TimeSpan, TimeSpan, VenueCapabilities> capabilities, ConnectorSettings settings, VenueCredentials credentials, VenueServices services)
    {
        var options = settings.VenueOptions;
        var network = BinanceNetwork.Of(product.Networks, settings.ApiUrl, options.GetValueOrDefault(StreamUrlOption, ""));
        var log = services.Logs?.CreateLogger($"{typeof(BinanceCatalog).Namespace}.{settings.Id}");
        return new BinanceGatewayOptions
        {
            Line = new BinanceLineOptions
            {
                Product = product,
                Network = network,

                // White space comes along when a key is pasted, and is part of none.
                Credentials = credentials with { Key = credentials.Key.Trim(), Secret = credentials.Secret.Trim() },
                Time = services.Time,
                Place = services.Places.Of($"{product.Id}|{network.Rest}", services.Time),
                Log = log is not null && options.GetValueOrDefault(LogHeadersOption) == "on" ? new HeaderLog(log, settings.Id.Value, BinanceLine.KeyHeader) : null,
                Timeout = Time(options, AnswerTimeoutOption) ?? s_answerTimeout,
            },
            Capabilities = capabilities(Time(options, QuietPeriodOption) ?? s_quietPeriod, Time(options, VisibilityDelayOption) ?? s_visibilityDelay),
            Lease = services.Lease ?? UnlimitedLease.Instance,
            Log = log,
        };
    }

    private static string? Check(BinanceProduct product, ConnectorSettings settings) =>
        BinanceNetwork.Refusal(product.Networks, settings.ApiUrl)
        ?? (settings.Account.Length > 0 ? "a Binance key belongs to one account: leave 'account' empty." : null);

    private static TimeSpan? Time(ImmutableSortedDictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var text) ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : null;

    private static Func<string, string?> CheckTime(TimeSpan min, TimeSpan max) => text =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= min && time <= max ? null : $"must be a time from {min:c} to {max:c}";
}
