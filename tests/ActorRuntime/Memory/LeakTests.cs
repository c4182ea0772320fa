using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;

namespace CSMultiConnector.ActorRuntime.Tests.Memory;

/// <summary>What has ended is let go: nothing in the system keeps a reference to it. Asserted by weak references, never by amounts.</summary>
public sealed class LeakTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ActorSystem _system = ActorSystem.Create(
        "leaks", ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [], log-dead-letters = off }"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate().WaitAsync(Limit);

    [Fact]
    public async Task An_actor_that_has_stopped() => await IsLetGoAsync(async traces =>
    {
        var actor = Make(traces, (_, _) => { });
        await EndAsync(actor);
    });

    [Fact]
    public async Task An_incarnation_that_was_replaced() => await IsLetGoAsync(async traces =>
    {
        var actor = Make(new Traces(), (_, _) => { });
        actor.Tell(new Leave(traces));
        actor.Tell("fail");
        await actor.Ask<string>("ping", Limit);
    });

    [Fact]
    public async Task A_watcher_that_has_stopped_before_whom_it_watched()
    {
        var watched = Make(new Traces(), (_, _) => { });
        await IsLetGoAsync(async traces =>
        {
            var watcher = Make(traces, (context, _) => context.Watch(watched));
            await EndAsync(watcher);
            // The subject has been told: an answer proves that what came before it is done.
            await watched.Ask<string>("ping", Limit);
        });
        await watched.Ask<string>("ping", Limit);
    }

    [Fact]
    public async Task One_that_was_watched_and_has_stopped()
    {
        var watcher = Make(new Traces(), (_, _) => { });
        await IsLetGoAsync(async traces =>
        {
            var watched = Make(traces, (_, _) => { });
            watcher.Tell(new WatchIt(watched));
            await watcher.Ask<string>("ping", Limit);
            await EndAsync(watched);
            await watcher.Ask<string>("ping", Limit);
        });
        await watcher.Ask<string>("ping", Limit);
    }

    [Fact]
    public async Task A_child_that_has_stopped()
    {
        var parent = _system.ActorOf(Props.Create(() => new Parent()));
        await IsLetGoAsync(async traces =>
        {
            var child = await parent.Ask<IActorRef>(traces, Limit);
            await EndAsync(child);
            await parent.Ask<string>("ping", Limit);
        });
        await parent.Ask<string>("ping", Limit);
    }

    [Fact]
    public async Task Timers_that_were_cancelled_replaced_or_outlived_by_their_actor() => await IsLetGoAsync(async traces =>
    {
        var actor = Make(traces, (_, timers) =>
        {
            timers.StartSingleTimer("cancelled", traces.Leave(new Message()), TimeSpan.FromHours(1));
            timers.Cancel("cancelled");
            timers.StartPeriodicTimer("replaced", traces.Leave(new Message()), TimeSpan.FromHours(1));
            timers.StartPeriodicTimer("replaced", traces.Leave(new Message()), TimeSpan.FromHours(1));
        });
        await EndAsync(actor);
    });

    [Fact]
    public async Task Scheduled_messages_that_were_cancelled() => await IsLetGoAsync(traces =>
    {
        var once = _system.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromHours(1), _system.DeadLetters, traces.Leave(new Message()), ActorRefs.NoSender);
        var often = _system.Scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.FromHours(1), TimeSpan.FromHours(1), _system.DeadLetters, traces.Leave(new Message()), ActorRefs.NoSender);
        once.Cancel();
        often.Cancel();
        return Task.CompletedTask;
    });

    [Fact]
    public async Task A_scheduled_message_that_has_been_sent_while_its_handle_lives_on()
    {
        using var handle = new Cancelable(_system.Scheduler);
        await IsLetGoAsync(async traces =>
        {
            var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = Make(traces, (_, _) => { });
            _system.Scheduler.ScheduleTellOnce(TimeSpan.Zero, actor, new Announce(traces.Leave(new Message()), sent), ActorRefs.NoSender, handle);
            await sent.Task.WaitAsync(Limit);
            await EndAsync(actor);
        });
        handle.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Asks_that_were_answered_timed_out_or_cancelled()
    {
        var actor = Make(new Traces(), (_, _) => { });
        using var living = new CancellationTokenSource();
        await IsLetGoAsync(async traces =>
        {
            (await actor.Ask<Message>(traces.Leave(new Message()), Limit, living.Token)).ShouldNotBeNull();
            await Should.ThrowAsync<AskTimeoutException>(() => actor.Ask<string>(new Silence(traces.Leave(new Message())), TimeSpan.FromMilliseconds(10)));
            using var cancellation = new CancellationTokenSource();
            var asked = actor.Ask<string>(new Silence(traces.Leave(new Message())), Limit, cancellation.Token);
            await cancellation.CancelAsync();
            await Should.ThrowAsync<TaskCanceledException>(() => asked);
            await actor.Ask<string>("ping", Limit);
        });
        await actor.Ask<string>("ping", living.Token);
    }

    [Fact]
    public async Task A_subscriber_that_has_stopped_also_one_that_was_subscribed_afterwards() => await IsLetGoAsync(async traces =>
    {
        var early = Make(traces, (_, _) => { });
        _system.EventStream.Subscribe(early, typeof(Message));
        _system.EventStream.Publish(new Message());
        await EndAsync(early);
        var late = Make(traces, (_, _) => { });
        await EndAsync(late);
        _system.EventStream.Subscribe(late, typeof(Message));
    });

    /// <summary>Runs what leaves traces and asserts that all of them can be collected while the system lives on.</summary>
    private static async Task IsLetGoAsync(Func<Traces, Task> leave)
    {
        var left = await RunAsync(leave);
        left.ShouldNotBeEmpty();
        using var limit = new CancellationTokenSource(Limit);
        while (left.Any(IsAlive))
        {
            // A thread that has just ended its turn may still hold on for a moment.
            limit.IsCancellationRequested.ShouldBeFalse($"{left.Count(IsAlive)} of {left.Length} are still held");
            await Task.Delay(5);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
        }
    }

    // Apart, so that no local of it is alive afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> RunAsync(Func<Traces, Task> leave)
    {
        var traces = new Traces();
        await leave(traces);
        return traces.Left;
    }

    private static bool IsAlive(WeakReference reference) => reference.IsAlive;

    private static async Task EndAsync(IActorRef actor) => (await actor.GracefulStop(Limit)).ShouldBeTrue();

    private IActorRef Make(Traces traces, Action<IActorContext, ITimerScheduler> start) => _system.ActorOf(Props.Create(() => new Tracked(traces, start)));

    /// <summary>Weak references to what a test leaves behind.</summary>
    private sealed class Traces
    {
        private readonly List<WeakReference> _left = [];

        public WeakReference[] Left
        {
            get
            {
                lock (_left)
                    return [.. _left];
            }
        }

        public T Leave<T>(T trace)
            where T : class
        {
            lock (_left)
                _left.Add(new WeakReference(trace));
            return trace;
        }
    }

    private sealed class Message;

    private sealed record Silence(Message Message);

    private sealed record Announce(Message Message, TaskCompletionSource Sent);

    private sealed record Leave(Traces Traces);

    private sealed record WatchIt(IActorRef Actor);

    private sealed class Tracked : ReceiveActor, IWithTimers
    {
        private readonly Action<IActorContext, ITimerScheduler> _start;

        public Tracked(Traces traces, Action<IActorContext, ITimerScheduler> start)
        {
            _start = start;
            traces.Leave(this);
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("on purpose"));
            Receive<string>(text => Sender.Tell(text));
            Receive<Leave>(leave => leave.Traces.Leave(this));
            Receive<WatchIt>(watch => Context.Watch(watch.Actor));
            Receive<Announce>(announce => announce.Sent.TrySetResult());
            Receive<Message>(message => Sender.Tell(message));
            Receive<Silence>(_ => { });
            Receive<Terminated>(_ => { });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => _start(Context, Timers);
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent()
        {
            Receive<Traces>(traces => Sender.Tell(Context.ActorOf(Props.Create(() => new Tracked(traces, Nothing)))));
            Receive<string>(text => Sender.Tell(text));
        }

        private static void Nothing(IActorContext context, ITimerScheduler timers)
        {
        }
    }
}
