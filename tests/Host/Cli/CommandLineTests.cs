using CSMultiConnector.Host.Cli;

namespace CSMultiConnector.Host.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("staus", "csmulticonnector has no command 'staus'.")]
    [InlineData("staus", "Did you mean 'status'?")]
    [InlineData("mapping", "csmulticonnector mapping has list, set, reset.")]
    [InlineData("mapping lst", "Did you mean 'list'?")]
    [InlineData("status --jsn", "Did you mean '--json'?")]
    [InlineData("pause", "csmulticonnector pause --help")]
    [InlineData("mapping set c EURUSD", "Name either an instrument or --exclude.")]
    [InlineData("mapping set c EURUSD EUR/USD --exclude", "Name either an instrument or --exclude.")]
    [InlineData("mapping set c EURUSD EUR/USD --scale 0", "above zero")]
    [InlineData("mapping set c EURUSD EUR/USD --scale 1e3", "above zero")]
    [InlineData("status --wait soon", "30s")]
    [InlineData("stream release me 1", "login@server")]
    [InlineData("stream release 1@s ten", "ten is no magic: expected a whole number, 0 or above.")]
    [InlineData("explain x --orders 0", "--orders 0: expected a whole number from 1 to 200.")]
    [InlineData("demo --seed abc", "--seed abc: expected a whole number.")]
    [InlineData("demo --for 9000h", "0 to 8784h")]
    [InlineData("client add a.b", "A-Z")]
    [InlineData("plan --approve p-1", "plan CONNECTOR --approve ID")]
    [InlineData("plan c --approve p-1 --reject p-1", "Either --approve or --reject.")]
    [InlineData("replay x.html --speed fast", "max")]
    [InlineData("replay x.html --contract-size EURUSD", "SYMBOL=N")]
    [InlineData("replay x.html --contract-size EURUSD=0", "above zero")]
    [InlineData("replay x.html --stop-after -1", "0 or above")]
    [InlineData("demo --for never", "30s")]
    [InlineData("paper --port 70000", "0 to 65535")]
    [InlineData("demo --venue binance-usdm --api-url testnet --credentials-from CSMC_NOBODY_SETS_IT", "CSMC_NOBODY_SETS_IT: it is not set")]
    public async Task Wrong_input_is_exit_code_2_with_a_hint(string line, string hint)
    {
        using var folder = new TempFolder();
        var run = await CliRun.OfAsync(folder.Path, "", line.Split(' '));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(hint);
        run.Error.ShouldNotContain("System.");
        run.Out.ShouldBeEmpty();

        var json = await CliRun.OfAsync(folder.Path, "", [.. line.Split(' '), "--json"]);
        json.ExitCode.ShouldBe(2);
        json.Json.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain(hint);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(500, "500ms")]
    [InlineData(30_000, "30s")]
    [InlineData(90_000, "90s")]
    [InlineData(120_000, "2m")]
    [InlineData(7_200_000, "2h")]
    public void Durations_are_shown_as_people_write_them(int milliseconds, string text)
    {
        DurationText.Of(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);
        DurationText.TryParse(text, out var back).ShouldBeTrue();
        back.TotalMilliseconds.ShouldBe(milliseconds);
    }

    [Fact]
    public async Task The_help_writes_times_as_they_are_typed()
    {
        using var folder = new TempFolder();
        (await CliRun.OfAsync(folder.Path, "", "demo", "--help")).Out.ShouldContain("[default: 30s]");
    }

    [Fact]
    public async Task Doctor_looks_at_a_connectors_file_before_anything_runs()
    {
        using var folder = new TempFolder();
        folder.File("connectors.json", """{ "connectors": [ { "id": "main", "name": "M", "venue": "binance-usdm", "credentialsFrom": "env:NOBODY_SETS_IT", "routes": [] } ] }""");
        var run = await CliRun.OfAsync(
            folder.Path, "", new Dictionary<string, string> { ["CSMC_Feed__Port"] = "0", ["CSMC_Api__Port"] = "0" }, "doctor", "--connectors", "connectors.json", "--data", "none", "--json");
        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("NOBODY_SETS_IT: it is not set");
        (await CliRun.OfAsync(folder.Path, "", "doctor", "--connectors", "connectrs.json")).Out.ShouldContain("there is no file");
    }

    [Fact]
    public async Task What_a_signal_ended_says_so_to_programs_too()
    {
        using var folder = new TempFolder();
        using var stdout = new StringWriter();
        var environment = new CommandEnvironment(stdout, TextWriter.Null, TextReader.Null, false, new Dictionary<string, string>(), folder.Path, TimeProvider.System);
        using var signal = new CancellationTokenSource();
        await signal.CancelAsync();
        (await CommandLineApp.RunAsync(["demo", "--json"], environment, signal.Token)).ShouldBe(130);
        new CliRun(130, stdout.ToString(), "").Json.GetProperty("code").GetString().ShouldBe("interrupted");
    }

    [Fact]
    public async Task Without_arguments_the_help_comes()
    {
        using var folder = new TempFolder();
        var run = await CliRun.OfAsync(folder.Path, "");
        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("demo");
        run.Out.ShouldContain("replay");
    }

    [Fact]
    public async Task Every_command_and_option_has_a_help_text()
    {
        using var folder = new TempFolder();
        var root = CommandLineApp.Build(new CommandEnvironment(TextWriter.Null, TextWriter.Null, TextReader.Null, false, new Dictionary<string, string>(), folder.Path, TimeProvider.System));
        var commands = Descend(root).ToList();
        commands.Count.ShouldBeGreaterThan(15);
        commands.Where(c => string.IsNullOrWhiteSpace(c.Description)).Select(c => c.Name).ShouldBeEmpty();
        commands.SelectMany(c => c.Options.Where(o => string.IsNullOrWhiteSpace(o.Description)).Select(o => $"{c.Name} {o.Name}")).ShouldBeEmpty();
        commands.SelectMany(c => c.Arguments.Where(a => string.IsNullOrWhiteSpace(a.Description)).Select(a => $"{c.Name} {a.Name}")).ShouldBeEmpty();
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("2m", 120)]
    [InlineData("1.5h", 5400)]
    [InlineData("10", 10)]
    [InlineData("00:00:30", 30)]
    public void Durations_are_read_as_people_write_them(string text, double seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1e3")]
    [InlineData("s")]
    [InlineData("-00:00:30")]
    [InlineData("367.00:00:00")]
    [InlineData("99999999999999999999h")]
    public void Anything_else_is_no_duration(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public async Task Clients_are_managed_on_the_data_folder_when_no_host_runs()
    {
        using var folder = new TempFolder();
        var data = Path.Combine(folder.Path, "data");
        var added = await CliRun.OfAsync(folder.Path, "", "client", "add", "ea1", "--json", "--data", data);
        added.ExitCode.ShouldBe(0, added.Error);
        var secret = added.Json.GetProperty("secret").GetString()!;
        secret.Length.ShouldBeGreaterThanOrEqualTo(40);

        var listed = await CliRun.OfAsync(folder.Path, "", "client", "list", "--data", data);
        listed.Out.ShouldContain("ea1");
        listed.Out.ShouldNotContain(secret);

        var weak = await CliRun.OfAsync(folder.Path, "password\n", "client", "add", "ea2", "--secret-stdin", "--data", data);
        weak.ExitCode.ShouldBe(2);
        weak.Error.ShouldNotContain("password\n");

        (await CliRun.OfAsync(folder.Path, "", "client", "revoke", "ea1", "--data", data)).ExitCode.ShouldBe(0);
        (await CliRun.OfAsync(folder.Path, "", "client", "add", "ea1", "--data", data)).ExitCode.ShouldBe(1);
        Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories)
            .Where(f => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(f)).Contains(secret, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static IEnumerable<System.CommandLine.Command> Descend(System.CommandLine.Command command) =>
        command.Subcommands.SelectMany(Descend).Prepend(command);
}
