using System.Text.Json;
using CSMultiConnector.Simulators.Kit;
using Microsoft.AspNetCore.Http;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>The private streams of USD-M, in both forms: the key in the address (raw events) or subscribed by name (wrapped events).</summary>
internal sealed class UsdmStreams(UsdmExchange exchange)
{
    public void Opened(StreamConnection connection, IQueryCollection query)
    {
        var combined = connection.Path.EndsWith("/stream", StringComparison.Ordinal);
        var stream = new UsdmStream(combined, query["events"].ToString() is { Length: > 0 } only ? only : null);
        if (query["listenKey"].ToString() is { Length: > 0 } key) stream.Keys = [key];
        connection.State = stream;
    }

    public ValueTask ReceivedAsync(StreamConnection connection, string text)
    {
        string id = "null", method = "";
        var names = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.TryGetProperty("id", out var given)) id = given.GetRawText();
            if (root.TryGetProperty("method", out var name)) method = name.GetString() ?? "";
            if (root.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Array)
                names.AddRange(parameters.EnumerateArray().Select(p => p.ToString()));
        }
        catch (JsonException)
        {
            connection.Send("""{"error":{"code":3,"msg":"Invalid JSON: expected value at line 1 column 1"}}"""u8.ToArray());
            return ValueTask.CompletedTask;
        }
        var stream = (UsdmStream)connection.State!;
        exchange.Received.Add(exchange.Clock.NowMs, method, [], 200, 0);
        switch (method)
        {
            case "SUBSCRIBE":
                stream.Keys = stream.Keys.AddRange(names.Where(n => !stream.Keys.Contains(n)));
                break;
            case "UNSUBSCRIBE":
                stream.Keys = stream.Keys.RemoveAll(names.Contains);
                break;
            case "LIST_SUBSCRIPTIONS":
                break;
            default:
                connection.Send(Json.Write(json =>
                {
                    json.WriteStartObject();
                    json.WriteStartObject("error");
                    json.Field("code", 2);
                    json.Field("msg", "Invalid request: unknown variant");
                    json.WriteEndObject();
                    json.WritePropertyName("id");
                    json.WriteRawValue(id);
                    json.WriteEndObject();
                }));
                return ValueTask.CompletedTask;
        }
        connection.Send(Json.Write(json =>
        {
            json.WriteStartObject();
            if (method == "LIST_SUBSCRIPTIONS")
            {
                json.WriteStartArray("result");
                foreach (var key in stream.Keys) json.WriteStringValue(key);
                json.WriteEndArray();
            }
            else json.WriteNull("result");
            json.WritePropertyName("id");
            json.WriteRawValue(id);
            json.WriteEndObject();
        }));
        return ValueTask.CompletedTask;
    }
}
