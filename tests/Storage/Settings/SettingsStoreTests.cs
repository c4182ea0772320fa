using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Settings;
using CSMultiConnector.Storage.Sql;
using CSMultiConnector.Storage.Tests.Sql;

namespace CSMultiConnector.Storage.Tests.Settings;

/// <summary>What concerns the file as a whole.</summary>
public sealed class SettingsStoreTests : IAsyncLifetime
{
    private World _world = null!;

    public async Task InitializeAsync() => _world = await World.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task There_is_one_organization_from_the_start() =>
        (await _world.Settings.ListOrganizationsAsync(default)).ShouldBe([OrganizationId.Local]);

    [Fact]
    public async Task General_settings_are_set_replaced_and_taken_away()
    {
        var general = _world.Settings.General;
        await general.SetAsync(OrganizationId.Local, "history.retentionDays", "30", default);
        await general.SetAsync(OrganizationId.Local, "history.retentionDays", "60", default);
        await general.SetAsync(OrganizationId.Local, "theme", "dark", default);
        await _world.ReopenAsync();
        general = _world.Settings.General;

        (await general.FindAsync(OrganizationId.Local, "history.retentionDays", default)).ShouldBe("60");
        await general.SetAsync(OrganizationId.Local, "theme", null, default);
        (await general.ListAsync(OrganizationId.Local, default)).Keys.ShouldBe(["history.retentionDays"]);
    }

    [Fact]
    public async Task A_process_tag_is_never_given_twice()
    {
        byte[] zeros = new byte[6];
        await _world.ReopenAsync(new ScriptedRandom(zeros));
        (await _world.Settings.ProcessTags.NextAsync(default)).ShouldBe(new ProcessTag("aaaaaa"));

        await _world.ReopenAsync(new ScriptedRandom([.. zeros, 0, 0, 0, 0, 0, 35]));

        (await _world.Settings.ProcessTags.NextAsync(default)).ShouldBe(new ProcessTag("aaaaa9"));
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill()
    {
        await _world.Connectors.CreateAsync(Samples.Connector("a"), Samples.NoCredentials, default);
        var (database, wal) = (_world.Folder.SettingsPath, _world.Folder.SettingsPath + "-wal");
        File.Exists(wal).ShouldBeTrue("the store is open, so what was written last stands in the WAL");
        File.Copy(database, _world.Temp.File("killed.db"));
        File.Copy(wal, _world.Temp.File("killed.db-wal"));

        await using var after = await _world.OpenAsync(_world.Temp.File("killed.db"));

        (await after.Connectors.ListAsync(OrganizationId.Local, default)).ShouldHaveSingleItem().Settings.Id.Value.ShouldBe("a");
    }

    [Fact]
    public async Task A_write_torn_by_a_kill_is_there_whole_or_not_at_all()
    {
        await _world.Connectors.CreateAsync(Samples.Connector("a"), Samples.NoCredentials, default);
        var before = new FileInfo(_world.Folder.SettingsPath + "-wal").Length;
        await _world.Connectors.CreateAsync(Samples.Connector("b"), Samples.NoCredentials, default);
        var database = File.ReadAllBytes(_world.Folder.SettingsPath);
        var wal = File.ReadAllBytes(_world.Folder.SettingsPath + "-wal");
        wal.LongLength.ShouldBeGreaterThan(before);

        for (var length = before; length <= wal.LongLength; length += Math.Max(1, (wal.LongLength - before) / 8))
        {
            var path = _world.Temp.File($"torn-{length}.db");
            File.WriteAllBytes(path, database);
            File.WriteAllBytes(path + "-wal", wal[..(int)length]);
            await using var after = await _world.OpenAsync(path);

            var whole = length == wal.LongLength;
            (await after.Connectors.ListAsync(OrganizationId.Local, default)).Select(c => c.Settings.Id.Value).ShouldBe(whole ? ["a", "b"] : ["a"], $"{length}");
        }
    }

    [Fact]
    public async Task A_transaction_that_was_open_at_a_kill_never_happened()
    {
        var path = _world.Temp.File("open.db");
        await using (var store = await _world.OpenAsync(path))
        {
            await store.Connectors.CreateAsync(Samples.Connector("a"), Samples.NoCredentials, default);
        }

        await using var database = SqlDatabase.OpenSqlite(path, SqliteDurability.Full).Value!;
        await Should.ThrowAsync<OperationCanceledException>(() => database.RunAsync(
            async session =>
            {
                await session.ExecuteAsync("DELETE FROM connectors");
                File.Copy(path, _world.Temp.File("copy.db"));
                if (File.Exists(path + "-wal")) File.Copy(path + "-wal", _world.Temp.File("copy.db-wal"));
                throw new OperationCanceledException();
            },
            default));

        foreach (var file in new[] { "copy.db" })
        {
            await using var after = await _world.OpenAsync(_world.Temp.File(file));
            (await after.Connectors.ListAsync(OrganizationId.Local, default)).ShouldHaveSingleItem();
        }

        (await database.RunAsync(session => session.QueryAsync<string>("SELECT id FROM connectors"), default)).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_file_that_is_in_use_damaged_or_no_database_is_a_problem_and_no_exception()
    {
        SqlDatabase.OpenSqlite(_world.Folder.SettingsPath, SqliteDurability.Full).Problem.ShouldNotBeNull().Text.ShouldContain("used by another process");

        var path = _world.Temp.File("text.db");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("this is no database. ", 500)));
        SqlDatabase.OpenSqlite(path, SqliteDurability.Full).Problem.ShouldNotBeNull().Text.ShouldContain("not a database");
        SqlDatabase.OpenSqlite(_world.Temp.File("nowhere/x.db"), SqliteDurability.Full).Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Unusable);
    }

    [Fact]
    public async Task Many_at_once_take_their_turns()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _world.Connectors.CreateAsync(Samples.Connector($"c{i}"), Samples.NoCredentials, default)));

        created.ShouldAllBe(result => result.Ok);
        created.Select(result => result.Value!.Settings.Tag).Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public async Task Settings_damaged_by_hand_are_named()
    {
        await _world.Connectors.CreateAsync(Samples.Connector("a"), Samples.NoCredentials, default);
        await _world.Settings.DisposeAsync();
        RawSqlite.Execute(_world.Folder.SettingsPath, "UPDATE connectors SET settings = '{\"id\":\"a\"}'");
        await _world.ReopenAsync();

        var error = await Should.ThrowAsync<InvalidDataException>(() => _world.Connectors.ListAsync(OrganizationId.Local, default));

        error.Message.ShouldContain("connector \"a\"");
    }
}
