using Akka.Actor;
using Akka.Persistence;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>In which order handlers run, what numbers events get, and what many actors do at once.</summary>
public abstract partial class PersistentActorSuite
{
    [JournalFact]
    public async Task All_ways_of_persisting_keep_the_order_in_which_they_were_called()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            l.PersistAsync(new Added("a"), l.Apply);
            l.Persist(new Added("b"), l.Apply);
            l.DeferAsync("deferred", l.Report);
            l.PersistAllAsync([new Added("c"), new Added("d")], l.Apply);
            l.PersistAll([new Added("e"), new Added("f")], l.Apply);
            l.DeferAsync("deferred again", l.Report);
        }));
        ledger.Tell("command");
        // The command waits for the last handler of Persist and PersistAll, not for what was deferred behind it.
        var seen = new List<object>();
        for (var i = 0; i < 10; i++) seen.Add(await _probe.NextAsync());
        seen.Where(s => !s.Equals("command")).ShouldBe(
            ["recovered #0", "stored a #1", "stored b #2", "deferred", "stored c #3", "stored d #4", "stored e #5", "stored f #6", "deferred again"]);
        seen.IndexOf("command").ShouldBeGreaterThan(seen.IndexOf("stored f #6"));
    }

    [JournalFact]
    public async Task Handlers_nest_to_any_depth()
    {
        const int depth = 30;
        var ledger = Start();
        ledger.Tell(new Do(l => Nest(l, 1)));
        ledger.Tell("command");
        await _probe.ExpectAsync(["recovered #0", .. Enumerable.Range(1, depth).Select(n => $"stored {n} #{n}"), "command"]);

        static void Nest(Ledger l, int level) => l.Persist(new Added($"{level}"), e =>
        {
            l.Apply(e);
            if (level < depth) Nest(l, level + 1);
        });
    }

    [JournalFact]
    public async Task What_the_handlers_of_one_command_persist_follows_what_the_command_persisted()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            l.Persist(new Added("a"), e =>
            {
                l.Apply(e);
                l.Persist(new Added("a-inner"), l.Apply);
            });
            l.Persist(new Added("b"), e =>
            {
                l.Apply(e);
                l.PersistAsync(new Added("b-inner"), l.Apply);
            });
        }));
        ledger.Tell("command");
        await _probe.ExpectAsync("recovered #0", "stored a #1", "stored b #2", "stored a-inner #3");
        // The command no longer waits: what PersistAsync stores may be handled before or after it.
        var rest = new[] { await _probe.NextAsync(), await _probe.NextAsync() };
        rest.ShouldBe(["stored b-inner #4", "command"], ignoreOrder: true);
    }

    [JournalFact]
    public async Task The_last_number_is_that_of_the_event_whose_handler_runs()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            l.PersistAll([new Added("a"), new Added("b"), new Added("c")], l.Apply);
            l.Report($"asked at #{l.LastSequenceNr}");
        }));
        await _probe.ExpectAsync("recovered #0", "asked at #0", "stored a #1", "stored b #2", "stored c #3");
    }

    [JournalFact]
    public async Task An_exception_in_a_handler_that_does_not_hold_commands_restarts_the_actor_with_all_that_was_stored()
    {
        var ledger = Start();
        using var gate = new ManualResetEventSlim();
        ledger.Tell(new Do(_ => gate.Wait(Probe.Limit)));
        ledger.Tell(new Do(l =>
        {
            l.PersistAsync(new Added("a"), _ => throw new InvalidOperationException("on purpose"));
            l.PersistAsync(new Added("b"), l.Apply);
        }));
        ledger.Tell("command");
        gate.Set();
        await _probe.ExpectAsync("recovered #0", "command", "ended", "replayed a #1", "replayed b #2", "recovered #2");
        ledger.Tell(new Add("c"));
        await _probe.ExpectAsync("stored c #3");
    }

    [JournalFact]
    public async Task Events_can_be_persisted_in_every_way_when_recovery_completes()
    {
        await StoreAsync("a");
        var ledger = Start(onRecovered: l =>
        {
            l.PersistAsync(new Added("b"), l.Apply);
            l.Persist(new Added("c"), l.Apply);
            l.DeferAsync("deferred", l.Report);
        });
        ledger.Tell("command");
        var seen = new List<object>();
        for (var i = 0; i < 6; i++) seen.Add(await _probe.NextAsync());
        seen.Where(s => !s.Equals("command")).ShouldBe(["replayed a #1", "recovered #1", "stored b #2", "stored c #3", "deferred"]);
        seen.IndexOf("command").ShouldBeGreaterThan(seen.IndexOf("stored c #3"));
    }

    [JournalFact]
    public async Task A_timer_that_fires_while_an_event_is_stored_is_heard_afterwards()
    {
        var (id, observer) = (_id, _probe.Ref);
        var actor = _system.ActorOf(Props.Create(() => new Ticking(id, observer)));
        actor.Tell("store and tick");
        // The timer's message comes to the mailbox before or after the event's answer, never into the middle.
        await _probe.ExpectAsync("stored", "tick");
        actor.Tell("fail");
        actor.Tell("store and tick");
        await _probe.ExpectAsync("stored", "tick");
    }

    private sealed class Ticking : ReceivePersistentActor, IWithTimers
    {
        public Ticking(string id, IActorRef observer)
        {
            PersistenceId = id;
            RecoverAny(_ => { });
            Command<string>(text =>
            {
                switch (text)
                {
                    case "fail":
                        throw new InvalidOperationException("on purpose");
                    case "tick":
                        observer.Tell("tick");
                        break;
                    default:
                        Timers.StartSingleTimer("tick", "tick", TimeSpan.Zero);
                        Persist(new Added("a"), _ => observer.Tell("stored"));
                        break;
                }
            });
        }

        public override string PersistenceId { get; }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    // Akka.NET lets only so many actors recover at once (akka.persistence.max-concurrent-recoveries); none is left out.
    [JournalFact]
    public async Task Any_number_of_actors_recovers_at_once()
    {
        const int actors = 200;
        var probes = Enumerable.Range(0, actors).Select(_ => new Probe(_system)).ToArray();
        for (var i = 0; i < actors; i++)
        {
            var (id, observer) = ($"{_id}-{i}", probes[i].Ref);
            _system.ActorOf(Props.Create(() => new Ledger(id, observer, null, null))).Tell(new Add($"{i}"));
        }

        for (var i = 0; i < actors; i++) await probes[i].ExpectAsync("recovered #0", $"stored {i} #1");
    }

    [JournalFact]
    public async Task Messages_deleted_up_to_a_number_leave_those_above_it()
    {
        await StoreAsync("a", "b", "c", "d");
        var ledger = Start();
        ledger.Tell(new Do(l => l.DeleteMessages(2)));
        await _probe.ExpectAsync(
            "replayed a #1", "replayed b #2", "replayed c #3", "replayed d #4", "recovered #4", new DeleteMessagesSuccess(2));
        ledger.Tell(new Add("e"));
        await _probe.ExpectAsync("stored e #5");
        await EndAsync(ledger);
        Start();
        await _probe.ExpectAsync("replayed c #3", "replayed d #4", "replayed e #5", "recovered #5");
    }

    [JournalFact]
    public async Task The_newest_snapshot_that_fits_is_offered()
    {
        var ledger = Start();
        await _probe.ExpectAsync("recovered #0");
        foreach (var text in new[] { "a", "b", "c" })
        {
            ledger.Tell(new Add(text));
            ledger.Tell(new Do(l => l.SaveSnapshot(new Total(string.Join('|', l.Texts)))));
            await _probe.NextAsync<string>();
            await _probe.NextAsync<SaveSnapshotSuccess>();
        }

        ledger.Tell(new Do(l => l.DeleteSnapshot(3)));
        await _probe.NextAsync<DeleteSnapshotSuccess>();
        await EndAsync(ledger);
        var second = Start();
        await _probe.ExpectAsync("offered a|b #2", "replayed c #3", "recovered #3");
        await EndAsync(second);
        Start(new Recovery(new SnapshotSelectionCriteria(1)));
        await _probe.ExpectAsync("offered a #1", "replayed b #2", "replayed c #3", "recovered #3");
    }
}
