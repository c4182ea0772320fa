using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Http;
using CSMultiConnector.Venues.Http.Streams;

namespace CSMultiConnector.Venues.Binance.Spot;

/// <summary>The user data of a spot account, subscribed to over the WebSocket API by a signed request.</summary>
/// <param name="line">Key, clock and signature.</param>
/// <param name="network">Where.</param>
/// <param name="time">The clock.</param>
/// <param name="fills">Where trades are noted.</param>
/// <param name="complete">Adds fees to an order; null when they are not known yet.</param>
/// <param name="note">Hears what only a log wants to know.</param>
internal sealed class SpotStream(
    BinanceLine line, BinanceNetwork network, TimeProvider time, FillBook fills, Func<VenueOrder, CancellationToken, Task<OrderReport?>> complete, Action<string> note) : BinanceStream(time)
{
    private const string SubscribeId = "subscribe";

    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(10);

    public override async Task<(WebSocketLine? Line, string Why)> OpenAsync(CancellationToken cancellation)
    {
        var (socket, why) = await WebSocketLine.OpenAsync(VenueAddress.WebSocket(network.Stream, SpotProduct.StreamPath), s_answerWithin, Time, cancellation);
        if (socket is null) return (null, why);
        using var timeout = new CancellationTokenSource(s_answerWithin, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var refusal = "the venue did not answer the subscription";
        if (await socket.SendAsync(Subscription(), either.Token) && await socket.ReceiveAsync(either.Token) is { } answer && Subscribed(answer.Span, out refusal)) return (socket, "");
        socket.Dispose();
        cancellation.ThrowIfCancellationRequested();
        return (null, refusal);
    }

    protected override Task KeepLineAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellation);

    protected override async ValueTask<StreamStep> TakeAsync(JsonElement root, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("event", out var e)) return Ends(root);
        switch (KindOf(e))
        {
            case "executionReport":
                await TakeExecutionAsync(e, to, cancellation);
                return StreamStep.GoOn;
            case "balanceUpdate":
                TellNews("a deposit, a withdrawal or a transfer");
                return StreamStep.GoOn;
            case "externalLockUpdate":
                TellNews("the venue locked or released a balance");
                return StreamStep.GoOn;
            case "serverShutdown":
                note("the venue's server goes down; the line is renewed");
                return StreamStep.Renew;
            case "eventStreamTerminated":
                note("the venue ended the subscription");
                return StreamStep.End;
            default:
                return StreamStep.GoOn;
        }
    }

    // An answer without our asking says that the key was taken back or that too much was asked.
    private StreamStep Ends(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error)) return StreamStep.GoOn;
        note($"the venue says: {VenueJson.Read(error, BinanceJson.Default.ErrorWire)?.Msg}");
        return StreamStep.End;
    }

    private async ValueTask TakeExecutionAsync(JsonElement json, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        if (VenueJson.Read(json, BinanceJson.Default.SpotExecutionWire) is not { } execution || execution.ToOrder() is not { } order)
        {
            await TellGapAsync(to, cancellation);
            return;
        }

        if (await TellForeignAsync(execution.Id, execution.Symbol, execution.IsTrade, to, cancellation)) return;
        if (!order.IsPossible)
        {
            await TellGapAsync(to, cancellation);
            return;
        }

        if (execution.IsTrade && execution.TradeId >= 0)
            fills.Add(execution.Symbol, execution.OrderId, new Trade(execution.TradeId, execution.LastQuantity, execution.LastPrice, execution.FeeAsset ?? "", execution.Fee ?? 0m));
        await to.WriteAsync(
            await complete(order, cancellation) is { } report
                ? new VenueEvent.OrderChanged(report)
                : new VenueEvent.Gap($"The trades of order {execution.Id} could not be read: read holdings and open orders anew."),
            cancellation);
    }

    private byte[] Subscription()
    {
        // Signed over all parameters by name, values as they are.
        var timestamp = line.Clock.Milliseconds;
        var signature = line.Key.Sign(string.Create(CultureInfo.InvariantCulture, $"apiKey={line.ApiKey}&timestamp={timestamp}"));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", SubscribeId);
            json.WriteString("method", "userDataStream.subscribe.signature");
            json.WriteStartObject("params");
            json.WriteString("apiKey", line.ApiKey);
            json.WriteNumber("timestamp", timestamp);
            json.WriteString("signature", signature);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool Subscribed(ReadOnlySpan<byte> answer, out string refusal)
    {
        refusal = "the venue's answer to the subscription could not be understood";
        try
        {
            var reader = new Utf8JsonReader(answer);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.TryGetProperty("status", out var status) && status.TryGetInt32(out var code) && code == 200) return true;
            if (json.RootElement.TryGetProperty("error", out var error) && VenueJson.Read(error, BinanceJson.Default.ErrorWire) is { } told) refusal = $"the venue refuses the subscription: {told.Code} {told.Msg}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not an answer of this venue.
        }

        return false;
    }
}
