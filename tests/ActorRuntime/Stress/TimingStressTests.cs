using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace CSMultiConnector.ActorRuntime.Tests.Stress;

/// <summary>Timers, asks and subscriptions that come and go at once.</summary>
public sealed class TimingStressTests : StressTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_timer_that_was_cancelled_replaced_or_of_an_earlier_incarnation_is_ever_heard(int seed)
    {
        const int actors = 40, steps = 400;
        var faults = new Faults();
        var last = new ConcurrentDictionary<int, bool>();
        for (var i = 0; i < actors; i++)
        {
            var (number, plan) = (i, new Plan(new Random((seed * 1_000) + i), steps));
            var jumpy = Sys.ActorOf(Props.Create(() => new Jumpy(number, plan, faults, last)));
            jumpy.Tell("step");
        }
        // The last timers are neither cancelled nor replaced: each one is heard.
        await UntilAsync(() => last.Count == actors, () => $"only {last.Count} of {actors} last timers were heard");
        faults.ShouldBeNone();
    }

    [Fact]
    public async Task Each_of_many_asks_ends_in_its_own_way()
    {
        const int asks = 6_000;
        var responder = Sys.ActorOf(Props.Create(() => new Responder()));
        var outcomes = new int[5];
        await InParallelAsync(4, 1, (_, random) =>
        {
            var open = new List<Task>();
            for (var n = 0; n < asks / 4; n++)
                open.Add(AskAsync(random.Next(5)));
            Task.WaitAll([.. open], Limit).ShouldBeTrue();
        });
        outcomes.Sum().ShouldBe(asks);

        async Task AskAsync(int kind)
        {
            using var cancellation = new CancellationTokenSource();
            var question = new Question(kind, cancellation);
            switch (kind)
            {
                case 0:
                    (await responder.Ask<Answer>(question, Limit)).ToQuestion.ShouldBeSameAs(question);
                    break;
                case 1:
                    (await Should.ThrowAsync<InvalidOperationException>(() => responder.Ask<Answer>(question, Limit))).Message.ShouldBe("on purpose");
                    break;
                case 2:
                    await Should.ThrowAsync<AskTimeoutException>(() => responder.Ask<Answer>(question, TimeSpan.FromMilliseconds(20)));
                    break;
                case 3:
                    await Should.ThrowAsync<TaskCanceledException>(() => responder.Ask<Answer>(question, Limit, cancellation.Token));
                    break;
                default:
                    await Should.ThrowAsync<ArgumentException>(() => responder.Ask<Answer>(question, Limit));
                    break;
            }
            Interlocked.Increment(ref outcomes[kind]);
        }
    }

    [Fact]
    public async Task Who_stays_subscribed_hears_every_event_in_order_while_others_come_and_go()
    {
        const int publishers = 3, each = 5_000;
        var faults = new Faults();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var faithful = Sys.ActorOf(Props.Create(() => new Faithful(publishers, publishers * each, all, faults)));
        Sys.EventStream.Subscribe(faithful, typeof(Event));
        var comings = InParallelAsync(2, 1, (_, random) =>
        {
            for (var n = 0; n < 300; n++)
            {
                var fickle = Sys.ActorOf(Props.Create(() => new Fickle()));
                Sys.EventStream.Subscribe(fickle, random.Next(2) == 0 ? typeof(Event) : typeof(Fired));
                if (random.Next(2) == 0)
                    Sys.EventStream.Unsubscribe(fickle);
                Sys.Stop(fickle);
            }
        });
        var publishing = InParallelAsync(publishers, 2, (p, _) =>
        {
            for (var n = 0; n < each; n++)
                Sys.EventStream.Publish(new Event(p, n));
        });
        await Task.WhenAll(comings, publishing);
        await all.Task.WaitAsync(Limit);
        faults.ShouldBeNone();
    }

    private sealed record Fired(string Key, int Generation);

    private sealed record Question(int Kind, CancellationTokenSource Cancellation);

    private sealed record Answer(Question ToQuestion);

    private sealed record Event(int Publisher, int Number);

    /// <summary>What an actor does by chance, over all its incarnations.</summary>
    private sealed class Plan(Random random, int steps)
    {
        public Random Random => random;

        public int StepsLeft { get; set; } = steps;
    }

    /// <summary>Starts, replaces and cancels timers by chance, and fails now and then; knows at any time which timers may be heard.</summary>
    private sealed class Jumpy : ReceiveActor, IWithTimers
    {
        private static int s_generation;

        private readonly Dictionary<string, int> _running = [];
        private readonly Dictionary<string, bool> _periodic = [];

        public Jumpy(int number, Plan plan, Faults faults, ConcurrentDictionary<int, bool> last)
        {
            var random = plan.Random;
            Receive<string>(_ => Step());
            Receive<Fired>(fired =>
            {
                if (!_running.TryGetValue(fired.Key, out var generation) || generation != fired.Generation)
                    faults.Add($"{fired} though {(generation == 0 ? "none" : generation)} runs");
                if (!_periodic.GetValueOrDefault(fired.Key))
                    _running.Remove(fired.Key);
                if (fired.Key == "last")
                    last[number] = true;
                else if (random.Next(3) == 0)
                    Step();
            });

            void Step()
            {
                if (plan.StepsLeft-- <= 0)
                {
                    if (_running.ContainsKey("last"))
                        return;
                    Start("last", periodic: false);
                    return;
                }
                Self.Tell("step");
                var key = $"key-{random.Next(4)}";
                switch (random.Next(8))
                {
                    case < 3:
                        Start(key, periodic: false);
                        break;
                    case < 5:
                        Start(key, periodic: true);
                        break;
                    case 5:
                        Timers.Cancel(key);
                        _running.Remove(key);
                        break;
                    case 6:
                        Timers.CancelAll();
                        _running.Clear();
                        break;
                    default:
                        if (random.Next(10) == 0)
                            throw new InvalidOperationException("on purpose");
                        break;
                }
                foreach (var name in _running.Keys)
                {
                    if (!Timers.IsTimerActive(name))
                        faults.Add($"{name} is not active");
                }
            }

            void Start(string name, bool periodic)
            {
                var fired = new Fired(name, Interlocked.Increment(ref s_generation));
                _running[name] = fired.Generation;
                _periodic[name] = periodic;
                var delay = TimeSpan.FromMilliseconds(random.Next(3));
                if (periodic)
                    Timers.StartPeriodicTimer(name, fired, TimeSpan.FromMilliseconds(1 + random.Next(3)));
                else
                    Timers.StartSingleTimer(name, fired, delay);
            }
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Responder : ReceiveActor
    {
        public Responder() => Receive<Question>(question =>
        {
            switch (question.Kind)
            {
                case 0:
                    Sender.Tell(new Answer(question));
                    break;
                case 1:
                    Sender.Tell(new Status.Failure(new InvalidOperationException("on purpose")));
                    break;
                case 2:
                    break;
                case 3:
                    question.Cancellation.Cancel();
                    break;
                default:
                    Sender.Tell("of another type");
                    break;
            }
        });
    }

    private sealed class Faithful : ReceiveActor
    {
        public Faithful(int publishers, int expected, TaskCompletionSource all, Faults faults)
        {
            var next = new int[publishers];
            var count = 0;
            Receive<Event>(e =>
            {
                if (next[e.Publisher]++ != e.Number)
                    faults.Add($"publisher {e.Publisher}: {e.Number} instead of {next[e.Publisher] - 1}");
                if (++count == expected)
                    all.TrySetResult();
            });
        }
    }

    private sealed class Fickle : ReceiveActor
    {
        public Fickle() => ReceiveAny(_ => { });
    }
}
