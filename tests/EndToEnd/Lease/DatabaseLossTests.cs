using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Lease;

/// <summary>The database goes away under a trading host: nothing is traded without a journal, the host says so, and goes on by itself.</summary>
public sealed class DatabaseLossTests
{
    private const string Password = "hush-hush-4712";

    [PostgresFact]
    public async Task A_database_that_goes_away_and_comes_back_stops_trading_for_that_time_only()
    {
        using var folder = new Folder();
        await using var server = await PostgresServer.StartAsync();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(1001);
        await using var host = await SharedHost.StartAsync(folder, "data", server.ConnectionString(Password), ConnectorSettings.Futures("main", venue.Address));
        await host.TradesAsync();
        var pid = await host.PidAsync();
        trader.Connect(Trader.Options(host.Feed, "ea", await host.AddClientAsync("ea")));
        await trader.LiveAsync();
        await TradeAsync(0.30m);

        // For less than the lease: the same host goes on under the same lease.
        await server.StopAsync();
        trader.Deal(1001, "BTCUSD", 0.10m, 65_000m);
        await server.StartAgainAsync();
        await ConvergedAsync();

        // For longer: the right to trade ends, and is taken anew when the database is back.
        await server.StopAsync();
        trader.Deal(1001, "BTCUSD", -0.25m, 65_000m);
        var standby = await host.StandsByAsync();
        standby.GetProperty("host").GetProperty("lease").GetProperty("text").GetString().ShouldStartWith("127.0.0.1/postgres");
        (await host.ReadyAsync()).ShouldBe((503, "standby"));
        (await venue.OrdersAsync()).Count.ShouldBe(2, "nothing is sent without a journal");
        await server.StartAgainAsync();
        await host.TradesAsync();
        await ConvergedAsync();
        await TradeAsync(0.05m);

        (await host.PidAsync()).ShouldBe(pid, "nobody had to start it again");
        (await venue.OrdersAsync()).Count.ShouldBe(4, "one order a deal");
        (await host.TerminateAsync()).ExitCode.ShouldBe(0);
        (host.Said + host.Logged).ShouldNotContain(Password);

        async Task TradeAsync(decimal lots)
        {
            trader.Deal(1001, "BTCUSD", lots, 65_000m);
            await ConvergedAsync();
        }

        async Task ConvergedAsync()
        {
            try
            {
                await trader.AcknowledgedAsync();
                await host.ConvergedAsync();
                var held = await Eventually.GetAsync(() => venue.HoldingsAsync(), h => h.GetValueOrDefault("BTCUSD") == trader.Net(1001, "BTCUSD"), "the venue holds what the stream holds");
                held.Count.ShouldBe(1);
            }
            catch (Exception e) when (e is OperationCanceledException or TimeoutException)
            {
                throw new InvalidOperationException($"{e.Message}\n{host.Said}", e);
            }
        }
    }
}
