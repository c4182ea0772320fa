using System.Text;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.History;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;
using CSMultiConnector.Storage.Sql;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Storage.Tests.Sql;

/// <summary>
/// What a released version left in its databases is read by this one. Each folder <c>version-N</c> holds tables, data and keys as that version wrote
/// them and is never changed; a version that changes the tables adds the next.
/// </summary>
public abstract class ReleasedVersionTests(Func<Place> place) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly TempFolder _temp = new();
    private readonly Place _settings = place();
    private readonly Place _history = place();
    private readonly Place _journal = place();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var one in (Place[])[_settings, _history, _journal]) await one.DisposeAsync();
        _temp.Dispose();
    }

    [StoreFact]
    public async Task Settings_of_version_1_are_all_there()
    {
        await _settings.ExecuteAsync(Dump(1, "settings"));
        using var folder = DataFolder.Open(_temp.File("data"), _time).Value.ShouldNotBeNull();
        foreach (var key in Directory.GetFiles(Path.Combine(Version(1), "keys"))) PrivateFile.WriteAllText(Path.Combine(folder.KeysPath, Path.GetFileName(key)), File.ReadAllText(key));
        using var vault = SecretVault.Open(folder, MasterKey.Locate(folder, new SystemRandomSource(), _ => null).Value!).Value.ShouldNotBeNull();

        // Twice: the second time finds the tables as the first left them.
        for (var i = 0; i < 2; i++)
        {
            await using var store = (await SettingsStore.OpenAsync(_settings.Open(), vault, new SystemRandomSource(), _time, _ => null, default)).Value.ShouldNotBeNull();
            var connectors = await store.Connectors.ListAsync(OrganizationId.Local, default);
            connectors.Select(c => (c.Settings.Id.Value, c.Revision)).ShouldBe([("by-variable", 1L), ("full", 1L)]);
            connectors[1].Settings.ShouldEqual(Samples.Full);
            connectors[1].Settings.Tag.Length.ShouldBe(ClientOrderId.ConnectorTagLength);
            connectors[0].Credentials.ShouldBe(new CredentialsSource.FromEnvironment("MY_KEYS"));
            (await store.Connectors.ReadCredentialsAsync(OrganizationId.Local, new ConnectorId("full"), default))!.Value.ShouldBe(Samples.Keys("public-1", "sealed-in-version-1"));
            (await store.Connectors.CreateAsync(Samples.Connector("deleted"), Samples.NoCredentials, default)).Problem.ShouldNotBeNull().Text.ShouldContain("was deleted");
            (await store.FeedClients.FindAsync("desk-1", default))!.Value!.Secret.Reveal().ShouldBe("a-feed-secret-of-version-1-Zx81");
            (await store.FeedClients.ListAsync(OrganizationId.Local, default)).Select(c => (c.Id, c.Revoked is null)).ShouldBe([("desk-1", true), ("desk-2", false)], ignoreOrder: true);
            (await store.General.FindAsync(OrganizationId.Local, "theme", default)).ShouldBe("dark");
            (await store.ProcessTags.NextAsync(default)).Value.Length.ShouldBe(ClientOrderId.ProcessTagLength);
        }
    }

    [StoreFact]
    public async Task History_of_version_1_is_all_there_and_goes_on()
    {
        await _history.ExecuteAsync(Dump(1, "history"));

        await using var history = (await HistoryStore.OpenAsync(_history.Open(), new HistoryOptions(), _time, NullLogger<HistoryStore>.Instance, default)).Value.ShouldNotBeNull();

        var entries = (await history.QueryAsync(new HistoryQuery(), default)).Entries;
        entries.Select(e => (e.Id, e.Kind, e.Text)).ShouldBe([(1, "note", "the first"), (2, "order", "with everything: ä 'quoted'")]);
        entries[1].ShouldBe(new HistoryEntry
        {
            Id = 2,
            Time = entries[0].Time.AddMinutes(1),
            Kind = "order",
            Severity = HistorySeverity.Warning,
            Text = "with everything: ä 'quoted'",
            Connector = new ConnectorId("full"),
            Leg = new LegId("BTC", PositionSide.Net),
            Terminal = new TerminalId(5012345, "MetaQuotes-Demo"),
            Data = """{"x":1}""",
            Source = new HistorySource("leg/full/BTC:Net", 3, 1),
        });
        await history.AppendAsync([new HistoryEntry { Time = _time.Now, Kind = "note", Text = "the next" }], default);
        (await history.FlushAsync(default)).ShouldBeTrue();
        (await history.LastIdAsync(default)).ShouldBe(3);
    }

    [StoreFact]
    public async Task The_journal_of_version_1_is_read()
    {
        await _journal.ExecuteAsync(Dump(1, "journal"));

        await using var journal = new JournalReader(_journal.Open());

        (await journal.SourcesAsync(default)).ShouldBe(["connector/full"]);
        var rows = await journal.RowsAsync(0, default);
        rows.Select(r => (r.PersistenceId, r.SequenceNumber, r.Manifest)).ShouldBe(
            [("connector/full", 1L, "connector.process-tag-taken.1"), ("connector/full", 2L, "connector.paused.1")]);
        Encoding.UTF8.GetString(rows[1].Message).ShouldContain("\"why\":\"a test\"");
    }

    private static string Version(int number) => Path.Combine(AppContext.BaseDirectory, "Sql", $"version-{number}");

    private string Dump(int version, string store) => File.ReadAllText(Path.Combine(Version(version), $"{store}.{_settings.Dialect}.sql"));
}

public sealed class ReleasedVersionOnSqliteTests() : ReleasedVersionTests(() => new SqlitePlace());

[NeedsPostgres]
public sealed class ReleasedVersionOnPostgresTests() : ReleasedVersionTests(() => new PostgresPlace());
