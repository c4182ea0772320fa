using System.Buffers;
using System.Globalization;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>The answer to a request, whichever way it came in.</summary>
internal sealed record Answer(int Status, ReadOnlyMemory<byte> Body, Refusal? Refusal, byte[][] Events);

/// <summary>
/// Everything between the wire and the endpoints: limits, faults, key, encoding, time window, signature, permission, latency. The order of the checks
/// is the venue's as far as it is known (README, "What is guessed").
/// </summary>
internal sealed class Gate(Exchange exchange)
{
    private const long LongestWindowMs = 60_000;

    public Exchange Exchange => exchange;

    /// <summary>Executes a request up to the answer's bytes. Events are sent, or left in the answer for after it.</summary>
    public async ValueTask<Answer> ExecuteAsync(Route route, Parameters parameters, string? apiKey, Fault? fault, bool isWebSocket, CancellationToken cancellationToken)
    {
        var clock = exchange.Clock;
        var buffer = new ArrayBufferWriter<byte>(1024);
        byte[][] events = [];
        Refusal? refusal = null;
        var status = 200;
        try
        {
            var arrivedMs = clock.NowMs;
            var weight = route.Weight(parameters);
            exchange.Limits.Charge(arrivedMs, weight);
            if (exchange.Maintenance && !route.AlwaysUp) throw new Refusal(503, -1016, "This service is no longer available.");
            if (parameters.Doubled is not null) throw new Refusal(-1101, "Duplicate values for a parameter detected.");
            var key = Authorize(route, parameters, apiKey, isWebSocket);
            if (exchange.IsSpot && route.Reads is { } reads) CheckRead(parameters, reads, isWebSocket);
            if (route.PlacesOrder) exchange.Limits.CountOrder(arrivedMs);
            var latency = (route.Matching ? exchange.Latency : TimeSpan.Zero) + (fault?.DelayBefore ?? TimeSpan.Zero);
            if (latency > TimeSpan.Zero)
            {
                await Task.Delay(latency, clock.Time, cancellationToken);
                if (route.Security == Security.Signed) CheckTime(parameters, atEngine: true);
            }
            using var json = Json.Writer(buffer);
            lock (exchange.Sync)
            {
                var call = new Call(parameters, key, json, clock.NowMs);
                try
                {
                    route.Handle(call);
                }
                finally
                {
                    // What a refused order did to others (it expired, it was counted) is news all the same.
                    events = exchange.TakeEvents();
                    if (exchange.EventTiming is not EventTiming.AfterAnswer)
                    {
                        exchange.Publish(events);
                        events = [];
                    }
                }
                status = call.Status;
            }
            json.Flush();
            if (route.FreeOnSuccess) exchange.Limits.Return(arrivedMs, weight);
        }
        catch (Refusal r)
        {
            refusal = r;
            status = r.Status;
            buffer.Clear();
            buffer.Write(Json.Error(r.Code, r.Message));
        }
        if (exchange.EventTiming == EventTiming.BeforeAnswer)
            foreach (var connection in exchange.Hub.Connections) await connection.FlushAsync();
        if (fault is { DelayAfter.Ticks: > 0 }) await Task.Delay(fault.DelayAfter, clock.Time, cancellationToken);
        return new Answer(status, buffer.WrittenMemory, refusal, events);
    }

    private static void CheckRead(Parameters parameters, string[] reads, bool isWebSocket)
    {
        var read = 0;
        foreach (var (name, _) in parameters.All)
            if (name is "timestamp" or "recvWindow" || isWebSocket && name == "apiKey" || Array.IndexOf(reads, name) >= 0) read++;
        if (read == parameters.All.Count) return;
        var extra = parameters.Signature is null ? 0 : 1;
        throw new Refusal(-1104, $"Not all sent parameters were read; read '{read + extra}' parameter(s) but was sent '{parameters.All.Count + extra}'.");
    }

    private BinanceKey? Authorize(Route route, Parameters parameters, string? apiKey, bool isWebSocket)
    {
        if (route.Security == Security.None) return null;
        if (isWebSocket && route.Security == Security.Signed && apiKey is null) throw Refusal.Mandatory("apiKey");
        if (string.IsNullOrEmpty(apiKey) || apiKey.Length != 64 || !apiKey.All(char.IsAsciiLetterOrDigit))
            throw new Refusal(401, -2014, "API-key format invalid.");
        if (!exchange.Keys.TryGetValue(apiKey, out var key)) throw Rejected();
        if (route.Security == Security.Signed)
        {
            parameters.Mandatory("timestamp");
            if (string.IsNullOrEmpty(parameters.Signature)) throw Refusal.Mandatory("signature");
            CheckTime(parameters, atEngine: false);
            if (!parameters.Encoded || !exchange.IsSpot && !parameters.SignatureIsLast || !Signing.IsHmacSha256Hex(key.Secret, parameters.Payload, parameters.Signature))
                throw new Refusal(-1022, "Signature for this request is not valid.");
        }
        if (key.Locked && !exchange.IsSpot) throw new Refusal(-2017, "API Keys are locked on this account.");
        var permitted = route.Permission switch
        {
            Permission.None => true,
            Permission.Reading => key.Reading,
            Permission.SpotTrading => key.Reading && key.SpotTrading,
            _ => key.Reading && key.Futures,
        };
        return permitted ? key : throw Rejected();
    }

    private static Refusal Rejected() => new(401, -2015, "Invalid API-key, IP, or permissions for action.");

    /// <summary>timestamp &lt; server time + 1000 and server time − timestamp ≤ recvWindow; checked on arrival and again before the matching engine.</summary>
    private void CheckTime(Parameters parameters, bool atEngine)
    {
        var timestamp = parameters.Whole("timestamp") ?? throw Refusal.Mandatory("timestamp");
        var window = 5000m;
        if (parameters["recvWindow"] is not null)
        {
            window = exchange.IsSpot ? parameters.Number("recvWindow")!.Value : parameters.Whole("recvWindow")!.Value;
            if (window > LongestWindowMs) throw new Refusal(-1131, "recvWindow must be less than 60000.");
            if (window != Json.Cut(window, 3)) throw new Refusal(-1111, "Parameter 'recvWindow' has too much precision.");
        }
        // Spot takes microseconds too.
        var us = exchange.IsSpot && timestamp > 100_000_000_000_000 ? timestamp : timestamp * 1000;
        var nowUs = exchange.Clock.NowUs;
        if (!atEngine && us >= nowUs + 1_000_000) throw new Refusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
        if (nowUs - us <= window * 1000) return;
        throw atEngine && !exchange.IsSpot
            ? new Refusal(-5028, "Timestamp for this request is outside of the ME recvWindow.")
            : new Refusal(-1021, "Timestamp for this request is outside of the recvWindow.");
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
