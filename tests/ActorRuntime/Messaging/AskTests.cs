using Akka.Actor;
using Akka.Event;
using Akka.TestKit.TestActors;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Messaging;

public sealed class AskTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task The_answer_completes_the_task()
    {
        var echo = Sys.ActorOf(SimpleEchoActor.Props());
        (await echo.Ask<string>("hello", Limit)).ShouldBe("hello");
        (await echo.Ask("hello", Limit)).ShouldBe("hello");
    }

    [Fact]
    public async Task No_answer_in_time_fails()
    {
        var silent = Sys.ActorOf(BlackHoleActor.Props);
        await Should.ThrowAsync<AskTimeoutException>(() => silent.Ask<string>("hello", Soon));
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting()
    {
        var silent = Sys.ActorOf(BlackHoleActor.Props);
        using var cancellation = new CancellationTokenSource();
        var asked = silent.Ask<string>("hello", Limit, cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<TaskCanceledException>(() => asked);
    }

    // Akka.NET pull request 5221: "Ask should push unhandled answers into deadletter", except those of a cancelled one.
    [Fact]
    public async Task An_answer_that_comes_too_late_or_twice_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        await Should.ThrowAsync<AskTimeoutException>(() => TestActor.Ask<string>("late", Soon));
        ExpectMsg("late", Limit);
        LastSender.Tell("too late");
        ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe("too late"), Limit);

        var twice = TestActor.Ask<string>("twice", Limit);
        ExpectMsg("twice", Limit);
        var asker = LastSender;
        asker.Tell("first");
        asker.Tell("second");
        (await twice).ShouldBe("first");
        ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe("second"), Limit);
    }

    [Fact]
    public async Task An_answer_that_nobody_wants_any_more_is_dropped()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        using var cancellation = new CancellationTokenSource();
        var asked = TestActor.Ask<string>("cancelled", Limit, cancellation.Token);
        ExpectMsg("cancelled", Limit);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<TaskCanceledException>(() => asked);
        LastSender.Tell("unwanted");
        Sys.DeadLetters.Tell("other");
        ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe("other"), Limit);
    }

    [Fact]
    public async Task A_failure_status_fails_with_its_cause()
    {
        var echo = Sys.ActorOf(SimpleEchoActor.Props());
        var thrown = await Should.ThrowAsync<Exception>(() => echo.Ask<string>(new Status.Failure(new InvalidDataException("bad")), Limit));
        thrown.GetBaseException().ShouldBeOfType<InvalidDataException>();
    }

    [Fact]
    public async Task An_answer_of_another_type_fails()
    {
        var echo = Sys.ActorOf(SimpleEchoActor.Props());
        await Should.ThrowAsync<Exception>(() => echo.Ask<int>("no number", Limit));
    }

    [Fact]
    public async Task Identify_is_answered_by_the_system_also_for_the_dead()
    {
        var actor = Sys.ActorOf(BlackHoleActor.Props);
        (await actor.Ask<ActorIdentity>(new Identify(1), Limit)).Subject.ShouldBe(actor);
        await actor.GracefulStop(Limit);
        var answer = await actor.Ask<ActorIdentity>(new Identify(2), Limit);
        answer.Subject.IsNobody().ShouldBeTrue();
        answer.MessageId.ShouldBe(2);
    }

    [Fact]
    public async Task GracefulStop_gives_up_on_an_actor_that_does_not_stop()
    {
        var actor = Sys.ActorOf(BlackHoleActor.Props);
        await Should.ThrowAsync<TaskCanceledException>(() => actor.GracefulStop(Soon, "not a stop message"));
        (await actor.GracefulStop(Limit)).ShouldBeTrue();
    }

    [Fact]
    public async Task WatchAsync_completes_with_the_actor()
    {
        var actor = Sys.ActorOf(BlackHoleActor.Props);
        var ended = actor.WatchAsync();
        ended.IsCompleted.ShouldBeFalse();
        Sys.Stop(actor);
        (await ended.WaitAsync(Limit)).ShouldBeTrue();
    }
}
