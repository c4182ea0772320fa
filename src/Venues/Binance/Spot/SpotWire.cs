using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Venues.Binance.Spot;

internal sealed record SpotExchangeInfoWire(ImmutableArray<RateLimitWire> RateLimits, ImmutableArray<SpotSymbolWire> Symbols);

internal sealed record SpotSymbolWire(
    string Symbol,
    string Status,
    string BaseAsset,
    string QuoteAsset,
    ImmutableArray<FilterWire> Filters,
    ImmutableArray<string> OrderTypes = default,
    bool IsSpotTradingAllowed = true);

internal sealed record SpotBalanceWire(string Asset, decimal Free, decimal Locked);

internal sealed record SpotAccountWire(bool CanTrade, ImmutableArray<SpotBalanceWire> Balances, long Uid = 0, string AccountType = "SPOT");

internal sealed record SpotAveragePriceWire(decimal Price);

internal sealed record SpotFillWire(decimal Price, decimal Qty, decimal Commission, string CommissionAsset, long TradeId);

/// <summary>An order in every answer that tells of one; which members are there depends on the request.</summary>
internal sealed record SpotOrderWire(
    string Symbol,
    long OrderId,
    string ClientOrderId,
    decimal OrigQty,
    decimal ExecutedQty,
    string Status,
    string Side,
    string? OrigClientOrderId = null,
    decimal? CummulativeQuoteQty = null,
    long? Time = null,
    long? TransactTime = null,
    ImmutableArray<SpotFillWire> Fills = default)
{
    /// <summary>Null when a word of it is not known.</summary>
    internal VenueOrder? ToOrder()
    {
        if (BinanceWords.Status(Status) is not { } status || BinanceWords.Side(Side) is not { } side) return null;

        // In the answer to a cancel the client order id is that of the cancel.
        var id = OrigClientOrderId is { Length: > 0 } original ? original : ClientOrderId;
        return new VenueOrder(OrderId, new OrderReport(
            new ClientOrderId(id),
            OrderId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new InstrumentId(Symbol),
            PositionSide.Net,
            side,
            new Contracts(OrigQty),
            status,
            new Contracts(ExecutedQty),
            ExecutedQty > 0m && CummulativeQuoteQty is > 0m ? new Price(CummulativeQuoteQty.Value / ExecutedQty) : null,
            default,
            [],
            BinanceWords.At(Time ?? TransactTime)));
    }
}

/// <summary>The event <c>executionReport</c>.</summary>
internal sealed record SpotExecutionWire(
    [property: JsonPropertyName("s")] string Symbol,
    [property: JsonPropertyName("c")] string ClientOrderId,
    [property: JsonPropertyName("S")] string Side,
    [property: JsonPropertyName("q")] decimal Quantity,
    [property: JsonPropertyName("x")] string Execution,
    [property: JsonPropertyName("X")] string Status,
    [property: JsonPropertyName("i")] long OrderId,
    [property: JsonPropertyName("z")] decimal Filled,
    [property: JsonPropertyName("Z")] decimal Quote,
    [property: JsonPropertyName("l")] decimal LastQuantity,
    [property: JsonPropertyName("L")] decimal LastPrice,
    [property: JsonPropertyName("t")] long TradeId,
    [property: JsonPropertyName("O")] long CreatedAt,
    [property: JsonPropertyName("C")] string? OriginalId = null,
    [property: JsonPropertyName("n")] decimal? Fee = null,
    [property: JsonPropertyName("N")] string? FeeAsset = null)
{
    /// <summary>The order's id: when it is cancelled, <see cref="ClientOrderId"/> is that of the cancel.</summary>
    internal string Id => OriginalId is { Length: > 0 } original ? original : ClientOrderId;

    internal bool IsTrade => Execution == "TRADE";

    internal VenueOrder? ToOrder() => new SpotOrderWire(Symbol, OrderId, Id, Quantity, Filled, Status, Side, CummulativeQuoteQty: Quote, Time: CreatedAt).ToOrder();
}
