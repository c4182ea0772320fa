using System.Collections.Concurrent;
using Akka.Actor;

namespace CSMultiConnector.ActorRuntime.Tests.Stress;

/// <summary>Actors that begin, fail and end while others tell, watch and stop them.</summary>
public sealed class LifeStressTests : StressTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Each_watcher_hears_of_each_end_once_and_no_message_vanishes(int seed)
    {
        const int actors = 1_500, watchers = 4, threads = 4, tells = 20_000;
        Account(threads * tells);
        var account = this;
        var ends = new ConcurrentDictionary<(int Watcher, IActorRef Actor), int>();
        var victims = Enumerable.Range(0, actors).Select(_ => Sys.ActorOf(Props.Create(() => new Victim(account)))).ToArray();
        var watching = Enumerable.Range(0, watchers).Select(w => Sys.ActorOf(Props.Create(() => new Watcher(w, ends)))).ToArray();

        var watches = InParallelAsync(watchers, seed, (w, random) =>
        {
            foreach (var victim in Shuffled(victims, random))
            {
                // Twice makes no difference, nor does unwatching in between.
                watching[w].Tell(new StartWatching(victim, AlsoTwice: random.Next(3) == 0, AlsoAnew: random.Next(3) == 0));
            }
        });
        var messages = InParallelAsync(threads, seed + 1, (t, random) =>
        {
            for (var n = 0; n < tells; n++)
                victims[random.Next(actors)].Tell(new Numbered((t * tells) + n));
        });
        var stops = InParallelAsync(2, seed + 2, (t, random) =>
        {
            foreach (var victim in Shuffled(victims, random).Where((_, i) => i % 2 == t))
            {
                switch (random.Next(3))
                {
                    case 0:
                        Sys.Stop(victim);
                        break;
                    case 1:
                        victim.Tell(PoisonPill.Instance);
                        break;
                    default:
                        victim.Tell(Kill.Instance);
                        break;
                }
            }
            // The two halves are shuffled each by itself, so some were spared: the rest follows.
            foreach (var victim in victims)
                Sys.Stop(victim);
        });
        await Task.WhenAll(watches, messages, stops);
        await UntilAsync(() => ends.Count == actors * watchers, () => $"{(actors * watchers) - ends.Count} ends were not told");
        await EachExactlyOnceAsync();
        ends.Values.ShouldAllBe(times => times == 1);
    }

    [Fact]
    public async Task Names_are_free_again_when_the_end_is_told()
    {
        const int names = 200, rounds = 50;
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Sys.ActorOf(Props.Create(() => new Phoenix(names, rounds, done)));
        (await done.Task.WaitAsync(Limit)).ShouldBe(names * rounds);
    }

    [Fact]
    public async Task Thousands_of_children_end_before_their_parent()
    {
        const int children = 20_000;
        var alive = new Count();
        var left = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var parent = Sys.ActorOf(Props.Create(() => new Parent(children, alive, left)));
        parent.Tell("make them");
        (await parent.Ask<int>("count", Limit)).ShouldBe(children);
        Sys.Stop(parent);
        (await left.Task.WaitAsync(Limit)).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_tree_in_which_everything_fails_in_every_way_answers_as_a_whole_afterwards(int seed)
    {
        // Whoever stays suspended, or is resumed too often, shows here: suspensions and resumptions must balance on every way through.
        const int width = 4, nodes = 1 + width + (width * width);
        var faults = new Faults();
        var root = Sys.ActorOf(Props.Create(() => new Node(seed, 2, width, faults)), "root");
        await InParallelAsync(3, seed, (_, random) =>
        {
            for (var n = 0; n < 4_000; n++)
                root.Tell(new Trouble(random.Next(), random.Next(3), random.Next(4)));
        });
        var answers = new ConcurrentDictionary<ActorPath, bool>();
        await UntilAsync(
            () =>
            {
                answers.Clear();
                root.Tell(new RollCall(answers));
                SpinWait.SpinUntil(() => answers.Count == nodes, TimeSpan.FromSeconds(1));
                return answers.Count == nodes;
            },
            () => $"only {answers.Count} of {nodes} answer: {string.Join(' ', answers.Keys)}");
        faults.ShouldBeNone();
    }

    private static IActorRef[] Shuffled(IActorRef[] actors, Random random)
    {
        var shuffled = actors.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private sealed record StartWatching(IActorRef Actor, bool AlsoTwice, bool AlsoAnew);

    private sealed record Trouble(int Way, int Depth, int Kind);

    private sealed record RollCall(ConcurrentDictionary<ActorPath, bool> Answers);

    private sealed class Count
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Add(int n) => Interlocked.Add(ref _value, n);
    }

    private sealed class Victim : ReceiveActor
    {
        public Victim(StressTest account) => Receive<Numbered>(m => account.Done(m.Number));
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(int number, ConcurrentDictionary<(int, IActorRef), int> ends)
        {
            Receive<StartWatching>(watch =>
            {
                Context.Watch(watch.Actor);
                if (watch.AlsoAnew)
                    Context.Unwatch(watch.Actor);
                if (watch.AlsoAnew || watch.AlsoTwice)
                    Context.Watch(watch.Actor);
            });
            Receive<Terminated>(end => ends.AddOrUpdate((number, end.ActorRef), 1, static (_, times) => times + 1));
        }
    }

    private sealed class Phoenix : ReceiveActor
    {
        public Phoenix(int names, int rounds, TaskCompletionSource<int> done)
        {
            var (made, ended) = (0, 0);
            var left = Enumerable.Repeat(rounds, names).ToArray();
            for (var n = 0; n < names; n++)
                Make(n);
            Receive<Terminated>(end =>
            {
                var number = int.Parse(end.ActorRef.Path.Name, System.Globalization.CultureInfo.InvariantCulture);
                if (left[number] > 0)
                    Make(number);
                else if (++ended == names)
                    done.TrySetResult(Context.GetChildren().Any() ? -1 : made);
            });

            void Make(int number)
            {
                left[number]--;
                made++;
                var child = Context.Watch(Context.ActorOf(Props.Create(() => new Idle()), number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                if (made % 2 == 0)
                    Context.Stop(child);
                else
                    child.Tell(PoisonPill.Instance);
            }
        }
    }

    private sealed class Idle : ReceiveActor;

    private sealed class Parent : ReceiveActor
    {
        private readonly Count _alive;
        private readonly TaskCompletionSource<int> _left;

        public Parent(int children, Count alive, TaskCompletionSource<int> left)
        {
            (_alive, _left) = (alive, left);
            Receive<string>(t => t == "make them", _ =>
            {
                for (var i = 0; i < children; i++)
                    Context.ActorOf(Props.Create(() => new Counted(alive)));
            });
            Receive<string>(_ => Sender.Tell(Context.GetChildren().Count()));
        }

        protected override void PostStop() => _left.TrySetResult(_alive.Value);
    }

    private sealed class Counted : ReceiveActor
    {
        private readonly Count _alive;

        public Counted(Count alive) => _alive = alive;

        protected override void PreStart() => _alive.Add(1);

        protected override void PostStop() => _alive.Add(-1);
    }

    /// <summary>Has children, loses and makes them anew, fails, and judges its children's failures by chance.</summary>
    private sealed class Node : ReceiveActor
    {
        private readonly int _depth;
        private readonly int _width;
        private readonly int _seed;
        private readonly Random _random;
        private readonly Faults _faults;

        public Node(int seed, int depth, int width, Faults faults)
        {
            (_seed, _depth, _width, _faults) = (seed, depth, width, faults);
            _random = new Random(seed);
            Receive<Trouble>(t => t.Depth > 0 && _depth > 0, t =>
                Child(t.Way % _width).Tell(t with { Way = t.Way / _width, Depth = t.Depth - 1 }));
            ReceiveAsync<Trouble>(t => t.Kind == 0, async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("after an await");
            });
            Receive<Trouble>(t => t.Kind == 1 && !Self.Path.Name.Equals("root", StringComparison.Ordinal), _ => Context.Stop(Self));
            Receive<Trouble>(_ => throw new InvalidOperationException("at once"));
            Receive<Terminated>(end => Child(int.Parse(end.ActorRef.Path.Name, System.Globalization.CultureInfo.InvariantCulture)));
            Receive<RollCall>(call =>
            {
                call.Answers[Self.Path] = true;
                if (_depth == 0)
                    return;
                for (var i = 0; i < _width; i++)
                    Child(i).Tell(call);
            });
        }

        protected override SupervisorStrategy SupervisorStrategy()
        {
            Directive Decide(Exception _) => _random.Next(10) switch
            {
                < 4 => Directive.Restart,
                < 7 => Directive.Resume,
                < 8 => Directive.Stop,
                _ => Directive.Escalate,
            };
            return _seed % 2 == 0 ? new OneForOneStrategy(Decide) : new AllForOneStrategy(Decide);
        }

        protected override void PreStart()
        {
            for (var i = 0; _depth > 0 && i < _width; i++)
                Child(i);
        }

        protected override void PreRestart(Exception reason, object message)
        {
            // Half of them keep their children over a restart, which restarts these as well.
            if (_random.Next(2) == 0)
                base.PreRestart(reason, message);
            else
                PostStop();
        }

        private IActorRef Child(int number)
        {
            var name = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var child = Context.Child(name);
            if (!child.IsNobody())
                return child;
            var (seed, depth, width, faults) = ((_seed * 31) + number + _random.Next(1000), _depth - 1, _width, _faults);
            return Context.Watch(Context.ActorOf(Props.Create(() => new Node(seed, depth, width, faults)), name));
        }
    }
}
