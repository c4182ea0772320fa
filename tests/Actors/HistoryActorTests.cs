using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Storage.History;
using CSMultiConnector.Storage.Sql;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Actors.Tests;

public sealed class HistoryActorTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("csmc-history").FullName;

    [Fact]
    public async Task What_the_store_does_not_take_is_given_up_with_one_warning()
    {
        await using (var history = await StandingAsync())
        {
            Sys.EventStream.Subscribe(TestActor, typeof(Warning));
            var actor = Sys.ActorOf(HistoryActor.Props(history));
            for (var i = 0; i < 100; i++)
                actor.Tell(new ConnectorNoted(Given.Paper, DateTimeOffset.UnixEpoch, ConnectorState.Running, $"note {i}"));

            // The actor ends only after all of them: it did not wait for the store.
            (await actor.GracefulStop(s_patience)).ShouldBeTrue();
            history.Lost.ShouldBe(100);
            ExpectMsg<Warning>(s_patience).Message.ToString().ShouldNotBeNull().ShouldContain("not written fast enough");
            ExpectNoMsg(TimeSpan.Zero);
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A store whose queue is full for good: it waits, by a clock that stands still, to try a refused entry again.</summary>
    private async Task<HistoryStore> StandingAsync()
    {
        var options = new HistoryOptions { QueueLength = 1, BatchSize = 1, MaxTries = 2 };
        var history = (await HistoryStore.OpenAsync(
            SqlDatabase.OpenSqlite(Path.Combine(_folder, "history.db"), SqliteDurability.Normal).Value!,
            options, new StandingClock(), NullLogger<HistoryStore>.Instance, default)).Value!;
        var refused = new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Kind = null!, Text = "the column takes no null" };
        await history.AppendAsync([refused], default);
        await history.AppendAsync([refused], default);
        return history;
    }

    private sealed class StandingClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
