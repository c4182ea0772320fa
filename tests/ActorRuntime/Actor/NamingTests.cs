using Akka.Actor;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Actor;

public sealed class NamingTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("#AAPL")]
    [InlineData("Grüße")]
    [InlineData("a%2")]
    public void A_malformed_name_is_refused(string name) =>
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(Recorder.With(TestActor, "a"), name));

    [Theory]
    [InlineData("BTC/USDT:Net")]
    [InlineData("ICMarkets Global")]
    [InlineData("#AAPL")]
    [InlineData("Grüße")]
    [InlineData("1234@Broker-Live")]
    public void Any_name_works_escaped(string name)
    {
        var escaped = Uri.EscapeDataString(name);
        Sys.ActorOf(Recorder.With(TestActor, "a"), escaped).Path.Name.ShouldBe(escaped);
        ExpectMsg("a starts", Limit);
    }

    [Fact]
    public void A_name_can_be_used_again_only_after_its_actor_has_ended()
    {
        var first = Sys.ActorOf(Recorder.With(TestActor, "a"), "same");
        ExpectMsg("a starts", Limit);
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(Recorder.With(TestActor, "a"), "same"));
        Watch(first);
        Sys.Stop(first);
        ExpectMsg("a stopped", Limit);
        ExpectTerminated(first, Limit);
        var second = Sys.ActorOf(Recorder.With(TestActor, "a"), "same");
        ExpectMsg("a starts", Limit);
        second.Path.ShouldBe(first.Path);
        second.ShouldNotBe(first);
    }

    [Fact]
    public void Paths_join_names_below_the_system()
    {
        var actor = Sys.ActorOf(Recorder.With(TestActor, "a"), "parent");
        actor.Path.ToString().ShouldBe($"akka://{Sys.Name}/user/parent");
        actor.Path.Parent.Name.ShouldBe("user");
        actor.Path.Elements.ShouldBe(["user", "parent"]);
        (actor.Path / "child").ToStringWithoutAddress().ShouldBe("/user/parent/child");
    }

    [Fact]
    public async Task Selections_find_actors_by_absolute_and_relative_paths_and_patterns()
    {
        var parent = Sys.ActorOf(Recorder.With(TestActor, "parent"), "parent");
        ExpectMsg("parent starts", Limit);
        var one = await parent.Ask<IActorRef>(new MakeChild("one"), Limit);
        ExpectMsg("one starts", Limit);
        await parent.Ask<IActorRef>(new MakeChild("two"), Limit);
        ExpectMsg("two starts", Limit);

        (await Sys.ActorSelection("/user/parent/one").ResolveOne(Limit)).ShouldBe(one);
        (await Sys.ActorSelection(one.Path).ResolveOne(Limit)).ShouldBe(one);
        await Should.ThrowAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/parent/three").ResolveOne(Limit));

        Sys.ActorSelection("/user/parent/*").Tell("all");
        ExpectMsgAllOf(Limit, "one:all", "two:all");
    }
}
