using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CSMultiConnector.Venues.Tests.Http;

/// <summary>A server that speaks HTTP/2 over TLS, behind a relay whose lines can go dead.</summary>
internal sealed class Http2Venue : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TcpListener _relay = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentBag<Line> _lines = [];
    private readonly Task _relaying;

    private Http2Venue(WebApplication app)
    {
        _app = app;
        _relay.Start();
        _relaying = RelayAsync(new Uri(app.Urls.Single()).Port);
    }

    internal Uri Address => new($"https://{_relay.LocalEndpoint}");

    /// <summary>How many lines there were.</summary>
    internal int Lines => _lines.Count;

    internal static async Task<Http2Venue> StartAsync(CancellationToken cancellation)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Request.Protocol));
        await app.StartAsync(cancellation);
        return new Http2Venue(app);
    }

    /// <summary>Nothing more goes over the lines that there are; they stay open.</summary>
    internal void LoseLines()
    {
        foreach (var line in _lines) line.Dead = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _relay.Dispose();
        await _relaying;
        await _app.DisposeAsync();
        _stopped.Dispose();
    }

    private async Task RelayAsync(int port)
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                var client = await _relay.AcceptTcpClientAsync(_stopped.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, port, _stopped.Token);
                var line = new Line();
                _lines.Add(line);
                running.Add(PumpAsync(client, server, line));
                running.Add(PumpAsync(server, client, line));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Line line)
    {
        using var closing = from;
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stopped.Token) is var got and > 0)
            {
                if (!line.Dead) await to.GetStream().WriteAsync(buffer.AsMemory(0, got), _stopped.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone.
        }
    }

    private sealed class Line
    {
        internal volatile bool Dead;
    }
}
