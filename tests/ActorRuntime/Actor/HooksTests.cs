using Akka.Actor;
using Akka.TestKit.TestActors;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Actor;

/// <summary>Which hooks of an actor run, in which order, on which incarnation, and what happens when one of them throws.</summary>
public sealed class HooksTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_life_begins_with_PreStart_and_ends_with_PostStop()
    {
        var actor = ActorOf(() => new Hooked(TestActor, false));
        ExpectMsgs("1 made", "1 PreStart");
        actor.Tell("hello");
        ExpectMsgs("1 hello");
        Watch(actor);
        actor.Tell(PoisonPill.Instance);
        ExpectMsgs("1 PostStop");
        ExpectTerminated(actor, Limit);
    }

    [Fact]
    public void A_restart_runs_PreRestart_and_PostStop_on_the_old_and_PostRestart_and_PreStart_on_the_new_incarnation()
    {
        var actor = ActorOf(() => new Hooked(TestActor, false));
        ExpectMsgs("1 made", "1 PreStart");
        actor.Tell("hello");
        actor.Tell(Fail.Now);
        actor.Tell("again");
        ExpectMsgs("1 hello", "1 PreRestart on Fail", "1 PostStop", "2 made", "2 PostRestart told to fail", "2 PreStart", "2 again");
    }

    [Fact]
    public async Task Resuming_runs_no_hook()
    {
        var supervisor = ActorOf(() => new Supervisor(new OneForOneStrategy(_ => Directive.Resume)));
        var actor = await supervisor.Ask<IActorRef>(new NewChild(Props.Create(() => new Hooked(TestActor, false)), "child"), Limit);
        actor.Tell(Fail.Now);
        actor.Tell("hello");
        ExpectMsgs("1 made", "1 PreStart", "1 hello");
    }

    [Fact]
    public void What_a_hook_of_the_old_incarnation_tells_itself_is_handled_by_the_new_one()
    {
        var actor = ActorOf(() => new Hooked(TestActor, true));
        ExpectMsgs("1 made", "1 PreStart");
        actor.Tell(Fail.Now);
        ExpectMsgs("1 PreRestart on Fail", "1 PostStop", "2 made", "2 PostRestart told to fail", "2 PreStart", "2 from the old one");
    }

    [Fact]
    public void Messages_that_came_before_PreStart_had_run_are_handled_after_it()
    {
        using var gate = new ManualResetEventSlim();
        var actor = ActorOf(() => new SlowStarter(TestActor, gate));
        actor.Tell("early");
        gate.Set();
        ExpectMsgs("started", "early");
    }

    // ActorCell.Create of Akka.NET: the failed incarnation is dropped, so its PostStop does not run.
    [Fact]
    public void A_PreStart_that_throws_stops_the_actor_without_PostStop()
    {
        var attempts = new Attempts();
        IActorRef actor = ActorRefs.Nobody;
        EventFilter.Exception<ActorInitializationException>().ExpectOne(Limit, () => actor = ActorOf(() => new Unwilling(TestActor, 1, attempts)));
        Watch(actor);
        ExpectMsgs("attempt 1");
        ExpectTerminated(actor, Limit);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public async Task An_actor_that_could_not_begin_is_begun_anew_when_its_supervisor_restarts_it_and_finds_its_messages()
    {
        var supervisor = ActorOf(() => new Supervisor(new OneForOneStrategy(_ => Directive.Restart)));
        var attempts = new Attempts();
        var actor = await supervisor.Ask<IActorRef>(new NewChild(Props.Create(() => new Unwilling(TestActor, 3, attempts)), "child"), Limit);
        actor.Tell("hello");
        ExpectMsgs("attempt 1", "attempt 2", "attempt 3", "attempt 4", "hello");
    }

    [Fact]
    public void A_PostStop_that_throws_is_logged_and_the_actor_has_ended_all_the_same()
    {
        var actor = ActorOf(() => new BadEnd());
        Watch(actor);
        EventFilter.Exception<InvalidOperationException>("a bad end").ExpectOne(Limit, () => Sys.Stop(actor));
        ExpectTerminated(actor, Limit);
    }

    [Fact]
    public void Behaviours_begin_anew_with_a_restart()
    {
        var actor = ActorOf(() => new Changing(TestActor));
        actor.Tell("become");
        actor.Tell("1");
        actor.Tell("become stacked");
        actor.Tell("2");
        actor.Tell("unbecome");
        actor.Tell("3");
        actor.Tell(Fail.Now);
        actor.Tell("4");
        // Nothing is below the constructor's behaviour: taking it off leaves it.
        actor.Tell("unbecome");
        actor.Tell("5");
        ExpectMsgs("changed 1", "stacked 2", "changed 3", "first 4", "first 5");
    }

    [Fact]
    public async Task Children_that_PreRestart_spares_are_restarted_with_their_parent()
    {
        var parent = ActorOf(() => new Sparing(TestActor));
        var child = await parent.Ask<IActorRef>("child", Limit);
        ExpectMsgs("1 made", "1 PreStart");
        parent.Tell(Fail.Now);
        ExpectMsgs("1 PreRestart on nothing", "1 PostStop", "2 made", "2 PostRestart told to fail", "2 PreStart");
        (await parent.Ask<IActorRef>("child", Limit)).ShouldBe(child);
    }

    [Fact]
    public void A_stopping_actor_handles_no_message_while_its_children_end()
    {
        using var gate = new ManualResetEventSlim();
        var actor = ActorOf(() => new SlowFamily(TestActor, gate));
        ExpectMsgs("child started");
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        Sys.Stop(actor);
        ExpectMsgs("child is stopping");
        actor.Tell("late");
        gate.Set();
        ExpectMsg<Akka.Event.DeadLetter>(letter => letter.Message.ShouldBe("late"), Limit);
    }

    [Fact]
    public void An_actor_that_is_stopping_makes_no_more_children()
    {
        var actor = ActorOf(() => new LateParent(TestActor));
        Sys.Stop(actor);
        ExpectMsgs("refused");
    }

    [Fact]
    public async Task A_system_that_has_ended_makes_no_more_actors()
    {
        await Sys.Terminate().WaitAsync(Limit);
        Should.Throw<InvalidOperationException>(() => Sys.ActorOf(BlackHoleActor.Props));
    }

    private void ExpectMsgs(params string[] expected)
    {
        foreach (var text in expected)
            ExpectMsg(text, Limit);
    }

    private sealed class Attempts
    {
        public int Made { get; set; }
    }

    private sealed class Hooked : ReceiveActor
    {
        private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<IActorRef, Attempts> Incarnations = [];

        private readonly IActorRef _probe;
        private readonly int _number;
        private readonly bool _tellsItselfBeforeRestart;

        public Hooked(IActorRef probe, bool tellsItselfBeforeRestart)
        {
            (_probe, _tellsItselfBeforeRestart) = (probe, tellsItselfBeforeRestart);
            _number = ++Incarnations.GetOrCreateValue(Self).Made;
            Tell("made");
            Receive<Fail>(fail => throw fail.Cause);
            Receive<string>(Tell);
        }

        protected override void PreStart() => Tell("PreStart");

        protected override void PostStop() => Tell("PostStop");

        protected override void PreRestart(Exception reason, object message)
        {
            Tell($"PreRestart on {message?.GetType().Name ?? "nothing"}");
            if (_tellsItselfBeforeRestart)
                Self.Tell("from the old one");
            base.PreRestart(reason, message!);
        }

        protected override void PostRestart(Exception reason)
        {
            Tell($"PostRestart {reason.Message}");
            base.PostRestart(reason);
        }

        private void Tell(string what) => _probe.Tell($"{_number} {what}");
    }

    private sealed class SlowStarter : ReceiveActor
    {
        private readonly IActorRef _probe;
        private readonly ManualResetEventSlim _gate;

        public SlowStarter(IActorRef probe, ManualResetEventSlim gate)
        {
            (_probe, _gate) = (probe, gate);
            Receive<string>(probe.Tell);
        }

        protected override void PreStart()
        {
            _gate.Wait(Limit);
            _probe.Tell("started");
        }
    }

    private sealed class Unwilling : ReceiveActor
    {
        private readonly IActorRef _probe;
        private readonly int _failures;
        private readonly Attempts _attempts;

        public Unwilling(IActorRef probe, int failures, Attempts attempts)
        {
            (_probe, _failures, _attempts) = (probe, failures, attempts);
            Receive<string>(probe.Tell);
        }

        protected override void PreStart()
        {
            _probe.Tell($"attempt {++_attempts.Made}");
            if (_attempts.Made <= _failures)
                throw new InvalidOperationException("not yet");
        }

        protected override void PostStop() => _probe.Tell("stopped");
    }

    private sealed class BadEnd : ReceiveActor
    {
        protected override void PostStop() => throw new InvalidOperationException("a bad end");
    }

    private sealed class Changing : ReceiveActor
    {
        public Changing(IActorRef probe)
        {
            Handle("first");

            void Handle(string behaviour)
            {
                Receive<Fail>(fail => throw fail.Cause);
                Receive<string>(text =>
                {
                    switch (text)
                    {
                        case "become":
                            Become(() => Handle("changed"));
                            break;
                        case "become stacked":
                            BecomeStacked(() => Handle("stacked"));
                            break;
                        case "unbecome":
                            UnbecomeStacked();
                            break;
                        default:
                            probe.Tell($"{behaviour} {text}");
                            break;
                    }
                });
            }
        }
    }

    private sealed class Sparing : ReceiveActor
    {
        public Sparing(IActorRef probe)
        {
            Receive<Fail>(fail => throw fail.Cause);
            Receive<string>(_ =>
            {
                var child = Context.Child("child");
                Sender.Tell(child.IsNobody() ? Context.ActorOf(Props.Create(() => new Hooked(probe, false)), "child") : child);
            });
        }

        protected override void PreRestart(Exception reason, object message)
        {
        }
    }

    private sealed class SlowFamily : ReceiveActor
    {
        public SlowFamily(IActorRef probe, ManualResetEventSlim gate)
        {
            Context.ActorOf(Props.Create(() => new SlowChild(probe, gate)));
            Receive<string>(text => probe.Tell($"handled {text}"));
        }
    }

    private sealed class SlowChild : ReceiveActor
    {
        private readonly IActorRef _probe;
        private readonly ManualResetEventSlim _gate;

        public SlowChild(IActorRef probe, ManualResetEventSlim gate) => (_probe, _gate) = (probe, gate);

        protected override void PreStart() => _probe.Tell("child started");

        protected override void PostStop()
        {
            _probe.Tell("child is stopping");
            _gate.Wait(Limit);
        }
    }

    private sealed class LateParent(IActorRef probe) : ReceiveActor
    {
        protected override void PostStop()
        {
            try
            {
                Context.ActorOf(BlackHoleActor.Props);
            }
            catch (InvalidOperationException)
            {
                probe.Tell("refused");
            }
        }
    }
}
