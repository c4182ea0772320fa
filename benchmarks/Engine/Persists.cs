using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using Akka.Persistence.Sql.Hosting;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Legs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Benchmarks.Engine;

/// <summary>
/// Persists through the SQLite journal, every commit synced: actors that each wait for their event before they persist the next. What many
/// persist at the same time shares a transaction and its sync.
/// </summary>
internal static class Persists
{
    private static readonly JournaledEvent s_event = new DriftBooked(DateTimeOffset.UnixEpoch, new Contracts(0.25m), new Contracts(1.5m));

    public static async Task MeasureAsync(Report report, int events)
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.Data);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(l => l.ClearProviders());
        builder.Services.AddAkka("persists", akka => akka
            .WithSqlPersistence($"Data Source={Path.Combine(folder.Data, "journal.db")}", "SQLite.MS")
            .WithCustomSerializer("csmc-journal", JournalSerializer.Bindings, system => new JournalSerializer(system)));
        using var host = builder.Build();
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();

        await RunAsync(system, 20, events / 5);
        foreach (var actors in new[] { 1, 20, 100, 500 })
        {
            var (took, latency) = await RunAsync(system, actors, actors == 1 ? events / 10 : events);
            report.Add($"persist, {actors} actors", latency.Count / took.TotalSeconds, "events/s");
            report.Add($"persist, {actors} actors, p50", latency.P50, "ms");
            report.Add($"persist, {actors} actors, p99", latency.P99, "ms");
            report.Add($"persist, {actors} actors, max", latency.Max, "ms");
        }

        foreach (var actors in new[] { 1, 100 })
        {
            await using var counter = SyncCounter.Start();
            if (counter is null)
            {
                report.Note("fsyncs are not counted: strace is missing or may not attach");
                break;
            }

            await RunAsync(system, actors, events / 10);
            report.Add($"persist, {actors} actors, syncs of the disk an event (counted by strace)", await counter.StopAsync() / (double)(events / 10), "");
        }

        await host.StopAsync();
    }

    private static async Task<(TimeSpan Took, Distribution Latency)> RunAsync(ActorSystem system, int actors, int events)
    {
        var times = new ConcurrentBag<List<double>>();
        var done = new CountdownEvent(actors);
        var run = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
        var refs = Enumerable.Range(0, actors).Select(i => system.ActorOf(Props.Create(() => new Writer($"{run}-{i}", events / actors, times, done)))).ToArray();
        await Task.WhenAll(refs.Select(r => r.Ask<string>("ready?", TimeSpan.FromMinutes(1))));
        var start = Stopwatch.GetTimestamp();
        foreach (var actor in refs) actor.Tell("go", ActorRefs.NoSender);
        await Task.Run(done.Wait);
        var took = Stopwatch.GetElapsedTime(start);
        foreach (var actor in refs) system.Stop(actor);
        return (took, Distribution.Of(times.SelectMany(t => t)));
    }

    private sealed class Writer : ReceivePersistentActor
    {
        private readonly List<double> _times = [];
        private int _left;
        private long _began;

        public Writer(string id, int events, ConcurrentBag<List<double>> times, CountdownEvent done)
        {
            PersistenceId = id;
            _left = events;
            Command<string>(text =>
            {
                if (text == "ready?")
                {
                    Sender.Tell("yes", Self);
                    return;
                }

                _began = Stopwatch.GetTimestamp();
                Persist(s_event, _ =>
                {
                    _times.Add(Stopwatch.GetElapsedTime(_began).TotalMilliseconds);
                    if (--_left > 0)
                    {
                        Self.Tell("go", ActorRefs.NoSender);
                        return;
                    }

                    times.Add(_times);
                    done.Signal();
                });
            });
        }

        public override string PersistenceId { get; }
    }
}
