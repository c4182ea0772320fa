using System.Text.Json;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Lease;

/// <summary>Two hosts on copies of the same data know of no common lease. What is left is the process tag in each order's id.</summary>
public sealed class StrangerTests
{
    [Fact]
    public async Task A_host_on_a_copy_of_the_data_pauses_when_it_sees_orders_of_the_other()
    {
        using var folder = new Folder();
        await using var venue = await PaperVenue.StartAsync();
        await using var trader = new Trader(1001);
        object[] connectors = [ConnectorSettings.Futures("main", venue.Address).With("orderTimeout", 600)];
        string secret;
        await using (var original = await Service.StartAsync(folder["one"], connectors))
        {
            await original.RunningAsync("main");
            secret = await original.AddClientAsync("ea");
            (await original.TerminateAsync()).ExitCode.ShouldBe(0);
        }

        Copy(folder["one"], folder["listens"]);
        Copy(folder["one"], folder["late"]);
        await using var one = await Service.StartAsync(folder["one"], connectors);
        await using var listens = await Service.StartAsync(folder["listens"], connectors);
        await one.RunningAsync("main");
        await listens.RunningAsync("main");

        await venue.MisbehaveAsync(new { on = "submit", effect = "partialThenOpen", times = 1 });
        trader.Connect(Trader.Options(one.Feed.Port, "ea", secret));
        await trader.LiveAsync();
        trader.Deal(1001, "BTCUSD", 0.40m, 65_000m);
        await Eventually.GetAsync(() => venue.HoldingsAsync(), h => h.GetValueOrDefault("BTCUSD") == 0.20m, "half of the order filled, the rest is open");

        var order = (await venue.OrdersAsync()).ShouldHaveSingleItem().Id;
        ShouldNameTheOrder(await PausedAsync(listens), order);

        // Started after it, another copy hears no event of the order; it is found among the open ones.
        await using var late = await Service.StartAsync(folder["late"], connectors);
        ShouldNameTheOrder(await PausedAsync(late), order);
        Service.Connector(await one.StatusAsync(), "main").GetProperty("state").GetString().ShouldBe("running", "its own order is no stranger's");
        (await venue.OrdersAsync()).Count.ShouldBe(1);
    }

    private static Task<JsonElement> PausedAsync(Service service) => service.ConnectorAsync("main", c => c.GetProperty("state").GetString() == "paused", "is paused");

    private static void ShouldNameTheOrder(JsonElement connector, string order)
    {
        var text = connector.GetProperty("text").GetString()!;
        text.ShouldContain(order);
        text.ShouldContain("another host trades this account");
    }

    // With its modes: a folder that others may read is refused.
    private static void Copy(string from, string to)
    {
        Storage.Folder.PrivateFile.EnsureFolder(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
