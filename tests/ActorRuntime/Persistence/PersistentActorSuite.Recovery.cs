using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>Recovery, snapshots, deletion and the actor's end.</summary>
public abstract partial class PersistentActorSuite
{
    [JournalFact]
    public async Task A_long_history_is_replayed_in_order()
    {
        var texts = Enumerable.Range(1, 1_203).Select(i => $"e{i}").ToArray();
        await StoreAsync(texts);
        Start();
        await _probe.ExpectAsync([.. texts.Select((t, i) => $"replayed {t} #{i + 1}"), "recovered #1203"]);
    }

    [JournalFact]
    public async Task Events_are_replayed_in_order_before_the_first_command()
    {
        await StoreAsync("a", "b", "c");
        var again = Start();
        again.Tell("command");
        await _probe.ExpectAsync("replayed a #1", "replayed b #2", "replayed c #3", "recovered #3", "command");
    }

    [JournalFact]
    public async Task A_snapshot_is_offered_before_the_events_that_followed_it()
    {
        var ledger = Start();
        ledger.Tell(new AddMany("a", "b"));
        ledger.Tell(new Do(l => l.SaveSnapshot(new Total(string.Join('|', l.Texts)))));
        await _probe.ExpectAsync("recovered #0", "stored a #1", "stored b #2");
        var saved = await _probe.NextAsync<SaveSnapshotSuccess>();
        saved.Metadata.PersistenceId.ShouldBe(_id);
        saved.Metadata.SequenceNr.ShouldBe(2);
        saved.Metadata.Timestamp.ShouldBeGreaterThan(DateTime.UnixEpoch);
        ledger.Tell(new Add("c"));
        await _probe.ExpectAsync("stored c #3");
        await EndAsync(ledger);

        Start();
        await _probe.ExpectAsync("offered a|b #2", "replayed c #3", "recovered #3");
    }

    [JournalFact]
    public async Task Snapshots_can_be_looked_for_and_deleted()
    {
        var ledger = Start();
        for (var i = 1; i <= 3; i++)
        {
            var text = $"e{i}";
            ledger.Tell(new Add(text));
            ledger.Tell(new Do(l => l.SaveSnapshot(new Total(text))));
        }

        for (var i = 0; i < 7; i++) await _probe.NextAsync();
        ledger.Tell(new Do(l => l.LoadSnapshot(_id, new SnapshotSelectionCriteria(2), long.MaxValue)));
        (await _probe.NextAsync<LoadSnapshotResult>()).Snapshot!.Snapshot.ShouldBe(new Total("e2"));
        ledger.Tell(new Do(l => l.DeleteSnapshot(3)));
        (await _probe.NextAsync<DeleteSnapshotSuccess>()).Metadata.SequenceNr.ShouldBe(3);
        ledger.Tell(new Do(l => l.LoadSnapshot(_id, SnapshotSelectionCriteria.Latest, long.MaxValue)));
        (await _probe.NextAsync<LoadSnapshotResult>()).Snapshot!.Snapshot.ShouldBe(new Total("e2"));
        ledger.Tell(new Do(l => l.DeleteSnapshots(new SnapshotSelectionCriteria(2))));
        (await _probe.NextAsync<DeleteSnapshotsSuccess>()).Criteria.ShouldBe(new SnapshotSelectionCriteria(2));
        ledger.Tell(new Do(l => l.LoadSnapshot(_id, SnapshotSelectionCriteria.Latest, long.MaxValue)));
        (await _probe.NextAsync<LoadSnapshotResult>()).Snapshot.ShouldBeNull();
    }

    [JournalFact]
    public async Task Deleted_events_are_not_replayed_and_their_numbers_are_not_given_again()
    {
        var ledger = Start();
        ledger.Tell(new AddMany("a", "b", "c"));
        ledger.Tell(new Do(l => l.DeleteMessages(2)));
        for (var i = 0; i < 4; i++) await _probe.NextAsync<string>();
        (await _probe.NextAsync<DeleteMessagesSuccess>()).ToSequenceNr.ShouldBe(2);
        await EndAsync(ledger);

        var second = Start();
        await _probe.ExpectAsync("replayed c #3", "recovered #3");
        second.Tell(new Do(l => l.DeleteMessages(3)));
        await _probe.NextAsync<DeleteMessagesSuccess>();
        await EndAsync(second);

        var third = Start();
        await _probe.ExpectAsync("recovered #3");
        third.Tell(new Add("d"));
        await _probe.ExpectAsync("stored d #4");
    }

    [JournalFact]
    public async Task Events_that_do_not_exist_yet_cannot_be_deleted()
    {
        var ledger = Start();
        ledger.Tell(new Do(l => l.DeleteMessages(1)));
        await _probe.ExpectAsync("recovered #0");
        (await _probe.NextAsync<DeleteMessagesFailure>()).ToSequenceNr.ShouldBe(1);
    }

    [JournalFact]
    public async Task Recovery_can_end_early_or_be_left_out()
    {
        await StoreAsync("a", "b", "c");
        var early = Start(recovery: new Recovery(SnapshotSelectionCriteria.None, 2));
        await _probe.ExpectAsync("replayed a #1", "replayed b #2", "recovered #3");
        await EndAsync(early);
        var few = Start(recovery: new Recovery(SnapshotSelectionCriteria.Latest, long.MaxValue, 1));
        await _probe.ExpectAsync("replayed a #1", "recovered #3");
        await EndAsync(few);
        var none = Start(recovery: Recovery.None);
        await _probe.ExpectAsync("recovered #3");
        none.Tell(new Add("d"));
        await _probe.ExpectAsync("stored d #4");
    }

    [JournalFact]
    public async Task An_actor_can_persist_when_recovery_completes_before_the_first_command()
    {
        var ledger = Start(onRecovered: l => l.Persist(new Added("first"), l.Apply));
        ledger.Tell("command");
        await _probe.ExpectAsync("recovered #0", "stored first #1", "command");
    }

    [JournalFact]
    public async Task A_recovery_handler_that_throws_stops_the_actor()
    {
        await StoreAsync("a", "bad", "c");
        var ledger = Start();
        _probe.Watch(ledger);
        await _probe.ExpectAsync("replayed a #1", "replayed bad #2", $"recovery failed on {new Added("bad")}", "ended");
        await _probe.ExpectTerminatedAsync(ledger);
    }

    [JournalFact]
    public async Task Recovering_is_over_when_RecoveryCompleted_is_told()
    {
        Start(onRecovered: l => l.Report($"recovering {l.IsRecovering}, finished {l.IsRecoveryFinished}"));
        await _probe.ExpectAsync("recovered #0", "recovering False, finished True");
    }

    [JournalFact]
    public async Task A_failure_when_recovery_completes_restarts_the_actor_and_keeps_its_commands()
    {
        await StoreAsync("a");
        var failures = 0;
        var ledger = Start(onRecovered: _ =>
        {
            if (failures++ == 0) throw new InvalidOperationException("on purpose");
        });
        ledger.Tell("one");
        ledger.Tell("two");
        await _probe.ExpectAsync("replayed a #1", "recovered #1", "ended", "replayed a #1", "recovered #1", "one", "two");
    }

    [JournalFact]
    public async Task Persisting_while_events_are_replayed_is_refused()
    {
        await StoreAsync("a");
        var ledger = _system.ActorOf(Props.Create(() => new Eager(_id, _probe.Ref)));
        _probe.Watch(ledger);
        (await _probe.NextAsync<InvalidOperationException>()).Message.ShouldContain("Cannot persist during replay");
        await _probe.ExpectTerminatedAsync(ledger);
    }

    [JournalFact]
    public async Task What_no_handler_knows_is_published_as_unhandled()
    {
        _system.EventStream.Subscribe(_probe.Ref, typeof(UnhandledMessage));
        var ledger = Start();
        ledger.Tell(17);
        await _probe.ExpectAsync("recovered #0");
        (await _probe.NextAsync<UnhandledMessage>()).Message.ShouldBe(17);
    }

    [JournalFact]
    public async Task What_waits_when_the_actor_stops_goes_to_dead_letters()
    {
        _system.EventStream.Subscribe(_probe.Ref, typeof(DeadLetter));
        var ledger = Start();
        ledger.Tell(new Do(l => l.Persist(new Added("a"), _ => l.Cell.Stop(l.Me))));
        ledger.Tell("too late");
        await _probe.ExpectAsync("recovered #0", "ended");
        (await _probe.NextAsync<DeadLetter>()).Message.ShouldBe("too late");
    }

    [JournalFact]
    public async Task An_actor_without_an_id_does_not_start()
    {
        var ledger = _system.ActorOf(Props.Create(() => new Ledger("", _probe.Ref, null, null)));
        _probe.Watch(ledger);
        await _probe.ExpectTerminatedAsync(ledger);
    }

    /// <summary>Persists in its recovery handler, which is a mistake.</summary>
    private sealed class Eager : UntypedPersistentActor
    {
        private readonly IActorRef _observer;

        public Eager(string persistenceId, IActorRef observer)
        {
            PersistenceId = persistenceId;
            _observer = observer;
        }

        public override string PersistenceId { get; }

        protected override void OnCommand(object message) => Unhandled(message);

        protected override void OnRecover(object message) => Persist(new Added("more"), _ => { });

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => _observer.Tell(reason);
    }
}
