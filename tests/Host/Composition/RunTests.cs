using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CSMultiConnector.Host.ApiClient;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Host.Tests.Composition;

/// <summary>The whole service in the test's process: real actors, SQLite, feed and API on free ports.</summary>
public sealed class RunTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string> FreePorts = new()
    {
        ["CSMC_Feed__Port"] = "0",
        ["CSMC_Api__Port"] = "0",
    };

    private readonly TempFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_host_runs_is_asked_and_stops()
    {
        var connectors = _folder.File("connectors.json", """
            { "connectors": [ { "id": "paper-1", "name": "Paper", "venue": "paper-futures", "routes": [ { "terminal": "*" } ], "planFirst": false } ] }
            """);
        using var stop = new CancellationTokenSource();
        var running = StartAsync(stop.Token, "run", "--data", Data, "--connectors", connectors);
        await ReadyAsync(running);

        var status = await CliRun.OfAsync(_folder.Path, "", "status", "--json", "--data", Data);
        status.ExitCode.ShouldBe(0, status.Error);
        status.Json.GetProperty("connectors")[0].GetProperty("id").GetString().ShouldBe("paper-1");

        var added = await CliRun.OfAsync(_folder.Path, "", "client", "add", "ea1", "--json", "--data", Data);
        var secret = added.Json.GetProperty("secret").GetString()!;
        (await CliRun.OfAsync(_folder.Path, "", "pause", "paper-1", "--why", "a test", "--data", Data)).ExitCode.ShouldBe(0);
        (await CliRun.OfAsync(_folder.Path, "", "pause", "nobody", "--data", Data)).ExitCode.ShouldBe(2);

        // Another host on the same folder is told who holds it.
        var second = await CliRun.OfAsync(_folder.Path, "", FreePorts, "run", "--data", Data);
        second.ExitCode.ShouldBe(1);
        second.Error.ShouldContain($"process {Environment.ProcessId} ");

        var token = await File.ReadAllTextAsync(Path.Combine(Data, "api-token"));
        await stop.CancelAsync();
        var ended = await running.WaitAsync(Patience);
        ended.ExitCode.ShouldBe(0, ended.Error);
        File.Exists(ApiEndpoint.PathIn(Data)).ShouldBeFalse("the commands must not look for a host that is gone");
        var log = string.Concat(Directory.GetFiles(Path.Combine(Data, "logs")).Select(File.ReadAllText)) + ended.Out + ended.Error;
        log.ShouldContain("paper-1");
        log.ShouldNotContain(token);
        log.ShouldNotContain(secret);
        (await CliRun.OfAsync(_folder.Path, "", "status", "--data", Data)).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task A_history_that_was_lost_is_back_after_the_next_start()
    {
        var connectors = _folder.File("connectors.json", """
            { "connectors": [ { "id": "paper-1", "name": "Paper", "venue": "paper-futures", "routes": [ { "terminal": "*" } ], "planFirst": false } ] }
            """);
        await RunAsync(async () => (await CliRun.OfAsync(_folder.Path, "", "pause", "paper-1", "--why", "a test", "--data", Data)).ExitCode.ShouldBe(0), connectors);

        // A host that ends does not wait for its history: what was not written is there after the next start.
        await RunAsync(() => Task.CompletedTask, connectors);
        var told = await PausesAsync();
        told.ShouldHaveSingleItem().Text.ShouldContain("a test");
        foreach (var file in Directory.GetFiles(Data, "history.db*")) File.Delete(file);

        await RunAsync(() => Task.CompletedTask, connectors);

        (await PausesAsync()).Select(e => e with { Id = told[0].Id }).ShouldBe(told);
    }

    [Fact]
    public async Task Every_mistake_of_a_connectors_file_is_told_before_anything_is_touched()
    {
        var connectors = _folder.File("connectors.json", """
            { "connectors": [
              { "id": "A b", "name": "x", "venue": "paper-futures", "routes": [ { "terminal": "*", "multiplier": 0 } ] },
              { "id": "b", "name": "x", "venue": "paper-future", "venueOptions": {} },
              { "id": "c", "name": "x", "venue": "paper-futures", "venueOptions": { "positionMood": "hedge" } } ] }
            """);
        var run = await CliRun.OfAsync(_folder.Path, "", FreePorts, "run", "--data", Data, "--connectors", connectors);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("$.connectors[0].id");
        run.Error.ShouldContain("$.connectors[0].routes[0].multiplier");
        Directory.Exists(Data).ShouldBeFalse();

        var venues = _folder.File("venues.json", """
            { "connectors": [
              { "id": "b", "name": "x", "venue": "paper-future", "routes": [] },
              { "id": "c", "name": "x", "venue": "paper-futures", "routes": [], "venueOptions": { "positionMood": "hedge" } },
              { "id": "d", "name": "x", "venue": "binance-spot", "routes": [], "apiUrl": "testnest" } ] }
            """);
        run = await CliRun.OfAsync(_folder.Path, "", FreePorts, "run", "--data", Data, "--connectors", venues);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("$.connectors[0].venue");
        run.Error.ShouldContain("positionMood");
        run.Error.ShouldContain("$.connectors[2]: 'testnest' is no network; there are live, testnet, demo");
    }

    [Theory]
    [InlineData("\"credentialsFrom\": \"env:CSMC_TESTS_SET_NO_SUCH_VARIABLE\",", "CSMC_TESTS_SET_NO_SUCH_VARIABLE")]
    [InlineData("\"credentials\": { \"apiKey\": \"only-one-half-of-it\" },", "needs apiKey and secret")]
    [InlineData("", "credentialsFrom")]
    public async Task A_connector_whose_key_is_missing_is_faulted_and_says_what_to_do_and_the_others_go_on(string credentials, string said)
    {
        var connectors = _folder.File("connectors.json", $$"""
            { "connectors": [
              { "id": "keyless", "name": "K", "venue": "binance-usdm", {{credentials}} "apiUrl": "http://127.0.0.1:1", "routes": [ { "terminal": "*" } ] },
              { "id": "paper-1", "name": "Paper", "venue": "paper-futures", "routes": [ { "terminal": "*" } ] } ] }
            """);
        await RunAsync(
            async () =>
            {
                var states = new Dictionary<string, (string? State, string Text)>();
                using var patience = new CancellationTokenSource(Patience);
                while (states.GetValueOrDefault("keyless").State is not "faulted" || states.GetValueOrDefault("paper-1").State is not "running")
                {
                    patience.Token.ThrowIfCancellationRequested();
                    var status = await CliRun.OfAsync(_folder.Path, "", "status", "--json", "--data", Data);
                    status.Json.GetProperty("complete").GetBoolean().ShouldBeTrue(status.Out);
                    foreach (var c in status.Json.GetProperty("connectors").EnumerateArray())
                        states[c.GetProperty("id").GetString()!] = (c.GetProperty("state").GetString(), c.GetProperty("text").GetString()!);
                }

                states["keyless"].Text.ShouldContain(said);
                states["keyless"].Text.ShouldNotContain("only-one-half-of-it");
                var doctor = await CliRun.OfAsync(_folder.Path, "", "doctor", "--data", Data);
                doctor.ExitCode.ShouldBe(1);
                doctor.Out.ShouldContain(said);
            },
            connectors);
    }

    [Fact]
    public async Task The_example_file_is_right()
    {
        var example = Path.Combine(RepositoryRoot(), "connectors.example.json");
        using var stop = new CancellationTokenSource();
        var running = StartAsync(stop.Token, "run", "--data", Data, "--connectors", example);
        await ReadyAsync(running);
        await stop.CancelAsync();
        (await running.WaitAsync(Patience)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_weak_api_token_keeps_the_host_from_starting()
    {
        PrivateFile.EnsureFolder(Data);
        PrivateFile.WriteAllText(Path.Combine(Data, "api-token"), "changemechangemechangemechangeme");
        var run = await CliRun.OfAsync(_folder.Path, "", FreePorts, "run", "--data", Data);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("api-token");
        run.Error.ShouldNotContain("changeme");
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Feed")]
    public async Task A_port_that_is_taken_is_named_with_its_setting(string section)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var variables = new Dictionary<string, string>(FreePorts) { [$"CSMC_{section}__Port"] = taken };
        var run = await CliRun.OfAsync(_folder.Path, "", variables, "run", "--data", Data);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"cannot listen on 127.0.0.1:{taken}");
        run.Error.ShouldContain($"Set {section}:Port to another port");
        run.Error.ShouldNotContain("   at ", customMessage: "a person needs no stack");
    }

    [Fact]
    public async Task A_feed_that_others_reach_is_refused_without_tls()
    {
        var variables = new Dictionary<string, string>(FreePorts) { ["CSMC_Feed__Address"] = "0.0.0.0" };
        var run = await CliRun.OfAsync(_folder.Path, "", variables, "run", "--data", Data);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("Feed:Certificate:Path");
        Directory.Exists(Data).ShouldBeFalse();
    }

    private async Task RunAsync(Func<Task> meanwhile, string connectors)
    {
        using var stop = new CancellationTokenSource();
        var running = StartAsync(stop.Token, "run", "--data", Data, "--connectors", connectors);
        await ReadyAsync(running);
        await meanwhile();
        await stop.CancelAsync();
        (await running.WaitAsync(Patience)).ExitCode.ShouldBe(0);
    }

    private async Task<IReadOnlyList<HistoryEntry>> PausesAsync()
    {
        using var folder = DataFolder.Open(Data, TimeProvider.System).Value!;
        await using var history = (await HistoryStore.OpenAsync(
            folder, new HistoryOptions(), TimeProvider.System, NullLogger<HistoryStore>.Instance, CancellationToken.None)).Value!;
        return (await history.QueryAsync(new HistoryQuery { Kinds = ["paused"] }, CancellationToken.None)).Entries;
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private async Task<CliRun> StartAsync(CancellationToken stop, params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var environment = new CommandEnvironment(
            TextWriter.Synchronized(stdout), TextWriter.Synchronized(stderr), TextReader.Null, false, FreePorts, _folder.Path, TimeProvider.System);
        var exitCode = await Task.Run(() => CommandLineApp.RunAsync(args, environment, stop), CancellationToken.None);
        return new CliRun(exitCode, stdout.ToString(), stderr.ToString());
    }

    private async Task ReadyAsync(Task<CliRun> running)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(ApiEndpoint.PathIn(Data)))
        {
            if (running.IsCompleted) throw new InvalidOperationException((await running).Error);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
