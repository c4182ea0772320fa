using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Persistence;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>Persistent actors whose system ends at any moment, again and again: what was acknowledged is there, once, in order, without gaps.</summary>
[Collection("stress")]
public abstract class PersistentStress : IAsyncLifetime
{
    private const int Actors = 30;
    private const int Rounds = 6;

    private readonly JournalHost _host;

    private protected PersistentStress(JournalHost host) => _host = host;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [JournalFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_system_ends_at_any_moment()
    {
        var acknowledged = new ConcurrentDictionary<string, int>();
        var faults = new ConcurrentQueue<string>();
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var system = await _host.StartAsync();
            var enough = random.Next(200, 2_000);
            var seen = 0;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Action<string, int> acknowledge = (id, count) =>
            {
                acknowledged[id] = count;
                if (Interlocked.Increment(ref seen) == enough) reached.TrySetResult();
            };
            for (var i = 0; i < Actors; i++)
            {
                var (id, recovered) = ($"chain-{i}", acknowledged.GetValueOrDefault($"chain-{i}"));
                var seed = random.Next();
                system.ActorOf(Props.Create(() => new Chain(id, recovered, seed, acknowledge, faults))).Tell("go");
            }

            await reached.Task.WaitAsync(Probe.Limit);
            // In the middle of everything: writes under way and handlers that have not run.
            await _host.StopAsync();
        }

        faults.ShouldBeEmpty();
        acknowledged.Count.ShouldBe(Actors);
    }

    /// <summary>Stores 1, 2, 3, … by chance in each of the ways there are, and checks when it recovers.</summary>
    private sealed class Chain : ReceivePersistentActor
    {
        private int _stored;
        private int _given;

        public Chain(string id, int acknowledged, int seed, Action<string, int> acknowledge, ConcurrentQueue<string> faults)
        {
            PersistenceId = id;
            var random = new Random(seed);
            Recover<Added>(Take);
            Recover<SnapshotOffer>(offer => _stored = int.Parse(((Total)offer.Snapshot).Texts, System.Globalization.CultureInfo.InvariantCulture));
            Recover<RecoveryCompleted>(_ =>
            {
                _given = _stored;
                if (_stored < acknowledged) faults.Enqueue($"{id}: {acknowledged} was acknowledged, {_stored} is there");
                if (_stored != LastSequenceNr) faults.Enqueue($"{id}: {_stored} events under {LastSequenceNr} numbers");
            });
            Command<SaveSnapshotSuccess>(_ => { });
            Command<string>(_ =>
            {
                switch (random.Next(4))
                {
                    case 0:
                        Persist(Next(), Stored);
                        break;
                    case 1:
                        PersistAll([Next(), Next(), Next()], Stored);
                        break;
                    case 2:
                        PersistAsync(Next(), Stored);
                        PersistAllAsync([Next(), Next()], Stored);
                        break;
                    default:
                        PersistAsync(Next(), Stored);
                        DeferAsync(_given, expected =>
                        {
                            if (_stored != expected) faults.Enqueue($"{id}: deferred behind {expected}, ran behind {_stored}");
                        });
                        break;
                }

                if (random.Next(40) == 0) SaveSnapshot(new Total(_stored.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                // One command in flight an actor, so that as many rounds of the mailbox as writes go by.
                Self.Tell("go");
            });

            void Stored(Added e)
            {
                Take(e);
                acknowledge(id, _stored);
            }

            void Take(Added e)
            {
                if (e.Text != (++_stored).ToString(System.Globalization.CultureInfo.InvariantCulture)) faults.Enqueue($"{id}: {e.Text} instead of {_stored}");
            }

            Added Next() => new((++_given).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        public override string PersistenceId { get; }
    }
}

public sealed class SqlitePersistentStress() : PersistentStress(new SqliteJournalHost());
