using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Storage.Tests.History;

public abstract class HistoryStoreTests(Place place) : IAsyncLifetime
{
    private static readonly ConnectorId A = new("a");
    private static readonly ConnectorId B = new("b");
    private static readonly LegId Leg = new("BTC/USDT:x", PositionSide.Long);

    private readonly ManualTime _time = new();

    private HistoryStore _history = null!;

    public async Task InitializeAsync() => _history = await OpenAsync(new HistoryOptions());

    public async Task DisposeAsync()
    {
        await _history.DisposeAsync();
        await place.DisposeAsync();
    }

    [StoreFact]
    public async Task Every_member_of_an_entry_comes_back_after_a_restart()
    {
        var entry = Entry(1) with
        {
            Severity = HistorySeverity.Error,
            Connector = A,
            Leg = Leg,
            Terminal = new TerminalId(7, "IC Markets"),
            Data = """{"tickets":[1,2],"scale":"0.5"}""",
            Source = new HistorySource("connector-a", 42, 1),
            Time = new DateTimeOffset(2026, 5, 6, 7, 8, 9, 123, 456, TimeSpan.FromHours(3)),
        };
        await _history.AppendAsync([entry], default);
        await ReopenAsync(new HistoryOptions());

        var found = (await AllAsync()).ShouldHaveSingleItem();

        found.ShouldBe(entry with { Id = found.Id, Time = entry.Time.ToUniversalTime() });
        (await _history.LastIdAsync(default)).ShouldBe(found.Id);
    }

    [StoreFact]
    public async Task The_same_source_is_stored_once()
    {
        HistoryEntry[] entries = [.. Enumerable.Range(1, 20).Select(i => Entry(i) with { Source = new HistorySource("p", i) })];
        await _history.AppendAsync(entries, default);
        await _history.AppendAsync(entries, default);
        await _history.AppendAsync([entries[3] with { Text = "rebuilt" }, Entry(21) with { Source = new HistorySource("p", 4, Part: 1) }], default);
        await FlushAsync();

        (await AllAsync()).Select(e => e.Text).ShouldBe([.. entries.Select(e => e.Text), "entry 21"]);
    }

    [StoreFact]
    public async Task Entries_without_a_source_are_each_stored()
    {
        await _history.AppendAsync([Entry(1), Entry(1)], default);
        await FlushAsync();

        (await AllAsync()).Count.ShouldBe(2);
    }

    [StoreFact]
    public async Task Ids_follow_the_order_of_appending_across_batches()
    {
        await ReopenAsync(new HistoryOptions { QueueLength = 2, BatchSize = 3 });
        for (var i = 1; i <= 50; i++) await _history.AppendAsync([Entry(i)], default);
        await FlushAsync();

        var all = await AllAsync();
        all.Select(e => e.Text).ShouldBe(Enumerable.Range(1, 50).Select(i => $"entry {i}"));
        all.Select(e => e.Id).ShouldBe(all.Select(e => e.Id).Order());
    }

    [StoreFact]
    public async Task A_query_narrows_by_each_of_its_members()
    {
        await _history.AppendAsync(
            [
                Entry(1) with { Connector = A, Leg = Leg, Kind = "deal" },
                Entry(2) with { Connector = A, Terminal = new TerminalId(7, "S"), Severity = HistorySeverity.Warning },
                Entry(3) with { Connector = B, Leg = Leg, Severity = HistorySeverity.Critical, Kind = "fault" },
                Entry(4) with { Organization = new OrganizationId("other") },
            ],
            default);
        await FlushAsync();

        (await FindAsync(new HistoryQuery())).ShouldBe([1, 2, 3]);
        (await FindAsync(new HistoryQuery { Organization = new OrganizationId("other") })).ShouldBe([4]);
        (await FindAsync(new HistoryQuery { Connector = A })).ShouldBe([1, 2]);
        (await FindAsync(new HistoryQuery { Connector = A, Leg = Leg })).ShouldBe([1]);
        (await FindAsync(new HistoryQuery { Terminal = new TerminalId(7, "S") })).ShouldBe([2]);
        (await FindAsync(new HistoryQuery { Kinds = ["deal", "fault"] })).ShouldBe([1, 3]);
        (await FindAsync(new HistoryQuery { MinSeverity = HistorySeverity.Warning })).ShouldBe([2, 3]);
        (await FindAsync(new HistoryQuery { From = At(2), Until = At(3) })).ShouldBe([2]);
        (await FindAsync(new HistoryQuery { Kinds = ["'; DROP TABLE history; --"] })).ShouldBeEmpty();
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_cover_everything_once(bool newestFirst)
    {
        await _history.AppendAsync([.. Enumerable.Range(1, 25).Select(Entry)], default);
        await FlushAsync();

        var seen = new List<int>();
        var query = new HistoryQuery { NewestFirst = newestFirst, Limit = 10 };
        HistoryPage page;
        do
        {
            page = await _history.QueryAsync(query, default);
            seen.AddRange(page.Entries.Select(Number));
            query = newestFirst ? query with { BeforeId = page.Entries[^1].Id } : query with { AfterId = page.Entries[^1].Id };
        }
        while (page.More);

        seen.ShouldBe(newestFirst ? Enumerable.Range(1, 25).Reverse() : Enumerable.Range(1, 25));
    }

    [StoreTheory]
    [InlineData(-5, 1)]
    [InlineData(int.MaxValue, HistoryQuery.MaxLimit)]
    public async Task A_page_is_limited(int asked, int given)
    {
        await _history.AppendAsync([.. Enumerable.Range(1, HistoryQuery.MaxLimit + 1).Select(Entry)], default);
        await FlushAsync();

        var page = await _history.QueryAsync(new HistoryQuery { Limit = asked }, default);

        page.Entries.Length.ShouldBe(given);
        page.More.ShouldBeTrue();
    }

    [StoreFact]
    public async Task Retention_deletes_what_is_older_and_zero_keeps_all()
    {
        await _history.AppendAsync([Entry(1), Entry(2)], default);
        _time.Now = At(2) + TimeSpan.FromDays(10);
        await _history.PruneAsync(default);
        (await AllAsync()).Count.ShouldBe(2);

        _history.RetentionDays = 10;
        await _history.PruneAsync(default);

        (await AllAsync()).Select(Number).ShouldBe([2]);
    }

    [StoreFact]
    public async Task An_appender_waits_while_the_queue_is_full_and_nothing_is_lost()
    {
        await ReopenAsync(new HistoryOptions { QueueLength = 1, BatchSize = 1 });

        await Task.WhenAll(Enumerable.Range(1, 100).Select(i => _history.AppendAsync([Entry(i)], default).AsTask()));
        await FlushAsync();

        (await AllAsync()).Select(Number).Order().ShouldBe(Enumerable.Range(1, 100));
    }

    [StoreFact]
    public async Task Closing_writes_what_is_queued()
    {
        for (var i = 1; i <= 200; i++) await _history.AppendAsync([Entry(i)], default);

        await ReopenAsync(new HistoryOptions());

        (await AllAsync()).Count.ShouldBe(200);
    }

    [StoreFact]
    public async Task What_the_database_refuses_is_counted_and_the_rest_goes_on()
    {
        await _history.DisposeAsync();
        await place.ExecuteAsync(place.RefusePoison);
        _history = await OpenAsync(new HistoryOptions { MaxTries = 1 });

        await _history.AppendAsync([Entry(1), Entry(2) with { Kind = "poison" }, Entry(3)], default);
        (await _history.FlushAsync(default)).ShouldBeFalse();
        await _history.AppendAsync([Entry(4)], default);
        (await _history.FlushAsync(default)).ShouldBeTrue();

        _history.Lost.ShouldBe(1);
        (await AllAsync()).Select(Number).ShouldBe([1, 3, 4]);
    }

    [StoreFact]
    public async Task It_is_known_which_events_of_an_actor_are_held()
    {
        long[] numbers = [2, 3, 5];
        foreach (var number in numbers) _history.TryAppend([Entry((int)number) with { Source = new HistorySource("p", number) }]).ShouldBeTrue();
        _history.TryAppend([Entry(9) with { Source = new HistorySource("q", 9) }, Entry(10)]).ShouldBeTrue();
        await FlushAsync();

        var coverage = await _history.CoverageAsync("p", default);
        (coverage.Lowest, coverage.Highest, coverage.Count, coverage.HasNoHole).ShouldBe((2, 5, 3, false));
        (await _history.CoverageAsync("q", default)).HasNoHole.ShouldBeTrue();
        (await _history.CoverageAsync("nobody", default)).ShouldBe(new HistoryCoverage());
        (await _history.HeldAsync("p", 3, 9, default)).Order().ShouldBe([3, 5]);
    }

    private DateTimeOffset At(int number) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(number);

    private HistoryEntry Entry(int number) => new() { Time = At(number), Kind = "note", Text = $"entry {number}" };

    private static int Number(HistoryEntry entry) => int.Parse(entry.Text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<IEnumerable<int>> FindAsync(HistoryQuery query) => (await _history.QueryAsync(query, default)).Entries.Select(Number);

    private async Task<IReadOnlyList<HistoryEntry>> AllAsync() => (await _history.QueryAsync(new HistoryQuery { Limit = HistoryQuery.MaxLimit }, default)).Entries;

    private async Task FlushAsync() => (await _history.FlushAsync(default)).ShouldBeTrue();

    private async Task ReopenAsync(HistoryOptions options)
    {
        await _history.DisposeAsync();
        _history = await OpenAsync(options);
    }

    private async Task<HistoryStore> OpenAsync(HistoryOptions options) =>
        (await HistoryStore.OpenAsync(place.Open(), options, _time, NullLogger<HistoryStore>.Instance, default)).Value!;
}

public sealed class HistoryStoreOnSqliteTests() : HistoryStoreTests(new SqlitePlace());

[NeedsPostgres]
public sealed class HistoryStoreOnPostgresTests() : HistoryStoreTests(new PostgresPlace());
