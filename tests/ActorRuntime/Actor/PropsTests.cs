using Akka.Actor;
using CSMultiConnector.ActorRuntime.Tests.Support;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Actor;

public sealed class PropsTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void An_expression_must_be_a_plain_new()
    {
        Should.Throw<ArgumentException>(() => Props.Create(() => MakeRecorder()));
    }

    [Fact]
    public void A_type_that_is_no_actor_is_refused() => Should.Throw<ArgumentException>(() => Props.Create(typeof(string)));

    [Fact]
    public void Arguments_that_no_constructor_takes_fail_the_creation_and_the_actor_is_stopped()
    {
        IActorRef? actor = null;
        EventFilter.Exception<ActorInitializationException>().ExpectOne(Limit, () => actor = Sys.ActorOf(Props.Create<Recorder>("too few")));
        Watch(actor!);
        ExpectTerminated(actor!, Limit);
    }

    [Fact]
    public void Arguments_are_evaluated_once_and_serve_every_incarnation()
    {
        var evaluations = 0;
        string Name() => $"a{++evaluations}";
        var name = Name();
        var actor = Sys.ActorOf(Props.Create(() => new Recorder(TestActor, name)));
        ExpectMsg("a1 starts", Limit);
        name = "changed";
        actor.Tell(Fail.Now);
        ExpectMsg("a1 stopped", Limit);
        ExpectMsg("a1 restarted", Limit);
        ExpectMsg("a1 starts", Limit);
    }

    [Fact]
    public void A_constructor_that_throws_stops_the_actor_without_PostStop()
    {
        IActorRef? actor = null;
        EventFilter.Exception<ActorInitializationException>().ExpectOne(Limit, () => actor = ActorOf(() => new Broken(TestActor)));
        Watch(actor!);
        ExpectTerminated(actor!, Limit);
    }

    private static Recorder MakeRecorder() => throw new InvalidOperationException("The expression is looked at, not run.");

    private sealed class Broken : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Broken(IActorRef probe)
        {
            _probe = probe;
            throw new InvalidOperationException("cannot be made");
        }

        protected override void PostStop() => _probe.Tell("stopped");
    }
}
