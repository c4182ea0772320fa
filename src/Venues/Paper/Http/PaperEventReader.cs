using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace CSMultiConnector.Venues.Paper.Http;

/// <summary>
/// Reads the server-sent events. The first thing told is a <see cref="VenueEvent.Gap"/>: between the call and the moment at which the venue
/// began to tell, events may have been missed.
/// </summary>
internal static class PaperEventReader
{
    private const int MaxLine = 64 * 1024;

    internal static IAsyncEnumerable<VenueEvent> ReadAsync(PaperHttpLine line, PaperHttpGatewayOptions options, CancellationToken cancellation) =>
        ReadAsync(line.OpenStreamAsync(cancellation), options, cancellation);

    private static async IAsyncEnumerable<VenueEvent> ReadAsync(Task<HttpResponseMessage> opening, PaperHttpGatewayOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await OrNull(opening);
        if (response is not { StatusCode: System.Net.HttpStatusCode.OK }) yield break;
        await using var stream = await OrNull(response.Content.ReadAsStreamAsync(cancellation));
        if (stream is null) yield break;
        var lines = new Lines(stream, options);
        while (await lines.NextAsync(cancellation) is { } text)
        {
            if (text == ": ready") yield return new VenueEvent.Gap("The stream of the paper venue begins here: read holdings and open orders anew.");
            else if (text.StartsWith("data: ", StringComparison.Ordinal)) yield return Parse(text["data: ".Length..], options.Account.Product);
        }
    }

    private static VenueEvent Parse(string json, PaperProduct product)
    {
        try
        {
            if (JsonSerializer.Deserialize<EventWire>(json, PaperJson.Options) is { } wire) return wire.ToDomain(product);
        }
        catch (JsonException)
        {
            // What cannot be read may have been anything.
        }

        return new VenueEvent.Gap("An event could not be understood: read holdings and open orders anew.");
    }

    private static async Task<T?> OrNull<T>(Task<T> task)
        where T : class
    {
        try
        {
            return await task;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Lines of bounded length; null when the line is lost, silent for too long or cancelled.</summary>
    private sealed class Lines(Stream stream, PaperHttpGatewayOptions options)
    {
        private readonly byte[] _buffer = new byte[MaxLine];
        private int _start;
        private int _end;

        internal async ValueTask<string?> NextAsync(CancellationToken cancellation)
        {
            while (true)
            {
                var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
                if (length >= 0)
                {
                    var text = Encoding.UTF8.GetString(_buffer, _start, length);
                    _start += length + 1;
                    return text;
                }

                if (!await FillAsync(cancellation)) return null;
            }
        }

        private async ValueTask<bool> FillAsync(CancellationToken cancellation)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length) return false;
            using var silence = new CancellationTokenSource(options.StreamSilence, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
            try
            {
                var read = await stream.ReadAsync(_buffer.AsMemory(_end), either.Token);
                _end += read;
                return read > 0;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                return false;
            }
        }
    }
}
