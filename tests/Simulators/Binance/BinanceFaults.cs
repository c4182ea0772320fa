using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>The answers that make an order's outcome hard to know, in the venue's words.</summary>
public static class BinanceFaults
{
    /// <summary>503 "Unknown error…": the order may have been executed.</summary>
    public static Fault UnknownError(string match, bool executed) => new()
    {
        Match = match, Executed = executed, Status = 503, Code = -1000, Message = "Unknown error, please check your request or try again later.",
    };

    /// <summary>503 "Service Unavailable.": failed.</summary>
    public static Fault ServiceUnavailable(string match) => new() { Match = match, Status = 503, Message = "Service Unavailable." };

    /// <summary>503 "Internal error…": failed.</summary>
    public static Fault InternalError(string match, bool executed = false) => new()
    {
        Match = match, Executed = executed, Status = 503, Code = -1001, Message = "Internal error; unable to process your request. Please try again.",
    };

    /// <summary>503 -1008: throttled, failed.</summary>
    public static Fault Throttled(string match) => new()
    {
        Match = match, Status = 503, Code = -1008,
        Message = "Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.",
    };

    /// <summary>-1007: the engine did not answer in time, the outcome is unknown.</summary>
    public static Fault Timeout(string match, bool executed) => new()
    {
        Match = match, Executed = executed, Status = 408, Code = -1007,
        Message = "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    };

    /// <summary>-1006: an unexpected answer inside the venue, the outcome is unknown.</summary>
    public static Fault UnexpectedResponse(string match, bool executed) => new()
    {
        Match = match, Executed = executed, Status = 500, Code = -1006, Message = "An unexpected response was received from the message bus. Execution status unknown.",
    };

    /// <summary>A gateway's page instead of the venue's answer.</summary>
    public static Fault BadGateway(string match, bool executed) => new()
    {
        Match = match, Executed = executed, Status = 502, Body = "<html><head><title>502 Bad Gateway</title></head><body></body></html>",
    };

    /// <summary>403 by the firewall: not placed.</summary>
    public static Fault Firewall(string match) => new() { Match = match, Status = 403, Body = "<html><body>403 Forbidden</body></html>" };

    /// <summary>Nothing at all.</summary>
    public static Fault Silence(string match, bool executed) => new() { Match = match, Executed = executed, Ending = FaultEnding.Silence };

    /// <summary>The connection is reset.</summary>
    public static Fault Reset(string match, bool executed) => new() { Match = match, Executed = executed, Ending = FaultEnding.Reset };

    /// <summary>A look-up that does not know the order.</summary>
    public static Fault OrderUnknown(string match, int times = 1) => new()
    {
        Match = match, Status = 400, Code = -2013, Message = "Order does not exist.", Times = times,
    };
}
