namespace CSMultiConnector.Simulators.Binance;

/// <summary>A spot instrument: asset names, grid and limits, in the units of the filters of exchangeInfo.</summary>
public sealed record SpotSymbol(string Symbol, string Base, string Quote)
{
    /// <summary>TRADING, HALT, BREAK, CANCEL_ONLY, END_OF_DAY.</summary>
    public string Status { get; init; } = "TRADING";

    public decimal Tick { get; init; } = 0.01m;

    public decimal Step { get; init; } = 0.00001m;

    public decimal MinQuantity { get; init; } = 0.00001m;

    public decimal MaxQuantity { get; init; } = 9000m;

    /// <summary>MARKET_LOT_SIZE's step; 0 = that part of the rule is off.</summary>
    public decimal MarketStep { get; init; }

    /// <summary>MARKET_LOT_SIZE's minimum; 0 = off.</summary>
    public decimal MarketMinQuantity { get; init; }

    /// <summary>MARKET_LOT_SIZE's maximum; 0 = off.</summary>
    public decimal MarketMaxQuantity { get; init; } = 100m;

    public decimal MinNotional { get; init; } = 5m;

    /// <summary>The symbol carries the older MIN_NOTIONAL filter instead of NOTIONAL.</summary>
    public bool OldNotionalFilter { get; init; }

    /// <summary>0 = none.</summary>
    public decimal MaxPosition { get; init; }

    public int MaxOpenOrders { get; init; } = 200;

    public bool QuoteQuantityAllowed { get; init; } = true;

    public bool MarketAllowed { get; init; } = true;

    /// <summary>Whether this account may trade it.</summary>
    public bool Permitted { get; init; } = true;

    /// <summary>Significant to the asset: digits of a quantity that are not "too much precision".</summary>
    public int BasePrecision { get; init; } = 8;
}

/// <summary>A USD-M instrument. Quantities are in the base asset; there is no contract size.</summary>
public sealed record UsdmSymbol(string Symbol, string Base, string Quote)
{
    /// <summary>TRADING, PENDING_TRADING, SETTLING, CLOSE, …</summary>
    public string Status { get; init; } = "TRADING";

    public string ContractType { get; init; } = "PERPETUAL";

    /// <summary>Unix ms; 4133404800000 = none.</summary>
    public long DeliveryDate { get; init; } = 4133404800000;

    public decimal Tick { get; init; } = 0.10m;

    public int PricePrecision { get; init; } = 2;

    public decimal Step { get; init; } = 0.001m;

    public int QuantityPrecision { get; init; } = 3;

    public decimal MinQuantity { get; init; } = 0.001m;

    public decimal MaxQuantity { get; init; } = 1000m;

    public decimal MarketMaxQuantity { get; init; } = 120m;

    public decimal MinNotional { get; init; } = 50m;

    public int MaxOpenOrders { get; init; } = 200;

    /// <summary>How far from the mark price a limit may lie, as factors.</summary>
    public (decimal Up, decimal Down) Multipliers { get; init; } = (1.05m, 0.95m);
}

/// <summary>What the simulator trades unless told otherwise: grids and limits of the sort that the venue has, written for this project.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<SpotSymbol> Spot { get; } =
    [
        new("BTCUSDT", "BTC", "USDT"),
        new("ETHUSDT", "ETH", "USDT") { Step = 0.0001m, MinQuantity = 0.0001m, MarketMaxQuantity = 2000m },
        new("BNBUSDT", "BNB", "USDT") { Step = 0.001m, MinQuantity = 0.001m, MarketMaxQuantity = 2000m },
        new("LTCUSDT", "LTC", "USDT") { Step = 0.001m, MinQuantity = 0.001m, MaxQuantity = 90000m, MarketMaxQuantity = 0m },
        new("XRPUSDT", "XRP", "USDT") { Tick = 0.0001m, Step = 0.1m, MinQuantity = 0.1m, MaxQuantity = 9_000_000m, MarketMaxQuantity = 2_000_000m },
        new("EURUSDT", "EUR", "USDT") { Tick = 0.0001m, Step = 0.1m, MinQuantity = 0.1m, MaxQuantity = 9_000_000m, MarketMaxQuantity = 2_000_000m, OldNotionalFilter = true },
        new("PEPEUSDT", "PEPE", "USDT") { Tick = 0.00000001m, Step = 1m, MinQuantity = 1m, MaxQuantity = 90_000_000_000m, MarketMaxQuantity = 9_000_000_000m, MinNotional = 1m },
        new("BTCUSDC", "BTC", "USDC"),
        new("ETHBTC", "ETH", "BTC") { Tick = 0.00001m, Step = 0.0001m, MinQuantity = 0.0001m, MinNotional = 0.0001m },
        new("OLDUSDT", "OLD", "USDT") { Status = "BREAK" },
    ];

    public static IReadOnlyList<UsdmSymbol> Usdm { get; } =
    [
        new("BTCUSDT", "BTC", "USDT"),
        new("ETHUSDT", "ETH", "USDT") { Tick = 0.01m, MaxQuantity = 10_000m, MarketMaxQuantity = 2000m, MinNotional = 20m },
        new("BNBUSDT", "BNB", "USDT") { Tick = 0.01m, Step = 0.01m, QuantityPrecision = 2, MinQuantity = 0.01m, MaxQuantity = 100_000m, MarketMaxQuantity = 2000m, MinNotional = 5m },
        new("XRPUSDT", "XRP", "USDT")
        {
            Tick = 0.0001m, PricePrecision = 4, Step = 0.1m, QuantityPrecision = 1, MinQuantity = 0.1m, MaxQuantity = 10_000_000m, MarketMaxQuantity = 2_000_000m, MinNotional = 5m,
        },
        new("1000PEPEUSDT", "1000PEPE", "USDT")
        {
            Tick = 0.0000001m, PricePrecision = 7, Step = 1m, QuantityPrecision = 0, MinQuantity = 1m, MaxQuantity = 1_000_000_000m, MarketMaxQuantity = 120_000_000m, MinNotional = 5m,
        },
        new("EURUSDT", "EUR", "USDT") { Tick = 0.0001m, PricePrecision = 4, Step = 1m, QuantityPrecision = 0, MinQuantity = 1m, MaxQuantity = 10_000_000m, MarketMaxQuantity = 2_000_000m, MinNotional = 5m },
        new("BTCUSDC", "BTC", "USDC"),
        new("BTCUSDT_270326", "BTC", "USDT") { ContractType = "CURRENT_QUARTER", DeliveryDate = 1806076800000 },
        new("OLDUSDT", "OLD", "USDT") { Status = "SETTLING", DeliveryDate = 1700000000000 },
    ];

    public static IReadOnlyDictionary<string, decimal> Prices { get; } = new Dictionary<string, decimal>
    {
        ["BTCUSDT"] = 60_000m, ["BTCUSDC"] = 60_000m, ["ETHUSDT"] = 3_000m, ["BNBUSDT"] = 600m, ["LTCUSDT"] = 80m, ["XRPUSDT"] = 0.5m,
        ["EURUSDT"] = 1.1m, ["PEPEUSDT"] = 0.00001m, ["1000PEPEUSDT"] = 0.01m, ["ETHBTC"] = 0.05m, ["BTCUSDT_270326"] = 61_000m,
    };
}
