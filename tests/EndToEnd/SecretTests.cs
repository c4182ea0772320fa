using System.Text;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>Secrets that would be recognised anywhere are planted; afterwards they are nowhere to be found.</summary>
public sealed class SecretTests
{
    private const string ClientSecret = "Qz7xPlantedFeed8Kw3vRb51";
    private const string VenueKey = "Vn4tPlantedKey6Hs9mTq28";
    private const string WrongKey = "Wr0ngPlantedKey5Jd2pLc73";

    [Fact]
    public async Task No_secret_is_in_any_log_answer_file_or_output()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync(folder["venue"], VenueKey);
        await using var trader = new Trader(1001);
        var variables = Service.Ports(0);
        variables["CSMC_Log__Level"] = "verbose";
        variables["E2E_WRONG_KEY"] = $$"""{"apiKey":"{{WrongKey}}"}""";
        var said = new StringBuilder();
        await using (var service = await Service.StartAsync(
            folder["data"],
            [
                ConnectorSettings.Futures("main", venue.Address).With("credentials", new { apiKey = VenueKey }),
                ConnectorSettings.Futures("locked", venue.Address, "other").With("credentialsFrom", "env:E2E_WRONG_KEY"),
            ],
            variables))
        {
            // The file that the key came from is the user's own to keep or delete.
            File.Delete(folder["data"] + ".connectors.json");
            var added = await Program.RunWithInputAsync(ClientSecret + "\n", "client", "add", "ea", "--secret-stdin", "--data", service.Data, "--json");
            added.ExitCode.ShouldBe(0, added.ToString());
            trader.Connect(Trader.Options(service.Feed.Port, "ea", ClientSecret));
            await trader.LiveAsync();
            trader.Deal(1001, "BTCUSD", 0.2m, 65_000m);
            await trader.AcknowledgedAsync();
            await Eventually.GetAsync(() => service.ConnectorAsync("main", c => c.GetProperty("converged").GetBoolean(), "converged"), _ => true, "converged");
            await service.ConnectorAsync("locked", c => c.GetProperty("state").GetString() != "starting", "is refused by the venue");

            await using (var stranger = new Trader(1001))
            {
                stranger.Connect(Trader.Options(service.Feed.Port, "ea", ClientSecret[..^1] + "X"));
                await Eventually.GetAsync(() => Task.FromResult(stranger.LastProblem), p => p is not null, "the stranger is refused");
            }

            foreach (var command in (string[][])[["status"], ["doctor"], ["client", "list"], ["mapping", "list", "main"], ["explain", "BTCUSD:Net"], ["plan"], ["pause", "main"], ["resume", "main"], ["client", "add", "ea"]])
            {
                said.Append(await service.CommandAsync(command));
                said.Append(await service.CommandAsync([.. command, "--json"]));
            }

            using (var http = service.Http())
            {
                foreach (var path in (string[])["status", "clients", "plans", "explain?leg=BTCUSD:Net", "connectors/main/mapping", "connectors/none/mapping"])
                    said.Append(await (await http.GetAsync(new Uri($"api/v1/{path}", UriKind.Relative))).Content.ReadAsStringAsync());
            }

            (await service.TerminateAsync()).ExitCode.ShouldBe(0);
            await service.StartAgainAsync();
            said.Append(service.Said);
        }

        (await venue.HoldingsAsync()).ShouldBe([new("BTCUSD", 0.2m)], ignoreOrder: false, "the key that is never shown is the one that was used");
        var token = (await File.ReadAllTextAsync(Path.Combine(folder["data"], "api-token"))).Trim();
        said.Append(venue.Said);
        Holds(Path.Combine(folder["data"], "api-token"), token).ShouldBeTrue("the search finds what is there");
        var files = Directory.GetFiles(folder["data"], "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "api-token").ToArray();
        files.ShouldContain(f => f.EndsWith("settings.db", StringComparison.Ordinal));
        files.ShouldContain(f => f.EndsWith("history.db", StringComparison.Ordinal));
        files.ShouldContain(f => f.EndsWith(".log", StringComparison.Ordinal));
        foreach (var (name, secret) in new[] { ("client secret", ClientSecret), ("venue key", VenueKey), ("wrong venue key", WrongKey), ("API token", token) })
        {
            foreach (var form in Forms(secret))
            {
                said.ToString().Contains(form, StringComparison.Ordinal).ShouldBeFalse($"the {name} was said by a process or the API");
                foreach (var file in files) Holds(file, form).ShouldBeFalse($"{file} holds the {name}");
            }
        }
    }

    // As it is, and as a careless serializer would write it.
    private static string[] Forms(string secret) => [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='), Convert.ToHexString(Encoding.UTF8.GetBytes(secret))];

    private static bool Holds(string file, string form) =>
        File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(form)) >= 0 || File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.Unicode.GetBytes(form)) >= 0;
}
