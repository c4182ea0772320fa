using Akka.Actor;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>Two actors under one id: whoever writes a number second fails and ends.</summary>
internal static class SecondWriter
{
    public static async Task FailsAsync(ActorSystem system)
    {
        var (first, second) = (new Probe(system), new Probe(system));
        var (firstObserver, secondObserver) = (first.Ref, second.Ref);
        var one = system.ActorOf(Props.Create(() => new Ledger("shared", firstObserver, null, null)));
        var two = system.ActorOf(Props.Create(() => new Ledger("shared", secondObserver, null, null)));
        await first.ExpectAsync("recovered #0");
        await second.ExpectAsync("recovered #0");

        one.Tell(new Add("a"));
        await first.ExpectAsync("stored a #1");
        second.Watch(two);
        two.Tell(new Add("b"));
        await second.ExpectAsync($"failed {new Added("b")} #1", "ended");
        await second.ExpectTerminatedAsync(two);
        one.Tell(new Add("c"));
        await first.ExpectAsync("stored c #2");
    }
}
