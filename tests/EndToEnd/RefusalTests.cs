using System.Globalization;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>What must not start does not start, and says why and what to do.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Every_mistake_in_a_connectors_file_is_told_with_its_place_and_what_is_allowed()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["connectors.json"], """
            {
              "connectors": [
                {
                  "id": "one", "name": "One", "venue": "paper-future",
                  "routes": [ { "terminal": "5012345@Test-Server", "multiplier": -1 }, { "terminal": "nobody" } ],
                  "orderTimeout": "soon",
                  "quoteCurency": "USDT"
                }
              ]
            }
            """);

        var ended = await RunAsync(folder, "--connectors", folder["connectors.json"]);

        ended.ExitCode.ShouldBe(2, ended.ToString());
        var lines = ended.Errors.Split('\n');
        foreach (var (path, allowed) in new[]
        {
            ("$.connectors[0].venue", "paper-futures"),
            ("$.connectors[0].routes[0].multiplier", "above"),
            ("$.connectors[0].routes[1].terminal", "login@server"),
            ("$.connectors[0].orderTimeout", "30s"),
            ("$.connectors[0].quoteCurency", "quoteCurrency"),
        })
        {
            lines.ShouldContain(l => l.StartsWith($"{path}:", StringComparison.Ordinal) && l.Contains(allowed, StringComparison.Ordinal), $"{path} … {allowed}\n{ended.Errors}");
        }

        ended.Errors.ShouldContain("5 mistakes");
    }

    [Fact]
    public async Task A_file_that_is_no_JSON_is_told_with_line_and_column()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["connectors.json"], "{\n  \"connectors\": [ { \"id\": }\n");
        var ended = await RunAsync(folder, "--connectors", folder["connectors.json"]);
        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.Errors.ShouldContain("line 2, column");
    }

    [Fact]
    public async Task A_wrong_file_changes_nothing_of_what_is_stored()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var service = await Service.StartAsync(folder["data"], [ConnectorSettings.Futures("kept", venue.Address)]);
        await service.RunningAsync("kept");
        await service.TerminateAsync();
        await File.WriteAllTextAsync(folder["connectors.json"], """{ "connectors": [ { "id": "other", "name": "Other", "venue": "paper-spot", "orderTimeout": -5 } ] }""");

        (await RunAsync(folder, "--connectors", folder["connectors.json"])).ExitCode.ShouldBe(2);

        await service.StartAgainAsync();
        (await service.StatusAsync()).GetProperty("connectors").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Feed_and_API_do_not_leave_this_machine_without_TLS()
    {
        using var folder = new Folder();
        var environment = Service.Ports(0);
        environment["CSMC_Feed__Address"] = "0.0.0.0";
        environment["CSMC_Api__Address"] = "192.0.2.7";

        var ended = await Program.RunAsync(environment, "run", "--data", folder["data"]);

        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.Errors.ShouldContain("Feed:Address");
        ended.Errors.ShouldContain("Feed:Certificate:Path");
        ended.Errors.ShouldContain("Api:Address");
        ended.Errors.ShouldContain("Api:Certificate:Path");
        Directory.Exists(folder["data"]).ShouldBeFalse("nothing was begun");
    }

    [Theory]
    [InlineData("changeme")]
    [InlineData("password-password-1234567890")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_secret_that_anybody_guesses_is_not_taken(string secret)
    {
        using var folder = new Folder();
        var ended = await Program.RunWithInputAsync(secret + "\n", "client", "add", "ea", "--secret-stdin", "--data", folder["data"], "--json");
        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.ToString().ShouldNotContain(secret);
        (await Program.RunAsync("client", "list", "--data", folder["data"], "--json")).Json.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_token_that_anybody_guesses_stops_the_start()
    {
        using var folder = new Folder();
        await (await Service.StartAsync(folder["data"])).DisposeAsync();
        var token = new string('a', 40);
        await File.WriteAllTextAsync(Path.Combine(folder["data"], "api-token"), token);

        var ended = await RunAsync(folder);

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Errors.ShouldContain("api-token is weak");
        ended.Errors.ShouldNotContain(token);
    }

    [Fact]
    public async Task A_folder_in_use_names_the_process_that_uses_it()
    {
        using var folder = new Folder();
        await using var service = await Service.StartAsync(folder["data"]);
        var pid = (await service.StatusAsync()).GetProperty("host").GetProperty("pid").GetInt32();

        var ended = await RunAsync(folder);

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Errors.ShouldContain($"{folder["data"]} is in use");
        ended.Errors.ShouldContain(pid.ToString(CultureInfo.InvariantCulture));
        (await service.CommandAsync("health")).ExitCode.ShouldBe(0, "the one that holds it goes on");
    }

    [Fact]
    public async Task A_folder_that_everybody_may_write_is_not_used()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new Folder();
        Directory.CreateDirectory(folder["data"]);
        File.SetUnixFileMode(folder["data"], (UnixFileMode)0x1FF);

        var ended = await RunAsync(folder);

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Errors.ShouldContain($"chmod 700 {folder["data"]}");
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_the_setting_to_change()
    {
        using var folder = new Folder();
        await using var service = await Service.StartAsync(folder["data"]);

        var ended = await Program.RunAsync(Service.Ports(service.Feed.Port), "run", "--data", folder["other"]);

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Errors.ShouldContain("Feed:Port");
    }

    private static Task<Ended> RunAsync(Folder folder, params string[] more) => Program.RunAsync(Service.Ports(0), ["run", "--data", folder["data"], .. more]);
}
