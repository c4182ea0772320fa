using Akka.Actor;
using Akka.Event;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Messaging;

/// <summary>Sending to a path, finding out who lives there, and what becomes of messages that nobody receives.</summary>
public sealed class SelectionTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_path_leads_up_as_well_as_down()
    {
        var (parent, one, two) = await FamilyAsync();
        one.Tell(new SelectFrom("../two", "sideways"));
        ExpectMsg("two:sideways", Limit);
        one.Tell(new SelectFrom("..", "up"));
        ExpectMsg("parent:up", Limit);
        Sys.ActorSelection("/user/parent/one/../two").Tell("around");
        ExpectMsg("two:around", Limit);
        Sys.ActorSelection(parent.Path / "two").Tell("by path");
        ExpectMsg("two:by path", Limit);
        Sys.ActorSelection(two.Path.ToString()).Tell("with address");
        ExpectMsg("two:with address", Limit);
    }

    [Fact]
    public async Task A_pattern_finds_those_whose_names_match()
    {
        await FamilyAsync();
        Sys.ActorSelection("/user/parent/t*").Tell("star");
        ExpectMsg("two:star", Limit);
        Sys.ActorSelection("/user/parent/?ne").Tell("mark");
        ExpectMsg("one:mark", Limit);
        Sys.ActorSelection("/user/*/two").Tell("above");
        ExpectMsg("two:above", Limit);
    }

    [Fact]
    public async Task Identify_tells_who_lives_at_a_path_or_that_nobody_does()
    {
        var (_, one, _) = await FamilyAsync();
        Sys.ActorSelection("/user/parent/one").Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>(identity => (identity.MessageId, identity.Subject).ShouldBe((1, one)), Limit);
        Sys.ActorSelection("/user/parent/three").Tell(new Identify(2), TestActor);
        ExpectMsg<ActorIdentity>(identity => (identity.MessageId, identity.Subject).ShouldBe((2, null)), Limit);
    }

    [Fact]
    public async Task A_selection_finds_whoever_has_the_name_at_the_time()
    {
        var (_, one, _) = await FamilyAsync();
        var selection = Sys.ActorSelection("/user/parent/one");
        Watch(one);
        Sys.Stop(one);
        ExpectMsg("one stopped", Limit);
        ExpectTerminated(one, Limit);
        await Should.ThrowAsync<ActorNotFoundException>(() => selection.ResolveOne(Limit));
        var again = await Sys.ActorSelection("/user/parent").Ask<IActorRef>(new MakeChild("one"), Limit);
        ExpectMsg("one starts", Limit);
        again.ShouldNotBe(one);
        (await selection.ResolveOne(Limit)).ShouldBe(again);
    }

    [Fact]
    public void A_message_to_a_path_without_an_actor_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.ActorSelection("/user/nobody").Tell("hello");
        ExpectMsg<DeadLetter>(
            letter =>
            {
                letter.Message.ShouldBe("hello");
                letter.Recipient.Path.ToStringWithoutAddress().ShouldBe("/user/nobody");
            },
            Limit);
    }

    [Fact]
    public void Without_a_sender_answers_are_dead_letters()
    {
        var echo = Sys.ActorOf(Akka.TestKit.TestActors.SimpleEchoActor.Props());
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        echo.Tell("hello", ActorRefs.NoSender);
        ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe("hello"), Limit);
    }

    [Fact]
    public void What_is_marked_so_is_suppressed_as_a_dead_letter()
    {
        var actor = Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor, Limit);
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));
        actor.Tell(PoisonPill.Instance);
        actor.Tell("plain");
        ExpectMsg<SuppressedDeadLetter>(letter => letter.Message.ShouldBeOfType<PoisonPill>(), Limit);
        ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe("plain"), Limit);
    }

    [Fact]
    public void Nothing_cannot_be_sent() => Should.Throw<InvalidMessageException>(() => TestActor.Tell(null!));

    private async Task<(IActorRef Parent, IActorRef One, IActorRef Two)> FamilyAsync()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Relative(TestActor, "parent")), "parent");
        var one = await parent.Ask<IActorRef>(new MakeChild("one"), Limit);
        ExpectMsg("one starts", Limit);
        var two = await parent.Ask<IActorRef>(new MakeChild("two"), Limit);
        ExpectMsg("two starts", Limit);
        return (parent, one, two);
    }

    private sealed record SelectFrom(string Path, string Text);

    private sealed class Relative : ReceiveActor
    {
        private readonly IActorRef _probe;
        private readonly string _name;

        public Relative(IActorRef probe, string name)
        {
            (_probe, _name) = (probe, name);
            Receive<SelectFrom>(select => Context.ActorSelection(select.Path).Tell(select.Text));
            Receive<MakeChild>(make => Sender.Tell(Context.ActorOf(Props.Create(() => new Relative(probe, make.Name)), make.Name)));
            Receive<string>(text => probe.Tell($"{name}:{text}"));
        }

        protected override void PreStart()
        {
            if (_name != "parent")
                _probe.Tell($"{_name} starts");
        }

        protected override void PostStop() => _probe.Tell($"{_name} stopped");
    }
}
