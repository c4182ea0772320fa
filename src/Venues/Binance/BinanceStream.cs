using System.Text.Json;
using System.Threading.Channels;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Venues.Http.Streams;

namespace CSMultiConnector.Venues.Binance;

/// <summary>What both products' user data have in common: messages are JSON, orders of others are told, what is not understood is a gap.</summary>
/// <param name="time">The clock.</param>
internal abstract class BinanceStream(TimeProvider time) : IStreamSource
{
    private static readonly TimeSpan s_newsPause = TimeSpan.FromSeconds(3);

    private HoldingsNews? _news;

    protected TimeProvider Time { get; } = time;

    public abstract Task<(WebSocketLine? Line, string Why)> OpenAsync(CancellationToken cancellation);

    public async Task KeepAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        using var news = _news = new HoldingsNews(to, Time, s_newsPause);
        await KeepLineAsync(to, cancellation);
    }

    public async ValueTask<StreamStep> TakeAsync(ReadOnlyMemory<byte> message, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(message);
        }
        catch (JsonException)
        {
            await TellGapAsync(to, cancellation);
            return StreamStep.GoOn;
        }

        using (json) return await TakeAsync(json.RootElement, to, cancellation);
    }

    /// <summary>What must be done while the line is used; ends when the stream is over.</summary>
    protected abstract Task KeepLineAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation);

    /// <summary>Takes one message.</summary>
    protected abstract ValueTask<StreamStep> TakeAsync(JsonElement root, ChannelWriter<VenueEvent> to, CancellationToken cancellation);

    /// <summary>The kind of an event; null when it names none.</summary>
    protected static string? KindOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("e", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;

    /// <summary>Holdings changed for a reason that is not ours.</summary>
    protected void TellNews(string why) => _news?.Tell(why);

    /// <summary>An event could not be understood.</summary>
    protected static ValueTask TellGapAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation) =>
        to.WriteAsync(new VenueEvent.Gap("An event could not be understood: read holdings and open orders anew."), cancellation);

    /// <summary>Tells of an order whose id is not of our form; false when it is.</summary>
    protected async ValueTask<bool> TellForeignAsync(string clientOrderId, string symbol, bool isTrade, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        if (ClientOrderId.IsValid(clientOrderId)) return false;
        await to.WriteAsync(new VenueEvent.ForeignOrder(clientOrderId, new InstrumentId(symbol)), cancellation);
        if (isTrade) TellNews($"an order that is not ours traded {symbol}");
        return true;
    }
}
