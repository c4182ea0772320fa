using Akka.Actor;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Actor;

public sealed class DeathWatchTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Terminated_comes_once_even_when_watched_twice()
    {
        var watcher = ActorOf(() => new Watcher(TestActor));
        var subject = ActorOf(() => new Watcher(TestActor));
        watcher.Tell(new Follow(subject));
        watcher.Tell(new Follow(subject));
        ExpectMsg("following", Limit);
        ExpectMsg("following", Limit);
        Sys.Stop(subject);
        ExpectMsg(new Ended(subject, Confirmed: true), Limit);
        watcher.Tell("ping");
        ExpectMsg("pong", Limit);
    }

    [Fact]
    public void Watching_an_actor_that_has_ended_tells_at_once()
    {
        var subject = ActorOf(() => new Watcher(TestActor));
        Watch(subject);
        Sys.Stop(subject);
        ExpectTerminated(subject, Limit);
        var watcher = ActorOf(() => new Watcher(TestActor));
        watcher.Tell(new Follow(subject));
        ExpectMsg("following", Limit);
        ExpectMsg(new Ended(subject, Confirmed: false), Limit);
    }

    [Fact]
    public async Task Unwatch_drops_a_notification_that_waits_in_the_mailbox()
    {
        var subject = ActorOf(() => new Watcher(TestActor));
        var watcher = ActorOf(() => new Watcher(TestActor));
        watcher.Tell(new Follow(subject));
        ExpectMsg("following", Limit);
        using var release = new ManualResetEventSlim();
        // The watcher is busy while the subject ends: the notification queues up behind the message that unwatches.
        watcher.Tell(release);
        watcher.Tell(new Unfollow(subject));
        await subject.GracefulStop(Limit);
        release.Set();
        ExpectMsg("unfollowed", Limit);
        watcher.Tell("ping");
        ExpectMsg("pong", Limit);
    }

    [Fact]
    public void WatchWith_sends_the_chosen_message()
    {
        var subject = ActorOf(() => new Watcher(TestActor));
        var watcher = ActorOf(() => new Watcher(TestActor));
        watcher.Tell(new FollowWith(subject, "gone"));
        ExpectMsg("following", Limit);
        Sys.Stop(subject);
        ExpectMsg("got gone", Limit);
    }

    [Fact]
    public void An_unhandled_Terminated_ends_the_watcher()
    {
        var subject = ActorOf(() => new Watcher(TestActor));
        var watcher = ActorOf(() => new CarelessWatcher(subject, TestActor));
        Watch(watcher);
        ExpectMsg("following", Limit);
        EventFilter.Exception<DeathPactException>().ExpectOne(Limit, () => Sys.Stop(subject));
        ExpectTerminated(watcher, Limit);
    }

    [Fact]
    public void A_child_watched_by_its_parent_frees_its_name_before_Terminated_arrives()
    {
        var parent = ActorOf(() => new Remaker(TestActor));
        parent.Tell("make");
        ExpectMsg("made", Limit);
        parent.Tell("stop");
        ExpectMsg("remade", Limit);
    }

    [Fact]
    public void Whether_it_ever_existed_is_told()
    {
        var watcher = ActorOf(() => new Watcher(TestActor));
        var subject = ActorOf(() => new Watcher(TestActor));
        watcher.Tell(new Follow(subject));
        ExpectMsg("following", Limit);
        Sys.Stop(subject);
        ExpectMsg(new Ended(subject, Confirmed: true), Limit);
        // One that has ended is told to exist no more by the dead letters, which do not know it.
        watcher.Tell(new Follow(subject));
        ExpectMsg("following", Limit);
        ExpectMsg(new Ended(subject, Confirmed: false), Limit);
    }

    [Fact]
    public void Another_message_for_the_same_end_is_refused_until_it_is_unwatched()
    {
        var subject = ActorOf(() => new Watcher(TestActor));
        var watcher = ActorOf(() => new Rewatcher(TestActor, subject));
        watcher.Tell("try");
        ExpectMsg("refused", Limit);
        Sys.Stop(subject);
        ExpectMsg("second", Limit);
    }

    [Fact]
    public void What_was_watched_is_watched_over_a_restart()
    {
        var subject = ActorOf(() => new Watcher(TestActor));
        var watcher = ActorOf(() => new Watcher(TestActor));
        watcher.Tell(new Follow(subject));
        ExpectMsg("following", Limit);
        watcher.Tell(Fail.Now);
        watcher.Tell("ping");
        ExpectMsg("pong", Limit);
        Sys.Stop(subject);
        ExpectMsg(new Ended(subject, Confirmed: true), Limit);
    }

    [Fact]
    public async Task GracefulStop_is_done_when_the_actor_has_ended_also_when_it_had_before()
    {
        var actor = ActorOf(() => new Watcher(TestActor));
        (await actor.GracefulStop(Limit)).ShouldBeTrue();
        (await actor.GracefulStop(Limit)).ShouldBeTrue();
        var other = ActorOf(() => new Watcher(TestActor));
        (await other.GracefulStop(Limit, Kill.Instance)).ShouldBeTrue();
    }

    private sealed class Rewatcher : ReceiveActor
    {
        public Rewatcher(IActorRef probe, IActorRef subject)
        {
            Receive<string>(t => t == "try", _ =>
            {
                Context.WatchWith(subject, "first");
                try
                {
                    Context.WatchWith(subject, "second");
                }
                catch (InvalidOperationException)
                {
                    probe.Tell("refused");
                }
                Context.Unwatch(subject);
                Context.WatchWith(subject, "second");
            });
            Receive<string>(probe.Tell);
        }
    }

    private sealed record Ended(IActorRef Subject, bool Confirmed);

    private sealed record Follow(IActorRef Subject);

    private sealed record FollowWith(IActorRef Subject, string Message);

    private sealed record Unfollow(IActorRef Subject);

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef probe)
        {
            Receive<Follow>(f =>
            {
                Context.Watch(f.Subject);
                probe.Tell("following");
            });
            Receive<FollowWith>(f =>
            {
                Context.WatchWith(f.Subject, f.Message);
                probe.Tell("following");
            });
            Receive<ManualResetEventSlim>(gate => gate.Wait(Limit));
            Receive<Fail>(fail => throw fail.Cause);
            Receive<Unfollow>(u =>
            {
                Context.Unwatch(u.Subject);
                probe.Tell("unfollowed");
            });
            // A Terminated itself would be dropped by the probe, which watches nobody.
            Receive<Terminated>(t => probe.Tell(new Ended(t.ActorRef, t.ExistenceConfirmed)));
            Receive<string>(t => t == "ping", _ => probe.Tell("pong"));
            Receive<string>(t => probe.Tell("got " + t));
        }
    }

    private sealed class CarelessWatcher : ReceiveActor
    {
        public CarelessWatcher(IActorRef subject, IActorRef probe)
        {
            Context.Watch(subject);
            probe.Tell("following");
        }
    }

    private sealed class Remaker : ReceiveActor
    {
        public Remaker(IActorRef probe)
        {
            Receive<string>(t => t == "make", _ => Make("made"));
            Receive<string>(t => t == "stop", _ => Context.Stop(Context.Child("same")));
            Receive<Terminated>(_ => Make("remade"));

            void Make(string word)
            {
                Context.Watch(Context.ActorOf(Recorder.With(ActorRefs.Nobody, "child"), "same"));
                probe.Tell(word);
            }
        }
    }
}
