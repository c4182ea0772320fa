using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>Without room for the journal nothing is traded and nothing is acknowledged; with room again it goes on, and nothing was done twice.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class DiskFullTests(ITestOutputHelper output)
{
    private const int Rounds = 2;

    [MachineFact(Needs = Tools.Root)]
    public async Task A_full_disk_stops_trading_until_there_is_room_and_nothing_is_traded_twice()
    {
        var seed = Chance.Seed();
        output.WriteLine($"seed {seed}; {Chance.SeedVariable} sets another");
        var random = new Random(seed);
        using var folder = new Folder();
        using var disk = new SmallDisk(folder["disk"]);
        await using var world = await KillWorld.StartAsync(folder.Path, seed, disk["data"]);

        await world.TradeWhileAsync(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                await PauseAsync(100, 500);
                disk.Fill();
                await PauseAsync(300, 1_000);
                if (round % 2 == 1) await RestartOnAFullDiskAsync(world);
                disk.Free();
                if (!world.Host.IsRunning) await world.Host.LaunchAsync();
                if (round % 2 == 1) await world.UpAsync();
                await world.AcknowledgedAsync();
            }
        });

        var figures = await world.EndAsync();
        output.WriteLine($"{figures}");
        world.Host.Said.ShouldContain("disk", Case.Insensitive, "it says what is wrong");

        Task PauseAsync(int least, int most) => Task.Delay(TimeSpan.FromMilliseconds(random.Next(least, most)), TimeProvider.System);
    }

    [MachineFact(Needs = Tools.Root)]
    public async Task A_host_that_finds_no_room_at_its_first_start_says_so_and_starts_when_there_is_some()
    {
        using var folder = new Folder();
        using var disk = new SmallDisk(folder["disk"]);
        disk.Fill();

        var ended = await Program.RunAsync(World.Service.Ports(0), "run", "--data", disk["data"]);

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Errors.ShouldContain("space", Case.Insensitive);
        ended.Errors.ShouldNotContain("   at ", Case.Sensitive, "a reason, not a stack");
        disk.Free();
        await using var host = await World.Service.StartAsync(disk["data"]);
        (await host.TerminateAsync()).ExitCode.ShouldBe(0);
    }

    [MachineFact(Needs = Tools.Root)]
    public async Task A_disk_that_is_full_in_the_middle_of_the_first_start_is_the_reason_that_is_told()
    {
        using var folder = new Folder();

        // Room for some of the databases: one of them fails in its first transaction, which SQLite then ends by itself.
        using var disk = new SmallDisk(folder["disk"], "160k");
        var ended = await Program.RunAsync(World.Service.Ports(0), "run", "--data", disk["data"]);

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Errors.ShouldContain("disk is full", Case.Insensitive);
        ended.Errors.ShouldNotContain("rollback");
    }

    // Killed while nothing could be written, and started again before there is room: it must not trade, whether it comes up or not.
    private static async Task RestartOnAFullDiskAsync(KillWorld world)
    {
        await world.Host.KillAsync();
        var before = await world.Venue.LastOrderAsync(0);
        await world.Host.LaunchAsync();
        await world.Host.Running.SaysOrEndsAsync("Terminals connect to");
        (await world.Venue.LastOrderAsync(0)).ShouldBe(before, "no order without a journal");
    }
}
