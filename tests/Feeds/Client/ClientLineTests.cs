using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Client;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Tests.Terminal;

namespace CSMultiConnector.Feeds.Tests.Client;

/// <summary>What the client puts on the wire, seen by a host that shares no code with it.</summary>
public sealed class ClientLineTests
{
    private static readonly SymbolName Eurusd = new("EURUSD");

    [Fact]
    public async Task Hello_carries_every_key_and_a_proof_over_its_bytes()
    {
        using var host = new RawHost();
        await using var client = RunningClient.Start(host.Port, Terminal());
        var hello = await host.AcceptAsync();
        var nonce = JsonDocument.Parse(hello).RootElement.GetProperty("nonce").GetString();
        nonce.ShouldNotBeNull().ShouldMatch("^[0-9a-f]{32}$");
        hello.ShouldBe(RawTerminal.Sign(
            "{\"t\":\"hello\",\"protocol\":1,\"client\":\"ea-1\",\"nonce\":\"" + nonce + "\",\"login\":5012345,\"server\":\"MetaQuotes-Demo\",\"margin\":\"netting\",\"mode\":\"demo\",\"currency\":\"USD\",\"build\":5000,\"ea\":\"1.0.0\",\"magics\":\"1001,1002\",\"stopOnCritical\":false,\"licence\":\"default\"",
            TestHost.Secret,
            "csmc-feed-1|" + RawHost.Nonce + "|"));
    }

    [Fact]
    public async Task Lines_are_numbered_from_one_without_a_gap_and_anew_in_each_session()
    {
        using var host = new RawHost();
        var terminal = Terminal();
        terminal.Open(HalfALot());
        await using var client = RunningClient.Start(host.Port, terminal);
        for (var session = 0; session < 2; session++)
        {
            await host.LogInAsync();
            string[] expected = ["symbol", "snapshot", "position", "total", "snapshot-end", "account"];
            for (var i = 0; i < expected.Length; i++)
            {
                var line = JsonDocument.Parse((await host.LineAsync())!).RootElement;
                line.GetProperty("t").GetString().ShouldBe(expected[i]);
                line.GetProperty("seq").GetInt64().ShouldBe(i + 1);
            }
        }
    }

    [Fact]
    public async Task A_symbol_is_described_again_when_its_facts_change()
    {
        using var host = new RawHost();
        var terminal = Terminal();
        terminal.Open(HalfALot());
        await using var client = RunningClient.Start(host.Port, terminal);
        await host.LogInAsync();
        await host.ReadUntilAsync("account");
        terminal.Describe(terminal.FactsOf(Eurusd)! with { ContractSize = 10m });
        (await host.ReadUntilAsync("symbol")).GetProperty("contractSize").GetDecimal().ShouldBe(10m);
    }

    [Fact]
    public async Task A_ping_is_answered_and_a_silent_client_pings()
    {
        var clock = new ManualTimeProvider();
        using var host = new RawHost();
        await using var client = RunningClient.Start(host.Port, Terminal(), clock);
        await host.LogInAsync();
        await host.ReadUntilAsync("account");
        await host.SendAsync("{\"t\":\"ping\"}");
        await host.ReadUntilAsync("pong");
        clock.Advance(TimeSpan.FromSeconds(5));
        await host.ReadUntilAsync("ping");
    }

    [Fact]
    public async Task A_silent_host_is_left_and_connected_to_again()
    {
        var clock = new ManualTimeProvider();
        using var host = new RawHost();
        await using var client = RunningClient.Start(host.Port, Terminal(), clock);
        await host.LogInAsync();
        await host.ReadUntilAsync("account");
        for (var heartbeat = 1; heartbeat <= 2; heartbeat++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await host.ReadUntilAsync("ping");
        }

        var waiting = clock.WhenTimerAsync(RunningClient.ReconnectDelay);
        clock.Advance(TimeSpan.FromSeconds(5));
        string? line;
        do line = await host.LineAsync();
        while (line is not null);
        await waiting.WaitAsync(RawTerminal.Patience);
        clock.Advance(RunningClient.ReconnectDelay);
        await host.LogInAsync();
        client.Client.LastProblem.ShouldNotBeNull().ShouldContain("silent");
    }

    [Fact]
    public async Task A_line_refused_as_out_of_order_makes_the_client_synchronise_anew()
    {
        using var host = new RawHost();
        await using var client = RunningClient.Start(host.Port, Terminal());
        await host.LogInAsync();
        await host.ReadUntilAsync("account");
        await host.SendAsync("{\"t\":\"error\",\"code\":\"out-of-order\",\"text\":\"seq: allowed is 9\",\"seq\":4}");
        await host.LogInAsync();
        await host.ReadUntilAsync("snapshot");
        client.Messages.OfType<HostMessage.Error>().Single().Code.ShouldBe("out-of-order");
    }

    [Fact]
    public async Task Lines_that_the_client_does_not_know_are_ignored()
    {
        using var host = new RawHost();
        await using var client = RunningClient.Start(host.Port, Terminal());
        await host.LogInAsync();
        await host.ReadUntilAsync("account");
        await host.SendAsync("{\"t\":\"weather\",\"text\":\"sunny\"}");
        await host.SendAsync("garbage");
        await host.SendAsync("{\"t\":\"snapshot-wanted\"}");
        await host.ReadUntilAsync("snapshot");
    }

    [Fact]
    public async Task The_client_waits_for_acknowledgements_before_it_sends_more_than_its_window()
    {
        using var host = new RawHost();
        var terminal = Terminal();
        await using var client = RunningClient.Start(host.Port, terminal);
        await host.LogInAsync();
        var seen = (await host.ReadUntilAsync("account")).GetProperty("seq").GetInt64();
        for (var ticket = 1; ticket <= 1_200; ticket++) terminal.Apply(DealOf(ticket));
        var acknowledged = 0L;
        var deals = 0;
        while (deals < 1_200)
        {
            var line = JsonDocument.Parse((await host.LineAsync())!).RootElement;
            seen = line.GetProperty("seq").GetInt64();
            (seen - acknowledged).ShouldBeLessThanOrEqualTo(501);
            if (line.GetProperty("t").GetString() == "deal") deals++;
            if (seen - acknowledged < 400) continue;
            acknowledged = seen;
            await host.SendAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"t\":\"ack\",\"seq\":{seen}}}"));
        }
    }

    [Fact]
    public async Task The_client_speaks_tls()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using var host = await TestHost.StartAsync(new TerminalServerOptions { Port = 0, Certificate = certificate }, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var options = new TerminalClientOptions
        {
            Port = host.Server.EndPoint.Port,
            ClientId = "ea-1",
            Secret = Encoding.UTF8.GetBytes(TestHost.Secret),
            UseTls = true,
            CertificateCheck = (_, seen, _, _) => seen?.GetCertHashString() == made.GetCertHashString(),
        };
        var client = new TerminalClient(options, Terminal(), TimeProvider.System, new TestLogger<TerminalClient>([]));
        var run = client.RunAsync(stop.Token);
        await client.WaitForAllAcknowledgedAsync(CancellationToken.None).WaitAsync(RawTerminal.Patience);
        await stop.CancelAsync();
        (await run.WaitAsync(RawTerminal.Patience)).ShouldBe(TerminalClientEnd.Stopped);
        (await (await host.SessionAsync()).ClosedAsync()).ShouldContain("the client was stopped");
    }

    private static HedgingPosition HalfALot() => new(1, new Magic(1001), Eurusd, OrderSide.Buy, new Lots(0.5m));

    private static SimulatedTerminal Terminal()
    {
        var terminal = new SimulatedTerminal(new TerminalId(5012345, "MetaQuotes-Demo"), MarginMode.Netting, [new Magic(1002), new Magic(1001)]);
        terminal.Describe(new SymbolFacts(Eurusd, 100_000m, new Lots(0.01m), new Lots(0.01m), "EUR", "USD", "EUR", 5, "SYMBOL_CALC_MODE_FOREX", "Forex", "x"));
        return terminal;
    }

    private static Deal DealOf(long ticket) => new(
        ticket, ticket, 1, new Magic(1001), Eurusd, OrderSide.Buy, DealEntry.In, new Lots(0.01m), 1m, ticket, DealReason.Expert, 0m, "");
}
