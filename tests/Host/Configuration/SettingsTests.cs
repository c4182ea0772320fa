using System.Net;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Configuration;

namespace CSMultiConnector.Host.Tests.Configuration;

public sealed class SettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_file_is_right_and_says_the_defaults()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        var read = Load(shipped).Settings!;
        var none = Load(_folder.File("empty.json", "{}")).Settings!;
        read.ShouldBe(none);
        read.Feed.ShouldBe(new Listener(IPAddress.Loopback, 5555, null));
        read.Api.Address.ShouldBe(IPAddress.Loopback);
        read.Log.FileMegabytes.ShouldBe(20);
    }

    [Fact]
    public void Every_mistake_is_told_with_its_path_and_what_is_allowed()
    {
        var errors = Load(_folder.File("a.json", """
            { "Feed": { "Port": "many", "Address": "here", "Adress": 1 }, "Log": { "Level": "loud", "KeepFiles": 0 }, "Stop": { "Timeout": "10m" }, "Api": [1] }
            """)).Errors.Select(e => e.ToString()).ToList();
        errors.ShouldContain(e => e.StartsWith("Feed:Port:", StringComparison.Ordinal) && e.Contains("0 to 65535", StringComparison.Ordinal) && e.Contains("\"many\"", StringComparison.Ordinal));
        errors.ShouldContain(e => e.StartsWith("Feed:Address:", StringComparison.Ordinal));
        errors.ShouldContain(e => e.StartsWith("Feed:Adress:", StringComparison.Ordinal) && e.Contains("Did you mean Feed:Address?", StringComparison.Ordinal));
        errors.ShouldContain(e => e.StartsWith("Log:Level:", StringComparison.Ordinal) && e.Contains("warning", StringComparison.Ordinal));
        errors.ShouldContain(e => e.StartsWith("Log:KeepFiles:", StringComparison.Ordinal) && e.Contains("1 to 1000", StringComparison.Ordinal));
        errors.ShouldContain(e => e.StartsWith("Stop:Timeout:", StringComparison.Ordinal));
        errors.ShouldContain(e => e.StartsWith("Api:", StringComparison.Ordinal));
        errors.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData("Feed")]
    [InlineData("Api")]
    public void An_address_that_others_reach_needs_tls(string section)
    {
        var file = _folder.File("a.json", $$"""{ "{{section}}": { "Address": "0.0.0.0" } }""");
        Load(file).Errors.Single().Path.ShouldBe($"{section}:Address");
        var certificate = _folder.File("c.pem", "");
        Load(_folder.File("b.json", $$"""{ "{{section}}": { "Address": "0.0.0.0", "Certificate": { "Path": "{{certificate}}" } } }""")).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Variables_win_over_the_file_and_options_over_both()
    {
        var file = _folder.File("a.json", """{ "Feed": { "Port": 1 }, "Data": { "Folder": "from-file" } }""");
        Load(file).Settings!.DataFolder.ShouldBe(Path.Combine(_folder.Path, "from-file"));
        var variables = new Dictionary<string, string> { ["CSMC_FEED__PORT"] = "2", ["CSMC_Data__Folder"] = "/from/variable", ["CSMC_MASTER_KEY"] = "x", ["OTHER__THING"] = "y" };
        var settings = Load(file, variables).Settings!;
        settings.Feed.Port.ShouldBe(2);
        settings.DataFolder.ShouldBe("/from/variable");
        Load(file, variables, "/from/option").Settings!.DataFolder.ShouldBe("/from/option");
    }

    [Theory]
    [InlineData("{ \"Feed\": ", "line 1")]
    [InlineData("[]", "object")]
    public void A_file_that_is_no_settings_file_is_named(string text, string hint)
    {
        var file = _folder.File("a.json", text);
        var error = Load(file).Errors.Single().ToString();
        error.ShouldContain(file);
        error.ShouldContain(hint);
    }

    [Fact]
    public void Files_that_are_not_there_are_named()
    {
        Load("nowhere.json").Errors.Single().ToString().ShouldContain("nowhere.json");
        Load(_folder.File("a.json", """{ "Connectors": { "File": "nothing.json" } }""")).Errors.Single().ToString().ShouldContain("nothing.json");
    }

    [Fact]
    public void A_password_is_never_repeated()
    {
        var result = Load(_folder.File("a.json", """{ "Feed": { "Certificate": { "Password": "hunter2-hunter2" } }, "Log": { "Level": "x" } }"""));
        result.Errors.Count.ShouldBe(2);
        SettingsText.Of(result.Errors).ShouldNotContain("hunter2");
    }

    private SettingsResult Load(string file, Dictionary<string, string>? variables = null, string? data = null) => SettingsLoader.Load(
        new CommandEnvironment(TextWriter.Null, TextWriter.Null, TextReader.Null, false, variables ?? [], _folder.Path, TimeProvider.System), file, data);
}
