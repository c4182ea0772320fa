using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues.Paper.Http;

/// <summary>How the HTTP face of a simulated venue is set up.</summary>
public sealed record PaperHttpServerOptions
{
    /// <summary>Where it listens; default loopback only.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Its port; 0 = any free one.</summary>
    public int Port { get; init; }

    /// <summary>When set, every request must carry it as header <c>X-Paper-Key</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A stream with nothing to tell sends a comment this often, so that a dead line shows; default 15 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>A simulated venue over HTTP, under <c>/paper/v1/{product}</c>. The README lists the paths. Disposing it leaves the venue running.</summary>
public sealed class PaperHttpServer : IAsyncDisposable
{
    /// <summary>The header that carries the key.</summary>
    public const string KeyHeader = "X-Paper-Key";

    private const long MaxBody = 64 * 1024;

    private readonly WebApplication _app;

    private PaperHttpServer(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it can be reached, with the real port.</summary>
    public Uri Address { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<PaperHttpServer> StartAsync(PaperExchange exchange, PaperHttpServerOptions options, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Listen(options.Address, options.Port);
        });
        var app = builder.Build();
        app.Use(Guard(options.ApiKey));
        var stopping = app.Lifetime.ApplicationStopping;
        var group = app.MapGroup("/paper/v1/{product}");
        PaperAccountEndpoints.Map(group, exchange);
        PaperOrderEndpoints.Map(group, exchange);
        PaperStreamEndpoint.Map(group, exchange, options.Heartbeat, stopping);
        PaperScriptEndpoints.Map(group, exchange);
        await app.StartAsync(cancellation);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new PaperHttpServer(app, new Uri(address));
    }

    /// <summary>Ends the streams and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>Checks the key and the product, and turns an unreadable body into an answer.</summary>
    private static Func<HttpContext, RequestDelegate, Task> Guard(string? key) => async (context, next) =>
    {
        if (key is not null && !Same(context.Request.Headers[KeyHeader].ToString(), key))
        {
            await PaperReply.ErrorAsync(context, StatusCodes.Status401Unauthorized, new ErrorWire("account", "key", $"The header {KeyHeader} is missing or wrong; set the connector's API key."));
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or BadHttpRequestException or FormatException or OverflowException && !context.Response.HasStarted)
        {
            await PaperReply.ErrorAsync(context, StatusCodes.Status400BadRequest, new ErrorWire("permanent", "malformed", $"The request could not be read: {e.Message}"));
        }
    };

    private static bool Same(string given, string key) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
