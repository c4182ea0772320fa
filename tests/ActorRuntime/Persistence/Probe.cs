using System.Threading.Channels;
using Akka.Actor;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>Collects what an actor under test reports.</summary>
internal sealed class Probe
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Channel<object> _messages = Channel.CreateUnbounded<object>();

    public Probe(ActorSystem system)
    {
        var writer = _messages.Writer;
        Ref = system.ActorOf(Props.Create(() => new Collector(writer)));
    }

    public IActorRef Ref { get; }

    /// <summary>The next message, which must be of this type.</summary>
    public async Task<T> NextAsync<T>() => (await NextAsync()).ShouldBeOfType<T>();

    public async Task<object> NextAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _messages.Reader.ReadAsync(limit.Token);
    }

    /// <summary>The next messages are exactly these, in this order.</summary>
    public async Task ExpectAsync(params object[] expected)
    {
        var seen = new List<object>();
        try
        {
            while (seen.Count < expected.Length) seen.Add(await NextAsync());
        }
        catch (OperationCanceledException)
        {
            // The comparison says what is missing.
        }

        seen.ShouldBe(expected);
    }

    /// <summary>Waits for an actor's end.</summary>
    public async Task ExpectTerminatedAsync(IActorRef actor) => (await NextAsync<Terminated>()).ActorRef.ShouldBe(actor);

    /// <summary>Has the probe told when an actor ends.</summary>
    public void Watch(IActorRef actor) => Ref.Tell(new WatchIt(actor));

    private sealed record WatchIt(IActorRef Actor);

    private sealed class Collector : ReceiveActor
    {
        public Collector(ChannelWriter<object> writer)
        {
            Receive<WatchIt>(w => Context.Watch(w.Actor));
            ReceiveAny(m => writer.TryWrite(m));
        }
    }
}
