using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.TestActors;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Kit;

public sealed class TestKitTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task The_test_actor_is_the_sender_of_what_a_test_sends_also_after_an_await()
    {
        var echo = Sys.ActorOf(SimpleEchoActor.Props());
        echo.Tell("before");
        await ExpectMsgAsync("before", Limit);
        await Task.Yield();
        echo.Tell("after");
        await ExpectMsgAsync("after", Limit);
        LastSender.ShouldBe(echo);
    }

    [Fact]
    public void Expectations_fail_on_the_wrong_message_and_on_none()
    {
        Should.Throw<Exception>(() => ExpectMsg("any", Short));
        TestActor.Tell("one");
        Should.Throw<Exception>(() => ExpectMsg("two", Limit));
        TestActor.Tell("one");
        Should.Throw<Exception>(() => ExpectMsg<int>(Limit));
        TestActor.Tell("one");
        Should.Throw<Exception>(() => ExpectMsg<string>(m => m.Length > 3, Limit));
        TestActor.Tell("one");
        Should.Throw<Exception>(() => ExpectNoMsg(Short));
        ExpectNoMsg(Short);
    }

    [Fact]
    public void Messages_can_be_taken_in_numbers_and_fished_for()
    {
        foreach (var message in new object[] { 1, 2, "three", 4, 5.0 })
            TestActor.Tell(message);
        ReceiveN(2, Limit).ShouldBe([1, 2]);
        FishForMessage<int>(n => n == 4, Limit).ShouldBe(4);
        ReceiveOne(Limit).ShouldBe(5.0);
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
        Should.Throw<Exception>(() => ReceiveN(1, Short));
    }

    [Fact]
    public void Messages_in_any_order_are_all_needed()
    {
        TestActor.Tell("b");
        TestActor.Tell("a");
        ExpectMsgAllOf(Limit, "a", "b");
        TestActor.Tell("a");
        TestActor.Tell("x");
        Should.Throw<Exception>(() => ExpectMsgAllOf(Limit, "a", "b"));
        TestActor.Tell("b");
        ExpectMsgAnyOf(["a", "b"]).ShouldBe("b");
    }

    [Fact]
    public void A_probe_receives_sends_replies_and_forwards()
    {
        var probe = CreateTestProbe("probe");
        var other = CreateTestProbe();
        probe.Ref.Tell("question", TestActor);
        probe.ExpectMsg("question", Limit);
        probe.Sender.ShouldBe(TestActor);
        probe.Reply("answer");
        ExpectMsg("answer", Limit);
        LastSender.ShouldBe(probe.Ref);
        probe.Forward(other.Ref);
        other.ExpectMsg("question", Limit);
        other.Sender.ShouldBe(TestActor);
        probe.Send(other.Ref, "direct");
        other.ExpectMsg("direct", Limit);
        other.Sender.ShouldBe(probe.Ref);
    }

    [Fact]
    public void A_probe_can_stand_for_a_reference_everywhere()
    {
        IActorRef probe = CreateTestProbe();
        Watch(probe);
        Sys.Stop(probe);
        ExpectTerminated(probe, Limit);
    }

    [Fact]
    public void A_pilot_answers_by_itself()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re: {message}", ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        }));
        probe.Ref.Tell("one", TestActor);
        probe.Ref.Tell("two", TestActor);
        ExpectMsg("re: one", Limit);
        ExpectMsg("re: two", Limit);
        probe.ExpectMsg("one", Limit);
    }

    [Fact]
    public void Ignored_messages_are_not_seen()
    {
        IgnoreMessages<int>(n => n > 10);
        TestActor.Tell(11);
        TestActor.Tell(9);
        ExpectMsg(9, Limit);
        IgnoreNoMessages();
        TestActor.Tell(11);
        ExpectMsg(11, Limit);
    }

    [Fact]
    public void Within_bounds_a_block_and_what_is_expected_in_it()
    {
        Within(Limit, () =>
        {
            Remaining.ShouldBeGreaterThan(TimeSpan.Zero);
            Remaining.ShouldBeLessThanOrEqualTo(Limit);
            Within(Limit / 2, () => Remaining.ShouldBeLessThanOrEqualTo(Limit / 2));
        });
        Should.Throw<InvalidOperationException>(() => Remaining);
        Should.Throw<Exception>(() => Within(Short, () => ExpectMsg("never")));
        Should.Throw<Exception>(() => Within(Limit, Limit, () => { }));
    }

    [Fact]
    public async Task Conditions_and_assertions_are_repeated_until_they_hold()
    {
        var calls = 0;
        AwaitCondition(() => ++calls == 3, Limit);
        calls.ShouldBe(3);
        await AwaitAssertAsync(() => (++calls).ShouldBe(6), Limit);
        calls.ShouldBe(6);
        await Should.ThrowAsync<Exception>(() => AwaitConditionAsync(() => Task.FromResult(false), Short));
        Should.Throw<Exception>(() => AwaitAssert(() => calls.ShouldBe(-1), Short));
    }

    [Fact]
    public void An_event_filter_counts_exactly()
    {
        EventFilter.Error("bad").Expect(2, Limit, () =>
        {
            Sys.Log.Error("bad");
            Sys.Log.Error("bad");
            Sys.Log.Error("other");
        });
        Should.Throw<Exception>(() => EventFilter.Error("bad").ExpectOne(Short, () => { }));
        Should.Throw<Exception>(() => EventFilter.Error("bad").ExpectOne(Limit, () =>
        {
            Sys.Log.Error("bad");
            Sys.Log.Error("bad");
        }));
    }
}
