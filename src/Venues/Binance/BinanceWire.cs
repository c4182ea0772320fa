using System.Text.Json.Serialization;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Binance.Spot;
using CSMultiConnector.Venues.Binance.UsdM;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance;

internal sealed record ErrorWire(int Code = 0, string? Msg = null);

internal sealed record TimeWire(long ServerTime);

internal sealed record RateLimitWire(string RateLimitType, string Interval, int IntervalNum, int Limit)
{
    /// <summary>The limit, or null when it counts what we do not use.</summary>
    internal RateLimit? ToLimit()
    {
        var (unit, letter) = Interval switch
        {
            "SECOND" => (TimeSpan.FromSeconds(1), 'S'),
            "MINUTE" => (TimeSpan.FromMinutes(1), 'M'),
            "HOUR" => (TimeSpan.FromHours(1), 'H'),
            "DAY" => (TimeSpan.FromDays(1), 'D'),
            _ => (TimeSpan.Zero, ' '),
        };
        if (unit == TimeSpan.Zero || IntervalNum < 1 || Limit < 1) return null;
        return RateLimitType switch
        {
            "REQUEST_WEIGHT" => new RateLimit(RateKind.Weight, unit * IntervalNum, Limit, $"X-MBX-USED-WEIGHT-{IntervalNum}{letter}"),
            "ORDERS" => new RateLimit(RateKind.Orders, unit * IntervalNum, Limit, $"X-MBX-ORDER-COUNT-{IntervalNum}{letter}"),
            _ => null,
        };
    }
}

/// <summary>One filter of an instrument. Each kind has some of the members; kinds that are not known are skipped.</summary>
internal sealed record FilterWire(
    string FilterType,
    decimal? TickSize = null,
    decimal? StepSize = null,
    decimal? MinQty = null,
    decimal? MaxQty = null,
    decimal? MinNotional = null,
    decimal? Notional = null,
    bool? ApplyToMarket = null,
    bool? ApplyMinToMarket = null);

/// <summary>What a key may do.</summary>
internal sealed record PermissionsWire(bool EnableReading, bool EnableWithdrawals, bool EnableFutures, bool EnableSpotAndMarginTrading);

/// <summary>One trade of an order; both products tell it alike.</summary>
internal sealed record TradeWire(string Symbol, long Id, long OrderId, decimal Price, decimal Qty, decimal Commission, string CommissionAsset);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ErrorWire))]
[JsonSerializable(typeof(TimeWire))]
[JsonSerializable(typeof(PermissionsWire))]
[JsonSerializable(typeof(SpotExchangeInfoWire))]
[JsonSerializable(typeof(SpotAccountWire))]
[JsonSerializable(typeof(SpotAveragePriceWire))]
[JsonSerializable(typeof(SpotOrderWire))]
[JsonSerializable(typeof(SpotOrderWire[]))]
[JsonSerializable(typeof(TradeWire[]))]
[JsonSerializable(typeof(SpotExecutionWire))]
[JsonSerializable(typeof(UsdmExchangeInfoWire))]
[JsonSerializable(typeof(UsdmAccountConfigWire))]
[JsonSerializable(typeof(UsdmBalanceWire[]))]
[JsonSerializable(typeof(UsdmPositionWire[]))]
[JsonSerializable(typeof(UsdmOrderWire))]
[JsonSerializable(typeof(UsdmOrderWire[]))]
[JsonSerializable(typeof(UsdmForcedOrderWire[]))]
[JsonSerializable(typeof(UsdmOrderEventWire))]
[JsonSerializable(typeof(UsdmAccountEventWire))]
[JsonSerializable(typeof(UsdmListenKeyWire))]
internal sealed partial class BinanceJson : JsonSerializerContext;

/// <summary>Words that both products use.</summary>
internal static class BinanceWords
{
    private const long LatestMilliseconds = 253_402_300_799_999;

    /// <summary>Null for a state that is not known: then the report says nothing.</summary>
    internal static OrderStatus? Status(string text) => text switch
    {
        "NEW" or "PENDING_NEW" or "PARTIALLY_FILLED" or "PENDING_CANCEL" => OrderStatus.Open,
        "FILLED" => OrderStatus.Filled,
        "CANCELED" => OrderStatus.Cancelled,
        "EXPIRED" or "EXPIRED_IN_MATCH" => OrderStatus.Expired,
        "REJECTED" => OrderStatus.Rejected,
        _ => null,
    };

    /// <summary>A moment in milliseconds; null for what is none.</summary>
    internal static DateTimeOffset? At(long? milliseconds) =>
        milliseconds is >= 0 and <= LatestMilliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value) : null;

    internal static OrderSide? Side(string text) => text switch { "BUY" => OrderSide.Buy, "SELL" => OrderSide.Sell, _ => null };

    internal static ReadOnlySpan<byte> Side(OrderSide side) => side == OrderSide.Buy ? "BUY"u8 : "SELL"u8;
}
