using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.History;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;
using CSMultiConnector.Storage.Sql;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.Storage.Tests.Sql;

/// <summary>The same stores over PostgreSQL. There only when <c>CSMC_TEST_POSTGRES</c> holds a connection string; each test has a schema of its own.</summary>
public sealed class PostgresTests : IAsyncLifetime
{
    private readonly string _schema = $"csmc_test_{Guid.NewGuid():N}";
    private World _world = null!;


    public async Task InitializeAsync()
    {
        _world = await World.OpenAsync();
        await AdminAsync($"CREATE SCHEMA {_schema}");
    }

    public async Task DisposeAsync()
    {
        await AdminAsync($"DROP SCHEMA {_schema} CASCADE");
        await _world.DisposeAsync();
    }

    [PostgresFact]
    public async Task Settings_are_kept_as_on_SQLite()
    {
        var keys = Samples.Keys("k1", "hush-4711");
        await using (var store = await OpenSettingsAsync())
        {
            (await store.Connectors.CreateAsync(Samples.Full, new CredentialsSource.Given(keys), default)).Problem.ShouldBeNull();
            (await store.Connectors.CreateAsync(Samples.Connector("a", account: "x"), Samples.NoCredentials, default)).Problem.ShouldBeNull();
            (await store.Connectors.CreateAsync(Samples.Connector("b", account: "x"), Samples.NoCredentials, default)).Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Conflict);
            (await store.Connectors.DeleteAsync(OrganizationId.Local, new ConnectorId("a"), default)).Ok.ShouldBeTrue();
            (await store.FeedClients.CreateAsync(OrganizationId.Local, "desk-1", secret: null, default)).Ok.ShouldBeTrue();
            await store.General.SetAsync(OrganizationId.Local, "x", "1", default);
            await store.General.SetAsync(OrganizationId.Local, "x", "2", default);
            (await store.ProcessTags.NextAsync(default)).Value.Length.ShouldBe(6);
        }

        await using var again = await OpenSettingsAsync();
        (await again.Connectors.ListAsync(OrganizationId.Local, default)).ShouldHaveSingleItem().Settings.ShouldEqual(Samples.Full);
        (await again.Connectors.ReadCredentialsAsync(OrganizationId.Local, new ConnectorId("full"), default))!.Value.ShouldBe(keys);
        (await again.Connectors.CreateAsync(Samples.Connector("a"), Samples.NoCredentials, default)).Problem.ShouldNotBeNull().Text.ShouldContain("was deleted");
        (await again.FeedClients.FindAsync("desk-1", default)).ShouldNotBeNull().Ok.ShouldBeTrue();
        (await again.FeedClients.RevokeAsync(OrganizationId.Local, "desk-1", default)).Ok.ShouldBeTrue();
        (await again.General.FindAsync(OrganizationId.Local, "x", default)).ShouldBe("2");
    }

    [PostgresFact]
    public async Task History_is_kept_as_on_SQLite()
    {
        var entries = Enumerable.Range(1, 30).Select(i => new HistoryEntry
        {
            Time = _world.Time.Now.AddDays(i - 30),
            Kind = i % 2 == 0 ? "even" : "odd",
            Text = $"entry {i}",
            Connector = new ConnectorId("a"),
            Leg = new LegId("BTC", PositionSide.Net),
            Data = """{"x":1}""",
            Source = new HistorySource("p", i),
        }).ToList();
        await using var history = (await HistoryStore.OpenAsync(Database(), new HistoryOptions { RetentionDays = 10 }, _world.Time, NullLogger<HistoryStore>.Instance, default)).Value!;

        await history.AppendAsync(entries, default);
        await history.AppendAsync(entries, default);
        (await history.FlushAsync(default)).ShouldBeTrue();

        var all = await history.QueryAsync(new HistoryQuery { Connector = new ConnectorId("a"), Leg = new LegId("BTC", PositionSide.Net), Kinds = ["even", "odd"] }, default);
        all.Entries.Select(e => e with { Id = 0 }).ShouldBe(entries);
        (await history.LastIdAsync(default)).ShouldBe(all.Entries[^1].Id);
        (await history.QueryAsync(new HistoryQuery { Kinds = ["even"], NewestFirst = true, Limit = 3 }, default)).Entries.Select(e => e.Text).ShouldBe(["entry 30", "entry 28", "entry 26"]);
        await history.PruneAsync(default);
        (await history.QueryAsync(new HistoryQuery(), default)).Entries.Length.ShouldBe(11);
    }

    [PostgresFact]
    public async Task The_journal_is_read_as_on_SQLite()
    {
        await using var journal = new JournalReader(Database());
        (await journal.SourcesAsync(default)).ShouldBeEmpty();
        await AdminAsync($"""
            CREATE TABLE {_schema}.journal (
                ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, created bigint NOT NULL, deleted boolean NOT NULL,
                persistence_id varchar(255) NOT NULL, sequence_number bigint NOT NULL, message bytea NOT NULL,
                manifest varchar(500) NULL, identifier integer NULL, writer_uuid varchar(128) NULL);
            INSERT INTO {_schema}.journal (created, deleted, persistence_id, sequence_number, message, manifest) VALUES
                (10, false, 'leg/a/B:Net', 1, 'one', 'm.1'), (20, false, 'terminal/1@S', 1, 'two', NULL), (30, false, 'leg/a/B:Net', 2, 'three', 'm.2');
            """);

        (await journal.SourcesAsync(default)).Order(StringComparer.Ordinal).ShouldBe(["leg/a/B:Net", "terminal/1@S"]);
        (await journal.KeysAsync("leg/a/B:Net", 0, default, default)).Select(k => (k.SequenceNumber, k.Manifest)).ShouldBe([(1, "m.1"), (2, "m.2")]);
        (await journal.KeysAsync("leg/a/B:Net", 1, default, default)).Select(k => k.SequenceNumber).ShouldBe([2]);
        (await journal.KeysAsync("leg/a/B:Net", 0, new DateTimeOffset(20, TimeSpan.Zero), default)).Select(k => k.SequenceNumber).ShouldBe([2]);
        var rows = await journal.RowsAsync(0, default);
        rows.Select(r => System.Text.Encoding.UTF8.GetString(r.Message)).ShouldBe(["one", "two", "three"]);
        (await journal.RowsAsync(rows[1].Ordering, default)).Single().PersistenceId.ShouldBe("leg/a/B:Net");

        await using var history = (await HistoryStore.OpenAsync(Database(), new HistoryOptions(), _world.Time, NullLogger<HistoryStore>.Instance, default)).Value!;
        (await history.CoverageAsync("p", default)).Count.ShouldBe(0);
        history.TryAppend([new HistoryEntry { Time = _world.Time.Now, Kind = "note", Text = "x", Source = new HistorySource("p", 4) }]).ShouldBeTrue();
        (await history.FlushAsync(default)).ShouldBeTrue();
        (await history.CoverageAsync("p", default)).ShouldBe(new HistoryCoverage { Lowest = 4, Highest = 4, Count = 1 });
        (await history.HeldAsync("p", 1, 9, default)).ShouldBe([4]);
    }

    [PostgresFact]
    public async Task Two_processes_that_start_at_once_migrate_once()
    {
        var stores = await Task.WhenAll(OpenSettingsAsync(), OpenSettingsAsync(), OpenSettingsAsync());

        foreach (var store in stores)
        {
            (await store.ListOrganizationsAsync(default)).ShouldBe([OrganizationId.Local]);
            await store.DisposeAsync();
        }

        await using var database = Database();
        (await database.RunAsync(session => session.QueryAsync<long>("SELECT version FROM schema_version"), default)).ShouldBe([1]);
    }

    [PostgresFact]
    public async Task Tables_of_a_newer_version_are_left_alone()
    {
        await (await OpenSettingsAsync()).DisposeAsync();
        await AdminAsync($"INSERT INTO {_schema}.schema_version VALUES ('Settings', 999, 0)");

        var problem = (await SettingsStore.OpenAsync(Database(), _world.Vault, new SystemRandomSource(), _world.Time, _ => null, default)).Problem.ShouldNotBeNull();

        problem.Kind.ShouldBe(StoreProblemKind.Unusable);
        problem.Text.ShouldContain("was written by a newer version");
        problem.Text.ShouldContain("Settings tables 999");
    }

    [PostgresFact]
    public async Task A_migration_that_fails_leaves_nothing_behind()
    {
        // In the way of the last table of version 1.
        await AdminAsync($"CREATE TABLE {_schema}.process_tags (other text)");

        (await SettingsStore.OpenAsync(Database(), _world.Vault, new SystemRandomSource(), _world.Time, _ => null, default)).Problem.ShouldNotBeNull();

        await using var database = Database();
        (await database.RunAsync(session => session.QueryAsync<string>("SELECT tablename::text FROM pg_tables WHERE schemaname = @_schema", new { _schema }), default)).ShouldBe(["process_tags"]);
    }

    [PostgresFact]
    public async Task A_server_that_does_not_answer_is_a_problem_that_tells_no_password()
    {
        await using var database = SqlDatabase.PostgreSql("Host=127.0.0.1;Port=1;Username=u;Password=hush-4711;Database=d");

        var problem = (await SettingsStore.OpenAsync(database, _world.Vault, new SystemRandomSource(), _world.Time, _ => null, default)).Problem.ShouldNotBeNull();

        problem.Kind.ShouldBe(StoreProblemKind.Unusable);
        problem.Text.ShouldStartWith("127.0.0.1/d");
        problem.Text.ShouldNotContain("4711");
    }

    private static string ConnectionString => Environment.GetEnvironmentVariable(PostgresFactAttribute.Variable)!;

    private SqlDatabase Database() => SqlDatabase.PostgreSql(new NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = _schema }.ToString());

    private async Task<SettingsStore> OpenSettingsAsync()
    {
        var opened = await SettingsStore.OpenAsync(Database(), _world.Vault, new SystemRandomSource(), _world.Time, _ => null, default);
        opened.Problem.ShouldBeNull();
        return opened.Value!;
    }

    private static async Task AdminAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql);
    }
}

/// <summary>A test that is there only when a server is named: without one it is not discovered, rather than skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Storage.Tests.Sql.PostgresFactDiscoverer", "CSMultiConnector.Storage.Tests")]
public sealed class PostgresFactAttribute : FactAttribute
{
    public const string Variable = "CSMC_TEST_POSTGRES";
}

/// <summary>Finds such a test, or nothing.</summary>
public sealed class PostgresFactDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(PostgresFactAttribute.Variable))
            ? []
            : new FactDiscoverer(sink).Discover(discoveryOptions, testMethod, factAttribute);
}
