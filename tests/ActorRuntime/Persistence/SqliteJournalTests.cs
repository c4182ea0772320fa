using System.Text;
using Akka.Actor;
using Akka.Pattern;
using Akka.Persistence;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>The tables, and what happens when the database refuses; databases are broken from outside.</summary>
public sealed class SqliteJournalTests : IAsyncLifetime
{
    private const string RefusePoison =
        "CREATE TRIGGER refuse BEFORE INSERT ON journal WHEN CAST(NEW.message AS TEXT) LIKE 'poison%' BEGIN SELECT RAISE(ABORT, 'refused'); END";

    private readonly SqliteJournalHost _host = new();
    private ActorSystem _system = null!;

    public async Task InitializeAsync() => await RestartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [JournalFact]
    public async Task The_tables_are_those_of_Akka_Persistence_Sql()
    {
        await StoreAsync("one", "a");
        await _host.StopAsync();
        Columns("journal").ShouldBe(
        [
            "ordering INTEGER", "created BIGINT", "deleted BIT", "persistence_id NVARCHAR(255)", "sequence_number BIGINT", "message VARBINARY",
            "manifest NVARCHAR(500)", "identifier INTEGER", "writer_uuid NVARCHAR(128)",
        ], ignoreOrder: true);
        Columns("tags").Select(c => c.Split(' ')[0]).ShouldBe(["ordering_id", "tag", "sequence_nr", "persistence_id"], ignoreOrder: true);
        Columns("snapshot").Select(c => c.Split(' ')[0])
            .ShouldBe(["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"], ignoreOrder: true);
    }

    [JournalFact]
    public async Task An_event_is_stored_as_its_serializer_wrote_it()
    {
        var before = DateTime.UtcNow.Ticks;
        await StoreAsync("one", "Grüße");
        var after = DateTime.UtcNow.Ticks;
        await _host.StopAsync();
        var row = _host.Query(
            "SELECT ordering, deleted, persistence_id, sequence_number, message, manifest, identifier, created, writer_uuid FROM journal").ShouldHaveSingleItem();
        row[..4].ShouldBe([1L, 0L, "one", 1L]);
        ((byte[])row[4]!).ShouldBe(Encoding.UTF8.GetBytes("Grüße"));
        row[5..7].ShouldBe(["added.v1", (long)TestSerializer.Id]);
        ((long)row[7]!).ShouldBeInRange(before, after);
        Guid.TryParseExact((string)row[8]!, "N", out _).ShouldBeTrue();
    }

    [JournalFact]
    public async Task A_snapshot_is_stored_as_its_serializer_wrote_it()
    {
        var (ledger, probe) = Start("one");
        ledger.Tell(new Add("a"));
        ledger.Tell(new Do(l => l.SaveSnapshot(new Total("a"))));
        await probe.ExpectAsync("recovered #0", "stored a #1");
        var saved = await probe.NextAsync<SaveSnapshotSuccess>();
        await _host.StopAsync();
        var row = _host.Query("SELECT persistence_id, sequence_number, snapshot, manifest, serializer_id, created FROM snapshot").ShouldHaveSingleItem();
        row[..2].ShouldBe(["one", 1L]);
        ((byte[])row[2]!).ShouldBe(Encoding.UTF8.GetBytes("a"));
        row[3..].ShouldBe(["total.v1", (long)TestSerializer.Id, saved.Metadata.Timestamp.Ticks]);
    }

    [JournalFact]
    public async Task Numbers_have_no_gaps_and_every_incarnation_its_own_writer()
    {
        await StoreAsync("one", "a", "b");
        await RestartAsync();
        var (ledger, probe) = Start("one");
        ledger.Tell(new Do(_ => throw new InvalidOperationException("on purpose")));
        ledger.Tell(new Add("c"));
        for (var i = 0; i < 8; i++) await probe.NextAsync<string>();
        await RestartAsync();
        await StoreAsync("one", "d");
        await _host.StopAsync();
        var rows = _host.Query("SELECT sequence_number, writer_uuid FROM journal ORDER BY ordering");
        rows.Select(r => (long)r[0]!).ShouldBe([1, 2, 3, 4]);
        rows[0][1].ShouldBe(rows[1][1]);
        rows.Select(r => r[1]).Distinct().Count().ShouldBe(3);
    }

    [JournalFact]
    public async Task Rows_of_another_writer_are_read_and_those_marked_deleted_are_not()
    {
        await StoreAsync("other", "x");
        await _host.StopAsync();
        _host.Execute(
            $"""
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES
              (1, 1, 'one', 1, CAST('a' AS BLOB), 'added.v1', {TestSerializer.Id}, NULL),
              (2, 0, 'one', 2, CAST('b' AS BLOB), 'added.v1', {TestSerializer.Id}, 'w'),
              (3, 0, 'one', 3, CAST('c' AS BLOB), 'added.v1', {TestSerializer.Id}, 'w')
            """);
        await RestartAsync();
        var (_, probe) = Start("one");
        await probe.ExpectAsync("replayed b #2", "replayed c #3", "recovered #3");
    }

    [JournalFact]
    public async Task Events_and_snapshots_outlive_the_system()
    {
        var (ledger, probe) = Start("one");
        ledger.Tell(new AddMany("a", "b"));
        ledger.Tell(new Do(l => l.SaveSnapshot(new Total("a|b"))));
        for (var i = 0; i < 4; i++) await probe.NextAsync();
        ledger.Tell(new Add("c"));
        await probe.ExpectAsync("stored c #3");
        await RestartAsync();
        (_, probe) = Start("one");
        await probe.ExpectAsync("offered a|b #2", "replayed c #3", "recovered #3");
    }

    [JournalFact]
    public async Task The_highest_number_outlives_the_deletion_of_all_events()
    {
        await StoreAsync("one", "a", "b");
        await RestartAsync();
        var (ledger, probe) = Start("one");
        ledger.Tell(new Do(l => l.DeleteMessages(long.MaxValue)));
        for (var i = 0; i < 3; i++) await probe.NextAsync<string>();
        await probe.NextAsync<DeleteMessagesSuccess>();
        await RestartAsync();
        (_, probe) = Start("one");
        await probe.ExpectAsync("recovered #2");
    }

    [JournalFact]
    public async Task A_refused_event_fails_then_stops_its_actor_whose_handler_does_not_run()
    {
        await BreakAsync(RefusePoison);
        var (ledger, probe) = Start("one");
        probe.Watch(ledger);
        ledger.Tell(new Add("a"));
        ledger.Tell(new Add("poison"));
        ledger.Tell("never handled");
        await probe.ExpectAsync("recovered #0", "stored a #1", $"failed {new Added("poison")} #2", "ended");
        await probe.ExpectTerminatedAsync(ledger);

        var (_, second) = Start("one");
        await second.ExpectAsync("replayed a #1", "recovered #1");
    }

    [JournalFact]
    public async Task Nothing_is_stored_behind_a_write_that_failed()
    {
        await BreakAsync(RefusePoison);
        var (ledger, probe) = Start("one");
        probe.Watch(ledger);
        using var gate = new ManualResetEventSlim();
        ledger.Tell(new Do(_ => gate.Wait(Probe.Limit)));
        ledger.Tell(new Do(l => l.PersistAsync(new Added("poison"), l.Apply)));
        ledger.Tell(new Do(l => l.PersistAsync(new Added("behind it"), l.Apply)));
        gate.Set();
        await probe.ExpectAsync("recovered #0", $"failed {new Added("poison")} #1", "ended");
        await probe.ExpectTerminatedAsync(ledger);
        var (_, second) = Start("one");
        await second.ExpectAsync("recovered #0");
    }

    [JournalFact]
    public async Task Events_of_one_PersistAll_are_stored_together_or_not_at_all()
    {
        await BreakAsync(RefusePoison);
        var (ledger, probe) = Start("one");
        probe.Watch(ledger);
        ledger.Tell(new AddMany("a", "b", "poison"));
        await probe.ExpectAsync("recovered #0", $"failed {new Added("a")} #1", "ended");
        await probe.ExpectTerminatedAsync(ledger);
        await _host.StopAsync();
        _host.Query("SELECT 1 FROM journal WHERE persistence_id = 'one'").ShouldBeEmpty();
    }

    [JournalFact(OwnEngineOnly = true)]
    public async Task One_actors_refused_event_fails_no_other_actor()
    {
        await BreakAsync(RefusePoison);
        var actors = Enumerable.Range(0, 40).Select(i => Start($"many-{i}")).ToArray();
        foreach (var (_, probe) in actors) await probe.ExpectAsync("recovered #0");
        for (var round = 1; round <= 5; round++)
        {
            for (var i = 0; i < actors.Length; i++)
                actors[i].Ledger.Tell(new Add(round == 3 && i % 10 == 7 ? "poison" : $"e{round}"));
        }

        for (var i = 0; i < actors.Length; i++)
        {
            if (i % 10 == 7) await actors[i].Probe.ExpectAsync("stored e1 #1", "stored e2 #2", $"failed {new Added("poison")} #3", "ended");
            else await actors[i].Probe.ExpectAsync([.. Enumerable.Range(1, 5).Select(n => $"stored e{n} #{n}")]);
        }

        await _host.StopAsync();
        _host.Query("SELECT COUNT(*) FROM journal WHERE persistence_id LIKE 'many-%'").Single().Single().ShouldBe((36L * 5) + (4 * 2));
    }

    [JournalFact]
    public async Task Under_a_backoff_supervisor_an_actor_whose_event_was_refused_comes_back_and_recovers()
    {
        await BreakAsync(RefusePoison);
        var probe = new Probe(_system);
        var observer = probe.Ref;
        var options = Backoff.OnStop(
                Props.Create(() => new Ledger("one", observer, null, null)), "ledger", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), 0.2, -1)
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop));
        var supervisor = _system.ActorOf(BackoffSupervisor.Props(options));
        supervisor.Tell(new Add("a"));
        supervisor.Tell(new Add("poison"));
        await probe.ExpectAsync("recovered #0", "stored a #1", $"failed {new Added("poison")} #2", "ended", "replayed a #1", "recovered #1");
        supervisor.Tell(new Do(_ => throw new InvalidOperationException("on purpose")));
        await probe.ExpectAsync("ended", "replayed a #1", "recovered #1");
    }

    [JournalFact]
    public async Task A_second_writer_of_an_id_fails_and_the_first_goes_on() => await SecondWriter.FailsAsync(_system);

    [JournalFact]
    public async Task An_event_that_cannot_be_written_is_rejected_and_the_actor_goes_on()
    {
        var (ledger, probe) = Start("one");
        ledger.Tell(new Do(l => l.Persist(new Unwritable(), _ => l.Report("never"))));
        ledger.Tell("command");
        await probe.ExpectAsync("recovered #0", $"rejected {new Unwritable()} #1", "command");
        ledger.Tell(new Add("a"));
        await probe.ExpectAsync("stored a #2");
    }

    [JournalFact]
    public async Task An_event_that_cannot_be_read_stops_the_actor()
    {
        var (ledger, probe) = Start("one");
        ledger.Tell(new Do(l => l.Persist(new Unreadable(), _ => l.Report("stored"))));
        await probe.ExpectAsync("recovered #0", "stored");
        await RestartAsync();
        (ledger, probe) = Start("one");
        probe.Watch(ledger);
        await probe.ExpectAsync("recovery failed on nothing", "ended");
        await probe.ExpectTerminatedAsync(ledger);
    }

    [JournalFact]
    public async Task A_snapshot_that_cannot_be_read_stops_the_actor()
    {
        var (ledger, probe) = Start("one");
        ledger.Tell(new Do(l => l.SaveSnapshot(new Unreadable())));
        await probe.ExpectAsync("recovered #0");
        await probe.NextAsync<SaveSnapshotSuccess>();
        await RestartAsync();
        (ledger, probe) = Start("one");
        probe.Watch(ledger);
        await probe.ExpectAsync("recovery failed on nothing", "ended");
        await probe.ExpectTerminatedAsync(ledger);
    }

    [JournalFact]
    public async Task A_snapshot_that_cannot_be_saved_is_reported_and_the_actor_goes_on()
    {
        var (ledger, probe) = Start("one");
        ledger.Tell(new Do(l => l.SaveSnapshot(new Unwritable())));
        await probe.ExpectAsync("recovered #0");
        (await probe.NextAsync<SaveSnapshotFailure>()).Metadata.PersistenceId.ShouldBe("one");
        ledger.Tell(new Add("a"));
        await probe.ExpectAsync("stored a #1");
    }

    [JournalFact]
    public async Task A_journal_that_cannot_be_read_stops_the_actor()
    {
        await BreakAsync("ALTER TABLE journal RENAME COLUMN message TO gone");
        var (ledger, probe) = Start("seed");
        probe.Watch(ledger);
        await probe.ExpectAsync("recovery failed on nothing", "ended");
        await probe.ExpectTerminatedAsync(ledger);
    }

    private (IActorRef Ledger, Probe Probe) Start(string id)
    {
        var probe = new Probe(_system);
        var observer = probe.Ref;
        return (_system.ActorOf(Props.Create(() => new Ledger(id, observer, null, null))), probe);
    }

    private async Task RestartAsync() => _system = await _host.RestartAsync();

    private async Task StoreAsync(string id, params string[] texts)
    {
        var (ledger, probe) = Start(id);
        ledger.Tell(new AddMany(texts));
        while (await probe.NextAsync<string>() is var message && !message.StartsWith($"stored {texts[^1]}", StringComparison.Ordinal))
        {
        }
    }

    /// <summary>Makes the tables, ends the system, changes the database and starts anew.</summary>
    private async Task BreakAsync(string sql)
    {
        await StoreAsync("seed", "x");
        await _host.StopAsync();
        _host.Execute(sql);
        _system = await _host.StartAsync();
    }

    private List<string> Columns(string table) => [.. _host.Query($"SELECT name || ' ' || type FROM pragma_table_info('{table}')").Select(r => (string)r[0]!)];
}
