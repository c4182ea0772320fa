using System.Globalization;
using System.Text.RegularExpressions;
using CSMultiConnector.EndToEnd.Tests.World;
using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>
/// SIGKILL loses no write that was not synced, a power cut does: so the kernel is asked in which order things were done. Journal first, sync, then the
/// first byte to the venue; journal first, sync, then the acknowledgement to the terminal.
/// </summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class SyncedFirstTests(ITestOutputHelper output)
{
    private const string Journal = "/journal.db-wal";

    // A text that lies across two pages of the database is not seen as a whole; it is rare.
    private const int AcrossPages = 2;

    private const int Enough = 20;

    [MachineFact(Needs = Tools.Strace)]
    public async Task Every_order_and_every_acknowledgement_leaves_after_the_journal_was_synced()
    {
        var seed = Chance.Seed();
        output.WriteLine($"seed {seed}; {Chance.SeedVariable} sets another");
        using var folder = new Folder();
        var file = folder["calls"];
        await using var world = await KillWorld.StartAsync(folder.Path, seed, under: SystemCalls.Strace(file));
        await world.TradeWhileAsync(() => Eventually.GetAsync(async () => (await world.Venue.OrdersAsync()).Count, orders => orders >= Enough, "enough orders"));
        var (feed, venue) = (world.Host.Feed.Port, world.Venue.Address.Port);
        var figures = await world.EndAsync();

        var calls = SystemCalls.Read(file);
        var syncs = calls.SyncsOf(Journal);
        var orders = Orders(calls, syncs, venue);
        var deals = Deals(calls, syncs, feed, world.FeedLines);
        output.WriteLine($"{figures}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{syncs.Count} syncs of the journal for {orders} orders and {deals} acknowledged deals"));
    }

    private static int Orders(SystemCalls calls, IReadOnlyList<SystemCalls.Call> syncs, int venue)
    {
        var written = calls.WritesTo(Journal).ToArray();
        var (seen, unseen) = (0, 0);
        foreach (var sent in calls.WritesTo($":{venue}]").Where(s => s.Has("clientOrderId")))
        {
            var id = Regex.Match(sent.Text, @"clientOrderId\W+(?<id>[a-z0-9]{18})", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)).Groups["id"].Value;
            id.ShouldNotBeEmpty(sent.Text);
            if (Array.Find(written, w => w.Has(id)) is not { } intent)
            {
                unseen++;
                continue;
            }

            SyncedBetween(intent, sent, syncs).ShouldBeTrue($"the intent of {id} was written (line {intent.Began}) and synced before its first byte left (line {sent.Began})");
            seen++;
        }

        seen.ShouldBeGreaterThan(10);
        unseen.ShouldBeLessThanOrEqualTo(AcrossPages);
        return seen;
    }

    private static int Deals(SystemCalls calls, IReadOnlyList<SystemCalls.Call> syncs, int feed, IReadOnlyDictionary<int, string> lines)
    {
        var written = calls.WritesTo(Journal).ToArray();
        var (seen, unseen) = (0, 0);
        foreach (var (port, said) in lines)
        {
            // Each deal is judged by the first acknowledgement that covers its line.
            var deals = Regex.Matches(said, @"^\{""t"":""deal"",""seq"":(?<seq>\d+),.*?""ticket"":(?<ticket>\d+),", RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2))
                .Select(m => (Seq: long.Parse(m.Groups["seq"].Value, CultureInfo.InvariantCulture), Ticket: m.Groups["ticket"].Value));
            var acks = calls.WritesTo($":{port}]").Where(w => w.Target.Contains($":{feed}->", StringComparison.Ordinal)).Select(a => (Call: a, Seq: a.Numbers("\\\"ack\\\",\\\"seq\\\":").DefaultIfEmpty().Max())).Where(a => a.Seq > 0).ToArray();
            foreach (var (seq, ticket) in deals)
            {
                var ack = Array.Find(acks, a => a.Seq >= seq).Call.ShouldNotBeNull($"deal {ticket} was acknowledged");
                if (Array.Find(written, w => w.Has($"\\\"ticket\\\":{ticket},")) is not { } record)
                {
                    unseen++;
                    continue;
                }

                SyncedBetween(record, ack, syncs).ShouldBeTrue($"deal {ticket} was written (line {record.Began}) and synced before it was acknowledged (line {ack.Began})");
                seen++;
            }
        }

        seen.ShouldBeGreaterThan(10);
        unseen.ShouldBeLessThanOrEqualTo(AcrossPages);
        return seen;
    }

    private static bool SyncedBetween(SystemCalls.Call write, SystemCalls.Call send, IReadOnlyList<SystemCalls.Call> syncs) =>
        syncs.Any(s => s.Began > write.Began && s.Done < send.Began);
}
