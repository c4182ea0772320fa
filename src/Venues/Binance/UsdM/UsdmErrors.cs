using CSMultiConnector.Venues.Http;
using static CSMultiConnector.Domain.Orders.RejectionClass;
using static CSMultiConnector.Venues.Http.ErrorEffect;

namespace CSMultiConnector.Venues.Binance.UsdM;

/// <summary>What the USD-M product's errors mean. Some codes mean other things on spot.</summary>
internal static class UsdmErrors
{
    internal static ErrorTable Table { get; } = new(
    [
        // Of the answers 503, these prove that nothing was placed; "Unknown error, please check your request …" proves nothing.
        new("-1008", Wait, "throttled by system-level protection", ProvedByServerError),
        new("-1001", Wait, "Internal error; unable to process your request", ProvedByServerError),
        new("", Wait, "Internal error; unable to process your request", ProvedByServerError),
        new("", Wait, "Service Unavailable", ProvedByServerError),

        new("-2018", Funds),
        new("-2019", Funds),
        new("-4050", Funds),
        new("-4051", Funds),

        new("-2020", Transient),
        new("-2022", ReRead),
        new("-2024", ReRead),
        new("-4118", ReRead),
        new("-2023", Account),
        new("-2025", Transient),
        new("-4045", Transient),
        new("-2026", Permanent),
        new("-2027", Permanent),
        new("-2028", Permanent),

        new("-4003", Permanent),
        new("-4004", BelowMinimum, Effect: FactsWrong),
        new("-4005", Split, Effect: FactsWrong),
        new("-4014", Permanent, Effect: FactsWrong),
        new("-4023", Permanent, Effect: FactsWrong),
        new("-4015", Permanent),
        new("-4016", Transient),
        new("-4024", Transient),
        new("-4131", Transient),
        new("-4164", BelowMinimum, Effect: FactsWrong),

        // The account's mode is another than was read.
        new("-4060", Account),
        new("-4061", Account),
        new("-4062", Account),
        new("-1106", Account, "reduceOnly"),
        new("-4067", Account),
        new("-4068", Account),

        new("-4087", Account),
        new("-4088", Account),
        new("-4109", Account),
        new("-4192", Account),
        new("-4402", Account),
        new("-4403", Account),
        new("-1109", Account),
        new("-2017", Account),

        new("-4116", Query),
        new("-4117", Transient),
        new("-4120", Permanent),
        new("-4140", Permanent, Effect: FactsWrong),
        new("-4141", Permanent, Effect: FactsWrong),
        new("-4400", Transient),
        new("-4401", Transient),
        new("-5021", Transient),
        new("-5022", Transient),

        // Too late at the matching engine: not placed.
        new("-5028", Transient, Effect: ClockWrong),
        .. BinanceErrors.Common,
    ]);

    /// <summary>The listen key is gone: take another.</summary>
    internal const string NoListenKey = "-1125";
}
