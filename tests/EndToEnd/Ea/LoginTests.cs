using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CSMultiConnector.EndToEnd.Tests.Kill;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>What stands between the Expert Advisor and a session, with what it says about it; corrected, it runs.</summary>
public sealed class LoginTests
{
    private const string Password = "pfx-of-this-test-only";

    private static readonly Desk s_desk = new(5500001, "hedging", 1001);

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_wrong_secret_is_told_without_any_secret_and_tried_again_ever_more_seldom()
    {
        const string wrong = "Wr0ngPlantedSecret5Jd2pLc73";
        await using var world = await EaWorld.StartAsync(s_desk);
        await using var ea = await world.TerminalAsync(s_desk);
        await ea.SetAsync(("ClientSecret", wrong));

        await ea.AttachAsync();

        await ea.ShowsAsync(p => p.Error.Contains("check client id and secret", StringComparison.Ordinal), "what is wrong");
        await ea.ShowsAsync(p => p.Line is "Not connected; next attempt in 4 s" or "Not connected; next attempt in 8 s", "longer and longer waits");
        ea.Alerts.ShouldContain(a => a.Contains("check client id and secret", StringComparison.Ordinal));
        ea.Alerts.Count.ShouldBeLessThanOrEqualTo(4, "the same is not said again and again");
        (await ea.IsOnChartAsync()).ShouldBeTrue();

        await ea.SetAsync(("ClientSecret", world.Secret));
        await ea.RestartAsync(5);
        await ea.LiveAsync();
        await world.SynchronisedAsync(s_desk);
        await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(s_desk, ("BTCUSD", "long", 0.1m));

        var said = string.Join('\n', [.. ea.Printed, .. ea.Alerts, ea.LogText, (await ea.DoAsync("objects")).ToString(), world.Host.Said]);
        said.ShouldNotContain(wrong);
        said.ShouldNotContain(world.Secret);
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_secret_can_stand_in_a_file_and_a_bad_input_is_named()
    {
        await using var world = await EaWorld.StartAsync(s_desk);
        await using var ea = await world.TerminalAsync(s_desk);
        await ea.SetAsync(("ClientSecret", "file:csmc-secret.txt"), ("HostPort", 0));
        (await ea.DoAsync("attach")).GetProperty("init").GetInt32().ShouldBe(2, "INIT_PARAMETERS_INCORRECT");
        ea.Printed.ShouldContain(l => l.Contains("\"Port\"", StringComparison.Ordinal) || l.Contains("csmc-secret.txt", StringComparison.Ordinal));

        await File.WriteAllTextAsync(Path.Combine(ea.Files, "csmc-secret.txt"), world.Secret + "\r\n");
        await ea.SetAsync(("HostPort", world.Host.Feed.Port));
        await ea.AttachAsync();
        await ea.LiveAsync();
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task An_address_that_is_not_on_the_terminals_list_is_named_with_the_place_to_add_it()
    {
        await using var world = await EaWorld.StartAsync(s_desk);
        await using var ea = await world.TerminalAsync(s_desk);
        await ea.DoAsync("disallow host=127.0.0.1");
        await ea.AttachAsync();
        var panel = await ea.ShowsAsync(p => p.Error.Contains("Tools, Options, Expert Advisors", StringComparison.Ordinal), "where to add it");
        panel.Error.ShouldContain("127.0.0.1");

        await ea.DoAsync("allow host=127.0.0.1");
        await ea.LiveAsync();
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task With_TLS_only_a_certificate_that_is_trusted_and_bears_the_right_name_is_spoken_to()
    {
        using var folder = new Folder();
        using var certificate = MakeCertificate("127.0.0.1");
        using var stranger = MakeCertificate("127.0.0.1");
        await File.WriteAllBytesAsync(folder["host.pfx"], certificate.Export(X509ContentType.Pfx, Password));
        await File.WriteAllTextAsync(folder["host.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["stranger.pem"], stranger.ExportCertificatePem());
        var variables = Service.Ports(0);
        variables["CSMC_Feed__Certificate__Path"] = folder["host.pfx"];
        variables["CSMC_Feed__Certificate__Password"] = Password;
        await using var world = await EaWorld.StartAsync(v => [s_desk.Entry(v)], variables);
        await using var ea = await world.TerminalAsync(s_desk);
        await ea.DoAsync("allow host=localhost");
        await ea.SetAsync(("UseTls", true));

        await ea.DoAsync($"trust file=\"{folder["stranger.pem"]}\"");
        await ea.AttachAsync();
        await RefusedAsync(ea, "TLS with 127.0.0.1");
        await ea.DoAsync($"trust file=\"{folder["host.pem"]}\"");
        await ea.SetAsync(("HostAddress", "localhost"));
        await ea.RestartAsync(5);
        await RefusedAsync(ea, "TLS with localhost");
        await ea.SetAsync(("HostAddress", "127.0.0.1"), ("UseTls", false));
        await ea.RestartAsync(5);
        await ea.ShowsAsync(p => p.Error.Contains("the host said nothing", StringComparison.Ordinal) && p.Error.Contains("TLS", StringComparison.Ordinal), "what may be wrong");
        world.Host.Said.ShouldNotContain("logged in");

        await ea.SetAsync(("UseTls", true));
        await ea.RestartAsync(5);
        await ea.LiveAsync();
        await world.SynchronisedAsync(s_desk);
        await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(s_desk, ("BTCUSD", "long", 0.1m));
    }

    private static async Task RefusedAsync(ExpertAdvisor ea, string what)
    {
        var panel = await ea.ShowsAsync(p => p.Error.Contains(what, StringComparison.Ordinal), what);
        panel.Error.ShouldContain("certificate");
    }

    private static X509Certificate2 MakeCertificate(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=csmulticonnector", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
