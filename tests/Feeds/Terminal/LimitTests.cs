using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Feeds.Tests.Terminal;

/// <summary>What others do wrong costs them their connection, and nobody else anything.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Who_says_nothing_is_closed_after_the_first_lines_time()
    {
        await using var host = await TestHost.StartAsync();
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        await terminal.WriteBytesAsync("{\"t\":\"hel"u8.ToArray());
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"bye\",\"reason\":\"no login in time\"}");
        (await terminal.ReadTextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_login_that_the_hub_does_not_decide_in_time_is_closed_and_a_late_yes_is_taken_back()
    {
        var late = new TaskCompletionSource<SessionAdmission>();
        await using var host = await TestHost.StartAsync(setUp: h => h.Admit = (_, _) => late.Task);
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        await terminal.WriteAsync(terminal.Hello());
        var session = await host.SessionAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"bye\",\"reason\":\"no login in time\"}");
        late.SetResult(new SessionAdmission.Admitted(session, [], []));
        (await session.ClosedAsync()).ShouldBe("no login in time");
        host.Server.ActiveSessions.ShouldBe(0);
    }

    [Fact]
    public async Task One_connection_too_many_before_login_takes_the_place_of_the_one_that_waited_longest()
    {
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, MaxUnauthenticated = 2 });
        await using var first = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await first.ReadChallengeAsync();
        await using var second = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await second.ReadChallengeAsync();
        await using var third = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await third.ReadChallengeAsync();
        (await first.ReadTextAsync()).ShouldBeNull();
        host.Log.ShouldContain(line => line.Contains("refused: displaced", StringComparison.Ordinal));

        // A login makes room.
        await second.WriteAsync(second.Hello());
        await second.ReadUntilAsync("ready");
        await using var fourth = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await fourth.ReadChallengeAsync();
        await third.WriteAsync(third.Hello(login: 2));
        await third.ReadUntilAsync("ready");
    }

    [Fact]
    public void Who_holds_many_places_loses_the_first_of_them()
    {
        var (flooding, terminal) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        var cut = new List<long>();
        var places = new UnauthenticatedConnections(3);
        foreach (var (id, address) in new[] { (1L, terminal), (2L, flooding), (3L, flooding) }) places.Enter(id, address, () => cut.Add(id)).ShouldBeFalse();

        for (var id = 4L; id <= 6L; id++)
        {
            var newest = id;
            places.Enter(newest, flooding, () => cut.Add(newest)).ShouldBeTrue();
        }

        cut.ShouldBe([2, 3, 4]);
        places.Leave(1);
        places.Enter(7, terminal, () => cut.Add(7)).ShouldBeFalse("a login made room");
        places.Enter(8, terminal, () => cut.Add(8)).ShouldBeTrue();
        cut.ShouldBe([2, 3, 4, 5]);
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void What_counts_as_one_address(string one, string other, bool same) =>
        PeerAddress.Of(IPAddress.Parse(one)).Equals(PeerAddress.Of(IPAddress.Parse(other))).ShouldBe(same);

    [Fact]
    public void Who_knows_a_clients_name_does_not_keep_it_out()
    {
        var throttle = new LoginThrottle(new TerminalServerOptions(), new ManualTimeProvider());
        var (home, elsewhere) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        throttle.Succeeded(home, "ea-1");

        for (var i = 0; i < 50; i++) throttle.Failed(elsewhere, "ea-1");

        throttle.WaitOf(home, "ea-1").ShouldBe(TimeSpan.Zero);
        throttle.WaitOf(elsewhere, "ea-1").ShouldBe(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 4; i++) throttle.Failed(home, "ea-1");
        throttle.WaitOf(home, "ea-1").ShouldBe(TimeSpan.FromSeconds(1), "its own failures count");
    }

    [Fact]
    public async Task A_flood_of_refusals_is_logged_a_few_times_and_counted()
    {
        await using var host = await TestHost.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
            await terminal.ReadChallengeAsync();
            await terminal.WriteAsync("GET / HTTP/1.1\r");
            await terminal.ReadErrorAsync("bad-json", 0);
        }

        host.Log.Count(line => line.Contains("refused: bad-json", StringComparison.Ordinal)).ShouldBe(RefusalLog.LinesAMinute);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        host.Log.ShouldContain(line => line.Contains("30 more lines within a minute like the ones above: bad-json", StringComparison.Ordinal));

        // Another minute, another budget.
        await using var later = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await later.ReadChallengeAsync();
        await later.WriteAsync("[]");
        await later.ReadErrorAsync("bad-json", 0);
        host.Log.Count(line => line.Contains("refused: bad-json", StringComparison.Ordinal)).ShouldBe(RefusalLog.LinesAMinute + 1);
    }

    [Fact]
    public async Task One_session_too_many_is_refused()
    {
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, MaxSessions = 1 });
        var (first, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = first;
        await host.SessionAsync();
        await using var second = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await second.ReadChallengeAsync();
        await second.WriteAsync(second.Hello(login: 2));
        RawTerminal.TypeOf(await second.ReadAsync()).ShouldBe("bye");
        await (await host.SessionAsync()).ClosedAsync();
    }

    [Fact]
    public async Task Failed_logins_of_a_client_are_followed_by_a_growing_back_off()
    {
        await using var host = await TestHost.StartAsync();
        for (var i = 0; i < 4; i++) (await TryLogInAsync(host, secret: "wrong")).ShouldNotContain("too many");
        (await TryLogInAsync(host)).ShouldContain("try again in 1 s");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await TryLogInAsync(host, secret: "wrong")).ShouldNotContain("too many");
        (await TryLogInAsync(host)).ShouldContain("try again in 2 s");
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        (await TryLogInAsync(host)).ShouldContain("welcome");
        (await TryLogInAsync(host, secret: "wrong")).ShouldNotContain("too many");
        (await TryLogInAsync(host)).ShouldContain("welcome");
    }

    [Fact]
    public async Task Failed_logins_of_an_address_hold_up_its_other_clients_but_not_one_that_was_there_before()
    {
        await using var host = await TestHost.StartAsync();
        (await TryLogInAsync(host, "ea-1")).ShouldContain("welcome");
        for (var i = 0; i < 4; i++) await TryLogInAsync(host, $"guess-{i}");
        (await TryLogInAsync(host, "ea-2")).ShouldContain("try again in 1 s");
        (await TryLogInAsync(host, "ea-1")).ShouldContain("welcome");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await TryLogInAsync(host, "ea-2")).ShouldContain("welcome");
    }

    [Fact]
    public async Task The_host_pings_when_it_has_nothing_to_say_and_closes_what_stays_silent()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"ping\"}");
        await terminal.SendAsync("pong");
        await terminal.SendAsync("ping");
        await terminal.ReadUntilAsync("pong");
        for (var heartbeat = 1; heartbeat <= 2; heartbeat++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(5));
            await terminal.ReadUntilAsync("ping");
        }

        (await host.SessionAsync()).IsOver.ShouldBeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        (await terminal.ReadUntilAsync("bye")).GetProperty("reason").GetString().ShouldBe("silent for three heartbeats");
    }

    [Fact]
    public async Task A_drip_that_never_makes_a_line_counts_as_silence()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        for (var i = 0; i < 3; i++)
        {
            await terminal.WriteBytesAsync("x"u8.ToArray());
            host.Clock.Advance(TimeSpan.FromSeconds(5));
            if (i < 2) await terminal.ReadUntilAsync("ping");
        }

        await terminal.ReadUntilAsync("bye");
    }

    [Fact]
    public async Task A_terminal_that_does_not_read_is_closed_and_holds_nobody_up()
    {
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, MaxQueuedLines = 50 });
        var (slow, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = slow;
        var session = await host.SessionAsync();
        var (other, _) = await RawTerminal.LogInAsync(host.Server.EndPoint, login: 2);
        await using var _2 = other;

        // More than any socket buffer takes; Send never blocks.
        var text = new string('x', 3_900);
        for (var i = 0; i < 10_000 && !session.IsOver; i++) session.Session.Send(new HostMessage.Log("info", text));
        (await session.ClosedAsync()).ShouldBe("the terminal does not read");
        await other.SendSymbolAsync();
        await other.ReadAckAsync(1);
    }

    [Fact]
    public async Task Two_hundred_connections_of_garbage_do_not_disturb_a_session()
    {
        await using var host = await TestHost.StartAsync();
        var (good, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = good;
        await good.SendSymbolAsync();
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(host.Server.EndPoint);
            var garbage = new byte[random.Next(1, 3_000)];
            random.NextBytes(garbage);
            if (i % 3 == 0) garbage[^1] = (byte)'\n';
            await tcp.GetStream().WriteAsync(garbage);
            if (i % 20 == 0)
            {
                await good.SendDealAsync(i + 1);
                await good.ReadAckAsync((i / 20) + 2);
            }
        }

        await good.SendDealAsync(1_000);
        await good.ReadAckAsync(12);
        (await TryLogInAsync(host, "ea-2")).ShouldContain("welcome");
        host.Log.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_is_revoked_is_told_so_also_in_the_middle_of_its_login_and_the_others_stay()
    {
        const string bye = "{\"t\":\"bye\",\"reason\":\"the client was revoked\"}";
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        var (other, _) = await RawTerminal.LogInAsync(host.Server.EndPoint, "ea-2", login: 2);
        await using var _2 = other;

        // The hub is asked after the secret was proved: the client was still known then.
        host.Admit = (login, session) =>
        {
            host.Server.EndSessionsOf("ea-1");
            return Task.FromResult<SessionAdmission>(new SessionAdmission.Admitted(session, [], []));
        };
        await using var late = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await late.ReadChallengeAsync();
        await late.WriteAsync(late.Hello());

        (await terminal.ReadTextAsync()).ShouldBe(bye);
        (await terminal.ReadTextAsync()).ShouldBeNull();
        await late.ReadUntilAsync("bye");
        (await late.ReadTextAsync()).ShouldBeNull();
        await other.SendSymbolAsync();
        await other.ReadAckAsync(1);
    }

    [Fact]
    public async Task A_stopping_host_says_bye_to_everybody()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _1 = terminal;
        await using var waiting = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await waiting.ReadChallengeAsync();
        var endPoint = host.Server.EndPoint;
        var stop = host.Server.StopAsync(CancellationToken.None);
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"bye\",\"reason\":\"the host is stopping\"}");
        (await waiting.ReadTextAsync()).ShouldBe("{\"t\":\"bye\",\"reason\":\"the host is stopping\"}");
        (await terminal.ReadTextAsync()).ShouldBeNull();
        (await waiting.ReadTextAsync()).ShouldBeNull();
        await terminal.DisposeAsync();
        await waiting.DisposeAsync();
        await stop.WaitAsync(RawTerminal.Patience);
        (await (await host.SessionAsync()).ClosedAsync()).ShouldBe("the host is stopping");
        await Should.ThrowAsync<SocketException>(() => RawTerminal.ConnectAsync(endPoint));
    }

    [Fact]
    public async Task With_a_certificate_the_port_speaks_tls_and_nothing_else()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, Certificate = certificate });
        bool IsOurs(object sender, X509Certificate? seen, X509Chain? chain, SslPolicyErrors errors) => seen?.GetCertHashString() == made.GetCertHashString();

        await using (var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint, IsOurs))
        {
            await terminal.ReadChallengeAsync();
            await terminal.WriteAsync(terminal.Hello());
            await terminal.ReadUntilAsync("ready");
            await terminal.SendSymbolAsync();
            await terminal.ReadAckAsync(1);
            (await host.SessionAsync()).Session.Close("replaced");
            (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"bye\",\"reason\":\"replaced\"}");
        }

        using var plain = new TcpClient();
        await plain.ConnectAsync(host.Server.EndPoint);
        await plain.GetStream().WriteAsync(Encoding.UTF8.GetBytes("{\"t\":\"hello\"}\n"));
        using var reader = new StreamReader(plain.GetStream());
        var answer = await reader.ReadToEndAsync().WaitAsync(RawTerminal.Patience);
        answer.ShouldNotContain("challenge");
    }

    [Fact]
    public void Options_are_checked_with_the_reason()
    {
        new TerminalServerOptions().Validate();
        Should.Throw<ArgumentException>(() => new TerminalServerOptions { Port = 65_536 }.Validate()).Message.ShouldContain("Port: allowed is 0 to 65535");
        Should.Throw<ArgumentException>(() => new TerminalServerOptions { Heartbeat = TimeSpan.FromSeconds(1.5) }.Validate()).Message.ShouldContain("whole seconds");
        Should.Throw<ArgumentException>(() => new TerminalServerOptions { MaxQueuedLines = 0 }.Validate()).Message.ShouldContain("MaxQueuedLines");
    }

    private static async Task<string> TryLogInAsync(TestHost host, string client = "ea-1", string secret = TestHost.Secret)
    {
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        await terminal.WriteAsync(terminal.Hello(client, secret));
        return (await terminal.ReadTextAsync())!;
    }
}
