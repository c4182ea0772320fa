using System.Diagnostics;
using Akka.Actor;
using CSMultiConnector.Benchmarks.Measuring;

namespace CSMultiConnector.Benchmarks.Engine;

/// <summary>How many messages a second the actor engine delivers. Akka.NET's API only: built with <c>-p:AkkaPackages=true</c> it measures that one.</summary>
internal static class Messages
{
    private const int Outstanding = 1_000;

    public static async Task MeasureAsync(Report report, int messages)
    {
        using var system = ActorSystem.Create("messages");
        // The first of each is warm-up.
        for (var round = 0; round < 2; round++)
        {
            var warm = round == 0;
            await Told(system, messages, 1, warm ? null : report);
            await Told(system, messages, 4, warm ? null : report);
            await AskedAsync(system, messages / 20, 1, warm ? null : report);
            await AskedAsync(system, messages / 20, Outstanding, warm ? null : report);
            await PingPongAsync(system, messages / 4, warm ? null : report);
        }

        await system.Terminate();
    }

    private static async Task Told(ActorSystem system, int messages, int senders, Report? report)
    {
        var done = Done();
        var counter = system.ActorOf(Props.Create(() => new Counter(messages / senders * senders, done)));
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, senders).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < messages / senders; i++) counter.Tell(Ball.Instance, ActorRefs.NoSender);
        })).ToList();
        threads.ForEach(t => t.Start());
        await done.Task;
        report?.Add($"tell, {senders} to one", messages / Stopwatch.GetElapsedTime(start).TotalSeconds, "messages/s");
        threads.ForEach(t => t.Join());
        system.Stop(counter);
    }

    private static async Task AskedAsync(ActorSystem system, int questions, int outstanding, Report? report)
    {
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, outstanding).Select(async _ =>
        {
            for (var i = 0; i < questions / outstanding; i++) await echo.Ask<Ball>(Ball.Instance, TimeSpan.FromSeconds(30));
        }));
        report?.Add($"ask, {outstanding} outstanding", questions / Stopwatch.GetElapsedTime(start).TotalSeconds, "answers/s");
        system.Stop(echo);
    }

    private static async Task PingPongAsync(ActorSystem system, int balls, Report? report)
    {
        var done = Done();
        var pong = system.ActorOf(Props.Create(() => new Echo()));
        var ping = system.ActorOf(Props.Create(() => new Player(balls, done)));
        var start = Stopwatch.GetTimestamp();
        ping.Tell(Ball.Instance, pong);
        await done.Task;
        report?.Add("ping-pong, one outstanding", 2 * balls / Stopwatch.GetElapsedTime(start).TotalSeconds, "messages/s");
        system.Stop(ping);
        system.Stop(pong);
    }

    private static TaskCompletionSource Done() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Ball
    {
        public static Ball Instance { get; } = new();
    }

    private sealed class Counter : ReceiveActor
    {
        private int _left;

        public Counter(int messages, TaskCompletionSource done)
        {
            _left = messages;
            Receive<Ball>(_ =>
            {
                if (--_left == 0) done.TrySetResult();
            });
        }
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<Ball>(ball => Sender.Tell(ball, Self));
    }

    private sealed class Player : ReceiveActor
    {
        private int _left;

        public Player(int balls, TaskCompletionSource done)
        {
            _left = balls;
            Receive<Ball>(ball =>
            {
                if (--_left == 0) done.TrySetResult();
                else Sender.Tell(ball, Self);
            });
        }
    }
}
