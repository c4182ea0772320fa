using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>What holds for a persistent actor whatever keeps its events.</summary>
public abstract partial class PersistentActorSuite : IAsyncLifetime
{
    private readonly JournalHost _host;
    private readonly string _id = $"ledger-{Guid.NewGuid():N}";
    private ActorSystem _system = null!;
    private Probe _probe = null!;
    private int _actors;

    private protected PersistentActorSuite(JournalHost host) => _host = host;

    public async Task InitializeAsync()
    {
        _system = await _host.StartAsync();
        _probe = new Probe(_system);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [JournalFact]
    public async Task Handlers_run_before_the_next_command_and_commands_keep_their_order()
    {
        var ledger = Start();
        ledger.Tell(new Add("a"));
        ledger.Tell("after a");
        ledger.Tell(new Add("b"));
        ledger.Tell("after b");
        await _probe.ExpectAsync("recovered #0", "stored a #1", "after a", "stored b #2", "after b");
    }

    [JournalFact]
    public async Task The_handler_of_an_event_has_the_sender_of_its_command()
    {
        var ledger = Start();
        var other = new Probe(_system);
        ledger.Tell(new Do(l => l.Persist(new Added("a"), _ => l.CurrentSender.Tell("stored for you"))), other.Ref);
        ledger.Tell(new Add("b"), _probe.Ref);
        await other.ExpectAsync("stored for you");
    }

    [JournalFact]
    public async Task Persist_inside_a_handler_comes_before_waiting_commands()
    {
        var ledger = Start();
        ledger.Tell(new Do(l => l.Persist(new Added("a"), a =>
        {
            l.Apply(a);
            l.Persist(new Added("b"), l.Apply);
        })));
        ledger.Tell("command");
        await _probe.ExpectAsync("recovered #0", "stored a #1", "stored b #2", "command");
    }

    [JournalFact]
    public async Task Several_persists_of_one_command_are_handled_in_order()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            l.Persist(new Added("a"), l.Apply);
            l.PersistAll([new Added("b"), new Added("c")], l.Apply);
            l.Persist(new Added("d"), l.Apply);
            l.Report("asked");
        }));
        ledger.Tell("command");
        await _probe.ExpectAsync("recovered #0", "asked", "stored a #1", "stored b #2", "stored c #3", "stored d #4", "command");
    }

    [JournalFact]
    public async Task PersistAll_of_nothing_does_not_hold_commands()
    {
        var ledger = Start();
        ledger.Tell(new AddMany());
        ledger.Tell("command");
        await _probe.ExpectAsync("recovered #0", "command");
    }

    [JournalFact]
    public async Task Persist_holds_commands_and_PersistAsync_does_not()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            l.Persist(new Added("a"), l.Apply);
            l.Me.Tell("first");
        }));
        await _probe.ExpectAsync("recovered #0", "stored a #1", "first");
        ledger.Tell(new Do(l =>
        {
            l.PersistAsync(new Added("b"), l.Apply);
            l.PersistAllAsync([new Added("c"), new Added("d")], l.Apply);
            l.Me.Tell("second");
        }));
        await _probe.ExpectAsync("second", "stored b #2", "stored c #3", "stored d #4");
    }

    [JournalFact]
    public async Task A_deferred_handler_runs_after_pending_ones_and_at_once_without_them()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            l.DeferAsync("nothing pending", l.Report);
            l.PersistAsync(new Added("a"), l.Apply);
            l.DeferAsync("after a", l.Report);
            l.PersistAsync(new Added("b"), l.Apply);
            l.DeferAsync("after b", l.Report);
            l.Report("asked");
        }));
        await _probe.ExpectAsync("recovered #0", "nothing pending", "asked", "stored a #1", "after a", "stored b #2", "after b");
        ledger.Tell(new Do(l => l.Report($"#{l.LastSequenceNr}")));
        await _probe.ExpectAsync("#2");
    }

    [JournalFact]
    public async Task A_failing_command_restarts_the_actor_which_recovers_anew()
    {
        var ledger = Start();
        ledger.Tell(new Add("a"));
        ledger.Tell(new Do(l =>
        {
            l.Texts.Add("not stored");
            throw new InvalidOperationException("on purpose");
        }));
        ledger.Tell("waiting");
        ledger.Tell(new Do(l => l.Report(string.Join('|', l.Texts))));
        await _probe.ExpectAsync("recovered #0", "stored a #1", "ended", "replayed a #1", "recovered #1", "waiting", "a");
    }

    [JournalFact]
    public async Task Events_persisted_by_a_command_that_then_fails_are_recovered_and_their_handlers_do_not_run()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            l.PersistAsync(new Added("a"), l.Apply);
            throw new InvalidOperationException("on purpose");
        }));
        await _probe.ExpectAsync("recovered #0", "ended", "replayed a #1", "recovered #1");
        ledger.Tell(new Add("b"));
        await _probe.ExpectAsync("stored b #2");
    }

    [JournalFact]
    public async Task Commands_that_waited_for_a_failing_handler_survive_the_restart_in_order()
    {
        var ledger = Start();
        ledger.Tell(new Do(l => l.Persist(new Added("a"), _ => throw new InvalidOperationException("on purpose"))));
        ledger.Tell("one");
        ledger.Tell("two");
        ledger.Tell("three");
        await _probe.ExpectAsync("recovered #0", "ended", "replayed a #1", "recovered #1", "one", "two", "three");
    }

    [JournalFact]
    public async Task The_same_instance_sent_twice_can_wait_twice()
    {
        const string same = "tick";
        var ledger = Start();
        ledger.Tell(new Add("a"));
        for (var i = 0; i < 3; i++) ledger.Tell(same);
        await _probe.ExpectAsync("recovered #0", "stored a #1", same, same, same);
    }

    [JournalFact]
    public async Task The_own_stash_is_apart_from_waiting_commands_and_survives_a_restart()
    {
        var ledger = Start();
        ledger.Tell(new Do(l => l.Listen(() =>
        {
            l.On<string>(_ => l.Stash.Stash());
            l.On<Add>(_ => throw new InvalidOperationException("on purpose"));
        })));
        ledger.Tell("one");
        ledger.Tell("two");
        ledger.Tell(new Add("any"));
        await _probe.ExpectAsync("recovered #0", "ended", "recovered #0", "one", "two");
    }

    [JournalFact]
    public async Task A_stash_can_be_emptied_by_a_handler()
    {
        var ledger = Start();
        ledger.Tell(new Do(l => l.Listen(() =>
        {
            l.On<string>(_ => l.Stash.Stash());
            l.On<Add>(c => l.Persist(new Added(c.Text), e =>
            {
                l.Apply(e);
                l.Listen(() => l.On<string>(l.Report));
                l.Stash.UnstashAll();
            }));
        })));
        ledger.Tell("one");
        ledger.Tell("two");
        ledger.Tell(new Add("a"));
        await _probe.ExpectAsync("recovered #0", "stored a #1", "one", "two");
    }

    // Eventsourced's stash of Akka.NET: "an unstashAll() from the user stash must be prepended to the internal stash".
    [JournalFact]
    public async Task What_is_unstashed_comes_before_the_commands_that_wait()
    {
        var ledger = Start();
        using var gate = new ManualResetEventSlim();
        ledger.Tell(new Do(l =>
        {
            gate.Wait(Probe.Limit);
            l.Listen(() =>
            {
                l.On<string>(_ => l.Stash.Stash());
                l.On<Do>(c => c.Work(l));
            });
        }));
        ledger.Tell("one");
        ledger.Tell("two");
        ledger.Tell(new Do(l => l.Persist(new Added("a"), l.Apply)));
        ledger.Tell(new Do(l =>
        {
            l.Listen(() => l.On<string>(l.Report));
            l.Stash.UnstashAll();
        }));
        ledger.Tell("three");
        ledger.Tell("four");
        gate.Set();
        await _probe.ExpectAsync("recovered #0", "stored a #1", "one", "two", "three", "four");
    }

    // Eventsourced.FlushJournalBatch of Akka.NET does nothing while a write is under way, also before a restart.
    [JournalFact]
    public async Task A_restart_gives_up_what_waits_behind_a_write_that_is_under_way()
    {
        var ledger = Start();
        using var gate = new ManualResetEventSlim();
        ledger.Tell(new Do(_ => gate.Wait(Probe.Limit)));
        ledger.Tell(new Do(l => l.PersistAsync(new Added("a"), l.Apply)));
        ledger.Tell(new Do(l =>
        {
            l.PersistAsync(new Added("b"), l.Apply);
            throw new InvalidOperationException("on purpose");
        }));
        gate.Set();
        await _probe.ExpectAsync("recovered #0", "ended", "replayed a #1", "recovered #1");
        ledger.Tell(new Add("c"));
        await _probe.ExpectAsync("stored c #2");
    }

    [JournalFact]
    public async Task Become_changes_the_commands_that_are_known()
    {
        var ledger = Start();
        ledger.Tell(new Do(l => l.Listen(() => l.On<string>(s => l.Report($"other {s}")))));
        ledger.Tell("a");
        await _probe.ExpectAsync("recovered #0", "other a");
    }

    [JournalFact]
    public async Task An_asynchronous_command_persists_after_an_await_and_nothing_comes_between()
    {
        var ledger = Start();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = new Probe(_system);
        ledger.Tell(new DoAsync(async l =>
        {
            l.Report("begun");
            await gate.Task;
            l.Persist(new Added("a"), e =>
            {
                l.Apply(e);
                l.CurrentSender.Tell("for the sender");
            });
        }), other.Ref);
        ledger.Tell("next");
        await _probe.ExpectAsync("recovered #0", "begun");
        gate.SetResult();
        await _probe.ExpectAsync("stored a #1", "next");
        await other.ExpectAsync("for the sender");
    }

    [JournalFact]
    public async Task An_asynchronous_command_that_ends_at_once_keeps_the_order()
    {
        var ledger = Start();
        ledger.Tell(new Add("a"));
        ledger.Tell(new DoAsync(l =>
        {
            l.Report("one");
            return Task.CompletedTask;
        }));
        ledger.Tell("two");
        ledger.Tell("three");
        ledger.Tell("four");
        await _probe.ExpectAsync("recovered #0", "stored a #1", "one", "two", "three", "four");
    }

    [JournalFact]
    public async Task An_asynchronous_command_that_fails_restarts_the_actor()
    {
        var ledger = Start();
        ledger.Tell(new DoAsync(async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("on purpose");
        }));
        ledger.Tell("next");
        await _probe.ExpectAsync("recovered #0", "ended", "recovered #0", "next");
    }

    [JournalFact]
    public async Task A_childs_end_that_comes_while_commands_wait_is_told_afterwards()
    {
        var ledger = Start();
        ledger.Tell(new Do(l =>
        {
            var child = l.Cell.Watch(l.Cell.ActorOf(Props.Create(() => new Silent())));
            l.Cell.Stop(child);
            l.Persist(new Added("a"), l.Apply);
        }));
        await _probe.NextAsync<string>();
        var seen = new[] { await _probe.NextAsync<string>(), await _probe.NextAsync<string>() };
        seen.Order(StringComparer.Ordinal).ShouldBe(["child ended", "stored a #1"]);
    }

    [JournalFact]
    public async Task Many_actors_keep_their_events_apart()
    {
        const int actors = 50;
        var probes = Enumerable.Range(0, actors).Select(_ => new Probe(_system)).ToArray();
        var ledgers = probes.Select((p, i) => _system.ActorOf(Props.Create(() => new Ledger($"{_id}-{i}", p.Ref, null, null)))).ToArray();
        for (var n = 1; n <= 20; n++)
            for (var i = 0; i < actors; i++) ledgers[i].Tell(new Add($"{i}.{n}"));
        for (var i = 0; i < actors; i++)
            await probes[i].ExpectAsync(["recovered #0", .. Enumerable.Range(1, 20).Select(n => $"stored {i}.{n} #{n}")]);
        foreach (var ledger in ledgers) ledger.Tell(PoisonPill.Instance);
        for (var i = 0; i < actors; i++) await probes[i].ExpectAsync("ended");

        var index = actors / 2;
        _system.ActorOf(Props.Create(() => new Ledger($"{_id}-{index}", _probe.Ref, null, null)));
        await _probe.ExpectAsync([.. Enumerable.Range(1, 20).Select(n => $"replayed {index}.{n} #{n}"), "recovered #20"]);
    }

    private protected IActorRef Start(Recovery? recovery = null, Action<Ledger>? onRecovered = null)
    {
        var (id, observer) = (_id, _probe.Ref);
        return _system.ActorOf(Props.Create(() => new Ledger(id, observer, recovery, onRecovered)), $"ledger-{++_actors}");
    }

    /// <summary>Stores events and ends the actor; nothing of it is left with the probe.</summary>
    private async Task StoreAsync(params string[] texts)
    {
        var ledger = Start();
        ledger.Tell(new AddMany(texts));
        for (var i = 0; i < texts.Length + 1; i++) await _probe.NextAsync<string>();
        await EndAsync(ledger);
    }

    private async Task EndAsync(IActorRef ledger)
    {
        _probe.Watch(ledger);
        ledger.Tell(PoisonPill.Instance);
        await _probe.ExpectAsync("ended");
        await _probe.ExpectTerminatedAsync(ledger);
    }

    private sealed class Silent : ReceiveActor;
}

public sealed class MemoryPersistentActorTests() : PersistentActorSuite(new MemoryJournalHost());

public sealed class SqlitePersistentActorTests() : PersistentActorSuite(new SqliteJournalHost());
