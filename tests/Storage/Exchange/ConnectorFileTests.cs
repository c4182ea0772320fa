using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Tests.Exchange;

public sealed class ConnectorFileTests
{
    [Fact]
    public void The_least_connector_has_the_defaults_of_the_domain()
    {
        var reading = Samples.Read("""{"connectors":[{"id":"a","name":"A","venue":"paper-spot"}]}""");

        reading.Problems.ShouldBeEmpty();
        var entry = reading.Connectors.ShouldHaveSingleItem();
        entry.Credentials.ShouldBeOfType<CredentialsSource.NotGiven>();
        entry.Settings.ShouldEqual(new ConnectorSettings { Id = new ConnectorId("a"), Name = "A", Tag = "", Venue = "paper-spot" });
    }

    [Fact]
    public void Everything_that_can_be_set_survives_writing_and_reading()
    {
        var text = ConnectorFile.Write([new ConnectorEntry(Samples.Full, new CredentialsSource.FromEnvironment("MY_KEYS"))]);

        var reading = Samples.Read(text);

        reading.Problems.ShouldBeEmpty();
        var entry = reading.Connectors.ShouldHaveSingleItem();
        entry.Credentials.ShouldBe(new CredentialsSource.FromEnvironment("MY_KEYS"));
        Compare(entry.Settings, Samples.Full, "settings");
    }

    [Fact]
    public void The_sample_with_everything_set_leaves_no_member_at_its_default()
    {
        var start = new ConnectorSettings { Id = default, Name = "", Tag = "", Venue = "" };
        string[] notInFiles = [nameof(ConnectorSettings.Organization), nameof(ConnectorSettings.Tag)];
        foreach (var member in typeof(ConnectorSettings).GetProperties().Where(p => !notInFiles.Contains(p.Name) && p.Name != "EqualityContract"))
            JsonSerializer.Serialize(member.GetValue(Samples.Full)).ShouldNotBe(JsonSerializer.Serialize(member.GetValue(start)), member.Name);
    }

    [Fact]
    public void Comments_trailing_commas_a_byte_order_mark_and_a_schema_reference_are_allowed()
    {
        var text = "\uFEFF" + """
            { // mine
              "$schema": "connectors.schema.json",
              "connectors": [ { "id": "a", "name": "A", "venue": "v", /* all */ "routes": [], }, ],
            }
            """;

        Samples.Read(text).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("30", 30_000)]
    [InlineData("2.5", 2_500)]
    [InlineData("\"30s\"", 30_000)]
    [InlineData("\"1500ms\"", 1_500)]
    [InlineData("\"5m\"", 300_000)]
    [InlineData("\"1h\"", 3_600_000)]
    [InlineData("\"00:00:45\"", 45_000)]
    public void Durations_are_read_in_all_documented_forms(string json, int milliseconds)
    {
        var reading = Samples.Read($$"""{"connectors":[{"id":"a","name":"A","venue":"v","orderTimeout":{{json}}}]}""");

        reading.Problems.ShouldBeEmpty();
        reading.Connectors[0].Settings.OrderTimeout.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("orderTimeout", "0.5", "found 0.5; allowed is 1 to 3600 seconds")]
    [InlineData("orderTimeout", "\"soon\"", "found the text \"soon\"")]
    [InlineData("orderTimeout", "-1", "found -1")]
    [InlineData("orderTimeout", "1e300", "found 1e300")]
    [InlineData("orderValidity", "61", "1 to 60 seconds")]
    [InlineData("positionSyncPeriod", "0.2", "or 0 for never")]
    [InlineData("maxOrderResubmitTries", "101", "a whole number from 0 to 100")]
    [InlineData("maxOrderResubmitTries", "1.5", "found 1.5")]
    [InlineData("enabled", "\"yes\"", "allowed is true or false")]
    [InlineData("syncScope", "\"wholeaccount\"", "did you mean \"wholeAccount\"?")]
    [InlineData("apiUrl", "\"localhost:80\"", "https://host:port")]
    [InlineData("apiUrl", "\"https://user:pw@host\"", "user name or password")]
    [InlineData("account", "\"your-account\"", "placeholder")]
    [InlineData("account", "\" a\"", "found the text \" a\"")]
    [InlineData("name", "\"\"", "found an empty text")]
    [InlineData("routes", "{}", "found an object; allowed is a list")]
    [InlineData("venueOptions", "{\"x\":1}", "found 1")]
    public void A_value_out_of_range_is_refused_at_its_path(string key, string json, string text)
    {
        var name = key == "name" ? "" : "\"name\":\"A\",";
        var reading = Samples.Read($$"""{"connectors":[{"id":"a",{{name}}"venue":"v","{{key}}":{{json}}}]}""");

        reading.Connectors.ShouldBeEmpty();
        var problem = reading.Problems.ShouldHaveSingleItem();
        problem.Path.ShouldStartWith($"$.connectors[0].{key}");
        problem.Text.ShouldContain(text);
    }

    [Fact]
    public void Every_error_is_told_with_its_path()
    {
        var reading = Samples.Read(
            """
            {"connectors":[
              {"id":"A!","name":"A","venue":"v","routes":[
                {"terminal":"*","multiplier":1},
                {"terminal":"nobody","multiplier":0,"magics":[1,-2,"x"]}],
               "guardRails":{"maxOrderNotional":-5,"closeonly":true},
               "mapping":[{"symbol":"X"}]},
              {"name":"B","venue":"v","api_url":"","venueOptions":{"a b":3}},
              7]}
            """);

        reading.Problems.Select(p => p.Path).ShouldBe(
        [
            "$.connectors[0].id",
            "$.connectors[0].routes[1].terminal",
            "$.connectors[0].routes[1].multiplier",
            "$.connectors[0].routes[1].magics[1]",
            "$.connectors[0].routes[1].magics[2]",
            "$.connectors[0].guardRails.maxOrderNotional",
            "$.connectors[0].guardRails.closeonly",
            "$.connectors[0].mapping[0].instrument",
            "$.connectors[1].api_url",
            "$.connectors[1].venueOptions['a b']",
            "$.connectors[1].id",
            "$.connectors[2]",
        ]);
        reading.Problems[2].Text.ShouldBe("found 0; allowed is a number above 0.");
        reading.Problems[6].Text.ShouldContain("did you mean \"closeOnly\"?");
        reading.Problems[8].Text.ShouldContain("did you mean \"apiUrl\"?");
        reading.Problems[10].Text.ShouldContain("missing");
    }

    [Fact]
    public void A_key_that_is_like_no_other_gets_no_guess()
    {
        var problem = Samples.Read("""{"connectors":[],"colour":1}""").Problems.ShouldHaveSingleItem();

        problem.Path.ShouldBe("$.colour");
        problem.Text.ShouldContain("known are $schema, connectors");
        problem.Text.ShouldNotContain("did you mean");
    }

    [Fact]
    public void A_key_twice_is_refused()
    {
        var problem = Samples.Read("""{"connectors":[{"id":"a","name":"A","venue":"v","enabled":true,"enabled":false}]}""").Problems.ShouldHaveSingleItem();

        problem.Path.ShouldBe("$.connectors[0].enabled");
        problem.Text.ShouldContain("twice");
    }

    [Fact]
    public void An_error_of_syntax_has_line_and_column()
    {
        var problem = Samples.Read("{\n  \"connectors\": [\n    { \"id\": \"a\"; }\n  ]\n}").Problems.ShouldHaveSingleItem();

        problem.Line.ShouldBe(3);
        problem.Column.ShouldBe(16);
        problem.ToString().ShouldStartWith("line 3, column 16: this is not JSON");
        problem.Text.ShouldNotContain("LineNumber");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"connectors\":null}")]
    [InlineData("{")]
    public void What_is_no_file_at_all_is_a_problem_and_no_exception(string text) => Samples.Read(text).Problems.ShouldNotBeEmpty();

    [Fact]
    public void Very_deep_or_very_large_files_are_refused()
    {
        Samples.Read(new string('[', 10_000)).Ok.ShouldBeFalse();
        ConnectorFile.Read(new byte[ConnectorFile.MaxBytes + 1]).Problems.ShouldHaveSingleItem().Text.ShouldContain("4 MiB");
    }

    [Fact]
    public void The_number_of_problems_is_limited()
    {
        var connectors = string.Join(",", Enumerable.Repeat("1", 900));

        Samples.Read($$"""{"connectors":[{{connectors}}]}""").Problems.Length.ShouldBe(ConnectorFile.MaxProblems);
    }

    [Fact]
    public void Venues_and_their_options_are_checked_by_whoever_knows_them()
    {
        var checks = new ConnectorFileChecks
        {
            Venues = ["paper-spot", "paper-futures"],
            VenueOptions = settings => settings.VenueOptions.Keys.Select(key => (key, "not an option of this venue.")),
        };
        var reading = Samples.Read(
            """{"connectors":[{"id":"a","name":"A","venue":"paper-sport"},{"id":"b","name":"B","venue":"paper-spot","venueOptions":{"fee":"1"}}]}""", checks);

        reading.Problems.Select(p => p.Path).ShouldBe(["$.connectors[0].venue", "$.connectors[1].venueOptions.fee"]);
        reading.Problems[0].Text.ShouldContain("did you mean \"paper-spot\"?");
    }

    private static void Compare(object? actual, object? expected, string path)
    {
        if (expected is IEnumerable list and not string)
        {
            var (a, e) = (((IEnumerable)actual!).Cast<object?>().ToList(), list.Cast<object?>().ToList());
            a.Count.ShouldBe(e.Count, path);
            for (var i = 0; i < e.Count; i++) Compare(a[i], e[i], $"{path}[{i}]");
        }
        else if (expected is Route or MappingOverride or GuardRails or ConnectorSettings)
        {
            foreach (var member in expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                Compare(member.GetValue(actual), member.GetValue(expected), $"{path}.{member.Name}");
        }
        else
        {
            actual.ShouldBe(expected, path);
        }
    }
}
