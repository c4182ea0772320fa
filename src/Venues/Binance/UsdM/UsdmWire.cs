using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Binance.UsdM;

internal sealed record UsdmExchangeInfoWire(ImmutableArray<RateLimitWire> RateLimits, ImmutableArray<UsdmSymbolWire> Symbols);

internal sealed record UsdmSymbolWire(
    string Symbol,
    string Status,
    string BaseAsset,
    string QuoteAsset,
    string ContractType,
    ImmutableArray<FilterWire> Filters,
    ImmutableArray<string> OrderTypes = default);

internal sealed record UsdmAccountConfigWire(bool CanTrade, bool DualSidePosition);

internal sealed record UsdmBalanceWire(string AccountAlias, string Asset);

internal sealed record UsdmPositionWire(string Symbol, string PositionSide, decimal PositionAmt);

internal sealed record UsdmListenKeyWire(string ListenKey);

/// <summary>An order in every answer that tells of one; which members are there depends on the request.</summary>
internal sealed record UsdmOrderWire(
    string Symbol,
    long OrderId,
    string ClientOrderId,
    decimal OrigQty,
    decimal ExecutedQty,
    string Status,
    string Side,
    string PositionSide = "BOTH",
    decimal? AvgPrice = null,
    decimal? CumQuote = null,
    long? Time = null,
    long? UpdateTime = null)
{
    /// <summary>Null when a word of it is not known.</summary>
    internal VenueOrder? ToOrder()
    {
        if (BinanceWords.Status(Status) is not { } status || BinanceWords.Side(Side) is not { } side || UsdmWords.Side(PositionSide) is not { } leg) return null;
        var price = AvgPrice is > 0m ? AvgPrice : ExecutedQty > 0m && CumQuote is > 0m ? CumQuote / ExecutedQty : null;
        return new VenueOrder(OrderId, new OrderReport(
            new ClientOrderId(ClientOrderId),
            OrderId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new InstrumentId(Symbol),
            leg,
            side,
            new Contracts(OrigQty),
            status,
            new Contracts(ExecutedQty),
            ExecutedQty > 0m && price is { } average ? new Price(average) : null,
            default,
            [],
            BinanceWords.At(Time ?? UpdateTime)));
    }
}

/// <summary>An order of the venue's own. Its state is none that orders of ours have, and is not asked for.</summary>
internal sealed record UsdmForcedOrderWire(string Symbol, long OrderId, string ClientOrderId, decimal ExecutedQty, string PositionSide = "BOTH");

/// <summary>The event <c>ORDER_TRADE_UPDATE</c>.</summary>
internal sealed record UsdmOrderEventWire([property: JsonPropertyName("o")] UsdmExecutionWire Order);

internal sealed record UsdmExecutionWire(
    [property: JsonPropertyName("s")] string Symbol,
    [property: JsonPropertyName("c")] string ClientOrderId,
    [property: JsonPropertyName("S")] string Side,
    [property: JsonPropertyName("q")] decimal Quantity,
    [property: JsonPropertyName("x")] string Execution,
    [property: JsonPropertyName("X")] string Status,
    [property: JsonPropertyName("i")] long OrderId,
    [property: JsonPropertyName("z")] decimal Filled,
    [property: JsonPropertyName("ps")] string PositionSide = "BOTH",
    [property: JsonPropertyName("ap")] decimal? AveragePrice = null,
    [property: JsonPropertyName("l")] decimal? LastQuantity = null,
    [property: JsonPropertyName("L")] decimal? LastPrice = null,
    [property: JsonPropertyName("t")] long? TradeId = null,
    [property: JsonPropertyName("T")] long? At = null,
    [property: JsonPropertyName("n")] decimal? Fee = null,
    [property: JsonPropertyName("N")] string? FeeAsset = null)
{
    internal bool IsTrade => Execution is "TRADE" or "CALCULATED";

    /// <summary>True when the venue itself made the order: liquidation, auto-deleveraging, settlement.</summary>
    internal bool IsTheVenues => Execution == "CALCULATED" || UsdmWords.IsTheVenues(ClientOrderId);

    internal VenueOrder? ToOrder() => new UsdmOrderWire(Symbol, OrderId, ClientOrderId, Quantity, Filled, Status, Side, PositionSide, AveragePrice, UpdateTime: At).ToOrder();
}

/// <summary>The event <c>ACCOUNT_UPDATE</c>.</summary>
internal sealed record UsdmAccountEventWire([property: JsonPropertyName("a")] UsdmAccountChangeWire Change);

internal sealed record UsdmAccountChangeWire([property: JsonPropertyName("m")] string Reason, [property: JsonPropertyName("P")] ImmutableArray<UsdmPositionChangeWire> Positions = default);

internal sealed record UsdmPositionChangeWire(
    [property: JsonPropertyName("s")] string Symbol, [property: JsonPropertyName("ps")] string PositionSide, [property: JsonPropertyName("pa")] decimal Amount);

/// <summary>Words of this product.</summary>
internal static class UsdmWords
{
    internal static PositionSide? Side(string text) => text switch { "BOTH" => PositionSide.Net, "LONG" => PositionSide.Long, "SHORT" => PositionSide.Short, _ => null };

    internal static bool IsTheVenues(string clientOrderId) =>
        clientOrderId.StartsWith("autoclose-", StringComparison.Ordinal)
        || clientOrderId.StartsWith("adl_autoclose", StringComparison.Ordinal)
        || clientOrderId.StartsWith("settlement_autoclose-", StringComparison.Ordinal)
        || clientOrderId.StartsWith("delivery_autoclose-", StringComparison.Ordinal);

    internal static InstrumentStatus Status(string text) => text switch
    {
        "TRADING" => InstrumentStatus.Trading,
        "DELIVERED" or "CLOSE" => InstrumentStatus.Delisted,
        _ => InstrumentStatus.Closed,
    };
}
