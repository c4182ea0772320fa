using Akka.Actor;

namespace CSMultiConnector.ActorRuntime.Tests.Stress;

/// <summary>Millions of messages: none is lost or doubled, and those of one sender keep their order, whatever happens to the receiver.</summary>
public sealed class MailboxStressTests : StressTest
{
    [Fact]
    public async Task Many_senders_to_one_receiver_lose_nothing_and_keep_their_order()
    {
        const int senders = 6, each = 400_000;
        var faults = new Faults();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = Sys.ActorOf(Props.Create(() => new InOrder(senders, senders * each, all, faults)));
        // Half of them are actors, half are threads outside.
        for (var s = 0; s < senders / 2; s++)
        {
            var sender = s;
            Sys.ActorOf(Props.Create(() => new Producer(receiver, sender))).Tell(each);
        }
        await InParallelAsync(senders / 2, 0, (i, _) =>
        {
            for (var n = 0; n < each; n++)
                receiver.Tell(new FromSender((senders / 2) + i, n));
        });
        await all.Task.WaitAsync(Limit);
        faults.ShouldBeNone();
    }

    [Fact]
    public async Task A_busy_actor_does_not_keep_others_from_their_turns()
    {
        // Dispatcher throughput: an actor that always has a message gives its thread up after some of them.
        var hogs = Enumerable.Range(0, Environment.ProcessorCount * 4).Select(_ => Sys.ActorOf(Props.Create(() => new Hog()))).ToArray();
        foreach (var hog in hogs)
            hog.Tell("again");
        var other = Sys.ActorOf(Props.Create(() => new Hog()));
        for (var i = 0; i < 100; i++)
            (await other.Ask<string>("ping", Limit)).ShouldBe("pong");
        foreach (var hog in hogs)
            (await hog.Ask<string>("ping", Limit)).ShouldBe("pong");
    }

    [Fact]
    public async Task A_system_message_does_not_wait_for_the_messages_before_it()
    {
        var faults = new Faults();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Stopped(gate, ended, faults)));
        actor.Tell("stop after the gate");
        for (var i = 0; i < 100_000; i++)
            actor.Tell(i);
        gate.Set();
        await ended.Task.WaitAsync(Limit);
        faults.ShouldBeNone();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Thousands_of_restarts_under_fire_lose_only_the_messages_that_failed(int seed)
    {
        const int senders = 4, each = 25_000;
        Account(senders * each);
        var (faults, account, last) = (new Faults(), this, new int[senders]);
        var receiver = Sys.ActorOf(Props.Create(() => new Restarting(last, account, faults)));
        await InParallelAsync(senders, seed, (i, random) =>
        {
            for (var n = 0; n < each; n++)
                receiver.Tell(new Shot((i * each) + n, i, Fails: random.Next(30) == 0, Waits: random.Next(50) == 0));
        });
        await EachExactlyOnceAsync();
        faults.ShouldBeNone();
    }

    [Fact]
    public async Task A_great_stash_comes_back_in_order_also_over_restarts()
    {
        const int messages = 100_000;
        Account(messages);
        var (faults, account) = (new Faults(), this);
        var actor = Sys.ActorOf(Props.Create(() => new Stashing(account, faults)));
        for (var n = 0; n < messages; n++)
        {
            actor.Tell(new Numbered(n));
            if (n % 10_000 == 9_999)
                actor.Tell("fail");
        }
        actor.Tell("open");
        await EachExactlyOnceAsync();
        faults.ShouldBeNone();
    }

    private sealed record FromSender(int Sender, int Number);

    private sealed record Shot(int Number, int Sender, bool Fails, bool Waits) : Numbered(Number);

    private sealed class InOrder : ReceiveActor
    {
        public InOrder(int senders, int expected, TaskCompletionSource all, Faults faults)
        {
            var next = new int[senders];
            var count = 0;
            Receive<FromSender>(m =>
            {
                if (next[m.Sender]++ != m.Number)
                    faults.Add($"sender {m.Sender}: {m.Number} instead of {next[m.Sender] - 1}");
                if (++count == expected)
                    all.TrySetResult();
            });
        }
    }

    private sealed class Producer : ReceiveActor
    {
        public Producer(IActorRef receiver, int sender) => Receive<int>(count =>
        {
            for (var n = 0; n < count; n++)
                receiver.Tell(new FromSender(sender, n));
        });
    }

    private sealed class Hog : ReceiveActor
    {
        public Hog() => Receive<string>(text =>
        {
            if (text == "again")
                Self.Tell(text);
            else
                Sender.Tell("pong");
        });
    }

    private sealed class Stopped : ReceiveActor
    {
        private readonly TaskCompletionSource _ended;

        public Stopped(ManualResetEventSlim gate, TaskCompletionSource ended, Faults faults)
        {
            _ended = ended;
            Receive<string>(_ =>
            {
                gate.Wait(Limit);
                Context.Stop(Self);
            });
            Receive<int>(n => faults.Add($"{n} was handled after the stop"));
        }

        protected override void PostStop() => _ended.TrySetResult();
    }

    private sealed class Restarting : ReceiveActor
    {
        private static readonly InvalidOperationException OnPurpose = new("on purpose");

        private bool _handling;

        /// <param name="last">What was handled last of each sender; outlives the incarnations.</param>
        /// <param name="account">Of each message.</param>
        /// <param name="faults">What went wrong.</param>
        public Restarting(int[] last, StressTest account, Faults faults)
        {
            ReceiveAsync<Shot>(shot => shot.Waits, async shot =>
            {
                Enter(shot);
                await Task.Yield();
                Leave(shot);
            });
            Receive<Shot>(shot =>
            {
                Enter(shot);
                Leave(shot);
            });

            void Enter(Shot shot)
            {
                if (_handling)
                    faults.Add("two messages at once");
                _handling = true;
                if (shot.Number < last[shot.Sender])
                    faults.Add($"sender {shot.Sender}: {shot.Number} after {last[shot.Sender]}");
                last[shot.Sender] = shot.Number;
                account.Done(shot.Number);
            }

            void Leave(Shot shot)
            {
                _handling = false;
                if (shot.Fails)
                    throw OnPurpose;
            }
        }
    }

    private sealed class Stashing : ReceiveActor, IWithUnboundedStash
    {
        public Stashing(StressTest account, Faults faults)
        {
            var next = 0;
            Receive<Numbered>(_ => Stash.Stash());
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("on purpose"));
            Receive<string>(_ =>
            {
                Become(() => Receive<Numbered>(m =>
                {
                    if (m.Number != next++)
                        faults.Add($"{m.Number} instead of {next - 1}");
                    account.Done(m.Number);
                }));
                Stash.UnstashAll();
            });
        }

        public IStash Stash { get; set; } = null!;
    }
}
