using System.Net;
using System.Net.Http.Headers;

namespace CSMultiConnector.Venues.Http;

/// <summary>
/// A body that decides as late as possible whether it may go: HTTP/1.1 headers wait in the connection's buffer until the body is written,
/// and without its body no server acts on the request (HTTP/2: its headers name the address and nothing of the order; held back, the request is
/// reset). It goes at most once, so that no handler can send it again behind our back.
/// </summary>
internal sealed class GuardedContent : HttpContent
{
    private readonly byte[] _body;
    private readonly Func<bool> _mayGo;
    private int _started;

    internal GuardedContent(byte[] body, string mediaType, Func<bool> mayGo)
    {
        (_body, _mayGo) = (body, mayGo);
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    /// <summary>True once a byte may have left.</summary>
    internal bool Started => Volatile.Read(ref _started) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Started || !_mayGo() || Interlocked.Exchange(ref _started, 1) != 0) throw new HeldBackException();
        await stream.WriteAsync(_body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }

    internal sealed class HeldBackException : Exception;
}
