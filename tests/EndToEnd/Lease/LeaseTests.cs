using CSMultiConnector.Domain.Identity;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Lease;

/// <summary>Hosts that share a database: one trades, the other waits, and no order is doubled whatever becomes of the first.</summary>
public sealed class LeaseTests
{
    private const string Password = "hush-hush-4711";
    private static readonly long[] s_magics = [1001, 0];

    [PostgresFact]
    public async Task On_PostgreSQL_a_killed_host_goes_on_where_it_was()
    {
        using var folder = new Folder();
        await using var database = await PostgresDatabase.CreateAsync();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(s_magics);
        await using var host = await StartAsync(folder, "one", database, venue);
        await host.TradesAsync();
        trader.Connect(Trader.Options(host.Feed, "ea", await host.AddClientAsync("ea")));
        await trader.LiveAsync();
        trader.Deal(1001, "BTCUSD", 0.30m, 65_000m);
        trader.Deal(0, "ETHUSD", -1.20m, 3_200m);
        await trader.AcknowledgedAsync();
        await host.ConvergedAsync();

        // Its answer comes late: the kill hits an order whose fate the host does not know.
        await venue.MisbehaveAsync(new { on = "submit", effect = "delayAfter", delay = "00:00:30" });
        trader.Deal(1001, "BTCUSD", 0.20m, 65_010m);
        await Eventually.GetAsync(() => venue.HoldingsAsync(), h => h.GetValueOrDefault("BTCUSD") == 0.50m, "the third order is at the venue");
        await host.KillAsync();
        await venue.BehaveAsync();
        trader.Deal(0, "BTCUSD", -0.10m, 65_020m);
        host.StartAgain();

        await host.TradesAsync();
        await trader.AcknowledgedAsync();
        await host.ConvergedAsync();
        await ShouldHoldAsync(database, venue, trader, host);
        (await venue.OrdersAsync()).Count.ShouldBe(4, "one order a deal");
    }

    [PostgresFact]
    public async Task The_host_that_stands_by_takes_over_when_the_first_is_killed()
    {
        using var folder = new Folder();
        await using var database = await PostgresDatabase.CreateAsync();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(s_magics);
        await using var first = await StartAsync(folder, "first", database, venue);
        await first.TradesAsync();
        var secret = await first.AddClientAsync("ea");
        SharedHost.ShareKeys(folder, "first", "second");
        await using var second = await StartAsync(folder, "second", database, venue);
        var waiting = await second.StandsByAsync();

        waiting.GetProperty("host").GetProperty("lease").GetProperty("owner").GetString()!.ShouldEndWith($"process {await first.PidAsync()}");
        waiting.GetProperty("host").GetProperty("feed").GetString().ShouldBeEmpty("no terminal is taken in");
        (await second.ReadyAsync()).ShouldBe((503, "standby"));
        (await first.ReadyAsync()).ShouldBe((200, "ok"));
        var refused = await second.CommandAsync("pause", "main", "--json");
        refused.ExitCode.ShouldBe(1, refused.ToString());
        refused.ToString().ShouldContain("stands by");
        (await second.CommandAsync("status")).Output.ShouldContain($"Standing by: {waiting.GetProperty("host").GetProperty("lease").GetProperty("owner").GetString()}");
        (await first.CommandAsync("status")).Output.ShouldContain("Right to trade: held by");
        (await second.CommandAsync("doctor")).Output.ShouldContain("Standing by");

        await using (var before = new Trader(s_magics))
        {
            before.Connect(Trader.Options(first.Feed, "ea", secret));
            await before.LiveAsync();
            before.Deal(1001, "BTCUSD", 0.30m, 65_000m);
            trader.Deal(1001, "BTCUSD", 0.30m, 65_000m);
            await before.AcknowledgedAsync();
            await first.ConvergedAsync();
            await first.KillAsync();
        }

        trader.Deal(0, "ETHUSD", -1.20m, 3_200m);
        trader.Connect(Trader.Options(second.Feed, "ea", secret));
        await second.TradesAsync();
        await trader.AcknowledgedAsync();
        await second.ConvergedAsync();
        (await second.ReadyAsync()).ShouldBe((200, "ok"));
        second.Logged.ShouldContain("Taking over");
        await ShouldHoldAsync(database, venue, trader, second);
        (await venue.OrdersAsync()).Select(o => new ClientOrderId(o.Id).ProcessTag).Distinct().Count().ShouldBe(2, "each process makes ids of its own");

        // Given back at the end, nobody has to wait for it.
        (await second.TerminateAsync()).ExitCode.ShouldBe(0);
        first.StartAgain();
        (await first.TradesAsync()).GetProperty("host").GetProperty("lease").GetProperty("epoch").GetInt64().ShouldBe(3);
    }

    [PostgresFact]
    public async Task A_host_that_was_stopped_beyond_its_lease_sends_nothing_when_it_wakes_up()
    {
        using var folder = new Folder();
        await using var database = await PostgresDatabase.CreateAsync();
        await using var venue = await PaperVenue.StartAsync();
        await using var before = new Trader(s_magics);
        await using var after = new Trader(s_magics);
        await using var first = await StartAsync(folder, "first", database, venue);
        await first.TradesAsync();
        var secret = await first.AddClientAsync("ea");
        SharedHost.ShareKeys(folder, "first", "second");
        await using var second = await StartAsync(folder, "second", database, venue);
        await second.StandsByAsync();
        before.Connect(Trader.Options(first.Feed, "ea", secret));
        await before.LiveAsync();
        foreach (var trader in (Trader[])[before, after]) trader.Deal(1001, "BTCUSD", 0.30m, 65_000m);
        await before.AcknowledgedAsync();
        await first.ConvergedAsync();

        // Stopped with a deal in its ears; the other host hears of the same deal and trades it.
        var pid = await first.PidAsync();
        await first.StopAsync(pid);
        try
        {
            foreach (var trader in (Trader[])[before, after])
            {
                trader.Deal(1001, "BTCUSD", 0.20m, 65_010m);
                trader.Deal(0, "ETHUSD", -1.20m, 3_200m);
            }

            await second.TradesAsync();
            after.Connect(Trader.Options(second.Feed, "ea", secret));
            await after.AcknowledgedAsync();
            await second.ConvergedAsync();
            await ShouldHoldAsync(database, venue, after, second);
        }
        finally
        {
            await first.ContinueAsync(pid);
        }

        var traded = (await venue.OrdersAsync()).Count;
        var journaled = (await database.IntentIdsAsync()).Count;
        (await first.StandsByAsync()).GetProperty("host").GetProperty("pid").GetInt32().ShouldBe(pid, "the same process");
        first.Logged.ShouldContain("Standing by");

        // And nothing comes of it later, while the other goes on.
        after.Deal(1001, "BTCUSD", -0.40m, 65_020m);
        await after.AcknowledgedAsync();
        await second.ConvergedAsync();
        await ShouldHoldAsync(database, venue, after, second);
        (await venue.OrdersAsync()).Count.ShouldBe(traded + 1);
        (await database.IntentIdsAsync()).Count.ShouldBe(journaled + 1);
    }

    private static Task<SharedHost> StartAsync(Folder folder, string name, PostgresDatabase database, PaperVenue venue) =>
        SharedHost.StartAsync(folder, name, database.ConnectionString(Password), ConnectorSettings.Futures("main", venue.Address));

    private static async Task ShouldHoldAsync(PostgresDatabase database, PaperVenue venue, Trader trader, SharedHost host)
    {
        try
        {
            var expected = new[] { "BTCUSD", "ETHUSD" }
                .Select(symbol => (symbol, Held: s_magics.Sum(m => trader.Net(m, symbol)))).Where(e => e.Held != 0m).ToDictionary(e => e.symbol, e => e.Held, StringComparer.Ordinal);
            (await venue.HoldingsAsync()).ShouldBe(expected, ignoreOrder: true);
            var orders = (await venue.OrdersAsync()).Select(o => o.Id).ToList();
            var intents = await database.IntentIdsAsync();
            orders.ShouldBeUnique();
            intents.ShouldBeUnique();
            orders.Except(intents, StringComparer.Ordinal).ShouldBeEmpty("every order at the venue was journaled before it went");
            (await database.DealTicketsAsync()).ShouldBe(trader.Tickets, ignoreOrder: true, "each deal is recorded once");
            (host.Said + host.Logged).ShouldNotContain(Password);
        }
        catch (ShouldAssertException e)
        {
            throw new InvalidOperationException($"{e.Message}\n{host.Said}", e);
        }
    }
}
