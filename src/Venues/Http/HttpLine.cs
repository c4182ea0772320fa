using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace CSMultiConnector.Venues.Http;

/// <summary>How a venue is reached over HTTP.</summary>
internal sealed record HttpLineOptions
{
    /// <summary>Where requests go: scheme, host and port.</summary>
    internal required Uri Address { get; init; }

    /// <summary>The clock of time-outs.</summary>
    internal required TimeProvider Time { get; init; }

    /// <summary>An answer that takes longer is none; default 10 s.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sent with every request; null = nothing.</summary>
    internal (string Name, string Value)? KeyHeader { get; init; }

    /// <summary>Writes headers down; null = nobody wants them.</summary>
    internal HeaderLog? Log { get; init; }

    /// <summary>Most connections at once: over HTTP/1.1 so many orders may be on their way, and one more waits for an answer.</summary>
    internal int MaxConnections { get; init; } = 64;
}

/// <summary>The HTTP connections to one address, kept warm. It repeats nothing, and a failure is a reply without a status.</summary>
internal sealed class HttpLine : IDisposable
{
    private const int MaxAnswer = 64 * 1024 * 1024;

    private static readonly TimeSpan s_pingAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_pingWithin = TimeSpan.FromSeconds(5);

    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpClient _client;
    private readonly HttpLineOptions _options;
    private readonly string _base;

    internal HttpLine(HttpLineOptions options)
        : this(options, Handler(options))
    {
    }

    internal HttpLine(HttpLineOptions options, SocketsHttpHandler handler)
    {
        _options = options;
        _base = options.Address.GetLeftPart(UriPartial.Authority);

        // Time-outs run on the injected clock, not on the client's own.
        _client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswer,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (options.KeyHeader is { } key) _client.DefaultRequestHeaders.TryAddWithoutValidation(key.Name, key.Value);
    }

    // Sockets of this handler do not delay small writes (no Nagle); the life of a connection is bounded so that a changed DNS entry is seen.
    internal static SocketsHttpHandler Handler(HttpLineOptions options) => new()
    {
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = TimeSpan.FromMinutes(30),
        MaxConnectionsPerServer = options.MaxConnections,
        EnableMultipleHttp2Connections = true,

        // A request without an answer ends its connection over HTTP/1.1, but not over HTTP/2: there a ping without an echo does, or all that
        // follow would go into the same dead line until the system gives it up.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = s_pingAfter,
        KeepAlivePingTimeout = s_pingWithin,
        ConnectTimeout = options.Timeout,
        AutomaticDecompression = DecompressionMethods.GZip,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !options.Address.IsLoopback,
        ActivityHeadersPropagator = null,
    };

    /// <summary>The address of a path and query, sent byte for byte as they are: signatures cover them.</summary>
    internal Uri At(string pathAndQuery) => new(_base + pathAndQuery, s_asItIs);

    /// <summary>Sends one request once.</summary>
    internal async Task<HttpReply> SendAsync(HttpMethod method, Uri address, HttpContent? body, CancellationToken cancellation, TimeSpan? within = null)
    {
        var limit = within ?? _options.Timeout;
        using var timeout = new CancellationTokenSource(limit, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = body, Version = _client.DefaultRequestVersion, VersionPolicy = _client.DefaultVersionPolicy };
            _options.Log?.Request(request, _client.DefaultRequestHeaders);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            _options.Log?.Response(request, response);
            return new HttpReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token), string.Empty, response.Headers, RetryAfter(response.Headers));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return HttpReply.None($"no answer of {_options.Address.Authority} within {limit.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or GuardedContent.HeldBackException or ObjectDisposedException)
        {
            return HttpReply.None($"{_options.Address.Authority} could not be reached or the line broke: {e.Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    private TimeSpan? RetryAfter(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _options.Time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };
}

/// <summary>An answer, or why there is none.</summary>
/// <param name="Status">Null when there is no complete answer.</param>
/// <param name="Body">Its body.</param>
/// <param name="Failure">Why there is none; for a person, without secrets.</param>
/// <param name="Headers">The answer's headers.</param>
/// <param name="RetryAfter">How long the venue asks to wait.</param>
internal sealed record HttpReply(HttpStatusCode? Status, byte[] Body, string Failure, HttpResponseHeaders? Headers = null, TimeSpan? RetryAfter = null)
{
    internal bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;

    internal static HttpReply None(string why) => new(null, [], why);

    /// <summary>The whole number in a header, or null.</summary>
    internal int? Number(string header) =>
        Headers is not null && Headers.TryGetValues(header, out var values) && int.TryParse(values.FirstOrDefault(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
