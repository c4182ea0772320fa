using System.Net;
using System.Net.Sockets;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Http;

public sealed class HttpLineTests
{
    private const int Burst = 50;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_burst_is_on_its_way_before_the_first_answer()
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var venue = new TcpListener(IPAddress.Loopback, 0);
        venue.Start();
        using var line = new HttpLine(new HttpLineOptions { Address = new Uri($"http://{venue.LocalEndpoint}"), Time = TimeProvider.System, Timeout = s_patience });
        var replies = Enumerable.Range(0, Burst).Select(_ => line.SendAsync(HttpMethod.Post, line.At("/order"), null, limit.Token)).ToArray();

        // Nobody is answered until all have asked.
        var asked = new List<TcpClient>();
        while (asked.Count < Burst)
        {
            var client = await venue.AcceptTcpClientAsync(limit.Token);
            (await client.GetStream().ReadAsync(new byte[4096], limit.Token)).ShouldBePositive();
            asked.Add(client);
        }

        foreach (var client in asked) await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), limit.Token);
        (await Task.WhenAll(replies)).ShouldAllBe(r => r.Status == HttpStatusCode.OK);
        foreach (var client in asked) client.Dispose();
    }

    [Fact]
    public async Task A_dead_line_over_http2_is_left_for_a_new_one()
    {
        using var limit = new CancellationTokenSource(s_patience);
        await using var venue = await Http2Venue.StartAsync(limit.Token);
        var options = new HttpLineOptions { Address = venue.Address, Time = TimeProvider.System, Timeout = TimeSpan.FromSeconds(30) };
        var handler = HttpLine.Handler(options);
        handler.SslOptions.RemoteCertificateValidationCallback = delegate { return true; };
        using var line = new HttpLine(options, handler);
        await AnsweredAsync();

        // As when a router forgets the connection: nothing goes through, and neither side is told.
        venue.LoseLines();
        await AnsweredAsync();
        venue.Lines.ShouldBeGreaterThan(1);

        // On a machine that is very busy a sound line may be given up, too; the next request takes another.
        async Task AnsweredAsync()
        {
            while ((await line.SendAsync(HttpMethod.Get, line.At("/"), null, limit.Token)).Status != HttpStatusCode.OK)
            {
            }
        }
    }
}
