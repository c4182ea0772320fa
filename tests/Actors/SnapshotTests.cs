using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Actors.Tests;

public sealed class SnapshotTests
{
    private const int EventsPerLegSnapshot = 200;
    private const int EventsAnOrder = 3;

    [Fact]
    public async Task A_host_that_starts_often_takes_snapshots_all_the_same_and_keeps_the_newest()
    {
        var connector = Given.Futures() with { GuardRails = new GuardRails { MaxOrdersPerMinute = 6_000 } };
        await using var world = await World.StartAsync(connector);
        var level = 0m;
        long ticket = 0;

        // The first run alone has too few events, with the second it has enough for two.
        const int Orders = (EventsPerLegSnapshot / EventsAnOrder / 2) + 10;
        for (var run = 0; run < 2; run++)
        {
            var orders = run == 0 ? Orders : Orders + (EventsPerLegSnapshot / EventsAnOrder) + 1;
            if (run > 0) await world.StartHostAsync(connector);
            var terminal = await world.HoldingAsync((7, "BTCUSD", level));
            for (var i = 0; i < orders; i++)
            {
                level += 0.1m;
                terminal.Deal(++ticket, 7, "BTCUSD", OrderSide.Buy, 0.1m, level);
                await world.UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ } leg] && leg.Actual.Value == level, $"{level} held");
            }

            await world.StopHostAsync();
            Snapshots(world, PositionActor.IdOf(Given.Paper, new LegId("BTCUSD", PositionSide.Net))).ShouldBe(run, $"after run {run + 1}");
        }
    }

    [Fact]
    public void What_a_terminals_snapshot_costs_an_event_does_not_grow_with_what_it_holds()
    {
        var ledger = new TerminalLedger();
        var (written, sinceSnapshot) = (0L, 0);
        const int Deals = 30_000;
        for (var i = 1; i <= Deals; i++)
        {
            ledger.Apply(new DealRecorded(DateTimeOffset.UnixEpoch, new Magic(7), DealOf(i), Level.Flat, i));
            if (++sinceSnapshot < ledger.EventsPerSnapshot) continue;
            sinceSnapshot = 0;
            written += ledger.ToSnapshot().Streams.Sum(s => s.Tickets.Length);
        }

        written.ShouldBeGreaterThan(0);
        written.ShouldBeLessThanOrEqualTo(2 * Deals);
    }

    private static Deal DealOf(int ticket) => new(
        ticket, 1, 1, new Magic(7), new SymbolName("BTCUSD"), OrderSide.Buy, DealEntry.In, new Lots(0.1m), 100m, ticket, DealReason.Expert, 0m, "");

    private static long Snapshots(World world, string persistenceId)
    {
        using var connection = new SqliteConnection($"Data Source={world.JournalFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM snapshot WHERE persistence_id = $p";
        command.Parameters.AddWithValue("$p", persistenceId);
        return (long)command.ExecuteScalar()!;
    }
}
