using System.Text.Json;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>What the venue knows of one connection of the spot WebSocket API.</summary>
internal sealed class SpotSession
{
    /// <summary>The user data subscription; null = none.</summary>
    public int? Subscription { get; set; }

    public string? ApiKey { get; set; }

    public long ConnectedMs { get; init; }

    public int LastSubscription { get; set; } = -1;
}

/// <summary>The request and answer protocol on a WebSocket: the methods are the REST endpoints under other names.</summary>
internal sealed class WebSocketApi(Gate gate)
{
    private static readonly Dictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["ping"] = "GET /api/v3/ping",
        ["time"] = "GET /api/v3/time",
        ["exchangeInfo"] = "GET /api/v3/exchangeInfo",
        ["ticker.price"] = "GET /api/v3/ticker/price",
        ["ticker.book"] = "GET /api/v3/ticker/bookTicker",
        ["avgPrice"] = "GET /api/v3/avgPrice",
        ["depth"] = "GET /api/v3/depth",
        ["account.status"] = "GET /api/v3/account",
        ["account.commission"] = "GET /api/v3/account/commission",
        ["account.rateLimits.orders"] = "GET /api/v3/rateLimit/order",
        ["order.place"] = "POST /api/v3/order",
        ["order.test"] = "POST /api/v3/order/test",
        ["order.status"] = "GET /api/v3/order",
        ["order.cancel"] = "DELETE /api/v3/order",
        ["openOrders.status"] = "GET /api/v3/openOrders",
        ["openOrders.cancelAll"] = "DELETE /api/v3/openOrders",
        ["allOrders"] = "GET /api/v3/allOrders",
        ["myTrades"] = "GET /api/v3/myTrades",
    };

    private static readonly Dictionary<string, string> FuturesMethods = new(StringComparer.Ordinal)
    {
        ["ping"] = "GET /fapi/v1/ping",
        ["time"] = "GET /fapi/v1/time",
        ["order.place"] = "POST /fapi/v1/order",
        ["order.status"] = "GET /fapi/v1/order",
        ["order.cancel"] = "DELETE /fapi/v1/order",
        ["v2/account.balance"] = "GET /fapi/v3/balance",
        ["v2/account.position"] = "GET /fapi/v3/positionRisk",
        ["userDataStream.start"] = "POST /fapi/v1/listenKey",
        ["userDataStream.ping"] = "PUT /fapi/v1/listenKey",
        ["userDataStream.stop"] = "DELETE /fapi/v1/listenKey",
    };

    public async ValueTask ReceivedAsync(StreamConnection connection, string text)
    {
        await Task.CompletedTask;
        // Requests of one connection are answered as they finish: a slow one does not hold up the next.
        _ = AnswerAsync(connection, text);
    }

    private async Task AnswerAsync(StreamConnection connection, string text)
    {
        try
        {
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(text);
            }
            catch (JsonException)
            {
                connection.Send(Write("null", 400, new Refusal(-1135, "Invalid JSON Request"), null, false));
                return;
            }
            using (document) await AnswerAsync(connection, document.RootElement);
        }
        catch (OperationCanceledException)
        {
            // The connection or the simulator ended meanwhile.
        }
    }

    private async Task AnswerAsync(StreamConnection connection, JsonElement request)
    {
        var exchange = gate.Exchange;
        var id = request.ValueKind == JsonValueKind.Object && request.TryGetProperty("id", out var given) ? given.GetRawText() : "null";
        var method = request.ValueKind == JsonValueKind.Object && request.TryGetProperty("method", out var name) ? name.GetString() ?? "" : "";
        var parameters = Parameters.OfJson(request.ValueKind == JsonValueKind.Object && request.TryGetProperty("params", out var p) ? p : default);
        var withLimits = parameters["returnRateLimits"] != "false";
        var fault = exchange.Faults.Take(method);
        var arrivedMs = exchange.Clock.NowMs;
        Answer answer;
        if (fault is { Executed: false } && fault.Ending != FaultEnding.Answer)
        {
            if (fault.DelayBefore > TimeSpan.Zero) await Task.Delay(fault.DelayBefore, exchange.Clock.Time, connection.Ended);
            answer = new Answer(fault.Status, default, new Refusal(fault.Status, fault.Code, fault.Message), []);
        }
        else
        {
            var route = Find(exchange, connection, method);
            answer = route is null
                ? new Answer(400, default, new Refusal(-1000, "Unknown method."), [])
                : await gate.ExecuteAsync(route, parameters, parameters["apiKey"], fault, isWebSocket: true, connection.Ended);
        }
        var (status, refusal) = fault is { Ending: FaultEnding.Error } ? (fault.Status, new Refusal(fault.Status, fault.Code, fault.Message)) : (answer.Status, answer.Refusal);
        var silent = fault is { Ending: not (FaultEnding.Answer or FaultEnding.Error) };
        exchange.Received.Add(arrivedMs, method, [.. parameters.All.Where(x => x.Key != "apiKey")], silent ? 0 : status, silent ? 0 : refusal?.Code ?? 0);
        switch (fault?.Ending)
        {
            case FaultEnding.Silence:
                break;
            case FaultEnding.Reset or FaultEnding.Truncate:
                connection.Abort();
                break;
            case FaultEnding.HalfClose:
                await connection.CloseAsync("");
                break;
            default:
                connection.Send(Write(id, status, refusal, answer.Body, withLimits));
                if (exchange.EventTiming == EventTiming.AfterAnswer) await connection.FlushAsync();
                break;
        }
        exchange.Publish(answer.Events);
    }

    private static Route? Find(Exchange exchange, StreamConnection connection, string method) => method switch
    {
        "userDataStream.subscribe.signature" when exchange.IsSpot => new Route("", method, call => Subscribe(exchange, connection, call))
        {
            Security = Security.Signed, Permission = Permission.Reading, Weight = static _ => 2,
        },
        "userDataStream.unsubscribe" when exchange.IsSpot => new Route("", method, call => Unsubscribe(connection, call)) { Weight = static _ => 2 },
        "userDataStream.subscribe" when exchange.IsSpot => new Route("", method, static _ => throw new Refusal(-2040, "A session must be logged on before a subscription.")),
        "session.logon" => new Route("", method, static _ => throw new Refusal(-4056, "HMAC_SHA256 API key is not supported.")) { Security = Security.Signed, Weight = static _ => 2 },
        "session.status" => new Route("", method, call => Status(connection, call)) { Weight = static _ => 2 },
        _ => (exchange.IsSpot ? Methods : FuturesMethods).TryGetValue(method, out var path) ? exchange.Routes[path] : null,
    };

    private static void Subscribe(Exchange exchange, StreamConnection connection, Call call)
    {
        var session = (SpotSession)connection.State!;
        if (session.Subscription is not null) throw new Refusal(-2035, "User Data Stream subscription already active.");
        session.Subscription = ++session.LastSubscription;
        session.ApiKey = call.Key!.Key;
        call.Json.WriteStartObject();
        call.Json.Field("subscriptionId", session.Subscription.Value);
        call.Json.WriteEndObject();
    }

    private static void Unsubscribe(StreamConnection connection, Call call)
    {
        var session = (SpotSession)connection.State!;
        if (session.Subscription is null) throw new Refusal(-2036, "User Data Stream subscription not active.");
        session.Subscription = null;
        call.Json.WriteStartObject();
        call.Json.WriteEndObject();
    }

    private static void Status(StreamConnection connection, Call call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteNull("apiKey");
        call.Json.WriteNull("authorizedSince");
        call.Json.Field("connectedSince", (connection.State as SpotSession)?.ConnectedMs ?? 0);
        call.Json.Field("returnRateLimits", true);
        call.Json.Field("serverTime", call.NowMs);
        call.Json.Field("userDataStream", (connection.State as SpotSession)?.Subscription is not null);
        call.Json.WriteEndObject();
    }

    private byte[] Write(string id, int status, Refusal? refusal, ReadOnlyMemory<byte>? result, bool withLimits)
    {
        var exchange = gate.Exchange;
        return Json.Write(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("id");
            json.WriteRawValue(id);
            json.Field("status", status);
            if (refusal is null)
            {
                json.WritePropertyName("result");
                json.WriteRawValue(result!.Value.Span);
            }
            else
            {
                json.WriteStartObject("error");
                json.Field("code", refusal.Code);
                json.Field("msg", refusal.Message);
                if (refusal.RetryAfterMs is { } retry)
                {
                    json.WriteStartObject("data");
                    json.Field("serverTime", exchange.Clock.NowMs);
                    json.Field("retryAfter", retry);
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            if (withLimits)
            {
                json.WritePropertyName("rateLimits");
                Spot.SpotApi.WriteRateLimits(json, exchange.Limits, exchange.IsSpot ? "DAY" : "MINUTE", exchange.Limits.Counts(exchange.Clock.NowMs));
            }
            json.WriteEndObject();
        });
    }
}
