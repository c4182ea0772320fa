using System.Collections.Concurrent;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Storage.History;
using CSMultiConnector.Storage.Sql;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Actors.Tests;

public sealed class HistoryCatchUpTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("csmc-history").FullName;
    private readonly Warnings _log = new();
    private World _world = null!;
    private HistoryStore _history = null!;
    private IReadOnlyList<HistoryEntry> _told = [];

    private string HistoryFile => Path.Combine(_folder, "history.db");

    /// <summary>Two symbols are traded and the connector is paused; then the host ends with a whole history.</summary>
    public async Task InitializeAsync()
    {
        _history = await OpenAsync();
        _world = World.Create();
        _world.History = _history;
        await _world.StartHostAsync(Given.Futures());
        var terminal = await _world.LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Symbol("ETHUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, 0.3m, 0.3m);
        terminal.Deal(2, 7, "ETHUSD", OrderSide.Sell, 1m, -1m);
        var seq = terminal.Deal(3, 7, "BTCUSD", OrderSide.Sell, 0.1m, 0.2m);
        await _world.UntilAsync(
            s => s.Converged && s.Connectors[0].Legs.Length == 2 && s.Connectors[0].Legs.Any(l => l.Actual.Value == 0.2m) && terminal.Acknowledged >= seq, "two legs");
        (await _world.Control.PauseAsync(Given.Paper, "a test", CancellationToken.None)).Ok.ShouldBeTrue();
        _told = await ToldAsync("paused").WaitAsync(TimeSpan.FromMinutes(3));
        await _world.StopHostAsync();
        _told.Count(e => e.Kind == HistoryText.Deal).ShouldBe(3);
        _told.Count(e => e.Kind == HistoryText.Intent).ShouldBeGreaterThanOrEqualTo(2);
        _told.ShouldContain(e => e.Kind == "paused");
    }

    public async Task DisposeAsync()
    {
        await _history.DisposeAsync();
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_told_live_is_not_told_again()
    {
        (await CatchUpAsync()).ShouldBe(new HistoryCaughtUp(0, 0));
        (await SourcedAsync()).ShouldBe(_told);
    }

    [Fact]
    public async Task A_lost_history_comes_back_in_the_order_in_which_things_happened()
    {
        await _history.DisposeAsync();
        foreach (var file in Directory.GetFiles(_folder)) File.Delete(file);
        _history = await OpenAsync();

        (await CatchUpAsync()).ShouldBe(new HistoryCaughtUp(_told.Count, 0));

        var rebuilt = await SourcedAsync();
        BySource(rebuilt).ShouldBe(BySource(_told));
        rebuilt.Select(e => e.Source!.Value).ShouldBe((await JournalAsync()).Where(rebuilt.Select(e => e.Source!.Value).Contains));
        (await CatchUpAsync()).Added.ShouldBe(0);
    }

    [Theory]
    [InlineData("source_sequence > 2", "the end, as after a killed process")]
    [InlineData("source_sequence BETWEEN 2 AND 3", "the middle, as after a queue that was full")]
    [InlineData("source_sequence < 3", "the beginning")]
    public async Task What_is_missing_is_added_once(string missing, string where)
    {
        var lost = await ForgetAsync(missing);
        lost.ShouldBeGreaterThan(0, where);

        (await CatchUpAsync()).ShouldBe(new HistoryCaughtUp(lost, 0));

        BySource(await SourcedAsync()).ShouldBe(BySource(_told));
        (await CatchUpAsync()).Added.ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_reported_and_the_others_are_told()
    {
        var deals = _told.Where(e => e.Kind == HistoryText.Deal).Select(e => e.Source!.Value).ToArray();
        var intent = _told.First(e => e.Kind == HistoryText.Intent).Source!.Value;
        _world.Sql($"UPDATE journal SET manifest = 'terminal.unheard.9' WHERE persistence_id = '{deals[0].PersistenceId}' AND sequence_number = {deals[0].SequenceNumber}");
        _world.Sql($"UPDATE journal SET manifest = NULL WHERE persistence_id = '{deals[1].PersistenceId}' AND sequence_number = {deals[1].SequenceNumber}");
        _world.Sql($"UPDATE journal SET message = x'7B22' WHERE persistence_id = '{intent.PersistenceId}' AND sequence_number = {intent.SequenceNumber}");
        await ForgetAsync("1 = 1");

        (await CatchUpAsync()).ShouldBe(new HistoryCaughtUp(_told.Count - 3, 3));

        HistorySource[] unreadable = [deals[0], deals[1], intent];
        BySource(await SourcedAsync()).ShouldBe(BySource(_told.Where(e => !unreadable.Contains(e.Source!.Value))));
        _log.Lines.ShouldHaveSingleItem().ShouldContain("3 events");
    }

    [Fact]
    public async Task What_is_kept_no_longer_does_not_come_back()
    {
        await ForgetAsync("1 = 1");
        _history.RetentionDays = 10;

        (await CatchUpAsync(new Later(TimeSpan.FromDays(11)))).Added.ShouldBe(0);
        (await CatchUpAsync(new Later(TimeSpan.FromDays(9)))).Added.ShouldBe(_told.Count);
    }

    [Fact]
    public async Task A_journal_that_does_not_exist_yet_is_nothing_to_catch_up_with()
    {
        await using var journal = new JournalReader(SqlDatabase.OpenSqlite(Path.Combine(_folder, "empty.db"), SqliteDurability.Full).Value!);
        (await HistoryCatchUp.RunAsync(journal, _history, TimeProvider.System, _log, default)).ShouldBe(new HistoryCaughtUp(0, 0));
        _log.Lines.ShouldBeEmpty();
    }

    private static IEnumerable<HistoryEntry> BySource(IEnumerable<HistoryEntry> entries) => entries
        .OrderBy(e => e.Source!.Value.PersistenceId, StringComparer.Ordinal).ThenBy(e => e.Source!.Value.SequenceNumber).Select(e => e with { Id = 0 });

    private async Task<IReadOnlyList<HistorySource>> JournalAsync()
    {
        await using var journal = OpenJournal();
        return [.. (await journal.RowsAsync(0, default)).Select(r => new HistorySource(r.PersistenceId, r.SequenceNumber))];
    }

    private JournalReader OpenJournal() => new(SqlDatabase.OpenSqlite(_world.JournalFile, SqliteDurability.Full).Value!);

    private async Task<HistoryCaughtUp> CatchUpAsync(TimeProvider? time = null)
    {
        await using var journal = OpenJournal();
        return await HistoryCatchUp.RunAsync(journal, _history, time ?? TimeProvider.System, _log, default);
    }

    private async Task<IReadOnlyList<HistoryEntry>> SourcedAsync() =>
        [.. (await _history.QueryAsync(new HistoryQuery { Limit = HistoryQuery.MaxLimit }, default)).Entries.Where(e => e.Source is not null)];

    /// <summary>What was told, once this was: a host that ends does not wait for it.</summary>
    private async Task<IReadOnlyList<HistoryEntry>> ToldAsync(string kind)
    {
        while (true)
        {
            (await _history.FlushAsync(default)).ShouldBeTrue();
            var told = await SourcedAsync();
            if (told.Any(e => e.Kind == kind)) return told;
        }
    }

    private async Task<HistoryStore> OpenAsync() => (await HistoryStore.OpenAsync(
        SqlDatabase.OpenSqlite(HistoryFile, SqliteDurability.Normal).Value!, new HistoryOptions(), TimeProvider.System, NullLogger<HistoryStore>.Instance, default)).Value!;

    /// <summary>Deletes entries that come from the journal; gives how many.</summary>
    private async Task<int> ForgetAsync(string which)
    {
        await _history.DisposeAsync();
        int count;
        using (var connection = new SqliteConnection($"Data Source={HistoryFile};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"DELETE FROM history WHERE source_id IS NOT NULL AND {which}";
            count = command.ExecuteNonQuery();
        }

        _history = await OpenAsync();
        return count;
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    private sealed class Warnings : ILogger<HistoryCatchUp>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Enqueue(formatter(state, exception));
        }
    }
}
