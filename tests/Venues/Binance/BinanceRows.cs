using System.Collections.Immutable;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Simulators.Kit;
using static CSMultiConnector.Domain.Orders.RejectionClass;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>A row with the answer that the venue gives.</summary>
internal sealed record BinanceErrorRow(string Name, RejectionClass? Class, Fault Fault) : ErrorRow(Name, Class);

internal sealed record BinanceLookUpRow(string Name, bool NotFound, Fault Fault) : LookUpRow(Name, NotFound);

internal sealed record BinanceCancelRow(string Name, Type Outcome, Fault Fault) : CancelRow(Name, Outcome);

internal sealed record BinanceReadingFailure(Reading Reading, string Way, FailureKind Kind, Fault Fault) : ReadingFailure(Reading, Way, Kind);

/// <summary>What the venue documents of its errors, written down from there and not from the gateway.</summary>
internal static class BinanceRows
{
    internal const string UnknownError = "Unknown error, please check your request or try again later.";
    private const string InternalError = "Internal error; unable to process your request. Please try again.";

    internal static ImmutableArray<ErrorRow> Spot(string order) =>
    [
        .. Common(order),
        Row(order, -1001, "Internal error; unable to process your request. Please try again.", null, 503),
        Row(order, -1013, "Filter failure: LOT_SIZE", Permanent),
        Row(order, -1013, "Filter failure: MARKET_LOT_SIZE", Permanent),
        Row(order, -1013, "Filter failure: PRICE_FILTER", Permanent),
        Row(order, -1013, "Filter failure: MIN_NOTIONAL", BelowMinimum),
        Row(order, -1013, "Filter failure: NOTIONAL", BelowMinimum),
        Row(order, -1013, "Filter failure: PERCENT_PRICE", Transient),
        Row(order, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE", Transient),
        Row(order, -1013, "Filter failure: MAX_NUM_ORDERS", Transient),
        Row(order, -1013, "Filter failure: EXCHANGE_MAX_NUM_ORDERS", Transient),
        Row(order, -1013, "Filter failure: MAX_POSITION", Permanent),
        Row(order, -1013, "Filter failure: MAX_ASSET", Permanent),
        Row(order, -1014, "Unsupported order combination.", Permanent),
        Row(order, -1020, "This operation is not supported.", Permanent),
        Row(order, -2008, "Invalid Api-Key ID.", Account, 401),
        Row(order, -2010, "Account has insufficient balance for requested action.", Funds),
        Row(order, -2010, "Duplicate order sent.", Query),
        Row(order, -2010, "Market is closed.", Wait),
        Row(order, -1013, "Market is closed.", Wait),
        Row(order, -2010, "This symbol is not permitted for this account.", Permanent),
        Row(order, -2010, "This symbol is restricted for this account.", Permanent),
        Row(order, -2010, "This action is disabled on this account.", Account),
        Row(order, -2010, "This account may not place or cancel orders.", Account),
        Row(order, -2010, "Market orders are not supported for this symbol.", Permanent),
        Row(order, -2010, "Quote order qty market orders are not support for this symbol.", Permanent),
        Row(order, -2010, "Order book liquidity is less than LOT_SIZE filter minimum quantity.", Transient),
        Row(order, -2010, "Order book liquidity is less than MARKET_LOT_SIZE filter minimum quantity.", Transient),
        Row(order, -2010, "Order book liquidity is less than symbol minimum quantity.", Transient),
        Row(order, -2010, "Rest API trading is not enabled.", Account),
        Row(order, -2010, "WebSocket API trading is not enabled.", Account),
    ];

    internal static ImmutableArray<ErrorRow> Usdm(string order) =>
    [
        .. Common(order),
        Row(order, 0, "Service Unavailable.", Wait, 503),
        Row(order, 0, InternalError, Wait, 503),
        Row(order, -1001, InternalError, Wait, 503),
        Row(order, -1008, "Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.", Wait, 503),
        Row(order, -1109, "Invalid account.", Account),
        Row(order, -2017, "API Keys are locked on this account.", Account),
        Row(order, -2018, "Balance is insufficient.", Funds),
        Row(order, -2019, "Margin is insufficient.", Funds),
        Row(order, -4050, "Cross balance insufficient.", Funds),
        Row(order, -4051, "Isolated balance insufficient.", Funds),
        Row(order, -2020, "Unable to fill.", Transient),
        Row(order, -2022, "ReduceOnly Order is rejected.", ReRead),
        Row(order, -2023, "User in liquidation mode now.", Account),
        Row(order, -2024, "Position is not sufficient.", ReRead),
        Row(order, -2025, "Reach max open order limit.", Transient),
        Row(order, -2026, "This OrderType is not supported when reduceOnly.", Permanent),
        Row(order, -2027, "Exceeded the maximum allowable position at current leverage.", Permanent),
        Row(order, -2028, "Leverage is smaller than permitted: insufficient margin balance.", Permanent),
        Row(order, -4003, "Quantity less than or equal to zero.", Permanent),
        Row(order, -4004, "Quantity less than min quantity.", BelowMinimum),
        Row(order, -4005, "Quantity greater than max quantity.", Split),
        Row(order, -4014, "Price not increased by tick size.", Permanent),
        Row(order, -4015, "Client order id is not valid.", Permanent),
        Row(order, -4016, "Price is higher than mark price multiplier cap.", Transient),
        Row(order, -4023, "Qty not increased by step size.", Permanent),
        Row(order, -4024, "Price is lower than mark price multiplier floor.", Transient),
        Row(order, -4045, "Reach max stop order limit.", Transient),
        Row(order, -4060, "Invalid position side.", Account),
        Row(order, -4061, "Order's position side does not match user's setting.", Account),
        Row(order, -4062, "Invalid or improper reduceOnly value.", Account),
        Row(order, -4067, "Position side cannot be changed if there exists open orders.", Account),
        Row(order, -4068, "Position side cannot be changed if there exists position.", Account),
        Row(order, -4087, "User can only place reduce only order.", Account),
        Row(order, -4088, "User can not place order currently.", Account),
        Row(order, -4109, "This account is inactive.", Account),
        Row(order, -4116, "ClientOrderId is duplicated.", Query),
        Row(order, -4117, "Stop order is in triggering process.", Transient),
        Row(order, -4118, "ReduceOnly Order Failed. Please check your existing position and open orders.", ReRead),
        Row(order, -4120, "Order type not supported for this endpoint.", Permanent),
        Row(order, -4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.", Transient),
        Row(order, -4140, "Invalid symbol status for opening position.", Permanent),
        Row(order, -4141, "Symbol is closed.", Permanent),
        Row(order, -4164, "Order's notional must be no smaller than 20 (unless you choose reduce only).", BelowMinimum),
        Row(order, -4192, "Trade forbidden due to Cooling-off Period.", Account),
        Row(order, -4400, "Trading Quantitative Rule: only reduceOnly order is allowed.", Transient),
        Row(order, -4401, "Large position rule: only reduceOnly order is allowed.", Transient),
        Row(order, -4402, "Unavailable in your region.", Account),
        Row(order, -4403, "Leverage is limited in your region.", Account),
        Row(order, -5028, "Timestamp for this request is outside of the ME recvWindow.", Transient),
    ];

    private static ImmutableArray<ErrorRow> Common(string order) =>
    [
        Row(order, -1000, UnknownError, null, 503),
        Row(order, -1000, "An unknown error occurred while processing the request.", null),
        Row(order, -1006, "An unexpected response was received from the message bus. Execution status unknown.", null, 500),
        Row(order, -1006, "An unexpected response was received from the message bus. Execution status unknown.", null),
        Row(order, -1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", null, 408),
        Row(order, -1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", null),
        Row(order, -1008, "Server is currently overloaded with other requests. Please try again in a few minutes.", null, 503),
        Row(order, -1003, "Too many requests; current limit is 2400 requests per minute.", Wait, 429),
        Row(order, -1003, "Way too many requests; IP banned until 4102444800000.", Wait, 418),
        Row(order, -1015, "Too many new orders; current limit is 100 orders per 10 SECOND.", Wait, 429),
        Row(order, -1016, "This service is no longer available.", Wait),
        Row(order, -1021, "Timestamp for this request is outside of the recvWindow.", Transient),
        Row(order, -1022, "Signature for this request is not valid.", Account),
        Row(order, -1002, "You are not authorized to execute this request.", Account, 401),
        Row(order, -2014, "API-key format invalid.", Account, 401),
        Row(order, -2015, "Invalid API-key, IP, or permissions for action.", Account, 401),
        Row(order, -1100, "Illegal characters found in a parameter.", Permanent),
        Row(order, -1101, "Too many parameters sent for this endpoint.", Permanent),
        Row(order, -1102, "A mandatory parameter was not sent, was empty/null, or malformed.", Permanent),
        Row(order, -1103, "An unknown parameter was sent.", Permanent),
        Row(order, -1104, "Not all sent parameters were read.", Permanent),
        Row(order, -1105, "A parameter was empty.", Permanent),
        Row(order, -1106, "A parameter was sent when not required.", Permanent),
        Row(order, -1111, "Precision is over the maximum defined for this asset.", Permanent),
        Row(order, -1112, "No orders on book for symbol.", Transient),
        Row(order, -1115, "Invalid timeInForce.", Permanent),
        Row(order, -1116, "Invalid orderType.", Permanent),
        Row(order, -1117, "Invalid side.", Permanent),
        Row(order, -1121, "Invalid symbol.", Permanent),
        Row(order, -1128, "Combination of optional parameters invalid.", Permanent),
        Row(order, -1130, "Invalid data sent for a parameter.", Permanent),
        Row(order, -9999, "A code that nobody has heard of.", Permanent),
        new BinanceErrorRow("451 of a country", Account, Error(order, 0, "Service unavailable from a restricted location according to 'b. Eligibility'.", 451)),
        new BinanceErrorRow("403 of the firewall", Account, new Fault { Match = order, Status = 403, Body = "<html><body>403 Forbidden</body></html>" }),
    ];

    private static BinanceErrorRow Row(string match, int code, string message, RejectionClass? kind, int status = 400) =>
        new($"{status} {code} {message}", kind, Error(match, code, message, status));

    internal static Fault Error(string match, int code, string message, int status = 400, bool executed = false) =>
        new() { Match = match, Status = status, Code = code, Message = message, Executed = executed };

    /// <summary>Ways of an answer to get lost, whatever was asked.</summary>
    internal static ImmutableDictionary<string, Fault> Lost(string match, bool executed, bool isSpot)
    {
        var ways = new Dictionary<string, Fault>(StringComparer.Ordinal)
        {
            ["503 unknown error"] = Error(match, -1000, UnknownError, 503, executed),
            ["503 without a code"] = Error(match, 0, UnknownError, 503, executed),
            ["408 -1007"] = Error(match, -1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", 408, executed),
            ["500 -1006"] = Error(match, -1006, "An unexpected response was received from the message bus. Execution status unknown.", 500, executed),
            ["504"] = new Fault { Match = match, Executed = executed, Status = 504, Body = "<html><body>504 Gateway Time-out</body></html>" },
            ["503 of a proxy"] = new Fault { Match = match, Executed = executed, Status = 503, Body = "Service Unavailable." },
            ["502 of a proxy"] = new Fault { Match = match, Executed = executed, Status = 502, Body = "<html><body>502 Bad Gateway</body></html>" },
            ["a page in the place of the answer"] = new Fault { Match = match, Executed = executed, Status = 200, Body = "<html><body>Welcome</body></html>" },
            ["an empty answer"] = new Fault { Match = match, Executed = executed, Status = 200, Body = "" },
            ["an answer without members"] = new Fault { Match = match, Executed = executed, Status = 200, Body = "{}" },
            ["400 without a code"] = new Fault { Match = match, Executed = executed, Status = 400, Body = "<html><body>Bad Request</body></html>" },
            ["silence"] = new Fault { Match = match, Executed = executed, Ending = FaultEnding.Silence },
            ["reset"] = new Fault { Match = match, Executed = executed, Ending = FaultEnding.Reset },
        };

        // What is no order the HTTP client may ask again by itself on another line, when the server closed the first without a word.
        if (match.StartsWith("POST", StringComparison.Ordinal)) ways["half closed"] = new Fault { Match = match, Executed = executed, Ending = FaultEnding.HalfClose };
        if (executed) ways["half an answer"] = new Fault { Match = match, Executed = true, Ending = FaultEnding.Truncate };
        if (isSpot)
        {
            ways["503 internal error"] = Error(match, -1001, InternalError, 503, executed);
            ways["503 service unavailable"] = Error(match, 0, "Service Unavailable.", 503, executed);
        }

        return ways.ToImmutableDictionary(StringComparer.Ordinal);
    }
}
