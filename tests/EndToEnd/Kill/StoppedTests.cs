using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>SIGSTOP and SIGCONT: a process that was away longer than every timeout and does not know it, as on a machine that was suspended or swapped out.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class StoppedTests(ITestOutputHelper output)
{
    // Longer than an order is valid; than the feed's three silent heartbeats, by far: each side looks at its clock once a second; than the time for an answer of the venue.
    private static readonly TimeSpan s_longerThanAnOrder = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan s_longerThanASession = TimeSpan.FromSeconds(21);
    private static readonly TimeSpan s_longerThanAnAnswer = TimeSpan.FromSeconds(11);

    // Longer than a busy machine takes to send an order: only the stops make one late.
    private const int Validity = 3;

    private const int Stops = 3;

    [Fact]
    public async Task A_host_that_was_stopped_sends_nothing_late_and_goes_on()
    {
        var (seed, random) = Draw();
        using var folder = new Folder();
        await using var world = await KillWorld.StartAsync(folder.Path, seed, validity: Validity);
        var logins = world.Logins;

        await world.TradeWhileAsync(async () =>
        {
            for (var stop = 1; stop <= Stops; stop++)
            {
                await PauseAsync(random);
                await StopAsync(world.Host.Running, stop < Stops ? s_longerThanAnOrder : s_longerThanASession);
            }

            await world.LiveAsync();
            world.Logins.ShouldBeGreaterThan(logins, "sessions that were silent too long were begun anew");
            await PauseAsync(random);
        });

        var figures = await world.EndAsync();
        output.WriteLine($"{figures}");
        figures.Late.ShouldBeLessThanOrEqualTo(Stops, "only what was stopped between the last look at the clock and the first byte");
    }

    [Fact]
    public async Task A_venue_that_was_stopped_is_waited_for_and_nothing_is_sent_twice()
    {
        var (seed, random) = Draw();
        using var folder = new Folder();
        await using var world = await KillWorld.StartAsync(folder.Path, seed);

        await world.TradeWhileAsync(async () =>
        {
            await PauseAsync(random);
            await StopAsync(world.Venue.Running, s_longerThanAnAnswer);
            await PauseAsync(random);
        });

        output.WriteLine($"{await world.EndAsync()}");
    }

    private (int Seed, Random Random) Draw()
    {
        var seed = Chance.Seed();
        output.WriteLine($"seed {seed}; {Chance.SeedVariable} sets another");
        return (seed, new Random(seed));
    }

    private static async Task StopAsync(Program process, TimeSpan time)
    {
        await process.SignalAsync("STOP");
        await Task.Delay(time, TimeProvider.System);
        await process.SignalAsync("CONT");
    }

    private static Task PauseAsync(Random random) => Task.Delay(TimeSpan.FromMilliseconds(random.Next(300)), TimeProvider.System);
}
