using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CSMultiConnector.Simulators.Binance;

namespace CSMultiConnector.Simulators.Tests.Binance;

/// <summary>The plainest possible client: what a test writes is what goes over the wire.</summary>
internal sealed class RawClient(BinanceSimulator simulator, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { Timeout = TimeSpan.FromMinutes(3) };

    public static string Sign(string secret, string payload) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(payload)));

    public string Now => (time.GetUtcNow() + simulator.ClockOffset).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    public void Dispose() => _http.Dispose();

    /// <summary>Signs the query with the simulator's first key and sends it.</summary>
    public Task<Reply> SignedAsync(string method, string path, string query = "", BinanceKey? key = null, string? timestamp = null)
    {
        var payload = (query.Length > 0 ? query + "&" : "") + "timestamp=" + (timestamp ?? Now);
        return SendAsync(method, $"{path}?{payload}&signature={Sign((key ?? simulator.Key).Secret, payload)}", key: (key ?? simulator.Key).Key);
    }

    public async Task<Reply> SendAsync(
        string method, string target, string? body = null, string? key = null, CancellationToken cancellationToken = default, string mediaType = "application/x-www-form-urlencoded")
    {
        // The target goes out as it is written: nothing is encoded or normalized on the way.
        var uri = new Uri(simulator.RestUrl + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (key is not null) request.Headers.TryAddWithoutValidation("X-MBX-APIKEY", key);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return new Reply((int)response.StatusCode, text, response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<RawSocket> SpotSocketAsync() => RawSocket.ConnectAsync(simulator.SpotWsApiUrl);

    /// <summary>A spot WebSocket with a user data subscription.</summary>
    public async Task<RawSocket> SpotStreamAsync()
    {
        var socket = await SpotSocketAsync();
        (await socket.CallAsync("userDataStream.subscribe.signature", WsParams([]))).GetProperty("result").GetProperty("subscriptionId").GetInt32().ShouldBe(0);
        return socket;
    }

    /// <summary>A USD-M stream by listen key.</summary>
    public async Task<RawSocket> UsdmStreamAsync()
    {
        var key = (await SendAsync("POST", "/fapi/v1/listenKey", key: simulator.Key.Key)).Json.GetProperty("listenKey").GetString();
        return await RawSocket.ConnectAsync($"{simulator.UsdmStreamUrl}/private/ws?listenKey={key}");
    }

    /// <summary>Signs parameters as the WebSocket API wants them.</summary>
    public JsonObject WsParams(Dictionary<string, string> values, string? timestamp = null)
    {
        var all = new SortedDictionary<string, string>(values, StringComparer.Ordinal) { ["apiKey"] = simulator.Key.Key, ["timestamp"] = timestamp ?? Now };
        var json = new JsonObject();
        foreach (var (name, value) in all) json[name] = name == "timestamp" ? JsonValue.Create(long.Parse(value, CultureInfo.InvariantCulture)) : JsonValue.Create(value);
        json["signature"] = Sign(simulator.Key.Secret, string.Join('&', all.Select(p => $"{p.Key}={p.Value}")));
        return json;
    }
}

internal sealed record Reply(int Status, string Body, Dictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public int Code => Json.TryGetProperty("code", out var code) ? code.GetInt32() : 0;

    public string Message => Json.GetProperty("msg").GetString()!;

    public string this[string name] => Json.GetProperty(name).ToString();

    public void ShouldFail(int code, string message)
    {
        (Code, Message).ShouldBe((code, message));
        Status.ShouldBeGreaterThanOrEqualTo(400);
    }

    public Reply ShouldSucceed()
    {
        Status.ShouldBe(200, Body);
        return this;
    }
}

/// <summary>A WebSocket that is read message by message.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _id;

    public static async Task<RawSocket> ConnectAsync(string url)
    {
        var socket = new RawSocket();
        await socket._socket.ConnectAsync(new Uri(url), CancellationToken.None);
        return socket;
    }

    public void Dispose() => _socket.Dispose();

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>Calls a method; messages that come before its answer are dropped.</summary>
    public async Task<JsonElement> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = (++_id).ToString(CultureInfo.InvariantCulture);
        await SendAsync(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString());
        while (true)
        {
            var message = await NextAsync();
            if (message.TryGetProperty("id", out var answered) && answered.ToString() == id) return message;
        }
    }

    public async Task<JsonElement> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), limit.Token);
            if (part.MessageType == WebSocketMessageType.Close) throw new WebSocketException("closed by the server");
            length += part.Count;
            if (part.EndOfMessage) return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
        }
    }

    /// <summary>The next event, unwrapped.</summary>
    public async Task<JsonElement> EventAsync()
    {
        var message = await NextAsync();
        return message.TryGetProperty("event", out var inner) ? inner : message.TryGetProperty("data", out var data) ? data : message;
    }

    public async Task<JsonElement[]> EventsAsync(int count)
    {
        var events = new JsonElement[count];
        for (var i = 0; i < count; i++) events[i] = await EventAsync();
        return events;
    }

    /// <summary>Whether the server ended the connection, by a close frame or without one.</summary>
    public async Task EndsAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            while ((await _socket.ReceiveAsync(_buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
            {
                // Whatever was still under way.
            }
        }
        catch (WebSocketException)
        {
            // Torn down.
        }
        limit.IsCancellationRequested.ShouldBeFalse("the server ends the connection");
    }
}

/// <summary>A simulator, its clock and a client.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private Bench(BinanceSimulator simulator, ManualTime time) => (Simulator, Time, Client) = (simulator, time, new RawClient(simulator, time));

    public BinanceSimulator Simulator { get; }

    public ManualTime Time { get; }

    public RawClient Client { get; }

    public SpotControl Spot => Simulator.Spot;

    public UsdmControl Usdm => Simulator.Usdm;

    public static async Task<Bench> StartAsync(BinanceSimulatorOptions? options = null, ManualTime? time = null)
    {
        time ??= new ManualTime();
        return new Bench(await BinanceSimulator.StartAsync(options ?? new BinanceSimulatorOptions(), time), time);
    }

    /// <summary>A signed spot order.</summary>
    public Task<Reply> SpotOrderAsync(string query) => Client.SignedAsync("POST", "/api/v3/order", query);

    /// <summary>A signed USD-M order.</summary>
    public Task<Reply> UsdmOrderAsync(string query) => Client.SignedAsync("POST", "/fapi/v1/order", query);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Simulator.DisposeAsync();
    }
}
