using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Tests.Exchange;

/// <summary>Rules between keys and between connectors, and what concerns credentials.</summary>
public sealed class ConnectorFileCrossTests
{
    [Fact]
    public void An_id_twice_is_refused()
    {
        var problem = Two("", "", id: "a").Problems.ShouldHaveSingleItem();

        problem.Path.ShouldBe("$.connectors[1].id");
        problem.Text.ShouldContain("$.connectors[0]");
    }

    [Theory]
    [InlineData("", "", "all instruments of the default account")]
    [InlineData("\"account\":\"x\",", "\"account\":\"x\",", "account \"x\"")]
    [InlineData("\"apiUrl\":\"http://h:1/\",", "\"apiUrl\":\"http://H:1\",", "default account")]
    [InlineData("\"guardRails\":{\"allowedInstruments\":[\"BTC\",\"ETH\"]},", "\"guardRails\":{\"allowedInstruments\":[\"ETH\"]},", "trade ETH of")]
    [InlineData("", "\"guardRails\":{\"allowedInstruments\":[\"ETH\"]},", "trade ETH of")]
    [InlineData("\"credentials\":{\"apiKey\":\"K1\",\"secret\":\"s1\"},", "\"credentials\":{\"apiKey\":\"K1\",\"secret\":\"s2\"},", "default account")]
    [InlineData("\"credentialsFrom\":\"env:K\",", "\"credentialsFrom\":\"env:K\",", "default account")]
    [InlineData("\"account\":\"x\",\"credentialsFrom\":\"env:K\",", "\"account\":\"x\",\"credentialsFrom\":\"env:L\",", "account \"x\"")]
    public void Two_connectors_that_trade_one_instrument_of_one_account_are_refused(string one, string other, string text)
    {
        var problem = Two(one, other).Problems.ShouldHaveSingleItem();

        problem.Path.ShouldBe("$.connectors[1]");
        problem.Text.ShouldContain("\"a\" and \"b\"");
        problem.Text.ShouldContain(text);
    }

    [Theory]
    [InlineData("\"account\":\"x\",", "\"account\":\"y\",")]
    [InlineData("\"apiUrl\":\"http://h:1\",", "\"apiUrl\":\"http://h:2\",")]
    [InlineData("\"enabled\":false,", "")]
    [InlineData("\"guardRails\":{\"allowedInstruments\":[\"BTC\"]},", "\"guardRails\":{\"allowedInstruments\":[\"ETH\"]},")]
    [InlineData("\"credentials\":{\"apiKey\":\"K1\",\"secret\":\"s\"},", "\"credentials\":{\"apiKey\":\"K2\",\"secret\":\"s\"},")]
    [InlineData("\"credentialsFrom\":\"stored\",", "\"credentialsFrom\":\"stored\",")]
    public void Two_connectors_apart_are_taken(string one, string other) => Two(one, other).Problems.ShouldBeEmpty();

    [Theory]
    [InlineData("""{"terminal":"*"},{"terminal":"1@S","magics":[5]}""")]
    [InlineData("""{"terminal":"1@S","magics":[4,5]},{"terminal":"1@S","magics":[5]}""")]
    [InlineData("""{"terminal":"1@S"},{"terminal":"1@S","magics":[5]}""")]
    public void Routes_that_feed_one_stream_twice_are_refused(string routes) =>
        WithRoutes(routes).Problems.ShouldHaveSingleItem().Path.ShouldBe("$.connectors[0].routes[1]");

    [Theory]
    [InlineData("""{"terminal":"1@S","magics":[4]},{"terminal":"1@S","magics":[5]}""")]
    [InlineData("""{"terminal":"1@S"},{"terminal":"2@S"}""")]
    [InlineData("""{"terminal":"*","magics":[4]},{"terminal":"1@S","magics":[5]}""")]
    public void Routes_apart_are_taken(string routes) => WithRoutes(routes).Problems.ShouldBeEmpty();

    [Fact]
    public void A_symbol_mapped_twice_and_a_magic_twice_are_refused()
    {
        var reading = Samples.Read(
            """
            {"connectors":[{"id":"a","name":"A","venue":"v","routes":[{"terminal":"*","magics":[1,1]}],
             "mapping":[{"symbol":"X","instrument":"Y"},{"symbol":"X","instrument":null}]}]}
            """);

        reading.Problems.Select(p => p.Path).ShouldBe(["$.connectors[0].routes[0].magics", "$.connectors[0].mapping[1].symbol"]);
    }

    [Theory]
    [InlineData("your-api-key")]
    [InlineData("YOUR_API_KEY")]
    [InlineData("<api key>")]
    [InlineData("changeme")]
    [InlineData("xxxxxxxx")]
    [InlineData("...")]
    public void Placeholders_are_refused_as_credentials(string value)
    {
        var problem = Samples.Read($$$"""{"connectors":[{"id":"a","name":"A","venue":"v","credentials":{"apiKey":"{{{value}}}","secret":"kx91"}}]}""").Problems.ShouldHaveSingleItem();

        problem.Path.ShouldBe("$.connectors[0].credentials.apiKey");
        problem.Text.ShouldContain("placeholder");
    }

    [Theory]
    [InlineData("""{"apiKey":" hush4711 ","secret":"k"}""")]
    [InlineData("""{"apiKey":"","secrt":"hush4711"}""")]
    [InlineData("""{"apiKey":{"x":"hush4711"}}""")]
    [InlineData("\"hush4711\"")]
    [InlineData("4711")]
    public void Problems_with_credentials_do_not_repeat_them(string credentials)
    {
        var reading = Samples.Read($$"""{"connectors":[{"id":"a","name":"A","venue":"v","credentials":{{credentials}}}]}""");

        reading.Problems.ShouldNotBeEmpty();
        string.Join("\n", reading.Problems).ShouldNotContain("4711");
    }

    [Fact]
    public void A_key_put_where_its_origin_belongs_is_not_repeated()
    {
        var problem = Samples.Read("""{"connectors":[{"id":"a","name":"A","venue":"v","credentialsFrom":"hush4711"}]}""").Problems.ShouldHaveSingleItem();

        problem.Text.ShouldBe("found a text; allowed is \"stored\" or \"env:NAME\".");
    }

    [Fact]
    public void Credentials_given_twice_or_empty_are_refused()
    {
        Samples.Read("""{"connectors":[{"id":"a","name":"A","venue":"v","credentialsFrom":"stored","credentials":{"apiKey":"k"}}]}""")
            .Problems.ShouldHaveSingleItem().Path.ShouldBe("$.connectors[0].credentialsFrom");
        Samples.Read("""{"connectors":[{"id":"a","name":"A","venue":"v","credentials":{}}]}""")
            .Problems.ShouldHaveSingleItem().Path.ShouldBe("$.connectors[0].credentials");
    }

    [Fact]
    public void Secrets_are_written_only_when_asked_for()
    {
        var entry = new ConnectorEntry(Samples.Connector(), new CredentialsSource.Given(Samples.Keys("pub-4711", "hush-4711")));

        var without = ConnectorFile.Write([entry]);
        without.ShouldNotContain("4711");
        Samples.Read(without).Connectors[0].Credentials.ShouldBeOfType<CredentialsSource.Stored>();

        var with = Samples.Read(ConnectorFile.Write([entry], withSecrets: true)).Connectors[0].Credentials;
        with.ShouldBe(entry.Credentials);
    }

    private static ConnectorFileReading Two(string one, string other, string id = "b") => Samples.Read(
        $$"""{"connectors":[{{{one}}"id":"a","name":"A","venue":"v"},{{{other}}"id":"{{id}}","name":"B","venue":"v"}]}""");

    private static ConnectorFileReading WithRoutes(string routes) =>
        Samples.Read($$"""{"connectors":[{"id":"a","name":"A","venue":"v","routes":[{{routes}}]}]}""");
}
