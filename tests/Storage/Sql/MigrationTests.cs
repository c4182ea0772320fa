using System.Security.Cryptography;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Tests.Sql;

public sealed class MigrationTests : IAsyncLifetime
{
    private World _world = null!;

    public async Task InitializeAsync() => _world = await World.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("Settings")]
    [InlineData("History")]
    public void Both_dialects_have_the_same_versions_without_gaps(string store)
    {
        var sqlite = Migrator.Steps(store, Dialect.Sqlite).Select(step => step.Version).ToList();

        sqlite.ShouldNotBeEmpty();
        sqlite.ShouldBe(Enumerable.Range(1, sqlite.Count).Select(i => (long)i));
        Migrator.Steps(store, Dialect.PostgreSql).Select(step => step.Version).ShouldBe(sqlite);
    }

    /// <summary>A released file never changes: who has its tables would be left with others than who starts today.</summary>
    [Theory]
    [InlineData("Settings", "sqlite", 1, "d3ae721b94e968015de2368ac2a9bc6cf9f3adec43e7a4c5f2fdd085f7b146ab")]
    [InlineData("Settings", "postgresql", 1, "acafa6d548e3657eee3a66b7588476fa20feefc08c94a33097e4c5d56dd4b83e")]
    [InlineData("History", "sqlite", 1, "f46a30d7419bbf526578edc403f7f0469d4d561e034f992cf050a559ca85e97e")]
    [InlineData("History", "postgresql", 1, "9f6b4248b7101f104ee024ecdb603ceb139c9c1e34b12b2cef3af3d45b909bd0")]
    [InlineData("Lease", "postgresql", 1, "fb7a1dd87582ff5f73adacc12b2002648f7d0c5384a1877016122e227c8993d0")]
    public void The_SQL_of_a_released_version_is_what_it_was(string store, string dialect, long version, string sha256)
    {
        var resource = Migrator.Steps(store, dialect == "sqlite" ? Dialect.Sqlite : Dialect.PostgreSql).Single(step => step.Version == version).Resource;
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream(resource)!;

        Convert.ToHexStringLower(SHA256.HashData(stream)).ShouldBe(sha256);
    }

    [Fact]
    public async Task Each_released_version_is_brought_to_the_newest()
    {
        foreach (var (version, _) in Migrator.Steps("Settings", Dialect.Sqlite))
        {
            var path = _world.Temp.File($"version-{version}.db");
            foreach (var step in Migrator.Steps("Settings", Dialect.Sqlite).Where(step => step.Version <= version)) RawSqlite.Execute(path, Sql(step.Resource));
            RawSqlite.Execute(path, "CREATE TABLE schema_version (store text NOT NULL, version bigint NOT NULL, applied_ticks bigint NOT NULL, PRIMARY KEY (store, version))");
            RawSqlite.Execute(path, $"INSERT INTO schema_version VALUES ('Settings', {version}, 0)");
            RawSqlite.Execute(
                path,
                """
                INSERT INTO connectors (id, organization, tag, format, settings, revision, created_ticks, changed_ticks)
                VALUES ('old', 'local', 'ab12', 1, '{"id":"old","name":"Old","venue":"paper-spot"}', 3, 0, 0)
                """);

            await using (var store = await _world.OpenAsync(path))
            {
                var found = await store.Connectors.FindAsync(OrganizationId.Local, new ConnectorId("old"), default);
                found.ShouldNotBeNull().Settings.Tag.ShouldBe("ab12");
                found.Revision.ShouldBe(3);
            }

            var fresh = _world.Temp.File($"fresh-{version}.db");
            await (await _world.OpenAsync(fresh)).DisposeAsync();
            Tables(path).ShouldBe(Tables(fresh));
        }
    }

    [Fact]
    public async Task Tables_of_a_newer_version_are_left_alone()
    {
        var path = _world.Temp.File("newer.db");
        await (await _world.OpenAsync(path)).DisposeAsync();
        RawSqlite.Execute(path, "INSERT INTO schema_version VALUES ('Settings', 999, 0)");
        var database = SqlDatabase.OpenSqlite(path, SqliteDurability.Full).Value!;

        var problem = await Migrator.MigrateAsync(database, "Settings", _world.Time, default);

        await database.DisposeAsync();
        problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Unusable);
        problem.Text.ShouldContain("newer.db was written by a newer version");
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind()
    {
        var path = _world.Temp.File("half.db");
        // In the way of one of the tables of version 1.
        RawSqlite.Execute(path, "CREATE TABLE process_tags (other text)");
        await using var database = SqlDatabase.OpenSqlite(path, SqliteDurability.Full).Value!;

        await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(() => Migrator.MigrateAsync(database, "Settings", _world.Time, default));

        (await database.RunAsync(session => session.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table'"), default)).ShouldBe(["process_tags"]);
    }

    private static string Sql(string resource)
    {
        using var reader = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static IReadOnlyList<string> Tables(string path) =>
        RawSqlite.Strings(path, "SELECT name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'schema_version' ORDER BY name");
}
