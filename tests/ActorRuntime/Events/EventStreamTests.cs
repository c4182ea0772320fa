using Akka.Actor;
using Akka.Event;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Events;

public sealed class EventStreamTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private interface INews;

    [Fact]
    public void Events_reach_subscribers_of_their_type_base_types_and_interfaces()
    {
        var byBase = CreateTestProbe();
        var byInterface = CreateTestProbe();
        Sys.EventStream.Subscribe(TestActor, typeof(Sports)).ShouldBeTrue();
        Sys.EventStream.Subscribe(TestActor, typeof(Sports)).ShouldBeFalse();
        Sys.EventStream.Subscribe<News>(byBase.Ref);
        Sys.EventStream.Subscribe(byInterface.Ref, typeof(INews));

        Sys.EventStream.Publish(new Sports("goal"));
        Sys.EventStream.Publish(new News("rain"));
        ExpectMsg(new Sports("goal"), Limit);
        byBase.ExpectMsg<News>(n => n.Text.ShouldBe("goal"), Limit);
        byBase.ExpectMsg<News>(n => n.Text.ShouldBe("rain"), Limit);
        byInterface.ExpectMsg<News>(n => n.Text.ShouldBe("goal"), Limit);
        byInterface.ExpectMsg<News>(n => n.Text.ShouldBe("rain"), Limit);

        Sys.EventStream.Unsubscribe(TestActor, typeof(Sports)).ShouldBeTrue();
        Sys.EventStream.Unsubscribe(TestActor, typeof(Sports)).ShouldBeFalse();
        Sys.EventStream.Publish(new Sports("foul"));
        byBase.ExpectMsg<News>(n => n.Text.ShouldBe("foul"), Limit);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void A_message_to_a_dead_actor_becomes_a_dead_letter_with_sender_and_recipient()
    {
        var actor = Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor, Limit);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        actor.Tell("late", TestActor);
        ExpectMsg<DeadLetter>(
            letter =>
            {
                letter.Message.ShouldBe("late");
                letter.Sender.ShouldBe(TestActor);
                letter.Recipient.ShouldBe(actor);
            },
            Limit);
    }

    // DeadLetterMailbox of Akka.NET: "actor subscribing to DeadLetter, drop it".
    [Fact]
    public void A_dead_letter_whose_subscriber_has_ended_is_not_published_again()
    {
        using var gate = new ManualResetEventSlim();
        var blocked = Sys.ActorOf(Props.Create(() => new Gate(TestActor, gate)));
        blocked.Tell("wait");
        ExpectMsg("waiting", Limit);
        Sys.EventStream.Subscribe(blocked, typeof(DeadLetter));
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.DeadLetters.Tell("one");
        ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe("one"), Limit);
        Watch(blocked);
        Sys.Stop(blocked);
        gate.Set();
        ExpectTerminated(blocked, Limit);
        Sys.DeadLetters.Tell("two");
        ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe("two"), Limit);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create<Picky>());
        actor.Tell("what");
        ExpectMsg<UnhandledMessage>(u => u.Message.ShouldBe("what"), Limit);
    }

    [Fact]
    public void Logging_formats_numbered_places_and_carries_the_source()
    {
        var source = Sys.ActorOf(Props.Create<Logger>());
        EventFilter.Warning("1 of 2", source: source.Path.ToString()).ExpectOne(Limit, () => source.Tell(1));
        EventFilter.Exception<InvalidDataException>(contains: "broken").ExpectOne(Limit, () => source.Tell(2));
    }

    [Fact]
    public void A_level_below_the_configured_one_is_not_logged()
    {
        Sys.Log.IsDebugEnabled.ShouldBeFalse();
        Sys.Log.IsInfoEnabled.ShouldBeTrue();
        EventFilter.Debug().Expect(0, () => Sys.Log.Debug("hidden"));
        EventFilter.Info("shown").ExpectOne(Limit, () => Sys.Log.Info("shown"));
    }

    private sealed class Gate : ReceiveActor
    {
        public Gate(IActorRef probe, ManualResetEventSlim gate) => Receive<string>(_ =>
        {
            probe.Tell("waiting");
            gate.Wait(Limit);
        });
    }

    private record News(string Text) : INews;

    private sealed record Sports(string Text) : News(Text);

    private sealed class Picky : ReceiveActor
    {
        public Picky() => Receive<int>(_ => { });
    }

    private sealed class Logger : ReceiveActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        public Logger()
        {
            Receive<int>(n => n == 1, n => _log.Warning("{0} of {1}", n, 2));
            Receive<int>(_ => _log.Error(new InvalidDataException("bad"), "broken"));
        }
    }
}
