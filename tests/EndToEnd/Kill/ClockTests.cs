using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>The wall clock is set forward and back by hours, as an operator or a time server does, while orders are on their way.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class ClockTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_trading = TimeSpan.FromMilliseconds(700);

    [MachineFact(Needs = Tools.FakeTime)]
    public async Task A_wall_clock_that_jumps_by_hours_stops_nothing_and_doubles_nothing()
    {
        var seed = Chance.Seed();
        output.WriteLine($"seed {seed}; {Chance.SeedVariable} sets another");
        using var folder = new Folder();
        var clock = new FakeClock(folder.Path);
        await using var world = await KillWorld.StartAsync(folder.Path, seed, hostEnvironment: clock.Environment, venueEnvironment: clock.Environment);

        foreach (var hours in new[] { 3, -2, 30, 0 })
        {
            // The jump comes while answers are out.
            await world.Venue.MisbehaveAsync(new { on = "submit", effect = "delayAfter", delay = "00:00:00.200", times = 6 });
            await world.TradeWhileAsync(async () =>
            {
                await Task.Delay(s_trading, TimeProvider.System);
                clock.Set(TimeSpan.FromHours(hours));
                await Task.Delay(s_trading, TimeProvider.System);
            });
            await world.AcknowledgedAsync();

            // A sync reads the account anew: no pause between readings may have become hours.
            await world.Host.JsonAsync("sync", "main");
            await world.Host.ConvergedAsync();
        }

        // And once more over a restart. (Set back over a restart, an order whose answer was lost waits until its validity is over by that clock too.)
        clock.Set(TimeSpan.FromHours(5));
        await world.TradeWhileAsync(async () =>
        {
            await world.Host.KillAsync();
            await world.Host.LaunchAsync();
            await world.UpAsync();
            await world.LiveAsync();
        });
        output.WriteLine($"{await world.EndAsync()}");
    }
}
