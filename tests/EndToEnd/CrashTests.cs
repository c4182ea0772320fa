using CSMultiConnector.Domain.Identity;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>Host and venue killed and misbehaving in the middle of trading: nothing is traded twice, nothing is lost.</summary>
public sealed class CrashTests
{
    private const int Kills = 8;

    private static readonly long[] s_magics = [1001, 1002, 0];

    private readonly Random _random = new(20_240_611);

    [Fact]
    public async Task A_host_killed_again_and_again_trades_every_deal_once()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(s_magics);
        await using var service = await StartAsync(folder, venue);
        // Answers that take their time: most kills hit an order whose fate the host does not know yet.
        await venue.MisbehaveAsync(new { on = "submit", effect = "delayAfter", delay = "00:00:00.080" });
        await service.ConnectAsync(trader);
        Deal(trader);
        await trader.AcknowledgedAsync();
        await service.ConvergedAsync();

        for (var kill = 0; kill < Kills; kill++)
        {
            // Where the kill hits is left to chance on purpose; every place must be right. Deals come before, while it is down, and while it starts.
            await TradeForAsync(trader, TimeSpan.FromMilliseconds(_random.Next(20, 700)));
            await service.KillAsync();
            Deal(trader);
            await service.StartAgainAsync();
            if (kill % 3 == 0) await trader.LiveAsync();
        }

        Deal(trader);
        await EndAsync(folder, venue, trader, service);
        JournalFile.IntentIds(folder["data"]).Select(id => new ClientOrderId(id).ProcessTag).Distinct().Count().ShouldBeGreaterThan(1, "more than one life of the host traded");
    }

    [Fact]
    public async Task A_venue_that_is_killed_comes_back_to_the_right_positions()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync(folder["venue"]);
        await using var trader = new Trader(s_magics);
        await using var service = await StartAsync(folder, venue);
        await service.ConnectAsync(trader);

        for (var kill = 0; kill < 2; kill++)
        {
            await TradeForAsync(trader, TimeSpan.FromMilliseconds(_random.Next(200, 600)));
            await venue.KillAndStartAgainAsync();
            await TradeForAsync(trader, TimeSpan.FromMilliseconds(100));
        }

        await EndAsync(folder, venue, trader, service);
    }

    [Fact]
    public async Task A_venue_that_misbehaves_ends_with_the_right_positions()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(s_magics);
        await using var service = await StartAsync(folder, venue);
        await service.ConnectAsync(trader);
        await TradeForAsync(trader, TimeSpan.FromMilliseconds(200));

        foreach (var rule in new object[]
        {
            new { on = "submit", effect = "loseAnswer", times = 2 },
            new { on = "submit", effect = "loseRequest", times = 1, skip = 1 },
            new { on = "submit", effect = "delayAfter", delay = "00:00:00.400", times = 2, skip = 1 },
            new { on = "lookUp", effect = "fail", times = 2 },
            new { on = "readHoldings", effect = "fail", times = 1, skip = 1 },
            new { on = "submit", effect = "reject", @class = "transient", times = 2, skip = 2 },
            new { on = "submit", effect = "partialThenOpen", times = 2, skip = 2 },
            new { on = "streamEvent", effect = "drop", times = 2 },
            new { on = "streamEvent", effect = "disconnect", times = 1, skip = 4 },
        })
        {
            await venue.MisbehaveAsync(rule);
            await TradeForAsync(trader, TimeSpan.FromMilliseconds(150));
        }

        await TradeForAsync(trader, TimeSpan.FromSeconds(3));
        await venue.BehaveAsync();
        await EndAsync(folder, venue, trader, service);
    }

    // The feed keeps its port over restarts, so that the terminal finds the host again.
    private static Task<Service> StartAsync(Folder folder, PaperVenue venue) => Service.StartAsync(
        folder["data"],
        [ConnectorSettings.Futures("main", venue.Address).With("maxOrderResubmitTries", 100).With("orderTimeout", 1).With("orderValidity", 1)],
        Service.Ports(Service.FreePort()));

    private static async Task EndAsync(Folder folder, PaperVenue venue, Trader trader, Service service)
    {
        var expected = new[] { "BTCUSD", "ETHUSD" }.ToDictionary(symbol => symbol, symbol => s_magics.Sum(m => trader.Net(m, symbol)), StringComparer.Ordinal);
        await trader.AcknowledgedAsync();
        var status = await service.ConvergedAsync();
        (await service.TerminateAsync()).ExitCode.ShouldBe(0);
        try
        {
            await Audit.ShouldHoldAsync(folder["data"], venue, trader, expected);
        }
        catch (ShouldAssertException e)
        {
            throw new InvalidOperationException($"{e.Message}\n{status}\n{service.Said}", e);
        }
    }

    private async Task TradeForAsync(Trader trader, TimeSpan time)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < time)
        {
            Deal(trader);
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(5, 40)), TimeProvider.System);
        }
    }

    private void Deal(Trader trader)
    {
        var (symbol, price) = _random.Next(2) == 0 ? ("BTCUSD", 65_000m) : ("ETHUSD", 3_200m);
        trader.Deal(s_magics[_random.Next(s_magics.Length)], symbol, _random.Next(1, 30) / 100m * (_random.Next(2) == 0 ? 1 : -1), price + _random.Next(-50, 50));
    }
}
