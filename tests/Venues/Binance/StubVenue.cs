using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>What reached the stub.</summary>
internal sealed record StubRequest(string Method, string Path, string Query, string Body, string? Key);

/// <summary>What it answers; a status of 0 cuts the line.</summary>
internal sealed record StubAnswer(int Status, string Body, params (string Name, string Value)[] Headers);

/// <summary>A WebSocket of the stub.</summary>
internal sealed class StubSocket(WebSocket socket, string target)
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Target => target;

    internal string? First { get; set; }

    internal Task Closed => _closed.Task;

    internal Task SayAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    internal async Task<string> ReceiveAsync()
    {
        var buffer = new byte[4096];
        var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, got.Count);
    }

    internal void Cut()
    {
        if (_closed.Task.IsCompleted) return;
        socket.Abort();
        _closed.TrySetResult();
    }

    /// <summary>Completes when the client has left.</summary>
    internal async Task LeftAsync()
    {
        try
        {
            await socket.ReceiveAsync(new byte[16], CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It left without a word.
        }

        _closed.TrySetResult();
    }
}

/// <summary>A loopback server that answers what a test says and notes what it was asked. It knows nothing of any venue.</summary>
internal sealed class StubVenue : IAsyncDisposable
{
    internal const string Key = "the-public-part-of-a-key";
    internal const string Secret = "the-hidden-part-of-a-key";

    private readonly WebApplication _app;

    private StubVenue(WebApplication app) => _app = app;

    internal ConcurrentQueue<StubRequest> Requests { get; } = new();

    internal ConcurrentDictionary<string, ConcurrentQueue<StubAnswer>> Answers { get; } = new(StringComparer.Ordinal);

    internal string Address => _app.Urls.Single();

    /// <summary>WebSockets that clients opened, in order.</summary>
    internal Channel<StubSocket> Sockets { get; } = Channel.CreateUnbounded<StubSocket>();

    /// <summary>Said by every WebSocket after its client's first message; null = it says nothing.</summary>
    internal string? Greeting { get; set; }

    /// <summary>Answers the next request; when only one answer is left it is given again and again.</summary>
    internal StubVenue On(string methodAndPath, int status, string body, params (string, string)[] headers)
    {
        Answers.GetOrAdd(methodAndPath, _ => new ConcurrentQueue<StubAnswer>()).Enqueue(new StubAnswer(status, body, headers));
        return this;
    }

    internal static async Task<StubVenue> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new StubVenue(app);
        app.UseWebSockets();
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        return stub;
    }

    internal IEnumerable<StubRequest> Of(string methodAndPath) => Requests.Where(r => $"{r.Method} {r.Path}" == methodAndPath);

    /// <summary>A gateway to it, made as the host makes one.</summary>
    internal IVenueGateway Gateway(
        string product, TimeProvider time, IAccountLease? lease = null, ILoggerFactory? logs = null, Func<ConnectorSettings, ConnectorSettings>? change = null, string key = Key, string secret = Secret)
    {
        var settings = new ConnectorSettings { Id = new ConnectorId("stub"), Name = "stub", Tag = "stub", Venue = product, ApiUrl = Address };
        return VenueCatalog.CreateDefault().Create(change?.Invoke(settings) ?? settings, new VenueCredentials(key, secret), new VenueServices(time, null, lease, logs));
    }

    public async ValueTask DisposeAsync()
    {
        while (Sockets.Reader.TryRead(out var socket)) socket.Cut();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            var socket = new StubSocket(await context.WebSockets.AcceptWebSocketAsync(), $"{context.Request.Path}{context.Request.QueryString}");
            if (Greeting is not null) socket.First = await socket.ReceiveAsync();
            if (Greeting is { } greeting) await socket.SayAsync(greeting);
            await Sockets.Writer.WriteAsync(socket);
            await socket.Closed;
            return;
        }

        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var request = new StubRequest(context.Request.Method, context.Request.Path, context.Request.QueryString.Value?.TrimStart('?') ?? "", body, context.Request.Headers["X-MBX-APIKEY"]);
        Requests.Enqueue(request);
        var answer = new StubAnswer(404, "not here");
        if (Answers.TryGetValue($"{request.Method} {request.Path}", out var answers) && answers.TryPeek(out var next))
        {
            answer = next;
            if (answers.Count > 1) answers.TryDequeue(out _);
        }

        if (answer.Status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(answer.Body);
    }
}
