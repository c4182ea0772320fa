using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Abuse;

/// <summary>What the port refuses, it refuses with the code of the protocol page and a line in the log, and a terminal that trades beside it notices nothing.</summary>
public sealed class RefusalOnTheFeedTests(ITestOutputHelper output)
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task Every_refusal_has_its_code_and_its_line_in_the_log_and_costs_nobody_else_anything()
    {
        await using var host = await AbusedHost.StartAsync("verbose");
        var secret = await host.Service.AddClientAsync("rogue");

        output.WriteLine("before login: " + await host.WhileTradingAsync(() => BeforeLoginAsync(host)));
        output.WriteLine("proofs: " + await host.WhileTradingAsync(() => ProofsAsync(host, secret)));
        output.WriteLine("after login: " + await host.WhileTradingAsync(() => AfterLoginAsync(host, secret)));
        output.WriteLine("twice: " + await host.WhileTradingAsync(() => TwiceAsync(host, secret)));

        var log = await host.EndAsync();
        log.Contains(secret, StringComparison.Ordinal).ShouldBeFalse("the client's secret is in the log");
        foreach (var code in (string[])["bad-json", "too-long", "unknown-type", "bad-field", "unknown-symbol", "out-of-order", "unauthorised", "unsupported-protocol", "busy"])
            log.ShouldContain($"refused: {code}, ");
        foreach (var text in (string[])["refused: bye, no login in time", "feed client nobody, refused: unauthorised", "ended: a line has no end", "ended: too many lines were refused", "ended: replaced"])
            log.ShouldContain(text);
        log.Split('\n').Count(l => l.Contains("[ERR]", StringComparison.Ordinal) || l.Contains(" ERR", StringComparison.Ordinal)).ShouldBe(0, "nothing of it is an error of the host");
    }

    private static async Task BeforeLoginAsync(AbusedHost host)
    {
        var binary = RandomNumberGenerator.GetBytes(600).Select(b => b == 10 ? (byte)0 : b).Append((byte)10).ToArray();
        (byte[] Bytes, string Code)[] wrong =
        [
            (binary, "bad-json"),
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), "bad-json"),
            (Encoding.UTF8.GetBytes(new string('[', 60_000) + "\n"), "bad-json"),
            ("{\"t\":\"hello\",\"t\":\"hello\"}\n"u8.ToArray(), "bad-json"),
            (Encoding.UTF8.GetBytes(new string('x', 70_000) + "\n"), "too-long"),
            (new byte[MiB + 100_000], "too-long"),
            ("{}\n"u8.ToArray(), "unknown-type"),
            ("{\"t\":\"deal\",\"seq\":1}\n"u8.ToArray(), "unknown-type"),
            ("{\"t\":\"hello\",\"protocol\":1,\"client\":\"../../x\"}\n"u8.ToArray(), "bad-field"),
            ("{\"t\":\"hello\",\"protocol\":9}\n"u8.ToArray(), "unsupported-protocol"),
        ];
        await Task.WhenAll(wrong.Select(async w =>
        {
            await using var attacker = await Attacker.ConnectAsync(host.Feed);
            await attacker.ChallengeAsync();
            await attacker.TrySendAsync(w.Bytes);
            var error = await attacker.ErrorAsync(w.Code, 0);
            if (w.Code == "unsupported-protocol") (error.GetProperty("min").GetInt32(), error.GetProperty("max").GetInt32()).ShouldBe((1, 1));
            await attacker.ClosedAsync();
        }));

        // A TLS hello has no end of line; a lone byte now and then makes no line either.
        await Task.WhenAll(
            SlowAsync(host, [.. "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"u8]),
            SlowAsync(host, [.. "{\"t\":\"hello\",\"protocol\":1,"u8]));
    }

    private static async Task SlowAsync(AbusedHost host, byte[] bytes)
    {
        await using var attacker = await Attacker.ConnectAsync(host.Feed);
        await attacker.ChallengeAsync();
        var bye = attacker.ByeAsync("no login in time");
        for (var at = 0; !bye.IsCompleted; at++)
        {
            await attacker.TrySendAsync(bytes.AsMemory(at % bytes.Length, 1));
            await Task.WhenAny(bye, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        }

        await bye;
    }

    private static async Task ProofsAsync(AbusedHost host, string secret)
    {
        await using (var stranger = await Attacker.ConnectAsync(host.Feed))
        {
            await stranger.ChallengeAsync();
            await stranger.SendLineAsync(stranger.Hello("nobody", Attacker.NobodysSecret, 1));
            await stranger.ErrorAsync("unauthorised", 0);
            await stranger.ClosedAsync();
        }

        await using (var guess = await Attacker.ConnectAsync(host.Feed))
        {
            await guess.ChallengeAsync();
            await guess.SendLineAsync(guess.Hello("good", Attacker.NobodysSecret, 5012345));
            await guess.ErrorAsync("unauthorised", 0);
        }

        // What a good login said, said again: the nonce is another one.
        await using var recorded = await Attacker.ConnectAsync(host.Feed, from: 3);
        await recorded.ChallengeAsync();
        var hello = recorded.Hello("rogue", secret, 77);
        await recorded.SendLineAsync(hello);
        Attacker.TypeOf(await recorded.LineAsync()).ShouldBe("welcome");
        for (var times = 0; times < 6; times++)
        {
            await using var replay = await Attacker.ConnectAsync(host.Feed, from: 4);
            await replay.ChallengeAsync();
            await replay.SendLineAsync(hello);
            await replay.ErrorAsync("unauthorised", 0);
            await replay.ClosedAsync();
        }

        // The one whose name was abused is not kept out where it was in before.
        await using var again = await Attacker.LogInAsync(host.Feed, "rogue", secret, 78);
    }

    private static async Task AfterLoginAsync(AbusedHost host, string secret)
    {
        await using (var rogue = await Attacker.LogInAsync(host.Feed, "rogue", secret, 79))
        {
            await rogue.SendLineAsync("not json");
            await rogue.ErrorAsync("bad-json", 1);
            await rogue.SendAsync(Encoding.UTF8.GetBytes(new string('y', 65_537) + "\n"));
            await rogue.ErrorAsync("too-long", 2);
            await rogue.SendLineAsync("{\"t\":\"hello\",\"seq\":3}");
            await rogue.ErrorAsync("unknown-type", 3);
            await rogue.SendLineAsync("{\"t\":\"deal-void\",\"seq\":4,\"ticket\":-1}");
            await rogue.ErrorAsync("bad-field", 4);
            await rogue.SendLineAsync("{\"t\":\"deal\",\"seq\":5,\"magic\":5,\"dealMagic\":5,\"ticket\":1,\"order\":0,\"position\":0,\"symbol\":\"NONE\",\"side\":\"buy\",\"entry\":\"in\",\"lots\":1,\"price\":1,\"timeMsc\":1,\"utcMsc\":1,\"reason\":\"expert\",\"commission\":0,\"comment\":\"\",\"long\":1,\"short\":0}");
            await rogue.ErrorAsync("unknown-symbol", 5);
            await rogue.SendLineAsync("{\"t\":\"ping\",\"seq\":9}");
            await rogue.ErrorAsync("out-of-order", 9);
            await rogue.SendLineAsync("{\"t\":\"ping\",\"seq\":6}");
            Attacker.TypeOf(await rogue.UntilAsync("pong")).ShouldBe("pong");
            await rogue.TrySendAsync(new byte[MiB + 200_000]);
            await rogue.ByeAsync("a line has no end");
        }

        await using (var rogue = await Attacker.LogInAsync(host.Feed, "rogue", secret, 79))
        {
            await rogue.TrySendAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", 100))));
            await rogue.ByeAsync("too many lines were refused");
        }
    }

    private static async Task TwiceAsync(AbusedHost host, string secret)
    {
        await using var first = await Attacker.LogInAsync(host.Feed, "rogue", secret, 80, "5,6");
        await using (var other = await Attacker.ConnectAsync(host.Feed, from: 3))
        {
            await other.ChallengeAsync();
            await other.SendLineAsync(other.Hello("rogue", secret, 80, "7"));
            await other.ErrorAsync("busy", 0);
        }

        await first.SendLineAsync("{\"t\":\"ping\",\"seq\":1}");
        Attacker.TypeOf(await first.UntilAsync("pong")).ShouldBe("pong", "who was there first stays");
        await using var second = await Attacker.LogInAsync(host.Feed, "rogue", secret, 80, "6,5");
        await first.ByeAsync("replaced");
        await second.SendLineAsync("{\"t\":\"ping\",\"seq\":1}");
        Attacker.TypeOf(await second.UntilAsync("pong")).ShouldBe("pong");
    }
}
