using System.Globalization;
using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Feeds.Tests.Terminal;

public sealed class LoginTests
{
    [Fact]
    public async Task Both_sides_prove_their_secret_over_the_bytes_of_their_lines()
    {
        await using var host = await TestHost.StartAsync(setUp: h => h.Admit = (_, session) => Task.FromResult<SessionAdmission>(new SessionAdmission.Admitted(
            session,
            [new ResumePoint(new Magic(1001), 123456, 1763650000123), new ResumePoint(new Magic(1002), 0, 0)],
            [new ResumePosition(new Magic(1001), new SymbolName("EURUSD"), new Level(new Lots(0.30m), default)), new ResumePosition(Magic.Unattributed, new SymbolName("EURUSD"), new Level(default, new Lots(1m)))],
            123460)));
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);

        var challenge = await terminal.ReadTextAsync();
        challenge.ShouldNotBeNull();
        challenge.ShouldMatch("^\\{\"t\":\"challenge\",\"protocol\":1,\"nonce\":\"[0-9a-f]{32}\",\"host\":\"csmulticonnector\",\"version\":\"1.2.3\"\\}$");
        var hostNonce = challenge.Split("\"nonce\":\"")[1][..32];
        var hello = "{\"t\":\"hello\",\"protocol\":1,\"client\":\"ea-1\",\"nonce\":\"" + RawTerminal.Nonce + "\",\"login\":5012345,\"server\":\"MetaQuotes-Demo\",\"margin\":\"netting\",\"mode\":\"demo\",\"currency\":\"USD\",\"build\":4755,\"ea\":\"1.0.0\",\"magics\":\"1002,1001\",\"stopOnCritical\":true,\"licence\":\"default\"";
        await terminal.WriteAsync(RawTerminal.Sign(hello, TestHost.Secret, "csmc-feed-1|" + hostNonce + "|"));

        var welcome = (await terminal.ReadTextAsync())!;
        var session = await host.SessionAsync();
        var before = "{\"t\":\"welcome\",\"session\":\"" + session.Session.SessionId.ToString(CultureInfo.InvariantCulture) + "\",\"heartbeat\":5";
        welcome.ShouldBe(RawTerminal.Sign(before, TestHost.Secret, "csmc-host-1|" + RawTerminal.Nonce + "|"));
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"resume\",\"magic\":1001,\"deal\":123456,\"timeMsc\":1763650000123}");
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"resume\",\"magic\":1002,\"deal\":0,\"timeMsc\":0}");
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"resume-position\",\"magic\":1001,\"symbol\":\"EURUSD\",\"long\":0.3,\"short\":0}");
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"resume-position\",\"magic\":-1,\"symbol\":\"EURUSD\",\"long\":0,\"short\":1}");
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"ready\",\"ledgerDeal\":123460}");

        session.Login.ShouldBe(
            new TerminalLogin("ea-1", OrganizationId.Local, new TerminalId(5012345, "MetaQuotes-Demo"), MarginMode.Netting, "demo", "USD", 4755, "1.0.0", session.Login.Magics, true, "default"));
        session.Login.Magics.ShouldBe([new Magic(1001), new Magic(1002)]);
    }

    [Fact]
    public async Task An_upper_case_proof_is_the_same_proof()
    {
        await using var host = await TestHost.StartAsync();
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        var hello = terminal.Hello();
        var proof = hello[^66..^2];
        await terminal.WriteAsync(hello.Replace(proof, proof.ToUpperInvariant(), StringComparison.Ordinal));
        RawTerminal.TypeOf(await terminal.ReadAsync()).ShouldBe("welcome");
    }

    [Fact]
    public async Task An_empty_list_of_magics_means_trades_by_hand()
    {
        await using var host = await TestHost.StartAsync();
        var (terminal, lines) = await RawTerminal.LogInAsync(host.Server.EndPoint, magics: "");
        await using var _ = terminal;
        (await host.SessionAsync()).Login.Magics.ShouldBe([Magic.ByHand]);
        lines[1].GetProperty("magic").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("\"protocol\":1", "\"protocol\":2", "unsupported-protocol")]
    [InlineData("\"protocol\":1", "\"protocol\":\"1\"", "bad-field")]
    [InlineData("\"t\":\"hello\"", "\"t\":\"deal\"", "unknown-type")]
    [InlineData("\"client\":\"ea-1\"", "\"client\":\"ea 1\"", "bad-field")]
    [InlineData("\"client\":\"ea-1\"", "\"client\":\"\"", "bad-field")]
    [InlineData("\"nonce\":\"00112233445566778899aabbccddeeff\"", "\"nonce\":\"00112233\"", "bad-field")]
    [InlineData("\"login\":5012345", "\"login\":0", "bad-field")]
    [InlineData("\"login\":5012345", "\"login\":1.5", "bad-field")]
    [InlineData("\"server\":\"MetaQuotes-Demo\"", "\"server\":\"\"", "bad-field")]
    [InlineData("\"margin\":\"netting\"", "\"margin\":\"Netting\"", "bad-field")]
    [InlineData("\"mode\":\"demo\"", "\"mode\":\"live\"", "bad-field")]
    [InlineData("\"currency\":\"USD\"", "\"currency\":null", "bad-field")]
    [InlineData("\"build\":4755", "\"build\":-1", "bad-field")]
    [InlineData("\"ea\":\"1.0.0\"", "\"ea\":100", "bad-field")]
    [InlineData("\"magics\":\"1001,1002\"", "\"magics\":\"1001;1002\"", "bad-field")]
    [InlineData("\"magics\":\"1001,1002\"", "\"magics\":\"1001,\"", "bad-field")]
    [InlineData("\"magics\":\"1001,1002\"", "\"magics\":\"-1\"", "bad-field")]
    [InlineData("\"magics\":\"1001,1002\"", "\"magics\":\"9223372036854775808\"", "bad-field")]
    [InlineData("\"stopOnCritical\":false", "\"stopOnCritical\":0", "bad-field")]
    [InlineData("\"licence\":\"default\"", "\"licence\":[]", "bad-json")]
    [InlineData("\"licence\":\"default\"", "\"client\":\"ea-1\"", "bad-json")]
    [InlineData("\"licence\":\"default\"", "\"licence\":\"default\",", "bad-json")]
    public async Task A_login_that_is_not_as_the_page_says_is_refused_and_closed(string right, string wrong, string code)
    {
        await using var host = await TestHost.StartAsync();
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        var hello = terminal.Hello();
        hello.ShouldContain(right);
        await terminal.WriteAsync(hello.Replace(right, wrong, StringComparison.Ordinal));

        var error = await terminal.ReadErrorAsync(code, 0);
        if (code == "bad-field") error.GetProperty("text").GetString()!.ShouldStartWith(right.Split('"')[1]);
        if (code == "unsupported-protocol") (error.GetProperty("min").GetInt32(), error.GetProperty("max").GetInt32()).ShouldBe((1, 1));
        (await terminal.ReadTextAsync()).ShouldBeNull();
        host.Server.ActiveSessions.ShouldBe(0);
    }

    [Fact]
    public async Task The_proof_is_the_last_key_of_its_line()
    {
        await using var host = await TestHost.StartAsync();
        foreach (var spoil in new Func<string, string>[]
                 {
                     h => h[..^1] + ",\"x\":1}",
                     h => h.Replace(",\"proof\":\"", ",\"proof\" :\"", StringComparison.Ordinal)[..^10] + "\"}",
                     h => h.Replace(",\"proof\"", ", \"proof\"", StringComparison.Ordinal),
                 })
        {
            await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
            await terminal.ReadChallengeAsync();
            await terminal.WriteAsync(spoil(terminal.Hello()));
            await terminal.ReadErrorAsync("bad-field", 0);
            (await terminal.ReadTextAsync()).ShouldBeNull();
        }
    }

    [Fact]
    public async Task An_unknown_client_and_a_wrong_secret_get_the_same_answer()
    {
        await using var host = await TestHost.StartAsync();
        var answers = new List<string?>();
        foreach (var (client, secret) in new[] { ("nobody", TestHost.Secret), ("ea-1", "wrong") })
        {
            await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
            await terminal.ReadChallengeAsync();
            await terminal.WriteAsync(terminal.Hello(client, secret));
            answers.Add(await terminal.ReadTextAsync());
            (await terminal.ReadTextAsync()).ShouldBeNull();
        }

        answers[0].ShouldNotBeNull().ShouldContain("\"code\":\"unauthorised\"");
        answers[1].ShouldBe(answers[0]);
    }

    [Fact]
    public async Task A_recorded_login_is_worth_nothing_on_another_connection()
    {
        await using var host = await TestHost.StartAsync();
        await using var first = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await first.ReadChallengeAsync();
        var hello = first.Hello();
        await using var second = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await second.ReadChallengeAsync();
        second.HostNonce.ShouldNotBe(first.HostNonce);
        await second.WriteAsync(hello);
        await second.ReadErrorAsync("unauthorised", 0);
    }

    [Fact]
    public async Task A_changed_byte_spoils_the_proof()
    {
        await using var host = await TestHost.StartAsync();
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        await terminal.WriteAsync(terminal.Hello().Replace("5012345", "5012346", StringComparison.Ordinal));
        await terminal.ReadErrorAsync("unauthorised", 0);
    }

    [Fact]
    public async Task The_hub_may_refuse_a_login()
    {
        await using var host = await TestHost.StartAsync();
        host.Admit = (_, _) => Task.FromResult<SessionAdmission>(new SessionAdmission.Busy("magics 1001 run in session 7"));
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        await terminal.WriteAsync(terminal.Hello());
        (await terminal.ReadErrorAsync("busy", 0)).GetProperty("text").GetString().ShouldBe("magics 1001 run in session 7");
        (await terminal.ReadTextAsync()).ShouldBeNull();

        host.Admit = (_, _) => Task.FromResult<SessionAdmission>(new SessionAdmission.Unavailable("the host is starting"));
        await using var again = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await again.ReadChallengeAsync();
        await again.WriteAsync(again.Hello());
        (await again.ReadTextAsync()).ShouldBe("{\"t\":\"bye\",\"reason\":\"the host is starting\"}");
        (await again.ReadTextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_hub_that_fails_costs_one_login()
    {
        await using var host = await TestHost.StartAsync();
        var admit = host.Admit;
        host.Admit = (_, _) => throw new InvalidOperationException("broken");
        await using var terminal = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await terminal.ReadChallengeAsync();
        await terminal.WriteAsync(terminal.Hello());
        RawTerminal.TypeOf(await terminal.ReadAsync()).ShouldBe("bye");

        host.Admit = admit;
        var (good, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await good.DisposeAsync();
    }

    [Fact]
    public async Task What_the_hub_sends_before_ready_comes_after_it()
    {
        await using var host = await TestHost.StartAsync();
        var admit = host.Admit;
        host.Admit = (login, session) =>
        {
            session.Session.Send(new HostMessage.Status("btc", "Paper", "running", "", "1.2.3", "default"));
            return admit(login, session);
        };
        var (terminal, lines) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var _ = terminal;
        lines.Select(RawTerminal.TypeOf).ShouldBe(["welcome", "resume", "resume", "ready"]);
        (await terminal.ReadTextAsync()).ShouldBe("{\"t\":\"status\",\"connector\":\"btc\",\"venue\":\"Paper\",\"state\":\"running\",\"text\":\"\",\"version\":\"1.2.3\",\"licence\":\"default\"}");
    }

    [Fact]
    public async Task Neither_secret_nor_proof_is_logged()
    {
        await using var host = await TestHost.StartAsync();
        var (good, _) = await RawTerminal.LogInAsync(host.Server.EndPoint);
        await using var bad = await RawTerminal.ConnectAsync(host.Server.EndPoint);
        await bad.ReadChallengeAsync();
        var hello = bad.Hello(secret: "wrong");
        await bad.WriteAsync(hello);
        await bad.ReadErrorAsync("unauthorised", 0);
        await good.DisposeAsync();
        await (await host.SessionAsync()).ClosedAsync();

        var log = string.Join('\n', host.Log);
        log.ShouldContain("ea-1");
        log.ShouldNotContain(TestHost.Secret);
        log.ShouldNotContain(hello[^66..^2]);
        log.ShouldNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(TestHost.Secret)), Case.Insensitive);
    }
}
