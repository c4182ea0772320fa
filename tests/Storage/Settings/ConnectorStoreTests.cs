using System.Text;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;

namespace CSMultiConnector.Storage.Tests.Settings;

public abstract class ConnectorStoreTests(Place place) : IAsyncLifetime
{
    private const string HiddenSecret = "the-hidden-part-4711";

    private World _world = null!;

    private ConnectorStore Connectors => _world.Connectors;

    public async Task InitializeAsync() => _world = await World.OpenAsync(place: place);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [StoreFact]
    public async Task What_was_created_is_there_after_a_restart()
    {
        var created = await CreateAsync(Samples.Full);
        await _world.ReopenAsync();

        var found = await FindAsync("full");

        found.Settings.ShouldEqual(Samples.Full);
        ClientOrderId.IsTag(found.Settings.Tag, ClientOrderId.ConnectorTagLength).ShouldBeTrue();
        found.Settings.Tag.ShouldBe(created.Settings.Tag);
        found.Settings.Organization.ShouldBe(OrganizationId.Local);
        found.Revision.ShouldBe(1);
        found.Created.ShouldBe(_world.Time.Now);
        (await ListAsync()).ShouldBe(["full"]);
    }

    [StoreFact]
    public async Task An_id_is_never_used_again()
    {
        await CreateAsync(Samples.Connector("a"));
        (await Connectors.CreateAsync(Samples.Connector("a", account: "z"), Samples.NoCredentials, default)).Problem.ShouldNotBeNull().Text.ShouldContain("exists");
        (await Connectors.DeleteAsync(OrganizationId.Local, new ConnectorId("a"), default)).Ok.ShouldBeTrue();

        (await ListAsync()).ShouldBeEmpty();
        (await Connectors.FindAsync(OrganizationId.Local, new ConnectorId("a"), default)).ShouldBeNull();
        var again = await Connectors.CreateAsync(Samples.Connector("a"), Samples.NoCredentials, default);
        again.Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Conflict);
        again.Problem.Text.ShouldContain("not used again");
        (await Connectors.DeleteAsync(OrganizationId.Local, new ConnectorId("a"), default)).Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.NotFound);
    }

    [StoreFact]
    public async Task A_tag_is_never_used_again_even_after_its_connector_is_deleted()
    {
        // Byte 0 is an 'a', byte 1 a 'b': the second connector draws aaaa, which the deleted one had, and then aaab.
        await _world.ReopenAsync(new ScriptedRandom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
        (await CreateAsync(Samples.Connector("a"))).Settings.Tag.ShouldBe("aaaa");
        await Connectors.DeleteAsync(OrganizationId.Local, new ConnectorId("a"), default);

        (await CreateAsync(Samples.Connector("b"))).Settings.Tag.ShouldBe("aaab");
    }

    [StoreFact]
    public async Task A_change_keeps_tag_and_credentials_and_grows_the_revision()
    {
        var created = await CreateAsync(Samples.Connector("a"), new CredentialsSource.Given(Samples.Keys("k1")));
        _world.Time.Now += TimeSpan.FromHours(1);

        var changed = await Connectors.UpdateAsync(created.Settings with { Name = "Other", Tag = "zzzz" }, revision: 1, Samples.NoCredentials, default);

        changed.Value.ShouldNotBeNull().Revision.ShouldBe(2);
        var found = await FindAsync("a");
        found.Settings.Name.ShouldBe("Other");
        found.Settings.Tag.ShouldBe(created.Settings.Tag);
        found.Changed.ShouldBe(_world.Time.Now);
        found.Credentials.ShouldBeOfType<CredentialsSource.Stored>();
        (await ReadKeysAsync("a")).ShouldBe(Samples.Keys("k1"));
    }

    [StoreFact]
    public async Task Of_two_changes_made_from_one_revision_the_second_is_refused()
    {
        var created = await CreateAsync(Samples.Connector("a"));
        (await Connectors.UpdateAsync(created.Settings with { Name = "First" }, 1, Samples.NoCredentials, default)).Ok.ShouldBeTrue();

        var second = await Connectors.UpdateAsync(created.Settings with { Name = "Second" }, 1, Samples.NoCredentials, default);

        second.Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Conflict);
        (await FindAsync("a")).Settings.Name.ShouldBe("First");
    }

    [StoreFact]
    public async Task Settings_out_of_range_are_refused_with_every_reason()
    {
        var result = await Connectors.CreateAsync(
            Samples.Connector("a") with { MaxOrderResubmitTries = -1, Routes = [new Route("*", [], 0m)] }, Samples.NoCredentials, default);

        result.Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Invalid);
        result.Problem.Text.ShouldContain("$.maxOrderResubmitTries");
        result.Problem.Text.ShouldContain("$.routes[0].multiplier");
        (await ListAsync()).ShouldBeEmpty();
    }

    [StoreFact]
    public async Task One_account_is_not_given_to_two_connectors()
    {
        await CreateAsync(Samples.Connector("a", account: "x"));

        var refused = await Connectors.CreateAsync(Samples.Connector("b", account: "x"), Samples.NoCredentials, default);
        refused.Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Conflict);
        refused.Problem.Text.ShouldContain("\"a\" and \"b\"");
        (await ListAsync()).ShouldBe(["a"]);

        // Refused with everything undone: the id is still free.
        var disabled = await CreateAsync(Samples.Connector("b", account: "x") with { Enabled = false });
        (await Connectors.UpdateAsync(disabled.Settings with { Enabled = true }, null, Samples.NoCredentials, default)).Problem.ShouldNotBeNull();
        (await FindAsync("b")).Settings.Enabled.ShouldBeFalse();
    }

    [StoreFact]
    public async Task The_default_account_is_told_apart_by_the_keys()
    {
        var (a, b, c) = (Samples.Connector("a") with { Account = "" }, Samples.Connector("b") with { Account = "" }, Samples.Connector("c") with { Account = "" });
        await CreateAsync(a, new CredentialsSource.Given(Samples.Keys("k1", "s1")));
        await CreateAsync(b, new CredentialsSource.Given(Samples.Keys("k2", "s1")));

        var refused = await Connectors.CreateAsync(c, new CredentialsSource.Given(Samples.Keys("k1", "other")), default);

        refused.Problem.ShouldNotBeNull().Text.ShouldContain("\"a\" and \"c\"");
        refused.Problem.Text.ShouldNotContain("k1");
    }

    [StoreFact]
    public async Task Credentials_are_in_no_file_in_clear_text()
    {
        var keys = Samples.Keys("public-part-0815", HiddenSecret);
        await CreateAsync(Samples.Connector("a"), new CredentialsSource.Given(keys));
        (await ReadKeysAsync("a")).ShouldBe(keys);

        (await HoldsAsync(HiddenSecret)).ShouldBeFalse();
        (await HoldsAsync("public-part-0815")).ShouldBeFalse();
        (await HoldsAsync("Connector a")).ShouldBeTrue("the search must find what is stored openly");

        await _world.ReopenAsync();
        (await ReadKeysAsync("a")).ShouldBe(keys);
        (await HoldsAsync(HiddenSecret)).ShouldBeFalse();
    }

    [StoreFact]
    public async Task Deleting_a_connector_deletes_its_credentials()
    {
        await CreateAsync(Samples.Connector("a"), new CredentialsSource.Given(Samples.Keys("k1")));
        await Connectors.DeleteAsync(OrganizationId.Local, new ConnectorId("a"), default);

        (await Connectors.ReadCredentialsAsync(OrganizationId.Local, new ConnectorId("a"), default)).ShouldBeNull();
    }

    [StoreFact]
    public async Task Credentials_of_an_environment_variable_are_read_when_they_are_needed()
    {
        await CreateAsync(Samples.Connector("a"), new CredentialsSource.FromEnvironment("MY_KEYS"));
        (await ReadAsync("a")).Problem.ShouldNotBeNull().Text.ShouldContain("MY_KEYS");

        _world.Variables["MY_KEYS"] = """{"apiKey":"k1","secret":"hush-4711"}""";
        (await ReadKeysAsync("a"))["secret"].ShouldBe(new SecretText("hush-4711"));

        foreach (var broken in new[] { "hush-4711", "{\"apiKey\":\"k1\",\"secrt\":\"hush-4711\"}", "{\"apiKey\":\"hush-4711" })
        {
            _world.Variables["MY_KEYS"] = broken;
            var problem = (await ReadAsync("a")).Problem.ShouldNotBeNull();
            problem.Text.ShouldContain("MY_KEYS");
            problem.Text.ShouldNotContain("4711");
        }
    }

    [StoreFact]
    public async Task Credentials_sealed_for_another_connector_do_not_open()
    {
        await CreateAsync(Samples.Connector("a"), new CredentialsSource.Given(Samples.Keys("k1")));
        await CreateAsync(Samples.Connector("b"), new CredentialsSource.Given(Samples.Keys("k2")));
        await _world.Settings.DisposeAsync();
        await place.ExecuteAsync("UPDATE connector_credentials SET secret = (SELECT secret FROM connector_credentials WHERE connector = 'a')");
        await _world.ReopenAsync();

        (await ReadKeysAsync("a")).ShouldBe(Samples.Keys("k1"));
        (await ReadAsync("b")).Problem.ShouldNotBeNull().Text.ShouldContain("cannot be decrypted");
    }

    [StoreFact]
    public async Task Export_and_import_carry_everything_to_another_installation()
    {
        await CreateAsync(Samples.Full, new CredentialsSource.Given(Samples.Keys("k1", HiddenSecret)));
        await CreateAsync(Samples.Connector("b"), new CredentialsSource.FromEnvironment("MY_KEYS"));
        var file = ConnectorFile.Write((await Connectors.ExportAsync(OrganizationId.Local, withSecrets: true, default)).Value!, withSecrets: true);
        await using var other = await World.OpenAsync();

        var reading = Samples.Read(file);
        reading.Problems.ShouldBeEmpty();
        var import = await other.Connectors.ImportAsync(OrganizationId.Local, reading.Connectors, ImportMode.Merge, default);

        import.Value.ShouldNotBeNull().Connectors.Select(c => c.Settings.Id.Value).ShouldBe(["b", "full"]);
        (await other.Connectors.FindAsync(OrganizationId.Local, new ConnectorId("full"), default))!.Settings.ShouldEqual(Samples.Full);
        (await other.Connectors.ReadCredentialsAsync(OrganizationId.Local, new ConnectorId("full"), default))!.Value.ShouldBe(Samples.Keys("k1", HiddenSecret));
    }

    [StoreFact]
    public async Task An_export_without_secrets_keeps_them_when_it_is_loaded_again()
    {
        await CreateAsync(Samples.Connector("a") with { Account = "" }, new CredentialsSource.Given(Samples.Keys("k1", HiddenSecret)));
        await CreateAsync(Samples.Connector("b") with { Account = "" }, new CredentialsSource.Given(Samples.Keys("k2", HiddenSecret)));
        var file = ConnectorFile.Write((await Connectors.ExportAsync(OrganizationId.Local, withSecrets: false, default)).Value!);

        file.ShouldNotContain(HiddenSecret);
        var import = await Connectors.ImportAsync(OrganizationId.Local, Samples.Read(file).Connectors, ImportMode.DisableOthers, default);

        import.Problem.ShouldBeNull();
        (await ReadKeysAsync("a")).ShouldBe(Samples.Keys("k1", HiddenSecret));
        (await FindAsync("a")).Revision.ShouldBe(2);
    }

    [StoreFact]
    public async Task An_import_that_fails_changes_nothing()
    {
        await CreateAsync(Samples.Connector("a"));
        await CreateAsync(Samples.Connector("gone"));
        await Connectors.DeleteAsync(OrganizationId.Local, new ConnectorId("gone"), default);
        ConnectorEntry[] entries = [Entry(Samples.Connector("a") with { Name = "New name" }), Entry(Samples.Connector("b")), Entry(Samples.Connector("gone"))];

        var import = await Connectors.ImportAsync(OrganizationId.Local, entries, ImportMode.DisableOthers, default);

        import.Problem.ShouldNotBeNull().Text.ShouldContain("\"gone\" was deleted");
        (await ListAsync()).ShouldBe(["a"]);
        (await FindAsync("a")).Settings.Name.ShouldBe("Connector a");
    }

    [StoreFact]
    public async Task Connectors_that_a_file_does_not_name_are_disabled_and_not_deleted()
    {
        await CreateAsync(Samples.Connector("a", account: "x"));

        var import = await Connectors.ImportAsync(OrganizationId.Local, [Entry(Samples.Connector("b", account: "x"))], ImportMode.DisableOthers, default);

        import.Value.ShouldNotBeNull().Disabled.ShouldHaveSingleItem().Settings.Id.ShouldBe(new ConnectorId("a"));
        (await FindAsync("a")).Settings.Enabled.ShouldBeFalse();
        (await FindAsync("b")).Settings.Enabled.ShouldBeTrue();
    }

    [StoreFact]
    public async Task Two_connectors_may_exchange_their_accounts_in_one_import()
    {
        await CreateAsync(Samples.Connector("a", account: "x"));
        await CreateAsync(Samples.Connector("b", account: "y"));

        var import = await Connectors.ImportAsync(
            OrganizationId.Local, [Entry(Samples.Connector("a", account: "y")), Entry(Samples.Connector("b", account: "x"))], ImportMode.Merge, default);

        import.Problem.ShouldBeNull();
        (await FindAsync("a")).Settings.Account.ShouldBe("y");
    }

    [StoreFact]
    public async Task An_organization_that_does_not_exist_and_connectors_of_others_are_not_found()
    {
        var stranger = new OrganizationId("stranger");
        await CreateAsync(Samples.Connector("a"));

        (await Connectors.CreateAsync(Samples.Connector("b") with { Organization = stranger }, Samples.NoCredentials, default))
            .Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.NotFound);
        (await Connectors.FindAsync(stranger, new ConnectorId("a"), default)).ShouldBeNull();
        (await Connectors.DeleteAsync(stranger, new ConnectorId("a"), default)).Ok.ShouldBeFalse();
        (await Connectors.ListAsync(stranger, default)).ShouldBeEmpty();
    }

    private static ConnectorEntry Entry(ConnectorSettings settings) => new(settings, Samples.NoCredentials);

    private async Task<bool> HoldsAsync(string text) =>
        _world.AllBytes().Concat(await place.AllBytesAsync()).ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private async Task<StoredConnector> CreateAsync(ConnectorSettings settings, CredentialsSource? credentials = null)
    {
        var result = await Connectors.CreateAsync(settings, credentials ?? Samples.NoCredentials, default);
        result.Problem.ShouldBeNull();
        return result.Value!;
    }

    private async Task<StoredConnector> FindAsync(string id) => (await Connectors.FindAsync(OrganizationId.Local, new ConnectorId(id), default)).ShouldNotBeNull();

    private async Task<IEnumerable<string>> ListAsync() => (await Connectors.ListAsync(OrganizationId.Local, default)).Select(c => c.Settings.Id.Value);

    private async Task<StoreResult<ConnectorCredentials>> ReadAsync(string id) =>
        (await Connectors.ReadCredentialsAsync(OrganizationId.Local, new ConnectorId(id), default)).ShouldNotBeNull();

    private async Task<ConnectorCredentials> ReadKeysAsync(string id) => (await ReadAsync(id)).Value.ShouldNotBeNull();
}

public sealed class ConnectorStoreOnSqliteTests() : ConnectorStoreTests(new SqlitePlace());

[NeedsPostgres]
public sealed class ConnectorStoreOnPostgresTests() : ConnectorStoreTests(new PostgresPlace());
