using System.Text.Json;
using CSMultiConnector.Storage.Exchange;

namespace CSMultiConnector.Storage.Tests.Exchange;

public sealed class ConnectorSchemaTests
{
    /// <summary>To renew the file after a change of the table of keys: run the tests with <c>CSMC_WRITE_SCHEMA=1</c>.</summary>
    [Fact]
    public void The_schema_in_the_documentation_is_the_one_that_the_reader_follows()
    {
        var path = Docs("connectors.schema.json");
        if (Environment.GetEnvironmentVariable("CSMC_WRITE_SCHEMA") == "1") File.WriteAllText(path, ConnectorFile.Schema());

        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(ConnectorFile.Schema());
    }

    [Fact]
    public void The_documented_example_is_valid()
    {
        var example = File.ReadAllText(Docs("connectors.md")).Split("```json", 2)[1].Split("```", 2)[0];

        var reading = Samples.Read(example);

        reading.Problems.ShouldBeEmpty();
        reading.Connectors.Length.ShouldBe(2);
        reading.Connectors[0].Settings.Routes[0].Multiplier.ShouldBe(0.5m);
    }

    [Fact]
    public void Every_key_of_the_schema_is_described_and_every_object_is_closed()
    {
        using var schema = JsonDocument.Parse(ConnectorFile.Schema());

        var keys = Check(schema.RootElement, "$").ToList();

        keys.ShouldContain("$.connectors[].routes[].multiplier");
        keys.ShouldContain("$.connectors[].guardRails.closeOnly");
        keys.ShouldContain("$.connectors[].credentials.secret");
        schema.RootElement.GetProperty("$schema").GetString().ShouldBe("https://json-schema.org/draft/2020-12/schema");
    }

    private static IEnumerable<string> Check(JsonElement schema, string path)
    {
        if (schema.TryGetProperty("items", out var items)) return Check(items, path + "[]");
        if (!schema.TryGetProperty("properties", out var properties)) return [];
        schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse(path);
        return properties.EnumerateObject().SelectMany(property =>
        {
            var at = $"{path}.{property.Name}";
            property.Value.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace(at);
            return Check(property.Value, at).Prepend(at);
        }).ToList();
    }

    private static string Docs(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) folder = folder.Parent;
        return Path.Combine(folder.ShouldNotBeNull("the repository is above the tests").FullName, "docs", name);
    }
}
