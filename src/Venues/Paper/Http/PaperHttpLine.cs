using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Paper.Http;

/// <summary>The HTTP connections of one gateway, kept warm. A failure is a reply without a status.</summary>
internal sealed class PaperHttpLine : IDisposable
{
    private const int MaxAnswer = 16 * 1024 * 1024;

    private readonly HttpClient _client;
    private readonly PaperHttpGatewayOptions _options;
    private readonly string _base;

    internal PaperHttpLine(PaperHttpGatewayOptions options)
    {
        _options = options;
        _base = $"{options.Address.AbsoluteUri.TrimEnd('/')}/paper/v1/{options.Account.Product.PathName()}/";
        var handler = new SocketsHttpHandler
        {
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = TimeSpan.FromMinutes(30),
            MaxConnectionsPerServer = 64,
            ConnectTimeout = options.Timeout,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };

        // Timeouts run on the injected clock, not on the client's own.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswer };
        if (options.ApiKey is { Length: > 0 } key) _client.DefaultRequestHeaders.TryAddWithoutValidation(PaperHttpServer.KeyHeader, key);
    }

    internal async Task<PaperHttpReply> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(method, Address(path)) { Content = body };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return new PaperHttpReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token), string.Empty);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return PaperHttpReply.None($"{_options.Account}: no answer of {_options.Address.Authority} within {_options.Timeout.TotalSeconds:0.###} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or GuardedContent.HeldBackException or ObjectDisposedException)
        {
            return PaperHttpReply.None($"{_options.Account}: {_options.Address.Authority} could not be reached or the line broke: {e.Message}");
        }
    }

    /// <summary>Opens the stream of events; the caller disposes the response. A venue that does not begin to answer in time counts as away.</summary>
    internal async Task<HttpResponseMessage> OpenStreamAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("events"));
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
    }

    public void Dispose() => _client.Dispose();

    private Uri Address(string path) => new($"{_base}{path}?account={Uri.EscapeDataString(_options.Account.Name)}");
}

/// <summary>An answer, or why there is none.</summary>
/// <param name="Status">Null when there is no complete answer.</param>
/// <param name="Body">Its body.</param>
/// <param name="Failure">Why there is none.</param>
internal sealed record PaperHttpReply(HttpStatusCode? Status, byte[] Body, string Failure)
{
    private WireError? _error;
    private bool _errorRead;

    /// <summary>A refusal in the venue's own form.</summary>
    internal sealed record WireError(string Class, string Code, string Text, TimeSpan? RetryAfter);

    internal WireError? Error
    {
        get
        {
            if (_errorRead) return _error;
            _errorRead = true;
            var wire = Status is null or HttpStatusCode.OK ? null : Parse<ErrorWire>();
            return _error = wire is null ? null : new WireError(wire.Class, wire.Code, wire.Text, wire.RetryAfterMs is { } wait ? TimeSpan.FromMilliseconds(wait) : null);
        }
    }

    internal string Why => Error?.Text ?? (Status is { } status ? $"The venue answered {(int)status} without an explanation; it may be another program or a proxy." : Failure);

    internal static PaperHttpReply None(string why) => new(null, [], why);

    /// <summary>The body of a success that can be read, or null.</summary>
    internal T? Read<T>()
        where T : class => Status == HttpStatusCode.OK ? Parse<T>() : null;

    /// <summary>A refusal that the venue itself wrote: only a status of the 400s with a known class is evidence that nothing lives.</summary>
    internal Rejection? Rejection() =>
        Status is { } status && (int)status is >= 400 and < 500 && Error is { } error && WireNames.Parse<RejectionClass>(error.Class) is { } known
            ? new Rejection(known, error.Code, error.Text, error.RetryAfter)
            : null;

    private T? Parse<T>()
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Body, PaperJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
