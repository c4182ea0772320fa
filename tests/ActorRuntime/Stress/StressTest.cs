using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace CSMultiConnector.ActorRuntime.Tests.Stress;

/// <summary>An actor system under load, with every message accounted for: each one is either handled or a dead letter, never both, never neither.</summary>
/// <remarks>One test after another: each uses all processors by itself.</remarks>
[Collection("stress")]
public abstract class StressTest : IAsyncLifetime
{
    /// <summary>Far above what a busy machine needs; a test that is right never waits for it.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly Config Silent = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
        }
        """);

    private int[] _seen = [];
    private int _accounted;
    private int _twice;

    protected ActorSystem Sys { get; } = ActorSystem.Create("stress", Silent);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Sys.Terminate().WaitAsync(Limit);

    /// <summary>Begins to account for messages with the numbers 0 to <paramref name="messages"/> - 1; those that become dead letters are counted by themselves.</summary>
    private protected void Account(int messages)
    {
        _seen = new int[messages];
        var account = this;
        var listener = Sys.ActorOf(Props.Create(() => new DeadLetterCounter(account)));
        Sys.EventStream.Subscribe(listener, typeof(DeadLetter));
    }

    /// <summary>A message was handled. Any thread.</summary>
    internal void Done(int number)
    {
        if (Interlocked.Increment(ref _seen[number]) == 1)
            Interlocked.Increment(ref _accounted);
        else
            Interlocked.Increment(ref _twice);
    }

    /// <summary>Waits until each message was handled or became a dead letter, and ends the system to see that none did twice.</summary>
    private protected async Task EachExactlyOnceAsync()
    {
        await UntilAsync(() => Volatile.Read(ref _accounted) == _seen.Length, () => $"{_seen.Count(s => s == 0)} of {_seen.Length} messages are lost");
        await Sys.Terminate().WaitAsync(Limit);
        _twice.ShouldBe(0);
    }

    /// <summary>Waits for a state.</summary>
    private protected static async Task UntilAsync(Func<bool> reached, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!reached())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail(otherwise());
            await Task.Delay(5);
        }
    }

    /// <summary>Runs work on several threads at once, each with a random source of its own.</summary>
    private protected static Task InParallelAsync(int threads, int seed, Action<int, Random> work) =>
        Task.WhenAll(Enumerable.Range(0, threads).Select(i => Task.Run(() => work(i, new Random(HashCode(seed, i))))));

    private static int HashCode(int seed, int thread) => (seed * 397) ^ thread;

    private sealed class DeadLetterCounter : ReceiveActor
    {
        public DeadLetterCounter(StressTest account) => Receive<DeadLetter>(letter =>
        {
            if (letter.Message is Numbered numbered)
                account.Done(numbered.Number);
        });
    }
}

/// <summary>A message that is accounted for.</summary>
internal record Numbered(int Number);

/// <summary>What went wrong inside actors; empty when all is well.</summary>
internal sealed class Faults
{
    private readonly ConcurrentQueue<string> _faults = new();

    public void Add(string fault) => _faults.Enqueue(fault);

    public void ShouldBeNone() => _faults.ShouldBeEmpty();
}

/// <summary>Tests under load run one after another.</summary>
[CollectionDefinition("stress")]
public sealed class StressGroup;
