using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Abuse;

/// <summary>Much at once and for long: connections, lines, silence. A terminal that trades beside it keeps its session, and afterwards nothing of it is left.</summary>
public sealed class StormOnTheFeedTests(ITestOutputHelper output)
{
    private const int InTurn = 10_000;
    private const int AtOnce = 1_000;
    private const int Hogs = 200;
    private const int Deals = 4_000;

    [Fact]
    public async Task Ten_thousand_connections_in_turn_and_a_thousand_at_once_leave_nothing_behind()
    {
        await using var host = await AbusedHost.StartAsync("information");

        output.WriteLine($"{InTurn} in turn: " + await host.WhileTradingAsync(() => InTurnAsync(host)));
        output.WriteLine($"{AtOnce} at once: " + await host.WhileTradingAsync(() => AtOnceAsync(host)));
        await host.NothingLeftAsync();

        var log = await host.EndAsync();
        var lines = log.Split('\n').Count(l => l.Contains("refused: bad-json", StringComparison.Ordinal));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lines} lines about {InTurn / 2} refusals of one kind"));
        lines.ShouldBeLessThan(InTurn / 10, "a flood does not push everything else out of the log");
        log.ShouldContain("more lines within a minute like the ones above: bad-json");
    }

    [Fact]
    public async Task Who_holds_places_says_too_much_or_nothing_or_never_reads_is_closed_and_keeps_nobody_out()
    {
        await using var host = await AbusedHost.StartAsync("information");
        var secret = await host.Service.AddClientAsync("rogue");

        output.WriteLine("all together: " + await host.WhileTradingAsync(() => Task.WhenAll(
            HogsAsync(host, secret),
            SilentAsync(host, secret),
            DripAsync(host, secret),
            NeverReadsAsync(host, secret),
            EndlessDealsAsync(host, secret))));
        await host.NothingLeftAsync();

        var log = await host.EndAsync();
        foreach (var text in (string[])["ended: silent for three heartbeats", "ended: the terminal does not read", "refused: displaced"]) log.ShouldContain(text);
    }

    private static async Task InTurnAsync(AbusedHost host)
    {
        for (var i = 0; i < InTurn; i++)
        {
            // Only one at a time: none is pushed out.
            await using var attacker = await Attacker.ConnectAsync(host.Feed);
            switch (i % 4)
            {
                case 0:
                    attacker.Reset();
                    break;
                case 1:
                    break;
                default:
                    await attacker.TrySendAsync("GET / HTTP/1.0\n"u8.ToArray());
                    await attacker.UntilAsync("error");
                    break;
            }
        }
    }

    private static async Task AtOnceAsync(AbusedHost host)
    {
        // Most of them are pushed out by others, some before they know that they are connected; the rest is closed when its time is up.
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            try
            {
                await using var attacker = await Attacker.ConnectAsync(host.Feed);
                await attacker.UntilAsync("bye");
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Pushed out.
            }
        }));
    }

    // All places before login are held from the terminals' own address, again and again: a terminal comes in all the same.
    private static async Task HogsAsync(AbusedHost host, string secret)
    {
        var hogs = new List<Attacker>();
        try
        {
            // Not waiting for each to be greeted: those that came first may not lose their places to the clock before the last ones are there.
            for (var i = 0; i < Hogs; i++) hogs.Add(await Attacker.ConnectAsync(host.Feed, from: 1));
            await hogs[^1].ChallengeAsync();
            await using var late = await Attacker.LogInAsync(host.Feed, "rogue", secret, 90, from: 1);
            await late.SendLineAsync("{\"t\":\"ping\",\"seq\":1}");
            Attacker.TypeOf(await late.UntilAsync("pong")).ShouldBe("pong");
        }
        finally
        {
            foreach (var hog in hogs) await hog.DisposeAsync();
        }
    }

    // The other end is there and says nothing any more, as after a cut cable.
    private static async Task SilentAsync(AbusedHost host, string secret)
    {
        await using var silent = await Attacker.LogInAsync(host.Feed, "rogue", secret, 91);
        await silent.ByeAsync("silent for three heartbeats");
    }

    private static async Task DripAsync(AbusedHost host, string secret)
    {
        await using var drip = await Attacker.LogInAsync(host.Feed, "rogue", secret, 92);
        var bye = drip.ByeAsync("silent for three heartbeats");
        while (!bye.IsCompleted)
        {
            await drip.TrySendAsync("x"u8.ToArray());
            await Task.WhenAny(bye, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System));
        }

        await bye;
    }

    // Asks for answers and takes none, until the host has enough of it.
    private static async Task NeverReadsAsync(AbusedHost host, string secret)
    {
        await using var deaf = await Attacker.LogInAsync(host.Feed, "rogue", secret, 93);
        var seq = 0;
        bool taken;
        do
        {
            var batch = new StringBuilder();
            for (var i = 0; i < 2_000; i++) batch.Append(CultureInfo.InvariantCulture, $"{{\"t\":\"ping\",\"seq\":{++seq}}}\n");
            taken = await deaf.TrySendAsync(Encoding.UTF8.GetBytes(batch.ToString()));
        }
        while (taken);
    }

    // Faster than they can be stored; each is acknowledged in the end.
    private static async Task EndlessDealsAsync(AbusedHost host, string secret)
    {
        await using var flood = await Attacker.LogInAsync(host.Feed, "rogue", secret, 94);
        var lines = new StringBuilder();
        lines.Append("{\"t\":\"symbol\",\"seq\":1,\"name\":\"BTCUSD\",\"contractSize\":1,\"volumeMin\":0.01,\"volumeStep\":0.01,\"base\":\"BTC\",\"profit\":\"USD\",\"margin\":\"USD\",\"digits\":2,\"calcMode\":\"\",\"path\":\"\",\"description\":\"\"}\n");
        for (var seq = 2; seq <= Deals; seq++)
            lines.Append(CultureInfo.InvariantCulture, $"{{\"t\":\"deal\",\"seq\":{seq},\"magic\":5,\"dealMagic\":5,\"ticket\":{seq},\"order\":0,\"position\":0,\"symbol\":\"BTCUSD\",\"side\":\"buy\",\"entry\":\"in\",\"lots\":0.01,\"price\":65000,\"timeMsc\":{seq},\"utcMsc\":{seq},\"reason\":\"expert\",\"commission\":0,\"comment\":\"\",\"long\":{seq},\"short\":0}}\n");
        var sending = flood.SendAsync(Encoding.UTF8.GetBytes(lines.ToString()));
        long covered;
        do
        {
            var ack = await flood.UntilAsync("ack", "error", "bye");
            Attacker.TypeOf(ack).ShouldBe("ack", ack.ToString());
            covered = ack.GetProperty("seq").GetInt64();
        }
        while (covered < Deals);

        await sending;
    }
}
