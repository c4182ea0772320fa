using System.Net.Sockets;
using System.Text;
using CSMultiConnector.Simulators.Binance.Spot;
using CSMultiConnector.Simulators.Binance.Usdm;
using CSMultiConnector.Simulators.Kit;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>From HTTP to the gate and back: the exact text of the request, the headers of the answer, and the scripted ways of not answering.</summary>
internal sealed class HttpFront(SpotExchange spot, UsdmExchange usdm, CancellationToken stopping)
{
    private const int LargestBody = 64 * 1024;
    private static readonly TimeSpan SpotPing = TimeSpan.FromSeconds(20), SpotPong = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UsdmPing = TimeSpan.FromMinutes(3), UsdmPong = TimeSpan.FromMinutes(10);
    private readonly Gate _spotGate = new(spot);
    private readonly Gate _usdmGate = new(usdm);

    public async Task HandleAsync(HttpContext http)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, http.RequestAborted);
        try
        {
            if (http.WebSockets.IsWebSocketRequest) await ServeStreamAsync(http);
            else await AnswerAsync(http, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (IOException)
        {
            // The client went while we wrote.
        }
    }

    private async Task AnswerAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var gate = path.StartsWith("/fapi", StringComparison.Ordinal) ? _usdmGate : _spotGate;
        var exchange = gate.Exchange;
        var request = $"{http.Request.Method} {path}";
        var arrivedMs = exchange.Clock.NowMs;
        var parameters = Parameters.OfRequest(question < 0 ? "" : target[(question + 1)..], await BodyAsync(http.Request, cancellationToken));
        var arrived = exchange.Clock.Time.GetTimestamp();

        if (!exchange.Routes.TryGetValue(request, out var route))
        {
            http.Response.StatusCode = 404;
            exchange.Received.Add(arrivedMs, request, parameters.All, 404, 0);
            await http.Response.WriteAsync("404 Not Found", cancellationToken);
            return;
        }

        var fault = exchange.Faults.Take(request);
        Answer answer;
        if (fault is { Executed: false } && fault.Ending != FaultEnding.Answer)
        {
            if (fault.DelayBefore > TimeSpan.Zero) await Task.Delay(fault.DelayBefore, exchange.Clock.Time, cancellationToken);
            answer = new Answer(200, default, null, []);
        }
        else
        {
            // Once executed, an order is executed: the client's going away does not take it back.
            answer = await gate.ExecuteAsync(route, parameters, http.Request.Headers["X-MBX-APIKEY"], fault, isWebSocket: false, stopping);
        }
        var (status, code) = fault?.Ending switch
        {
            null or FaultEnding.Answer => (answer.Status, answer.Refusal?.Code ?? 0),
            FaultEnding.Error => (fault.Status, fault.Code),
            _ => (0, 0),
        };
        exchange.Received.Add(arrivedMs, request, parameters.All, status, code, arrived);
        try
        {
            await EndAsync(http, exchange, route, fault, answer, status, cancellationToken);
        }
        finally
        {
            exchange.Publish(answer.Events);
        }
    }

    private static async Task EndAsync(HttpContext http, Exchange exchange, Route route, Fault? fault, Answer answer, int status, CancellationToken cancellationToken)
    {
        switch (fault?.Ending)
        {
            case FaultEnding.Reset:
                http.Abort();
                return;
            case FaultEnding.Silence:
                exchange.Publish(answer.Events);
                await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Clock.Time, cancellationToken);
                return;
            case FaultEnding.HalfClose:
                exchange.Publish(answer.Events);
                http.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
                await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Clock.Time, cancellationToken);
                return;
        }
        var response = http.Response;
        var refusal = answer.Refusal;
        var body = answer.Body;
        if (fault is { Ending: FaultEnding.Error })
        {
            refusal = new Refusal(fault.Status, fault.Code, fault.Message) { RetryAfterSeconds = fault.RetryAfterSeconds };
            body = fault.Body is { } text ? Encoding.UTF8.GetBytes(text)
                : fault.Code == 0 ? Encoding.UTF8.GetBytes($"{{\"msg\":\"{fault.Message}\"}}") : Json.Error(fault.Code, fault.Message);
        }
        if (fault?.Edit is { } edit) body = Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(body.Span)));
        response.StatusCode = status == 0 ? answer.Status : status;
        response.ContentType = fault?.Body is null ? "application/json;charset=UTF-8" : "text/html";
        response.ContentLength = body.Length;
        Count(response, exchange, route, status);
        if (refusal?.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = Gate.Number(seconds);
        if (fault is { Ending: FaultEnding.Truncate })
        {
            await response.Body.WriteAsync(body[..(body.Length / 2)], cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
            http.Abort();
            return;
        }
        await response.Body.WriteAsync(body, cancellationToken);
        if (exchange.EventTiming == EventTiming.AfterAnswer) await response.CompleteAsync();
    }

    private static void Count(HttpResponse response, Exchange exchange, Route route, int status)
    {
        var (weight, tenSeconds, second) = exchange.Limits.Counts(exchange.Clock.NowMs);
        response.Headers["X-MBX-USED-WEIGHT-1M"] = Gate.Number(weight);
        if (!route.PlacesOrder || status != 200) return;
        response.Headers["X-MBX-ORDER-COUNT-10S"] = Gate.Number(tenSeconds);
        response.Headers["X-MBX-ORDER-COUNT-" + exchange.Limits.SecondInterval] = Gate.Number(second);
    }

    /// <summary>Parameters of a GET are in its query; of others also in a body that says to be a form. Any other body is not looked at.</summary>
    private static async ValueTask<string> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding")) return "";
        if (HttpMethods.IsGet(request.Method) || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return "";
        using var reader = new StreamReader(request.Body, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 1024, leaveOpen: true);
        var buffer = new char[LargestBody];
        var read = await reader.ReadBlockAsync(buffer, cancellationToken);
        return new string(buffer, 0, read);
    }

    private async Task ServeStreamAsync(HttpContext http)
    {
        var path = http.Request.Path.Value;
        switch (path)
        {
            case "/ws-api/v3" when !spot.Hub.Refusing:
                var spotApi = new WebSocketApi(_spotGate);
                await spot.Hub.ServeAsync(http, SpotPing, SpotPong, c => c.State = new SpotSession { ConnectedMs = spot.Clock.NowMs }, spotApi.ReceivedAsync);
                return;
            case "/ws-fapi/v1" when !usdm.Hub.Refusing:
                var usdmApi = new WebSocketApi(_usdmGate);
                await usdm.Hub.ServeAsync(http, UsdmPing, UsdmPong, static _ => { }, usdmApi.ReceivedAsync);
                return;
            case "/private/ws" or "/private/stream" when !usdm.Hub.Refusing:
                var streams = new UsdmStreams(usdm);
                await usdm.Hub.ServeAsync(http, UsdmPing, UsdmPong, c => streams.Opened(c, http.Request.Query), streams.ReceivedAsync);
                return;
        }
        var exchange = path is "/ws-api/v3" ? (Exchange)spot : usdm;
        http.Response.StatusCode = exchange.Hub.Refusing ? 503 : 404;
        exchange.Received.Add(exchange.Clock.NowMs, "WS " + path, [], http.Response.StatusCode, 0);
    }
}
