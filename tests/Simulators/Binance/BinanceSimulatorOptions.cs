using System.Globalization;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>An API key of the simulated account and what it may do.</summary>
/// <param name="Key">64 letters and digits, as the venue gives them out.</param>
/// <param name="Secret">What requests are signed with (HMAC-SHA256).</param>
public sealed record BinanceKey(string Key, string Secret)
{
    /// <summary>May read the account.</summary>
    public bool Reading { get; init; } = true;

    /// <summary>May place and cancel spot orders.</summary>
    public bool SpotTrading { get; init; } = true;

    /// <summary>May use the futures account.</summary>
    public bool Futures { get; init; } = true;

    /// <summary>May withdraw: a thing that a trading key should not.</summary>
    public bool Withdrawals { get; init; }

    /// <summary>Whether the key is bound to addresses.</summary>
    public bool IpRestricted { get; init; } = true;

    /// <summary>Keys of the account are locked (-2017, USD-M).</summary>
    public bool Locked { get; init; }
}

/// <summary>What the venue is like when it starts. Everything can be changed later through the control object.</summary>
public sealed record BinanceSimulatorOptions
{
    /// <summary>The key that is used when nothing else is said. It opens nothing but a simulator.</summary>
    public static readonly BinanceKey DefaultKey = new(
        "simulatorKey0000000000000000000000000000000000000000000000000001", "simulatorSecret0000000000000000000000000000000000000000000001");

    /// <summary>TCP port on the loopback address; 0 = a free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the HTTP control interface; 0 = a free one; null = none.</summary>
    public int? ControlPort { get; init; }

    /// <summary>The account's keys.</summary>
    public IReadOnlyList<BinanceKey> Keys { get; init; } = [DefaultKey];

    /// <summary>Free spot balances at the start.</summary>
    public IReadOnlyDictionary<string, decimal> SpotBalances { get; init; } = new Dictionary<string, decimal> { ["USDT"] = 1_000_000 };

    /// <summary>Wallet of the futures account at the start.</summary>
    public IReadOnlyDictionary<string, decimal> FuturesBalances { get; init; } = new Dictionary<string, decimal> { ["USDT"] = 1_000_000 };

    /// <summary>Spot instruments.</summary>
    public IReadOnlyList<SpotSymbol> SpotSymbols { get; init; } = Catalogue.Spot;

    /// <summary>USD-M instruments.</summary>
    public IReadOnlyList<UsdmSymbol> UsdmSymbols { get; init; } = Catalogue.Usdm;

    /// <summary>Start prices by symbol, the same for both products; a symbol without one has an empty book.</summary>
    public IReadOnlyDictionary<string, decimal> Prices { get; init; } = Catalogue.Prices;

    /// <summary>Hedge mode of the futures account (true) or one-way (false, the default).</summary>
    public bool HedgeMode { get; init; }

    /// <summary>Spot fees are paid in BNB (25 % off) while there is enough. Off.</summary>
    public bool SpotBnbFees { get; init; }

    /// <summary>Futures fees are paid in BNB (10 % off) while there is enough. Off.</summary>
    public bool FuturesBnbFees { get; init; }

    /// <summary>Request weight a minute, spot. 6000.</summary>
    public int SpotWeightLimit { get; init; } = 6000;

    /// <summary>Unfilled orders in 10 s and a day, spot. 100 and 200,000.</summary>
    public (int TenSeconds, int Day) SpotOrderLimits { get; init; } = (100, 200_000);

    /// <summary>Request weight a minute, USD-M. 2400.</summary>
    public int UsdmWeightLimit { get; init; } = 2400;

    /// <summary>Orders in 10 s and a minute, USD-M. 300 and 1200.</summary>
    public (int TenSeconds, int Minute) UsdmOrderLimits { get; init; } = (300, 1200);

    /// <summary>Requests in spite of 429 after which the address is banned (418). 10.</summary>
    public int RefusalsBeforeBan { get; init; } = 10;

    /// <summary>Between a request's arrival and the matching engine. Zero.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How the events of a request stand to its answer.</summary>
    public EventTiming EventTiming { get; init; }

    /// <summary>A reduce-only order above the position is shrunk to it (true) or refused with -2022 (false). The venue's page does not say which.</summary>
    public bool ReduceOnlyShrinks { get; init; } = true;

    /// <summary>With so many more instruments of each product, A000USDT, A001USDT, … at 100 each, traded from 0.1 USDT on: for benchmarks.</summary>
    public BinanceSimulatorOptions WithMoreInstruments(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"A{i:000}")).ToArray();
        return this with
        {
            SpotSymbols = [.. SpotSymbols, .. names.Select(n => new SpotSymbol(n + "USDT", n, "USDT") { MinNotional = 0.1m })],
            UsdmSymbols = [.. UsdmSymbols, .. names.Select(n => new UsdmSymbol(n + "USDT", n, "USDT") { MinNotional = 0.1m })],
            Prices = Prices.Concat(names.Select(n => KeyValuePair.Create(n + "USDT", 100m))).ToDictionary(StringComparer.Ordinal),
        };
    }

    /// <summary>Without any limit on weights and orders: for benchmarks.</summary>
    public BinanceSimulatorOptions WithoutLimits() => this with
    {
        SpotWeightLimit = int.MaxValue, UsdmWeightLimit = int.MaxValue,
        SpotOrderLimits = (int.MaxValue, int.MaxValue), UsdmOrderLimits = (int.MaxValue, int.MaxValue),
    };
}

/// <summary>When the events of a request leave, compared with its answer.</summary>
public enum EventTiming
{
    /// <summary>At once; which of the two arrives first is chance, as at the venue.</summary>
    AtOnce,

    /// <summary>On the wire before the answer begins.</summary>
    BeforeAnswer,

    /// <summary>Only after the answer is complete (or was given up).</summary>
    AfterAnswer,

    /// <summary>Kept until the control releases them.</summary>
    Held,

    /// <summary>Lost.</summary>
    Dropped,
}
